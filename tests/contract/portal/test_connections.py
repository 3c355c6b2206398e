"""The portal's endpoints of connections, their references and credentials, against a live server."""

from __future__ import annotations

import json
from time import monotonic
from uuid import UUID

import pytest

from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    return Pages(server, server.api_token(server.user(request.node.name[:80], "Environment Maker")))


@pytest.fixture
def other(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    return Pages(server, server.api_token(server.user(f"not {request.node.name}"[:80], "Environment Maker")))


def connection(by: Pages, name: str, **parameters: object) -> str:
    held = {"address": "robot@example.org", "smtpHost": "mail.example.org", **parameters}
    body = {"connector": "shared_sendmail", "displayName": name, "parameters": held}
    return str(by.post("/connections", body)["name"])


def test_a_reference_is_made_bound_used_and_deleted(server: LiveServer, maker: Pages, other: Pages) -> None:
    name = connection(maker, "Mail of references")
    body = {"logicalName": f"new_{name}", "connector": "shared_sendmail", "connection": name}
    made = maker.post("/references", body)["id"]
    owner = UUID(maker.get("/session")["user"]["id"])
    data = json.dumps(
        {
            "properties": {
                "connectionReferences": {
                    "m": {"connection": {"connectionReferenceLogicalName": f"new_{name}"}}
                }
            }
        }
    )
    flow = server.flow("Mails people", owner=owner, category=5, clientdata=data, definition=None)

    (row,) = maker.get("/references")["items"]
    assert (row["id"], row["connection"], row["connectionName"], row["connector"]) == (
        made,
        name,
        "Mail of references",
        "shared_sendmail",
    )
    assert maker.get(f"/connections/{name}")["connection"]["references"] == ["Mail"]
    used = [{"kind": "cloud", "id": str(flow), "name": "Mails people"}]
    assert maker.get(f"/references/{made}/uses")["flows"] == used
    assert maker.get(f"/connections/{name}/uses")["flows"] == used
    assert other.get("/references")["items"] == []
    assert other.ask("PUT", f"/references/{made}/connection", {"connection": None}).status == 403

    maker.put(f"/references/{made}/connection", {"connection": None})
    assert maker.get("/references")["items"][0]["connection"] is None
    maker.delete(f"/references/{made}")
    assert maker.get("/references")["items"] == []


def test_a_connection_takes_the_place_of_another(maker: Pages) -> None:
    first, second = connection(maker, "First"), connection(maker, "Second")
    for index in range(2):
        body = {"logicalName": f"r{index}_{first}", "connector": "shared_sendmail", "connection": first}
        maker.post("/references", body)

    done = maker.post(f"/connections/{first}/replace", {"by": second})

    assert done == {"references": [f"r0_{first}", f"r1_{first}"], "kept": []}
    assert {one["connection"] for one in maker.get("/references")["items"]} == {second}


def test_a_test_says_when_and_why_not(maker: Pages) -> None:
    name = connection(maker, "Nowhere", smtpHost="127.0.0.1", smtpPort=1)
    assert maker.get(f"/connections/{name}")["connection"]["testedOn"] is None

    tried = maker.post("/connections/test", {"name": name})

    row = maker.get(f"/connections/{name}")["connection"]
    assert tried["works"] is False
    assert (row["status"], row["problem"]) == ("Error", tried["message"])
    assert row["testedOn"] is not None


def test_credentials_go_in_and_never_come_out(maker: Pages, other: Pages, server: LiveServer) -> None:
    secret = "hunter2-and-more"
    body = {"name": f"Mailbox {maker.token[-8:]}", "account": "robot", "secret": secret}
    made = maker.post("/credentials", body)["id"]
    name = connection(maker, "By credential", password={"credential": made}, username={"credential": made})

    (row,) = maker.get("/credentials")["items"]
    assert (row["account"], row["canWrite"]) == ("robot", True)
    assert row["usedBy"] == [{"name": name, "displayName": "By credential"}]
    details = maker.get(f"/connections/{name}")
    assert details["parameters"]["password"] == {"credential": made, "part": "password"}
    assert details["credentials"] == {made: body["name"]}
    public = server.call(f"credentials({made})", token=maker.token)
    assert public.status == 200
    assert secret not in json.dumps([row, details]) + public.body.decode()
    assert "accountname" not in public.json()

    assert row["lastUsedOn"] is None
    assert maker.post("/connections/test", {"name": name})["works"] is False  # it reached no server
    end = monotonic() + 60
    while row["lastUsedOn"] is None and monotonic() < end:  # it is noted soon after
        (row,) = maker.get("/credentials")["items"]
    assert row["lastUsedOn"] >= row["createdOn"]

    before = row["secretChangedOn"]
    maker.put(f"/credentials/{made}/secret", {"secret": "another", "expiresOn": "2031-01-01T00:00:00Z"})
    (row,) = maker.get("/credentials")["items"]
    assert row["secretChangedOn"] > before
    assert row["expiresOn"] == "2031-01-01T00:00:00.000Z"

    whom = other.get("/session")["user"]["id"]
    assert other.get("/credentials")["items"] == []
    assert other.ask("PUT", f"/credentials/{made}/secret", {"secret": "x"}).status == 403
    maker.put(f"/access/credential/{made}/{whom}", {"level": "user"})
    (row,) = other.get("/credentials")["items"]
    assert row["usedBy"] == [{"name": None, "displayName": None}]
    assert other.ask("PUT", f"/credentials/{made}/secret", {"secret": "x"}).status == 403
    assert other.ask("DELETE", f"/credentials/{made}").status == 403
    maker.delete(f"/credentials/{made}")
    assert maker.get("/credentials")["items"] == []
    assert maker.post("/connections/test", {"name": name})["works"] is False
