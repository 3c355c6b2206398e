"""What a database promises to those who submit functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from threading import Event
from uuid import uuid4

import pytest
import sqlalchemy as sa

from deskhand.entities.security import BusinessUnit
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import (
    DatabaseClosed,
    ReadOnlyTransaction,
    StatementFailedBefore,
    WriteWouldWaitForItself,
)
from tests.clock import StillClock

Connect = Callable[[], Database]


class Unwanted(Exception):
    """What a function under test raises."""


def add(name: str) -> Callable[[Transaction], str]:
    def run(tx: Transaction) -> str:
        tx.execute(sa.insert(BusinessUnit.table), {"businessunitid": uuid4(), "name": name})
        return name

    return run


def names(tx: Transaction) -> list[str]:
    return sorted(tx.execute(sa.select(BusinessUnit.c.name)).scalars())


def fail_after_adding(name: str) -> Callable[[Transaction], None]:
    def run(tx: Transaction) -> None:
        add(name)(tx)
        raise Unwanted

    return run


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """Keep a function running, so that what is submitted meanwhile gathers behind it."""
    begun, go_on = Event(), Event()

    def hold(_: Transaction) -> None:
        begun.set()
        assert go_on.wait(30)

    holding = database.submit(hold)
    assert begun.wait(30)
    try:
        yield
    finally:
        go_on.set()
        holding.result()


def test_what_was_written_is_there_after_opening_again(connect: Connect) -> None:
    first = connect()
    assert first.write(add("north")) == "north"
    first.close()
    assert connect().read(names) == ["north"]


def test_a_failing_function_takes_nothing_else_with_it(database: Database) -> None:
    with held_up(database):
        before = database.submit(add("before"))
        failing = database.submit(fail_after_adding("failing"))
        behind = database.submit(add("behind"))
    assert (before.result(), behind.result()) == ("before", "behind")
    with pytest.raises(Unwanted):
        failing.result()
    assert database.read(names) == ["before", "behind"]


def test_a_failing_statement_takes_nothing_else_with_it(database: Database) -> None:
    row = {"businessunitid": uuid4(), "name": "once"}

    def add_twice(tx: Transaction) -> None:
        tx.execute(sa.insert(BusinessUnit.table), row)
        tx.execute(sa.insert(BusinessUnit.table), row)

    with held_up(database):
        before = database.submit(add("before"))
        twice = database.submit(add_twice)
        behind = database.submit(add("behind"))
    wait([before, behind])
    with pytest.raises(sa.exc.IntegrityError):
        twice.result()
    assert database.read(names) == ["before", "behind"]


def test_a_function_cannot_go_on_after_a_failed_statement(database: Database) -> None:
    def go_on(tx: Transaction) -> str:
        add("before")(tx)
        with suppress(sa.exc.DBAPIError):
            tx.execute(sa.text("SELECT * FROM nowhere"))
        return "all is well"

    with pytest.raises(StatementFailedBefore):
        database.write(go_on)
    assert database.read(names) == []


def test_every_submitter_gets_its_own_result(database: Database) -> None:
    def submit_some(submitter: int) -> list[str]:
        futures = [database.submit(add(f"{submitter}-{number}")) for number in range(25)]
        return [future.result() for future in futures]

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(submit_some, range(8)))
    expected = [[f"{submitter}-{number}" for number in range(25)] for submitter in range(8)]
    assert results == expected
    assert database.read(names) == sorted(name for some in expected for name in some)


def test_a_future_is_done_only_when_others_see_what_it_did(connect: Connect) -> None:
    writer, reader = connect(), connect()
    for number in range(20):
        writer.write(add(f"{number:02}"))
        assert reader.read(names) == [f"{one:02}" for one in range(number + 1)]


def test_what_follows_a_commit_happens_when_it_is_durable(database: Database) -> None:
    seen: list[list[str]] = []

    def add_and_look(tx: Transaction) -> None:
        add("north")(tx)
        tx.after_commit(lambda: seen.append(database.read(names)))

    database.write(add_and_look)
    assert seen == [["north"]]


def test_what_follows_a_commit_never_happens_without_one(database: Database) -> None:
    seen: list[str] = []

    def fail(tx: Transaction) -> None:
        tx.after_commit(lambda: seen.append("happened"))
        raise Unwanted

    with pytest.raises(Unwanted):
        database.write(fail)
    database.write(add("later"))
    assert seen == []


def test_a_failure_after_the_commit_harms_nobody(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def act_badly() -> None:
        raise Unwanted

    def run(tx: Transaction) -> str:
        tx.after_commit(act_badly)
        tx.after_commit(lambda: seen.append("second"))
        return "done"

    assert (database.write(run), seen) == ("done", ["second"])
    assert [record.message for record in caplog.records] == ["what was to happen after a commit failed"]


def test_a_read_sees_one_state_of_everything(connect: Connect) -> None:
    reader, writer = connect(), connect()
    writer.write(add("before"))

    def look_twice(tx: Transaction) -> tuple[list[str], list[str]]:
        first = names(tx)
        writer.write(add("meanwhile"))
        return first, names(tx)

    assert reader.read(look_twice) == (["before"], ["before"])
    assert reader.read(names) == ["before", "meanwhile"]


def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        database.read(add("unwanted"))
    with pytest.raises(ReadOnlyTransaction):
        database.read(lambda tx: tx.next_version())
    assert database.read(names) == []


def test_a_read_that_fails_leaves_the_next_one_alone(database: Database) -> None:
    database.write(add("north"))
    for _ in range(3):
        with pytest.raises(sa.exc.DBAPIError):
            database.read(lambda tx: tx.execute(sa.text("SELECT * FROM nowhere")))
        assert database.read(names) == ["north"]


def test_rows_carry_the_instant_of_their_transaction(database: Database, clock: StillClock) -> None:
    first = database.write(lambda tx: tx.now)
    clock.advance(5)
    assert (first, database.write(lambda tx: tx.now)) == (StillClock().now(), clock.now())


def test_a_write_within_a_write_is_refused_rather_than_waited_for(database: Database) -> None:
    refused: list[type[Exception]] = []

    def wait_for_another(_: Transaction) -> None:
        database.write(add("inner"))

    def write_after_commit() -> None:
        try:
            database.write(add("inner"))
        except WriteWouldWaitForItself as error:
            refused.append(type(error))

    with pytest.raises(WriteWouldWaitForItself):
        database.write(wait_for_another)
    database.write(lambda tx: tx.after_commit(write_after_commit))
    assert (refused, database.read(names)) == ([WriteWouldWaitForItself], [])


def test_a_write_may_submit_another(database: Database) -> None:
    inner = database.write(lambda _: database.submit(add("inner")))
    assert (inner.result(), database.read(names)) == ("inner", ["inner"])


def test_closing_finishes_what_was_submitted(connect: Connect) -> None:
    database = connect()
    futures = [database.submit(add(f"{number:02}")) for number in range(50)]
    database.close()
    expected = [f"{number:02}" for number in range(50)]
    assert [future.result(timeout=0) for future in futures] == expected
    assert connect().read(names) == expected


def test_a_closed_database_refuses_work(connect: Connect) -> None:
    database = connect()
    database.close()
    database.close()
    for use in (database.submit, database.write, database.read):
        with pytest.raises(DatabaseClosed, match="the server is stopping"):
            use(names)


def test_version_numbers_grow_across_restarts_and_processes(connect: Connect) -> None:
    numbers: list[int] = []
    for _ in range(2):
        one, other = connect(), connect()
        for database in (one, other, one, other):
            numbers.append(database.write(lambda tx: tx.next_version()))
            numbers += database.write(lambda tx: [tx.next_version(), tx.next_version()])
        one.close()
        other.close()
    assert numbers == sorted(set(numbers))


def test_version_numbers_are_never_given_twice(database: Database) -> None:
    def take(_: int) -> list[int]:
        return [database.write(lambda tx: tx.next_version()) for _ in range(25)]

    with ThreadPoolExecutor(8) as threads:
        taken = [number for some in threads.map(take, range(8)) for number in some]
    assert len(set(taken)) == len(taken)


def test_a_version_number_of_a_failed_function_harms_nobody(database: Database) -> None:
    def take_and_fail(tx: Transaction) -> None:
        tx.next_version()
        raise Unwanted

    first = database.write(lambda tx: tx.next_version())
    with pytest.raises(Unwanted):
        database.write(take_and_fail)
    assert database.write(lambda tx: tx.next_version()) > first


def test_a_notice_wakes_whoever_listens_on_its_channel(database: Database) -> None:
    rung, other = Event(), Event()
    database.listen("runs:1", rung.set)
    database.listen("runs:2", other.set)
    database.notify("runs:1")
    assert (rung.wait(30), other.is_set()) == (True, False)


def test_a_notice_for_nobody_is_no_error(database: Database) -> None:
    database.notify("runs:1")


def test_a_listener_that_fails_keeps_nobody_else_asleep(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    rung = Event()

    def fail() -> None:
        raise Unwanted

    database.listen("runs:1", fail)
    database.listen("runs:1", rung.set)
    database.notify("runs:1")
    assert rung.wait(30)
    assert "Unwanted" in caplog.text


def test_a_transaction_wakes_listeners_once_and_only_when_it_is_durable(database: Database) -> None:
    seen: list[list[str]] = []
    database.listen("runs:1", lambda: seen.append(database.read(names)))

    def add_and_notify(tx: Transaction) -> None:
        tx.notify("runs:1")
        add("north")(tx)
        tx.notify("runs:1")

    def notify_and_fail(tx: Transaction) -> None:
        tx.notify("runs:1")
        raise Unwanted

    with pytest.raises(Unwanted):
        database.write(notify_and_fail)
    database.write(add_and_notify)
    assert seen == [["north"]]


def test_what_follows_from_what_follows_is_heard_of_too(database: Database) -> None:
    heard = Event()
    database.follow("first", lambda: (database.submit(lambda tx: tx.notify("second")), None)[1])
    database.follow("second", heard.set)
    database.submit(lambda tx: tx.notify("first")).result(30)
    assert heard.wait(30)


def test_whoever_follows_a_channel_submits_work_that_sees_the_change(database: Database) -> None:
    seen: list[Future[list[str]]] = []
    followed = Event()

    def follow() -> None:
        seen.append(database.submit(names))
        followed.set()

    def change(tx: Transaction) -> None:
        add("north")(tx)
        tx.notify("units")

    database.follow("units", follow)
    database.write(change)
    assert followed.wait(30)
    assert [one.result(30) for one in seen] == [["north"]]


def test_a_change_that_is_undone_takes_what_followed_it_along(database: Database) -> None:
    database.follow("units", lambda: None)

    def change(tx: Transaction) -> None:
        add("north")(tx)
        tx.notify("units")
        raise Unwanted

    with suppress(Unwanted):
        database.write(change)
    assert database.read(names) == []


def test_a_deferred_function_is_run_without_anybody_waiting(connect: Connect) -> None:
    first = connect()
    first.defer(add("north"))
    first.close()
    assert connect().read(names) == ["north"]


def test_the_failure_of_a_deferred_function_is_logged(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.defer(fail_after_adding("north"))
    database.write(add("south"))
    database.close()
    assert [one.exc_info[0] for one in caplog.records if one.exc_info] == [Unwanted]


def test_a_failed_attempt_takes_back_what_it_did_and_no_more(database: Database) -> None:
    rung: list[str] = []

    def collide(tx: Transaction) -> None:
        row = {"businessunitid": uuid4(), "name": "attempted"}
        tx.after_commit(lambda: rung.append("attempted"))
        tx.execute(sa.insert(BusinessUnit.table), [row])
        tx.execute(sa.insert(BusinessUnit.table), [row])

    def run(tx: Transaction) -> None:
        add("before")(tx)
        with pytest.raises(sa.exc.IntegrityError):
            tx.attempt(collide)
        tx.attempt(add("after"))
        tx.after_commit(lambda: rung.append("whole"))

    database.write(run)
    assert database.read(names) == ["after", "before"]
    assert rung == ["whole"]
