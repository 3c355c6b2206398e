"""Tokens → tree. Source: cloud-flows 5.2 and 5.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from deskhand.wdl import nodes
from deskhand.wdl.errors import ExpressionMalformed, ExpressionTooLarge, UnexpectedToken
from deskhand.wdl.lexer import Kind, Token, tokenize
from deskhand.wdl.limits import DEFAULT_LIMITS, Limits
from deskhand.wdl.nodes import Span

_MOST_DIGITS = 4_000
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}


def parse_expression(text: str, limits: Limits = DEFAULT_LIMITS) -> nodes.Parsed:
    """Read one expression, as it stands after ``@`` or between ``@{`` and ``}``.

    Raises:
        UnexpectedToken: A word stands where another kind must stand.
        ExpressionMalformed: Something is no word at all.
        ExpressionTooLarge: It is too long, or nested too deeply.
    """
    if len(text) > limits.length:
        raise ExpressionTooLarge("its length", limits.length, "characters")
    return nodes.Parsed(text, _Parser(text, limits.depth).parse())


class _Parser:
    """Reads one expression by recursive descent."""

    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.tokens = list(tokenize(text))
        self.place = 0
        self.depth = 0
        self.deepest = depth

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def parse(self) -> nodes.Expression:
        tree = self.expression()
        self.expect(Kind.END)
        return tree

    def advance(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def accept(self, kind: Kind) -> bool:
        if self.tokens[self.place].kind is kind:
            self.place += 1
            return True
        return False

    def expect(self, kind: Kind) -> Token:
        if self.tokens[self.place].kind is not kind:
            self.fail(kind)
        return self.advance()

    def fail(self, expected: Kind) -> NoReturn:
        raise UnexpectedToken(self.text, expected, self.token.kind)

    def deeper(self, by: int = 1) -> None:
        self.depth += by
        if self.depth > self.deepest:
            raise ExpressionTooLarge("its nesting", self.deepest, "levels")

    def expression(self) -> nodes.Expression:
        tree = self.primary()
        steps = 0
        while (step := _STEPS.get(self.token.kind)) is not None:
            self.deeper()
            steps += 1
            tree = step(self, tree)
        self.depth -= steps
        return tree

    def primary(self) -> nodes.Expression:
        token = self.token
        read = _LITERALS.get(token.kind)
        if read is not None:
            self.place += 1
            return nodes.Literal(read(self, token), span=Span(token.start, token.end))
        if token.kind is not Kind.IDENTIFIER:
            self.fail(Kind.IDENTIFIER)
        self.place += 1
        if self.token.kind is not Kind.LEFT_PARENTHESIS and token.text.lower() in _WORDS:
            return nodes.Literal(_WORDS[token.text.lower()], span=Span(token.start, token.end))
        return self.call(token)

    def call(self, name: Token) -> nodes.Call:
        self.expect(Kind.LEFT_PARENTHESIS)
        self.deeper()
        arguments: list[nodes.Expression] = []
        if self.token.kind is not Kind.RIGHT_PARENTHESIS:
            arguments.append(self.expression())
            while self.accept(Kind.COMMA):
                arguments.append(self.expression())
        end = self.expect(Kind.RIGHT_PARENTHESIS).end
        self.depth -= 1
        return nodes.Call(name.text, tuple(arguments), span=Span(name.start, end))

    def safe_step(self, target: nodes.Expression) -> nodes.Expression:
        self.advance()
        if self.token.kind is Kind.LEFT_BRACKET:
            return self.bracket_step(target, safe=True)
        if self.token.kind is not Kind.DOT:
            self.fail(Kind.DOT)
        return self.dot_step(target, safe=True)

    def dot_step(self, target: nodes.Expression, safe: bool = False) -> nodes.Expression:
        self.advance()
        name = self.expect(Kind.IDENTIFIER)
        return nodes.Property(target, name.text, safe, span=Span(target.span.start, name.end))

    def bracket_step(self, target: nodes.Expression, safe: bool = False) -> nodes.Expression:
        self.advance()
        key = self.expression()
        end = self.expect(Kind.RIGHT_BRACKET).end
        return nodes.Index(target, key, safe, span=Span(target.span.start, end))

    def quoted(self, token: Token) -> str:
        return token.text[1:-1].replace("''", "'")

    def integer(self, token: Token) -> int:
        if len(token.text) > _MOST_DIGITS:
            problem = f"the number at position '{token.start}' has too many digits"
            raise ExpressionMalformed(self.text, problem)
        return int(token.text)

    def float(self, token: Token) -> float:
        return float(token.text)


_STEPS: Mapping[Kind, Callable[[_Parser, nodes.Expression], nodes.Expression]] = {
    Kind.DOT: _Parser.dot_step,
    Kind.LEFT_BRACKET: _Parser.bracket_step,
    Kind.QUESTION_MARK: _Parser.safe_step,
}
_LITERALS: Mapping[Kind, Callable[[_Parser, Token], str | int | float]] = {
    Kind.TEXT: _Parser.quoted,
    Kind.INTEGER: _Parser.integer,
    Kind.FLOAT: _Parser.float,
}
