"""What a field of a panel shows of an expression, and what its text means. Source: robin 6, experience 4.1.

A field holds a text with ``%…%`` places, as in Power Automate for desktop: ``Hello %Name%``, ``5``,
``%Total + 1%``.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from deskhand.core.errors import DeskhandError
from deskhand.robin.call_sites import dotted
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.nodes import (
    BooleanLiteral,
    Expression,
    NumberLiteral,
    Quote,
    TextLiteral,
    Unary,
    UnaryOperator,
)
from deskhand.robin.parser import parse_expression
from deskhand.robin.printer import print_expression

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PIECES = re.compile(r"%%|%([^%]*)%|([^%]+)")
_NUMERIC = frozenset({"Int32", "Int64", "Double", "Decimal", "Numeric", "Any", "Object"})
_LINE_END = re.compile(r"\r\n|\r|\n")


class FieldFault(DeskhandError):
    """A panel's field holds no value. Write a lone percent sign twice, and mend what stands between two."""

    code = "DH2604"


def field_text(expression: Expression, type_name: str = "Any", choices: Collection[str] = ()) -> str:
    """Return what a field shows of an expression.

    Args:
        expression: The expression.
        type_name: The catalogue's name of the type that is wanted.
        choices: What can be chosen; a choice is shown by its name alone.
    """
    path = dotted(expression)
    if choices and path is not None and path.casefold().startswith(f"{type_name.casefold()}."):
        return path.rpartition(".")[2]
    match expression:
        case TextLiteral(parts=parts):
            return "".join(_shown(part) for part in parts)
        case NumberLiteral(text=text):
            return text
        case Unary(operator=UnaryOperator.MINUS, operand=NumberLiteral(text=text)):
            return f"-{text}"
        case BooleanLiteral(value=value) if type_name == "Boolean":
            return str(value)
        case _:
            return f"%{print_expression(expression)}%"


def _shown(part: str | Expression) -> str:
    if isinstance(part, str):
        return _LINE_END.sub("\n", part).replace("%", "%%")
    return f"%{print_expression(part)}%"


def read_field(text: str, type_name: str = "Any", choices: Collection[str] = ()) -> Expression:
    """Return the expression that a field's text means.

    Args:
        text: What stands in the field.
        type_name: The catalogue's name of the type that is wanted.
        choices: What can be chosen.

    Raises:
        FieldFault: It is no value.
    """
    if text in choices:
        return _parsed(f"{type_name}.{text}")
    if type_name == "Boolean" and text.strip().casefold() in ("true", "false"):
        return BooleanLiteral(text.strip().casefold() == "true")
    if type_name in _NUMERIC and _NUMBER.fullmatch(text.strip()):
        return _parsed(text.strip())
    parts = _parts(text)
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]
    return TextLiteral(tuple(parts), Quote.INTERPOLATED)


def _parts(text: str) -> list[str | Expression]:
    parts: list[str | Expression] = []
    at = 0
    for found in _PIECES.finditer(text):
        if found.start() != at:
            break
        at = found.end()
        if found.group(1) is not None and found.group() != "%%":
            parts.append(_parsed(found.group(1)))
            continue
        letters = "%" if found.group() == "%%" else found.group(2)
        letters = _LINE_END.sub("\r\n", letters)
        if parts and isinstance(parts[-1], str):
            parts[-1] += letters
        else:
            parts.append(letters)
    if at != len(text):
        raise FieldFault("A percent sign stands alone. Write %% for the sign itself, or close the variable.")
    return parts


def _parsed(text: str) -> Expression:
    try:
        return parse_expression(text)
    except SyntaxErrors as error:
        raise FieldFault(f"%{text}% is no value: {error.diagnostics[0].message}.") from error
