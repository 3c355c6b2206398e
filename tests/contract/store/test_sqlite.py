"""What only SQLite can do to us: a lock that another process holds, a full disk."""

from __future__ import annotations

import sqlite3
import stat
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
import sqlalchemy as sa

from deskhand.entities.security import BusinessUnit
from deskhand.entities.storage import FileContent
from deskhand.store.database import Transaction
from deskhand.store.errors import DatabaseAddressUnknown, DatabaseUnreachable
from deskhand.store.files import write_file
from deskhand.store.open import open_database
from deskhand.store.sqlite import SqliteDatabase, _Writer
from tests.clock import StillClock
from tests.contract.store.test_transactions import Unwanted, add, held_up, names


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deskhand.db"


@pytest.fixture
def database(path: Path) -> Iterator[SqliteDatabase]:
    with closing(SqliteDatabase(path, StillClock(), busy_seconds=0.05)) as database:
        database.migrate()
        yield database


def test_the_file_is_for_its_owner_only(path: Path, database: SqliteDatabase) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "deskhand.db"
    with pytest.raises(DatabaseUnreachable) as caught:
        SqliteDatabase(path, StillClock())
    assert str(caught.value) == (
        f"the database {path} cannot be used: [Errno 2] No such file or directory: '{path}'; "
        "nothing was changed"
    )


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("something else, and long enough to be taken for a header of a database file" * 20)
    with pytest.raises(DatabaseUnreachable, match="file is not a database"):
        SqliteDatabase(path, StillClock())


def test_an_address_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DatabaseAddressUnknown, match="begin with ‘mysql:’"):
        open_database("mysql://host/database", StillClock())


def test_a_sqlite_url_is_a_path(path: Path) -> None:
    with closing(open_database(f"sqlite:///{path}", StillClock())) as database:
        database.migrate()
    assert path.exists()


def test_functions_run_in_the_order_in_which_they_were_submitted(database: SqliteDatabase) -> None:
    order: list[int] = []

    def note(number: int) -> Future[None]:
        return database.submit(lambda _: order.append(number))

    with held_up(database):
        futures = [note(number) for number in range(300)]
    for future in futures:
        future.result()
    assert order == list(range(300))


def test_what_was_cancelled_before_its_turn_does_not_run(database: SqliteDatabase) -> None:
    with held_up(database):
        unwanted = database.submit(add("unwanted"))
        wanted = database.submit(add("wanted"))
        assert unwanted.cancel()
    wanted.result()
    assert database.read(names) == ["wanted"]


