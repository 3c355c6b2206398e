"""Running a desktop flow from its designer, step by step. Source: experience 4.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from deskhand.editor.fields import field_text, read_field
from deskhand.editor.outline import Outline, outline
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowsession import FlowSession, FlowSessionRunMode
from deskhand.entities.workflow import Workflow
from deskhand.orchestrator import debug_sessions as sessions
from deskhand.orchestrator.connections import ConnectionType, resolve_connection
from deskhand.orchestrator.errors import RunNotPaused
from deskhand.orchestrator.parameters import fit_inputs, read_schema
from deskhand.orchestrator.rows import Owner, Row
from deskhand.orchestrator.runs import HIGH, RunRequest, request_run
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.desktop_designer import desktop_flow_row
from deskhand.pages.errors import BadParameter, FlowCannotRun
from deskhand.pages.running import StartedRun, likely_connection, usable_connections
from deskhand.pages.runs import Mode
from deskhand.protocol import messages as wire
from deskhand.records.security import require_access
from deskhand.records.service import retrieve
from deskhand.robin.evaluation import read_expression
from deskhand.robin.literals import literal_value
from deskhand.robin.nodes import Script, TextLiteral
from deskhand.robin.parser import parse_expression
from deskhand.robin.printer import print_expression
from deskhand.robin.replacing import KINDS, STRUCTURED, replacement
from deskhand.robin.schema import inputs_schema, outputs_schema
from deskhand.robin.starting import Start, check_start

LONGEST_DELAY = 10_000
MOST_BREAKPOINTS = 500
LONGEST_CONDITION = 1_000
MOST_HITS = 1_000_000
LONGEST_VALUE = 1_000_000


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row of a flow.

    Attributes:
        subflow: Its subflow.
        row: Its number there, from 1.
    """

    subflow: str
    row: int


@dataclass(frozen=True, slots=True)
class FlowBreakpoint:
    """Where a run pauses.

    Attributes:
        subflow: The row's subflow.
        row: Its number there, from 1.
        condition: The expression that must be true, such as ``Count > 3``; null for always.
        hits: At which time that the row is met, and the condition is true, it begins to count; null for the
            first one.
        log: A text for the run's log instead of a pause, as in an action's field: ``Now %Name%``.
    """

    subflow: str
    row: int
    condition: str | None = None
    hits: int | None = None
    log: str | None = None


@dataclass(frozen=True, slots=True)
class DebugOrder:
    """How the designer runs a flow.

    Attributes:
        text: The text to run, saved or not.
        inputs: The inputs by name.
        connection: The connection's name; null for that of the flow's last run.
        mode: How it uses its machine; unattended where it is left out.
        breakpoints: Where it pauses.
        stop_on_entry: Whether it pauses before its first row.
        start_at: The row at which it begins, outside of blocks; null for the first one.
        delay_ms: Milliseconds of rest before each row.
    """

    text: str
    inputs: dict[str, Any] | None = None
    connection: str | None = None
    mode: Mode | None = None
    breakpoints: tuple[FlowBreakpoint, ...] = ()
    stop_on_entry: bool = False
    start_at: RowPlace | None = None
    delay_ms: int = 0


