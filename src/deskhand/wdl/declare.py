"""The declaration of an expression function: a typed Python function. Source: cloud-flows 5.5 to 5.12.

From the signature follow the name, the number of parameters and their types; the docstring is the
reference, and the lines under its ``Examples`` run as tests. What the service says about wrong
parameters differs from function to function, so a declaration can spell it::

    @function(count="expects two parameters: the string to split as the first parameter, ...")
    def split(text: Text, separator: Text) -> list[Value]: ...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from deskhand.wdl.errors import FunctionFailed, ValueRefused
from deskhand.wdl.limits import Limits
from deskhand.wdl.scope import Scope
from deskhand.wdl.values import Value, fits_long, is_integer, is_number, type_name

F = TypeVar("F", bound=Callable[..., Any])


class Refused(Exception):
    """A function's own refusal; the call adds the function's name.

    Attributes:
        before: What stands before the name.
        after: What stands after it, beginning with the closing quote.
    """

    def __init__(self, after: str, before: str = "The template language function '") -> None:
        super().__init__(after)
        self.before = before
        self.after = after


def refused(text: str) -> Refused:
    """Return the refusal ``The template language function '<name>' <text>``."""
    return Refused(f"' {text}")


def not_valid() -> Refused:
    """Return the refusal that says no more than that the parameters are not valid."""
    return Refused("' are not valid.", "The provided parameters for template language function '")


@dataclass(frozen=True, slots=True)
class Expects:
    """What the service says a parameter must be.

    Attributes:
        phrase: What follows after the parameter; empty for the most general refusal.
        subject: How it names the parameter, where that does not follow from its place.
    """

    phrase: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """What a function is told about its call beside its parameters; it stands first if it is asked for."""

    scope: Scope
    limits: Limits


Text = Annotated[str, Expects("to be of type string")]
Flag = Annotated[bool, Expects("to be of type boolean")]
Whole = Annotated[int, Expects("to be an integer")]
Array = Annotated[list[Value], Expects("to be of type array")]
Members = Annotated[dict[str, Value], Expects("to be of type object")]
Number = int | float | Decimal

_CHECKS: Mapping[Any, Callable[[Value], bool]] = {
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool),
    int: is_integer,
    float: is_number,
    list: lambda value: isinstance(value, list),
    dict: lambda value: isinstance(value, dict),
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a declared function.

    Attributes:
        check: Whether a value is of its type; None takes all.
        expects: What the service says it must be; None for the most general refusal.
        whole: Whether it is a whole number, which must have 64 bits.
    """

    name: str
    type: str
    check: Callable[[Value], bool] | None
    expects: Expects | None
    optional: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function.

    Attributes:
        name: As the language spells it.
        aliases: Further names.
        parameters: Those with a place of their own.
        least: How many must be given.
        most: How many may be given; None for any number.
        lazy: Whether it gets its parameters unevaluated.
        wants_call: Whether it wants to know its :class:`Call`.
        documentation: Its docstring.
    """

    name: str
    aliases: tuple[str, ...]
    body: Callable[..., Value]
    parameters: tuple[Parameter, ...]
    least: int
    most: int | None
    count: str
    lazy: bool
    wants_call: bool
    documentation: str
    differs: str

    def __call__(self, call: Call, arguments: Sequence[Value]) -> Value:
        """Check the parameters and call the function.

        Raises:
            FunctionFailed: The parameters are not what it takes.
        """
        try:
            self.check_count(len(arguments))
            self._check_types(arguments)
            return self.body(call, *arguments) if self.wants_call else self.body(*arguments)
        except Refused as refusal:
            raise FunctionFailed(self.name, f"{refusal.before}{self.name}{refusal.after}") from None

    def check_count(self, count: int) -> None:
        """Refuse a wrong number of parameters."""
        if count < self.least or (self.most is not None and count > self.most):
            raise refused(self.count.replace("{count}", str(count))) if self.count else not_valid()

    def _check_types(self, arguments: Sequence[Value]) -> None:
        for place, (parameter, value) in enumerate(zip(self.parameters, arguments, strict=False)):
            if parameter.check is None:
                continue
            if not parameter.check(value):
                raise self._mistyped(place, parameter, value)
            if parameter.whole and not fits_long(value):
                raise ValueRefused("Object must implement IConvertible.")

    def _mistyped(self, place: int, parameter: Parameter, value: Value) -> Refused:
        if parameter.expects is None:
            return not_valid()
        subject = "parameter" if self.most == 1 else f"{_ORDINALS[place]} parameter"
        return refused(
            f"expects its {parameter.expects.subject or subject} {parameter.expects.phrase}. "
            f"The provided value is of type '{type_name(value)}'."
        )


FUNCTIONS: dict[str, Function] = {}
"""Every declared function, by its names in lower case."""


def function(
    *, name: str = "", aliases: tuple[str, ...] = (), count: str = "", lazy: bool = False, differs: str = ""
) -> Callable[[F], F]:
    """Declare an expression function.

    Args:
        name: The language's spelling, where it does not follow from the Python name.
        aliases: Further names.
        count: What the service says to a wrong number of parameters; ``{count}`` is how many there were.
            Unless it says so itself, *The function was invoked with ...* follows.
        lazy: Whether it gets its parameters unevaluated, as functions without parameters.
        differs: How it knowingly departs from the service.
    """

    def declare(body: F) -> F:
        declared = _read(body, name or _camel(body.__name__), aliases, count, lazy, differs)
        for spelling in (declared.name, *aliases):
            FUNCTIONS[spelling.lower()] = declared
        return body

    return declare


def _camel(name: str) -> str:
    first, *rest = name.strip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def _read(
    body: Callable[..., Any], name: str, aliases: tuple[str, ...], count: str, lazy: bool, differs: str
) -> Function:
    hints = get_type_hints(body, include_extras=True)
    signature = list(inspect.signature(body).parameters.values())
    wants_call = bool(signature) and hints.get(signature[0].name) is Call
    listed = signature[1:] if wants_call else signature
    variadic = any(one.kind is one.VAR_POSITIONAL for one in listed)
    placed = tuple(_parameter(one, hints[one.name]) for one in listed if one.kind is not one.VAR_POSITIONAL)
    if not body.__doc__:
        raise TypeError(f"the expression function {name} has no docstring")
    most = None if variadic else len(placed)
    return Function(
        name=name,
        aliases=aliases,
        body=body,
        parameters=placed,
        least=sum(not one.optional for one in placed),
        most=most,
        count=_said_about_count(count, most),
        lazy=lazy,
        wants_call=wants_call,
        documentation=inspect.cleandoc(body.__doc__),
        differs=differs,
    )


def _said_about_count(count: str, most: int | None) -> str:
    if not count:
        return "must have only one parameter." if most == 1 else ""
    return count if "invoked" in count else f"{count} The function was invoked with '{{count}}' parameter(s)."


def _parameter(one: inspect.Parameter, hint: Any) -> Parameter:
    expects = next((mark for mark in get_args(hint)[1:] if isinstance(mark, Expects)), None)
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    kinds = _kinds(plain)
    optional = one.default is not one.empty
    shown = " | ".join(kind.__name__ for kind in kinds) or "any"
    said = expects if expects and expects.phrase else None
    return Parameter(one.name, shown, _checked(kinds), said, optional, whole=kinds == (int,))


def _kinds(hint: Any) -> tuple[type, ...]:
    """Return the plain types of a hint, without None; empty if it takes anything."""
    if get_origin(hint) is Annotated:
        return _kinds(get_args(hint)[0])
    if get_origin(hint) in (UnionType, Union):
        return tuple(kind for member in get_args(hint) for kind in _kinds(member))
    plain = get_origin(hint) or hint
    return (plain,) if plain in _CHECKS else ()


def _checked(kinds: tuple[type, ...]) -> Callable[[Value], bool] | None:
    if not kinds:
        return None
    checks = tuple(_CHECKS[kind] for kind in (kinds if float not in kinds else (float,)))
    return checks[0] if len(checks) == 1 else lambda value: any(check(value) for check in checks)


def documented(name: str) -> Function:
    """Return a declared function by one of its names, in any case."""
    return FUNCTIONS[name.lower()]


def examples(declared: Function) -> Iterator[tuple[str, str]]:
    """Yield the examples of a function's docstring: an expression and its value as JSON."""
    _, _, section = declared.documentation.partition("Examples:\n")
    for line in section.splitlines():
        expression, arrow, expected = line.strip().partition(" -> ")
        if arrow:
            yield expression, expected
