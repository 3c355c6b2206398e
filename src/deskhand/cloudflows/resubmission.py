"""Cancels runs, repeats them whole, goes on from where they failed. Source: cloud-flows 7.3, ADR 15."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.actions.workflow import CANCEL
from deskhand.cloudflows.activation import current_version
from deskhand.cloudflows.called import Called, read_called, read_to_test
from deskhand.cloudflows.declare import NOTHING, Firing, Status
from deskhand.cloudflows.errors import CloudFlowNotFound, RunNotCancellable, RunNotFound, TriggerNotFound
from deskhand.cloudflows.firing import Starter, insert_runs, run_name, runs_of
from deskhand.cloudflows.flows import Flow, find_flow
from deskhand.cloudflows.history_errors import (
    ActionNotResubmittable,
    DefinitionDiffers,
    HistoryNotResubmittable,
    NothingToResume,
    RunNotEnded,
    RunResumedBefore,
    RunTooLarge,
)
from deskhand.cloudflows.journal import Seals, read_run
from deskhand.cloudflows.parameters import parameter_values
from deskhand.cloudflows.program import Node, Program
from deskhand.cloudflows.programs import Programs
from deskhand.cloudflows.resuming import FAILED, repeated_names
from deskhand.cloudflows.runstate import RunState
from deskhand.core.ids import new_id
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.orchestrator.parents import signal
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction

MOST_RECORDS = 50_000
"""What a run may have recorded that another one goes on from."""

_R, _A = FlowRun.c, FlowRunAction.c
_WHOLE = sa.select(FlowRun.table).where(_R.flowrunid == sa.bindparam("run_id")).with_for_update()
_LATER = sa.select(_R.name).where(_R.resumedrunid == sa.bindparam("run_id"))
_RECORDED = sa.select(_A.name, _A.status, sa.func.count().label("times")).where(
    _A.flowrunid == sa.bindparam("run_id")
)


def cancel(tx: Transaction, run_id: UUID) -> None:
    """Cancel a run: what runs of it is cancelled, a desktop flow too, and nothing more begins.

    Raises:
        RunNotFound: There is no such run.
        RunNotCancellable: It has ended.
    """
    row = tx.execute(sa.select(_R.name, _R.status).where(_R.flowrunid == run_id)).one_or_none()
    if row is None:
        raise RunNotFound(run_id)
    if Status(row.status).is_final or not signal(tx, run_id, None, CANCEL):
        raise RunNotCancellable(row.name, row.status)


def resubmit(
    tx: Transaction, programs: Programs, seals: Seals, run_id: UUID, *, by: UUID, is_test: bool = False
) -> RunState:
    """Start a run with what the trigger of an earlier one saw and the flow's present definition.

    Args:
        tx: The open transaction.
        programs: The programs of flows.
        seals: Opens and seals what nobody may see.
        run_id: The earlier run.
        by: Who asks for it; the new run counts as started by them.
        is_test: Whether it tries the flow out as its definition stands, whether or not it is on.

    Raises:
        RunNotFound: There is no such run.
        TriggerNotEnabled: The flow is switched off, and this is no test.
        CloudFlowInvalid: This is a test, and the definition has faults.
        HistoryNotResubmittable: It has no such trigger any more.
        TooManyWaitingRuns: No more runs of the flow may wait.
    """
    row = _whole(tx, run_id)
    earlier = _read(tx, programs, seals, row)
    called = _called(tx, programs, row, read_to_test if is_test else read_called)
    outputs, inputs = (earlier.trigger.get(name, NOTHING) for name in ("outputs", "inputs"))
    firing = Firing(outputs, inputs, tracking_id=_tracking_id(earlier))
    starter = Starter(by, origin_name=earlier.name, ignores_conditions=True, is_test=is_test)
    runs, _ = runs_of(called.program, called.trigger, called.flow, firing, starter, called.parameters, tx.now)
    insert_runs(tx, called.flow, runs, row["triggertype"], seals, bounded=True)
    return runs[0]


def resume(
    tx: Transaction,
    programs: Programs,
    seals: Seals,
    run_id: UUID,
    *,
    by: UUID,
    actions: Sequence[str] = (),
    current: bool = False,
) -> RunState:
    """Start a run that goes on from one that has ended: only what had not succeeded is done again.

    Args:
        tx: The open transaction.
        programs: The programs of flows.
        seals: Opens and seals what nobody may see.
        run_id: The run that has ended.
        by: Who asks for it; the new run counts as started by them.
        actions: The failed actions that are done again, with what runs after them; all of them if empty.
        current: Whether the flow's present definition counts, rather than the one that the run had.

    Raises:
        RunNotFound: There is no such run.
        RunNotEnded: It has not ended.
        RunResumedBefore: Another run goes on from it.
        NothingToResume: Nothing in it has failed.
        ActionNotResubmittable: An action that was named has not failed.
        RunTooLarge: Its history is too long.
        DefinitionDiffers: The present definition has another action by a name that the run did.
        CloudFlowInvalid: The present definition has faults.
        TooManyWaitingRuns: No more runs of the flow may wait.
    """
    row = _whole(tx, run_id)
    _require_resumable(tx, row)
    failed = _failed_actions(tx, row)
    earlier = _read(tx, programs, seals, row)
    flow = _flow(tx, row["workflow"])
    program, parameters = earlier.program, earlier.parameters
    if current:
        program = _present(tx, programs, flow)
        parameters = parameter_values(tx, program)
        _require_same_actions(tx, row, earlier.program, program)
    name = run_name(tx.now)
    tracking_id = _tracking_id(earlier) or name
    origin = {"originHistoryName": row["name"], "clientTrackingId": tracking_id}
    run = replace(
        earlier,
        id=new_id(),
        name=name,
        program=program,
        started=tx.now,
        owner_id=flow.owner.user_id,
        started_by=by,
        trigger={**earlier.trigger, **origin},
        parameters=parameters,
        client_tracking_id=tracking_id,
        awaits_answer=False,
        status=Status.RUNNING,
        response_id=None,
        has_told=False,
        parent_id=None,
        parent_action_id=None,
        parent_name=None,
        origin_name=row["name"],
        resumed_id=run_id,
        repeated=repeated_names(_chosen(row, program, failed, actions)) if actions else None,
    )
    insert_runs(tx, flow, [run], row["triggertype"], seals, bounded=True)
    return run


def _whole(tx: Transaction, run_id: UUID) -> Row:
    """Return a run's whole row, and let nobody else go on from it meanwhile."""
    row = tx.execute(_WHOLE, {"run_id": run_id}).mappings().one_or_none()
    if row is None:
        raise RunNotFound(run_id)
    return row


