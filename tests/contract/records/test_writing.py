"""Writing with a caller's rights. Source: dataverse-api 4.1 to 4.5, 4.9 and 12."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from deskhand.core.errors import DeskhandError
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import AccessRight, Depth, Entity
from deskhand.entities.flowmachine import ConnectionReference, FlowMachine
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import ComponentState, Workflow
from deskhand.entities.workqueue import WorkQueue, WorkQueueItem
from deskhand.identity.principals import Principal
from deskhand.records import rules, service, writing
from deskhand.records.errors import (
    AccessDenied,
    ColumnRequired,
    DuplicateRecord,
    IdMismatch,
    KeyDoesNotExist,
    ObjectDoesNotExist,
    OperationNotSupported,
    PrivilegeDenied,
    PropertyReadOnly,
    UndeclaredProperty,
    VersionMismatch,
)
from deskhand.records.references import AlternateKey, RowReference
from deskhand.records.rules import Write
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.records.writing import Condition
from deskhand.store.database import Database, Transaction
from tests.contract.records.people import ADA, BEA, BOB, Person

MAY_ALL = tuple(AccessRight)


def may(person: Person, *rights: AccessRight, depth: Depth = Depth.BASIC, without: str = "") -> Principal:
    """Return somebody with rights on queues and their items."""
    tables: tuple[type[Entity], ...] = (WorkQueue, WorkQueueItem)
    names = {table.privilege(right).name for table in tables for right in rights or MAY_ALL}
    return person.calls(**dict.fromkeys(names - {without}, depth))


def create(database: Database, principal: Principal, entity: type[Entity], **values: Any) -> UUID:
    return database.write(lambda tx: writing.create(tx, principal, entity, values))


def change(
    database: Database, principal: Principal, entity: type[Entity], row_id: UUID, **values: Any
) -> None:
    database.write(lambda tx: writing.update(tx, principal, entity, row_id, values))


def upsert(
    database: Database,
    principal: Principal,
    reference: RowReference,
    values: Mapping[str, Any],
    condition: Condition = writing.UNCONDITIONAL,
) -> tuple[UUID, bool]:
    return database.write(lambda tx: writing.upsert(tx, principal, WorkQueue, reference, values, condition))


def delete(database: Database, principal: Principal, entity: type[Entity], row_id: UUID) -> None:
    database.write(lambda tx: writing.delete(tx, principal, entity, row_id))


def row(database: Database, entity: type[Entity], row_id: UUID, *columns: str) -> dict[str, Any]:
    found = database.read(lambda tx: service.find(tx, entity, row_id))
    return {name: found[name] for name in columns}


# Rights


def test_a_caller_owns_what_they_create(database: Database) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices")

    assert row(database, WorkQueue, queue, "name", "ownerid", "createdby", "owningbusinessunit") == {
        "name": "Invoices",
        "ownerid": BOB.id,
        "createdby": BOB.id,
        "owningbusinessunit": BOB.unit,
    }


@pytest.mark.parametrize(
    ("right", "denied"),
    [
        (AccessRight.CREATE, "prvCreateworkqueue"),
        (AccessRight.WRITE, "prvWriteworkqueue"),
        (AccessRight.DELETE, "prvDeleteworkqueue"),
    ],
)
def test_each_verb_takes_its_own_privilege(database: Database, right: AccessRight, denied: str) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices")
    lacking = may(BOB, without=denied)
    verbs = {
        AccessRight.CREATE: lambda: create(database, lacking, WorkQueue, name="Orders"),
        AccessRight.WRITE: lambda: change(database, lacking, WorkQueue, queue, name="Orders"),
        AccessRight.DELETE: lambda: delete(database, lacking, WorkQueue, queue),
    }

    with pytest.raises(PrivilegeDenied, match=f"is missing {denied} privilege"):
        verbs[right]()

    for other, verb in verbs.items():
        if other is not right:
            verb()


def test_somebody_elses_row_is_out_of_reach_until_it_is_shared(database: Database) -> None:
    queue = create(database, may(ADA), WorkQueue, name="Invoices")

    with pytest.raises(AccessDenied, match="AccessRights: WriteAccess"):
        change(database, may(BOB), WorkQueue, queue, name="Mine")
    with pytest.raises(AccessDenied, match="AccessRights: DeleteAccess"):
        delete(database, may(BOB), WorkQueue, queue)

    mask = ACCESS_FLAGS[AccessRight.WRITE]
    database.write(lambda tx: share(tx, WorkQueue, queue, BOB.id, mask))
    change(database, may(BOB), WorkQueue, queue, name="Ours")
    assert row(database, WorkQueue, queue, "name", "modifiedby", "ownerid") == {
        "name": "Ours",
        "modifiedby": BOB.id,
        "ownerid": ADA.id,
    }


def test_a_row_for_somebody_else_takes_reach_and_the_right_to_assign(database: Database) -> None:
    with pytest.raises(AccessDenied, match="AccessRights: CreateAccess"):
        create(database, may(BOB), WorkQueue, name="Invoices", ownerid=BEA.id)
    cannot_assign = may(BOB, depth=Depth.LOCAL, without="prvAssignworkqueue")
    with pytest.raises(PrivilegeDenied, match="prvAssignworkqueue"):
        create(database, cannot_assign, WorkQueue, name="Invoices", ownerid=BEA.id)

    queue = create(database, may(BOB, depth=Depth.LOCAL), WorkQueue, name="Invoices", ownerid=BEA.id)

    assert row(database, WorkQueue, queue, "ownerid", "owninguser") == {
        "ownerid": BEA.id,
        "owninguser": BEA.id,
    }


def test_a_row_is_assigned_by_whoever_may_assign_it_to_somebody_who_exists(database: Database) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices")

    with pytest.raises(PrivilegeDenied, match="prvAssignworkqueue"):
        change(database, may(BOB, without="prvAssignworkqueue"), WorkQueue, queue, ownerid=ADA.id)
    with pytest.raises(ObjectDoesNotExist, match="systemuser With Id"):
        change(database, may(BOB), WorkQueue, queue, ownerid=uuid4())
    with pytest.raises(ColumnRequired):
        change(database, may(BOB), WorkQueue, queue, ownerid=None)

    change(database, may(BOB), WorkQueue, queue, ownerid=ADA.id)
    assert row(database, WorkQueue, queue, "ownerid", "owningbusinessunit") == {
        "ownerid": ADA.id,
        "owningbusinessunit": ADA.unit,
    }


def test_a_lookup_takes_append_and_append_to(database: Database) -> None:
    queue = create(database, may(ADA), WorkQueue, name="Invoices")

    with pytest.raises(AccessDenied, match="AccessRights: AppendToAccess"):
        create(database, may(BOB), WorkQueueItem, workqueueid=queue)
    lacking = may(ADA, without="prvAppendworkqueueitem")
    with pytest.raises(PrivilegeDenied, match="prvAppendworkqueueitem"):
        create(database, lacking, WorkQueueItem, workqueueid=queue)
    with pytest.raises(ObjectDoesNotExist, match="workqueue With Id"):
        create(database, may(BOB), WorkQueueItem, workqueueid=uuid4())

    database.write(lambda tx: share(tx, WorkQueue, queue, BOB.id, ACCESS_FLAGS[AccessRight.APPEND_TO]))
    item = create(database, may(BOB), WorkQueueItem, workqueueid=queue)
    assert row(database, WorkQueueItem, item, "workqueueid", "ownerid") == {
        "workqueueid": queue,
        "ownerid": BOB.id,
    }


def test_a_lookup_that_stays_takes_no_right(database: Database) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices")
    item = create(database, may(BOB), WorkQueueItem, workqueueid=queue)
    lacking = may(BOB, without="prvAppendworkqueueitem")

    change(database, lacking, WorkQueueItem, item, workqueueid=queue, name="first")
    assert row(database, WorkQueueItem, item, "name") == {"name": "first"}


@pytest.mark.parametrize(
    ("entity", "right", "message"),
    [
        (
            FlowSession,
            AccessRight.CREATE,
            "The 'Create' method does not support entities of type 'flowsession'.",
        ),
        (
            FlowSession,
            AccessRight.WRITE,
            "The 'Update' method does not support entities of type 'flowsession'.",
        ),
        (
            SystemUser,
            AccessRight.DELETE,
            "The 'Delete' method does not support entities of type 'systemuser'.",
        ),
    ],
)
def test_the_servers_own_tables_stay_its_own(
    database: Database, entity: type[Entity], right: AccessRight, message: str
) -> None:
    almighty = ADA.calls(**{entity.privilege(right).name: Depth.GLOBAL})
    verbs = {
        AccessRight.CREATE: lambda: create(database, almighty, entity, name="x"),
        AccessRight.WRITE: lambda: change(database, almighty, entity, uuid4(), name="x"),
        AccessRight.DELETE: lambda: delete(database, almighty, entity, ADA.id),
    }
    with pytest.raises(OperationNotSupported) as caught:
        verbs[right]()
    assert str(caught.value) == message


# Values


def test_stamps_that_come_back_are_passed_over(database: Database) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices", createdby=ADA.id, versionnumber=1)
    change(database, may(BOB), WorkQueue, queue, createdon=None, modifiedby=ADA.id, name="Orders")

    assert row(database, WorkQueue, queue, "name", "createdby", "modifiedby") == {
        "name": "Orders",
        "createdby": BOB.id,
        "modifiedby": BOB.id,
    }


@pytest.mark.parametrize(
    ("entity", "name", "error"),
    [
        (WorkQueueItem, "retrycount", PropertyReadOnly),
        (WorkQueueItem, "queueposition", UndeclaredProperty),
        (WorkQueueItem, "nosuchcolumn", UndeclaredProperty),
        (FlowMachine, "keyhash", UndeclaredProperty),
        (FlowMachine, "flowmachinegroupid", PropertyReadOnly),
        (Workflow, "componentstate", PropertyReadOnly),
    ],
)
def test_columns_of_the_server_are_refused(
    database: Database, entity: type[Entity], name: str, error: type[DeskhandError]
) -> None:
    privileges = dict.fromkeys((entity.privilege(right).name for right in MAY_ALL), Depth.GLOBAL)
    row_id = database.write(lambda tx: service.create(tx, entity, {"name": "x"}, by=ADA.id))
    with pytest.raises(error):
        change(database, ADA.calls(**privileges), entity, row_id, **{name: 1})


def test_nothing_at_creation_means_the_default_and_later_that_it_is_cleared(database: Database) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices", itemmaxretrycount=None, description=None)
    change(database, may(BOB), WorkQueue, queue, description="of customers")
    change(database, may(BOB), WorkQueue, queue, description=None)

    assert row(database, WorkQueue, queue, "itemmaxretrycount", "description") == {
        "itemmaxretrycount": 0,
        "description": None,
    }


@pytest.mark.parametrize("name", ["name", "itemmaxretrycount", "statecode", "statuscode"])
def test_what_every_row_has_cannot_be_cleared(database: Database, name: str) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices")

    with pytest.raises(ColumnRequired) as caught:
        change(database, may(BOB), WorkQueue, queue, **{name: None})
    assert str(caught.value) == f"The column '{name}' of 'workqueue' cannot be empty. Give it a value."


def test_a_row_lacks_no_value_that_every_row_has(database: Database) -> None:
    with pytest.raises(ColumnRequired, match="The column 'name' of 'workqueue'"):
        create(database, may(BOB), WorkQueue, description="nameless")


# Ids, keys, versions


def test_an_id_of_the_callers_choice_is_taken_once(database: Database) -> None:
    row_id = uuid4()
    assert create(database, may(BOB), WorkQueue, name="a", workqueueid=row_id) == row_id
    with pytest.raises(DuplicateRecord):
        create(database, may(ADA), WorkQueue, name="b", workqueueid=row_id)


def test_a_draft_keeps_its_id_from_others(database: Database) -> None:
    row_id = uuid4()
    values = {"workflowid": row_id, "name": "draft", "componentstate": ComponentState.UNPUBLISHED}
    database.write(lambda tx: service.create(tx, Workflow, values, by=ADA.id))
    bob = BOB.calls(prvCreateworkflow=Depth.BASIC)

    with pytest.raises(DuplicateRecord):
        create(database, bob, Workflow, name="taken", workflowid=row_id, category=5, clientdata="{}")


def test_an_id_never_changes(database: Database) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices")
    change(database, may(BOB), WorkQueue, queue, workqueueid=queue)
    with pytest.raises(IdMismatch):
        change(database, may(BOB), WorkQueue, queue, workqueueid=uuid4())


def test_an_upsert_creates_what_is_not_there_and_changes_what_is(database: Database) -> None:
    row_id = uuid4()

    assert upsert(database, may(BOB), row_id, {"name": "a"}) == (row_id, True)
    assert upsert(database, may(BOB), row_id, {"name": "b"}) == (row_id, False)
    assert row(database, WorkQueue, row_id, "name") == {"name": "b"}


def test_an_upsert_by_key_gives_the_new_row_its_key(database: Database) -> None:
    key = AlternateKey(WorkQueue, (("workqueuekey", "invoices"),))

    queue, created = upsert(database, may(BOB), key, {"name": "Invoices"})
    again = upsert(database, may(BOB), key, {"description": "of customers"})

    assert created
    assert again == (queue, False)
    assert row(database, WorkQueue, queue, "name", "workqueuekey", "description") == {
        "name": "Invoices",
        "workqueuekey": "invoices",
        "description": "of customers",
    }


def test_conditions_decide_between_creation_and_change(database: Database) -> None:
    must_exist, must_be_new = Condition(must_exist=True), Condition(must_be_new=True)
    row_id = uuid4()
    key = AlternateKey(WorkQueue, (("workqueuekey", "invoices"),))

    with pytest.raises(ObjectDoesNotExist):
        upsert(database, may(BOB), row_id, {"name": "a"}, must_exist)
    with pytest.raises(KeyDoesNotExist):
        upsert(database, may(BOB), key, {"name": "a"}, must_exist)
    assert upsert(database, may(BOB), row_id, {"name": "a"}, must_be_new) == (row_id, True)
    with pytest.raises(DuplicateRecord):
        upsert(database, may(BOB), row_id, {"name": "a"}, must_be_new)
    assert upsert(database, may(BOB), row_id, {"name": "a"}, must_exist) == (row_id, False)


def test_a_stale_version_changes_and_deletes_nothing(database: Database) -> None:
    queue = create(database, may(BOB), WorkQueue, name="Invoices")
    stale = row(database, WorkQueue, queue, "versionnumber")["versionnumber"]
    change(database, may(BOB), WorkQueue, queue, name="Orders")
    fresh = row(database, WorkQueue, queue, "versionnumber")["versionnumber"]

    for attempt in (
        lambda tx: writing.update(tx, may(BOB), WorkQueue, queue, {"name": "x"}, version=stale),
        lambda tx: writing.delete(tx, may(BOB), WorkQueue, queue, version=stale),
    ):
        with pytest.raises(VersionMismatch):
            database.write(attempt)
    database.write(lambda tx: writing.delete(tx, may(BOB), WorkQueue, queue, version=fresh))


def test_the_row_and_the_rights_come_before_the_values(database: Database) -> None:
    class Unreadable(Mapping[str, Any]):
        def __getitem__(self, name: str) -> Any:
            raise AssertionError("looked at")

        def __iter__(self) -> Iterator[str]:
            raise AssertionError("looked at")

        def __len__(self) -> int:
            raise AssertionError("looked at")

    queue = create(database, may(ADA), WorkQueue, name="Invoices")
    with pytest.raises(ObjectDoesNotExist):
        database.write(lambda tx: writing.update(tx, may(BOB), WorkQueue, uuid4(), Unreadable()))
    with pytest.raises(AccessDenied):
        database.write(lambda tx: writing.update(tx, may(BOB), WorkQueue, queue, Unreadable()))
    with pytest.raises(PrivilegeDenied):
        database.write(lambda tx: writing.create(tx, BOB.calls(), WorkQueue, Unreadable()))


def test_a_name_that_is_taken_is_refused(database: Database) -> None:
    privileges = dict.fromkeys((ConnectionReference.privilege(right).name for right in MAY_ALL), Depth.BASIC)
    bob = BOB.calls(**privileges)
    create(database, bob, ConnectionReference, connectionreferencelogicalname="a")
    other = create(database, bob, ConnectionReference, connectionreferencelogicalname="b")

    with pytest.raises(DuplicateRecord):
        change(database, bob, ConnectionReference, other, connectionreferencelogicalname="a")


# Rules


def test_rules_see_a_write_change_it_and_follow_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[ChangeMessage, Any, dict[str, Any]]] = []

    def before(tx: Transaction, principal: Principal, write: Write) -> Mapping[str, Any]:
        named = None if write.before is None else write.before["name"]
        seen.append((write.message, named, dict(write.changes)))
        return {**write.changes, "description": principal.name} if write.changes else {}

    def after(tx: Transaction, principal: Principal, write: Write) -> None:
        seen.append((write.message, write.row_id, dict(write.changes)))

    monkeypatch.setitem(rules._BEFORE, "workqueue", [])
    monkeypatch.setitem(rules._AFTER, "workqueue", [])
    rules.before_write(WorkQueue)(before)
    rules.after_write(WorkQueue)(after)

    queue = create(database, may(BOB), WorkQueue, name="a")
    change(database, may(BOB), WorkQueue, queue, name="b")
    stored = row(database, WorkQueue, queue, "name", "description")
    delete(database, may(BOB), WorkQueue, queue)

    assert stored == {"name": "b", "description": "Bob"}
    assert seen == [
        (ChangeMessage.CREATE, None, {"name": "a"}),
        (ChangeMessage.CREATE, queue, {"name": "a", "description": "Bob"}),
        (ChangeMessage.UPDATE, "a", {"name": "b"}),
        (ChangeMessage.UPDATE, queue, {"name": "b", "description": "Bob"}),
        (ChangeMessage.DELETE, "b", {}),
        (ChangeMessage.DELETE, queue, {}),
    ]
