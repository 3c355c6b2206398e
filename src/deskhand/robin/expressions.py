"""Expressions: tokens to tree (robin 2.3-2.5 and 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from deskhand.robin.cursor import Cursor, Failure, is_sign
from deskhand.robin.lexer import RESERVED_WORDS, Kind, Token
from deskhand.robin.nodes import (
    Binary,
    BinaryOperator,
    BooleanLiteral,
    DateLiteral,
    Expression,
    FunctionCall,
    Grouped,
    Index,
    ListLiteral,
    Name,
    Node,
    NumberLiteral,
    ObjectEntry,
    ObjectLiteral,
    PowerFxLiteral,
    Property,
    ProtectedLiteral,
    Quote,
    Slice,
    TableLiteral,
    Target,
    TextLiteral,
    Unary,
    UnaryOperator,
    UnparsedLiteral,
)
from deskhand.robin.syntax_codes import SyntaxCode

MAX_HEIGHT = 128
"""How high an expression's tree may be; ``a + b + c`` is two high."""

LARGEST_NUMBER = 79228162514264337593543950335
"""The largest number that flows know (robin 6.2)."""


class _Operator(NamedTuple):
    level: int
    meaning: BinaryOperator


COMPARISON_LEVEL = 3
UNARY_LEVEL = 6

OPERATORS: Mapping[str, _Operator] = {
    "OR": _Operator(0, BinaryOperator.OR),
    "XOR": _Operator(1, BinaryOperator.XOR),
    "AND": _Operator(2, BinaryOperator.AND),
    "=": _Operator(COMPARISON_LEVEL, BinaryOperator.EQUAL),
    "<>": _Operator(COMPARISON_LEVEL, BinaryOperator.NOT_EQUAL),
    "!=": _Operator(COMPARISON_LEVEL, BinaryOperator.NOT_EQUAL),
    "<": _Operator(COMPARISON_LEVEL, BinaryOperator.LESS),
    "<=": _Operator(COMPARISON_LEVEL, BinaryOperator.LESS_OR_EQUAL),
    ">": _Operator(COMPARISON_LEVEL, BinaryOperator.GREATER),
    ">=": _Operator(COMPARISON_LEVEL, BinaryOperator.GREATER_OR_EQUAL),
    "+": _Operator(4, BinaryOperator.ADD),
    "-": _Operator(4, BinaryOperator.SUBTRACT),
    "*": _Operator(5, BinaryOperator.MULTIPLY),
    "/": _Operator(5, BinaryOperator.DIVIDE),
    "MOD": _Operator(5, BinaryOperator.MODULO),
}
"""Binary operators by spelling; a higher level binds more tightly (robin 6.1)."""

_BOOLEANS: Mapping[str, bool] = {"TRUE": True, "YES": True, "FALSE": False, "NO": False}


def expression(cursor: Cursor) -> Expression:
    """Read an expression as long as the next token can continue it."""
    start = cursor.current
    tree = _binary(cursor, 0)
    if _height_exceeds(tree, MAX_HEIGHT):
        message = f"this expression joins more than {MAX_HEIGHT} parts; compute it in several SET steps"
        raise cursor.failure(SyntaxCode.TOO_DEEP, message, start)
    return tree


def target(cursor: Cursor) -> Target:
    """Read what a value is assigned to: a variable, or a place in it (robin 4)."""
    start = cursor.current
    if cursor.at_sign("%"):
        raise percent_outside_text(cursor)
    if start.kind is Kind.WORD:
        variable = Name(cursor.identifier("a variable"), span=cursor.span_since(start.start))
        place = _postfix(cursor, variable, start)
        if isinstance(place, Name | Property | Index):
            return place
    raise cursor.failure(SyntaxCode.EXPECTED, "a variable to put the value in belongs here", start)


def is_complete(cursor: Cursor) -> bool:
    """Tell whether nothing but the end of its text follows an expression."""
    return cursor.current.kind is Kind.END


def _operator(token: Token) -> _Operator | None:
    if token.kind is Kind.SIGN:
        return OPERATORS.get(token.text)
    return OPERATORS.get(token.text.upper()) if token.kind is Kind.WORD else None


