"""What agents report of their runs, applied in the order in which it happened.

Every message may come twice: an agent that got no answer sends its report again. A message about a run that
its sender does not hold any more changes nothing; what it tells is kept as evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import asdict

from deskhand.core.settings import Settings
from deskhand.entities.flowsession import FlowLogType, FlowSessionStatus
from deskhand.identity.vault import Vault
from deskhand.orchestrator.assignment import renew_leases
from deskhand.orchestrator.children import end_called_flow, start_called_flow
from deskhand.orchestrator.debug_sessions import note_state
from deskhand.orchestrator.rows import Row, run_row
from deskhand.orchestrator.runlog import log_actions, log_event, log_late, storable
from deskhand.orchestrator.runs import (
    TIMEOUT_CODE,
    confirm_run,
    end_run,
    finish_run,
    put_back,
    timeout_event,
)
from deskhand.orchestrator.transitions import RUNNING, WAITING, Event, apply, is_terminal, target
from deskhand.protocol.messages import (
    ActionsLogged,
    AssignFailed,
    ChildRunEnded,
    ChildRunStarted,
    Confirmed,
    DebugState,
    Finished,
    Replies,
    Reply,
    Report,
    RunError,
    RunResult,
)
from deskhand.store.database import Transaction

RETRY_PAUSE = timedelta(seconds=2)
"""How long a run that a machine could not start rests before it is offered again."""

_TAKEN = Reply(accepted=True)
_NOT_YOURS = Reply(accepted=False, reason="the run is not this machine's")


@dataclass(frozen=True, slots=True)
class _Context:
    """What every message is applied with."""

    tx: Transaction
    settings: Settings
    vault: Vault
    logged: dict[UUID, Row] = field(default_factory=dict)
    """The runs of the messages just before, if those only brought log rows: such runs stay as they are."""


def apply_report(
    tx: Transaction, machine_id: UUID, report: Report, settings: Settings, vault: Vault
) -> Replies:
    """Apply an agent's messages and answer each.

    Args:
        tx: The open transaction; the answers may be sent once it is durable.
        machine_id: The machine whose agent reports.
        report: Its messages.
        settings: Limits and choices.
        vault: Seals what runs return.
    """
    context = _Context(tx, settings, vault)
    return Replies(tuple(_apply(context, machine_id, message) for message in report.messages))


def _apply(context: _Context, machine_id: UUID, message: Any) -> Reply:
    if isinstance(message, Confirmed) and _begins(context, machine_id, message):
        return _TAKEN
    run = context.logged.get(message.run_id) or run_row(context.tx, message.run_id)
    if run is None or run["machineid"] != machine_id:
        return _NOT_YOURS
    if not isinstance(message, ActionsLogged):
        context.logged.clear()
    return _HANDLERS[type(message)](context, run, message)


def _begins(context: _Context, machine_id: UUID, message: Confirmed) -> bool:
    """Let a run begin, if it is the machine's to begin. The run waits for this answer."""
    guard = {"machineid": machine_id, "fencingtoken": message.fencing_token}
    row = confirm_run(
        context.tx,
        message.run_id,
        context.settings,
        guard,
        session_user=message.session_user,
        agent_version=message.agent_version,
    )
    return row is not None


def _did_not_begin(context: _Context, run: Row, message: Confirmed) -> Reply:
    """Answer a confirmation that changed nothing: it came before, or it comes too late."""
    if run["statuscode"] == RUNNING and _is_held(run, message.fencing_token):
        return _TAKEN
    return _late(context, run, Event.CONFIRMED, {})


def _assign_failed(context: _Context, run: Row, message: AssignFailed) -> Reply:
    guard = _guard(run, message.fencing_token)
    error = RunError(message.code, message.message)
    if message.retry and run["statuscode"] == RUNNING:
        until = context.tx.now + RETRY_PAUSE
        row = put_back(context.tx, run, guard, error, until=until)
        return _TAKEN if row is not None else _late(context, run, Event.NOT_BEGUN, _error_data(error))
    if not message.retry:
        row = end_run(context.tx, run, Event.REFUSED, guard=guard, error=error)
    else:
        rest = {"machineid": None, "leaseexpireson": context.tx.now + RETRY_PAUSE}
        row = apply(context.tx, message.run_id, Event.ASSIGN_FAILED, rest, guard=guard)
    if row is None:
        return _late(context, run, Event.ASSIGN_FAILED, _error_data(error))
    data = _error_data(error) | {"machine": run["machineid"]}
    kind = FlowLogType.RUN_QUEUE_ASSIGN_FAILED
    log_event(context.tx, run, kind, data, index=message.fencing_token)
    return _TAKEN


def _log_actions(context: _Context, run: Row, message: ActionsLogged) -> Reply:
    """Keep rows of the action log. No flow begins twice, so even late ones tell of its one execution."""
    if run["startedon"] is None:
        return _late(context, run, Event.CONFIRMED, {"rows": len(message.rows)})
    log_actions(context.tx, run, message.rows)
    if not _is_held(run, message.fencing_token):
        return _refusal(run)
    if run["statuscode"] == RUNNING:
        _renew(context, run)
    context.logged[message.run_id] = run
    return _TAKEN


