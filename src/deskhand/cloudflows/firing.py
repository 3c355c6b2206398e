"""From what a trigger saw to runs: splitting, conditions, tracking ids, turns. Source: cloud-flows 2.1."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.declare import NOTHING, Firing, Status
from deskhand.cloudflows.errors import TooManyWaitingRuns, TriggerConditionFailed
from deskhand.cloudflows.flows import Flow
from deskhand.cloudflows.journal import Seals, insert_run, run_row
from deskhand.cloudflows.program import Program, concurrency_of
from deskhand.cloudflows.runstate import RunState
from deskhand.cloudflows.scope import RunScope, wire_time
from deskhand.core.ids import new_id
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowtrigger import FlowTriggerHistory
from deskhand.orchestrator.parents import CLOUD_RUNS
from deskhand.store.database import Transaction
from deskhand.wdl.definition import Trigger, member
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.evaluator import evaluate_template
from deskhand.wdl.values import Value, find_key

_R = FlowRun.c
_LAST_TICK = 3_155_378_975_999_999_999
_TRACKING_HEADER = "x-ms-client-tracking-id"
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_MOST_ELEMENTS = 100_000
_MOST_ELEMENTS_IN_TURN = 100
"""What a trigger splits into runs at most; fewer where runs wait for each other. Source: cloud-flows 2.1."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Who and what starts a run.

    Attributes:
        user_id: Who: the caller, or the flow's owner.
        awaits_answer: Whether somebody waits for a Response.
        parent: The id and name of the run that calls, and its action.
        origin_name: The run that is repeated.
        is_test: Whether it tries the flow out.
        ignores_conditions: Whether the trigger has decided before, as with a run that is repeated.
    """

    user_id: UUID
    awaits_answer: bool = False
    parent: tuple[UUID, str, UUID] | None = None
    origin_name: str | None = None
    is_test: bool = False
    ignores_conditions: bool = False


def run_name(now: datetime) -> str:
    """Return a new run's name: the later, the smaller, so that the newest sorts first (cloud-flows 7.1)."""
    return f"{run_name_stem(now)}{secrets.randbelow(10**10):010d}CU{secrets.randbelow(100):02d}"


def run_name_stem(moment: datetime) -> str:
    """Return what names of runs begin with that started at an instant; earlier ones have greater names."""
    ticks = (moment - _EPOCH) // timedelta(microseconds=1) * 10
    return f"{_LAST_TICK - ticks:020d}"


def runs_of(
    program: Program,
    trigger: Trigger | None,
    flow: Flow,
    firing: Firing,
    starter: Starter,
    parameters: Mapping[str, Value],
    now: datetime,
) -> tuple[list[RunState], list[dict[str, Any]]]:
    """Return the runs that follow from what a trigger saw, not begun, and the history of what started none.

    Raises:
        TriggerConditionFailed: An expression of the trigger cannot be evaluated.
    """
    whole = _run(program, trigger, flow, firing, starter, parameters, now)
    if trigger is None or starter.ignores_conditions:
        return [whole], []
    runs: list[RunState] = []
    skipped: list[dict[str, Any]] = []
    for one in _split(whole, trigger, now):
        if _conditions_hold(one, trigger, now):
            one.client_tracking_id = _tracking_id(one, trigger, firing, now)
            one.trigger = {**one.trigger, "clientTrackingId": one.client_tracking_id}
            runs.append(one)
        else:
            skipped.append(history_row(flow.workflow_id, trigger.name, now, firing, "Skipped"))
    if not runs and not skipped:
        skipped.append(history_row(flow.workflow_id, trigger.name, now, firing, "Skipped"))
    return runs, skipped


def history_row(
    workflow_id: UUID,
    trigger_name: str,
    now: datetime,
    firing: Firing,
    status: str,
    *,
    code: str = "",
    error: str | None = None,
) -> dict[str, Any]:
    """Return the row of a look that started no run."""
    return {
        "flowtriggerhistoryid": new_id(),
        "workflowid": workflow_id,
        "triggername": trigger_name,
        "name": run_name(now),
        "starttime": now,
        "endtime": now,
        "scheduledtime": firing.scheduled,
        "status": status,
        "code": code or "OK",
        "error": error,
        "inputs": None,
        "outputs": None,
    }


