"""What happens when a row fails, as the section *On error* of its panel shows it. Source: robin 12.1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from deskhand.editor.fields import FieldFault, field_text, read_field
from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    CallSubflow,
    ErrorHandler,
    Expression,
    Goto,
    HandlerCase,
    If,
    LoopWhile,
    Name,
    NextAction,
    RepeatAction,
    Retry,
    Row,
    Set,
    Statement,
    ThrowError,
    Wait,
    WaitFor,
)
from deskhand.robin.printer import print_expression

R = TypeVar("R", bound=Row)
_NAME = re.compile(r"[^\W\d]\w*\Z")


class Continuation(StrEnum):
    """Where the flow goes on after an error."""

    NEXT = "next"
    REPEAT = "repeat"
    LABEL = "label"
    FAIL = "fail"


class StepKind(StrEnum):
    """What can be done before the flow goes on."""

    SET = "set"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class ErrorStep:
    """Something that is done when a row fails.

    Attributes:
        kind: What is done.
        name: The variable that is set, or the subflow that runs.
        value: What the variable gets, as a field shows it.
    """

    kind: StepKind
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ErrorRule:
    """What happens on an error.

    Attributes:
        error: The error's name; null for all that have no rule of their own.
        steps: What is done first.
        then: Where the flow goes on.
        label: The label that it goes on at.
    """

    error: str | None
    steps: tuple[ErrorStep, ...]
    then: Continuation
    label: str


@dataclass(frozen=True, slots=True)
class ErrorHandling:
    """What happens when a row fails.

    Attributes:
        times: How often it is tried again, as a field shows it; empty for never.
        seconds: How many seconds lie between, as a field shows it.
        rules: What happens if it fails still; without one the flow fails.
    """

    times: str
    seconds: str
    rules: tuple[ErrorRule, ...]


@dataclass(frozen=True, slots=True)
class HandlingProblem:
    """A part of the error handling that holds no value.

    Attributes:
        field: Its place: ``times``, ``rules.0.label``, ``rules.0.steps.1.value``.
        message: What is wrong with it.
    """

    field: str
    message: str


def may_fail(row: Row) -> bool:
    """Tell whether a row can say what happens when it fails."""
    return _call(row) is not None or isinstance(row, Set | CallSubflow | Wait)


def handler_of(row: Row) -> ErrorHandler | None:
    """Return what a row does when it fails."""
    call = _call(row)
    if call is not None:
        return call.handler
    return row.handler if isinstance(row, Set | CallSubflow | Wait) else None


def with_handler(row: R, handler: ErrorHandler | None) -> R:
    """Return a row with other error handling."""
    match row:
        case ActionStatement(action=call) | WaitFor(action=call):
            return replace(row, action=replace(call, handler=handler))
        case If(branches=(first, *others)) if isinstance(first.condition, ActionCall):
            condition = replace(first.condition, handler=handler)
            return replace(row, branches=(replace(first, condition=condition), *others))
        case LoopWhile(condition=ActionCall() as call):
            return replace(row, condition=replace(call, handler=handler))
        case Set() | CallSubflow() | Wait():
            return replace(row, handler=handler)
        case _:
            return row


def _call(row: Row) -> ActionCall | None:
    match row:
        case ActionStatement(action=call) | WaitFor(action=call):
            return call
        case If(branches=(first, *_)):
            condition = first.condition
        case LoopWhile(condition=condition):
            pass
        case _:
            return None
    return condition if isinstance(condition, ActionCall) else None


# From the text to the panel


def shown_handling(handler: ErrorHandler | None) -> ErrorHandling | None:
    """Return what the panel shows; None where a handler does something that it cannot show."""
    if handler is None:
        return ErrorHandling("", "", ())
    rules = [_shown_rule(case) for case in handler.cases]
    shown = tuple(one for one in rules if one is not None)
    if len(shown) != len(rules):
        return None
    retry = handler.retry
    if retry is None:
        return ErrorHandling("", "", shown)
    return ErrorHandling(field_text(retry.times, "Numeric"), field_text(retry.seconds, "Numeric"), shown)


def _shown_rule(case: HandlerCase) -> ErrorRule | None:
    *first, last = (*case.body, NextAction()) if not _goes_on(case.body) else case.body
    steps = tuple(_shown_steps(first))
    if len(steps) != len(first) or any(one.disabled or one.annotations for one in case.body):
        return None
    match last:
        case Goto(name=name):
            return ErrorRule(case.error, steps, Continuation.LABEL, name)
        case RepeatAction():
            return ErrorRule(case.error, steps, Continuation.REPEAT, "")
        case ThrowError():
            return ErrorRule(case.error, steps, Continuation.FAIL, "")
        case _:
            return ErrorRule(case.error, steps, Continuation.NEXT, "")


def _goes_on(body: Sequence[Statement]) -> bool:
    return bool(body) and isinstance(body[-1], Goto | RepeatAction | ThrowError | NextAction)


def _shown_steps(body: Sequence[Statement]) -> Iterator[ErrorStep]:
    for one in body:
        match one:
            case Set(target=target, value=value, handler=None):
                yield ErrorStep(StepKind.SET, print_expression(target), field_text(value))
            case CallSubflow(name=name, arguments=(), outputs=(), handler=None):
                yield ErrorStep(StepKind.CALL, name, "")
            case _:
                return


# From the panel to the text


def read_handling(handling: ErrorHandling) -> tuple[ErrorHandler | None, tuple[HandlingProblem, ...]]:
    """Return the handler that a panel means, and what in it holds no value."""
    problems: list[HandlingProblem] = []
    retry = _retry(handling, problems)
    cases = tuple(_case(rule, f"rules.{at}", problems) for at, rule in enumerate(handling.rules))
    names = [(rule.error or "").casefold() for rule in handling.rules]
    problems += [
        HandlingProblem(f"rules.{at}.error", "This error has a rule already.")
        for at, name in enumerate(names)
        if name in names[:at]
    ]
    if problems or (retry is None and not cases):
        return None, tuple(problems)
    # The rule for all other errors stands last, behind those that have a name.
    return ErrorHandler(retry, tuple(sorted(cases, key=lambda one: one.error is None))), ()


def _retry(handling: ErrorHandling, problems: list[HandlingProblem]) -> Retry | None:
    if not handling.times.strip():
        return None
    times = _value(handling.times, "Numeric", "times", problems)
    seconds = _value(handling.seconds.strip() or "0", "Numeric", "seconds", problems)
    return None if times is None or seconds is None else Retry(times, seconds)


def _case(rule: ErrorRule, place: str, problems: list[HandlingProblem]) -> HandlerCase:
    body = [
        found
        for at, step in enumerate(rule.steps)
        if (found := _step(step, f"{place}.steps.{at}", problems)) is not None
    ]
    match rule.then:
        case Continuation.LABEL:
            if not rule.label.strip():
                problems.append(HandlingProblem(f"{place}.label", "Choose the label to go on at."))
            body.append(Goto(rule.label.strip()))
        case Continuation.REPEAT:
            body.append(RepeatAction())
        case Continuation.FAIL:
            body.append(ThrowError())
        case Continuation.NEXT:
            pass
    return HandlerCase(rule.error or None, tuple(body))


def _step(step: ErrorStep, place: str, problems: list[HandlingProblem]) -> Statement | None:
    name = step.name.strip()
    if step.kind is StepKind.CALL:
        if not name:
            problems.append(HandlingProblem(f"{place}.name", "Choose the subflow to run."))
        return CallSubflow(name)
    if not _NAME.match(name):
        wrong = f"‘{name}’ is no variable." if name else "Name the variable to set."
        problems.append(HandlingProblem(f"{place}.name", wrong))
        return None
    value = _value(step.value, "Any", f"{place}.value", problems)
    return None if value is None else Set(Name(name), value)


def _value(text: str, type_name: str, place: str, problems: list[HandlingProblem]) -> Expression | None:
    try:
        return read_field(text, type_name)
    except FieldFault as fault:
        problems.append(HandlingProblem(place, str(fault)))
        return None