def _finish(context: _Context, run: Row, message: Finished) -> Reply:
    event, error = _outcome(message, context.settings)
    if is_terminal(run["statuscode"]):
        same = _is_held(run, message.fencing_token) and _ended_so(run, event, error)
        return _TAKEN if same else _late(context, run, event, _error_data(error))
    guard = _guard(run, message.fencing_token)
    if run["statuscode"] == WAITING:
        row = _never_began(context, run, event, error, guard)
    else:
        row = finish_run(
            context.tx,
            run,
            event,
            context.settings,
            context.vault,
            outputs=message.outputs,
            error=error,
            statistics=message.statistics,
            guard=guard,
        )
    return _TAKEN if row is not None else _late(context, run, event, _error_data(error))


def _never_began(context: _Context, run: Row, event: Event, error: RunError | None, guard: Row) -> Row | None:
    """End a run that its agent gave up before the flow began; such a flow cannot have succeeded."""
    if event is Event.SUCCEEDED:
        return None
    refusal = Event.CANCELLED_IN_QUEUE if event is Event.CANCELLED else Event.REFUSED
    return end_run(context.tx, run, refusal, guard=guard, error=error)


def _child_started(context: _Context, run: Row, message: ChildRunStarted) -> Reply:
    if not _is_held(run, message.fencing_token) or run["statuscode"] != RUNNING:
        return _refusal(run)
    problem = start_called_flow(context.tx, run, message, context.vault)
    return Reply(accepted=False, reason=problem) if problem else _TAKEN


def _child_ended(context: _Context, run: Row, message: ChildRunEnded) -> Reply:
    called = run_row(context.tx, message.child_run_id)
    if called is None or called["machineid"] != run["machineid"] or called["parentdesktopflowrunid"] is None:
        return Reply(accepted=False, reason="there is no such called run")
    if not _is_held(run, message.fencing_token):
        return _refusal(run)
    event, error = _outcome(message, context.settings)
    if is_terminal(called["statuscode"]):
        return _TAKEN if _ended_so(called, event, error) else _late(context, called, event, {})
    end_called_flow(context.tx, called, event, message, error, context.settings, context.vault)
    return _TAKEN


def _debug_state(context: _Context, run: Row, message: DebugState) -> Reply:
    if not _is_held(run, message.fencing_token) or run["statuscode"] != RUNNING:
        return _refusal(run)
    note_state(context.tx, run, message, context.vault)
    _renew(context, run)
    return _TAKEN


_HANDLERS: Mapping[type[Any], Callable[[_Context, Row, Any], Reply]] = {
    Confirmed: _did_not_begin,
    AssignFailed: _assign_failed,
    ActionsLogged: _log_actions,
    Finished: _finish,
    ChildRunStarted: _child_started,
    ChildRunEnded: _child_ended,
    DebugState: _debug_state,
}


def _guard(run: Row, token: int) -> dict[str, Any]:
    return {"machineid": run["machineid"], "fencingtoken": token}


def _is_held(run: Row, token: int) -> bool:
    """Tell whether a fencing token is that of the run's present, or last, assignment."""
    return bool(run["fencingtoken"] == token)


def _outcome(message: Finished | ChildRunEnded, settings: Settings) -> tuple[Event, RunError | None]:
    """Return the event of a reported result, and the error that belongs to it."""
    if message.result is RunResult.SUCCEEDED:
        return Event.SUCCEEDED, None
    if message.result is RunResult.CANCELLED:
        return Event.CANCELLED, None
    if message.result is RunResult.TIMED_OUT:
        late = RunError(TIMEOUT_CODE, "The flow took longer than its request allows, and was stopped.")
        return timeout_event(settings), message.error or late
    return Event.FAILED, message.error or RunError("UnknownError", "The flow failed and did not say why.")


def _ended_so(run: Row, event: Event, error: RunError | None) -> bool:
    """Tell whether a run ended just as a message says: then the message came before."""
    status = target(RUNNING, event)
    code = storable(error.code, 1_000) if error else None
    return bool(run["statuscode"] == status and run["errorcode"] == code)


def _renew(context: _Context, run: Row) -> None:
    """Take a message as a sign of life; a lease that is still fresh is left alone, a called flow has none."""
    if run["leaseexpireson"] is None:
        return
    left = run["leaseexpireson"] - context.tx.now
    if left < timedelta(seconds=context.settings.agent_lost_seconds * 0.75):
        renew_leases(context.tx, run["machineid"], [run], context.settings)


def _late(context: _Context, run: Row, event: Event, data: Mapping[str, Any]) -> Reply:
    log_late(context.tx, run, str(event), data)
    return _refusal(run)


def _refusal(run: Row) -> Reply:
    status = FlowSessionStatus(run["statuscode"]).name.title().replace("_", "")
    if is_terminal(run["statuscode"]):
        return Reply(accepted=False, reason=f"the run had ended before, as {status}")
    return Reply(accepted=False, reason=f"the run is {status} and was assigned anew")


def _error_data(error: RunError | None) -> dict[str, Any]:
    return {name: value for name, value in asdict(error).items() if value} if error else {}
