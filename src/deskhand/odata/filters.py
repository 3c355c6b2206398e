"""``$filter`` → conditions. Source: dataverse-api 3.4."""

from __future__ import annotations

from typing import NoReturn

from deskhand.core.errors import did_you_mean
from deskhand.odata import nodes
from deskhand.odata.cursor import Cursor, parse_literal, parse_value
from deskhand.odata.errors import QueryNotSupported, QueryTooLarge
from deskhand.odata.functions import FUNCTIONS_NOT_BUILT, NAMESPACE, SET_FUNCTIONS, TEXT_FUNCTIONS
from deskhand.odata.lexer import Kind

_DEEPEST = 50
_MOST_CONDITIONS = 500
"""What the original takes in one query."""

_COMPARATORS = {member.value: member for member in nodes.Comparator}
_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "mod", "has"})


def parse_filter(text: str, where: str) -> nodes.Condition:
    """Read a filter.

    Raises:
        QueryMalformed: It is no filter.
        QueryNotSupported: A function or an operator is known but not built.
        QueryTooLarge: It is nested too deeply, or has too many conditions.
    """
    return _FilterParser(Cursor(text, where)).parse()


def parse_property(cursor: Cursor) -> nodes.Property:
    """Read a column's name, with the way to it through related rows."""
    first = cursor.expect_kind(Kind.NAME)
    path = [first.text]
    while cursor.accept("/"):
        path.append(cursor.expect_kind(Kind.NAME).text)
    return nodes.Property(tuple(path), position=first.position)


class _FilterParser:
    """Recursive descent; ``or`` binds loosest, then ``and``, then ``not``."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._depth = 0
        self._conditions = 0

    def parse(self) -> nodes.Condition:
        condition = self._parse_or()
        if self._cursor.token.text in _ARITHMETIC:
            self._refuse(f"The operator ‘{self._cursor.token.text}’", self._cursor.token.position)
        self._cursor.expect_end("‘and’, ‘or’ or ")
        return condition

    def _parse_or(self) -> nodes.Condition:
        conditions = [self._parse_and()]
        while self._cursor.accept(nodes.Connective.OR):
            conditions.append(self._parse_and())
        return _join(nodes.Connective.OR, conditions)

    def _parse_and(self) -> nodes.Condition:
        conditions = [self._parse_not()]
        while self._cursor.accept(nodes.Connective.AND):
            conditions.append(self._parse_not())
        return _join(nodes.Connective.AND, conditions)

    def _parse_not(self) -> nodes.Condition:
        position = self._cursor.token.position
        if not self._cursor.accept("not"):
            return self._parse_condition()
        self._descend()
        condition = self._parse_not()
        self._depth -= 1
        return nodes.Negation(condition, position=position)

    def _parse_condition(self) -> nodes.Condition:
        if self._cursor.accept("("):
            self._descend()
            condition = self._parse_or()
            self._cursor.expect(")")
            self._depth -= 1
            return condition
        self._count_condition()
        if self._cursor.token.kind is Kind.NAME and self._cursor.following.text == "(":
            return self._parse_call()
        return self._parse_comparison()

    def _parse_comparison(self) -> nodes.Condition:
        left = self._parse_operand()
        word = self._cursor.token
        if word.text in _COMPARATORS:
            self._cursor.advance()
            return nodes.Comparison(
                _COMPARATORS[word.text], left, self._parse_operand(), position=left.position
            )
        if isinstance(left, nodes.Property) and self._cursor.accept("in"):
            return self._parse_membership(left)
        if isinstance(left, nodes.Property) and word.text == "(":
            self._refuse_function(left.path[-1], left.position)
        if isinstance(left, nodes.Property | nodes.Boolean) and word.text not in _ARITHMETIC:
            return left
        if word.text in _ARITHMETIC:
            self._refuse(f"The operator ‘{word.text}’", word.position)
        return self._cursor.fail("a comparison such as ‘eq’")

    def _parse_operand(self) -> nodes.Operand:
        token = self._cursor.token
        if token.kind is Kind.ALIAS:
            return nodes.Alias(self._cursor.advance().text, position=token.position)
        if token.kind is not Kind.NAME or token.text in ("null", "true", "false"):
            return parse_literal(self._cursor)
        if self._cursor.following.kind is Kind.TEXT:
            return parse_literal(self._cursor)
        if self._cursor.following.text == "(":
            self._refuse_function(token.text, token.position)
        return parse_property(self._cursor)

    def _parse_membership(self, operand: nodes.Property) -> nodes.Membership:
        self._cursor.expect("(")
        items = [parse_literal(self._cursor)]
        while self._cursor.accept(","):
            items.append(parse_literal(self._cursor))
        self._cursor.expect(")")
        return nodes.Membership(operand, tuple(items), position=operand.position)

    def _parse_call(self) -> nodes.Call:
        token = self._cursor.advance()
        namespace, _, name = token.text.rpartition(".")
        self._cursor.expect("(")
        if not namespace and name in TEXT_FUNCTIONS:
            operands = self._parse_two_operands()
            return nodes.Call(name, operands, position=token.position)
        if namespace == NAMESPACE and name in SET_FUNCTIONS:
            return nodes.Call(
                name, arguments=self._parse_arguments(), namespace=namespace, position=token.position
            )
        return self._refuse_function(token.text, token.position)

    def _parse_two_operands(self) -> tuple[nodes.Operand, ...]:
        first = self._parse_operand()
        self._cursor.expect(",")
        second = self._parse_operand()
        self._cursor.expect(")")
        return first, second

    def _parse_arguments(self) -> tuple[nodes.Argument, ...]:
        arguments = [self._parse_argument()]
        while self._cursor.accept(","):
            arguments.append(self._parse_argument())
        self._cursor.expect(")")
        return tuple(arguments)

    def _parse_argument(self) -> nodes.Argument:
        name = self._cursor.expect_kind(Kind.NAME)
        self._cursor.expect("=")
        return nodes.Argument(name.text, parse_value(self._cursor), position=name.position)

    def _refuse_function(self, full_name: str, position: int) -> NoReturn:
        name = full_name.rpartition(".")[2]
        if name in FUNCTIONS_NOT_BUILT:
            self._refuse(f"The function ‘{name}’", position)
        if name in SET_FUNCTIONS:
            self._cursor.reject(f"write the function as ‘{NAMESPACE}.{name}’", position)
        known = TEXT_FUNCTIONS | {f"{NAMESPACE}.{one}" for one in SET_FUNCTIONS}
        self._cursor.reject(f"there is no function ‘{full_name}’{did_you_mean(full_name, known)}", position)

    def _refuse(self, what: str, position: int) -> NoReturn:
        raise QueryNotSupported(what, self._cursor.where, position)

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryTooLarge(self._cursor.where, "levels", _DEEPEST)

    def _count_condition(self) -> None:
        self._conditions += 1
        if self._conditions > _MOST_CONDITIONS:
            raise QueryTooLarge(self._cursor.where, "conditions", _MOST_CONDITIONS)


def _join(connective: nodes.Connective, conditions: list[nodes.Condition]) -> nodes.Condition:
    if len(conditions) == 1:
        return conditions[0]
    return nodes.Junction(connective, tuple(conditions), position=conditions[0].position)
