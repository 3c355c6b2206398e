"""Where actions are called: all that is known of a call before the flow runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from deskhand.robin.catalog import ActionKind, ActionSpec, Catalog, Parameter
from deskhand.robin.conversion import Converter, converter, enum_converter
from deskhand.robin.nodes import (
    ActionCall,
    Argument,
    Expression,
    Grouped,
    Name,
    OutputArgument,
    Property,
    UnparsedLiteral,
)
from deskhand.robin.walking import walk


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands.

    Attributes:
        subflow: Its subflow, as the text spells it.
        row: Its number in the subflow (robin 15).
        line: Its line in the file.
        column: Its column in the line.
        action: What it does, as the action log names it: ``SET`` or an action's full name.
        file: The file.
    """

    subflow: str
    row: int
    line: int
    column: int
    action: str
    file: str


@dataclass(frozen=True, slots=True)
class SiteArgument:
    """One argument that is evaluated at every call.

    Attributes:
        parameter: What it is for; None for a dynamic one.
        name: Its Robin name.
        convert: Makes the value one of the parameter's type; None where any value will do.
        hidden: Whether its value must never be shown.
        value: What is evaluated.
    """

    parameter: Parameter | None
    name: str
    convert: Converter | None
    hidden: bool
    value: Expression

    @property
    def by_reference(self) -> bool:
        """Return whether the action changes the variable that the argument is."""
        return self.parameter is not None and self.parameter.by_reference


@dataclass(frozen=True, slots=True)
class CallSite:
    """One call of an action.

    Attributes:
        spec: The action.
        place: Where the call stands.
        arguments: What is evaluated, in the order in which values are handed over.
        fixed: Enumeration values, known beforehand, by Python name.
        outputs: Which of the action's outputs are wanted, by their position.
        dynamic_outputs: The dynamic outputs that are wanted, by name.
        targets: Where all wanted outputs go, the dynamic ones last.
    """

    spec: ActionSpec
    place: Place
    arguments: tuple[SiteArgument, ...]
    fixed: tuple[tuple[str, Enum], ...]
    outputs: tuple[int, ...]
    dynamic_outputs: tuple[str, ...]
    targets: tuple[OutputArgument, ...]

    @property
    def is_condition(self) -> bool:
        """Return whether the action answers True or False before its outputs."""
        return self.spec.kind is not ActionKind.ACTION

    @property
    def references(self) -> tuple[SiteArgument, ...]:
        """Return the arguments that the action changes."""
        return tuple(one for one in self.arguments if one.by_reference)


def call_site(
    call: ActionCall, spec: ActionSpec, place: Place, catalog: Catalog, sensitive: frozenset[str]
) -> CallSite:
    """Return what is known of a call whose arguments have been checked.

    Args:
        call: The call.
        spec: Its action.
        place: Where it stands.
        catalog: The action library, which knows enumerations.
        sensitive: The variables whose values nobody may see, in lower case.
    """
    arguments: list[SiteArgument] = []
    fixed: list[tuple[str, Enum]] = []
    for argument in call.arguments:
        if is_unfilled(argument.value):
            continue
        parameter = None if argument.dynamic else spec.parameter(argument.name)
        member = enum_member(argument.value, parameter, catalog)
        if parameter is not None and member is not None:
            fixed.append((parameter.python_name, member))
        elif parameter is not None or argument.dynamic:
            arguments.append(_site_argument(argument, parameter, sensitive))
    known = tuple(_wanted(call.outputs, spec))
    dynamic = tuple(one for one in call.outputs if one.dynamic)
    return CallSite(
        spec=spec,
        place=place,
        arguments=tuple(arguments),
        fixed=tuple(fixed),
        outputs=tuple(position for position, _ in known),
        dynamic_outputs=tuple(one.name for one in dynamic),
        targets=(*(output for _, output in known), *dynamic),
    )


def is_unfilled(value: Expression) -> bool:
    """Return whether an argument is a pair of backticks: not filled in (robin 2.4)."""
    return isinstance(value, UnparsedLiteral) and not value.text.strip()


def mentions(value: Expression, names: frozenset[str]) -> bool:
    """Return whether an expression contains one of some variables."""
    return any(isinstance(node, Name) and node.name.casefold() in names for node in walk(value))


def _site_argument(
    argument: Argument, parameter: Parameter | None, sensitive: frozenset[str]
) -> SiteArgument:
    hidden = mentions(argument.value, sensitive) or (parameter is not None and parameter.secret)
    return SiteArgument(parameter, argument.name, _converter_of(parameter), hidden, argument.value)


def _converter_of(parameter: Parameter | None) -> Converter | None:
    if parameter is None or parameter.by_reference:
        return None
    return enum_converter(parameter.enum.members) if parameter.enum else converter(parameter.type)


def _wanted(outputs: Sequence[OutputArgument], spec: ActionSpec) -> Iterator[tuple[int, OutputArgument]]:
    positions = {one.name.casefold(): position for position, one in enumerate(spec.outputs)}
    for output in outputs:
        position = positions.get(output.name.casefold())
        if position is not None and not output.dynamic:
            yield position, output


def dotted(value: Expression) -> str | None:
    """Return ``Module.Enum.Value`` for a chain of names, or None for any other expression."""
    names: list[str] = []
    while isinstance(value, Property | Grouped):
        if isinstance(value, Property):
            names.append(value.name)
            value = value.of
        else:
            value = value.inner
    if not isinstance(value, Name) or not names:
        return None
    return ".".join([value.name, *reversed(names)])


def enum_member(value: Expression, parameter: Parameter | None, catalog: Catalog) -> Enum | None:
    """Return the enumeration value that an argument's path names, if the parameter takes it."""
    path = dotted(value)
    if parameter is None or parameter.enum is None or path is None:
        return None
    found = catalog.enum(path)
    if found is None:
        return None
    spec, member = found
    return member if spec.members is parameter.enum.members else None
