"""The portal's endpoints of flows, home, connections, people and the installation, against a live server."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from typing import Any
from uuid import UUID

import pytest

from deskhand.core.settings import Settings
from deskhand.entities.storage import EnvironmentVariableDefinition
from deskhand.records.service import create
from deskhand.store.sqlite import SqliteDatabase
from tests.contract.portal.pages import Pages
from tests.sign_in_browser import Browser
from tests.web_server import LiveServer

PASSWORD = "correct horse battery"


@pytest.fixture
def pages(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"maker {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


# Flows


def test_desktop_flows_are_listed_with_what_the_checker_says(server: LiveServer, maker: Pages) -> None:
    owner = UUID(maker.get("/session")["user"]["id"])
    good = server.flow("A good one", owner=owner, definition="SET A TO 1\nSET B TO A")
    bad = server.flow("B bad one", owner=owner, definition="SET A TO Unknown\nSET B TO A")
    broken = server.flow("C broken", owner=owner, definition="IF")

    for flow in (good, bad, broken):
        maker.get(f"/desktopflows/{flow}")  # waits until the checker has looked
    listed = maker.get("/desktopflows")["items"]

    assert [(one["id"], one["name"]) for one in listed] == [
        (str(good), "A good one"),
        (str(bad), "B bad one"),
        (str(broken), "C broken"),
    ]
    assert [(one["actions"], one["subflows"], one["published"]) for one in listed] == [
        (2, 1, True),
        (2, 1, True),
        (None, None, True),
    ]
    assert listed[0]["errors"] == 0
    assert listed[1]["errors"] >= 1
    assert listed[2]["errors"] >= 1
    assert [one["name"] for one in maker.get("/desktopflows?sort=-name&limit=1")["items"]] == ["C broken"]
    assert maker.get("/desktopflows?whose=shared")["items"] == []
    assert maker.get("/desktopflows?search=GOOD")["items"][0]["id"] == str(good)


def test_a_desktop_flow_tells_what_uses_it(server: LiveServer, maker: Pages) -> None:
    owner = UUID(maker.get("/session")["user"]["id"])
    child = server.flow("Child", owner=owner)
    text = f"External.RunFlow FlowId: '{child}'\nFile.Delete Files: $'''/a'''"
    parent = server.flow("Parent", owner=owner, definition=text)

    whole = maker.get(f"/desktopflows/{parent}")

    assert whole["uses"] == [{"kind": "desktop", "id": str(child), "name": "Child"}]
    assert maker.get(f"/desktopflows/{child}")["usedBy"] == [
        {"kind": "desktop", "id": str(parent), "name": "Parent"}
    ]
    assert whole["modules"] == ["External", "File"]
    assert [one["name"] for one in whole["inputs"]] == ["inputText", "inputInteger"]
    assert (whole["canRun"], whole["canWrite"], whole["canDelete"], whole["canShare"]) == (True,) * 4
    assert whole["webApi"] == f"{server.url}/api/data/v9.2/workflows({parent})"


def test_a_flows_runs_are_counted_by_day(server: LiveServer, pages: Pages) -> None:
    machine, flow = server.machine("days"), server.flow("days")
    pages.post(f"/desktopflows/{flow}/run", {"connection": machine.connection})
    order = server.begin(machine)
    server.finish(machine, order, {})

    whole = pages.get(f"/desktopflows/{flow}")

    today = pages.get("/session")["now"][:10]
    assert whole["days"] == [{"day": today, "succeeded": 1, "failed": 0, "other": 0}]
    assert [one["status"] for one in whole["runs"]] == ["Succeeded"]
    assert whole["flow"]["lastRun"]["id"] == str(order.run_id)


def test_home_tells_whether_all_is_well(server: LiveServer, pages: Pages, maker: Pages) -> None:
    empty = maker.get("/home")

    assert empty == {
        "machines": 0,
        "connected": 0,
        "running": 0,
        "queued": 0,
        "failures": 0,
        "attention": [],
        "recentFlows": [],
        "myRuns": [],
        "anythingRan": False,
        "sampleFlow": None,
    }
    machine, flow = server.machine("homely"), server.flow("homely")
    run = pages.post(f"/desktopflows/{flow}/run", {"connection": machine.connection})["runId"]
    home = pages.get("/home")
    assert home["queued"] >= 1
    assert home["myRuns"][0]["id"] == run
    assert home["recentFlows"][0] == {
        "kind": "desktop",
        "id": str(flow),
        "name": "homely",
        "modifiedOn": home["recentFlows"][0]["modifiedOn"],
    }
    pages.post(f"/desktopruns/{run}/cancel")


def test_the_box_finds_things_by_name_and_by_id(server: LiveServer, pages: Pages, maker: Pages) -> None:
    machine, flow = server.machine("needle machine"), server.flow("Needle flow")

    assert {one["kind"]: one["id"] for one in pages.get("/search?q=needle")["items"]} == {
        "desktopFlow": str(flow),
        "machine": str(machine.id),
    }
    assert [one["name"] for one in pages.get(f"/search?q={flow}")["items"]] == ["Needle flow"]
    assert pages.get("/search?q=%25")["items"] == []
    assert maker.get("/search?q=needle")["items"] == maker.get(f"/search?q={flow}")["items"] == []


# Connections, variables, solutions


def test_a_connection_is_made_shared_and_deleted(server: LiveServer, pages: Pages, maker: Pages) -> None:
    machine = server.machine("connected")
    group = pages.get(f"/machines/{machine.id}")["machine"]["groupId"]
    body = {"connector": "shared_uiflow", "displayName": "FIN", "parameters": {"targetId": group}}
    name = pages.post("/connections", body)["name"]
    user = maker.get("/session")["user"]["signInName"]

    pages.put(f"/connections/{name}/sharing", {"user": user})
    (seen,) = maker.get("/connections?connector=shared_uiflow")["items"]

    assert (seen["name"], seen["displayName"], seen["targetId"]) == (name, "FIN", group)
    assert pages.get(f"/connections/{name}")["sharedWith"] == [user]
    assert maker.ask("DELETE", f"/connections/{name}").status == 403
    pages.delete(f"/connections/{name}")
    assert maker.get("/connections")["items"] == []
    assert "shared_uiflow" in [one["name"] for one in pages.get("/connectors")["items"]]


def test_a_variable_gets_a_value_and_loses_it(server: LiveServer, pages: Pages) -> None:
    def make(tx: Any) -> UUID:
        row = {"schemaname": "new_Folder", "displayname": "Folder", "defaultvalue": "/a", "type": 100_000_000}
        return create(tx, EnvironmentVariableDefinition, row, by=server.installation.administrator_id)

    variable = server.database.write(make)

    def value() -> Any:
        (row,) = pages.get("/variables?search=new_folder")["items"]
        return row["default"], row["value"], row["type"]

    before = value()
    pages.put(f"/variables/{variable}/value", {"value": "/b"})
    pages.put(f"/variables/{variable}/value", {"value": "/c"})
    changed = value()
    pages.put(f"/variables/{variable}/value", {"value": None})

    assert (before, changed, value()) == (("/a", None, "text"), ("/a", "/c", "text"), before)


def _upload(text: str, name: str = "Brought.robin") -> dict[str, Any]:
    return {"fileName": name, "content": base64.b64encode(text.encode()).decode()}


def test_an_import_is_looked_at_before_it_happens(pages: Pages) -> None:
    upload = _upload("SET A TO 1")
    before = pages.post("/solutions/inspect", upload)
    nothing = pages.get("/desktopflows?search=Brought")["items"]
    after = pages.post("/solutions/import", upload)
    (row,) = pages.get("/desktopflows?search=Brought")["items"]
    again = pages.post("/solutions/inspect", upload)

    assert nothing == []
    (flow,) = before["flows"]
    assert (flow["name"], flow["kind"], flow["replaces"], flow["readiness"]) == (
        "Brought",
        "desktop",
        False,
        "runs",
    )
    assert after["flows"][0]["id"] == row["id"]
    assert again["flows"][0]["replaces"] is True


@pytest.mark.parametrize(
    ("upload", "status"),
    [
        ({"fileName": "a.zip", "content": "%%%"}, 400),
        ({"fileName": "a.zip", "content": base64.b64encode(b"PK no zip").decode()}, 400),
        ({"fileName": "../../etc/passwd", "content": base64.b64encode(b"IF").decode()}, 400),
        ({"fileName": "workflow.json", "content": base64.b64encode(b"[]").decode()}, 400),
        ({"fileName": "a.zip"}, 400),
    ],
)
def test_what_cannot_be_read_is_refused(pages: Pages, upload: dict[str, str], status: int) -> None:
    answer = pages.ask("POST", "/solutions/inspect", upload)

    assert (answer.status, answer.error["code"][:2]) == (status, "DH")


def test_a_zip_that_leads_outside_is_refused(pages: Pages) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../../outside.txt", "no")
        archive.writestr("solution.xml", "<a/>")
    upload = {"fileName": "a.zip", "content": base64.b64encode(content.getvalue()).decode()}

    assert pages.ask("POST", "/solutions/inspect", upload).status == 400


def test_nobody_replaces_somebody_elses_flow(server: LiveServer, pages: Pages, maker: Pages) -> None:
    pages.post("/solutions/import", _upload("SET A TO 1", "Mine alone.robin"))

    assert maker.ask("POST", "/solutions/import", _upload("SET A TO 2", "Mine alone.robin")).status == 403
    assert maker.ask("POST", "/solutions/inspect", _upload("SET A TO 2", "mine ALONE.robin")).status == 403


# People and the installation


def test_a_person_is_added_signs_in_by_link_and_is_disabled(server: LiveServer, pages: Pages) -> None:
    added = pages.post("/users", {"signInName": "ben", "name": "Ben <b>", "roles": ["Environment Maker"]})
    link = pages.post(f"/users/{added['id']}/link")["address"]
    browser = Browser(server)
    signed_in = browser.get(link)
    pages.put(f"/users/{added['id']}/password", {"password": PASSWORD})
    with_password = browser.sign_in(browser.get("/sign-in"), "BEN", PASSWORD)
    (row,) = pages.get("/users?search=ben%20%3C")["items"]
    pages.ask("PATCH", f"/users/{added['id']}", {"disabled": True, "name": "Benjamin"})
    refused = browser.sign_in(browser.get("/sign-in"), "ben", PASSWORD)
    browser.close()

    assert (signed_in.status_code, with_password.status_code, refused.status_code) == (303, 303, 403)
    assert row == {
        "id": added["id"],
        "name": "Ben <b>",
        "signInName": "ben",
        "roles": ["Environment Maker"],
        "disabled": False,
        "hasPassword": True,
        "lastSeen": row["lastSeen"],
        "createdOn": row["createdOn"],
    }
    twice = pages.ask("POST", "/users", {"signInName": "Ben"})
    assert (twice.status, twice.error["code"]) == (409, "DH1014")


def test_roles_are_given_and_taken_but_one_administrator_stays(server: LiveServer, pages: Pages) -> None:
    user = pages.post("/users", {"signInName": "carla"})["id"]
    admin = pages.get("/session")["user"]["id"]

    pages.put(f"/users/{user}/roles/system%20administrator", {})
    took = pages.ask("DELETE", f"/users/{user}/roles/System%20Administrator")
    last = pages.ask("DELETE", f"/users/{admin}/roles/System%20Administrator")
    disabled = pages.ask("PATCH", f"/users/{admin}", {"disabled": True})
    unknown = pages.ask("PUT", f"/users/{user}/roles/Nothing", {})

    assert (took.status, last.status, disabled.status, unknown.status) == (204, 409, 409, 404)
    assert last.error["code"] == "DH1546"
    assert "System Administrator" in [one["name"] for one in pages.get("/roles")["items"]]


def test_an_application_gets_credentials_that_work(server: LiveServer, pages: Pages) -> None:
    made = pages.post("/applications", {"name": "billing", "roles": ["Desktop Flows Runner"]})
    form = (
        f"grant_type=client_credentials&client_id={made['clientId']}&client_secret={made['clientSecret']}"
        f"&scope={server.url}/.default"
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    target = made["tokenUrl"].removeprefix(server.url)
    token = server.send("POST", target, form.encode(), headers)
    second = pages.post(f"/applications/{made['userId']}/secrets", {"days": 30})
    (row,) = [one for one in pages.get("/applications")["items"] if one["clientId"] == made["clientId"]]
    pages.delete(f"/applications/{made['userId']}/secrets/{row['secrets'][0]['id']}")
    refused = server.send("POST", target, form.encode(), headers)

    assert (token.status, refused.status) == (200, 401)
    assert len(row["secrets"]) == 2
    assert made["clientSecret"] != second["clientSecret"]
    assert made["clientSecret"] not in json.dumps(pages.get("/applications"))


def test_people_make_and_revoke_their_own_tokens(server: LiveServer, maker: Pages, pages: Pages) -> None:
    made = maker.post("/tokens", {"name": "script", "days": 1})
    (row,) = [one for one in maker.get("/tokens")["items"] if one["name"] == "script"]
    works = Pages(server, made["token"]).ask("GET", "/session").status
    stranger = Pages(server, server.api_token(server.user(f"stranger {row['id']}")))
    refused = stranger.ask("DELETE", f"/tokens/{row['id']}").status
    maker.delete(f"/tokens/{row['id']}")

    assert (works, refused) == (200, 404)
    assert row["id"] not in [one["id"] for one in pages.get("/tokens")["items"]]


def test_settings_and_health_are_told(server: LiveServer, pages: Pages) -> None:
    settings = {one["name"]: one for one in pages.get("/settings")["items"]}
    system = pages.get("/system")

    assert settings["runs_per_minute"] == {
        "name": "runs_per_minute",
        "doc": "Desktop-flow runs that one connection may start in any 60 s.",
        "value": 70,
        "default": 70,
        "changed": False,
        "source": None,
        "variable": "DESKHAND_RUNS_PER_MINUTE",
    }
    assert len(settings) == len(Settings.__dataclass_fields__)
    kind = "sqlite" if isinstance(server.database, SqliteDatabase) else "postgresql"
    assert (system["database"], system["revision"]) == (kind, system["newestRevision"])
    assert system["databaseBytes"] > 0


def test_the_log_tells_who_did_what(pages: Pages) -> None:
    group = pages.post("/groups", {"name": "Logged"})["id"]
    pages.post("/machines/registration", {"groupId": group})

    lines = pages.get("/audit?search=logged&limit=2")["items"]

    assert [(one["user"], one["action"], one["objectType"], one["objectName"]) for one in lines] == [
        ("Administrator", "made a registration token", "flowmachinegroup", "Logged"),
        ("Administrator", "made a machine group", "flowmachinegroup", "Logged"),
    ]
    first = pages.get("/audit?limit=1")
    assert pages.get(f"/audit?limit=1&after={first['next']}")["items"][0]["id"] != first["items"][0]["id"]


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/users", None),
        ("POST", "/users", {"signInName": "x"}),
        ("PATCH", "/users/{id}", {"disabled": False}),
        ("POST", "/users/{id}/link", {}),
        ("PUT", "/users/{id}/password", {"password": PASSWORD}),
        ("PUT", "/users/{id}/roles/System Administrator", {}),
        ("DELETE", "/users/{id}/roles/Environment Maker", None),
        ("GET", "/roles", None),
        ("GET", "/applications", None),
        ("POST", "/applications", {"name": "x"}),
        ("POST", "/applications/{id}/secrets", {}),
        ("GET", "/settings", None),
        ("GET", "/system", None),
        ("GET", "/audit", None),
    ],
)
def test_only_administrators_look_after_the_installation(
    maker: Pages, method: str, target: str, body: Any
) -> None:
    me = maker.get("/session")["user"]["id"]
    answer = maker.ask(method, target.replace("{id}", me).replace(" ", "%20"), body)

    assert (answer.status, answer.error["code"]) == (403, "DH1563")


def test_the_session_tells_who_i_am(maker: Pages) -> None:
    session = maker.get("/session")

    assert session["roles"] == ["Environment Maker"]
    assert session["isAdministrator"] is False
    assert session["privileges"]["prvreadworkflow"] == 1
    assert session["user"]["hasPassword"] is False


def test_a_flow_is_renamed_in_all_its_versions_by_who_may_change_it(
    server: LiveServer, maker: Pages, pages: Pages
) -> None:
    owner = UUID(maker.get("/session")["user"]["id"])
    flow = server.flow("Before", owner=owner)
    text = maker.get(f"/desktopflows/{flow}/text")
    maker.put(f"/desktopflows/{flow}/text", {"text": "SET B TO 2", "version": text["version"]})

    change = {"name": " After ", "description": "What it does"}
    assert maker.ask("PATCH", f"/desktopflows/{flow}", change).status == 204

    shown = maker.get(f"/desktopflows/{flow}")["flow"]
    assert (shown["name"], shown["description"], shown["hasDraft"]) == ("After", "What it does", True)
    assert maker.get(f"/desktopflows/{flow}/text")["name"] == "After"
    other = Pages(server, server.api_token(server.user("renamer", "Environment Maker")))
    assert other.ask("PATCH", f"/desktopflows/{flow}", {"name": "Mine"}).status == 403
    assert maker.ask("PATCH", f"/desktopflows/{flow}", {"name": " "}).status == 400


def test_a_roles_holders_are_shown_to_administrators(server: LiveServer, maker: Pages, pages: Pages) -> None:
    role = next(one for one in pages.get("/roles")["items"] if one["name"] == "Desktop Flows Runner")
    before = {one["id"] for one in pages.get(f"/roles/{role['id']}/holders")["items"]}
    user = server.user("role holder", "Desktop Flows Runner")

    holders = {one["id"] for one in pages.get(f"/roles/{role['id']}/holders")["items"]}

    assert holders - before == {str(user)}
    assert maker.ask("GET", f"/roles/{role['id']}/holders").status == 403
    assert pages.ask("GET", f"/roles/{user}/holders").status == 404