def test_a_lock_that_another_process_holds_fails_what_waits_and_nothing_later(
    path: Path, database: SqliteDatabase
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        futures = [database.submit(add("early")), database.submit(add("early too"))]
        reasons = [str(future.exception()) for future in futures]
        assert database.read(names) == []
        other.execute("ROLLBACK")
    expected = f"the database {path} cannot be used: database is locked; nothing was changed"
    assert reasons == [expected] * 2
    assert [database.write(add("late")), database.read(names)] == ["late", ["late"]]


def test_a_full_disk_fails_the_group_and_nothing_later(path: Path, database: SqliteDatabase) -> None:
    def limit_size(tx: Transaction) -> None:
        pages = tx.execute(sa.text("PRAGMA page_count")).scalar_one()
        tx.execute(sa.text(f"PRAGMA max_page_count = {pages + 5}"))

    def write_much(tx: Transaction) -> None:
        write_file(tx, BusinessUnit, uuid4(), "data", "f", "application/octet-stream", bytes(1_000_000))

    database.write(limit_size)
    with held_up(database):
        before = database.submit(add("before"))
        full = database.submit(write_much)
        behind = database.submit(add("behind"))
    assert str(before.exception()) == (
        f"the database {path} did not keep the change: database or disk is full; nothing was changed"
    )
    assert isinstance(full.exception(), sa.exc.OperationalError)
    assert behind.result() == "behind"
    assert database.read(names) == ["behind"]
    assert database.read(lambda tx: tx.execute(sa.select(FileContent.table)).all()) == []


def test_a_writer_that_fails_unforeseen_leaves_nobody_waiting(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("deskhand.store.sqlite._Writer._commit", fail)
        assert isinstance(database.submit(add("unlucky")).exception(), MemoryError)
    assert (database.write(add("lucky")), database.read(names)) == ("lucky", ["lucky"])
    assert "failed unforeseen" in caplog.text


def test_an_error_tells_no_values(database: SqliteDatabase) -> None:
    def misspell(tx: Transaction) -> None:
        tx.execute(sa.text("SELECT * FROM nowhere WHERE secret = :secret"), {"secret": "hunter2"})

    with pytest.raises(sa.exc.OperationalError) as caught:
        database.read(misspell)
    assert "hunter2" not in str(caught.value)


def test_an_error_that_ends_the_transaction_fails_what_had_run_and_nothing_later(
    path: Path, database: SqliteDatabase
) -> None:
    def end_the_transaction(tx: Transaction) -> None:
        tx.execute(sa.text("ROLLBACK"))
        raise Unwanted("the disk is on fire")

    with held_up(database):
        before = database.submit(add("before"))
        ending = database.submit(end_the_transaction)
        behind = database.submit(add("behind"))
    assert (str(before.exception()), str(ending.exception()), behind.result()) == (
        f"the database {path} did not keep the change: the disk is on fire; nothing was changed",
        "the disk is on fire",
        "behind",
    )
    assert database.read(names) == ["behind"]


def test_a_process_that_listens_is_woken_by_another_on_the_same_file(
    path: Path, database: SqliteDatabase
) -> None:
    rung = Event()
    database.listen("runs:1", rung.set)
    with closing(SqliteDatabase(path, StillClock())) as other:
        other.notify("runs:1")
        assert rung.wait(30)
    assert stat.S_IMODE(path.with_name(f"{path.name}-wake").stat().st_mode) == 0o600


def test_a_wake_up_that_finds_nobody_is_no_error(path: Path, database: SqliteDatabase) -> None:
    with closing(SqliteDatabase(path, StillClock())) as other:
        other.listen("runs:1", lambda: None)
    database.notify("runs:1")
    assert not path.with_name(f"{path.name}-wake").exists()


def test_what_follows_a_change_shares_its_commit(database: SqliteDatabase) -> None:
    following: list[Future[tuple[list[str], list[str]]]] = []

    def inside_and_outside(tx: Transaction) -> tuple[list[str], list[str]]:
        return names(tx), database.read(names)

    def change(tx: Transaction) -> None:
        add("north")(tx)
        tx.notify("units")

    database.follow("units", lambda: following.append(database.submit(inside_and_outside)))
    database.write(change)
    assert [one.result(30) for one in following] == [(["north"], [])]
    assert database.read(names) == ["north"]


def test_a_process_that_follows_is_called_by_another_on_the_same_file(
    path: Path, database: SqliteDatabase
) -> None:
    called = Event()
    database.follow("runs:1", called.set)
    with closing(SqliteDatabase(path, StillClock())) as other:
        other.notify("runs:1")
        assert called.wait(30)


def test_a_deferred_function_shares_the_commit_of_the_next_one(database: SqliteDatabase) -> None:
    seen: list[list[str]] = []
    database.defer(lambda tx: seen.append(database.read(names)))
    database.defer(add("north"))
    database.write(lambda tx: seen.append([*database.read(names), *names(tx)]))
    assert seen == [[], ["north"]]


def test_a_quiet_moment_moves_what_was_committed_into_the_file(path: Path, database: SqliteDatabase) -> None:
    assert _units_without_the_log(path) is None
    for number in range(40):
        database.write(add(f"unit {number}"))
    _wait_for_units_in_the_file(path, 32)


def test_a_reader_of_older_data_stops_neither_writes_nor_what_a_quiet_moment_does(
    path: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied, tidy = Event(), _Writer.tidy

    def noted(writer: _Writer) -> None:
        tidy(writer)
        tidied.set()

    monkeypatch.setattr(_Writer, "tidy", noted)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM businessunit").fetchone()
        for number in range(40):
            database.write(add(f"unit {number}"))
        assert tidied.wait(30)
        database.write(add("unit 40"))
        assert reader.execute("SELECT count(*) FROM businessunit").fetchone() == (0,)
    for number in range(40):
        database.write(add(f"later unit {number}"))
    _wait_for_units_in_the_file(path, 41)


def _wait_for_units_in_the_file(path: Path, at_least: int) -> None:
    until = time.monotonic() + 30
    while (_units_without_the_log(path) or 0) < at_least:
        assert time.monotonic() < until, _units_without_the_log(path)
        time.sleep(0.01)


def _units_without_the_log(path: Path) -> int | None:
    """Count what stands in the file itself; None before its tables do."""
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as bare:
        try:
            return int(bare.execute("SELECT count(*) FROM businessunit").fetchone()[0])
        except sqlite3.DatabaseError:  # no tables, or read while they are written
            return None