def _binary(cursor: Cursor, lowest: int) -> Expression:
    start = cursor.current.start
    left = _unary(cursor)
    while (operator := _operator(cursor.current)) is not None and operator.level >= lowest:
        cursor.take()
        right = _binary(cursor, operator.level + 1)
        left = Binary(operator.meaning, left, right, span=cursor.span_since(start))
        if operator.level == COMPARISON_LEVEL:
            _no_second_comparison(cursor)
    return left


def _no_second_comparison(cursor: Cursor) -> None:
    following = _operator(cursor.current)
    if following is not None and following.level == COMPARISON_LEVEL:
        message = "comparisons do not follow each other; put the first in parentheses, or join two with AND"
        raise cursor.failure(SyntaxCode.CHAINED_COMPARISON, message)


def _unary(cursor: Cursor) -> Expression:
    start = cursor.current
    operator = _unary_operator(cursor)
    if operator is None:
        return _postfix(cursor, _primary(cursor), start)
    cursor.take()
    with cursor.nested():
        operand = _unary(cursor)
    return Unary(operator, operand, span=cursor.span_since(start.start))


def _unary_operator(cursor: Cursor) -> UnaryOperator | None:
    if cursor.word == "NOT":
        return UnaryOperator.NOT
    return UnaryOperator(cursor.current.text) if cursor.at_sign("-", "+") else None


def _postfix(cursor: Cursor, value: Expression, start: Token) -> Expression:
    """Read the properties and indexes after a value."""
    while True:
        if cursor.at_sign("."):
            cursor.take()
            name = _property_name(cursor, value)
            value = Property(value, name, span=cursor.span_since(start.start))
        elif cursor.at_sign("["):
            value = _index(cursor, value, start)
        else:
            return value


def _property_name(cursor: Cursor, of: Expression) -> str:
    token = cursor.current
    if token.kind is not Kind.WORD:
        raise cursor.failure(SyntaxCode.EXPECTED, "the name of a property belongs after the point")
    # Values of enumerations may be reserved words: ActiveDirectory.GroupScope.Global.
    is_enumeration_value = isinstance(of, Property) and isinstance(of.of, Name)
    if token.text.upper() in RESERVED_WORDS and not is_enumeration_value:
        message = f"‘{token.text}’ is a word of the language; write ['{token.text}'] instead of .{token.text}"
        raise cursor.failure(SyntaxCode.RESERVED_WORD, message)
    return cursor.take().text


def _index(cursor: Cursor, value: Expression, start: Token) -> Index | Slice:
    first: Expression | None = None
    last: Expression | None = None
    with cursor.nested(), cursor.brackets("]"):
        if not cursor.at_sign(":"):
            first = _binary(cursor, 0)
        is_slice = cursor.take_sign(":") is not None
        if is_slice and not cursor.at_sign("]"):
            last = _binary(cursor, 0)
    span = cursor.span_since(start.start)
    if is_slice or first is None:
        return Slice(value, first, last, span=span)
    return Index(value, first, span=span)


def _primary(cursor: Cursor) -> Expression:
    token = cursor.current
    if token.kind is Kind.WORD:
        return _word(cursor)
    if token.kind is Kind.SIGN:
        return _bracketed(cursor)
    literal = _LITERALS.get(token.kind)
    if literal is None:
        raise cursor.failure(SyntaxCode.NO_VALUE, f"a value belongs here, before {cursor.shown()}")
    cursor.take()
    return literal(cursor, token)


def _word(cursor: Cursor) -> Expression:
    token = cursor.current
    word = token.text.upper()
    if word in _BOOLEANS:
        cursor.take()
        return BooleanLiteral(_BOOLEANS[word], span=cursor.span_since(token.start))
    if word in RESERVED_WORDS:
        message = f"a value belongs here, but ‘{token.text}’ is a word of the language"
        raise cursor.failure(SyntaxCode.NO_VALUE, message)
    cursor.take()
    if cursor.at_sign("("):
        arguments = _list(cursor, ")")
        return FunctionCall(token.text, arguments, span=cursor.span_since(token.start))
    return Name(token.text, span=cursor.span_since(token.start))


