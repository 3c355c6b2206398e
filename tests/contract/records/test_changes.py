"""Word of changes for those who subscribed. Source: cloud-flows 2.6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from deskhand.entities.changes import ChangeMessage, RowChange, SubscribedMessage, SubscriptionScope
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import Workflow
from deskhand.entities.workqueue import WorkQueue, WorkQueueItem
from deskhand.identity.roles import assign_role, ensure_roles
from deskhand.odata.errors import QueryMalformed
from deskhand.records import service
from deskhand.records.drafts import publish, save_draft
from deskhand.records.errors import UnknownColumn
from deskhand.records.security import share
from deskhand.records.subscriptions import change_matches, check_filter, subscribe, take_changes, unsubscribe
from deskhand.store.database import Database, Transaction
from tests.clock import StillClock
from tests.contract.records.people import ADA, BEA, BOB, CAT, HEAD_OFFICE, Person

ALL = SubscribedMessage.ADDED_OR_MODIFIED_OR_DELETED
EVERYWHERE = SubscriptionScope.ORGANIZATION
FLOW = uuid4()
CREATE, UPDATE, DELETE = ChangeMessage.CREATE, ChangeMessage.UPDATE, ChangeMessage.DELETE


@pytest.fixture
def staffed(database: Database) -> Database:
    """An organisation in which Ada sees everything and the others their own."""

    def give_roles(tx: Transaction) -> None:
        ensure_roles(tx, HEAD_OFFICE)
        assign_role(tx, ADA.id, "System Administrator")
        assign_role(tx, BOB.id, "Environment Maker")

    database.write(give_roles)
    return database


def listen(
    database: Database,
    message: SubscribedMessage = ALL,
    scope: SubscriptionScope = EVERYWHERE,
    owner: Person = ADA,
    **options: Any,
) -> UUID:
    return database.write(
        lambda tx: subscribe(
            tx, WorkQueue, message=message, scope=scope, workflow_id=FLOW, owner_id=owner.id, **options
        )
    )


def create(database: Database, owner: Person = ADA, **values: Any) -> UUID:
    row = {"name": "Invoices", **values}
    return database.write(lambda tx: service.create(tx, WorkQueue, row, by=owner.id))


def told(database: Database) -> list[tuple[ChangeMessage, UUID]]:
    return [(one.message, one.row_id) for one in database.write(lambda tx: take_changes(tx, 100))]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (SubscribedMessage.ADDED, [CREATE]),
        (SubscribedMessage.DELETED, [DELETE]),
        (SubscribedMessage.MODIFIED, [UPDATE]),
        (SubscribedMessage.ADDED_OR_MODIFIED, [CREATE, UPDATE]),
        (SubscribedMessage.ADDED_OR_DELETED, [CREATE, DELETE]),
        (SubscribedMessage.MODIFIED_OR_DELETED, [UPDATE, DELETE]),
        (SubscribedMessage.ADDED_OR_MODIFIED_OR_DELETED, [CREATE, UPDATE, DELETE]),
    ],
)
def test_a_subscription_is_told_of_what_its_number_means(
    staffed: Database, message: SubscribedMessage, expected: list[ChangeMessage]
) -> None:
    listen(staffed, message)
    queue = create(staffed)
    staffed.write(lambda tx: service.update(tx, WorkQueue, queue, {"name": "Orders"}, by=ADA.id))
    staffed.write(lambda tx: service.delete(tx, WorkQueue, queue, by=ADA.id))

    assert told(staffed) == [(one, queue) for one in expected]


def test_a_change_tells_who_did_what_when_and_what_was_lost(staffed: Database, clock: StillClock) -> None:
    subscription = listen(staffed, SubscribedMessage.ADDED_OR_DELETED)
    queue = create(staffed, BOB, workqueuekey="k")
    began = clock.now()
    clock.advance(60)
    staffed.write(lambda tx: service.delete(tx, WorkQueue, queue))
    created, deleted = staffed.write(lambda tx: take_changes(tx, 100))

    assert (created.subscription_id, created.entity, created.row_id) == (subscription, "workqueue", queue)
    assert (created.message, created.by, created.at) == (CREATE, BOB.id, began)
    assert (deleted.message, deleted.by, deleted.at) == (DELETE, None, clock.now())
    for change in (created, deleted):
        kept = {name: change.row[name] for name in ("workqueueid", "name", "workqueuekey", "createdon")}
        assert kept == {"workqueueid": queue, "name": "Invoices", "workqueuekey": "k", "createdon": began}


def test_a_change_tells_of_the_row_as_it_left_it(staffed: Database) -> None:
    listen(staffed)
    queue = create(staffed)
    staffed.write(lambda tx: service.update(tx, WorkQueue, queue, {"name": "Orders"}, by=ADA.id))
    staffed.write(lambda tx: service.update(tx, WorkQueue, queue, {"name": "Bills"}, by=ADA.id))
    changes = staffed.write(lambda tx: take_changes(tx, 100))

    assert [one.row["name"] for one in changes] == ["Invoices", "Orders", "Bills"]


def test_only_updates_are_filtered_by_attributes(staffed: Database) -> None:
    listen(staffed, filtering_attributes=("statuscode", "description"))
    queue = create(staffed)
    for values in ({"name": "Orders"}, {"description": "d"}, {"statecode": 1}):
        staffed.write(lambda tx, values=values: service.update(tx, WorkQueue, queue, values, by=ADA.id))

    assert told(staffed) == [(CREATE, queue), (UPDATE, queue), (UPDATE, queue)]


def test_attributes_have_to_be_columns(staffed: Database) -> None:
    with pytest.raises(UnknownColumn, match="statuscod"):
        listen(staffed, filtering_attributes=("statuscod",))


@pytest.mark.parametrize(
    ("scope", "owners"),
    [
        (SubscriptionScope.USER, ["Bob"]),
        (SubscriptionScope.BUSINESS_UNIT, ["Bob", "Bea"]),
        (SubscriptionScope.PARENT_CHILD_BUSINESS_UNITS, ["Bob", "Bea", "Cat"]),
        (SubscriptionScope.ORGANIZATION, ["Ada", "Bob", "Bea", "Cat"]),
    ],
)
def test_a_scope_is_counted_from_the_owner(
    staffed: Database, scope: SubscriptionScope, owners: list[str]
) -> None:
    staffed.write(lambda tx: assign_role(tx, BOB.id, "System Administrator"))
    listen(staffed, scope=scope, owner=BOB)
    queues = {create(staffed, person): person.name for person in (ADA, BOB, BEA, CAT)}

    assert [queues[row_id] for _, row_id in told(staffed)] == owners


def test_nobody_is_told_of_rows_that_they_may_not_read(staffed: Database) -> None:
    listen(staffed, owner=BOB)
    mine, other, shared = create(staffed, BOB), create(staffed, BEA), create(staffed, BEA)
    staffed.write(lambda tx: share(tx, WorkQueue, shared, BOB.id, 1))
    for queue in (mine, other, shared):
        staffed.write(lambda tx, queue=queue: service.delete(tx, WorkQueue, queue))

    assert told(staffed) == [(CREATE, mine), (DELETE, mine), (DELETE, shared)]


def test_a_disabled_owner_hears_nothing(staffed: Database) -> None:
    listen(staffed)
    staffed.write(lambda tx: service.update(tx, SystemUser, ADA.id, {"isdisabled": True}, by=BOB.id))
    create(staffed)

    assert told(staffed) == []


def test_rows_that_go_with_another_are_told_too(staffed: Database) -> None:
    def subscribe_to_items(tx: Transaction) -> None:
        options: Any = {"scope": EVERYWHERE, "workflow_id": FLOW, "owner_id": ADA.id}
        subscribe(tx, WorkQueueItem, message=SubscribedMessage.DELETED, **options)

    queue = create(staffed)
    item = staffed.write(lambda tx: service.create(tx, WorkQueueItem, {"workqueueid": queue}, by=ADA.id))
    staffed.write(subscribe_to_items)
    staffed.write(lambda tx: service.delete(tx, WorkQueue, queue, by=BOB.id))
    (change,) = staffed.write(lambda tx: take_changes(tx, 100))

    assert (change.row_id, change.message, change.by) == (item, DELETE, BOB.id)


def test_a_draft_is_told_when_it_is_published(staffed: Database) -> None:
    def subscribe_to_flows(tx: Transaction) -> None:
        options: Any = {"scope": EVERYWHERE, "workflow_id": FLOW, "owner_id": ADA.id}
        subscribe(tx, Workflow, message=ALL, filtering_attributes=("definition",), **options)

    flow = staffed.write(lambda tx: service.create(tx, Workflow, {"name": "f"}, by=ADA.id))
    staffed.write(subscribe_to_flows)
    staffed.write(lambda tx: save_draft(tx, Workflow, flow, {"definition": "SET A TO 1"}, by=ADA.id))
    before = told(staffed)
    staffed.write(lambda tx: publish(tx, Workflow, flow, by=ADA.id))

    assert (before, told(staffed)) == ([], [(UPDATE, flow)])


def test_each_change_is_taken_once_and_in_order(staffed: Database) -> None:
    listen(staffed)
    queues = [create(staffed) for _ in range(5)]
    first = staffed.write(lambda tx: take_changes(tx, 3))
    rest = staffed.write(lambda tx: take_changes(tx, 3))

    assert [one.row_id for one in (*first, *rest)] == queues
    assert told(staffed) == []


def test_changes_come_back_when_whoever_took_them_fails(staffed: Database) -> None:
    listen(staffed)
    queue = create(staffed)

    def take_and_fail(tx: Transaction) -> None:
        assert take_changes(tx, 1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        staffed.write(take_and_fail)

    assert told(staffed) == [(CREATE, queue)]


def test_the_end_of_a_subscription_forgets_what_was_not_told(staffed: Database) -> None:
    listen(staffed)
    create(staffed)
    staffed.write(lambda tx: unsubscribe(tx, FLOW))
    create(staffed)

    count = sa.select(sa.func.count()).select_from(RowChange.table)
    assert staffed.read(lambda tx: tx.execute(count).scalar()) == 0


def test_where_nobody_subscribed_a_change_costs_one_statement(staffed: Database) -> None:
    statements: list[str] = []

    def create_and_count(tx: Transaction) -> None:
        def counted(run: Callable[..., Any]) -> Callable[..., Any]:
            def count(statement: Any, parameters: Any = None) -> Any:
                statements.append(type(statement).__name__)
                return run(statement, parameters)

            return count

        tx.execute = counted(tx.execute)  # type: ignore[method-assign]
        tx.rows = counted(tx.rows)  # type: ignore[method-assign]
        service.create(tx, WorkQueue, {"name": "Invoices"}, by=ADA.id)

    staffed.write(create_and_count)

    assert statements == ["Insert", "Statement"]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("statuscode eq 8", True),
        ("statuscode eq 8 and contains(errormessage,'LOST')", True),
        ("statuscode eq 4", False),
        ('Microsoft.Dynamics.CRM.In(PropertyName=\'statuscode\',PropertyValues=["4","8"])', True),
        ("completedon ne null", False),
        ("createdon le 2026-03-01T08:00:00Z and errormessage eq 'connection LOST'", True),
        (f"_ownerid_value eq {ADA.id}", True),
    ],
)
def test_a_filter_finds_a_change_or_does_not(staffed: Database, text: str, matches: bool) -> None:
    def subscribe_to_runs(tx: Transaction) -> None:
        options: Any = {"scope": EVERYWHERE, "workflow_id": FLOW, "owner_id": ADA.id}
        subscribe(tx, FlowSession, message=ALL, **options)

    staffed.write(subscribe_to_runs)
    values = {"statuscode": 8, "errormessage": "Connection lost"}
    run = staffed.write(lambda tx: service.create(tx, FlowSession, values, by=ADA.id))
    staffed.write(lambda tx: service.delete(tx, FlowSession, run, by=ADA.id))
    changes = staffed.write(lambda tx: take_changes(tx, 100))

    assert [staffed.read(lambda tx, one=one: change_matches(tx, one, text)) for one in changes] == [
        matches
    ] * 2


@pytest.mark.parametrize(
    ("text", "problem"), [("statuscode eq", QueryMalformed), ("statuscod eq 8", UnknownColumn)]
)
def test_a_filter_that_cannot_be_asked_is_refused(text: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        check_filter(FlowSession, text)
