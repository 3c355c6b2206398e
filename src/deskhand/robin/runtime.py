"""Runs compiled flows: inputs, subflows, errors and the outcome. Source: robin 5.5, 11, 12 and 15."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any, TypeAlias, cast

from deskhand.robin import access, comparison, operators
from deskhand.robin.action_calls import ActionCalls
from deskhand.robin.call_sites import Place
from deskhand.robin.catalog import ActionError
from deskhand.robin.compiler import Program, compile_flow, compile_text
from deskhand.robin.conversion import Manner, to_boolean, to_number, to_whole_number
from deskhand.robin.copying import copied
from deskhand.robin.counting import advance, counting, within
from deskhand.robin.debugging import Debugger, Store, Variables
from deskhand.robin.error_names import same_error
from deskhand.robin.errors import (
    ErrorWithoutHandler,
    FlowExited,
    LogicError,
    TooManyCalls,
    UnexpectedFlowError,
)
from deskhand.robin.evaluation import evaluate
from deskhand.robin.functions import FUNCTIONS
from deskhand.robin.journal import Journal, Rounds, RunError, Started
from deskhand.robin.json_values import from_json
from deskhand.robin.masking import Masking
from deskhand.robin.parameters import FlowParameter
from deskhand.robin.properties import get_property
from deskhand.robin.rendering import Rendering, rendering
from deskhand.robin.run_environment import RunEnvironment
from deskhand.robin.run_events import EventStatus
from deskhand.robin.values import CustomObject, ErrorValue, Value

__all__ = [
    "Failed",
    "Outcome",
    "Program",
    "RunEnvironment",
    "Succeeded",
    "bind_inputs",
    "compile_flow",
    "compile_text",
    "run",
]

CALL_LIMIT = 1000
"""How many subflow calls may be open at a time."""

_CULTURES_KEPT = 32

_STACK_PER_CALL = 2
_STACK_RESERVE = 1000


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A flow ended well.

    Attributes:
        outputs: Its outputs by external name.
        exit_code: What ``EXIT Code:`` gave, if the flow ended so.
        actions: How many actions were called.
    """

    outputs: dict[str, Value]
    exit_code: int | None
    actions: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A flow failed.

    Attributes:
        error_name: The error's name in flow text, such as ``FileNotFound``; ``Exit`` for EXIT.
        code: The error's own code, ``DHnnnn``.
        message: What happened, secrets masked.
        details: The action's own words, secrets masked.
        place: The row where it happened, or None if no row of the flow had to do with it.
        exit_code: What ``EXIT Code:`` gave, if the flow ended so.
        actions: How many actions were called.
    """

    error_name: str
    code: str
    message: str
    details: str
    place: Place | None
    exit_code: int | None
    actions: int


Outcome: TypeAlias = Succeeded | Failed


class _FlowLeft(BaseException):
    """EXIT ends the flow; no handler of the flow may catch it."""

    def __init__(self, code: int | None, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


def bind_inputs(program: Program, inputs: Mapping[str, Any]) -> dict[str, Value]:
    """Return the inputs' values as the flow holds them, by variable.

    Args:
        program: The flow.
        inputs: Values by external name, in any case: JSON, or Robin's own. Others are ignored.

    Raises:
        BadInput: A value is not of its input's type.
    """
    given = {name.casefold(): value for name, value in inputs.items()}
    return {one.variable: _bound(one, given) for one in program.inputs}


def _bound(parameter: FlowParameter, given: Mapping[str, Any]) -> Value:
    name = parameter.name.casefold()
    if name not in given:
        return copied(parameter.default)
    return from_json(given[name], parameter.type, name=parameter.name, sensitive=parameter.sensitive)


def run(program: Program, inputs: Mapping[str, Any], environment: RunEnvironment) -> Outcome:
    """Run a flow to its end.

    Args:
        program: The flow.
        inputs: Values by external name, in any case: JSON, or Robin's own.
        environment: What the run may reach.

    Returns:
        How it ended. Exceptions that no flow may catch, such as a cancellation, pass through.

    Raises:
        BadInput: A value is not of its input's type; the flow did not begin.
    """
    return _Run(program, environment).run(bind_inputs(program, inputs))


class _Run:
    """One run of a program.

    Args:
        program: The flow.
        environment: What the run may reach.
    """

    def __init__(self, program: Program, environment: RunEnvironment) -> None:
        self._program = program
        self._environment = environment
        self._text = rendering(environment.culture, environment.number_culture)
        self._namespace: dict[str, Any] = {"__builtins__": _values(self._text)}
        self._masking = Masking(self._text)
        self._journal = Journal(program, environment, self._masking, self._namespace)
        manner = Manner(self._text, environment.culture, lambda: environment.clock.now().astimezone().date())
        self._actions = ActionCalls(environment, manner, self._masking, self._journal)
        self._depth = 0
        self._enter = self._call if environment.debugger is None else self._call_watched
        self._namespace |= self._names()

    def run(self, inputs: Mapping[str, Value]) -> Outcome:
        for parameter in self._program.inputs:
            if parameter.sensitive:
                self._masking.guard(inputs[parameter.variable])
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + CALL_LIMIT * _STACK_PER_CALL + _STACK_RESERVE)
        try:
            main, variables = FunctionType(self._program.code, self._namespace)(*inputs.values())
            if self._environment.debugger is not None:
                self._environment.debugger.attach(self, self._program.subflows[main.__name__])
            return self._outcome(main, variables)
        finally:
            self._actions.close_instances()
            sys.setrecursionlimit(limit)

    def _outcome(self, main: Callable[[], object], variables: Callable[[], dict[str, Value]]) -> Outcome:
        code: int | None = None
        try:
            main()
        except _FlowLeft as left:
            code = left.code
            if left.message:
                return self._failed(FlowExited(left.message), self._journal.place_of(left), code)
        except (ActionError, LogicError) as error:
            place = self._journal.note(error, EventStatus.FAILED)
            if self._environment.debugger is not None:
                where = None if place is None else (place.subflow, place.row)
                self._environment.debugger.ending(error, where)
            return self._failed(error, place, None)
        except MemoryError:
            raise
        except Exception as problem:
            return self._failed(UnexpectedFlowError(problem), self._journal.place_of(problem), None)
        return Succeeded(self._outputs(variables()), code, self._journal.actions)

    def _outputs(self, variables: Mapping[str, Value]) -> dict[str, Value]:
        by_fold = {name.casefold(): value for name, value in variables.items()}
        return {one.name: by_fold.get(one.variable.casefold()) for one in self._program.outputs}

    def _failed(
        self, error: RunError | FlowExited | UnexpectedFlowError, place: Place | None, exit_code: int | None
    ) -> Failed:
        mask, actions = self._masking.mask, self._journal.actions
        details = mask(error.details) if isinstance(error, ActionError) else ""
        return Failed(error.error_name, error.code, mask(error.message), details, place, exit_code, actions)

    # What a debugger sees

    def text(self, value: Value) -> str:
        """Return what a value looks like inside a text."""
        return self._text(value)

    def mask(self, text: str) -> str:
        """Return a text with every secret replaced."""
        return self._masking.mask(text)

    def is_sensitive(self, name: str) -> bool:
        """Tell whether nobody may see a variable."""
        return name.casefold() in self._program.sensitive

    def guard(self, value: Value) -> None:
        """Show a value nowhere from now on."""
        self._masking.guard(value)

    def log(self, subflow: str, row: int, line: int, message: str) -> None:
        """Write a line of the run's log that a breakpoint asks for; secrets are replaced."""
        self._journal.logged(Place(subflow, row, line, 1, "Breakpoint", ""), "Info", message)

    def evaluate(self, expression: str, variables: Mapping[str, Value]) -> Value:
        """Return the value of an expression.

        Raises:
            CannotEvaluate: It has none.
        """
        return evaluate(expression, variables, self._namespace)

    # What generated code sees

    def _names(self) -> dict[str, Any]:
        """Return what generated code may name of this run; it sees :func:`_values` besides, and no more."""
        sites: dict[str, Any] = {}
        for number, site in enumerate(self._program.sites):
            sites[f"a{number}"] = self._actions.bind(site)
            sites[f"w{number}"] = self._actions.bind_wait(site)
        return {
            **sites,
            **self._program.constants,
            "guard": self._masking.guard,
            "loop_round": self._journal.loop_round,
            **{name: getattr(self, f"_{name}") for name in _SERVICES},
            **self._debugging(),
        }

    def _debugging(self) -> dict[str, Any]:
        debugger = self._environment.debugger
        if debugger is None:
            return {"hook": _no_hook, "failed": _let_fail}
        return {"hook": debugger.before, "failed": self._failed_row, "call": self._call_watched}

    def _call(self, subflow: Callable[..., Value], *arguments: Value) -> Value:
        if self._depth >= CALL_LIMIT:
            raise TooManyCalls(self._program.subflows[subflow.__name__], CALL_LIMIT)
        self._depth += 1
        try:
            return subflow(*arguments)
        finally:
            self._depth -= 1

    def _call_watched(self, subflow: Callable[..., Value], *arguments: Value) -> Value:
        debugger = cast(Debugger, self._environment.debugger)
        if self._depth >= CALL_LIMIT:
            raise TooManyCalls(self._program.subflows[subflow.__name__], CALL_LIMIT)
        self._depth += 1
        debugger.enter(self._program.subflows[subflow.__name__])
        try:
            return subflow(*arguments)
        finally:
            debugger.leave()
            self._depth -= 1

    def _failed_row(self, error: RunError) -> bool | None:
        """Ask the debugger what becomes of a row that failed, and tell of it where it is not the end."""
        verdict = cast(Debugger, self._environment.debugger).failed(error)
        if verdict is not None:
            self._journal.note(error, EventStatus.RETRIED if verdict else EventStatus.HANDLED)
            self._journal.forget()
        return verdict

    def _call_quietly(self, subflow: Callable[..., Value], *arguments: Value) -> Value:
        self._journal.quiet += 1
        try:
            return self._enter(subflow, *arguments)
        finally:
            self._journal.quiet -= 1

    def _begin(self) -> Started | None:
        return None if self._journal.quiet else self._journal.start()

    def _call_done(self, row: int, began: Started | None) -> None:
        if began is not None:
            place = self._program.rows[row]
            self._journal.succeeded(place, "Run subflow", place.action, began)

    def _set_done(self, row: int, name: str, value: Value, hidden: bool) -> None:
        if not self._journal.quiet:
            summary = f"Set {name} to {self._masking.shown(value, hidden=hidden)}"
            self._journal.succeeded(self._program.rows[row], "Set variable", summary, self._journal.start())

    def _loop_began(self, row: int) -> Rounds:
        place = self._program.rows[row]
        return self._journal.loop_began(place, self._program.loops[row])

    def _loop_ended(self, rounds: Rounds) -> None:
        error = sys.exception()
        if error is None or isinstance(error, Exception | _FlowLeft):
            self._journal.loop_ended(rounds)

    def _wait(self, row: int, seconds: Value) -> None:
        started, number = self._journal.start(), to_number(seconds)
        if number > 0:
            self._environment.sleep(float(number))
        summary = f"Wait {self._text(number)} seconds"
        self._journal.succeeded(self._program.rows[row], "Wait", summary, started)

    def _caught(self, error: RunError) -> RunError:
        self._journal.note(error, EventStatus.HANDLED)
        return error

    def _retrying(self, error: RunError, seconds: Value) -> None:
        self._journal.note(error, EventStatus.RETRIED)
        self._journal.forget()
        pause = to_number(seconds)
        if pause > 0:
            self._environment.sleep(float(pause))

    def _last_error(self, reset: Value) -> ErrorValue | None:
        error = self._journal.last_error
        if to_boolean(reset):
            self._journal.last_error = None
        return error

    def _leave_flow(self, code: Value, message: Value) -> None:
        raise _FlowLeft(None if code is None else to_whole_number(code), self._text(message))


