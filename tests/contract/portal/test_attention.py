"""What needs somebody's attention, against a live server on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deskhand.protocol.messages import Finished, RunError, RunResult
from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


@pytest.fixture
def pages(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


def test_ones_own_failing_flows_and_expiring_credentials_need_attention(
    server: LiveServer, pages: Pages
) -> None:
    owner = server.user("attention-owner", "Environment Maker")
    maker = Pages(server, server.api_token(owner))
    flow, machine = server.flow("Fails often", owner=owner), server.machine("attention", owner)
    maker.post(f"/desktopflows/{flow}/run", {"connection": machine.connection})
    order = server.begin(machine)
    error = RunError("FileNotFound", "/a does not exist")
    server.report(machine, Finished(order.run_id, order.fencing_token, RunResult.FAILED, None, error))
    now = server.services.clock.now()
    for name, days in (("Soon", 3), ("Late", 90), ("Gone", -1)):
        expires = (now + timedelta(days=days)).isoformat()
        body = {"name": name, "account": "svc", "secret": "s3cret", "expiresOn": expires}
        maker.post("/credentials", body)

    mine = maker.get("/attention")["items"]

    told = [(one["kind"], one["name"], one["count"], one["message"]) for one in mine]
    assert told == [
        ("failingFlow", "Fails often", 1, "/a does not exist"),
        ("credentialExpires", "Gone", 1, None),
        ("credentialExpires", "Soon", 0, None),
    ]
    assert [one for one in pages.get("/attention")["items"] if one["name"] == "Fails often"] == []
    assert [one for one in pages.get("/home")["attention"] if one["name"] == "Gone"] != []