def _read(tx: Transaction, programs: Programs, seals: Seals, row: Row) -> RunState:
    program = programs.find(tx, row["flowversionid"])
    if program is None:
        raise RunNotFound(row["name"])
    return read_run(row, _flow(tx, row["workflow"]).name, program, seals)


def _flow(tx: Transaction, workflow_id: UUID) -> Flow:
    flow = find_flow(tx, workflow_id)
    if flow is None:
        raise CloudFlowNotFound(workflow_id)
    return flow


def _called(tx: Transaction, programs: Programs, row: Row, read: Callable[..., Called]) -> Called:
    try:
        return read(tx, programs, row["workflow"], row["triggername"] or None)
    except TriggerNotFound as error:
        raise HistoryNotResubmittable(row["name"], "the flow has no such trigger any more") from error


def _tracking_id(earlier: RunState) -> str | None:
    """Return the tracking id that a caller gave; a run that had none gets its own name anew."""
    return None if earlier.client_tracking_id == earlier.name else earlier.client_tracking_id


def _require_resumable(tx: Transaction, row: Row) -> None:
    if not Status(row["status"]).is_final:
        raise RunNotEnded(row["name"], row["status"])
    later = tx.execute(_LATER, {"run_id": row["flowrunid"]}).scalar()
    if later is not None:
        raise RunResumedBefore(row["name"], later)


def _failed_actions(tx: Transaction, row: Row) -> frozenset[str]:
    """Return the actions of a run that have failed."""
    query = _RECORDED.group_by(_A.name, _A.status)
    found = tx.execute(query, {"run_id": row["flowrunid"]}).all()
    if sum(one.times for one in found) > MOST_RECORDS:
        raise RunTooLarge(row["name"], MOST_RECORDS)
    failed = frozenset(one.name for one in found if Status(one.status) in FAILED)
    # A run that ended before anything began, or because somebody ended it, has no action that failed.
    if not failed and row["status"] == Status.SUCCEEDED:
        raise NothingToResume(row["name"])
    return failed


def _chosen(row: Row, program: Program, failed: frozenset[str], names: Sequence[str]) -> list[Node]:
    chosen: list[Node] = []
    for name in names:
        node = program.node(name)
        if node is None or node.name not in failed:
            raise ActionNotResubmittable(row["name"], name)
        chosen.append(node)
    return chosen


def _present(tx: Transaction, programs: Programs, flow: Flow) -> Program:
    program = programs.find(tx, current_version(tx, flow.workflow_id))
    assert program is not None, "the version was kept just now"
    return program


def _require_same_actions(tx: Transaction, row: Row, before: Program, now: Program) -> None:
    """Make sure that what is taken over belongs to the same actions; one that is gone is left out."""
    done = _RECORDED.where(_A.status != str(Status.SKIPPED)).group_by(_A.name, _A.status)
    for one in tx.execute(done, {"run_id": row["flowrunid"]}):
        old, new = before.node(one.name), now.node(one.name)
        if old is not None and new is not None and _place(old) != _place(new):
            raise DefinitionDiffers(row["name"], one.name)


def _place(node: Node) -> tuple[object, ...]:
    owner = node.level.owner
    return node.action.type.casefold(), node.loops, node.level.branch, owner.name if owner else None