_SERVICES = (
    "call",
    "call_quietly",
    "begin",
    "call_done",
    "set_done",
    "loop_began",
    "loop_ended",
    "wait",
    "caught",
    "retrying",
    "last_error",
    "leave_flow",
)


def _no_hook(
    subflow: str, row: int, line: int, around: int, own: int, variables: Variables, store: Store
) -> None:
    """Let a traced program pass."""


def _let_fail(error: RunError) -> None:
    """Let a traced program fail as any other."""


def _matches(error: RunError, name: str) -> bool:
    return same_error(error.error_name, name)


def _retries(times: Value) -> int:
    return max(to_whole_number(times), 0)


def _throw_error() -> None:
    raise ErrorWithoutHandler


_VALUES: Mapping[str, Any] = {
    "ActionError": ActionError,
    "AnyError": (ActionError, LogicError),
    "TypeError": TypeError,
    "range": range,
    "advance": advance,
    "copied": copied,
    "copies_of": access.copies_of,
    "counting": counting,
    "divide": operators.divide,
    "equal": comparison.equal,
    "exclusive_or": operators.exclusive_or,
    "get_item": access.get_item,
    "get_place": access.get_place,
    "get_property": get_property,
    "get_slice": access.get_slice,
    "greater": comparison.greater,
    "greater_or_equal": comparison.greater_or_equal,
    "items_of": access.items_of,
    "less": comparison.less,
    "less_or_equal": comparison.less_or_equal,
    "matches": _matches,
    "modulo": operators.modulo,
    "multiply": operators.multiply,
    "negate": operators.negate,
    "new_object": CustomObject,
    "new_table": access.new_table,
    "not_equal": comparison.not_equal,
    "number": to_number,
    "retries": _retries,
    "set_item": access.set_item,
    "set_property": access.set_property,
    "subtract": operators.subtract,
    "throw_error": _throw_error,
    "truth": to_boolean,
    "within": within,
}
"""What generated code uses of the language's values, however they become text."""


@lru_cache(_CULTURES_KEPT)
def _values(text: Rendering) -> dict[str, Any]:
    """Return what generated code sees in place of Python's builtins, which runs of one culture share.

    Binding it anew would have every run touch the memory of all of it.
    """
    functions = {f"f_{one.name}": one.build(text) for one in FUNCTIONS.values()}
    return {**_VALUES, **functions, "text": text, "add": operators.addition(text)}
