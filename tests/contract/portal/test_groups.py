"""The portal's endpoints of one machine group, and machines that move, against a live server."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    return Pages(server, server.api_token(server.user(request.node.name[:80], "Environment Maker")))


@pytest.fixture
def owner(maker: Pages) -> UUID:
    return UUID(maker.get("/session")["user"]["id"])


def test_a_machine_joins_a_group_takes_its_runs_and_leaves_it(
    server: LiveServer, maker: Pages, owner: UUID
) -> None:
    machine = server.machine("Mover", owner)
    group = maker.post("/groups", {"name": "Movers"})["id"]
    made = {"connector": "shared_uiflow", "parameters": {"targetId": group}}
    name = maker.post("/connections", made)["name"]
    own = maker.get(f"/machines/{machine.id}")["machine"]["groupId"]

    maker.put(f"/machines/{machine.id}/group", {"groupId": group})
    details = maker.get(f"/groups/{group}")
    assert [one["id"] for one in details["machines"]] == [str(machine.id)]
    assert [one["name"] for one in details["connections"]] == [name]
    assert maker.get(f"/machines/{machine.id}")["connections"] == details["connections"]
    assert (details["group"]["machines"], details["canWrite"], details["canDelete"]) == (1, True, True)

    flow = server.flow("Moved run", owner=owner)
    maker.post(f"/desktopflows/{flow}/run", {"connection": name})
    order = server.begin(machine)
    assert maker.ask("PUT", f"/machines/{machine.id}/group", {}).status == 400
    assert maker.ask("DELETE", f"/groups/{group}").status == 400
    server.finish(machine, order, {})

    maker.put(f"/machines/{machine.id}/group", {})
    shown = maker.get(f"/machines/{machine.id}")["machine"]
    assert (shown["groupId"], shown["standalone"]) == (own, True)
    maker.delete(f"/groups/{group}")
    assert maker.ask("GET", f"/groups/{group}").status == 404


def test_only_who_may_change_both_moves_a_machine(server: LiveServer, maker: Pages, owner: UUID) -> None:
    mine, other = server.machine("Mine to move", owner), server.machine("Not mine to move")
    group = maker.post("/groups", {"name": "Closed shop"})["id"]
    stranger = Pages(server, server.api_token(server.user("stranger to groups", "Environment Maker")))

    assert maker.ask("PUT", f"/machines/{other.id}/group", {"groupId": group}).status == 403
    assert stranger.ask("GET", f"/groups/{group}").status == 403
    assert stranger.ask("PATCH", f"/groups/{group}", {"name": "Mine"}).status == 403
    theirs = maker.get(f"/machines/{mine.id}")["machine"]["groupId"]
    assert maker.ask("PUT", f"/machines/{mine.id}/group", {"groupId": theirs}).status == 400


def test_a_group_is_renamed_and_made_strict(maker: Pages) -> None:
    group = maker.post("/groups", {"name": "Before"})["id"]
    maker.post("/groups", {"name": "Taken"})

    change = {"name": "After", "description": "What it is for", "mayPass": False}
    assert maker.ask("PATCH", f"/groups/{group}", change).status == 204

    shown = maker.get(f"/groups/{group}")["group"]
    assert (shown["name"], shown["description"], shown["mayPass"]) == ("After", "What it is for", False)
    assert maker.ask("PATCH", f"/groups/{group}", {"name": "Taken"}).status == 412
