"""What the command line lists and shows of cloud flow runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows import history
from deskhand.cloudflows.contents import Part, read_trigger, visible_value
from deskhand.cloudflows.declare import NOTHING, Sealing, Status
from deskhand.cloudflows.firing import run_name_stem
from deskhand.cloudflows.journal import read_value
from deskhand.cloudflows.programs import Programs
from deskhand.cloudflows.waiting import Waiting, what_a_run_waits_for
from deskhand.core.log import MASK
from deskhand.entities.flowrun import FlowRun, FlowRunAction, FlowRunProperty
from deskhand.entities.workflow import ComponentState, Workflow
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

Row = Mapping[Any, Any]

_R, _A, _P = FlowRun.c, FlowRunAction.c, FlowRunProperty.c
_FLOW_NAME = (
    sa.select(Workflow.c.name)
    .where(
        Workflow.c.workflowid == _R.workflow,
        Workflow.c.componentstate == int(ComponentState.PUBLISHED),
    )
    .scalar_subquery()
    .label("flow")
)
_LONGEST_VALUE = 1_000_000
"""Letters of a value that are shown; longer ones have their length in its place."""


def _short_enough(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.case((sa.func.length(value) <= _LONGEST_VALUE, value), else_=None)


_ACTIONS = sa.select(
    *history.ACTION_COLUMNS,
    _short_enough(_A.inputs).label("inputs"),
    _short_enough(history.OUTPUTS).label("outputs"),
)

SHOWN_STATUS = {"Cancelled": "Canceled", "TimedOut": "Timed out"}
"""Status words for people that are not the status itself."""


def list_cloud_runs(
    tx: Transaction,
    workflow_id: UUID | None,
    *,
    statuses: Sequence[str] = (),
    since: datetime | None = None,
    tracked: Mapping[str, str] | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return runs, the newest first.

    Args:
        tx: The open transaction.
        workflow_id: The flow; None for all flows.
        statuses: Only runs that stand so, if any is named.
        since: Only runs that began since then.
        tracked: Only runs with these tracked properties.
        limit: How many at most.
    """
    query = sa.select(*history.RUN_COLUMNS, _FLOW_NAME)
    if workflow_id is not None:
        query = query.where(_R.workflow == workflow_id)
    if statuses:
        query = query.where(_R.status.in_(statuses))
    if since is not None:
        query = query.where(_R.name < run_name_stem(since))
    for name, value in (tracked or {}).items():
        found = sa.select(_P.flowrunid).where(_P.name == name, _P.value == value)
        query = query.where(_R.flowrunid.in_(found))
    rows = tx.execute(query.order_by(_R.name).limit(limit)).mappings()
    return [_run(row) for row in rows]


def find_cloud_runs(tx: Transaction, text: str) -> list[Row]:
    """Return the runs whose name begins or ends with a text, ten at most; the newest first."""
    columns = (_R.flowrunid, _R.name, _FLOW_NAME)
    fits = sa.or_(_R.name.startswith(text, autoescape=True), _R.name.endswith(text, autoescape=True))
    whole = tx.execute(sa.select(*columns).where(_R.name == text)).mappings().all()
    found = whole or tx.execute(sa.select(*columns).where(fits).order_by(_R.name).limit(10)).mappings()
    return [dict(row) for row in found]


def cloud_run_row(tx: Transaction, run_id: UUID) -> Row | None:
    """Return one run as a list shows it; None if there is none of that id."""
    query = sa.select(*history.RUN_COLUMNS, _FLOW_NAME).where(_R.flowrunid == run_id)
    row = tx.execute(query).mappings().one_or_none()
    return None if row is None else _run(row)


def show_cloud_run(tx: Transaction, run_id: UUID, seals: Sealing, programs: Programs) -> Row | None:
    """Return everything that is to be known of a run; what nobody may see is masked."""
    query = sa.select(*history.RUN_COLUMNS, _R.outputs, _FLOW_NAME).where(_R.flowrunid == run_id)
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        return None
    outputs = read_value(row["outputs"])
    trigger = read_trigger(tx, run_id, seals, programs)
    shown = {name: one for name, one in trigger.values.items() if name in ("inputs", "outputs")}
    return {
        **_run(row),
        "trigger": {"name": row["triggername"], **shown, **dict.fromkeys(trigger.hidden, MASK)},
        "outputs": None if outputs is NOTHING else outputs,
        "response": _response(tx, run_id, row["responseactionid"]),
        "waiting": [one.as_value() for one in waiting_of(tx, row, programs)],
        "actions": _actions(tx, run_id),
    }


