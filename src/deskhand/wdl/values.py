"""The values of expressions: JSON, with the service's own text form, equality and type names.

Source: cloud-flows 5.4.

A number is an ``int``, a ``float`` (a double) or a ``Decimal`` (what the function ``decimal`` makes).
Text is counted in UTF-16 units, as .NET counts it.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

Value: TypeAlias = Any
"""None, bool, int, float, Decimal, str, list or dict of such values."""

BINARY = "application/octet-stream"
XML = "application/xml;charset=utf-8"
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def type_name(value: Value) -> str:
    """Return a value's type as the service's messages name it."""
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return "Boolean"
    return _TYPE_NAMES.get(type(value), "Object")


_TYPE_NAMES = {int: "Integer", float: "Float", Decimal: "Float", str: "String", list: "Array", dict: "Object"}


def is_number(value: Value) -> bool:
    """Return whether a value is a number; booleans are none."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def is_integer(value: Value) -> bool:
    """Return whether a value is a whole number of any size; ``1.0`` is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def fits_long(value: int) -> bool:
    """Return whether a whole number has 64 bits."""
    return _SMALLEST <= value <= _LARGEST


# Text


def to_text(value: Value) -> str:
    """Return the text form of a value: what ``string()`` and interpolation make of it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, dict) and (content := envelope_bytes(value)) is not None:
        return content.decode("utf-8", "replace").removeprefix("\ufeff")
    return str(value) if isinstance(value, int) else write_json(value)


def float_text(value: float) -> str:
    """Return the shortest text that reads as the same double, as .NET writes it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    exponent = int(exponent) + len(digits) - len(text)
    point = len(text) + exponent  # how many digits stand before the point
    minus = "-" if sign else ""
    if text == "0":
        return f"{minus}0"
    if point > 15 or point < -4:
        mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
        return f"{minus}{mantissa}E{'+' if point > 0 else '-'}{abs(point - 1):02}"
    if point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    whole, fraction = text[:point].ljust(point, "0"), text[point:]
    return f"{minus}{whole}.{fraction}" if fraction else f"{minus}{whole}"


def write_json(value: Value, indent: int | None = None) -> str:
    """Return a value as JSON text the way the service writes it.

    Floats keep a point, letters beyond ASCII stay.

    Args:
        value: What to write.
        indent: How many blanks each level has; without it the text is compact.
    """
    return "".join(_json(value, indent, 0))


def _json(value: Value, indent: int | None, level: int) -> Iterator[str]:
    if isinstance(value, dict):
        pairs = (
            [_quoted(key), ": " if indent else ":", *_json(one, indent, level + 1)]
            for key, one in value.items()
        )
        yield from _enclosed("{", "}", pairs, indent, level)
    elif isinstance(value, list):
        yield from _enclosed("[", "]", (_json(one, indent, level + 1) for one in value), indent, level)
    else:
        yield _scalar(value)


def _enclosed(
    opening: str, closing: str, parts: Iterable[Iterable[str]], indent: int | None, level: int
) -> Iterator[str]:
    separator = f"\n{' ' * indent * (level + 1)}" if indent else ""
    empty = True
    yield opening
    for part in parts:
        yield separator if empty else f",{separator}"
        yield from part
        empty = False
    if indent and not empty:
        yield f"\n{' ' * indent * level}"
    yield closing


def _scalar(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json_number(value)


def json_number(value: int | float | Decimal) -> str:
    """Return a number as JSON; what JSON has no number for becomes a text."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return '"NaN"' if math.isnan(value) else ('"Infinity"' if value > 0 else '"-Infinity"')
        text = float_text(value)
        return text if "." in text or "E" in text else f"{text}.0"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text if "." in text else f"{text}.0"
    return str(value)


_ESCAPES = {
    **{chr(code): f"\\u{code:04x}" for code in (*range(32), 0x85, 0x2028, 0x2029)},
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}
_ESCAPED = re.compile('[\\x00-\\x1f"\\\\\\x85\\u2028\\u2029]')


def _quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(lambda match: _ESCAPES[match.group()], text)}"'


def to_units(text: str) -> str:
    """Return a text with each UTF-16 unit as one letter, so that it is counted as .NET counts."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[place] | raw[place + 1] << 8) for place in range(0, len(raw), 2))


def from_units(text: str) -> str:
    """Return a text of UTF-16 units with its surrogate pairs joined."""
    if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


# Binary values


def envelope(content: bytes, content_type: str) -> dict[str, Value]:
    """Return bytes as the service carries them through JSON."""
    return {"$content-type": content_type, "$content": base64.b64encode(content).decode("ascii")}


def envelope_bytes(value: Mapping[str, Value]) -> bytes | None:
    """Return the bytes of an envelope, or None if it is none."""
    content = value.get("$content")
    if not isinstance(content, str) or "$content-type" not in value:
        return None
    return decode_base64(content)


def decode_base64(text: str) -> bytes | None:
    """Return what a base64 text holds, or None if it is not strictly one; blanks do not matter."""
    squeezed = "".join(text.split())
    try:
        return base64.b64decode(squeezed, validate=True) if len(squeezed) % 4 == 0 else None
    except (binascii.Error, ValueError):
        return None


# Equality


def are_equal(left: Value, right: Value) -> bool:
    """Return whether two values are equal as ``equals()`` sees them: numbers by value, else strictly."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    return identity(left) == identity(right)


def identity(value: Value) -> Hashable:
    """Return a key that is equal for strictly equal values: ``1`` and ``1.0`` differ, key order does not."""
    if isinstance(value, dict):
        return ("Object", frozenset((key, identity(one)) for key, one in value.items()))
    if isinstance(value, list):
        return ("Array", tuple(map(identity, value)))
    return (type_name(value), value)


def find_key(names: Iterable[str], name: str) -> str | None:
    """Return the name that matches, exactly or else in any case; None if there is none.

    Args:
        names: The known names; a mapping is asked for the exact one first.
        name: What is looked for.
    """
    if name in names:
        return name
    folded = name.casefold()
    return next((one for one in names if one.casefold() == folded), None)


def utf8(text: str) -> bytes:
    """Return a text's bytes; what is no whole letter becomes the replacement character, as in .NET."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        units = text.encode("utf-16-le", "surrogatepass")
        return units.decode("utf-16-le", "replace").encode("utf-8")
