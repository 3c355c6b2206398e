"""Transactions, and the database that runs them.

Functions that touch data take an open :class:`Transaction` first and never open or commit one. The
edge hands such a function to a :class:`Database`, once per request, and answers after the commit.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPICursor

from deskhand.store.errors import StatementFailedBefore
from deskhand.store.statements import CompiledStatement, Parameters, Row, Statement

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

VERSIONS = "versions"
"""The channel that is rung when rows have new version numbers."""


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
        self._driver = connection.connection
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
        self, statement: sa.Executable, parameters: Parameters | Sequence[Parameters] | None = None
    ) -> sa.CursorResult[*tuple[Any, ...]]:
        """Run one statement.

        A function that catches the failure of a statement cannot go on, unless it ran within
        :meth:`attempt`: the transaction will not commit.
        """
        try:
            return self._connection.execute(statement, parameters)
        except sa.exc.DBAPIError:
            self._failed = True
            raise

    def rows(self, statement: Statement, parameters: Parameters) -> list[Row]:
        """Execute a declared statement and return every row; failures are those of :meth:`execute`."""
        compiled = statement.compiled(self._connection.dialect)
        return compiled.rows(self._drive(compiled, parameters))

    def row(self, statement: Statement, parameters: Parameters) -> Row | None:
        """Execute a declared statement that returns one row at most."""
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def run(self, statement: Statement, *parameters: Parameters) -> None:
        """Execute a declared statement that returns nothing, once for each of some parameters."""
        self._drive(statement.compiled(self._connection.dialect), *parameters)

    def _drive(self, statement: CompiledStatement, *parameters: Parameters) -> DBAPICursor:
        """Hand a statement to the driver; what it raises leaves as SQLAlchemy's error."""
        cursor = self._driver.cursor()
        values: list[Any] = [statement.values(one) for one in parameters]
        try:
            if len(values) == 1:
                cursor.execute(statement.text, values[0])
            else:
                cursor.executemany(statement.text, values)
        except self._connection.dialect.loaded_dbapi.Error as error:
            self._failed = True
            raise _translated(error, statement.text, self._connection) from error
        return cursor

    def attempt(self, function: Callable[[Transaction], T]) -> T:
        """Run a function whose failure the caller outlives: an exception takes back what it did, and no more.

        What it asked to happen after the commit is forgotten with it.
        """
        failed, channels, pending = self._failed, set(self._channels), len(self._after_commit)
        self._connection.exec_driver_sql("SAVEPOINT attempt")
        try:
            result = function(self)
            self.require_sound()
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
            self._connection.exec_driver_sql("RELEASE SAVEPOINT attempt")
            self._failed, self._channels = failed, channels
            del self._after_commit[pending:]
            raise
        self._connection.exec_driver_sql("RELEASE SAVEPOINT attempt")
        return result

    def next_version(self) -> int:
        """Return the next ``versionnumber``: larger than every one before it in this installation.

        Whoever listens on :data:`VERSIONS` is woken once the transaction is durable.
        """
        self.notify(VERSIONS)
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
    def notified(self) -> Collection[str]:
        """Return the channels that somebody listens on perhaps, for the database that commits."""
        return self._channels

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

    def defer(self, function: Callable[[Transaction], object]) -> None:
        """Run a function in a transaction soon, and let nobody wait for it; its failure is logged.

        If the process dies before, it is never run: this is for what is done again then.
        """
        self.submit(function).add_done_callback(log_failure)

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

    def follow(self, channel: str, act: Callable[[], None]) -> None:
        """Call a function whenever somebody notifies a channel, as soon as what it submits sees the change.

        Where one transaction is written at a time that is before the commit, which the change and what
        follows from it then share. The function only submits; it may be called in vain.
        """
        self.listen(channel, act)

    @abstractmethod
    def close(self) -> None:
        """Finish what was submitted and let go of every connection."""


def log_failure(done: Future[Any]) -> None:
    """Log the error of a function that nobody waits for."""
    error = done.exception()
    if error is not None:
        _LOG.error("a deferred transaction failed", exc_info=error)


def _translated(error: Exception, text: str, connection: sa.Connection) -> sa.exc.DBAPIError:
    """Return the error that SQLAlchemy would raise; a connection that broke is never lent again."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(cast(Any, error), connection.connection, None)
    if broken:
        connection.invalidate(error)
    return cast(
        sa.exc.DBAPIError,
        sa.exc.DBAPIError.instance(
            text,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=broken,
            dialect=dialect,
        ),
    )
