"""A web server for clients to talk to: HTTP or TLS on a free port, over a SQLite file of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import trustme
import uvicorn

from deskhand.cloudflows.runtime import CloudFlows
from deskhand.core.clock import Clock, SystemClock
from deskhand.core.settings import Settings
from deskhand.entities.flowmachine import ConnectionReference
from deskhand.entities.workflow import Workflow
from deskhand.identity.accounts import (
    ApplicationUser,
    Installation,
    create_api_token,
    create_application,
    create_user,
    ensure_organization,
)
from deskhand.identity.client_secrets import new_client_secret
from deskhand.identity.keyring import KeyRing
from deskhand.identity.tokens import TokenService
from deskhand.identity.vault import Vault
from deskhand.orchestrator.assignment import assign_runs
from deskhand.orchestrator.connections import create_connection
from deskhand.orchestrator.machines import create_registration_token, register_machine
from deskhand.orchestrator.reports import apply_report
from deskhand.orchestrator.wakeups import Wakeups
from deskhand.pages.installation import About
from deskhand.protocol.messages import (
    Claim,
    Confirmed,
    Finished,
    RegisterMachine,
    Report,
    RunMessage,
    RunOrder,
    RunResult,
)
from deskhand.records.service import create
from deskhand.server.portal_imports import PortalImports
from deskhand.store.database import Database, Transaction
from deskhand.store.open import open_database
from deskhand.webapi.app import Services, create_app
from deskhand.webapi.embedded import EmbeddedWebApi

INPUTS = {
    "schema": {
        "properties": {
            "inputText": {
                "default": "",
                "description": "",
                "format": None,
                "title": "inputText",
                "type": "string",
                "value": "",
            },
            "inputInteger": {
                "default": "",
                "description": "",
                "format": None,
                "title": "inputInteger",
                "type": "number",
                "value": "0",
            },
        },
        "type": "object",
    }
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> Any:
        return self.json()["error"]


@dataclass(frozen=True)
class Machine:
    """A machine, and the name of a connection to it."""

    id: UUID
    connection: str


@dataclass
class LiveServer:
    """A server, what it works with, and how to call it."""

    services: Services
    installation: Installation
    port: int
    scheme: str = "http"
    authority: Path | None = None

    @property
    def url(self) -> str:
        host = "localhost" if self.authority else "127.0.0.1"
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def root(self) -> str:
        return f"{self.url}/api/data/v9.2/"

    @property
    def database(self) -> Database:
        return self.services.database

    def api_token(self, user_id: UUID | None = None, days: float = 1) -> str:
        """Return a bearer token of a user, the administrator by default."""
        user = user_id or self.installation.administrator_id
        return self.database.write(
            lambda tx: create_api_token(tx, self.services.tokens, "test", user, timedelta(days=days))
        )

    def user(self, name: str, *roles: str) -> UUID:
        return self.database.write(lambda tx: create_user(tx, name, f"{name}@example.org", roles=roles))

    def application(self, name: str, *roles: str) -> tuple[ApplicationUser, str]:
        """Return a new application with its client secret."""
        secret = new_client_secret()
        made = self.database.write(lambda tx: create_application(tx, name, secret.hash, roles=roles))
        return made, secret.text

    def flow(self, name: str, *, owner: UUID | None = None, **values: Any) -> UUID:
        """Return a new desktop flow."""
        row = {"name": name, "inputs": json.dumps(INPUTS), "definition": "SET A TO 1", **values}
        by = owner or self.installation.administrator_id
        return self.database.write(lambda tx: create(tx, Workflow, row, by=by))

    def machine(self, name: str, owner: UUID | None = None) -> Machine:
        """Return a new machine in a group of its own, with a connection to it."""
        settings = self.services.settings
        by = owner or self.installation.administrator_id

        def register(tx: Transaction) -> Machine:
            token = create_registration_token(tx, by)
            known = register_machine(tx, RegisterMachine(token, name, "", "1.0", "ada"), settings)
            connection = create_connection(tx, display_name=name, group_id=known.group_id, owner_id=by)
            return Machine(known.machine_id, connection)

        return self.database.write(register)

    def connection_reference(self, logical_name: str, connection: str) -> UUID:
        """Return a new connection reference that is bound to a connection."""
        row = {"connectionreferencelogicalname": logical_name, "connectionid": connection}
        by = self.installation.administrator_id
        return self.database.write(lambda tx: create(tx, ConnectionReference, row, by=by))

    def begin(self, machine: Machine) -> RunOrder:
        """Give the machine its next run and begin it, as an agent does."""
        settings, vault = self.services.settings, self.services.vault
        claim = Claim(1, (), 0.0, "1.0")

        def claimed(tx: Transaction) -> RunOrder:
            (order,) = assign_runs(tx, machine.id, claim, settings, vault).runs
            return order

        order = self.database.write(claimed)
        self.report(machine, Confirmed(order.run_id, order.fencing_token, "ada", "1.0"))
        return order

    def report(self, machine: Machine, *messages: RunMessage) -> None:
        """Tell the server of a run, as an agent does."""
        settings, vault = self.services.settings, self.services.vault
        replies = self.database.write(
            lambda tx: apply_report(tx, machine.id, Report(messages), settings, vault)
        )
        assert all(reply.accepted for reply in replies.replies)

    def finish(self, machine: Machine, order: RunOrder, outputs: dict[str, Any]) -> None:
        """End a run well."""
        self.report(machine, Finished(order.run_id, order.fencing_token, RunResult.SUCCEEDED, outputs))

    def send(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request as it is, on a connection of its own."""
        connection = self._connection()
        with contextlib.closing(connection):
            connection.request(method, target, body, dict(headers or {}))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())

    def _connection(self) -> http.client.HTTPConnection:
        if self.authority is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        trust = ssl.create_default_context(cafile=str(self.authority))
        return http.client.HTTPSConnection("localhost", self.port, timeout=60, context=trust)

    def call(
        self,
        path: str,
        *,
        method: str = "GET",
        token: str | None = None,
        body: Any = None,
        **headers: str,
    ) -> Answer:
        """Call the Web API, as the administrator unless a token says otherwise."""
        sent = {"Authorization": f"Bearer {token or self.api_token()}", "Accept": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.send(method, f"/api/data/v9.2/{path}", content, sent)


def cloud_flows(database: Database, settings: Settings, clock: Clock, keyring: KeyRing) -> CloudFlows:
    """Return what runs cloud flows; nothing works by itself until it is started."""
    address, vault = "http://deskhand.example", Vault(keyring)
    api = EmbeddedWebApi(settings, vault, address)
    return CloudFlows(database, settings, clock, keyring, vault, address, api)


def _services(directory: Path, settings: Settings, address: str) -> tuple[Services, Installation]:
    clock = SystemClock()
    database = open_database(address or directory / "deskhand.db", clock)
    database.migrate()
    installation = database.write(ensure_organization)
    keyring = KeyRing.open(directory)
    services = Services(
        database=database,
        settings=settings,
        clock=clock,
        keyring=keyring,
        vault=Vault(keyring),
        tokens=TokenService(keyring, settings, clock, installation.organization_id),
        wakeups=Wakeups(database),
        cloudflows=cloud_flows(database, settings, clock, keyring),
        version="0.0.0-test",
        about=About("0.0.0-test", clock.now(), str(directory), {}),
        imports=PortalImports(),
    )
    return services, installation


def _drop_connections(server: uvicorn.Server) -> None:
    """Break off what clients keep open: under TLS their farewell would be waited for."""
    for connection in list(server.server_state.connections):
        connection.loop.call_soon_threadsafe(connection.transport.abort)


@contextlib.contextmanager
def _listening(services: Services, certificate: Path | None = None) -> Iterator[int]:
    """Serve on a free port. Connections wait in the socket's queue until the server takes them."""
    listener = socket.create_server(("127.0.0.1", 0))
    pem = str(certificate) if certificate else None
    config = uvicorn.Config(
        create_app(services),
        log_config=None,
        access_log=False,
        lifespan="on",
        proxy_headers=False,
        ssl_certfile=pem,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        _drop_connections(server)
        server.should_exit = True
        thread.join()
        listener.close()


@contextlib.contextmanager
def running_server(
    directory: Path, settings: Settings | None = None, *, tls: bool = False, address: str = ""
) -> Iterator[LiveServer]:
    """Run a server on a directory; with TLS its certificate is for ``localhost``.

    Its database is a SQLite file in the directory, unless an address names another.
    """
    services, installation = _services(directory, settings or Settings(), address)
    certificate = authority = None
    if tls:
        ca = trustme.CA()
        authority, certificate = directory / "ca.pem", directory / "server.pem"
        ca.cert_pem.write_to_path(str(authority))
        ca.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    try:
        with _listening(services, certificate) as port:
            scheme = "https" if tls else "http"
            yield LiveServer(services, installation, port, scheme, authority)
    finally:
        services.wakeups.close()
        services.database.close()


@contextlib.contextmanager
def serving(server: LiveServer, **changes: Any) -> Iterator[LiveServer]:
    """Serve the same installation once more, with other addresses."""
    services = replace(server.services, **changes)
    with _listening(services) as port:
        yield LiveServer(services, server.installation, port)
