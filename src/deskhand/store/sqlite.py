"""The database on SQLite: one thread writes, everybody reads."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from deskhand.core.clock import Clock
from deskhand.store import migrate, text
from deskhand.store.channels import Channels, call_each
from deskhand.store.database import Database, Transaction, log_failure
from deskhand.store.errors import (
    CommitFailed,
    DatabaseClosed,
    DatabaseUnreachable,
    ReadOnlyTransaction,
    WriteWouldWaitForItself,
)
from deskhand.store.sqlite_wakeups import SqliteWakeups

T = TypeVar("T")

_log = logging.getLogger(__name__)

_LARGEST_GROUP = 256
_PATIENCE_SECONDS = 0.1
_IDLE_READERS = 8
_STATEMENTS_KEPT = 512

_TIDY_AFTER_COMMITS = 32
_TIDY_SECONDS = 0.002
"""How many commits SQLite's log takes, and how long nobody must have asked for anything, before the writer
moves into the file what the log holds. A commit that somebody waits for would take much longer by it."""

_LOG_MAX_PAGES = 4_000
"""From which on a commit moves it nevertheless; no moment was quiet."""


@dataclass(frozen=True, slots=True)
class _Work(Generic[T]):
    """A submitted function and who waits for it.

    Attributes:
        patient: Whether it rather waits a moment for others to share their commit.
    """

    function: Callable[[Transaction], T]
    future: Future[T]
    patient: bool = False


_Gather = Callable[[Iterable[str]], list[_Work[Any]]]


@dataclass(frozen=True, slots=True)
class _Done:
    """A function that returned and whose effects wait for the commit."""

    work: _Work[Any]
    result: Any
    transaction: Transaction


class SqliteDatabase(Database):
    """A SQLite file in WAL mode.

    One thread writes. It takes what is waiting, runs each function in a savepoint of its own and makes all
    of them durable with one commit. Reads run in their callers' threads, each on a snapshot.

    Several processes may share the file (a server and the command line); the one that listens is woken by
    all of them.

    Args:
        path: The file; it is created, readable for its owner only, where there is none.
        clock: The time that transactions carry.
        busy_seconds: How long to wait for another process that writes.
    """

    def __init__(self, path: Path, clock: Clock, *, busy_seconds: float = 15.0) -> None:
        self._path = path
        self._clock = clock
        self._file = _File(path, busy_seconds)
        self._channels = Channels()
        self._followers = Channels()
        self._wakeups = SqliteWakeups(path, self._ring_all)
        self._queue: SimpleQueue[_Work[Any] | None] = SimpleQueue()
        self._submitting = Lock()
        self._closed = False
        self._readers: list[sa.Connection] = []
        self._writer = _Writer(self._file, clock, self._tell, self._gather)
        self._thread = Thread(target=self._run_writer, name="database writer", daemon=True)
        self._thread.start()

    def submit(self, function: Callable[[Transaction], T]) -> Future[T]:
        """Run a function in a transaction; the future holds its result once that is durable.

        What it asked to happen after the commit has happened by then. The writer resolves the future:
        callbacks on it must be short.

        Raises:
            DatabaseClosed: The database takes nothing more.
        """
        return self._enqueue(_Work(function, Future()))

    def defer(self, function: Callable[[Transaction], object]) -> None:
        """Run a function with the next commit that somebody waits for, or after a moment without one.

        Raises:
            DatabaseClosed: The database takes nothing more.
        """
        self._enqueue(_Work(function, Future(), patient=True)).add_done_callback(log_failure)

    def _enqueue(self, work: _Work[T]) -> Future[T]:
        with self._submitting:
            if self._closed:
                raise DatabaseClosed(str(self._path))
            self._queue.put(work)
        return work.future

    def write(self, function: Callable[[Transaction], T]) -> T:
        """Run a function in a transaction and wait until what it did is durable."""
        if current_thread() is self._thread:
            raise WriteWouldWaitForItself
        return super().write(function)

    def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads, on one consistent view of the data.

        Raises:
            DatabaseClosed: The database takes nothing more.
        """
        with self._reader() as reader:
            _raw(reader).execute("BEGIN")
            return function(Transaction(reader, self._clock.now(), _no_version, self.notify))

    def migrate(self) -> str:
        """Bring the schema up to date and return the revision it is at."""
        with self._reader() as reader:
            if migrate.is_current(reader):
                return migrate.REVISIONS[-1]
        connection = self._file.open()
        try:
            return self._upgrade(connection)
        finally:
            connection.close()

    def notify(self, channel: str) -> None:
        """Wake whoever listens on a channel, in this process or in the one that listens."""
        self._followers.ring(channel)
        self._tell(channel)

    def listen(self, channel: str, wake: Callable[[], None]) -> None:
        """Call a function, from any thread, whenever somebody notifies a channel."""
        self._channels.listen(channel, wake)
        self._wakeups.listen()

    def follow(self, channel: str, act: Callable[[], None]) -> None:
        """Call a function as soon as what it submits sees the change that a channel is notified of.

        What it submits while a transaction of this process is written joins that transaction's commit.
        """
        self._followers.listen(channel, act)
        self._wakeups.listen()

    def close(self) -> None:
        """Finish what was submitted and let go of every connection."""
        with self._submitting:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        self._wakeups.close()
        while self._readers:
            self._readers.pop().close()

    def _tell(self, channel: str) -> None:
        """Wake those who listen on a channel, once what it is notified of is durable."""
        self._channels.ring(channel)
        self._wakeups.send(channel)

    def _ring_all(self, channel: str) -> None:
        """Wake those who listen and those who follow: another process has committed something."""
        self._channels.ring(channel)
        self._followers.ring(channel)

    def _gather(self, notified: Iterable[str]) -> list[_Work[Any]]:
        """Return what waits once those have submitted their work who follow some channels."""
        for channel in notified:
            self._followers.ring(channel)
        group: list[_Work[Any]] = []
        while len(group) < _LARGEST_GROUP and not self._queue.empty():
            work = self._queue.get()
            if work is None:  # the last there is; the loop that ends with it has to see it
                self._queue.put(None)
                break
            group.append(work)
        return group

    def _run_writer(self) -> None:
        more = True
        while more:
            try:
                waiting, more = _take_waiting(self._queue, _TIDY_SECONDS if self._writer.is_untidy else None)
            except Empty:
                self._writer.tidy()
                continue
            try:
                self._writer.run(waiting)
            except BaseException as error:  # Nobody may wait for ever, and later work must be done.
                _log.exception("the writer of %s failed unforeseen", self._path)
                _fail((work for work in waiting if not work.future.done()), error)
        self._writer.close()

    def _upgrade(self, connection: sa.Connection) -> str:
        raw = _raw(connection)
        _begin_immediate(raw, self._path)
        try:
            revision = migrate.upgrade(connection, str(self._path))
            raw.execute("COMMIT")
        finally:
            raw.rollback()
        return revision

    @contextmanager
    def _reader(self) -> Iterator[sa.Connection]:
        if self._closed:
            raise DatabaseClosed(str(self._path))
        reader = self._idle_reader() or self._file.open(read_only=True)
        try:
            yield reader
        finally:
            _raw(reader).rollback()
            self._keep(reader)

    def _idle_reader(self) -> sa.Connection | None:
        with suppress(IndexError):
            return self._readers.pop()
        return None

    def _keep(self, reader: sa.Connection) -> None:
        if self._closed or len(self._readers) >= _IDLE_READERS:
            reader.close()
        else:
            self._readers.append(reader)


