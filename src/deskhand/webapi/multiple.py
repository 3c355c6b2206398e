"""Writing many rows with one request: CreateMultiple, UpdateMultiple, UpsertMultiple.

Source: dataverse-api 4.10. All rows are written, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from deskhand.core.errors import DeskhandError
from deskhand.entities.declare import AccessRight, Entity
from deskhand.records import writing
from deskhand.records.drafts import has_drafts
from deskhand.records.errors import ColumnRequired
from deskhand.records.references import RowReference
from deskhand.store.database import Transaction
from deskhand.webapi.calls import Act, Call
from deskhand.webapi.payloads import body_object, read_row
from deskhand.webapi.refusals import MalformedBody, TooManyTargets
from deskhand.webapi.replies import Reply, json_reply
from deskhand.webapi.row_keys import bound_row

MOST_TARGETS = 1_000
"""Rows in one request."""

CREATE_MULTIPLE_RESPONSE = "CreateMultipleResponse"
_ID = "@odata.id"


@dataclass(frozen=True, slots=True)
class _Target:
    """One row of a request.

    Attributes:
        row: Which row is meant; None for one that has no id yet.
        values: Its values.
    """

    row: RowReference | None
    values: Mapping[str, Any]


_Targets: TypeAlias = Callable[[], Sequence[_Target]]
"""Gives the rows; what is wrong with the body shows only when it is called, after the rights."""

_Write: TypeAlias = Callable[[Call, type[Entity], _Targets, Transaction], Reply]


def has_multiple(entity: type[Entity]) -> bool:
    """Return whether a table takes these messages; workflow does not in the original."""
    return {AccessRight.CREATE, AccessRight.WRITE} <= {*entity.client_writes} and not has_drafts(entity)


def multiple_writer(call: Call, entity: type[Entity], name: str) -> Act:
    """Return what answers one of :data:`MULTIPLE`."""
    try:
        targets = tuple(_targets(body_object(call, entity), entity, name))
    except DeskhandError as error:
        return partial(MULTIPLE[name], call, entity, partial(_refuse, error))
    return partial(MULTIPLE[name], call, entity, lambda: targets)


def _refuse(error: DeskhandError) -> Sequence[_Target]:
    raise error


def _targets(content: Mapping[str, Any], entity: type[Entity], name: str) -> Iterator[_Target]:
    targets = content.get("Targets")
    if not isinstance(targets, list):
        raise MalformedBody(entity.set_name or "", f'{name} takes {{"Targets": [{{…}}, …]}}.')
    if len(targets) > MOST_TARGETS:
        raise TooManyTargets(name, MOST_TARGETS)
    for target in targets:
        if not isinstance(target, dict):
            raise MalformedBody(entity.set_name or "", f"Every one of the Targets of {name} is an object.")
        values = read_row(target, entity)
        named = bound_row(target.get(_ID), _ID, entity, entity)
        yield _Target(named or values.get(entity.primary_key), values)


def _create_multiple(call: Call, entity: type[Entity], targets: _Targets, tx: Transaction) -> Reply:
    writing.require_operation(call.principal, entity, AccessRight.CREATE)
    ids = [writing.create(tx, call.principal, entity, target.values) for target in targets()]
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.{CREATE_MULTIPLE_RESPONSE}"
    return json_reply({"@odata.context": context, "Ids": [str(row_id) for row_id in ids]})


def _update_multiple(call: Call, entity: type[Entity], targets: _Targets, tx: Transaction) -> Reply:
    writing.require_operation(call.principal, entity, AccessRight.WRITE)
    must_exist = writing.Condition(must_exist=True)
    for row, values in _named(entity, targets()):
        writing.upsert(tx, call.principal, entity, row, values, must_exist)
    return Reply(204)


def _upsert_multiple(call: Call, entity: type[Entity], targets: _Targets, tx: Transaction) -> Reply:
    writing.require_operation(call.principal, entity, AccessRight.WRITE)
    for row, values in _named(entity, targets()):
        writing.upsert(tx, call.principal, entity, row, values)
    return Reply(204)


def _named(
    entity: type[Entity], targets: Iterable[_Target]
) -> Iterator[tuple[RowReference, Mapping[str, Any]]]:
    for target in targets:
        if target.row is None:
            raise ColumnRequired(entity, entity.primary_key)
        yield target.row, target.values


MULTIPLE: Mapping[str, _Write] = {
    "CreateMultiple": _create_multiple,
    "UpdateMultiple": _update_multiple,
    "UpsertMultiple": _upsert_multiple,
}
"""The messages, by name."""
