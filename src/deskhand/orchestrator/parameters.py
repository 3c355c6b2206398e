"""A flow's inputs and outputs as its schemas declare them, and values that fit them.

Source: machines-and-runs 6, dataverse-api 9.2 and 11.1. Names match in any case, as they do in the flow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from deskhand.orchestrator.errors import InputMismatch, InputMissing
from deskhand.protocol.codec import BadMessage, decode, encode

EVERYTHING = "*"
_NUMBER = re.compile(r"\s*[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?\s*\Z", re.ASCII)
_SHOWN = 40
_ANYTHING: Any = Any

_EXPECTED = {
    "string": "a text",
    "number": "a number",
    "integer": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared input or output.

    Attributes:
        name: The external name.
        type: Its JSON type; a value of an unknown type is taken as it is.
        sensitive: Whether its value is shown to nobody.
        required: Whether callers must give it.
        default: What it is when they do not; None where the flow itself decides.
    """

    name: str
    type: str
    sensitive: bool
    required: bool
    default: Any


@dataclass(frozen=True, slots=True)
class Schema:
    """The parameters by their names in lower case.

    Attributes:
        known: False where a flow carries no readable schema: then every value passes.
        secretive: Whether such a flow declares something sensitive: then no value is shown.
    """

    parameters: Mapping[str, Parameter]
    known: bool = True
    secretive: bool = False

    def hides(self, name: str) -> bool:
        """Tell whether nobody may see a parameter's value."""
        parameter = self.parameters.get(name.casefold())
        return self.secretive if parameter is None else parameter.sensitive

    @property
    def hidden(self) -> list[str] | str:
        """Return the names of what nobody may see, in lower case, or ``*`` for everything."""
        return EVERYTHING if self.secretive else sorted(filter(self.hides, self.parameters))


def read_schema(text: str | None, definition: str | None = "") -> Schema:
    """Read a flow's ``inputs`` or ``outputs`` column.

    Args:
        text: The column.
        definition: The flow's own text, which tells whether anything is sensitive where no schema does.
    """
    try:
        content = json.loads(text or "")["schema"]
        if content is None:
            return Schema({})
        properties, required = content.get("properties") or {}, content.get("required") or ()
        return Schema(
            {name.casefold(): _parameter(name, one, name in required) for name, one in properties.items()}
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Schema({}, known=False, secretive="@sensitive" in (definition or "").casefold())


def _parameter(name: str, declared: Mapping[str, Any], required: bool) -> Parameter:
    kind = str(declared.get("type") or "")
    given = [declared.get("value"), declared.get("default")]
    default = next((value for value in given if value not in (None, "")), None)
    try:
        default = _converted(kind, default)
    except ValueError:
        default = None
    return Parameter(name, kind, declared.get("format") == "password", required, default)


def fit_inputs(schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request's inputs by their declared names and types; names of no input are dropped.

    Raises:
        InputMismatch: A value cannot become what its input takes.
        InputMissing: A required input is absent.
    """
    if not schema.known:
        return dict(given)
    fitting: dict[str, Any] = {}
    for name, value in given.items():
        parameter = schema.parameters.get(name.casefold())
        if parameter is not None:
            fitting[parameter.name] = _fit(parameter, value)
    for parameter in schema.parameters.values():
        if parameter.required and parameter.default is None and parameter.name not in fitting:
            raise InputMissing(parameter.name)
    return fitting


def with_defaults(schema: Schema, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs completed by what the schema gives where a request was silent."""
    given = {name.casefold() for name in inputs}
    defaults = {
        one.name: one.default
        for key, one in schema.parameters.items()
        if one.default is not None and key not in given
    }
    return {**defaults, **inputs}


def shown(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return values as people may see them: null for every sensitive one."""
    return hide(values, schema.hidden)


def hide(values: Mapping[str, Any], hidden: Iterable[str]) -> dict[str, Any]:
    """Return values with null for those that :attr:`Schema.hidden` names."""
    names = {name.casefold() for name in values} if hidden == EVERYTHING else set(hidden)
    return {name: None if name.casefold() in names else value for name, value in values.items()}


def write_values(values: Mapping[str, Any]) -> bytes:
    """Write values as the JSON of a file column, every digit of their numbers kept."""
    return encode(dict(values))


def read_values(content: bytes) -> dict[str, Any]:
    """Read what :func:`write_values` wrote."""
    return decode(content, dict[str, Any])


def _fit(parameter: Parameter, value: Any) -> Any:
    try:
        return _converted(parameter.type, value)
    except ValueError as error:
        given = _describe(value, secret=parameter.sensitive)
        raise InputMismatch(parameter.name, _EXPECTED[parameter.type], given) from error


def _converted(kind: str, value: Any) -> Any:
    """Return a value as its declared type. Source: the table of machines-and-runs 6.2.

    Raises:
        ValueError: It cannot be one.
    """
    convert = _CONVERSIONS.get(kind)
    return value if value is None or convert is None else convert(value)


def _to_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float, Decimal)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    raise ValueError


def _to_number(value: Any) -> int | float | Decimal:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.match(value):
        number = Decimal(value.strip())
        return int(number) if number == number.to_integral_value() and number.adjusted() < 400 else number
    raise ValueError


def _to_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in ("true", "false"):
        return value.strip().casefold() == "true"
    raise ValueError


def _to_list(value: Any) -> list[Any]:
    content = _from_text(value)
    if isinstance(content, list):
        return content
    raise ValueError


def _to_object(value: Any) -> dict[str, Any]:
    content = _from_text(value)
    if isinstance(content, dict):
        return content
    raise ValueError


def _from_text(value: Any) -> Any:
    """Return a list or an object whose JSON text was given."""
    if not isinstance(value, str):
        return value
    try:
        return decode(value, _ANYTHING)
    except BadMessage as error:
        raise ValueError from error


_CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "string": _to_text,
    "number": _to_number,
    "integer": _to_number,
    "boolean": _to_boolean,
    "array": _to_list,
    "object": _to_object,
}


def _describe(value: Any, *, secret: bool) -> str:
    """Name a value in an error message; never a secret one."""
    names = {bool: "true or false", str: "a text", list: "a list", dict: "an object"}
    kind = names.get(type(value), "a number")
    if secret or isinstance(value, (list, dict)):
        return kind
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"‘{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}’"