def write_histories(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the history of looks that started no run."""
    if rows:
        tx.execute(sa.insert(FlowTriggerHistory.table), [dict(row) for row in rows])


def insert_runs(
    tx: Transaction, flow: Flow, runs: Sequence[RunState], kind: str, seals: Seals, *, bounded: bool
) -> None:
    """Write runs that have not begun; the driver begins them, or they wait for their turn.

    Args:
        tx: The open transaction.
        flow: Their flow.
        runs: The runs.
        kind: What kind of trigger starts them.
        seals: Seals what nobody may see.
        bounded: Whether too many waiting runs are refused.

    Raises:
        TooManyWaitingRuns: No more may wait.
    """
    for run in runs:
        waits = _must_wait(tx, flow, run, bounded=bounded)
        run.status = Status.WAITING if waits else Status.RUNNING
        row = run_row(tx, run, flow.owner, kind, seals)
        insert_run(tx, {**row, "dueon": None if waits else tx.now})
    tx.notify(CLOUD_RUNS)


def _must_wait(tx: Transaction, flow: Flow, run: RunState, *, bounded: bool) -> bool:
    """Tell whether a run has to wait for others of its flow to end. Source: cloud-flows 2.1 and 6."""
    trigger = run.program.trigger
    limits = None if trigger is None else concurrency_of(trigger)
    if limits is None or limits.runs is None:
        return False
    found = tx.execute(
        sa.select(_R.status, sa.func.count().label("number"))
        .where(_R.workflow == flow.workflow_id, _R.status.in_((str(Status.RUNNING), str(Status.WAITING))))
        .group_by(_R.status)
    )
    counts: dict[str, int] = {row.status: row.number for row in found}
    waiting = counts.get(str(Status.WAITING), 0)
    if counts.get(str(Status.RUNNING), 0) < limits.runs and not waiting:
        return False
    if bounded and waiting >= limits.waiting:
        raise TooManyWaitingRuns(flow.name, limits.waiting)
    return True


def _run(
    program: Program,
    trigger: Trigger | None,
    flow: Flow,
    firing: Firing,
    starter: Starter,
    parameters: Mapping[str, Value],
    now: datetime,
) -> RunState:
    name = run_name(now)
    tracking_id = firing.tracking_id or name
    parent = starter.parent
    return RunState(
        id=new_id(),
        name=name,
        flow_name=flow.name,
        program=program,
        started=now,
        owner_id=flow.owner.user_id,
        started_by=starter.user_id,
        trigger=_record(trigger, firing, name, starter.origin_name, tracking_id, now),
        parameters=parameters,
        client_tracking_id=tracking_id,
        awaits_answer=starter.awaits_answer,
        parent_id=parent[0] if parent else None,
        parent_name=parent[1] if parent else None,
        parent_action_id=parent[2] if parent else None,
        origin_name=starter.origin_name,
        is_test=starter.is_test,
    )


def _record(
    trigger: Trigger | None, firing: Firing, name: str, origin: str | None, tracking_id: str, now: datetime
) -> dict[str, Value]:
    """Return a trigger's record; members without a value are absent. Source: cloud-flows 2.1."""
    record: dict[str, Value] = {"name": trigger.name if trigger else ""}
    if firing.inputs is not NOTHING:
        record["inputs"] = firing.inputs
    if firing.outputs is not NOTHING:
        record["outputs"] = firing.outputs
    record |= {"startTime": wire_time(now), "endTime": wire_time(now)}
    if firing.scheduled is not None:
        record["scheduledTime"] = wire_time(firing.scheduled)
    return record | {
        "trackingId": str(new_id()),
        "clientTrackingId": tracking_id,
        "originHistoryName": origin or name,
        "code": "OK",
        "status": "Succeeded",
    }


def _split(whole: RunState, trigger: Trigger, now: datetime) -> list[RunState]:
    """Return one run for each element of what the trigger splits on, or the run itself."""
    if trigger.split_on is None:
        return [whole]
    elements = _evaluated(whole, trigger, "splitOn", trigger.split_on, now)
    if elements is None:
        return []
    if not isinstance(elements, list):
        raise TriggerConditionFailed(trigger.name, "splitOn", "the result is not an array")
    most = _MOST_ELEMENTS if whole.program.runs_at_once is None else _MOST_ELEMENTS_IN_TURN
    if len(elements) > most:
        problem = f"the array has {len(elements)} elements, and at most {most} are allowed"
        raise TriggerConditionFailed(trigger.name, "splitOn", problem)
    return [_element_run(whole, one, now) for one in elements]


def _element_run(whole: RunState, element: Value, now: datetime) -> RunState:
    name = run_name(now)
    outputs = whole.trigger.get("outputs")
    beside = outputs if isinstance(outputs, dict) else {}
    trigger = {**whole.trigger, "outputs": {**beside, "body": element}, "originHistoryName": name}
    tracking_id = name if whole.client_tracking_id == whole.name else whole.client_tracking_id
    return replace(
        whole,
        id=new_id(),
        name=name,
        trigger=trigger,
        client_tracking_id=tracking_id,
        variables={},
        records={},
        levels={},
        opened={},
        changed={},
        journaled={},
        found=[],
    )


def _conditions_hold(run: RunState, trigger: Trigger, now: datetime) -> bool:
    for text in trigger.conditions:
        result = _evaluated(run, trigger, "conditions", text, now)
        if not isinstance(result, bool):
            raise TriggerConditionFailed(trigger.name, "conditions", "the result is not a boolean")
        if not result:
            return False
    return True


def _tracking_id(run: RunState, trigger: Trigger, firing: Firing, now: datetime) -> str:
    """Return the run's tracking id: what the trigger's expression gives, the caller's, or the run's name."""
    element = member(trigger.source, "splitOnConfiguration") if trigger.split_on else None
    for source in (element, trigger.source):
        correlation = member(source, "correlation") if isinstance(source, Mapping) else None
        declared = member(correlation, "clientTrackingId") if isinstance(correlation, Mapping) else None
        if declared is not None:
            found = _evaluated(run, trigger, "correlation", declared, now)
            return str(found)[:255] if found is not None else run.name
    outputs = firing.outputs if isinstance(firing.outputs, Mapping) else {}
    headers = outputs.get("headers")
    key = find_key(headers, _TRACKING_HEADER) if isinstance(headers, Mapping) else None
    return str(headers[key])[:255] if headers and key else run.client_tracking_id


def _evaluated(run: RunState, trigger: Trigger, part: str, value: Value, now: datetime) -> Value:
    outputs = run.trigger.get("outputs")
    body = (outputs.get("body"),) if isinstance(outputs, Mapping) else ()
    scope = RunScope(run, (), (), lambda *_: (), lambda: now, body)
    try:
        return evaluate_template(value, scope)
    except ExpressionError as error:
        raise TriggerConditionFailed(trigger.name, part, error.message) from error
