"""Values of the entity data model: what a literal means for a column's type. Source: dataverse-api 3.3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeAlias
from uuid import UUID

from deskhand.core.clock import from_wire
from deskhand.core.ids import parse_id
from deskhand.odata import nodes

Scalar: TypeAlias = str | int | float | bool | UUID | datetime

_WHOLE_NUMBERS = {"Edm.Int32": 2**31, "Edm.Int64": 2**63}


def to_scalar(literal: nodes.Literal, edm_type: str) -> Scalar | None:
    """Return what a literal means for a type; None for ``null``.

    A GUID may stand in quotes; nothing else may that is no text.

    Args:
        literal: The literal.
        edm_type: Such as ``Edm.Int32``.

    Raises:
        ValueError: It is no value of that type; the message says what would be.
    """
    match literal, edm_type:
        case nodes.Null(), _:
            return None
        case nodes.Text(value=text), "Edm.String":
            return text
        case nodes.Text(value=text), "Edm.Guid" | "Edm.Binary":
            return _guid(text)
        case nodes.Guid(value=guid), "Edm.Guid" | "Edm.Binary":
            return guid
        case nodes.Number(value=number), "Edm.Int32" | "Edm.Int64":
            return _whole(number, edm_type)
        case nodes.Number(value=number), "Edm.Double":
            return float(number)
        case nodes.Boolean(value=truth), "Edm.Boolean":
            return truth
        case nodes.Instant(value=moment), "Edm.DateTimeOffset":
            return moment
        case nodes.Day(value=day), "Edm.DateTimeOffset":
            return datetime.combine(day, time(), UTC)
    raise ValueError(_EXPECTED[edm_type])


def text_to_scalar(literal: nodes.Literal, edm_type: str) -> Scalar | None:
    """Return what one of the values of ``In`` or ``Between`` means; they are texts for every type.

    Raises:
        ValueError: It is no value of that type; the message says what would be.
    """
    if not isinstance(literal, nodes.Text):
        return to_scalar(literal, edm_type)
    return _TEXT_READERS[edm_type](literal.value)


def _guid(text: str) -> UUID:
    value = parse_id(text)
    if value is None:
        raise ValueError(_EXPECTED["Edm.Guid"])
    return value


def _whole(number: Decimal, edm_type: str) -> int:
    limit = _WHOLE_NUMBERS[edm_type]
    if number != number.to_integral_value() or not -limit <= number < limit:
        raise ValueError(_EXPECTED[edm_type])
    return int(number)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(_EXPECTED["Edm.Double"]) from error
    if not number.is_finite() or abs(number.adjusted()) > 400:
        raise ValueError(_EXPECTED["Edm.Double"])
    return number


def _truth(text: str) -> bool:
    truth = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    if truth is None:
        raise ValueError(_EXPECTED["Edm.Boolean"])
    return truth


def _moment(text: str) -> datetime:
    try:
        return from_wire(text.strip())
    except (ValueError, OverflowError) as error:
        raise ValueError(_EXPECTED["Edm.DateTimeOffset"]) from error


_TEXT_READERS: dict[str, Callable[[str], Scalar]] = {
    "Edm.String": str,
    "Edm.Guid": _guid,
    "Edm.Binary": _guid,
    "Edm.Int32": lambda text: _whole(_number(text), "Edm.Int32"),
    "Edm.Int64": lambda text: _whole(_number(text), "Edm.Int64"),
    "Edm.Double": lambda text: float(_number(text)),
    "Edm.Boolean": _truth,
    "Edm.DateTimeOffset": _moment,
}

_EXPECTED = {
    "Edm.String": "a text in quotes",
    "Edm.Guid": "a GUID",
    "Edm.Binary": "a GUID",
    "Edm.Int32": "a whole number from -2147483648 to 2147483647",
    "Edm.Int64": "a whole number of 64 bits",
    "Edm.Double": "a number",
    "Edm.Boolean": "true or false",
    "Edm.DateTimeOffset": "a date and time such as 2026-03-01T08:00:00Z",
}
