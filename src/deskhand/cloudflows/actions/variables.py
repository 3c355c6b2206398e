"""The actions on variables: initialize, set, increment, decrement, append. Source: cloud-flows 3.5.

Variables belong to the run as a whole, also within parallel loops: each action is one step of the engine, so
updates never mix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from deskhand.cloudflows.declare import ActionFailed, Done, Field, Group, Outcome, Step, Variable, action
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, find_key, fits_long, is_integer, is_number, to_text, type_name

_MOST = 104_857_600
_DEFAULTS: Mapping[str, Callable[[], Value]] = {
    "integer": lambda: 0,
    "float": lambda: 0.0,
    "boolean": lambda: False,
    "array": list,
    "string": lambda: None,
    "object": lambda: None,
}
_FITS: Mapping[str, Callable[[Value], bool]] = {
    "integer": is_integer,
    "float": is_number,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: value is None or isinstance(value, str),
    "array": lambda value: value is None or isinstance(value, list),
    "object": lambda value: value is None or isinstance(value, dict),
}
_NAME = Field("inputs/name", "Name", type="string", required=True)
_VALUE = Field("inputs/value", "Value", required=True)


@action(
    "InitializeVariable",
    title="Initialize variable",
    group=Group.VARIABLES,
    fields=(
        Field("inputs/variables/0/name", "Name", type="string", required=True),
        Field("inputs/variables/0/type", "Type", required=True, options=tuple(_DEFAULTS)),
        Field("inputs/variables/0/value", "Value"),
    ),
)
def initialize_variable(step: Step) -> Outcome:
    """Give a variable its type and first value."""
    listed = member(_members(step), "variables")
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, Mapping):
            raise ActionFailed("BadRequest", "Each of the 'variables' to initialize must be an object.")
        _initialize(step, one)
    return Done(code="NotSpecified")


def _initialize(step: Step, given: Mapping[str, Value]) -> None:
    name, kind = to_text(member(given, "name")), to_text(member(given, "type")).casefold()
    if kind not in _DEFAULTS:
        raise ActionFailed(
            "BadRequest",
            f"The variable '{name}' has the type '{kind}'; it must be one of '{', '.join(_DEFAULTS)}'.",
        )
    if find_key(step.run.variables, name) is not None:
        raise ActionFailed("BadRequest", f"The variable '{name}' is initialized already.")
    has_value = find_key(given, "value") is not None
    value = member(given, "value") if has_value else _DEFAULTS[kind]()
    step.run.variables[name] = Variable(kind, _fitting(name, kind, value))


@action("SetVariable", title="Set variable", group=Group.VARIABLES, fields=(_NAME, _VALUE))
def set_variable(step: Step) -> Outcome:
    """Give a variable another value of its type."""
    name, variable = _variable(step)
    return _updated(name, variable, member(_members(step), "value"))


@action(
    "IncrementVariable",
    title="Increment variable",
    group=Group.VARIABLES,
    fields=(_NAME, Field("inputs/value", "Value", type="integer")),
)
def increment_variable(step: Step) -> Outcome:
    """Add to a number variable; 1 unless another value is given."""
    return _counted(step, "increment", 1)


@action(
    "DecrementVariable",
    title="Decrement variable",
    group=Group.VARIABLES,
    fields=(_NAME, Field("inputs/value", "Value", type="integer")),
)
def decrement_variable(step: Step) -> Outcome:
    """Subtract from a number variable; 1 unless another value is given."""
    return _counted(step, "decrement", -1)


def _counted(step: Step, verb: str, sign: int) -> Outcome:
    name, variable = _variable(step)
    if variable.type not in ("integer", "float"):
        raise ActionFailed(
            "BadRequest",
            f"The variable '{name}' is of type '{variable.type.capitalize()}'. The {verb} operation needs a "
            "variable of type 'Integer' or 'Float'.",
        )
    value = variable.value + sign * _amount(step, variable.type)
    if is_integer(value) and not fits_long(value):
        raise ActionFailed(
            "BadRequest",
            f"The {verb} operation for variable '{name}' caused arithmetic overflow. The result must fit a "
            "64-bit number.",
        )
    return _updated(name, variable, value)


def _amount(step: Step, kind: str) -> int | float:
    given = member(_members(step), "value")
    if given is None:
        return 1
    if isinstance(given, str):
        given = _numeral(given)
    if kind == "float" and isinstance(given, Decimal):
        given = float(given)
    if not (is_integer(given) or (kind == "float" and isinstance(given, float))):
        raise ActionFailed(
            "BadRequest",
            f"The value to count by must be a number of the variable's type '{kind.capitalize()}'. The "
            f"provided value is of type '{type_name(given)}'.",
        )
    amount: int | float = given
    return amount


def _numeral(text: str) -> Value:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


@action(
    "AppendToStringVariable", title="Append to string variable", group=Group.VARIABLES, fields=(_NAME, _VALUE)
)
def append_to_string_variable(step: Step) -> Outcome:
    """Add text to the end of a text variable."""
    name, variable = _variable(step)
    _require(name, variable, "string")
    text = to_text(variable.value) + to_text(member(_members(step), "value"))
    return _appended(name, variable, text)


@action(
    "AppendToArrayVariable", title="Append to array variable", group=Group.VARIABLES, fields=(_NAME, _VALUE)
)
def append_to_array_variable(step: Step) -> Outcome:
    """Add one element to the end of an array variable."""
    name, variable = _variable(step)
    _require(name, variable, "array")
    # A new list each time: whoever read the old one, a record among them, keeps it as it was.
    return _appended(name, variable, [*(variable.value or ()), member(_members(step), "value")])


def _require(name: str, variable: Variable, kind: str) -> None:
    if variable.type != kind:
        raise ActionFailed(
            "BadRequest",
            f"The variable '{name}' is of type '{variable.type.capitalize()}'. Appending needs a variable "
            f"of type '{kind.capitalize()}'.",
        )


def _members(step: Step) -> Mapping[str, Value]:
    return step.inputs if isinstance(step.inputs, Mapping) else {}


def _variable(step: Step) -> tuple[str, Variable]:
    given = to_text(member(_members(step), "name"))
    name = find_key(step.run.variables, given)
    if name is None:
        raise ActionFailed(
            "BadRequest",
            f"The variable '{given}' cannot be updated: no action before has initialized it.",
        )
    return name, step.run.variables[name]


def _updated(name: str, variable: Variable, value: Value) -> Done:
    variable.value = _fitting(name, variable.type, value)
    return Done(code="NotSpecified", outputs={"body": {"name": name, "value": variable.value}})


def _appended(name: str, variable: Variable, value: Value) -> Done:
    """Note the longer value in the variable alone: in each record it would fill the journal."""
    variable.value = _fitting(name, variable.type, value)
    return Done(code="NotSpecified")


def _fitting(name: str, kind: str, value: Value) -> Value:
    if not _FITS[kind](value):
        takes = "Float, Integer" if kind == "float" else kind.capitalize()
        raise ActionFailed(
            "BadRequest",
            f"The variable '{name}' of type '{kind.capitalize()}' cannot be initialized or updated with "
            f"value of type '{type_name(value)}'. The variable '{name}' only supports values of types "
            f"'{takes}'.",
        )
    if isinstance(value, str) and len(value) > _MOST:
        raise ActionFailed("BadRequest", f"The variable '{name}' would have more than {_MOST} letters.")
    return value