def _bracketed(cursor: Cursor) -> Expression:
    token = cursor.current
    if token.text == "(":
        with cursor.nested(), cursor.brackets(")"):
            inner = _binary(cursor, 0)
        return Grouped(inner, span=cursor.span_since(token.start))
    if token.text == "[":
        return _list_literal(cursor)
    if token.text == "{":
        return _braces(cursor)
    if token.text == "%":
        raise percent_outside_text(cursor)
    raise cursor.failure(SyntaxCode.NO_VALUE, f"a value belongs here, before {cursor.shown()}")


def percent_outside_text(cursor: Cursor) -> Failure:
    """Return the failure that explains that percent signs stand only inside texts (robin 2.4)."""
    inner, closing, _ = cursor.source.rest_of_line(cursor.current.end).partition("%")
    hint = f"write {inner.strip()}" if closing and inner.strip() else "write the bare name"
    message = f"percent signs belong only inside $'''...'''; {hint}"
    return cursor.failure(SyntaxCode.PERCENT_OUTSIDE_TEXT, message)


# Lists, tables and objects


def _list(cursor: Cursor, closing: str) -> tuple[Expression, ...]:
    """Read values between brackets, with commas between them."""
    items: list[Expression] = []
    with cursor.nested(), cursor.brackets(closing):
        while not cursor.at_sign(closing):
            items.append(_binary(cursor, 0))
            if not cursor.take_sign(","):
                break
    return tuple(items)


def _list_literal(cursor: Cursor) -> ListLiteral:
    start = cursor.current.start
    return ListLiteral(_list(cursor, "]"), span=cursor.span_since(start))


def _braces(cursor: Cursor) -> Expression:
    """Read a table or an object; what follows the brace tells which (robin 2.5)."""
    start = cursor.current.start
    _, first, second, third = cursor.ahead_in_brackets(4)
    if is_sign(first, "{") and is_sign(second, "}") and is_sign(third, "}"):
        return _empty_object(cursor)
    if first.kind in _KEYS and is_sign(second, ":"):
        entries = _entries(cursor)
        return ObjectLiteral(entries, span=cursor.span_since(start))
    return _table(cursor)


def _empty_object(cursor: Cursor) -> ObjectLiteral:
    start = cursor.current.start
    with cursor.brackets("}"), cursor.brackets("}"):
        pass
    return ObjectLiteral((), span=cursor.span_since(start))


def _entries(cursor: Cursor) -> tuple[ObjectEntry, ...]:
    entries: list[ObjectEntry] = []
    with cursor.nested(), cursor.brackets("}"):
        while not cursor.at_sign("}"):
            entries.append(_entry(cursor))
            if not cursor.take_sign(","):
                break
    return tuple(entries)


def _entry(cursor: Cursor) -> ObjectEntry:
    token = cursor.current
    if token.kind not in _KEYS or any(not isinstance(part, str) for part in token.parts):
        raise cursor.failure(SyntaxCode.EXPECTED, "a quoted key such as 'name' belongs here")
    cursor.take()
    cursor.expect_sign(":", "between a key and its value")
    value = _binary(cursor, 0)
    key = token.text + "".join(part for part in token.parts if isinstance(part, str))
    return ObjectEntry(key, value, span=cursor.span_since(token.start))


def _table(cursor: Cursor) -> TableLiteral:
    start = cursor.current.start
    headings: ListLiteral | None = None
    rows: list[Expression] = []
    with cursor.nested(), cursor.brackets("}"):
        if cursor.take_sign("^"):
            headings = _headings(cursor)
        while not cursor.at_sign("}") and (headings is None or rows or cursor.take_sign(",")):
            rows.append(_binary(cursor, 0))
            if not cursor.take_sign(","):
                break
    return TableLiteral(headings, tuple(rows), span=cursor.span_since(start))


