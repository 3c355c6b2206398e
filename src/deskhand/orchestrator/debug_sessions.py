"""Debugged runs: the designer's own text, what it tells them, and where they stand. Source: experience 4.1.

What a run is told is queued with a number and obeyed once: the agent says which number came last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from deskhand.core.settings import Settings
from deskhand.entities.flowsession import DebugSession, FlowSession
from deskhand.entities.workflow import ComponentState, Workflow
from deskhand.identity.vault import Vault
from deskhand.orchestrator.errors import NotDebugged, TooManyCommands
from deskhand.orchestrator.rows import Row
from deskhand.orchestrator.wakeups import debug_channel
from deskhand.protocol.codec import decode, encode
from deskhand.protocol.messages import (
    DebugAction,
    DebugCommand,
    DebugCommands,
    DebugPart,
    DebugPhase,
    DebugState,
    DebugWait,
)
from deskhand.store.database import Transaction

WAITING, RUNS, PAUSED, ENDED, FORGOTTEN = "waiting", "running", "paused", "ended", "forgotten"
"""Where a debugged run stands. Of a forgotten one nothing is kept but that it was debugged."""

MOST_COMMANDS = 200
"""What a run may have been told and not have obeyed yet."""

KEPT = timedelta(hours=1)
"""How long the variables of a run that has ended are kept."""

_LOOKED = timedelta(seconds=15)
_AT_ONCE = 100
_D = DebugSession.c


@dataclass(frozen=True, slots=True)
class DebugView:
    """A debugged run as the server knows it.

    Attributes:
        run_id: The run.
        phase: Where it stands.
        part: Its breakpoints and delay, as they were set last.
        state: What its process said last; none before it begins.
        pending: What it was told and has not obeyed yet.
        sequence: The number of what it was told last.
    """

    run_id: UUID
    phase: str
    part: DebugPart
    state: DebugState | None
    pending: tuple[DebugCommand, ...]
    sequence: int


def open_debugging(
    tx: Transaction,
    run_id: UUID,
    workflow_id: UUID,
    text: str,
    inputs: str,
    outputs: str,
    part: DebugPart,
    vault: Vault,
) -> None:
    """Keep what a run that was just queued is made of.

    Args:
        tx: The open transaction.
        run_id: The run.
        workflow_id: The flow.
        text: What runs.
        inputs: What it declares of its inputs, as JSON.
        outputs: What it declares of its outputs, as JSON.
        part: Where it pauses.
        vault: Seals what may hold values.
    """
    row = {
        "flowsessionid": run_id,
        "workflowid": workflow_id,
        "definition": text,
        "inputs": inputs,
        "outputs": outputs,
        "sealedpart": _sealed(vault, run_id, "part", part),
        "phase": WAITING,
        "stateindex": 0,
        "sequence": 0,
        "watchedon": tx.now,
        "versionnumber": tx.next_version(),
    }
    tx.execute(sa.insert(DebugSession.table), row)


def debugged_flow(tx: Transaction, run_id: UUID) -> Row | None:
    """Return the row of the flow of a debugged run, with the text that it takes; None if it is gone."""
    w = Workflow.c
    flow = sa.select(w.workflowid, w.name, w.dependencies, w.ownerid, w.owningbusinessunit, w.flowversionid)
    text = sa.select(_D.workflowid, _D.definition, _D.inputs, _D.outputs).where(_D.flowsessionid == run_id)
    kept = tx.execute(text).mappings().first()
    if kept is None:
        return None
    rows = flow.where(w.workflowid == kept["workflowid"]).order_by(
        w.componentstate == ComponentState.PUBLISHED.value
    )
    found = tx.execute(rows.limit(1)).mappings().first()
    return None if found is None else {**found, **kept}


def debug_part(tx: Transaction, run_id: UUID, vault: Vault) -> DebugPart:
    """Return the breakpoints and the delay of a debugged run, as they were set last."""
    return debug_view(tx, run_id, vault).part


def debug_view(tx: Transaction, run_id: UUID, vault: Vault, *, lock: bool = False) -> DebugView:
    """Return where a debugged run stands.

    Raises:
        NotDebugged: The run is not debugged.
    """
    query = sa.select(DebugSession.table).where(_D.flowsessionid == run_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotDebugged(run_id)
    part, state, commands = (
        None if row[name] is None else vault.open(row[name], _context(run_id, name.removeprefix("sealed")))
        for name in ("sealedpart", "sealedstate", "sealedcommands")
    )
    return DebugView(
        run_id,
        row["phase"],
        DebugPart() if part is None else decode(part, DebugPart),
        None if state is None else decode(state, DebugState),
        () if commands is None else decode(commands, DebugCommands).commands,
        row["sequence"],
    )


def note_watched(tx: Transaction, run_id: UUID) -> None:
    """Note that somebody looks at a debugged run."""
    due = sa.update(DebugSession.table).where(
        _D.flowsessionid == run_id, _D.watchedon < tx.now - _LOOKED, _D.phase.in_((WAITING, RUNS, PAUSED))
    )
    tx.execute(due.values(watchedon=tx.now))


def command(tx: Transaction, run_id: UUID, action: DebugAction, vault: Vault, **details: Any) -> int:
    """Tell a debugged run something; it is obeyed once, also if server or agent are killed meanwhile.

    Args:
        tx: The open transaction.
        run_id: The run.
        action: What to do.
        vault: Seals what may hold values.
        details: The members of :class:`~deskhand.protocol.messages.DebugCommand` that the action needs.

    Returns:
        The command's number.

    Raises:
        NotDebugged: The run is not debugged, or has ended.
        TooManyCommands: It was told too much that it has not obeyed yet.
    """
    view = debug_view(tx, run_id, vault, lock=True)
    if view.phase in (ENDED, FORGOTTEN):
        raise NotDebugged(run_id)
    if len(view.pending) >= MOST_COMMANDS:
        raise TooManyCommands
    told = DebugCommand(view.sequence + 1, action, **details)
    values: dict[str, Any] = {"sequence": told.sequence}
    part = _changed(view.part, told)
    if part is not view.part:
        values["sealedpart"] = _sealed(vault, run_id, "part", part)
    values["sealedcommands"] = _sealed(vault, run_id, "commands", DebugCommands((*view.pending, told)))
    _update(tx, run_id, values | {"watchedon": tx.now})
    tx.notify(debug_channel(run_id))
    return told.sequence


def _changed(part: DebugPart, told: DebugCommand) -> DebugPart:
    if told.action is DebugAction.BREAKPOINTS:
        return replace(part, breakpoints=told.breakpoints or ())
    if told.action is DebugAction.DELAY:
        return replace(part, delay_ms=told.delay_ms or 0)
    return part


def commands_for(tx: Transaction, machine_id: UUID, wait: DebugWait, vault: Vault) -> DebugCommands:
    """Return what a run was told since its agent last heard; nothing if it is not that agent's run."""
    c = FlowSession.c
    held = sa.select(c.flowsessionid).where(
        c.flowsessionid == wait.run_id,
        c.machineid == machine_id,
        c.fencingtoken == wait.fencing_token,
        c.completedon.is_(None),
    )
    if tx.execute(held).first() is None:
        return DebugCommands(())
    try:
        pending = debug_view(tx, wait.run_id, vault).pending
    except NotDebugged:
        return DebugCommands(())
    return DebugCommands(tuple(one for one in pending if one.sequence > wait.after))


