"""Nodes of Python's own syntax tree, each at the line of the Robin statement that it stands for."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

Code = list[ast.stmt]


class PythonTree:
    """Builds nodes at one line.

    Attributes:
        line: Where the nodes built next stand.
    """

    def __init__(self) -> None:
        self.line = 1

    @property
    def _at(self) -> dict[str, Any]:
        line = max(self.line, 1)
        return {"lineno": line, "col_offset": 0, "end_lineno": line, "end_col_offset": 0}

    # Expressions

    def constant(self, value: str | int | bool | None) -> ast.expr:
        """Return a constant of a type that code objects hold."""
        return ast.Constant(value, **self._at)

    def name(self, name: str) -> ast.expr:
        """Return what a name stands for."""
        return ast.Name(name, ast.Load(), **self._at)

    def call(self, function: str, *arguments: ast.expr) -> ast.expr:
        """Return a call by position."""
        return ast.Call(self.name(function), list(arguments), [], **self._at)

    def operation(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
        """Return ``left operator right``."""
        return ast.BinOp(left, operator, right, **self._at)

    def comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        """Return ``left operator right``, a boolean."""
        return ast.Compare(left, [operator], [right], **self._at)

    def both(self, operator: ast.boolop, left: ast.expr, right: ast.expr) -> ast.expr:
        """Return ``left and right`` or ``left or right``."""
        return ast.BoolOp(operator, [left, right], **self._at)

    def unary(self, operator: ast.unaryop, operand: ast.expr) -> ast.expr:
        """Return ``operator operand``."""
        return ast.UnaryOp(operator, operand, **self._at)

    def choice(self, test: ast.expr, chosen: ast.expr, otherwise: ast.expr) -> ast.expr:
        """Return ``chosen if test else otherwise``."""
        return ast.IfExp(test, chosen, otherwise, **self._at)

    def listed(self, items: Sequence[ast.expr]) -> ast.expr:
        """Return ``[...]``."""
        return ast.List(list(items), ast.Load(), **self._at)

    def grouped(self, items: Sequence[ast.expr]) -> ast.expr:
        """Return ``(...)``."""
        return ast.Tuple(list(items), ast.Load(), **self._at)

    def dictionary(self, entries: Sequence[tuple[str, ast.expr]]) -> ast.expr:
        """Return ``{key: value, ...}``."""
        keys: list[ast.expr | None] = [self.constant(key) for key, _ in entries]
        return ast.Dict(keys, [value for _, value in entries], **self._at)

    def joined(self, parts: Sequence[ast.expr]) -> ast.expr:
        """Return texts one after the other."""
        values: list[ast.expr] = [
            one if isinstance(one, ast.Constant) else ast.FormattedValue(one, -1, None, **self._at)
            for one in parts
        ]
        return ast.JoinedStr(values, **self._at)

    # Statements

    def assign(self, name: str, value: ast.expr) -> ast.stmt:
        """Return ``name = value``."""
        return ast.Assign([ast.Name(name, ast.Store(), **self._at)], value, **self._at)

    def unpack(self, names: Sequence[str], value: ast.expr) -> ast.stmt:
        """Return ``(name, ...) = value``."""
        targets: list[ast.expr] = [ast.Name(name, ast.Store(), **self._at) for name in names]
        return ast.Assign([ast.Tuple(targets, ast.Store(), **self._at)], value, **self._at)

    def do(self, value: ast.expr) -> ast.stmt:
        """Return an expression as a statement."""
        return ast.Expr(value, **self._at)

    def when(self, test: ast.expr, body: Code, otherwise: Code | None = None) -> ast.stmt:
        """Return ``if test: body`` with an ``else`` if one is given."""
        return ast.If(test, body or self.nothing(), otherwise or [], **self._at)

    def repeat(self, test: ast.expr, body: Code) -> ast.stmt:
        """Return ``while test: body``."""
        return ast.While(test, body or self.nothing(), [], **self._at)

    def each(self, name: str, items: ast.expr, body: Code) -> ast.stmt:
        """Return ``for name in items: body``."""
        target = ast.Name(name, ast.Store(), **self._at)
        return ast.For(target, items, body or self.nothing(), [], **self._at)

    def attempt(self, body: Code, caught: ast.expr, name: str | None, rescue: Code) -> ast.stmt:
        """Return ``try: body`` and one ``except caught as name: rescue``."""
        handler = ast.ExceptHandler(caught, name, rescue or self.nothing(), **self._at)
        return ast.Try(body or self.nothing(), [handler], [], [], **self._at)

    def ensure(self, body: Code, last: Code) -> ast.stmt:
        """Return ``try: body`` and ``finally: last``."""
        return ast.Try(body or self.nothing(), [], [], last, **self._at)

    def throw(self, name: str | None = None) -> ast.stmt:
        """Return ``raise name``, or a bare ``raise``."""
        return ast.Raise(None if name is None else self.name(name), None, **self._at)

    def give(self, value: ast.expr) -> ast.stmt:
        """Return ``return value``."""
        return ast.Return(value, **self._at)

    def leave(self) -> ast.stmt:
        """Return ``break``."""
        return ast.Break(**self._at)

    def next(self) -> ast.stmt:
        """Return ``continue``."""
        return ast.Continue(**self._at)

    def nothing(self) -> Code:
        """Return a body without effect."""
        return [ast.Pass(**self._at)]

    def outer(self, names: Sequence[str]) -> Code:
        """Return ``nonlocal names``."""
        return [ast.Nonlocal(list(names), **self._at)] if names else []

    def function(self, name: str, parameters: Sequence[str], body: Code) -> ast.stmt:
        """Return ``def name(parameters): body``."""
        declared = [ast.arg(one, **self._at) for one in parameters]
        arguments = ast.arguments(
            posonlyargs=[], args=declared, vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
        )
        return ast.FunctionDef(name, arguments, body or self.nothing(), [], None, **self._at)