class _Writer:
    """Runs groups of functions, each group in one transaction. Belongs to one thread."""

    def __init__(self, file: _File, clock: Clock, notify: Callable[[str], None], gather: _Gather) -> None:
        self._path = file.path
        self._clock = clock
        self._notify = notify
        self._gather = gather
        self._connection = file.open()
        self._raw = _raw(self._connection)
        self._commits = 0

    @property
    def is_untidy(self) -> bool:
        """Return whether SQLite's log has grown so much that a quiet moment should be used."""
        return self._commits >= _TIDY_AFTER_COMMITS

    def tidy(self) -> None:
        """Move what SQLite's log holds into the file, as far as no reader is in the way."""
        self._commits = 0
        with suppress(sqlite3.Error):  # the log stays as it is, and is whole; a commit that cannot be says so
            self._raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def run(self, submitted: Iterable[_Work[Any]]) -> None:
        """Run functions and resolve their futures, every one of them, whatever happens."""
        waiting = deque(_begun(submitted))
        while waiting:
            try:
                _begin_immediate(self._raw, self._path)
            except DatabaseUnreachable as error:
                _fail(waiting, error)
                return
            try:
                self._run_group(waiting)
            finally:
                self._raw.rollback()  # Nothing, unless something unforeseen stopped it before the commit.

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _run_group(self, waiting: deque[_Work[Any]]) -> None:
        """Run what is waiting, and commit; stops early if an error ends the whole transaction."""
        versions = _Versions(self._raw)
        done: list[_Done] = []
        lost = self._run_each(waiting, versions, done)
        notified, first = _notified(done), len(done)
        if notified and lost is None:
            waiting.extend(_begun(self._gather(notified)))
            lost = self._run_each(waiting, versions, done)
        if lost is None:
            lost = self._commit(versions)
        # What follows goes first: an order to a machine before the answer to who asked for the run.
        resolved = [*done[first:], *done[:first]]
        _resolve(resolved, None if lost is None else CommitFailed(str(self._path), _reason(lost)))
        late = _notified(done[first:])
        if late and lost is None:  # what follows from these comes with the next commit
            waiting.extend(_begun(self._gather(late)))

    def _run_each(
        self, waiting: deque[_Work[Any]], versions: _Versions, done: list[_Done]
    ) -> BaseException | None:
        """Run what is waiting; returns the error that ended the whole transaction, if one did."""
        while waiting:
            work = waiting.popleft()
            try:
                done.append(self._run_one(work, versions))
            except BaseException as error:  # Whatever it is, it is the submitter's.
                work.future.set_exception(error)
                if not self._raw.in_transaction:
                    return error
        return None

    def _run_one(self, work: _Work[Any], versions: _Versions) -> _Done:
        transaction = Transaction(self._connection, self._clock.now(), versions.next, self._notify)
        self._raw.execute("SAVEPOINT work")
        try:
            result = work.function(transaction)
            transaction.require_sound()
            self._raw.execute("RELEASE work")
        except BaseException:
            self._undo()
            raise
        return _Done(work, result, transaction)

    def _undo(self) -> None:
        """Undo one function; some errors, such as a full disk, have undone the whole transaction before."""
        if not self._raw.in_transaction:
            return
        try:
            self._raw.execute("ROLLBACK TO work")
            self._raw.execute("RELEASE work")
        except sqlite3.Error:
            self._raw.rollback()

    def _commit(self, versions: _Versions) -> sqlite3.Error | None:
        try:
            versions.save()
            self._raw.execute("COMMIT")
            self._commits += 1
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._raw.rollback()
            return error
        return None