def waiting_of(tx: Transaction, row: Row, programs: Programs) -> list[Waiting]:
    """Return what a run waits for now."""
    if Status(row["status"]).is_final:
        return []
    return what_a_run_waits_for(tx, row, programs.find(tx, row["flowversionid"]))


def ended_actions(
    tx: Transaction, run_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """Return the actions of a run that have ended, in the order in which they did.

    Args:
        tx: The open transaction.
        run_id: The run.
        after: When the last one that is known ended, and its id.
        limit: How many at most.
    """
    query = _ACTIONS.where(_A.flowrunid == run_id, _A.endtime.is_not(None))
    if after is not None:
        ended, known = after
        query = query.where(
            sa.or_(_A.endtime > ended, sa.and_(_A.endtime == ended, _A.flowrunactionid > known))
        )
    rows = tx.execute(query.order_by(_A.endtime, _A.flowrunactionid).limit(limit)).mappings().all()
    links = history.links_of(tx, rows)
    return [_action(row, links) for row in rows]


def _run(row: sa.RowMapping) -> Row:
    return {
        "run": row["name"],
        **{name: row[name] for name in ("flowrunid", "workflow", "flow", "status", "code")},
        **{name: row[name] for name in ("starttime", "endtime", "duration", "triggertype")},
        **{name: row[name] for name in ("errorcode", "errormessage", "clienttrackingid", "parentrunid")},
        "origin": None if row["originhistoryname"] == row["name"] else row["originhistoryname"],
        "resumed": row["resumedrunid"] is not None,
        "test": bool(row["istest"]),
        "flowversionid": row["flowversionid"],
    }


def _actions(tx: Transaction, run_id: UUID) -> list[Row]:
    """Return the actions in the order in which they began, those in loops each as a whole."""
    query = _ACTIONS.where(_A.flowrunid == run_id, _A.repetition == "")
    single = tx.execute(query).mappings().all()
    links = history.links_of(tx, single)
    found = [_action(row, links) for row in single]
    return sorted([*found, *map(_whole, history.repeated_actions(tx, run_id))], key=_began)


def _began(row: Row) -> tuple[datetime, bool]:
    return row["starttime"], row["status"] == Status.SKIPPED


def _whole(one: history.RepeatedAction) -> Row:
    return {
        "name": one.name,
        "repetition": "",
        "times": one.count,
        "status": str(one.status),
        "code": None,
        "error": None,
        "starttime": one.started,
        "endtime": one.ended,
        "inputs": None,
        "outputs": None,
        "attempts": 0,
        "linked": None,
    }


def _action(row: Row, links: Mapping[UUID, history.Link]) -> Row:
    link = links.get(row["linkedid"])
    return {
        "id": row["flowrunactionid"],
        "name": row["name"],
        "repetition": row["repetition"],
        "times": 1,
        "status": row["status"],
        "code": row["code"],
        "error": None if row["error"] is None else json.loads(row["error"]),
        "starttime": row["starttime"],
        "endtime": row["endtime"],
        "inputs": _value(row, "inputs"),
        "outputs": _value(row, "outputs"),
        "attempts": len(history.attempts_of(row)) + 1,
        "linked": None if link is None else {"type": link.kind, "id": str(link.id), "name": link.name},
    }


def _value(row: Row, side: str) -> Value:
    if row[side] is not None:
        return json.loads(row[side])
    size = row[f"{side}size"]
    if size is not None:
        return f"({size:,} characters)"
    return MASK if row[f"has{side}"] else None


def _response(tx: Transaction, run_id: UUID, action_id: UUID | None) -> Value:
    """Return what the caller was answered, as far as people may see it."""
    if action_id is None:
        return None
    found = visible_value(tx, run_id, Part.ACTION_OUTPUTS, action_id)
    return MASK if found is NOTHING else found