def _headings(cursor: Cursor) -> ListLiteral:
    if not cursor.at_sign("["):
        raise cursor.failure(
            SyntaxCode.EXPECTED, "a list of column names, such as ['Id', 'Name'], belongs after ‘^’"
        )
    return _list_literal(cursor)


# Literals


def _number(cursor: Cursor, token: Token) -> NumberLiteral:
    try:
        value = Decimal(token.text)
    except InvalidOperation:
        value = Decimal("Infinity")
    if value > LARGEST_NUMBER:
        message = f"the number {token.text[:30]} is larger than flows can hold, {LARGEST_NUMBER}"
        raise cursor.failure(SyntaxCode.BAD_VALUE, message, token)
    is_whole = "." not in token.text and value == value.to_integral_value()
    return NumberLiteral(token.text, int(value) if is_whole else value, span=cursor.span_since(token.start))


def _interpolated(cursor: Cursor, token: Token) -> TextLiteral:
    parts = [part if isinstance(part, str) else _region(cursor, part) for part in token.parts]
    return TextLiteral(tuple(parts), Quote.INTERPOLATED, span=cursor.span_since(token.start))


def _region(cursor: Cursor, tokens: tuple[Token, ...]) -> Expression:
    inner = cursor.inside(tokens)
    if is_complete(inner):
        message = "nothing stands between these percent signs; a percent sign is written %%"
        raise cursor.failure(SyntaxCode.LONE_PERCENT, message, tokens[-1])
    with inner.nested():
        value = _binary(inner, 0)
    if not is_complete(inner):
        message = (
            f"{inner.shown()} does not belong to the value between these percent signs;"
            " a percent sign itself is written %%"
        )
        raise inner.failure(SyntaxCode.LONE_PERCENT, message)
    return value


def _quoted(quote: Quote) -> Callable[[Cursor, Token], TextLiteral]:
    def read(cursor: Cursor, token: Token) -> TextLiteral:
        parts = (token.text,) if token.text else ()
        return TextLiteral(parts, quote, span=cursor.span_since(token.start))

    return read


def _date(cursor: Cursor, token: Token) -> DateLiteral:
    try:
        value = datetime.fromisoformat(_padded_fraction(token.text))
    except ValueError as error:
        message = f'‘{token.text}’ is no date; write d"2026-01-31 08:30:00.00+01:00"'
        raise cursor.failure(SyntaxCode.BAD_VALUE, message, token) from error
    return DateLiteral(token.text, value, span=cursor.span_since(token.start))


def _padded_fraction(text: str) -> str:
    """Return a date text with its fraction of a second in the six digits that Python reads."""
    head, point, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return f"{head}.{rest[:digits][:6]:0<6}{rest[digits:]}" if point else text


def _power_fx(cursor: Cursor, token: Token) -> PowerFxLiteral:
    return PowerFxLiteral(token.text, span=cursor.span_since(token.start))


def _protected(cursor: Cursor, token: Token) -> ProtectedLiteral:
    return ProtectedLiteral(token.text, span=cursor.span_since(token.start))


def _unparsed(cursor: Cursor, token: Token) -> UnparsedLiteral:
    return UnparsedLiteral(token.text, span=cursor.span_since(token.start))


_LITERALS: Mapping[Kind, Callable[[Cursor, Token], Expression]] = {
    Kind.NUMBER: _number,
    Kind.INTERPOLATED: _interpolated,
    Kind.PLAIN: _quoted(Quote.PLAIN),
    Kind.RAW: _quoted(Quote.RAW),
    Kind.POWER_FX: _power_fx,
    Kind.PROTECTED: _protected,
    Kind.BACKTICK: _unparsed,
    Kind.DATE: _date,
}

_KEYS = frozenset({Kind.PLAIN, Kind.RAW, Kind.INTERPOLATED})


# Height


def _height_exceeds(tree: Node, limit: int) -> bool:
    """Tell whether a tree is too high, without recursion."""
    level: list[Node] = [tree]
    for _ in range(limit + 1):
        if not level:
            return False
        level = [child for node in level for child in _children(node)]
    return bool(level)


def _children(node: Node) -> Iterator[Node]:
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))
