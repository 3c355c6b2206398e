"""Walks over tokens, and reads values from them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import NoReturn
from uuid import UUID

from deskhand.core.clock import from_wire
from deskhand.odata import nodes
from deskhand.odata.errors import QueryMalformed
from deskhand.odata.lexer import Kind, Token, tokenize

_GREATEST_MAGNITUDE = 400
"""The decimal exponent beyond which no column holds a number."""


class Cursor:
    """A place among the tokens of one text; blanks are passed over.

    Args:
        text: The decoded text.
        where: What it is, for messages: ``$filter``.
    """

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self._tokens = [token for token in tokenize(text, where) if token.kind is not Kind.BLANK]
        self._place = 0

    @property
    def token(self) -> Token:
        """Return the token that comes next."""
        return self._tokens[self._place]

    @property
    def following(self) -> Token:
        """Return the token after the next one."""
        return self._tokens[min(self._place + 1, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Return the next token and pass it."""
        token = self.token
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def accept(self, text: str) -> bool:
        """Pass a symbol or a word if it comes next, and tell whether it did."""
        found = self.token.text == text and self.token.kind in (Kind.SYMBOL, Kind.NAME)
        if found:
            self.advance()
        return found

    def expect(self, text: str) -> None:
        """Pass a symbol or a word that has to come next."""
        if not self.accept(text):
            self.fail(f"‘{text}’")

    def expect_kind(self, kind: Kind) -> Token:
        """Return a token that has to be of some kind, and pass it."""
        return self.advance() if self.token.kind is kind else self.fail(kind.value)

    def expect_end(self, alternatives: str) -> None:
        """Make sure that nothing follows."""
        if self.token.kind is not Kind.END:
            self.fail(f"{alternatives}the end")

    def fail(self, expected: str) -> NoReturn:
        """Raise that something else was expected here."""
        token = self.token
        found = "the text ends" if token.kind is Kind.END else f"‘{token.text[:60]}’ stands there"
        self.reject(f"expected {expected}, but {found}", token.position)

    def reject(self, problem: str, position: int) -> NoReturn:
        """Raise that something is wrong at a place."""
        raise QueryMalformed(self.where, position, problem)


def parse_literal(cursor: Cursor) -> nodes.Literal:
    """Read one value: a number, a text, a GUID, a date, ``true``, ``false`` or ``null``."""
    token = cursor.token
    reader = _word if token.kind is Kind.NAME and token.text in _WORDS else _READERS.get(token.kind)
    if reader is None:
        _refuse_typed_literal(cursor)
        cursor.fail("a value")
    cursor.advance()
    try:
        return reader(token)
    except (ValueError, ArithmeticError) as error:
        reason = "it is out of range" if isinstance(error, ArithmeticError) else error
        cursor.reject(f"‘{token.text[:60]}’ is not {token.kind.value}: {reason}", token.position)


def parse_value(cursor: Cursor) -> nodes.Value | nodes.Alias:
    """Read a value, a list of values in brackets, or an alias."""
    position = cursor.token.position
    if cursor.token.kind is Kind.ALIAS:
        return nodes.Alias(cursor.advance().text, position=position)
    if not cursor.accept("["):
        return parse_literal(cursor)
    items: list[nodes.Literal] = []
    while not cursor.accept("]"):
        if items:
            cursor.expect(",")
        items.append(parse_literal(cursor))
    return nodes.Collection(tuple(items), position=position)


def _refuse_typed_literal(cursor: Cursor) -> None:
    """Tell those who write ``guid'...'`` or ``datetime'...'`` that the prefix is of an older version."""
    name, text = cursor.token, cursor.following
    if name.kind is Kind.NAME and text.kind is Kind.TEXT:
        cursor.reject(f"write {text.text.strip(chr(39))} without ‘{name.text}’ and quotes", name.position)


def _word(token: Token) -> nodes.Literal:
    value = _WORDS[token.text]
    if value is None:
        return nodes.Null(position=token.position)
    return nodes.Boolean(value, position=token.position)


def _number(token: Token) -> nodes.Literal:
    value = Decimal(token.text)
    if abs(value.adjusted()) > _GREATEST_MAGNITUDE:
        raise OverflowError
    return nodes.Number(value, position=token.position)


def _text(token: Token) -> nodes.Literal:
    return nodes.Text(token.text[1:-1].replace("''", "'"), position=token.position)


def _json_text(token: Token) -> nodes.Literal:
    return nodes.Text(json.loads(token.text, strict=False), position=token.position)


def _guid(token: Token) -> nodes.Literal:
    return nodes.Guid(UUID(token.text), position=token.position)


def _instant(token: Token) -> nodes.Literal:
    return nodes.Instant(from_wire(token.text), position=token.position)


def _day(token: Token) -> nodes.Literal:
    return nodes.Day(date.fromisoformat(token.text), position=token.position)


_WORDS = {"null": None, "true": True, "false": False}
_READERS = {
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.JSON_TEXT: _json_text,
    Kind.GUID: _guid,
    Kind.INSTANT: _instant,
    Kind.DAY: _day,
}
