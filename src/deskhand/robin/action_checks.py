"""Whether an action is called as it is declared. Source: robin 9, actions 3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from deskhand.core.errors import did_you_mean
from deskhand.robin.call_sites import dotted, enum_member, is_unfilled
from deskhand.robin.catalog import (
    ActionKind,
    ActionSpec,
    Catalog,
    EnumSpec,
    Parameter,
    Platform,
    UnbuiltAction,
)
from deskhand.robin.error_names import same_error
from deskhand.robin.expression_checks import ExpressionChecks
from deskhand.robin.nodes import ActionCall, Argument, Name
from deskhand.robin.semantic_codes import SemanticCode
from deskhand.robin.spaces import root_of


class CallPosition(Enum):
    """Where a call stands; the value says so in messages."""

    ROW = "on a row of its own"
    CONDITION = "as a condition"
    WAIT = "inside WAIT"


_KINDS = {
    CallPosition.ROW: (ActionKind.ACTION,),
    CallPosition.CONDITION: (ActionKind.CONDITION,),
    CallPosition.WAIT: (ActionKind.CONDITION, ActionKind.WAIT),
}

_REASONS = {
    Platform.WINDOWS: "needs Windows",
    Platform.DISPLAY: "needs a display",
    Platform.BROWSER: "needs a browser",
    Platform.SERVICE: "needs an outside service",
}


def check_call(
    call: ActionCall, position: CallPosition, catalog: Catalog, expressions: ExpressionChecks
) -> None:
    """Report what is wrong with a call of an action, its arguments included."""
    spec = catalog.resolve(call.name)
    if isinstance(spec, ActionSpec):
        _Call(call, spec, catalog, expressions).check(position)
        return
    findings = expressions.findings
    if isinstance(spec, UnbuiltAction):
        reason = _REASONS.get(spec.platform)
        message = f"the action {spec.name} ({spec.label}) is known and cannot run here yet"
        message += f"; it {reason}" if reason else ""
        findings.error(SemanticCode.UNBUILT_ACTION, message, call)
    else:
        message = f"there is no action {call.name}{did_you_mean(call.name, catalog.names())}"
        findings.error(SemanticCode.UNKNOWN_ACTION, message, call)
    for argument in call.arguments:
        if dotted(argument.value) is None and not is_unfilled(argument.value):
            expressions.check(argument.value)


class _Call:
    """Checks one call of an action that can run.

    Args:
        call: The call.
        spec: The action.
        catalog: The action library.
        expressions: Checks the arguments' values.
    """

    def __init__(
        self, call: ActionCall, spec: ActionSpec, catalog: Catalog, expressions: ExpressionChecks
    ) -> None:
        self._call = call
        self._spec = spec
        self._catalog = catalog
        self._expressions = expressions
        self._findings = expressions.findings

    def check(self, position: CallPosition) -> None:
        spec = self._spec
        if spec.kind not in _KINDS[position]:
            article = "an" if spec.kind is ActionKind.ACTION else "a"
            message = f"{spec.name} is {article} {spec.kind} and cannot stand {position.value}"
            self._findings.error(SemanticCode.MISPLACED_ACTION, message, self._call)
        self._arguments()
        self._missing()
        self._outputs()
        self._errors(position)

    def _arguments(self) -> None:
        seen: set[tuple[bool, str]] = set()
        for argument in self._call.arguments:
            parameter = None if argument.dynamic else self._spec.parameter(argument.name)
            name = argument.name if parameter is None else parameter.name
            key = (argument.dynamic, name.casefold())
            if key in seen:
                message = f"{self._spec.name} is given ‘{name}’ twice"
                self._findings.error(SemanticCode.DUPLICATE_ARGUMENT, message, argument)
            seen.add(key)
            if parameter is not None:
                self._value(argument, parameter)
            elif argument.dynamic and self._spec.dynamic:
                self._expressions.check(argument.value)
            else:
                self._unknown(argument)

    def _unknown(self, argument: Argument) -> None:
        if not argument.dynamic and self._belongs_to_another_form(argument.name):
            message = f"‘{argument.name}’ has no effect here: it belongs to another form of {self._spec.name}"
            self._findings.warning(SemanticCode.IGNORED_ARGUMENT, message, argument)
            return
        hint = did_you_mean(argument.name, (one.name for one in self._spec.parameters))
        message = f"{self._spec.name} has no argument ‘{argument.name}’{hint}"
        self._findings.error(SemanticCode.UNKNOWN_ARGUMENT, message, argument)

    def _belongs_to_another_form(self, name: str) -> bool:
        return any(form.parameter(name) is not None for form in self._other_forms())

    def _other_forms(self) -> Iterator[ActionSpec]:
        """Yield the other forms of the same action: PAD shows a form's arguments by version (actions 3.3)."""
        action = ".".join(self._spec.name.split(".")[:2]).casefold()
        for known in self._catalog.names():
            if known.casefold() == action or known.casefold().startswith(f"{action}."):
                form = self._catalog.resolve(known)
                if isinstance(form, ActionSpec):
                    yield form

    def _value(self, argument: Argument, parameter: Parameter) -> None:
        if is_unfilled(argument.value):
            return
        if parameter.by_reference and not isinstance(argument.value, Name):
            message = f"{self._spec.name} changes its ‘{parameter.name}’, so it must be a variable"
            self._findings.error(SemanticCode.NO_REFERENCE, message, argument)
        if parameter.enum is not None and self._is_enum_path(argument, parameter.enum):
            self._enum_value(argument, parameter)
        else:
            self._expressions.check(argument.value)

    def _is_enum_path(self, argument: Argument, enum: EnumSpec) -> bool:
        """Return whether a value is the path of an enumeration, right or wrong, and no variable."""
        root = root_of(argument.value)
        if root is None:
            return False
        path = dotted(argument.value)
        if path is not None and path.rpartition(".")[0].casefold() == enum.name.casefold():
            return True
        is_other = path is not None and self._catalog.enum(path) is not None
        return is_other or not self._expressions.knows(root.name)

    def _enum_value(self, argument: Argument, parameter: Parameter) -> None:
        assert parameter.enum is not None, "the caller has looked"
        if enum_member(argument.value, parameter, self._catalog) is not None:
            return
        root = root_of(argument.value)
        path = dotted(argument.value) or (root.name if root else "")
        values = [f"{parameter.enum.name}.{one.value}" for one in parameter.enum.members]
        last = path.rpartition(".")[2].casefold()
        same = [one for one in values if one.rpartition(".")[2].casefold() == last]
        hint = f"; did you mean ‘{same[0]}’?" if same else did_you_mean(path, values)
        known = "" if hint else f"; known are {', '.join(values)}"
        message = f"‘{path}’ is no value of {parameter.enum.name}{hint}{known}"
        self._findings.error(SemanticCode.WRONG_ENUM, message, argument)

    def _missing(self) -> None:
        given = {
            parameter.name
            for one in self._call.arguments
            if not one.dynamic and not is_unfilled(one.value)
            for parameter in [self._spec.parameter(one.name)]
            if parameter is not None
        }
        for parameter in self._spec.parameters:
            if parameter.required and parameter.name not in given:
                message = f"{self._spec.name} needs its argument ‘{parameter.name}’"
                self._findings.error(SemanticCode.MISSING_ARGUMENT, message, self._call)

    def _outputs(self) -> None:
        known = {one.name.casefold(): one.name for one in self._spec.outputs}
        for output in self._call.outputs:
            self._expressions.check(output.target)
            if output.dynamic and self._spec.dynamic:
                continue
            if output.dynamic or output.name.casefold() not in known:
                hint = did_you_mean(output.name, known.values())
                message = f"{self._spec.name} has no output ‘{output.name}’{hint}"
                self._findings.error(SemanticCode.UNKNOWN_OUTPUT, message, output)

    def _errors(self, position: CallPosition) -> None:
        cases = self._call.handler.cases if self._call.handler else ()
        known = list(_error_names(self._spec, position))
        for case in cases:
            if case.error is not None and not any(same_error(case.error, name) for name in known):
                hint = did_you_mean(case.error, known)
                message = f"{self._spec.name} raises no error ‘{case.error}’{hint}"
                self._findings.warning(SemanticCode.UNKNOWN_ERROR, message, case)


def _error_names(spec: ActionSpec, position: CallPosition) -> Iterable[str]:
    names = [one.error_name for one in spec.errors]
    return [*names, "TimeoutError"] if position is CallPosition.WAIT else names
