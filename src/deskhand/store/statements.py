"""Statements that every run needs: written by SQLAlchemy once, then handed to the driver as text.

SQLAlchemy turns one expression into the text that each database takes, and knows how values go in and
come out. What else it does whenever a statement is executed costs more than most statements themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPICursor

Row: TypeAlias = dict[str, Any]
"""A row by its columns' names."""

Parameters: TypeAlias = Mapping[str, Any]

_Expression: TypeAlias = sa.Select[*tuple[Any, ...]] | sa.UpdateBase
_Process: TypeAlias = Callable[[Any], Any] | None
"""Turns a value into what the driver takes, or back; None where it is that already."""


class Statement:
    """A statement that is executed often, with the same text each time. Declare it once, in a module.

    Its parameters are :func:`sqlalchemy.bindparam`, an insertion's the columns of its table. What ``IN``
    compares with is written out: a parameter never stands for a list.

    Args:
        expression: What SQLAlchemy makes the text from; every column that it returns has a name.
    """

    def __init__(self, expression: _Expression) -> None:
        self._expression = expression
        self._compiled: dict[str, CompiledStatement] = {}

    def compiled(self, dialect: sa.Dialect) -> CompiledStatement:
        """Return the statement as one database takes it."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = CompiledStatement(self._expression, dialect)
        return compiled


class CompiledStatement:
    """A statement as one database takes it.

    Args:
        expression: What it says.
        dialect: The database's.

    Attributes:
        text: The SQL.
    """

    def __init__(self, expression: _Expression, dialect: sa.Dialect) -> None:
        compiled = expression.compile(dialect=dialect)
        self.text = str(compiled)
        self._dialect = dialect
        self._positional = compiled.positional
        names = compiled.positiontup if compiled.positional else compiled.bind_names.values()
        places = {
            name: (compiled.binds[name], _inward(compiled.binds[name], dialect)) for name in names or ()
        }
        self._constants = {
            name: bind.value if process is None else process(bind.value)
            for name, (bind, process) in places.items()
            if not bind.required
        }
        self._names = tuple(names or ())
        self._inward = tuple(
            (name, process)
            for name, (bind, process) in places.items()
            if process is not None and bind.required
        )
        self._returned = tuple(expression.exported_columns)
        self._keys = tuple(str(column.key) for column in self._returned)
        self._outward: tuple[tuple[str, Callable[[Any], Any]], ...] | None = None

    def values(self, parameters: Parameters) -> Sequence[Any] | Mapping[str, Any]:
        """Return parameters as the driver takes them."""
        given = {**parameters, **self._constants}
        for name, process in self._inward:
            value = given[name]
            if value is not None:
                given[name] = process(value)
        if self._positional:
            return [given[name] for name in self._names]
        return {name: given[name] for name in self._names}

    def rows(self, cursor: DBAPICursor) -> list[Row]:
        """Return what the driver found by the columns' names."""
        if self._outward is None:
            self._outward = tuple(self._processes(cursor.description or ()))
        found = [dict(zip(self._keys, values, strict=True)) for values in cursor.fetchall()]
        for row in found:
            for name, process in self._outward:
                value = row[name]
                if value is not None:
                    row[name] = process(value)
        return found

    def _processes(self, described: Sequence[Sequence[Any]]) -> Iterator[tuple[str, Callable[[Any], Any]]]:
        """Yield what becomes of some columns' values, which may depend on the driver's type."""
        for column, (_, kind, *_) in zip(self._returned, described, strict=True):
            process = column.type.dialect_impl(self._dialect).result_processor(self._dialect, kind)
            if process is not None:
                yield str(column.key), process


def _inward(bind: sa.BindParameter[Any], dialect: sa.Dialect) -> _Process:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)
