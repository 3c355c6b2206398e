"""Work queues and the items in them. Source: machines-and-runs 8, dataverse-api 9.5."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from deskhand.entities.declare import AccessRight, Depth, Entity
from deskhand.entities.workqueue import ItemStatus, WorkQueue, WorkQueueItem
from deskhand.identity.principals import Principal
from deskhand.records import service, writing
from deskhand.records.errors import (
    AccessDenied,
    DuplicateRecord,
    ItemInProcessing,
    ItemStatusRefused,
    ObjectDoesNotExist,
    QueueNotActive,
    QueueSchemaFixed,
    StatusNotOfState,
)
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.records.workqueues import ITEM_TRANSITIONS, dequeue
from deskhand.store.database import Database
from tests.clock import StillClock
from tests.contract.records.people import ADA, BOB, Person

STATUSES = list(ItemStatus)


def may(person: Person, depth: Depth = Depth.BASIC) -> Principal:
    tables: tuple[type[Entity], ...] = (WorkQueue, WorkQueueItem)
    return person.calls(**{table.privilege(right).name: depth for table in tables for right in AccessRight})


ADA_ACTS = may(ADA)


def make_queue(database: Database, **values: Any) -> UUID:
    row = {"name": "Invoices", **values}
    return database.write(lambda tx: writing.create(tx, ADA_ACTS, WorkQueue, row))


@pytest.fixture
def queue(database: Database) -> UUID:
    return make_queue(database, itemmaxretrycount=1)


def add(database: Database, queue: UUID, by: Principal = ADA_ACTS, **values: Any) -> UUID:
    row = {"workqueueid": queue, **values}
    return database.write(lambda tx: writing.create(tx, by, WorkQueueItem, row))


def change(database: Database, item: UUID, **values: Any) -> None:
    database.write(lambda tx: writing.update(tx, ADA_ACTS, WorkQueueItem, item, values))


def take(database: Database, queue: UUID, by: Principal = ADA_ACTS) -> UUID | None:
    return database.write(lambda tx: dequeue(tx, by, queue))


def item_row(database: Database, item: UUID, *columns: str) -> dict[str, Any]:
    row = database.read(lambda tx: service.find(tx, WorkQueueItem, item))
    return {name: row[name] for name in columns}


# New items


def test_a_new_item_gets_what_it_lacks(database: Database, queue: UUID) -> None:
    row = item_row(
        database,
        add(database, queue),
        "name",
        "uniqueidbyqueue",
        "priority",
        "statecode",
        "statuscode",
        "expirydate",
    )

    assert row.pop("name").startswith("WQI-")
    assert row.pop("uniqueidbyqueue").startswith("system-")
    assert row == {"priority": 200, "statecode": 0, "statuscode": 0, "expirydate": None}


def test_an_item_lives_as_long_as_its_queue_says_unless_it_says_itself(
    database: Database, clock: StillClock
) -> None:
    queue = make_queue(database, defaultitemtimetoliveinminutes=90)
    date = clock.now() + timedelta(days=1)
    items = add(database, queue), add(database, queue, expirydate=date)

    assert [item_row(database, one, "expirydate")["expirydate"] for one in items] == [
        clock.now() + timedelta(minutes=90),
        date,
    ]


def test_a_name_within_a_queue_is_taken_once(database: Database, queue: UUID) -> None:
    add(database, queue, uniqueidbyqueue="4711")
    add(database, make_queue(database), uniqueidbyqueue="4711")
    with pytest.raises(DuplicateRecord):
        add(database, queue, uniqueidbyqueue="4711")


@pytest.mark.parametrize("status", STATUSES)
def test_an_item_begins_queued_or_on_hold(database: Database, queue: UUID, status: ItemStatus) -> None:
    if status in (ItemStatus.QUEUED, ItemStatus.PAUSED):
        item = add(database, queue, statuscode=status)
        assert item_row(database, item, "statuscode") == {"statuscode": status}
    else:
        with pytest.raises(ItemStatusRefused, match="A new item cannot get the statuscode"):
            add(database, queue, statuscode=status)


def test_a_schema_stays_as_it_is_once_it_is_set(database: Database, queue: UUID) -> None:
    def set_schema(text: str | None) -> None:
        database.write(lambda tx: writing.update(tx, ADA_ACTS, WorkQueue, queue, {"inputschema": text}))

    set_schema("{}")
    set_schema("{}")
    for other in ('{"type": "object"}', None):
        with pytest.raises(QueueSchemaFixed, match="‘Invoices’"):
            set_schema(other)


# Giving out


def test_urgent_items_come_first_and_then_the_older_ones(database: Database, queue: UUID) -> None:
    low, first, second, high = (add(database, queue, priority=one) for one in (300, 200, 200, 100))

    assert [take(database, queue) for _ in range(5)] == [high, first, second, low, None]


def test_items_before_their_time_or_after_it_are_passed_over(
    database: Database, queue: UUID, clock: StillClock
) -> None:
    later, past = clock.now() + timedelta(minutes=1), clock.now()
    delayed = add(database, queue, delayuntil=later)
    add(database, queue, expirydate=past)
    add(database, queue, statuscode=ItemStatus.PAUSED)

    before = take(database, queue)
    clock.advance(60)

    assert (before, take(database, queue)) == (None, delayed)


def test_an_item_that_is_given_out_tells_to_whom_and_since_when(
    database: Database, queue: UUID, clock: StillClock
) -> None:
    item = add(database, queue)
    version = item_row(database, item, "versionnumber")["versionnumber"]
    assert take(database, queue) == item

    row = item_row(
        database, item, "statecode", "statuscode", "processinguser", "processingstarttime", "versionnumber"
    )
    assert row.pop("versionnumber") > version
    assert row == {
        "statecode": 1,
        "statuscode": 1,
        "processinguser": ADA.id,
        "processingstarttime": clock.now(),
    }


def test_callers_who_come_together_get_different_items(database: Database, queue: UUID) -> None:
    items = {add(database, queue) for _ in range(8)}
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda _: take(database, queue), range(8)))

    assert set(taken) == items


@pytest.mark.parametrize("status", [2, 3])
def test_a_queue_that_is_paused_or_inactive_gives_out_nothing(
    database: Database, queue: UUID, status: int
) -> None:
    add(database, queue)
    changes = {"statuscode": status}
    database.write(lambda tx: writing.update(tx, ADA_ACTS, WorkQueue, queue, changes))

    with pytest.raises(QueueNotActive, match=r"RecordNotActive: the work queue ‘Invoices’"):
        take(database, queue)


def test_a_queue_gives_out_only_what_the_caller_may_change(database: Database, queue: UUID) -> None:
    add(database, queue)
    with pytest.raises(AccessDenied, match="AccessRights: ReadAccess"):
        take(database, queue, may(BOB))

    mask = ACCESS_FLAGS[AccessRight.READ] + ACCESS_FLAGS[AccessRight.APPEND_TO]
    database.write(lambda tx: share(tx, WorkQueue, queue, BOB.id, mask))
    bobs = add(database, queue, may(BOB))

    assert [take(database, queue, may(BOB)) for _ in range(2)] == [bobs, None]


# Statuses


def put(database: Database, queue: UUID, status: ItemStatus) -> UUID:
    """Return an item that stands where a test needs it."""
    values = {"workqueueid": queue, "statuscode": status, "name": "n"}
    return database.write(lambda tx: service.create(tx, WorkQueueItem, values, by=ADA.id))


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_an_item_goes_only_where_it_may(database: Database, before: ItemStatus, after: ItemStatus) -> None:
    item = put(database, make_queue(database), before)
    if after is before or after in ITEM_TRANSITIONS[before]:
        change(database, item, statuscode=after)
        assert item_row(database, item, "statuscode") == {"statuscode": after}
    else:
        with pytest.raises(ItemStatusRefused):
            change(database, item, statuscode=after)


@pytest.mark.parametrize(("state", "status"), [(2, 2), (4, 4)])
def test_a_state_alone_means_its_first_status(
    database: Database, queue: UUID, state: int, status: int
) -> None:
    item = put(database, queue, ItemStatus.PROCESSING)
    change(database, item, statecode=state)

    assert item_row(database, item, "statecode", "statuscode") == {"statecode": state, "statuscode": status}


def test_a_status_of_another_state_is_refused(database: Database, queue: UUID) -> None:
    item = put(database, queue, ItemStatus.PROCESSING)
    with pytest.raises(StatusNotOfState, match="6 is not a valid status code for state code 2"):
        change(database, item, statecode=2, statuscode=6)


def test_the_end_of_processing_is_timed(database: Database, queue: UUID, clock: StillClock) -> None:
    item = add(database, queue)
    take(database, queue)
    clock.advance(75)
    change(database, item, statuscode=ItemStatus.BUSINESS_EXCEPTION, processingresult="no order number")

    assert item_row(database, item, "completedon", "processingduration", "processingresult", "statecode") == {
        "completedon": clock.now(),
        "processingduration": 75,
        "processingresult": "no order number",
        "statecode": 4,
    }


def test_an_it_exception_is_tried_again_as_often_as_the_queue_says(database: Database, queue: UUID) -> None:
    item = add(database, queue)
    seen = []
    for _ in range(2):
        take(database, queue)
        change(database, item, statuscode=ItemStatus.IT_EXCEPTION)
        seen.append(item_row(database, item, "statuscode", "retrycount", "processinguser"))

    assert seen == [
        {"statuscode": ItemStatus.QUEUED, "retrycount": 1, "processinguser": None},
        {"statuscode": ItemStatus.IT_EXCEPTION, "retrycount": 1, "processinguser": ADA.id},
    ]


def test_an_item_that_is_put_back_joins_the_end_of_its_queue(database: Database, queue: UUID) -> None:
    first, second = add(database, queue), add(database, queue)
    take(database, queue)
    change(database, first, statuscode=ItemStatus.QUEUED)

    assert item_row(database, first, "requeuecount", "processingstarttime") == {
        "requeuecount": 1,
        "processingstarttime": None,
    }
    assert [take(database, queue) for _ in range(2)] == [second, first]


def test_a_released_item_was_not_put_back(database: Database, queue: UUID) -> None:
    item = add(database, queue, statuscode=ItemStatus.PAUSED)
    change(database, item, statuscode=ItemStatus.QUEUED)

    assert item_row(database, item, "requeuecount") == {"requeuecount": 0}


def test_an_item_in_processing_keeps_all_but_its_notes(database: Database, queue: UUID) -> None:
    item = add(database, queue, input="a")
    take(database, queue)

    change(database, item, processingresult="half done", input="a")
    with pytest.raises(ItemInProcessing, match="so input, priority cannot change now"):
        change(database, item, input="b", priority=100)


def test_the_input_of_an_item_in_processing_changes_where_the_queue_lets_it(database: Database) -> None:
    queue = make_queue(database, allowupdateinputwhileprocessing=2)
    item = add(database, queue, input="a")
    take(database, queue)
    change(database, item, input="b")

    assert item_row(database, item, "input") == {"input": "b"}


def test_items_go_with_their_queue(database: Database, queue: UUID) -> None:
    item = add(database, queue)
    database.write(lambda tx: writing.delete(tx, ADA_ACTS, WorkQueue, queue))

    with pytest.raises(ObjectDoesNotExist):
        item_row(database, item)
