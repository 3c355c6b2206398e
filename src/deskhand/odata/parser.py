"""Addresses and query options → trees. Source: dataverse-api 3.1 to 3.4."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import unquote_to_bytes

from deskhand.odata import nodes
from deskhand.odata.cursor import Cursor, parse_literal, parse_value
from deskhand.odata.errors import (
    QueryMalformed,
    QueryNotSupported,
    QueryOptionRepeated,
    QueryOptionUnknown,
    QueryTooLarge,
)
from deskhand.odata.filters import parse_filter, parse_property
from deskhand.odata.lexer import Kind

T = TypeVar("T")

_LONGEST = 65_536
_OPTIONS = ("$select", "$filter", "$orderby", "$top", "$count", "$skiptoken")
_NOT_BUILT = frozenset({"$expand", "$apply", "fetchxml", "savedquery", "userquery", "sql"})


def parse_path(path: str) -> nodes.ResourcePath:
    """Read the path of an address below the service root, percent-encoded as it came.

    Raises:
        QueryMalformed: It is no address.
        QueryTooLarge: It is too long.
    """
    text = _decode(path, "the address")
    cursor = Cursor(text.strip("/"), "the address")
    segments: list[nodes.Segment] = []
    while cursor.token.kind is not Kind.END:
        if segments:
            cursor.expect("/")
        segments.append(_parse_segment(cursor))
    return nodes.ResourcePath(tuple(segments), position=1)


def parse_query(query: str) -> nodes.Query:
    """Read the query string of an address, percent-encoded as it came; ``+`` is a blank.

    Options that begin with neither ``$`` nor ``@`` are left to others.

    Raises:
        QueryMalformed: An option cannot be read.
        QueryOptionUnknown: An option that begins with ``$`` does not exist.
        QueryOptionRepeated: An option stands there twice.
        QueryNotSupported: An option, function or operator is not built.
        QueryTooLarge: It is too long or too complex.
    """
    options = split_options(query)
    _refuse_unknown(options)
    return nodes.Query(
        select=_read(options, "$select", _parse_select),
        filter=_read(options, "$filter", parse_filter),
        order=_read(options, "$orderby", _parse_order) or (),
        top=_read(options, "$top", _parse_top),
        count=_read(options, "$count", _parse_count) or False,
        skiptoken=_read(options, "$skiptoken", _parse_skiptoken),
        aliases=tuple((name, _parse_alias(text, name)) for name, text in options.items() if name[0] == "@"),
        position=1,
    )


def split_options(query: str) -> dict[str, str]:
    """Return the options by name, decoded."""
    if len(query) > _LONGEST:
        raise QueryTooLarge("The query", "characters", _LONGEST)
    options: dict[str, str] = {}
    for part in filter(None, query.replace("+", " ").split("&")):
        encoded_name, _, encoded_value = part.partition("=")
        name = _decode(encoded_name, "a query option's name").strip()
        if name.lower() in _NOT_BUILT:
            raise QueryNotSupported(f"The query parameter {name}", "the query")
        if not name:
            raise QueryMalformed("the query", 1, f"‘{part[:60]}’ has no name before its value")
        if name in options:
            raise QueryOptionRepeated(name)
        options[name] = _decode(encoded_value, name)
    return options


def _decode(text: str, where: str) -> str:
    if len(text) > _LONGEST:
        raise QueryTooLarge(where, "characters", _LONGEST)
    try:
        decoded = unquote_to_bytes(text).decode()
    except UnicodeDecodeError as error:
        raise QueryMalformed(where, error.start + 1, "the percent-encoded bytes are not UTF-8") from error
    if "\0" in decoded:
        # No row holds one: PostgreSQL takes none, and refuses the whole statement.
        raise QueryMalformed(where, decoded.index("\0") + 1, "the character U+0000 has no meaning here")
    return decoded


def _refuse_unknown(options: Iterable[str]) -> None:
    for name in options:
        if name.startswith("$") and name not in _OPTIONS:
            raise QueryOptionUnknown(name, _OPTIONS)


def _read(options: Mapping[str, str], name: str, parse: Callable[[str, str], T]) -> T | None:
    return parse(options[name], name) if name in options else None


def _parse_alias(text: str, where: str) -> nodes.Value:
    cursor = Cursor(text, where)
    if cursor.token.text == "{":
        raise QueryNotSupported("An object as a parameter", where)
    value = parse_value(cursor)
    cursor.expect_end("")
    if isinstance(value, nodes.Alias):
        cursor.reject("an alias cannot stand for another one", value.position)
    return value


def _parse_segment(cursor: Cursor) -> nodes.Segment:
    token = cursor.expect_kind(Kind.NAME)
    namespace, _, name = token.text.rpartition(".")
    arguments = _parse_arguments(cursor) if cursor.accept("(") else None
    return nodes.Segment(name, arguments, namespace, position=token.position)


def _parse_arguments(cursor: Cursor) -> tuple[nodes.Argument, ...]:
    if cursor.accept(")"):
        return ()
    arguments = tuple(_separated(cursor, _parse_argument))
    cursor.expect(")")
    if len(arguments) > 1 and not all(argument.name for argument in arguments):
        cursor.reject("several values need names, as in (name=value,name=value)", arguments[0].position)
    return arguments


def _parse_argument(cursor: Cursor) -> nodes.Argument:
    position = cursor.token.position
    name = ""
    if cursor.token.kind is Kind.NAME and cursor.following.text == "=":
        name = cursor.advance().text
        cursor.advance()
    return nodes.Argument(name, _parse_key_value(cursor), position=position)


def _parse_key_value(cursor: Cursor) -> nodes.Value | nodes.Alias:
    """Read a value; in addresses a GUID may stand in braces."""
    if not cursor.accept("{"):
        return parse_value(cursor)
    if cursor.token.kind is not Kind.GUID:
        cursor.fail(Kind.GUID.value)
    value = parse_literal(cursor)
    cursor.expect("}")
    return value


def _separated(cursor: Cursor, parse: Callable[[Cursor], T]) -> Iterator[T]:
    """Yield what stands between commas, at least one."""
    yield parse(cursor)
    while cursor.accept(","):
        yield parse(cursor)


def _parse_select(text: str, where: str) -> tuple[nodes.Property, ...]:
    cursor = Cursor(text, where)
    columns = tuple(_separated(cursor, _parse_selected))
    cursor.expect_end("‘,’ or ")
    return () if None in columns else tuple(column for column in columns if column is not None)


def _parse_selected(cursor: Cursor) -> nodes.Property | None:
    return None if cursor.accept("*") else parse_property(cursor)


def _parse_order(text: str, where: str) -> tuple[nodes.OrderTerm, ...]:
    cursor = Cursor(text, where)
    terms = tuple(_separated(cursor, _parse_order_term))
    cursor.expect_end("‘asc’, ‘desc’, ‘,’ or ")
    return terms


def _parse_order_term(cursor: Cursor) -> nodes.OrderTerm:
    operand = parse_property(cursor)
    descending = cursor.accept(nodes.Direction.DESCENDING)
    if not descending:
        cursor.accept(nodes.Direction.ASCENDING)
    direction = nodes.Direction.DESCENDING if descending else nodes.Direction.ASCENDING
    return nodes.OrderTerm(operand, direction, position=operand.position)


def _parse_top(text: str, where: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9 and int(digits) > 0):
        raise QueryMalformed(where, 1, f"expected a whole number from 1, but ‘{text[:60]}’ stands there")
    return int(digits)


def _parse_count(text: str, where: str) -> bool:
    word = text.strip()
    if word not in ("true", "false"):
        raise QueryMalformed(where, 1, f"expected ‘true’ or ‘false’, but ‘{text[:60]}’ stands there")
    return word == "true"


def _parse_skiptoken(text: str, where: str) -> str:
    if not text:
        raise QueryMalformed(where, 1, "it is empty; follow @odata.nextLink as it was given")
    return text