class DebugStanding(StrEnum):
    """Where a debugged run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    ENDED = "ended"


class DebugReason(StrEnum):
    """Why a debugged run paused."""

    BREAKPOINT = "breakpoint"
    STEP = "step"
    PAUSE = "pause"
    ENTRY = "entry"
    ERROR = "error"
    RUN_TO = "runTo"


@dataclass(frozen=True, slots=True)
class LiveVariable:
    """A variable of a paused run.

    Attributes:
        name: Its name.
        type: The kind of its value, such as ``number``; empty where it has none.
        text: A short text.
        value: Its value, bounded; null where it is sensitive or left out.
        sensitive: Whether nobody may see it.
        truncated: Whether the value is only the beginning.
        editable: Whether it can be given another value.
    """

    name: str
    type: str
    text: str
    value: Any
    sensitive: bool
    truncated: bool
    editable: bool


@dataclass(frozen=True, slots=True)
class FailedRow:
    """The error at which a run paused.

    Attributes:
        name: Its name in flow text, such as ``FileNotFound``.
        message: What happened.
        place: The row that failed.
    """

    name: str
    message: str
    place: RowPlace


@dataclass(frozen=True, slots=True)
class DebugNotice:
    """Something that a run could not do as it was told.

    Attributes:
        sequence: The number of what it was told; 0 for the condition of a breakpoint.
        message: What, and why.
    """

    sequence: int
    message: str


@dataclass(frozen=True, slots=True)
class DebugInfo:
    """A debugged run.

    Attributes:
        state: Where it stands.
        reason: Why it paused; null unless it is paused.
        place: The row before which it paused, or that runs now; null before the first one.
        stack: Where it stands in each subflow, the innermost first; empty unless it is paused.
        variables: Those that the innermost subflow sees; empty unless it is paused.
        error: The error at which it paused.
        notice: What it could not do.
        breakpoints: Where it pauses.
        delay_ms: Milliseconds of rest before each row.
        sequence: The number of what it was told last.
        obeyed: The number of what it has obeyed last.
    """

    state: DebugStanding
    reason: DebugReason | None
    place: RowPlace | None
    stack: tuple[RowPlace, ...]
    variables: tuple[LiveVariable, ...]
    error: FailedRow | None
    notice: DebugNotice | None
    breakpoints: tuple[FlowBreakpoint, ...]
    delay_ms: int
    sequence: int
    obeyed: int


class DebugVerb(StrEnum):
    """What a debugged run can be told."""

    RESUME = "resume"
    PAUSE = "pause"
    STEP_OVER = "stepOver"
    STEP_INTO = "stepInto"
    STEP_OUT = "stepOut"
    RUN_TO = "runTo"
    RETRY = "retry"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class DebugOrderToRun:
    """What a debugged run is told.

    Attributes:
        command: What to do.
        subflow: For ``runTo``, the row's subflow.
        row: For ``runTo``, the row's number there.
    """

    command: DebugVerb
    subflow: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class BreakpointsToSet:
    """Where a run pauses from now on.

    Attributes:
        breakpoints: All of them.
    """

    breakpoints: tuple[FlowBreakpoint, ...]


@dataclass(frozen=True, slots=True)
class DelayToSet:
    """How long a run rests before each row from now on.

    Attributes:
        delay_ms: Milliseconds.
    """

    delay_ms: int


@dataclass(frozen=True, slots=True)
class ValueToSet:
    """A variable's new value.

    Attributes:
        value: As in an action's field, ``Hello %Name%``; JSON for lists, objects and tables.
    """

    value: str


@dataclass(frozen=True, slots=True)
class ToldRun:
    """A run that was told something.

    Attributes:
        sequence: The number of what it was told.
    """

    sequence: int


def _outlined(preparation: Preparation, body: DebugOrder) -> Outline:
    return outline(body.text)


@endpoint("POST", "/desktopflows/{flow_id}/debug", prepare=_outlined)
def debug_flow(context: PageContext, *, flow_id: UUID, body: DebugOrder, prepared: Outline) -> StartedRun:
    """Queue a run of a text of the designer's, saved or not, to be followed step by step.

    What other runs of the flow take stays as it is.

    Args:
        flow_id: The flow.
        body: The text, and where it pauses.
    """
    flow = desktop_flow_row(context, flow_id)
    require_access(context.tx, context.principal, Workflow, flow, AccessRight.WRITE)
    script = _runnable(flow["name"] or "", prepared)
    part = _part(body, script)
    inputs = json.dumps(inputs_schema(script))
    schema = read_schema(inputs, prepared.text)
    settings = context.settings
    request = RunRequest(
        workflow_id=flow_id,
        flow_name=flow["name"] or "",
        owner=Owner(context.principal.user_id, context.principal.business_unit_id),
        requested_by=context.principal.user_id,
        connection=resolve_connection(
            context.tx,
            context.principal,
            body.connection or likely_connection(context, flow_id, tuple(usable_connections(context))) or "",
            ConnectionType.CONNECTION,
        ),
        run_mode=(
            FlowSessionRunMode.ATTENDED if body.mode is Mode.ATTENDED else FlowSessionRunMode.UNATTENDED
        ),
        priority=HIGH,
        timeout_seconds=min(settings.run_timeout_default, settings.run_timeout_max),
        inputs=fit_inputs(schema, body.inputs or {}),
        schema=schema,
        debugged=True,
    )
    run_id = request_run(context.tx, request, settings, context.vault)
    outputs = json.dumps(outputs_schema(script))
    sessions.open_debugging(context.tx, run_id, flow_id, prepared.text, inputs, outputs, part, context.vault)
    return StartedRun(run_id)


@endpoint("POST", "/robin/breakpoint", writes=False)
def read_breakpoint(context: PageContext, *, body: FlowBreakpoint) -> FlowBreakpoint:
    """Return a breakpoint as a run takes it; a condition or text that nothing can read is refused.

    Args:
        body: The breakpoint.
    """
    (taken,) = _breakpoints((body,))
    return _breakpoint(taken)


@endpoint("POST", "/desktopruns/{run_id}/debug/watch")
def watch_debugged_run(context: PageContext, *, run_id: UUID) -> None:
    """Note that somebody looks at a debugged run; a paused one at which nobody looks for long is ended.

    Whatever else it is told counts as well.

    Args:
        run_id: The run.
    """
    _may_debug(context, run_id)
    sessions.note_watched(context.tx, run_id)


@endpoint("GET", "/desktopruns/{run_id}/debug")
def debug_info(context: PageContext, *, run_id: UUID) -> DebugInfo:
    """Return where a debugged run stands.

    Args:
        run_id: The run.
    """
    _may_debug(context, run_id)
    return _info(sessions.debug_view(context.tx, run_id, context.vault))


@endpoint("POST", "/desktopruns/{run_id}/debug/command")
def command_debugged_run(context: PageContext, *, run_id: UUID, body: DebugOrderToRun) -> ToldRun:
    """Tell a debugged run to go on, to pause, or what becomes of a row that failed. It is obeyed once.

    Args:
        run_id: The run.
        body: What to do.
    """
    place = None
    if body.command is DebugVerb.RUN_TO:
        if not body.subflow or not body.row:
            raise BadParameter("row", "is missing: ‘runTo’ takes a subflow and a row.")
        place = wire.RowPlace(body.subflow, body.row)
    return _tell(context, run_id, wire.DebugAction(body.command.value), place=place)


@endpoint("PUT", "/desktopruns/{run_id}/debug/breakpoints")
def set_breakpoints(context: PageContext, *, run_id: UUID, body: BreakpointsToSet) -> ToldRun:
    """Pause a debugged run at other rows from now on, also while it runs.

    Args:
        run_id: The run.
        body: The breakpoints.
    """
    breakpoints = tuple(_breakpoints(body.breakpoints))
    return _tell(context, run_id, wire.DebugAction.BREAKPOINTS, breakpoints=breakpoints)


@endpoint("PUT", "/desktopruns/{run_id}/debug/delay")
def set_run_delay(context: PageContext, *, run_id: UUID, body: DelayToSet) -> ToldRun:
    """Have a debugged run rest for another time before each row.

    Args:
        run_id: The run.
        body: The time.
    """
    return _tell(context, run_id, wire.DebugAction.DELAY, delay_ms=_delay(body.delay_ms))


@endpoint("PUT", "/desktopruns/{run_id}/debug/variables/{name}")
def set_live_variable(context: PageContext, *, run_id: UUID, name: str, body: ValueToSet) -> ToldRun:
    """Give a variable of a paused run another value of its type.

    Args:
        run_id: The run.
        name: The variable.
        body: Its value.
    """
    _may_debug(context, run_id)
    view = sessions.debug_view(context.tx, run_id, context.vault, lock=True)
    if view.phase != sessions.PAUSED or view.state is None:
        raise RunNotPaused
    if len(body.value) > LONGEST_VALUE:
        raise BadParameter("value", f"takes {LONGEST_VALUE} characters at most.")
    known = {one.name.casefold(): one for one in view.state.variables}
    variable = known.get(name.casefold())
    if variable is None:
        raise BadParameter(
            "name", f"is ‘{name[:100]}’; the subflow in which the run is paused has none of it."
        )
    if not variable.editable:
        raise BadParameter("name", f"is ‘{variable.name}’, whose value can only be made by the flow itself.")
    expression, text = _new_value(variable, body.value)
    action = wire.DebugAction.VARIABLE
    return _tell(context, run_id, action, name=variable.name, expression=expression, json=text)


def _runnable(name: str, found: Outline) -> Script:
    errors = [one for one in found.findings if one.severity == "error"]
    if not errors and found.script is not None:
        return found.script
    first = errors[0]
    where = f"{first.subflow}, row {first.row + 1}" if first.row >= 0 else f"line {first.line}"
    raise FlowCannotRun(name, len(errors), f"{where}: {first.message}.")


def _part(order: DebugOrder, script: Script) -> wire.DebugPart:
    if order.start_at is not None:
        check_start(script, Start(order.start_at.subflow, order.start_at.row))
    start = None if order.start_at is None else wire.RowPlace(order.start_at.subflow, order.start_at.row)
    return wire.DebugPart(
        breakpoints=tuple(_breakpoints(order.breakpoints)),
        stop_on_entry=order.stop_on_entry,
        start_at=start,
        delay_ms=_delay(order.delay_ms),
    )


def _breakpoints(given: tuple[FlowBreakpoint, ...]) -> Iterator[wire.Breakpoint]:
    if len(given) > MOST_BREAKPOINTS:
        raise BadParameter("breakpoints", f"takes {MOST_BREAKPOINTS} at most.")
    for one in given:
        condition = (one.condition or "").strip() or None
        if condition is not None:
            if len(condition) > LONGEST_CONDITION:
                raise BadParameter("condition", f"takes {LONGEST_CONDITION} characters at most.")
            read_expression(condition)
        if one.hits is not None and not 1 <= one.hits <= MOST_HITS:
            raise BadParameter("hits", f"is {one.hits}; it takes 1 to {MOST_HITS}.")
        yield wire.Breakpoint(one.subflow, one.row, condition, one.hits, _log_text(one.log or ""))


def _log_text(text: str) -> str | None:
    """Return the expression of a text to log.

    Raises:
        FieldFault: It is no text.
    """
    if not text.strip():
        return None
    if len(text) > LONGEST_CONDITION:
        raise BadParameter("log", f"takes {LONGEST_CONDITION} characters at most.")
    expression = print_expression(read_field(text, "Text"))
    read_expression(expression)
    return expression


def _delay(given: int) -> int:
    if not 0 <= given <= LONGEST_DELAY:
        raise BadParameter("delayMs", f"is {given}; it takes 0 to {LONGEST_DELAY}.")
    return given


def _new_value(variable: wire.DebugVariable, text: str) -> tuple[str | None, str | None]:
    """Return a new value as an expression or as JSON; what can be refused before it is told, is.

    Raises:
        FieldFault: It is no value.
        ValueRefused: It is of another type than the variable has.
    """
    type_name, stripped = KINDS[variable.kind], text.strip()
    is_expression = len(stripped) > 2 and stripped[0] == stripped[-1] == "%" and stripped != "%%"
    if type_name in STRUCTURED and not is_expression:
        replacement(variable.name, type_name, text)
        return None, text
    tree = read_field(stripped if is_expression else text, type_name)
    is_literal = not isinstance(tree, TextLiteral) or all(isinstance(one, str) for one in tree.parts)
    if is_literal and not is_expression:
        replacement(variable.name, type_name, literal_value(tree))
    return print_expression(tree), None


def _tell(context: PageContext, run_id: UUID, action: wire.DebugAction, **details: Any) -> ToldRun:
    _may_debug(context, run_id)
    return ToldRun(sessions.command(context.tx, run_id, action, context.vault, **details))


def _may_debug(context: PageContext, run_id: UUID) -> None:
    """Let those pass who may read the run and change its flow: they could have it tell everything anyway."""
    run = retrieve(context.tx, context.principal, FlowSession, run_id, columns=("regardingobjectid",))
    flow: Row = desktop_flow_row(context, cast(UUID, run["regardingobjectid"]))
    require_access(context.tx, context.principal, Workflow, flow, AccessRight.WRITE)


def _info(view: sessions.DebugView) -> DebugInfo:
    state = view.state
    paused = view.phase == sessions.PAUSED and state is not None
    stands = state if paused else None
    return DebugInfo(
        state=_standing(view),
        reason=None if stands is None or stands.reason is None else DebugReason(stands.reason.value),
        place=None if state is None or state.place is None else _place(state.place),
        stack=() if stands is None else tuple(map(_place, stands.stack)),
        variables=() if stands is None else tuple(map(_variable, stands.variables)),
        error=None if stands is None else _error(stands.error),
        notice=None
        if state is None or state.notice is None
        else DebugNotice(state.notice.sequence, state.notice.message),
        breakpoints=tuple(map(_breakpoint, view.part.breakpoints)),
        delay_ms=view.part.delay_ms,
        sequence=view.sequence,
        obeyed=0 if state is None else state.sequence,
    )


def _standing(view: sessions.DebugView) -> DebugStanding:
    if view.phase in (sessions.ENDED, sessions.FORGOTTEN):
        return DebugStanding.ENDED
    asked = any(one.action is wire.DebugAction.PAUSE for one in view.pending)
    return DebugStanding.PAUSING if asked and view.phase == sessions.RUNS else DebugStanding(view.phase)


def _place(one: wire.RowPlace) -> RowPlace:
    return RowPlace(one.subflow, one.row)


def _breakpoint(one: wire.Breakpoint) -> FlowBreakpoint:
    log = None if one.log is None else field_text(parse_expression(one.log), "Text")
    return FlowBreakpoint(one.subflow, one.row, one.condition, one.hits, log)


def _variable(one: wire.DebugVariable) -> LiveVariable:
    value = json.loads(json.dumps(one.value, default=float))
    return LiveVariable(one.name, one.kind, one.text, value, one.sensitive, one.truncated, one.editable)


def _error(error: wire.DebugError | None) -> FailedRow | None:
    if error is None:
        return None
    return FailedRow(error.name, error.message, _place(error.place))