def note_state(tx: Transaction, run: Row, state: DebugState, vault: Vault) -> None:
    """Keep where a debugged run stands, and forget what it has obeyed. An older state changes nothing."""
    run_id = run["flowsessionid"]
    try:
        view = debug_view(tx, run_id, vault, lock=True)
    except NotDebugged:
        return
    if view.phase in (ENDED, FORGOTTEN) or (view.state is not None and state.index <= view.state.index):
        return
    left = tuple(one for one in view.pending if one.sequence > state.sequence)
    values = {
        "phase": PAUSED if state.phase is DebugPhase.PAUSED else RUNS,
        "stateindex": state.index,
        "sealedstate": _sealed(vault, run_id, "state", state),
        "sealedcommands": _sealed(vault, run_id, "commands", DebugCommands(left)) if left else None,
    }
    if view.phase != PAUSED and state.phase is DebugPhase.PAUSED:
        values["watchedon"] = tx.now
    _update(tx, run_id, values)


def end_debugging(tx: Transaction, run_id: UUID) -> None:
    """Note that a debugged run has ended."""
    _update(tx, run_id, {"phase": ENDED, "sealedcommands": None, "watchedon": tx.now})


def unwatched_runs(tx: Transaction, settings: Settings) -> list[UUID]:
    """Return the paused runs at which nobody has looked for too long."""
    since = tx.now - timedelta(seconds=settings.debug_idle_seconds)
    query = sa.select(_D.flowsessionid).where(_D.phase == PAUSED, _D.watchedon < since).limit(_AT_ONCE)
    return list(tx.execute(query).scalars())


def forget_ended(tx: Transaction) -> None:
    """Delete text and values of debugged runs that ended a while ago."""
    due = sa.select(_D.flowsessionid).where(_D.phase == ENDED, _D.watchedon < tx.now - KEPT).limit(_AT_ONCE)
    run_ids = list(tx.execute(due).scalars())
    if run_ids:
        empty = dict.fromkeys(("definition", "inputs", "outputs", "sealedpart", "sealedstate"))
        rows = sa.update(DebugSession.table).where(_D.flowsessionid.in_(run_ids))
        tx.execute(rows.values(phase=FORGOTTEN, **empty))


def _update(tx: Transaction, run_id: UUID, values: dict[str, Any]) -> None:
    row = sa.update(DebugSession.table).where(_D.flowsessionid == run_id)
    tx.execute(row.values(versionnumber=tx.next_version(), **values))


def _sealed(vault: Vault, run_id: UUID, what: str, message: Any) -> bytes:
    return vault.seal(encode(message), _context(run_id, what))


def _context(run_id: UUID, what: str) -> str:
    return f"debugsession:{run_id}:{what}"
