"""What a table asks of the writes that callers want: rules that higher floors add.

A rule before a write checks it, and may add to what is written or change it; a rule after it does what the
write entails. Both run in the write's own transaction. What the server writes by itself obeys no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID

from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import Entity
from deskhand.identity.principals import Principal
from deskhand.store.database import Transaction
from deskhand.store.statements import Row


@dataclass(frozen=True, slots=True)
class Write:
    """A write that a caller asks for and has the rights for.

    Attributes:
        message: Whether it creates, updates or deletes.
        row_id: The row.
        before: The row as it stands; None where it is created.
        changes: Values by logical column name, of the types that the columns hold; empty where it is deleted.
    """

    message: ChangeMessage
    row_id: UUID
    before: Row | None
    changes: Mapping[str, Any]

    def value(self, name: str) -> Any:
        """Return a column's value as it will be, so far as the caller decides it."""
        return self.changes.get(name, None if self.before is None else self.before[name])


BeforeWrite: TypeAlias = Callable[[Transaction, Principal, Write], Mapping[str, Any]]
"""Returns what to write instead: most often ``write.changes``, perhaps with additions."""

AfterWrite: TypeAlias = Callable[[Transaction, Principal, Write], None]

_BEFORE: dict[str, list[BeforeWrite]] = {}
_AFTER: dict[str, list[AfterWrite]] = {}


def before_write(entity: type[Entity]) -> Callable[[BeforeWrite], BeforeWrite]:
    """Declare a rule that runs before callers' writes to a table; rules run as they were declared."""

    def declare(rule: BeforeWrite) -> BeforeWrite:
        _BEFORE.setdefault(entity.logical_name, []).append(rule)
        return rule

    return declare


def after_write(entity: type[Entity]) -> Callable[[AfterWrite], AfterWrite]:
    """Declare a rule that runs after callers' writes to a table."""

    def declare(rule: AfterWrite) -> AfterWrite:
        _AFTER.setdefault(entity.logical_name, []).append(rule)
        return rule

    return declare


def apply_rules_before(tx: Transaction, principal: Principal, entity: type[Entity], write: Write) -> Write:
    """Return a write as the table's rules leave it."""
    for rule in _BEFORE.get(entity.logical_name, ()):
        write = replace(write, changes=rule(tx, principal, write))
    return write


def apply_rules_after(tx: Transaction, principal: Principal, entity: type[Entity], write: Write) -> None:
    """Do what a write entails."""
    for rule in _AFTER.get(entity.logical_name, ()):
        rule(tx, principal, write)
