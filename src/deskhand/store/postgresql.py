"""The database on PostgreSQL: a pool of connections, any number of server processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import local
from typing import TypeVar

import psycopg
import sqlalchemy as sa

from deskhand.core.clock import Clock
from deskhand.store import migrate
from deskhand.store.channels import Channels, call_each
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import (
    CommitFailed,
    CommitUncertain,
    DatabaseClosed,
    DatabaseUnreachable,
    ReadOnlyTransaction,
    WriteWouldWaitForItself,
)
from deskhand.store.postgresql_wakeups import Listener, Notifier

T = TypeVar("T")

_ATTEMPTS = 8
_BACK_OFF_SECONDS = 0.005
_POOL_WAIT_SECONDS = 30
_CONNECT_SECONDS = "10"
_MIGRATION_LOCK = 0x6465736B68616E64
"""An advisory lock's number; any will do that nobody else uses on the database."""

_NEXT_VERSION = sa.select(sa.func.nextval("versionnumber"))
_LOCK_MIGRATION = sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK))
_COLLISIONS = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)


class PostgresqlDatabase(Database):
    """A PostgreSQL database, shared by any number of server processes.

    Functions run in a few threads, each on a connection of the pool. One that collided with another
    transaction, or whose connection proved dead before its commit, runs again: a function must not have
    effects outside its transaction.

    Args:
        url: The database's URL.
        clock: The time that transactions carry.
        writers: Transactions that may write at the same time.
    """

    def __init__(self, url: sa.URL, clock: Clock, *, writers: int = 8) -> None:
        self._address = url.render_as_string(hide_password=True)
        self._clock = clock
        if "connect_timeout" not in url.query:
            url = url.update_query_dict({"connect_timeout": _CONNECT_SECONDS})
        self._engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=writers,
            max_overflow=writers,
            pool_timeout=_POOL_WAIT_SECONDS,
            hide_parameters=True,
        )
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._threads = ThreadPoolExecutor(writers, thread_name_prefix="database writer")
        self._channels = Channels()
        conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._listener = Listener(conninfo, self._channels)
        self._notifier = Notifier(conninfo, self._listener.sender)
        self._inside = local()
        self._closed = False

    def submit(self, function: Callable[[Transaction], T]) -> Future[T]:
        """Run a function in a transaction; the future holds its result once that is durable.

        What it asked to happen after the commit has happened by then.

        Raises:
            DatabaseClosed: The database takes nothing more.
        """
        try:
            return self._threads.submit(self._run, function)
        except RuntimeError as error:
            raise DatabaseClosed(self._address) from error

    def write(self, function: Callable[[Transaction], T]) -> T:
        """Run a function in a transaction and wait until what it did is durable."""
        if getattr(self._inside, "transaction", False):
            raise WriteWouldWaitForItself
        return super().write(function)

    def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads, on one consistent view of the data.

        Raises:
            DatabaseClosed: The database takes nothing more.
        """
        if self._closed:
            raise DatabaseClosed(self._address)
        return self._repeat(lambda: self._read_once(function))

    def migrate(self) -> str:
        """Bring the schema up to date and return the revision it is at."""
        with self._connection(self._engine) as connection, connection.begin():
            if not migrate.is_current(connection):
                connection.execute(_LOCK_MIGRATION)
            return migrate.upgrade(connection, self._address)

    def notify(self, channel: str) -> None:
        """Wake whoever listens on a channel, in this process and in others on the same database."""
        self._channels.ring(channel)
        self._notifier.send(channel)

    def listen(self, channel: str, wake: Callable[[], None]) -> None:
        """Call a function, from any thread, whenever somebody notifies a channel."""
        self._channels.listen(channel, wake)
        self._listener.start()

    def close(self) -> None:
        """Finish what was submitted and let go of every connection."""
        self._closed = True
        self._threads.shutdown()
        self._notifier.stop()
        self._listener.stop()
        self._engine.dispose()

    def _run(self, function: Callable[[Transaction], T]) -> T:
        self._inside.transaction = True
        try:
            result, acts = self._repeat(lambda: self._write_once(function))
            call_each(acts)
            return result
        finally:
            self._inside.transaction = False

    def _write_once(self, function: Callable[[Transaction], T]) -> tuple[T, tuple[Callable[[], None], ...]]:
        with self._connection(self._engine) as connection:
            connection.begin()  # not by the first statement: that may go to the driver itself
            transaction = Transaction(
                connection, self._clock.now(), lambda: _next_version(connection), self.notify
            )
            result = function(transaction)
            transaction.require_sound()
            self._commit(connection)
            return result, tuple(transaction.pending)

    def _read_once(self, function: Callable[[Transaction], T]) -> T:
        with self._connection(self._snapshots) as connection:
            connection.begin()
            return function(Transaction(connection, self._clock.now(), _no_version, self.notify))

    @contextmanager
    def _connection(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        """Lend a connection; leaving rolls back what was not committed."""
        try:
            connection = engine.connect()
        except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
            raise DatabaseUnreachable(self._address, _reason(error)) from error
        with connection:
            yield connection

    def _commit(self, connection: sa.Connection) -> None:
        try:
            connection.commit()
        except sa.exc.DBAPIError as error:
            if isinstance(error.orig, _COLLISIONS):
                raise
            failure = CommitUncertain if error.connection_invalidated else CommitFailed
            raise failure(self._address, _reason(error)) from error

    def _repeat(self, attempt: Callable[[], T]) -> T:
        for failures in range(1, _ATTEMPTS):
            try:
                return attempt()
            except sa.exc.DBAPIError as error:
                if not (error.connection_invalidated or isinstance(error.orig, _COLLISIONS)):
                    raise
            time.sleep(failures * _BACK_OFF_SECONDS)
        return attempt()


def _next_version(connection: sa.Connection) -> int:
    value: int = connection.execute(_NEXT_VERSION).scalar_one()
    return value


def _no_version() -> int:
    raise ReadOnlyTransaction


def _reason(error: Exception) -> str:
    """Return what the driver says, on one line."""
    return " ".join(str(error.orig if isinstance(error, sa.exc.DBAPIError) else error).split())
