"""Runs that a person starts: the button of an instant flow, with its inputs. Source: cloud-flows 2.2."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.called import Called
from deskhand.cloudflows.declare import Firing, kind_of
from deskhand.cloudflows.errors import CloudFlowError
from deskhand.cloudflows.firing import Starter, insert_runs, runs_of, write_histories
from deskhand.cloudflows.journal import Seals
from deskhand.cloudflows.runstate import RunState
from deskhand.core.clock import to_wire
from deskhand.core.errors import did_you_mean
from deskhand.entities.security import SystemUser
from deskhand.store.database import Transaction
from deskhand.wdl.definition import Trigger, member
from deskhand.wdl.values import Value

_U = SystemUser.c


class TriggerInputRefused(CloudFlowError):
    """An input of an instant flow is missing, unknown, or not of its type.

    Inputs go by their labels or their keys; ``deskhand cloudflow show`` lists both.
    """

    code = "DH6510"
    exit_code = 2
    service_code = "TriggerInputSchemaMismatch"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"The input '{name}' {problem}{'' if problem.endswith('?') else '.'}")


def button_body(trigger: Trigger | None, given: Mapping[str, str]) -> dict[str, Value]:
    """Return the body of a Button trigger from texts that a person wrote.

    Args:
        trigger: The trigger.
        given: Texts by the inputs' labels or keys, in any case.

    Raises:
        TriggerInputRefused: One is missing, unknown, or cannot be read as its type.
    """
    properties, required = _schema(trigger)
    labels = [str(member(declared, "title") or key) for key, declared in properties.items()]
    names = {label.casefold(): key for label, key in reversed([*zip(labels, properties, strict=True)])}
    names |= {key.casefold(): key for key in properties}
    body: dict[str, Value] = {}
    for name, text in given.items():
        known = names.get(name.casefold())
        if known is None:
            raise TriggerInputRefused(name, f"is not one of the flow's{did_you_mean(name, labels)}")
        body[known] = _read(name, str(member(properties[known], "type") or "string"), text)
    for key in required:
        if key not in body and key in properties:
            raise TriggerInputRefused(str(member(properties[key], "title") or key), "is required")
    return body


def _schema(trigger: Trigger | None) -> tuple[Mapping[str, Mapping[str, Value]], list[str]]:
    inputs = trigger.inputs if trigger is not None and isinstance(trigger.inputs, Mapping) else {}
    schema = member(inputs, "schema")
    members = schema if isinstance(schema, Mapping) else {}
    properties, required = member(members, "properties"), member(members, "required")
    known = properties if isinstance(properties, Mapping) else {}
    return (
        {str(key): one if isinstance(one, Mapping) else {} for key, one in known.items()},
        [str(one) for one in required] if isinstance(required, list) else [],
    )


def _read(name: str, kind: str, text: str) -> Value:
    folded = text.strip().casefold()
    if kind == "boolean":
        if folded not in ("true", "false"):
            raise TriggerInputRefused(name, "must be true or false")
        return folded == "true"
    if kind in ("number", "integer"):
        try:
            return int(folded) if "." not in folded and "e" not in folded else float(folded)
        except ValueError:
            raise TriggerInputRefused(name, "must be a number") from None
    return text


def button_outputs(tx: Transaction, user_id: UUID, body: Value, now: datetime) -> dict[str, Value]:
    """Return what a Button trigger gives: the inputs, and who pressed it. Source: cloud-flows 2.2."""
    row = tx.execute(sa.select(_U.fullname, _U.domainname).where(_U.systemuserid == user_id)).one_or_none()
    name, email = (row.fullname or "", row.domainname or "") if row else ("", "")
    told = {"x-ms-user-name": name, "x-ms-user-id": str(user_id), "x-ms-user-email": email}
    encoded = {
        f"{key}-encoded": base64.b64encode(value.encode()).decode("ascii")
        for key, value in told.items()
        if key != "x-ms-user-id"
    }
    return {"headers": {**told, **encoded, "x-ms-user-timestamp": to_wire(now)}, "body": body}


def start_by_hand(
    tx: Transaction,
    called: Called,
    user_id: UUID,
    outputs: Value,
    seals: Seals,
    *,
    is_test: bool = False,
) -> list[RunState]:
    """Start a run in an open transaction; the driver begins it.

    Args:
        tx: The open transaction.
        called: The flow.
        user_id: Who starts it.
        outputs: What its trigger gives.
        seals: Seals what nobody may see.
        is_test: Whether it tries the flow out.

    Raises:
        TriggerConditionFailed: An expression of the trigger cannot be evaluated.
        TooManyWaitingRuns: No more runs of the flow may wait.
    """
    starter = Starter(user_id, is_test=is_test)
    runs, skipped = runs_of(
        called.program, called.trigger, called.flow, Firing(outputs), starter, called.parameters, tx.now
    )
    insert_runs(tx, called.flow, runs, kind_of(called.trigger), seals, bounded=True)
    write_histories(tx, skipped)
    return runs