def _notified(done: Iterable[_Done]) -> set[str]:
    return {channel for one in done for channel in one.transaction.notified}


class _Versions:
    """The counter behind version numbers, for one transaction.

    It is read where the transaction holds the file's write lock, so that it also grows across processes.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._value: int | None = None

    def next(self) -> int:
        if self._value is None:
            self._value = self._raw.execute("SELECT value FROM versionnumber WHERE id = 1").fetchone()[0]
        self._value = cast(int, self._value) + 1
        return self._value

    def save(self) -> None:
        if self._value is not None:
            self._raw.execute("UPDATE versionnumber SET value = ? WHERE id = 1", (self._value,))


class _File:
    """How connections to one SQLite file are opened."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._engine = sa.create_engine(
            "sqlite+pysqlite://",
            creator=self._connect,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        self._create()

    def open(self, *, read_only: bool = False) -> sa.Connection:
        """Open a connection on which SQLAlchemy begins and commits nothing of its own accord."""
        try:
            connection = self._engine.connect()
            _raw(connection).execute(f"PRAGMA query_only = {int(read_only)}")
        except (sqlite3.Error, sa.exc.DBAPIError) as error:
            raise DatabaseUnreachable(str(self.path), _reason(error)) from error
        return connection

    def _create(self) -> None:
        """Create the file if there is none, readable for nobody else, and choose its journal."""
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = self._connect()
            try:
                self._choose_journal(connection)
            finally:
                connection.close()
        except (OSError, sqlite3.Error) as error:
            raise DatabaseUnreachable(str(self.path), _reason(error)) from error

    def _choose_journal(self, connection: sqlite3.Connection) -> None:
        # The mode stays with the file. Changing it does not wait for other processes, as other statements
        # do; holding the write lock first would forbid the change. So a second starting process asks again.
        deadline = time.monotonic() + self._busy_seconds
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS_KEPT,
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_MAX_PAGES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.create_function("lower", 1, text.lower, deterministic=True)
        connection.create_function("text_matches", 2, text.text_matches, deterministic=True)
        return connection


def _begun(submitted: Iterable[_Work[Any]]) -> Iterator[_Work[Any]]:
    """Yield what nobody has taken back."""
    return (work for work in submitted if work.future.set_running_or_notify_cancel())


def _raw(connection: sa.Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _begin_immediate(raw: sqlite3.Connection, path: Path) -> None:
    """Begin a transaction that holds the file's write lock from the start."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise DatabaseUnreachable(str(path), _reason(error)) from error


def _take_waiting(
    queue: SimpleQueue[_Work[Any] | None], seconds: float | None
) -> tuple[list[_Work[Any]], bool]:
    """Wait for work and take what has gathered, and tell whether more may come.

    Raises:
        Empty: None came in so many seconds.
    """
    group: list[_Work[Any]] = []
    work = queue.get(timeout=seconds)
    until = time.monotonic() + _PATIENCE_SECONDS
    while work is not None:
        group.append(work)
        if len(group) == _LARGEST_GROUP:
            return group, True
        patience = until - time.monotonic() if all(one.patient for one in group) else 0.0
        try:
            work = queue.get(timeout=max(0.0, patience))
        except Empty:
            return group, True
    return group, False


def _resolve(done: Iterable[_Done], error: CommitFailed | None) -> None:
    for one in done:
        if error is not None:
            one.work.future.set_exception(error)
            continue
        call_each(one.transaction.pending)
        one.work.future.set_result(one.result)


def _fail(waiting: Iterable[_Work[Any]], error: BaseException) -> None:
    for work in waiting:
        work.future.set_exception(error)


def _no_version() -> int:
    raise ReadOnlyTransaction


def _reason(error: BaseException) -> str:
    return str(error.orig if isinstance(error, sa.exc.DBAPIError) else error)
