"""Transactions, and the database that runs them.

Functions that touch data take an open :class:`Transaction` first and never open or commit one. The
edge hands such a function to a :class:`Database`, once per request, and answers after the commit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from deskhand.store.errors import StatementFailedBefore

T = TypeVar("T")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Transaction:
    """One open transaction.

    Attributes:
        now: The instant at which it began; every row it writes carries the same one.
    """

    def __init__(
        self,
        connection: sa.Connection,
        now: datetime,
        next_version: Callable[[], int],
        notify: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._next_version = next_version
        self._notify = notify
        self._channels: set[str] = set()
        self._after_commit: list[Callable[[], None]] = []
        self._failed = False
        self.now = now

    @property
    def dialect(self) -> str:
        """Return ``sqlite`` or ``postgresql``."""
        return self._connection.dialect.name

    def execute(
        self, statement: sa.Executable, parameters: Parameters | None = None
    ) -> sa.CursorResult[*tuple[Any, ...]]:
        """Run one statement.

        A function that catches the failure of a statement cannot go on: the transaction will not commit.
        """
        try:
            return self._connection.execute(statement, parameters)
        except sa.exc.DBAPIError:
            self._failed = True
            raise

    def next_version(self) -> int:
        """Return the next ``versionnumber``: larger than every one before it in this installation."""
        return self._next_version()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Call this once the transaction is durable; never if it rolls back."""
        self._after_commit.append(act)

    def notify(self, channel: str) -> None:
        """Wake whoever listens on a channel once the transaction is durable; once, however often asked."""
        if channel not in self._channels:
            self._channels.add(channel)
            self.after_commit(lambda: self._notify(channel))

    def require_sound(self) -> None:
        """Make sure, for the database that commits, that every statement succeeded.

        PostgreSQL takes back the whole transaction of a failed statement and answers its commit as if
        nothing were wrong; SQLite would keep the rest of it.

        Raises:
            StatementFailedBefore: One did not, and the function went on.
        """
        if self._failed:
            raise StatementFailedBefore

    @property
    def pending(self) -> Sequence[Callable[[], None]]:
        """Return what is to be called after the commit, for the database that commits."""
        return tuple(self._after_commit)


class Database(ABC):
    """Where everything is kept. Safe to use from any thread."""

    @abstractmethod
    def submit(self, function: Callable[[Transaction], T]) -> Future[T]:
        """Run a function in a transaction; the future holds its result once that is durable.

        An exception rolls back what this function did, and nothing else that shares its commit.
        """

    def write(self, function: Callable[[Transaction], T]) -> T:
        """Run a function in a transaction and wait until what it did is durable."""
        return self.submit(function).result()

    @abstractmethod
    def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads, on one consistent view of the data."""

    @abstractmethod
    def migrate(self) -> str:
        """Bring the schema up to date and return the revision it is at."""

    @abstractmethod
    def notify(self, channel: str) -> None:
        """Wake whoever listens on a channel, in this process and in others on the same database."""

    @abstractmethod
    def listen(self, channel: str, wake: Callable[[], None]) -> None:
        """Call a function, from any thread, whenever somebody notifies a channel."""

    @abstractmethod
    def close(self) -> None:
        """Finish what was submitted and let go of every connection."""
