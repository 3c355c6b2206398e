"""What only PostgreSQL can do to us: collisions, lost connections, other servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Barrier, Event
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa

from deskhand.entities.security import BusinessUnit
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import CommitFailed, CommitUncertain, DatabaseUnreachable
from deskhand.store.open import open_database
from tests.clock import StillClock
from tests.contract.places import PostgresqlPlace
from tests.contract.store.test_transactions import add, names
from tests.postgresql import Databases

Connect = Callable[[], Database]

_AT_COMMIT = """
CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON businessunit DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.name = 'unlucky') EXECUTE FUNCTION at_commit();
"""


@pytest.fixture
def address(postgresql: Databases) -> Iterator[str]:
    place = PostgresqlPlace(postgresql)
    yield place.create(migrated=True)
    place.drop_all()


def execute(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def cut_connections(address: str) -> None:
    execute(
        address,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def test_a_notice_wakes_other_servers(connect: Connect) -> None:
    here, there = connect(), connect()
    rung = Event()
    there.listen("runs:1", rung.set)
    here.notify("runs:1")
    assert rung.wait(30)


def test_a_notice_wakes_its_own_server_once(connect: Connect) -> None:
    here, there = connect(), connect()
    woken: list[str] = []
    done = Event()
    here.listen("runs:1", lambda: woken.append("runs:1"))
    here.listen("runs:2", lambda: there.notify("runs:3"))
    here.listen("runs:3", done.set)
    there.listen("runs:1", lambda: there.notify("runs:2"))
    here.notify("runs:1")
    assert done.wait(30)
    assert woken == ["runs:1"]


def test_a_server_that_lost_its_connection_listens_again_and_wakes_everybody(
    address: str, connect: Connect
) -> None:
    here, there = connect(), connect()
    rung = Event()
    there.listen("runs:1", rung.set)
    cut_connections(address)
    assert rung.wait(30)
    rung.clear()
    here.notify("runs:1")
    assert rung.wait(30)


def test_functions_that_block_each_other_run_again(database: Database) -> None:
    first, second = uuid4(), uuid4()

    def set_up(tx: Transaction) -> None:
        for row_id in (first, second):
            tx.execute(sa.insert(BusinessUnit.table), {"businessunitid": row_id, "name": "-"})

    database.write(set_up)
    both_hold_one = Barrier(2)
    attempts: list[str] = []

    def rename(name: str, *row_ids: UUID) -> Callable[[Transaction], str]:
        def run(tx: Transaction) -> str:
            attempts.append(name)
            tx.execute(sa.text("SET LOCAL deadlock_timeout = '20ms'"))
            append_to_name(tx, row_ids[0], name)
            if attempts.count(name) == 1:
                both_hold_one.wait(30)
            append_to_name(tx, row_ids[1], name)
            return name

        return run

    futures = [database.submit(rename("a", first, second)), database.submit(rename("b", second, first))]
    assert [future.result() for future in futures] == ["a", "b"]
    assert sorted(attempts) in (["a", "a", "b"], ["a", "b", "b"])
    assert {"".join(sorted(name)) for name in database.read(names)} == {"-ab"}


def append_to_name(tx: Transaction, row_id: UUID, text: str) -> None:
    statement = sa.update(BusinessUnit.table).where(BusinessUnit.c.businessunitid == row_id)
    tx.execute(statement.values(name=BusinessUnit.c.name + text))


def test_a_connection_that_died_between_requests_is_replaced(address: str, database: Database) -> None:
    database.write(add("before"))
    cut_connections(address)
    assert database.read(names) == ["before"]
    cut_connections(address)
    database.write(add("behind"))
    assert database.read(names) == ["before", "behind"]


def test_a_commit_that_the_database_refuses_is_told(address: str, database: Database) -> None:
    execute(address, _AT_COMMIT.format(act="RAISE EXCEPTION 'the disk is on fire'"))
    with pytest.raises(CommitFailed, match="did not keep the change: the disk is on fire"):
        database.write(add("unlucky"))
    database.write(add("lucky"))
    assert database.read(names) == ["lucky"]


def test_a_connection_that_breaks_during_a_commit_leaves_it_open(address: str, database: Database) -> None:
    execute(address, _AT_COMMIT.format(act="PERFORM pg_terminate_backend(pg_backend_pid())"))
    with pytest.raises(CommitUncertain, match="may or may not have been kept"):
        database.write(add("unlucky"))
    assert database.write(add("lucky")) == "lucky"


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    address = "postgresql://deskhand:hunter2@/missing?host=/nowhere"
    with (
        closing(open_database(address, StillClock())) as database,
        pytest.raises(DatabaseUnreachable) as caught,
    ):
        database.read(names)
    begin = "the database postgresql://deskhand:***@/missing?host=%2Fnowhere cannot be used: "
    assert str(caught.value).startswith(begin)
    assert "hunter2" not in str(caught.value)
