"""The verbs on rows. Source: dataverse-api 4 and 7."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from deskhand.core.errors import DeskhandError
from deskhand.entities.flowmachine import FlowMachine
from deskhand.entities.flowsession import FlowLog, FlowLogType, FlowSession, FlowSessionStatus
from deskhand.entities.security import PrincipalObjectAccess
from deskhand.entities.storage import FileContent
from deskhand.entities.workflow import DesktopFlowBinary, Workflow
from deskhand.records import service
from deskhand.records.errors import (
    DuplicateRecord,
    NumberOutOfRange,
    ObjectDoesNotExist,
    OptionOutOfRange,
    StatusNotOfState,
    TextTooLong,
    UndeclaredProperty,
    VersionMismatch,
    WrongValueType,
)
from deskhand.records.security import share
from deskhand.store.database import Database, Transaction
from deskhand.store.files import StoredFile, read_file, write_file
from tests.clock import StillClock
from tests.contract.records.people import ADA, BOB, BRANCH, HEAD_OFFICE

ADA_READS = ADA.reads(FlowMachine)
PAYLOAD_ERROR = (
    "Error identified in Payload provided by the user for Entity :'flowmachines', For more information on "
    "this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  "
    "InnerException : "
)


def create_machine(database: Database, **values: Any) -> UUID:
    return database.write(lambda tx: service.create(tx, FlowMachine, {"name": "m1", **values}, by=ADA.id))


def machine(database: Database, row_id: UUID) -> dict[str, Any]:
    return dict(database.read(lambda tx: service.retrieve(tx, ADA_READS, FlowMachine, row_id)))


def change(database: Database, row_id: UUID, by: UUID = ADA.id, **values: Any) -> None:
    database.write(lambda tx: service.update(tx, FlowMachine, row_id, values, by=by))


def test_a_new_row_has_its_defaults_its_owner_and_its_times(database: Database, clock: StillClock) -> None:
    row_id = create_machine(database, description="by the window")
    row = machine(database, row_id)
    version = row.pop("versionnumber")
    assert version > 0
    assert row == {
        "flowmachineid": row_id,
        "name": "m1",
        "description": "by the window",
        "agentversion": None,
        "flowmachinegroupid": None,
        "hostingtype": 0,
        "lastheartbeatdate": None,
        "sessioncapacity": 1,
        "machinemetadata": None,
        "keyhash": None,
        "sessionuser": None,
        "statecode": 0,
        "statuscode": 1,
        "createdon": clock.now(),
        "modifiedon": clock.now(),
        "createdby": ADA.id,
        "modifiedby": ADA.id,
        "ownerid": ADA.id,
        "owninguser": ADA.id,
        "owningbusinessunit": HEAD_OFFICE,
    }


def test_a_row_may_be_created_with_its_id_and_for_somebody_else(database: Database) -> None:
    row_id = uuid4()
    assert create_machine(database, flowmachineid=row_id, ownerid=BOB.id) == row_id
    row = machine(database, row_id)
    told = {name: row[name] for name in ("ownerid", "owninguser", "owningbusinessunit", "createdby")}
    assert told == {
        "ownerid": BOB.id,
        "owninguser": BOB.id,
        "owningbusinessunit": BRANCH,
        "createdby": ADA.id,
    }


def test_every_type_comes_back_as_it_was_written(database: Database, clock: StillClock) -> None:
    values: dict[str, Any] = {
        "flowsessionid": uuid4(),
        "name": "Überweisung 💶",
        "startedon": clock.now().replace(microsecond=123_456),
        "machinepercentcpuusage": 12.5,
        "runduration": 2**40,
        "machineramusage": -5,
        "regardingobjectid": uuid4(),
        "errormessage": "line\nline",
        "sealedinputs": bytes(range(256)),
        "statuscode": FlowSessionStatus.FAILED.value,
    }

    def write_and_read(tx: Transaction) -> dict[str, Any]:
        row_id = service.create(tx, FlowSession, values, by=ADA.id)
        return dict(service.find(tx, FlowSession, row_id, columns=tuple(values)))

    row = database.write(write_and_read)
    assert {name: row[name] for name in values} == values
    assert isinstance(row["startedon"], datetime)
    assert row["startedon"].tzinfo is not None


def test_stored_bytes_are_read_only_when_named(database: Database) -> None:
    def create(tx: Transaction) -> UUID:
        return service.create(tx, FlowSession, {"name": "run", "sealedinputs": b"secret"}, by=ADA.id)

    row_id = database.write(create)
    row = database.read(lambda tx: service.find(tx, FlowSession, row_id))
    assert {"sealedinputs", "sealedoutputs"} & set(row) == set()
    some = database.read(lambda tx: service.find(tx, FlowSession, row_id, columns=("statuscode",)))
    assert set(some) == {"flowsessionid", "statuscode", "ownerid", "owningbusinessunit", "versionnumber"}


def test_a_change_touches_only_what_it_names(database: Database, clock: StillClock) -> None:
    row_id = create_machine(database, description="by the window")
    before = machine(database, row_id)
    clock.advance(60)
    change(database, row_id, by=BOB.id, name="m2")
    after = machine(database, row_id)
    assert after["versionnumber"] > before["versionnumber"]
    expected = {"name": "m2", "modifiedon": clock.now(), "modifiedby": BOB.id}
    assert after == before | expected | {"versionnumber": after["versionnumber"]}


def test_a_row_given_to_somebody_moves_to_their_unit(database: Database) -> None:
    row_id = create_machine(database)
    change(database, row_id, ownerid=BOB.id)
    row = machine(database, row_id)
    assert (row["ownerid"], row["owninguser"], row["owningbusinessunit"]) == (BOB.id, BOB.id, BRANCH)


@pytest.mark.parametrize(
    ("values", "state", "status"),
    [
        ({"statecode": 1}, 1, 2),
        ({"statecode": 2}, 2, 4),
        ({"statuscode": 5}, 2, 5),
        ({"statuscode": 2, "statecode": 1}, 1, 2),
        ({"name": "m2"}, 0, 1),
    ],
)
def test_state_and_status_go_together(
    database: Database, values: dict[str, Any], state: int, status: int
) -> None:
    row_id = create_machine(database)
    change(database, row_id, **values)
    row = machine(database, row_id)
    assert (row["statecode"], row["statuscode"]) == (state, status)


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (
            {"nmae": "x"},
            UndeclaredProperty,
            PAYLOAD_ERROR + "The property 'nmae' does not exist on type "
            "'Microsoft.Dynamics.CRM.flowmachine'; did you mean ‘name’?",
        ),
        (
            {"name": 5},
            WrongValueType,
            PAYLOAD_ERROR + "The property 'name' takes Edm.String, and a value of type int was given.",
        ),
        (
            {"sessioncapacity": True},
            WrongValueType,
            PAYLOAD_ERROR + "The property 'sessioncapacity' takes Edm.Int32, and a value of type bool "
            "was given.",
        ),
        (
            {"name": "x" * 101},
            TextTooLong,
            "A validation error occurred.  The length of the 'name' attribute of the 'flowmachine' entity "
            "exceeded the maximum allowed length of '100'.",
        ),
        (
            {"hostingtype": 99},
            OptionOutOfRange,
            "A validation error occurred.  The value 99 of 'hostingtype' on record of type 'flowmachine' is "
            "outside the valid range.",
        ),
        (
            {"sessioncapacity": 0},
            NumberOutOfRange,
            "A validation error occurred.  The value 0 of 'sessioncapacity' on record of type 'flowmachine' "
            "is not between 1 and 2147483647.",
        ),
        (
            {"statecode": 0, "statuscode": 2},
            StatusNotOfState,
            "2 is not a valid status code for state code 0 on flowmachine.",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    database: Database, values: dict[str, Any], error: type[DeskhandError], message: str
) -> None:
    row_id = create_machine(database)
    before = machine(database, row_id)
    with pytest.raises(error) as caught:
        change(database, row_id, **values)
    assert (str(caught.value), machine(database, row_id)) == (message, before)
    with pytest.raises(error):
        create_machine(database, **values)


def test_an_id_or_a_name_that_is_taken_is_refused(database: Database) -> None:
    row_id = create_machine(database)
    create_machine(database, name="m2")
    attempts = (
        lambda: create_machine(database),
        lambda: create_machine(database, name="m3", flowmachineid=row_id),
        lambda: change(database, row_id, name="m2"),
    )
    for attempt in attempts:
        with pytest.raises(DuplicateRecord, match=r"^A record with matching key values already exists\.$"):
            attempt()


def test_a_row_that_is_not_there_is_told_by_its_id(database: Database) -> None:
    row_id = uuid4()
    uses = (
        lambda tx: service.retrieve(tx, ADA_READS, FlowMachine, row_id),
        lambda tx: service.update(tx, FlowMachine, row_id, {"name": "x"}, by=ADA.id),
        lambda tx: service.delete(tx, FlowMachine, row_id),
    )
    for use in uses:
        with pytest.raises(ObjectDoesNotExist) as caught:
            database.write(use)
        assert str(caught.value) == f"flowmachine With Id = {row_id} Does Not Exist"


def test_a_row_that_changed_meanwhile_is_left_alone(database: Database) -> None:
    row_id = create_machine(database)
    stale = machine(database, row_id)["versionnumber"]
    change(database, row_id, name="m2")
    before = machine(database, row_id)
    uses = (
        lambda tx: service.update(tx, FlowMachine, row_id, {"name": "m3"}, by=ADA.id, if_match=stale),
        lambda tx: service.delete(tx, FlowMachine, row_id, if_match=stale),
    )
    for use in uses:
        with pytest.raises(VersionMismatch, match="doesn't match the RowVersion property provided"):
            database.write(use)
    assert machine(database, row_id) == before
    current = before["versionnumber"]
    database.write(lambda tx: service.delete(tx, FlowMachine, row_id, if_match=current))


def test_an_upsert_creates_once_and_then_changes(database: Database) -> None:
    row_id = uuid4()

    def upsert(name: str) -> bool:
        return database.write(lambda tx: service.upsert(tx, FlowMachine, row_id, {"name": name}, by=ADA.id))

    assert (upsert("m1"), machine(database, row_id)["name"]) == (True, "m1")
    assert (upsert("m2"), machine(database, row_id)["name"]) == (False, "m2")


def test_deleting_a_flow_takes_its_runs_with_it_and_deleting_a_machine_does_not(database: Database) -> None:
    def set_up(tx: Transaction) -> tuple[UUID, UUID, UUID, UUID]:
        flow = service.create(tx, Workflow, {"name": "flow"}, by=ADA.id)
        other = service.create(tx, Workflow, {"name": "other"}, by=ADA.id)
        machine = service.create(tx, FlowMachine, {"name": "m1"}, by=ADA.id)
        for regarding in (flow, other):
            run = service.create(
                tx,
                FlowSession,
                {"name": "run", "regardingobjectid": regarding, "machineid": machine},
                by=ADA.id,
            )
            child = {"name": "child", "regardingobjectid": other, "parentdesktopflowrunid": run}
            service.create(tx, FlowSession, child, by=ADA.id)
            log = {"flowsessionid": run, "type": FlowLogType.RUN_QUEUED, "logindex": 0}
            service.create(tx, FlowLog, log, by=ADA.id)
            write_file(tx, FlowSession, run, "outputs", "outputs", "application/json", b"{}")
        service.create(tx, DesktopFlowBinary, {"name": "b", "process": flow}, by=ADA.id)
        share(tx, Workflow, flow, BOB.id, 1)
        return flow, other, machine, run

    flow, other, machine_id, kept = database.write(set_up)
    database.write(lambda tx: service.delete(tx, Workflow, flow))
    database.write(lambda tx: service.delete(tx, FlowMachine, machine_id))

    def remaining(tx: Transaction) -> dict[str, Any]:
        c = FlowSession.c
        runs = tx.execute(
            sa.select(c.name, c.regardingobjectid, c.machineid, c.parentdesktopflowrunid).order_by(c.name)
        ).all()
        return {
            "runs": {tuple(run) for run in runs},
            "logs": tx.execute(sa.select(FlowLog.c.flowsessionid)).scalars().all(),
            "files": tx.execute(sa.select(FileContent.c.objectid)).scalars().all(),
            "binaries": tx.execute(sa.select(DesktopFlowBinary.c.name)).scalars().all(),
            "shares": tx.execute(sa.select(PrincipalObjectAccess.c.objectid)).scalars().all(),
        }

    assert database.read(remaining) == {
        "runs": {
            ("child", other, None, None),
            ("child", other, None, kept),
            ("run", other, None, None),
        },
        "logs": [kept],
        "files": [kept],
        "binaries": [],
        "shares": [],
    }


def test_a_file_comes_back_as_it_was_written(database: Database) -> None:
    run_id = uuid4()
    content = bytes(range(256)) * 100

    def write(tx: Transaction) -> UUID:
        return write_file(tx, FlowSession, run_id, "outputs", "outputs", "application/json", content)

    file_id = database.write(write)
    stored = database.read(lambda tx: read_file(tx, file_id))
    assert stored == StoredFile(file_id, "outputs", "application/json", content)
    assert database.read(lambda tx: read_file(tx, run_id)) is None
