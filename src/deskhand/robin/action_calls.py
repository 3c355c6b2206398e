"""Calls of actions while a flow runs: arguments in, outputs out, one event each. Source: robin 6.5 and 9."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from deskhand.core.errors import DeskhandError
from deskhand.robin.call_sites import CallSite, SiteArgument
from deskhand.robin.catalog import ActionError, ActionKind, ActionSpec
from deskhand.robin.conversion import Manner, from_python, to_number
from deskhand.robin.copying import copied
from deskhand.robin.errors import CannotConvert, LogicError
from deskhand.robin.journal import Journal, Started
from deskhand.robin.kinds import kind_of
from deskhand.robin.masking import Masking
from deskhand.robin.run_environment import RunEnvironment
from deskhand.robin.values import CustomObject, DataTable, Instance, Reference, Secret, Value

Call = Callable[..., tuple[Value, ...]]
"""A bound call: argument values in, answer, outputs and changed variables out."""

_FIRST_POLL = 0.02
_LAST_POLL = 0.5


class UnexpectedActionError(ActionError):
    """An action failed in a way that it does not document.

    The message names the action and what it met. If the flow can go on without it, put ``ON ERROR``
    below the action.
    """

    code = "DH4001"
    error_name = "UnexpectedError"

    def __init__(self, action: str, problem: BaseException) -> None:
        if isinstance(problem, DeskhandError):
            message = f"{action} failed: {problem.message}"
        else:
            message = f"{action} failed unexpectedly: {type(problem).__name__}: {problem}"
        super().__init__(message)
        self.action = action


class WaitTimedOut(ActionError):
    """A ``WAIT (...) FOR`` ran out of time before its condition held."""

    code = "DH4002"
    error_name = "TimeoutError"

    def __init__(self, action: str, seconds: Value) -> None:
        super().__init__(f"{action} did not come true within {seconds} seconds")
        self.action = action


@dataclass(slots=True)
class _Context:
    """What the runtime lends an action; see :class:`~deskhand.robin.catalog.ActionContext`."""

    environment: RunEnvironment
    journal: Journal
    site: CallSite
    dynamic_outputs: dict[str, Any]

    @property
    def culture(self) -> str:
        return self.environment.culture

    @property
    def working_directory(self) -> str:
        return self.environment.working_directory

    def now(self) -> datetime:
        return self.environment.clock.now().astimezone()

    def log(self, level: str, message: str) -> None:
        self.journal.logged(self.site.place, level, message)

    def run_flow(
        self, flow_id: str, name: str | None, inputs: Mapping[str, Any], wait: bool
    ) -> dict[str, Any]:
        return self.environment.run_flow(flow_id, name, inputs, wait)

    def is_safe_stop_requested(self) -> bool:
        return self.environment.is_safe_stop_requested()


class ActionCalls:
    """Calls the actions of one run.

    Args:
        environment: What the run may reach.
        manner: How values become others.
        masking: What of them may be shown.
        journal: Takes the events.
    """

    def __init__(
        self, environment: RunEnvironment, manner: Manner, masking: Masking, journal: Journal
    ) -> None:
        self._environment = environment
        self._manner = manner
        self._masking = masking
        self._journal = journal
        self._open: dict[int, Instance] = {}

    def bind(self, site: CallSite) -> Call:
        """Return what generated code calls for an action."""
        bound = _Bound(site)

        def call(*values: Value) -> tuple[Value, ...]:
            started = self._journal.start()
            arguments = self._arguments(bound, values)
            try:
                results = self._invoke(bound, arguments)
            except (ActionError, LogicError) as error:
                self._failed(error, bound, values, started)
                raise
            self._succeeded(bound, values, started)
            return results

        return call

    def bind_wait(self, site: CallSite) -> Call:
        """Return what generated code calls for ``WAIT (action) FOR seconds``; seconds come first."""
        bound = _Bound(site)

        def call(seconds: Value, *values: Value) -> tuple[Value, ...]:
            started = self._journal.start()
            arguments = self._arguments(bound, values)
            try:
                results = self._until_true(bound, arguments, seconds)
            except (ActionError, LogicError) as error:
                self._failed(error, bound, values, started)
                raise
            self._succeeded(bound, values, started)
            return results

        return call

    def close_instances(self) -> None:
        """Close what actions left open, the last opened first; none keeps another from closing."""
        while self._open:
            _, instance = self._open.popitem()
            with suppress(Exception):
                instance.close()

    # Arguments

    def _arguments(self, bound: _Bound, values: tuple[Value, ...]) -> dict[str, Any]:
        """Return the function's keyword arguments, converted."""
        site = bound.site
        arguments: dict[str, Any] = dict(site.fixed)
        dynamic: dict[str, Value] = {}
        copies = bool(bound.changed)
        for argument, value in zip(site.arguments, values, strict=True):
            if argument.parameter is None:
                dynamic[argument.name] = copied(value)
            elif argument.by_reference:
                arguments[argument.parameter.python_name] = Reference(_fresh(argument, value))
            else:
                given = copied(value) if copies else value
                arguments[argument.parameter.python_name] = self._converted(argument, given, site.spec)
        if site.spec.dynamic:
            arguments["dynamic_inputs"] = dynamic
        return arguments

    def _converted(self, argument: SiteArgument, value: Value, spec: ActionSpec) -> Value:
        parameter = argument.parameter
        assert parameter is not None, "dynamic arguments are not converted"
        if value is None and not parameter.required:
            return parameter.default
        assert argument.convert is not None, "arguments by value have a converter"
        try:
            converted = argument.convert(value, self._manner)
        except CannotConvert as problem:
            found = kind_of(value) if argument.hidden else problem.found
            where = f"the argument ‘{parameter.name}’ of {spec.name}"
            raise CannotConvert(found, problem.wanted, where) from problem
        if isinstance(converted, Secret):
            self._masking.guard(converted)
        return converted

    # The call itself

    def _invoke(self, bound: _Bound, arguments: dict[str, Any]) -> tuple[Value, ...]:
        site, spec = bound.site, bound.site.spec
        self._journal.actions += 1
        dynamic_outputs: dict[str, Any] = {}
        if spec.wants_context:
            context = _Context(self._environment, self._journal, site, dynamic_outputs)
            arguments = {**arguments, "context": context}
        try:
            result = spec.function(**arguments)
            return self._results(bound, arguments, result, dynamic_outputs)
        except (ActionError, LogicError, MemoryError):
            raise
        except Exception as problem:
            raise UnexpectedActionError(spec.name, problem) from problem

    def _results(
        self, bound: _Bound, arguments: dict[str, Any], result: Any, dynamic_outputs: dict[str, Any]
    ) -> tuple[Value, ...]:
        """Return the answer of a condition, the wanted outputs, and the changed variables."""
        site = bound.site
        given = _given(site.spec, result)
        answer = (bool(given[0]),) if site.is_condition else ()
        outputs = given[1:] if site.is_condition else given
        wanted = [from_python(outputs[position]) for position in site.outputs]
        if site.dynamic_outputs:
            by_name = {name.casefold(): value for name, value in dynamic_outputs.items()}
            wanted += [from_python(by_name.get(name.casefold())) for name in site.dynamic_outputs]
        changed = [from_python(arguments[name].value) for name in bound.changed]
        for value in outputs:
            self._keep_open(value)
        return (*answer, *wanted, *changed)

    def _keep_open(self, value: Value) -> None:
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, Instance):
                self._open[id(one)] = one

    def _until_true(self, bound: _Bound, arguments: dict[str, Any], seconds: Value) -> tuple[Value, ...]:
        clock = self._environment.clock
        end = None if seconds is None else clock.monotonic() + float(to_number(seconds))
        pause = _FIRST_POLL
        while True:
            results = self._invoke(bound, arguments)
            if results[0]:
                return results
            left = None if end is None else end - clock.monotonic()
            if left is not None and left <= 0:
                raise WaitTimedOut(bound.site.spec.name, seconds)
            self._environment.sleep(pause if left is None else min(pause, left))
            pause = min(pause * 2, _LAST_POLL)

    # Events

    def _succeeded(self, bound: _Bound, values: tuple[Value, ...], started: Started) -> None:
        site = bound.site
        self._journal.succeeded(site.place, site.spec.label, self._summary(bound, values), started)

    def _failed(
        self, error: ActionError | LogicError, bound: _Bound, values: tuple[Value, ...], started: Started
    ) -> None:
        site = bound.site
        self._journal.failed(error, site.place, site.spec.label, self._summary(bound, values), started)

    def _summary(self, bound: _Bound, values: tuple[Value, ...]) -> str:
        shown: list[str] = []
        for part in bound.summary:
            if isinstance(part, str):
                shown.append(part)
            else:
                argument = bound.site.arguments[part]
                shown.append(self._masking.shown(values[part], hidden=argument.hidden))
        return self._masking.mask("".join(shown))


