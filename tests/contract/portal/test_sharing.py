"""Sharing through the portal: levels, who may share, what a share gives, and what goes with it."""

from __future__ import annotations

from uuid import UUID

import pytest

from deskhand.entities.flowmachine import FlowMachineGroup
from deskhand.orchestrator.machines import create_registration_token, register_machine
from deskhand.protocol.messages import RegisterMachine
from deskhand.records.service import create
from deskhand.store.database import Transaction
from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


class Person(Pages):
    """Somebody who is signed in, and their id."""

    @property
    def id(self) -> UUID:
        return UUID(self.get("/session")["user"]["id"])


@pytest.fixture
def pages(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


@pytest.fixture
def owner(server: LiveServer, request: pytest.FixtureRequest) -> Person:
    return person(server, f"owner {request.node.name}"[:80])


@pytest.fixture
def other(server: LiveServer, request: pytest.FixtureRequest) -> Person:
    return person(server, f"other {request.node.name}"[:80])


def person(server: LiveServer, name: str, role: str = "Environment Maker") -> Person:
    return Person(server, server.api_token(server.user(name, role)))


def share(by: Pages, kind: str, row_id: object, whom: Person, level: str) -> int:
    return by.ask("PUT", f"/access/{kind}/{row_id}/{whom.id}", {"level": level}).status


def test_a_user_runs_a_flow_and_a_co_owner_changes_it(
    server: LiveServer, owner: Person, other: Person
) -> None:
    flow = server.flow("Shared flow", owner=owner.id)
    assert other.ask("GET", f"/desktopflows/{flow}").status == 403

    assert share(owner, "flow", flow, other, "user") == 204
    seen = other.get(f"/desktopflows/{flow}")
    assert (seen["canRun"], seen["canWrite"], seen["canDelete"], seen["canShare"]) == (
        True,
        False,
        False,
        False,
    )
    assert [one["id"] for one in other.get("/desktopflows?whose=shared")["items"]] == [str(flow)]
    assert other.get("/desktopflows?whose=mine")["items"] == []

    assert share(owner, "flow", flow, other, "coOwner") == 204
    seen = other.get(f"/desktopflows/{flow}")
    assert (seen["canWrite"], seen["canDelete"], seen["canShare"]) == (True, True, True)

    owner.delete(f"/access/flow/{flow}/{other.id}")
    assert other.ask("GET", f"/desktopflows/{flow}").status == 403
    assert other.get("/desktopflows?whose=shared")["items"] == []


def test_what_the_pane_shows(server: LiveServer, owner: Person, other: Person, pages: Pages) -> None:
    flow = server.flow("Shown flow", owner=owner.id)
    share(owner, "flow", flow, other, "user")

    shown = owner.get(f"/access/flow/{flow}")
    assert (shown["name"], shown["canShare"], shown["levels"]) == ("Shown flow", True, ["coOwner", "user"])
    assert shown["owner"]["id"] == str(owner.id)
    assert [(one["person"]["id"], one["level"]) for one in shown["shares"]] == [(str(other.id), "user")]
    administrator = pages.get("/session")["user"]["id"]
    assert [
        (one["role"], one["mayWrite"]) for one in shown["inherited"] if one["person"]["id"] == administrator
    ] == [("System Administrator", True)]
    assert other.get(f"/access/flow/{flow}")["canShare"] is False


def test_only_who_may_share_shares_and_never_more_than_they_have(
    server: LiveServer, owner: Person, other: Person
) -> None:
    third = person(server, "third who gets things")
    machine = server.machine("Lent machine", owner.id)
    flow = server.flow("Lent flow", owner=owner.id)

    share(owner, "flow", flow, other, "user")
    assert share(other, "flow", flow, third, "user") == 403
    share(owner, "machine", machine.id, other, "canShare")
    assert share(other, "machine", machine.id, third, "coOwner") == 403
    assert share(other, "machine", machine.id, third, "user") == 204
    assert share(owner, "flow", flow, owner, "user") == 400
    assert share(owner, "flow", flow, other, "canShare") == 400
    assert other.ask("DELETE", f"/access/flow/{flow}/{third.id}").status == 403
    assert other.ask("DELETE", f"/access/flow/{flow}/{other.id}").status == 204


def test_a_co_owner_sees_the_flows_runs_and_a_user_only_their_own(
    server: LiveServer, owner: Person, other: Person
) -> None:
    machine = server.machine("Watched machine", owner.id)
    flow = server.flow("Watched flow", owner=owner.id)
    run = owner.post(f"/desktopflows/{flow}/run", {"connection": machine.connection})["runId"]

    share(owner, "flow", flow, other, "user")
    assert other.get(f"/desktopruns?flow={flow}")["items"] == []
    assert other.ask("POST", f"/desktopruns/{run}/cancel").status == 403

    share(owner, "flow", flow, other, "coOwner")
    assert [one["id"] for one in other.get(f"/desktopruns?flow={flow}")["items"]] == [run]
    assert server.call(f"flowsessions({run})?$select=statuscode", token=other.token).status == 200
    other.post(f"/desktopruns/{run}/cancel")
    assert other.get(f"/desktopruns/{run}")["run"]["status"] == "Canceled"


def test_a_machine_is_shared_with_its_own_group(server: LiveServer, owner: Person, other: Person) -> None:
    machine = server.machine("Machine alone", owner.id)
    assert other.get("/machines")["items"] == []

    share(owner, "machine", machine.id, other, "user")
    (row,) = other.get("/machines")["items"]
    assert row["id"] == str(machine.id)
    made = {"connector": "shared_uiflow", "parameters": {"targetId": row["groupId"]}}
    assert other.ask("POST", "/connections", made).status == 200

    owner.delete(f"/access/machine/{machine.id}/{other.id}")
    assert other.ask("POST", "/connections", made).status == 403


def test_machines_of_a_group_go_with_it_and_are_not_shared_by_themselves(
    server: LiveServer, owner: Person, other: Person
) -> None:
    group = server.database.write(
        lambda tx: create(tx, FlowMachineGroup, {"name": "Group of two"}, by=owner.id)
    )
    first = join(server, "One of two", group, owner.id)
    share(owner, "group", group, other, "user")
    later = join(server, "Two of two", group, owner.id)

    assert {one["id"] for one in other.get("/machines")["items"]} == {str(first), str(later)}
    shown = owner.get(f"/access/machine/{first}")
    assert (shown["canShare"], shown["groupId"], shown["group"]) == (False, str(group), "Group of two")
    refused = owner.ask("PUT", f"/access/machine/{first}/{other.id}", {"level": "user"})
    assert refused.status == 400
    assert "Group of two" in refused.error["message"]


def join(server: LiveServer, name: str, group_id: UUID, owner_id: UUID) -> UUID:
    def register(tx: Transaction) -> UUID:
        token = create_registration_token(tx, owner_id, group_id=group_id)
        known = register_machine(tx, RegisterMachine(token, name, "", "1.0", "ada"), server.services.settings)
        return known.machine_id

    return server.database.write(register)


def test_a_connection_is_shared_to_run_with(server: LiveServer, owner: Person, other: Person) -> None:
    machine = server.machine("Connected machine", owner.id)
    (row,) = owner.get("/connections")["items"]
    assert (row["name"], row["id"]) == (machine.connection, str(UUID(machine.connection)))

    assert share(owner, "connection", row["id"], other, "coOwner") == 400
    assert share(owner, "connection", row["id"], other, "user") == 204
    assert [one["name"] for one in other.get("/connections")["items"]] == [machine.connection]
    assert other.get(f"/access/connection/{row['id']}")["canShare"] is False
    assert share(other, "connection", row["id"], owner, "user") == 403
    owner.delete(f"/access/connection/{row['id']}/{other.id}")
    assert other.get("/connections")["items"] == []


def test_people_are_found_by_any_of_their_names(server: LiveServer, owner: Person) -> None:
    server.user("Zacharias Findable", "Environment Maker")

    (found,) = owner.get("/people?search=findable")["items"]

    assert (found["name"], found["signInName"]) == (
        "Zacharias Findable",
        "Zacharias Findable@example.org",
    )
    assert owner.get("/people?search=%25%25")["items"] == []


def test_sharing_stands_in_the_audit_log(
    server: LiveServer, owner: Person, other: Person, pages: Pages
) -> None:
    flow = server.flow("Audited flow", owner=owner.id)
    share(owner, "flow", flow, other, "coOwner")
    owner.delete(f"/access/flow/{flow}/{other.id}")

    events = [one for one in pages.get("/audit")["items"] if one["objectName"] == "Audited flow"]

    assert sorted(one["action"] for one in events) == ["shared a flow", "stopped sharing a flow"]
