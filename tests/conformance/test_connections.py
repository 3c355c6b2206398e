"""Connections, mail, custom connectors and approvals on a live server, as people and programs use them."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme

from tests.live import DESKHAND, Answer, ApiClient, Deskhand, deskhand_up
from tests.mail_server import PASSWORD, USERNAME, MailServer, mail_server

MANUAL = {"manual": {"type": "Request", "kind": "Http", "inputs": {}}}


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server("starttls", login=True) as server:
        yield server


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Iterator[Deskhand]:
    directory = tmp_path_factory.mktemp("live")
    authority = directory / "authority.pem"
    mail.authority.cert_pem.write_to_path(str(authority))
    environment = {
        "SSL_CERT_FILE": str(authority),
        "DESKHAND_HTTP_ALLOWED_HOSTS": "localhost 127.0.0.1",
    }
    with deskhand_up(directory / "data", **environment) as installation:
        yield installation


@pytest.fixture(scope="module")
def client(live: Deskhand) -> ApiClient:
    return live.client()


def manage(client: ApiClient, method: str, path: str, body: Any = None) -> Answer:
    """Call the management API."""
    return client.request(method, path, body, root="/api/cloudflows")


def refused(live: Deskhand, *arguments: str) -> str:
    """Run a command that fails, and return what it says."""
    done = subprocess.run(
        [DESKHAND, *arguments, "--data", str(live.data)],
        env={**os.environ, **live.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr


def with_secret(live: Deskhand, secret: str, *arguments: str) -> str:
    """Run a command that reads a secret from its standard input."""
    done = subprocess.run(
        [DESKHAND, *arguments, "--data", str(live.data)],
        env={**os.environ, **live.environment},
        input=f"{secret}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def bring(
    live: Deskhand, directory: Path, name: str, connector: str, actions: Any, connection: str | None
) -> None:
    """Import a flow whose connection is bound, and switch it on."""
    reference = f"new_{name.lower()}"
    document = {
        "properties": {
            "connectionReferences": {
                connector: {
                    "runtimeSource": "embedded",
                    "connection": {"connectionReferenceLogicalName": reference},
                    "api": {"name": connector},
                }
            },
            "definition": {"triggers": MANUAL, "actions": actions},
        }
    }
    path = directory / f"{name}.json"
    path.write_text(json.dumps(document))
    live.command("import", str(path))
    if connection is not None:
        live.command("connection", "bind", reference, connection)
    live.command("cloudflow", "on", name)


def operation(connector: str, operation_id: str, parameters: Any, kind: str = "OpenApiConnection") -> Any:
    api = f"/providers/Microsoft.PowerApps/apis/{connector}"
    host = {"apiId": api, "connectionName": connector, "operationId": operation_id}
    return {"type": kind, "inputs": {"host": host, "parameters": parameters}}


@contextmanager
def encrypted(handler: type[BaseHTTPRequestHandler], authority: trustme.CA) -> Iterator[int]:
    """Serve HTTPS on a free port of ‘localhost’."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as service:
        service.socket = context.wrap_socket(service.socket, server_side=True)
        thread = threading.Thread(target=service.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield service.server_port
        finally:
            service.shutdown()
            thread.join()


def test_a_mail_goes_out_over_a_connection_that_was_made_tried_and_bound(
    live: Deskhand, client: ApiClient, mail: MailServer, tmp_path: Path
) -> None:
    parameters = {
        "address": "robot@example.org",
        "smtpHost": "localhost",
        "smtpPort": str(mail.port),
        "username": USERNAME,
    }
    given = [text for name, value in parameters.items() for text in ("--set", f"{name}={value}")]
    name = with_secret(
        live, PASSWORD, "connection", "new", "shared_office365", *given, "--secret", "password"
    )
    assert live.command("connection", "test", name) == "Connected\n"
    shown = live.command("connection", "show", name)
    assert "password  ********" in shown
    assert PASSWORD not in shown + json.dumps(manage(client, "GET", "connections").json())

    send = operation(
        "shared_office365",
        "SendEmailV2",
        {
            "emailMessage/To": "bert@example.org",
            "emailMessage/Subject": "Done",
            "emailMessage/Body": "<p>All</p>",
        },
    )
    bring(live, tmp_path, "Mail", "shared_office365", {"Send": send}, name)
    live.command("cloudflow", "run", "Mail", "--wait")
    ((envelope, message),) = mail.arrived
    assert (envelope.rcpt_tos, message["Subject"]) == (["bert@example.org"], "Done")
    data = b"".join(one.read_bytes() for one in live.data.rglob("*") if one.is_file())
    assert PASSWORD.encode() not in data + live.log("up").encode()


def test_a_connection_that_does_not_work_says_so(live: Deskhand, client: ApiClient, mail: MailServer) -> None:
    parameters = {
        "address": "robot@example.org",
        "smtpHost": "localhost",
        "smtpPort": mail.port,
        "username": USERNAME,
        "password": "wrong",
    }
    made = manage(client, "POST", "connections", {"connector": "shared_sendmail", "parameters": parameters})
    name = made.json()["name"]
    tested = manage(client, "POST", f"connections/{name}/test")
    assert (made.status, tested.status) == (201, 502)
    assert tested.json()["error"]["code"] == "ConnectionTestFailed"
    assert "535" in tested.json()["error"]["message"]
    assert manage(client, "GET", f"connections/{name}").json()["status"] == "Error"
    assert "DH6612" in refused(live, "connection", "test", name)
    change = {"parameters": {"password": PASSWORD}}
    assert manage(client, "PATCH", f"connections/{name}", change).status == 200
    assert manage(client, "POST", f"connections/{name}/test").json()["status"] == "Connected"
    assert manage(client, "DELETE", f"connections/{name}").status == 204


def test_a_custom_connector_is_added_and_called(live: Deskhand, client: ApiClient, tmp_path: Path) -> None:
    asked: list[tuple[str, str | None]] = []

    class Orders(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["X-Key"]))
            body = b'{"value": [1, 2]}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing; the requests are kept."""

    service = ThreadingHTTPServer(("127.0.0.1", 0), Orders)
    thread = threading.Thread(target=service.serve_forever, args=(0.05,))
    thread.start()
    try:
        document = {
            "openapi": "3.0.0",
            "info": {"title": "Orders"},
            "servers": [{"url": f"http://127.0.0.1:{service.server_port}/v1"}],
            "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
            "security": [{"key": []}],
            "paths": {"/orders": {"get": {"operationId": "ListOrders", "responses": {}}}},
        }
        path = tmp_path / "orders.json"
        path.write_text(json.dumps(document))
        assert live.command("connector", "add", "shared_orders", str(path)) == "Added.\n"
        assert "apiKey  API key, secret" in live.command("connector", "show", "shared_orders")
        name = with_secret(live, "k3y", "connection", "new", "shared_orders", "--secret", "apiKey")
        bring(
            live,
            tmp_path,
            "Orders",
            "shared_orders",
            {"List": operation("shared_orders", "ListOrders", {})},
            name,
        )
        live.command("cloudflow", "run", "Orders", "--wait")
    finally:
        service.shutdown()
        service.server_close()
        thread.join()
    assert asked == [("/v1/orders", "k3y")]
    assert "DH6605" in refused(live, "connector", "delete", "shared_orders")