class _Bound:
    """A call, with what every round of it needs worked out once.

    Args:
        site: The call.

    Attributes:
        summary: Plain text, and the positions of arguments.
        changed: The Python names of the arguments that the action changes.
    """

    def __init__(self, site: CallSite) -> None:
        self.site = site
        self.summary = tuple(_summary_parts(site))
        self.changed = tuple(_reference_names(site))


def _summary_parts(site: CallSite) -> Iterator[str | int]:
    taken = enumerate(one.parameter for one in site.arguments)
    positions = {parameter.name: position for position, parameter in taken if parameter is not None}
    fixed = dict(site.fixed)
    python_names = {one.name: one for one in site.spec.parameters}
    for index, part in enumerate(re.split(r"\{(\w+)\}", site.spec.summary)):
        if index % 2 == 0:
            yield part
        elif part in positions:
            yield positions[part]
        else:
            parameter = python_names.get(part)
            value = fixed.get(parameter.python_name, parameter.default) if parameter else ""
            yield _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return "" if value is None or isinstance(value, Secret) else str(value)


def _fresh(argument: SiteArgument, value: Value) -> Value:
    """Return what an action changes; a variable that was never assigned starts anew (robin 7)."""
    if value is not None or argument.parameter is None:
        return value
    kind = argument.parameter.type
    if kind.startswith("List<"):
        return []
    if kind == "CustomObject":
        return CustomObject()
    return DataTable() if kind == "DataTable" else None


def _reference_names(site: CallSite) -> list[str]:
    return [one.parameter.python_name for one in site.references if one.parameter is not None]


def _given(spec: ActionSpec, result: Any) -> tuple[Any, ...]:
    """Return a function's results one by one, as its declaration counts them."""
    count = len(spec.outputs) + (spec.kind is not ActionKind.ACTION)
    if count == 0:
        return ()
    if count == 1:
        return tuple(result) if isinstance(result, tuple) and hasattr(result, "_fields") else (result,)
    return tuple(result)
