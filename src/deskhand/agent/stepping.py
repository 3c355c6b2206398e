"""Debugging one run, in its process: where it pauses, and what it does while it is paused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from deskhand.agent.engine import DebugLine, Standing
from deskhand.agent.snapshot import snapshot
from deskhand.protocol.messages import (
    Breakpoint,
    DebugAction,
    DebugCommand,
    DebugError,
    DebugNotice,
    DebugPart,
    DebugPhase,
    PauseReason,
    RowPlace,
)
from deskhand.robin.catalog import ActionError
from deskhand.robin.conversion import to_boolean
from deskhand.robin.debugging import RunningFlow, Store, Variables
from deskhand.robin.errors import LogicError
from deskhand.robin.evaluation import CannotEvaluate
from deskhand.robin.replacing import ValueRefused, replaceable_type, replacement
from deskhand.robin.statement_code import ACTIONS_SHELTERED, SHELTERED, UNSHELTERED
from deskhand.robin.values import Value


@dataclass(slots=True)
class _Frame:
    """A subflow that runs."""

    subflow: str
    row: int = 0
    line: int = 0
    around: int = UNSHELTERED
    own: int = UNSHELTERED
    variables: Variables = dict
    store: Store | None = None

    @property
    def place(self) -> RowPlace:
        return RowPlace(self.subflow, self.row)


_ENDLESS = 1 << 30


class Stepper:
    """Follows one traced run, :class:`~deskhand.robin.debugging.Debugger`.

    Args:
        part: What the order says of debugging.
        line: How commands come in and the run's standing goes out.
    """

    def __init__(self, part: DebugPart, line: DebugLine) -> None:
        self._line = line
        self._breakpoints = _by_place(part.breakpoints)
        self._hits: Counter[tuple[str, int]] = Counter()
        self._delay = part.delay_ms / 1000
        self._frames: list[_Frame] = []
        self._sequence = 0
        self._heard: list[DebugCommand] = []
        self._entry = part.stop_on_entry
        self._pausing = False
        self._depth: int | None = None
        self._goal: RowPlace | None = None
        self._reason: PauseReason | None = None
        self._error: DebugError | None = None
        self._retriable = True
        self._passed: BaseException | None = None
        self._notice: DebugNotice | None = None
        self._notice_told = False
        self._flow: RunningFlow

    # What the traced program says

    def attach(self, flow: RunningFlow, subflow: str) -> None:
        """Begin, in a subflow."""
        self._flow = flow
        self._frames = [_Frame(subflow)]

    def enter(self, subflow: str) -> None:
        """Note that a subflow is called."""
        self._frames.append(_Frame(subflow))

    def leave(self) -> None:
        """Note that the innermost subflow is left."""
        self._frames.pop()

    def before(
        self,
        subflow: str,
        row: int,
        line: int,
        around: int,
        own: int,
        variables: Variables,
        store: Store,
    ) -> None:
        """Let a statement begin, now or when whoever debugs says so."""
        frame = self._frames[-1]
        frame.subflow, frame.row, frame.line, frame.around, frame.own = subflow, row, line, around, own
        frame.variables, frame.store = variables, store
        self._hear()
        reason = self._reason_to_pause(frame)
        if reason is None and self._delay > 0:
            self._line.passing(frame.place, self._sequence)
            reason = self._rest(self._delay)
        if reason is None:
            self._line.passing(frame.place, self._sequence)
        else:
            self._pause(reason)

    def failed(self, error: ActionError | LogicError) -> bool | None:
        """Return what becomes of a statement that failed, if no handler waits for its error."""
        if error is self._passed or self._is_handled(error):
            return None
        self._retriable = True
        command = self._pause_at(error, self._frames[-1].place)
        if command is DebugAction.RETRY:
            return True
        if command is DebugAction.SKIP:
            return False
        self._passed = error
        return None

    def ending(self, error: ActionError | LogicError, place: tuple[str, int] | None) -> None:
        """Pause before a run fails by an error that nothing could be done about where it came up."""
        if error is not self._passed and place is not None:
            self._retriable = False
            self._pause_at(error, RowPlace(*place))

    def sleep(self, seconds: float) -> None:
        """Wait as ``WAIT`` does; a pause interrupts it, and afterwards the rest of the time is waited."""
        end = self._line.now() + seconds
        while (left := end - self._line.now()) > 0:
            if not self._line.wait(left):
                continue
            self._hear()
            if self._pausing:
                began = self._line.now()
                self._pause(PauseReason.PAUSE)
                end += self._line.now() - began

    # Pausing

    def _pause_at(self, error: ActionError | LogicError, place: RowPlace) -> DebugAction:
        self._error = DebugError(error.error_name, self._flow.mask(error.message), place)
        try:
            return self._pause(PauseReason.ERROR)
        finally:
            self._error = None

    def _reason_to_pause(self, frame: _Frame) -> PauseReason | None:
        is_hit = self._is_hit(frame)
        if self._pausing:
            return PauseReason.PAUSE
        if self._entry:
            return PauseReason.ENTRY
        if self._goal is not None and _same(self._goal, frame):
            return PauseReason.RUN_TO
        if is_hit:
            return PauseReason.BREAKPOINT
        if self._depth is not None and len(self._frames) <= self._depth:
            return PauseReason.STEP
        return None

    def _is_hit(self, frame: _Frame) -> bool:
        """Tell whether the breakpoint of a row asks for a pause; one that logs writes its line."""
        key = (frame.subflow.casefold(), frame.row)
        one = self._breakpoints.get(key)
        if one is None:
            return False
        what = "condition"
        try:
            if one.condition and not to_boolean(self._flow.evaluate(one.condition, frame.variables())):
                return False
            self._hits[key] += 1
            if one.hits is not None and self._hits[key] < one.hits:
                return False
            if one.log is None:
                return True
            what = "log text"
            text = self._flow.text(self._flow.evaluate(one.log, frame.variables()))
            self._flow.log(frame.subflow, frame.row, frame.line, text)
        except (CannotEvaluate, ActionError, LogicError) as problem:
            where = f"The {what} of the breakpoint at {frame.subflow}, row {frame.row} failed: "
            self._set_notice(0, f"{where}{problem}.")
            return True
        return False

    def _rest(self, seconds: float) -> PauseReason | None:
        """Rest before a row; return why it is not to run yet."""
        end = self._line.now() + seconds
        while (left := end - self._line.now()) > 0:
            if self._line.wait(left):
                self._hear()
                if self._pausing:
                    return PauseReason.PAUSE
        return None

    def _pause(self, reason: PauseReason) -> DebugAction:
        """Pause until a command lets the run go on; return that command."""
        self._pausing, self._entry, self._depth, self._goal = False, False, None, None
        self._reason = reason
        self._tell()
        while True:
            if not self._heard:
                self._line.wait(None)
            self._heard += self._line.heard()
            while self._heard:
                command = self._heard.pop(0)
                if self._obey(command):
                    self._reason, self._pausing = None, False
                    self._tell()
                    return command.action
            self._tell()

    # Commands

    def _hear(self) -> None:
        """Obey what has come while the run runs."""
        commands, self._heard = [*self._heard, *self._line.heard()], []
        for command in commands:
            self._obey(command)
        if commands and not self._pausing:
            self._tell()

    def _obey(self, command: DebugCommand) -> bool:
        """Obey a command; return whether a paused run goes on."""
        if command.sequence <= self._sequence:
            return False
        self._sequence = command.sequence
        if self._notice_told:
            self._notice = None
        match command.action:
            case DebugAction.BREAKPOINTS:
                self._breakpoints = _by_place(command.breakpoints or ())
            case DebugAction.DELAY:
                self._delay = (command.delay_ms or 0) / 1000
            case DebugAction.PAUSE:
                self._pausing = self._reason is None
            case _ if self._reason is None:
                self._note(command, "The run is not paused, so this had no effect.")
            case DebugAction.VARIABLE:
                self._set_variable(command)
            case DebugAction.RETRY | DebugAction.SKIP if self._reason is not PauseReason.ERROR:
                self._note(
                    command, "Nothing failed at this row, so there is nothing to try again or to skip."
                )
            case DebugAction.RETRY | DebugAction.SKIP if not self._retriable:
                self._note(
                    command,
                    "The block at whose beginning the run failed can be neither tried again "
                    "nor skipped. Mend the flow, and run it again.",
                )
            case _:
                self._aim(command)
                return True
        return False

    def _aim(self, command: DebugCommand) -> None:
        """Note where a run that goes on is to pause again."""
        depth = len(self._frames)
        match command.action:
            case DebugAction.STEP_INTO:
                self._depth = _ENDLESS
            case DebugAction.STEP_OVER:
                self._depth = depth
            case DebugAction.STEP_OUT:
                self._depth = depth - 1
            case DebugAction.RUN_TO:
                self._goal = command.place

    def _set_variable(self, command: DebugCommand) -> None:
        frame, name = self._frames[-1], command.name or ""
        try:
            value = self._new_value(command, name, frame.variables())
        except (CannotEvaluate, ValueRefused) as problem:
            self._note(command, f"{problem}.")
            return
        if frame.store is not None:
            if self._flow.is_sensitive(name):
                self._flow.guard(value)
            frame.store(name.casefold(), value)

    def _new_value(self, command: DebugCommand, name: str, variables: Mapping[str, Value]) -> Value:
        known = {one.casefold(): value for one, value in variables.items()}
        if name.casefold() not in known:
            raise ValueRefused(name, "this subflow has no such variable")
        type_name = replaceable_type(known[name.casefold()])
        if type_name is None:
            raise ValueRefused(name, "a value of its type is made by an action alone")
        if command.expression is not None:
            value = self._flow.evaluate(command.expression, variables)
        else:
            value = command.json
        return replacement(name, type_name, value)

    def _note(self, command: DebugCommand, message: str) -> None:
        self._set_notice(command.sequence, message)

    def _set_notice(self, sequence: int, message: str) -> None:
        self._notice, self._notice_told = DebugNotice(sequence, self._flow.mask(message)), False

    # Where it stands

    def _tell(self) -> None:
        self._line.tell(self._standing())
        self._notice_told = True

    def _standing(self) -> Standing:
        frames = [one for one in reversed(self._frames) if one.row]
        place = frames[0].place if frames else None
        if self._reason is None:
            return Standing(self._sequence, DebugPhase.RUNNING, place=place, notice=self._notice)
        return Standing(
            self._sequence,
            DebugPhase.PAUSED,
            self._reason,
            place,
            tuple(one.place for one in frames),
            snapshot(self._flow, self._frames[-1].variables()),
            self._error,
            self._notice,
        )

    def _is_handled(self, error: ActionError | LogicError) -> bool:
        """Tell whether a handler waits for an error that comes from the innermost row."""
        needed = ACTIONS_SHELTERED if isinstance(error, ActionError) else SHELTERED
        innermost = self._frames[-1]
        callers = self._frames[:-1]
        return innermost.around >= needed or any(max(one.around, one.own) >= needed for one in callers)


def _by_place(breakpoints: tuple[Breakpoint, ...]) -> dict[tuple[str, int], Breakpoint]:
    return {(one.subflow.casefold(), one.row): one for one in breakpoints}


def _same(place: RowPlace, frame: _Frame) -> bool:
    return place.row == frame.row and place.subflow.casefold() == frame.subflow.casefold()
