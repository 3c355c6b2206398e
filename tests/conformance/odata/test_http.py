"""Headers, probes and addresses. Source: dataverse-api 1 and 2."""

from __future__ import annotations

import json
import logging
import queue
from collections.abc import Iterator
from uuid import UUID

import pytest

from deskhand.store.migrate import REVISIONS
from tests.web_server import LiveServer, running_server, serving


def test_what_every_answer_carries(server: LiveServer) -> None:
    answer = server.call("WhoAmI", x_ms_client_request_id="mine")

    assert answer.headers["odata-version"] == "4.0"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-ms-client-request-id"] == "mine"
    assert UUID(answer.headers["req_id"])
    assert answer.headers["req_id"] == answer.headers["x-ms-service-request-id"]
    assert int(answer.headers["x-ms-ratelimit-burst-remaining-xrm-requests"]) < 600_000
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept": "*/*"},
        {"Accept": "application/json;odata.metadata=full"},
        {"Accept": "text/html"},
        {"OData-Version": "4.0", "OData-MaxVersion": "4.01"},
        {"If-None-Match": "null"},
        {"Consistency": "Strong", "MSCRM.SuppressDuplicateDetection": "true"},
        {"Content-Type": "application/json"},
    ],
)
def test_what_clients_send_besides_does_not_matter(server: LiveServer, headers: dict[str, str]) -> None:
    sent = {"Authorization": f"Bearer {server.api_token()}", **headers}
    answer = server.send("GET", "/api/data/v9.2/WhoAmI", headers=sent)

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json; odata.metadata=minimal"


def test_head_answers_as_get_without_a_body(server: LiveServer) -> None:
    headers = {"Authorization": f"Bearer {server.api_token()}"}
    got = server.send("GET", "/api/data/v9.2/WhoAmI", headers=headers)
    head = server.send("HEAD", "/api/data/v9.2/WhoAmI", headers=headers)

    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(got.body))


@pytest.mark.parametrize("path", ["/api/data/v9.2", "/api/data/v9.2/"])
def test_the_service_root_with_or_without_its_slash(server: LiveServer, path: str) -> None:
    headers = {"Authorization": f"Bearer {server.api_token()}"}

    assert server.send("GET", path, headers=headers).json()["value"]


def test_a_browser_on_another_site_is_told_what_it_may_read(server: LiveServer) -> None:
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization,prefer",
    }
    preflight = server.send("OPTIONS", "/api/data/v9.2/workflows", headers=asked)
    answer = server.call("WhoAmI", Origin="https://app.example")

    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-headers"] == "authorization,prefer"
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "OData-EntityId" in answer.headers["access-control-expose-headers"]


# Addresses


@pytest.mark.parametrize("host", ["RPA.example.org", "rpa.example.org:8443", "[::1]:80", "10.0.0.5"])
def test_links_carry_the_host_of_the_request(server: LiveServer, host: str) -> None:
    headers = {"Authorization": f"Bearer {server.api_token()}", "Host": host}
    answer = server.send("GET", "/api/data/v9.1/", headers=headers)

    assert answer.json()["@odata.context"] == f"http://{host.lower()}/api/data/v9.1/$metadata"


@pytest.mark.parametrize("host", ["", "a b", "x/../y", 'x"', "x@y"])
def test_a_host_that_is_none_is_refused(server: LiveServer, host: str) -> None:
    headers = {"Authorization": f"Bearer {server.api_token()}", "Host": host}
    answer = server.send("GET", "/api/data/v9.2/", headers=headers)

    assert answer.status == 400


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "rpa.example.org, inner"}


def test_forwarding_headers_are_not_believed_of_everybody(server: LiveServer) -> None:
    headers = {"Authorization": f"Bearer {server.api_token()}", **FORWARDED}

    assert server.send("GET", "/api/data/v9.2/", headers=headers).json()["@odata.context"] == (
        f"{server.root}$metadata"
    )


@pytest.mark.parametrize(
    ("changes", "root"),
    [
        ({"behind_proxy": True}, "https://rpa.example.org"),
        ({"public_url": "https://public.example.org/"}, "https://public.example.org"),
        ({"public_url": "https://public.example.org", "behind_proxy": True}, "https://public.example.org"),
    ],
)
def test_a_servers_public_address(server: LiveServer, changes: dict[str, object], root: str) -> None:
    with serving(server, **changes) as other:
        headers = {"Authorization": f"Bearer {server.api_token()}", **FORWARDED}
        answer = other.send("GET", "/api/data/v9.2/", headers=headers)

    assert answer.json()["@odata.context"] == f"{root}/api/data/v9.2/$metadata"


@pytest.mark.parametrize("path", ["/api/data/", "/api/nothing", "/api/agent/v1/nothing", "/assets/nothing"])
def test_an_address_outside_of_everything(server: LiveServer, path: str) -> None:
    answer = server.send("GET", path)

    assert answer.status == 404
    assert answer.error == {
        "code": "0x8006088a",
        "message": f"Resource not found for the segment '{path}'.",
    }


def test_a_method_that_a_fixed_address_has_not(server: LiveServer) -> None:
    answer = server.send("POST", "/healthz")

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.error["message"] == "The http method 'POST' is not supported. Use GET or HEAD."


# Probes


def test_probes_need_no_token(server: LiveServer) -> None:
    assert server.send("GET", "/healthz").json() == {"status": "ok"}
    assert server.send("GET", "/readyz").json() == {"status": "ready", "revision": REVISIONS[-1]}
    assert server.send("GET", "/version").json() == {"name": "deskhand", "version": "0.0.0-test"}


def test_a_server_without_its_database_lives_but_is_not_ready(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running_server(tmp_path_factory.mktemp("closed")) as server:
        token = server.api_token()
        server.database.close()

        assert server.send("GET", "/healthz").status == 200
        ready = server.send("GET", "/readyz")
        assert (ready.status, ready.headers["retry-after"]) == (503, "5")
        refused = server.call("workflows", token=token)
        assert (refused.status, refused.headers["retry-after"]) == (503, "5")


# The log


class LogLines(logging.Handler):
    """Hands over what is logged as it comes: the access log's line follows its answer."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.put(record.getMessage())


@pytest.fixture
def access_log() -> Iterator[LogLines]:
    logger, lines = logging.getLogger("deskhand.access"), LogLines()
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(lines)
    yield lines
    logger.removeHandler(lines)
    logger.setLevel(level)


def test_the_log_says_who_asked_for_what_and_nothing_secret(server: LiveServer, access_log: LogLines) -> None:
    token = server.api_token()
    answer = server.call("workflows?$filter=name%20eq%20'hush'", token=token)

    line = access_log.lines.get(timeout=30)
    while answer.headers["req_id"] not in line:
        line = access_log.lines.get(timeout=30)
    assert line.startswith("GET /api/data/v9.2/workflows 200 ")
    assert line.endswith(f" ms Administrator {answer.headers['req_id']}")
    assert token not in line
    assert "hush" not in line


def test_an_error_nobody_foresaw_is_logged_under_its_request_and_not_shown(
    server: LiveServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("deskhand.webapi.rows.retrieve_multiple", broken)
    answer = server.call("workflows")

    assert answer.status == 500
    assert answer.error == {
        "code": "0x80040216",
        "message": (
            "An unexpected error occurred. The server's log tells more under request "
            f"{answer.headers['req_id']}."
        ),
    }
    assert f"request {answer.headers['req_id']} failed" in caplog.messages
    assert "a secret of the inside" not in json.dumps(answer.error)
