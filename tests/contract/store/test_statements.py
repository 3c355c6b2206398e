"""Statements that go to the driver as text."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from deskhand.entities.storage import Callback
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import StatementFailedBefore
from deskhand.store.statements import Statement

MOMENT = datetime(2026, 3, 1, 8, 4, 41, 123456, tzinfo=UTC)
C = Callback.c
INSERT = Statement(sa.insert(Callback.table))
BY_ID = Statement(sa.select(Callback.table).where(C.callbackid == sa.bindparam("callback_id")))
BY_URL = Statement(sa.select(C.callbackid).where(C.url.like("%/done%"), C.attempts == 2).order_by(C.attempts))
TAKEN = Statement(
    sa.update(Callback.table)
    .where(C.callbackid == sa.bindparam("callback_id"))
    .values(attempts=C.attempts + 1, dueon=sa.bindparam("due", type_=C.dueon.type))
    .returning(C.callbackid, C.attempts, C.dueon)
)


def callback(callback_id: UUID) -> dict[str, object]:
    return {
        "callbackid": callback_id,
        "flowsessionid": UUID(int=1),
        "workflowid": UUID(int=2),
        "url": "https://example.org/done?rate=50%25",
        "body": "{}",
        "attempts": 2,
        "dueon": MOMENT,
        "claimedby": None,
        "lasterror": None,
        "givenup": False,
    }


def test_a_row_comes_back_as_it_went_in(database: Database) -> None:
    row = callback(uuid4())
    database.write(lambda tx: tx.run(INSERT, row))
    assert database.read(lambda tx: tx.row(BY_ID, {"callback_id": row["callbackid"]})) == row
    assert database.read(lambda tx: tx.row(BY_ID, {"callback_id": uuid4()})) is None


def test_a_statement_runs_once_for_each_of_its_parameters(database: Database) -> None:
    ids = {uuid4() for _ in range(3)}
    database.write(lambda tx: tx.run(INSERT, *map(callback, ids)))
    assert {one["callbackid"] for one in database.read(lambda tx: tx.rows(BY_URL, {}))} == ids


def test_a_change_returns_the_row_that_it_leaves(database: Database) -> None:
    callback_id = uuid4()
    database.write(lambda tx: tx.run(INSERT, callback(callback_id)))
    change = {"callback_id": callback_id, "due": MOMENT.replace(year=2027)}
    assert database.write(lambda tx: tx.row(TAKEN, change)) == {
        "callbackid": callback_id,
        "attempts": 3,
        "dueon": MOMENT.replace(year=2027),
    }


def test_a_failure_is_sqlalchemys_and_tells_no_values(database: Database) -> None:
    row = callback(uuid4())
    database.write(lambda tx: tx.run(INSERT, row))
    with pytest.raises(sa.exc.IntegrityError) as caught:
        database.write(lambda tx: tx.run(INSERT, row))
    assert "example.org" not in str(caught.value)


def test_a_transaction_whose_statement_failed_does_not_commit(database: Database) -> None:
    row = callback(uuid4())

    def insert_twice(tx: Transaction) -> None:
        tx.run(INSERT, row)
        with suppress(sa.exc.IntegrityError):
            tx.run(INSERT, row)

    with pytest.raises(StatementFailedBefore):
        database.write(insert_twice)
    assert database.read(lambda tx: tx.rows(BY_URL, {})) == []


def test_a_missing_parameter_is_an_error(database: Database) -> None:
    with pytest.raises(KeyError):
        database.read(lambda tx: tx.row(BY_ID, {}))
