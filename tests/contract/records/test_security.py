"""Who reaches which rows. Source: dataverse-api 12."""

from __future__ import annotations

from uuid import UUID

import pytest

from deskhand.entities.declare import AccessRight, Depth
from deskhand.entities.security import BusinessUnit
from deskhand.entities.workflow import Workflow
from deskhand.identity.principals import Principal
from deskhand.odata.nodes import Query
from deskhand.records import service
from deskhand.records.errors import AccessDenied, PrivilegeDenied
from deskhand.records.security import ACCESS_FLAGS, require_access, share
from deskhand.store.database import Database, Transaction
from tests.contract.records.people import ADA, BEA, BOB, CAT, Person

PEOPLE = (ADA, BOB, BEA, CAT)


@pytest.fixture
def flows(database: Database) -> dict[str, UUID]:
    """One flow of everybody's, by its owner's name."""

    def create(tx: Transaction) -> dict[str, UUID]:
        return {one.name: service.create(tx, Workflow, {"name": one.name}, by=one.id) for one in PEOPLE}

    return database.write(create)


def listed(database: Database, principal: Principal) -> list[str]:
    page = database.read(lambda tx: service.retrieve_multiple(tx, principal, Workflow, Query()))
    return sorted(row["name"] for row in page.rows)


def retrieved(database: Database, principal: Principal, flows: dict[str, UUID]) -> list[str]:
    """Return whose flows a caller gets by id."""
    names = []
    for name, flow_id in flows.items():
        try:
            row = database.read(
                lambda tx, flow_id=flow_id: service.retrieve(tx, principal, Workflow, flow_id)
            )
        except AccessDenied:
            continue
        assert row["name"] == name
        names.append(name)
    return sorted(names)


@pytest.mark.parametrize(
    ("person", "depth", "names"),
    [
        (ADA, Depth.BASIC, ["Ada"]),
        (ADA, Depth.LOCAL, ["Ada"]),
        (ADA, Depth.DEEP, ["Ada", "Bea", "Bob", "Cat"]),
        (BOB, Depth.BASIC, ["Bob"]),
        (BOB, Depth.LOCAL, ["Bea", "Bob"]),
        (BOB, Depth.DEEP, ["Bea", "Bob", "Cat"]),
        (BOB, Depth.GLOBAL, ["Ada", "Bea", "Bob", "Cat"]),
        (CAT, Depth.DEEP, ["Cat"]),
    ],
)
def test_a_privilege_reaches_as_far_as_its_depth(
    database: Database, flows: dict[str, UUID], person: Person, depth: Depth, names: list[str]
) -> None:
    principal = person.reads(Workflow, depth)
    assert listed(database, principal) == names
    assert retrieved(database, principal, flows) == names
    count = database.read(lambda tx: service.count(tx, principal, Workflow, Query()))
    assert count == len(names)


def test_units_in_a_circle_are_walked_once(database: Database, flows: dict[str, UUID]) -> None:
    def close_the_circle(tx: Transaction) -> None:
        changes = {"parentbusinessunitid": CAT.unit}
        service.update(tx, BusinessUnit, ADA.unit, changes, by=ADA.id)

    database.write(close_the_circle)
    principal = CAT.reads(Workflow, Depth.DEEP)
    assert listed(database, principal) == ["Ada", "Bea", "Bob", "Cat"]
    assert retrieved(database, principal, flows) == ["Ada", "Bea", "Bob", "Cat"]


def test_without_the_privilege_nothing_is_told(database: Database, flows: dict[str, UUID]) -> None:
    nobody = BOB.calls(prvReadflowsession=Depth.GLOBAL)
    privilege = Workflow.privilege(AccessRight.READ)
    expected = (
        f"Principal user (Id={BOB.id}, type=8, roleCount=1, privilegeCount=1, accessMode=0) is missing "
        f"prvReadworkflow privilege (Id={privilege.id}) on OTC=4703 for entity 'workflow'. "
        f"context.Caller={BOB.id}"
    )
    uses = (
        lambda tx: service.retrieve(tx, nobody, Workflow, flows["Bob"]),
        lambda tx: service.retrieve_multiple(tx, nobody, Workflow, Query()),
        lambda tx: service.count(tx, nobody, Workflow, Query()),
    )
    for use in uses:
        with pytest.raises(PrivilegeDenied) as caught:
            database.read(use)
        assert str(caught.value) == expected


def test_a_row_out_of_reach_is_refused_by_name(database: Database, flows: dict[str, UUID]) -> None:
    with pytest.raises(AccessDenied) as caught:
        database.read(
            lambda tx: service.retrieve(tx, BOB.reads(Workflow, Depth.LOCAL), Workflow, flows["Ada"])
        )
    assert str(caught.value) == (
        f"SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: {flows['Ada']}, "
        f"OwnerId: {ADA.id}, OwnerIdType: 8 and CallingUser: {BOB.id}. ObjectTypeCode: 4703, "
        f"objectBusinessUnitId: {ADA.unit}, AccessRights: ReadAccess"
    )


def test_a_share_reaches_one_row_with_one_user(database: Database, flows: dict[str, UUID]) -> None:
    read = ACCESS_FLAGS[AccessRight.READ]
    database.write(lambda tx: share(tx, Workflow, flows["Ada"], BOB.id, read))
    principal = BOB.reads(Workflow, Depth.BASIC)
    assert listed(database, principal) == ["Ada", "Bob"]
    assert retrieved(database, principal, flows) == ["Ada", "Bob"]
    assert listed(database, BEA.reads(Workflow, Depth.BASIC)) == ["Bea"]


def test_a_share_gives_only_the_rights_it_names(database: Database, flows: dict[str, UUID]) -> None:
    principal = BOB.calls(prvReadworkflow=Depth.BASIC, prvWriteworkflow=Depth.BASIC)
    database.write(lambda tx: share(tx, Workflow, flows["Ada"], BOB.id, ACCESS_FLAGS[AccessRight.READ]))

    def check(right: AccessRight) -> None:
        def run(tx: Transaction) -> None:
            row = service.find(tx, Workflow, flows["Ada"], columns=())
            require_access(tx, principal, Workflow, row, right)

        database.read(run)

    check(AccessRight.READ)
    with pytest.raises(AccessDenied, match="AccessRights: WriteAccess"):
        check(AccessRight.WRITE)
    with pytest.raises(PrivilegeDenied, match="is missing prvDeleteworkflow privilege"):
        check(AccessRight.DELETE)


def test_a_share_takes_the_place_of_the_one_before(database: Database, flows: dict[str, UUID]) -> None:
    principal = BOB.reads(Workflow, Depth.BASIC)
    read, write = ACCESS_FLAGS[AccessRight.READ], ACCESS_FLAGS[AccessRight.WRITE]
    seen = []
    for mask in (read, read + write, write, read, 0):
        database.write(lambda tx, mask=mask: share(tx, Workflow, flows["Ada"], BOB.id, mask))
        seen.append(listed(database, principal))
    with_share, without = ["Ada", "Bob"], ["Bob"]
    assert seen == [with_share, with_share, without, with_share, without]


def test_rows_of_the_organisation_are_within_any_reach(database: Database) -> None:
    principal = CAT.reads(BusinessUnit, Depth.BASIC)
    page = database.read(lambda tx: service.retrieve_multiple(tx, principal, BusinessUnit, Query()))
    assert sorted(row["name"] for row in page.rows) == ["branch", "desk", "head office"]
    row = database.read(lambda tx: service.retrieve(tx, principal, BusinessUnit, ADA.unit))
    assert row["name"] == "head office"
