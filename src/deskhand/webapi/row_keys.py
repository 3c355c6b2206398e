"""Which row an address means: ``workflows(<guid>)``, ``workqueues(workqueuekey='x')``.

Source: dataverse-api 3.1, 4.1 and 4.9.
"""

from __future__ import annotations

import re
from typing import Any

from deskhand.entities.declare import Column, Entity
from deskhand.odata import nodes
from deskhand.odata.edm import to_scalar
from deskhand.odata.errors import QueryMalformed, QueryTooLarge
from deskhand.odata.parser import parse_path
from deskhand.records.query import columns_by_name
from deskhand.records.references import AlternateKey, RowReference
from deskhand.webapi.refusals import BindingUnreadable, MalformedPath, NoSuchKey

_SERVICE_ROOT = re.compile(r"(?:https?://[^/]+)?/api/data/v\d+(?:\.\d+)?/")


def row_reference(segment: nodes.Segment, entity: type[Entity]) -> RowReference:
    """Return the row that a segment of an address means.

    Raises:
        MalformedPath: It is addressed by something that is no id.
        NoSuchKey: It is addressed by columns that are no key.
    """
    arguments = segment.arguments or ()
    value = arguments[0].value if len(arguments) == 1 else None
    if isinstance(value, nodes.Guid) and arguments[0].name in ("", entity.primary_key):
        return value.value
    columns = columns_by_name(entity)
    named = {argument.name: columns.get(argument.name) for argument in arguments}
    if not arguments or None in named.values():
        raise MalformedPath(segment.name)
    found = tuple(sorted(column.name for column in named.values() if column is not None))
    if found not in [tuple(sorted(key)) for key in entity.alternate_keys]:
        raise NoSuchKey(segment.name, named, entity.alternate_keys)
    return AlternateKey(entity, tuple(_key_value(segment, one, columns[one.name]) for one in arguments))


def _key_value(segment: nodes.Segment, argument: nodes.Argument, column: Column) -> tuple[str, Any]:
    value = argument.value
    if isinstance(value, nodes.Collection | nodes.Alias | nodes.Null):
        raise MalformedPath(segment.name)
    try:
        return column.name, to_scalar(value, column.edm_type)
    except ValueError as error:
        raise MalformedPath(segment.name) from error


def bound_row(value: Any, name: str, entity: type[Entity], target: type[Entity]) -> RowReference | None:
    """Return the row that a body names by its address; None for ``null``.

    Args:
        value: The address: absolute, or below the service root, with or without a slash before it.
        name: The member of the body, for messages.
        entity: The table of the row that is written, for messages.
        target: The table that the row has to be of.

    Raises:
        BindingUnreadable: It is no address of a row of that table.
    """
    if value is None:
        return None
    refusal = BindingUnreadable(entity.set_name or "", name, target.set_name or "")
    if not isinstance(value, str):
        raise refusal
    try:
        segments = parse_path(_SERVICE_ROOT.sub("", value, count=1)).segments
        if len(segments) == 1 and segments[0].name == target.set_name and not segments[0].namespace:
            return row_reference(segments[0], target)
    except (QueryMalformed, QueryTooLarge, MalformedPath, NoSuchKey) as error:
        raise refusal from error
    raise refusal