def test_a_custom_connector_gets_its_access_tokens_by_itself(
    live: Deskhand, client: ApiClient, mail: MailServer, tmp_path: Path
) -> None:
    asked: list[tuple[str, str | None, dict[str, list[str]]]] = []
    tokens = iter(("t0ken-one", "t0ken-two"))

    class Service(BaseHTTPRequestHandler):
        """Gives access tokens that hold for an hour, and tells totals to those who bring one."""

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append((self.path, self.headers["Authorization"], form))
            if form["client_secret"] == ["s3cret"]:
                self._answer(200, {"access_token": next(tokens), "token_type": "Bearer", "expires_in": 3600})
            else:
                self._answer(401, {"error": "invalid_client"})

        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Authorization"], {}))
            self._answer(200, {"total": 7})

        def _answer(self, status: int, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing; the requests are kept."""

    with encrypted(Service, mail.authority) as port:
        base = f"https://localhost:{port}"
        flow = {"clientCredentials": {"tokenUrl": f"{base}/token", "scopes": {"totals": "Read totals"}}}
        document = {
            "openapi": "3.0.0",
            "info": {"title": "Totals"},
            "servers": [{"url": base}],
            "components": {"securitySchemes": {"granted": {"type": "oauth2", "flows": flow}}},
            "security": [{"granted": ["totals"]}],
            "paths": {"/total": {"get": {"operationId": "Total", "responses": {}}}},
        }
        path = tmp_path / "totals.json"
        path.write_text(json.dumps(document))
        live.command("connector", "add", "shared_totals", str(path))
        held = {"tokenUrl": f"{base}/token", "clientId": "robot", "scope": "totals"}
        given = [text for one, value in held.items() for text in ("--set", f"{one}={value}")]
        given += ["--secret", "clientSecret"]
        wrong = with_secret(live, "guess", "connection", "new", "shared_totals", *given)
        assert "invalid_client" in refused(live, "connection", "test", wrong)
        name = with_secret(live, "s3cret", "connection", "new", "shared_totals", *given)
        assert live.command("connection", "test", name) == "Connected\n"
        asked.clear()

        calls = {
            "First": operation("shared_totals", "Total", {}),
            "Second": operation("shared_totals", "Total", {}) | {"runAfter": {"First": ["Succeeded"]}},
        }
        bring(live, tmp_path, "Totals", "shared_totals", calls, name)
        live.command("cloudflow", "run", "Totals", "--wait")
    form = {
        "grant_type": ["client_credentials"],
        "client_id": ["robot"],
        "client_secret": ["s3cret"],
        "scope": ["totals"],
    }
    assert asked == [
        ("/token", None, form),
        ("/total", "Bearer t0ken-two", {}),
        ("/total", "Bearer t0ken-two", {}),
    ]
    data = b"".join(one.read_bytes() for one in live.data.rglob("*") if one.is_file())
    assert not any(one in data + live.log("up").encode() for one in (b"s3cret", b"t0ken-two"))


def test_a_person_answers_what_a_flow_asks(live: Deskhand, client: ApiClient, tmp_path: Path) -> None:
    ask = operation(
        "shared_approvals",
        "StartAndWaitForAnApproval",
        {
            "approvalType": "Basic",
            "WebhookApprovalCreationInput/title": "Release it?",
            "WebhookApprovalCreationInput/assignedTo": "admin",
        },
        "OpenApiConnectionWebhook",
    )
    then = {"type": "Compose", "inputs": "@body('Ask')?['outcome']", "runAfter": {"Ask": ["Succeeded"]}}
    bring(live, tmp_path, "Ask", "shared_approvals", {"Ask": ask, "Then": then}, None)
    live.command("cloudflow", "run", "Ask")

    (approval,) = json.loads(live.command("approvals", "list", "-o", "json"))
    assert (approval["title"], approval["status"]) == ("Release it?", "Pending")
    assert "Approval requested: Release it?" in live.command("notifications")
    live.command("approvals", "answer", "Release", "approve", "--comments", "Go")
    assert "Administrator: Approve  Go" in live.command("approvals", "show", approval["name"])
    (kept,) = manage(client, "GET", "approvals?status=completed").json()["value"]
    assert (kept["name"], kept["result"]) == (approval["name"], "Approve")
    again = manage(client, "POST", f"approvals/{kept['name']}/responses", {"response": "Reject"})
    assert (again.status, again.json()["error"]["code"]) == (409, "ApprovalAlreadyResponded")
