"""A real Deskhand for tests: the installed command, started as a person would start it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

DESKHAND = str(Path(sys.executable).parent / "deskhand")
READY_SECONDS = 60.0
FINAL = {4, 7, 8, 10}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class ApiClient:
    """A caller with a bearer token; connects anew for each request, as scripts do."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        root: str = "/api/data/v9.2",
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
            if content is not None:
                sent["Content-Type"] = "application/json"
            connection.request(method, f"{root}/{path}", content, {**sent, **(headers or {})})
            answer = connection.getresponse()
            return Answer(
                answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()

    def run_flow(self, workflow_id: str, connection_name: str, **parameters: Any) -> Answer:
        body = {"runMode": "unattended", "connectionName": connection_name, **parameters}
        return self.request("POST", f"workflows({workflow_id})/Microsoft.Dynamics.CRM.RunDesktopFlow", body)

    def session(self, session_id: str, select: str = "statuscode,statecode,startedon,completedon") -> Any:
        return self.request("GET", f"flowsessions({session_id})?$select={select}").json()

    def cancel(self, session_id: str) -> Answer:
        return self.request("POST", f"flowsessions({session_id})/Microsoft.Dynamics.CRM.CancelDesktopFlowRun")

    def wait_until_final(self, session_id: str, seconds: float = 60.0) -> Any:
        """Poll as clients do; the bound only keeps a broken build from hanging."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            row = self.session(session_id)
            if row["statuscode"] in FINAL:
                return row
            time.sleep(0.05)
        raise AssertionError(f"run {session_id} is not finished after {seconds} s: {row}")

    def flow_id(self, name: str) -> str:
        listed = self.request("GET", f"workflows?$filter=name%20eq%20'{quote(name)}'&$select=workflowid")
        return str(listed.json()["value"][0]["workflowid"])


@dataclass
class Deskhand:
    """One installation and the processes that serve it."""

    data: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def command(self, *arguments: str) -> str:
        """Run one ``deskhand`` command on this installation and return what it prints."""
        done = subprocess.run(
            [DESKHAND, *arguments, "--data", str(self.data)],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"deskhand {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, name: str, *arguments: str) -> None:
        """Start one long-running command under a name; its log is ``<data>.<name>.log``."""
        log = (self.data.parent / f"{self.data.name}.{name}.log").open("ab")
        with log:
            self.processes[name] = subprocess.Popen(
                [DESKHAND, *arguments, "--data", str(self.data)],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def up(self) -> None:
        self.start("up", "up", "--port", str(self.port))
        self.wait_until_ready()

    def serve(self) -> None:
        self.start("serve", "serve", "--port", str(self.port))
        self.wait_until_ready()

    def run_machine(self) -> None:
        self.start("machine", "machine", "run", "--server", f"http://127.0.0.1:{self.port}")

    def wait_until_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {self.log(name)}"
            if self.is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"not ready after {READY_SECONDS} s")

    def is_ready(self) -> bool:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
            return False

    def log(self, name: str) -> str:
        return (self.data.parent / f"{self.data.name}.{name}.log").read_text(errors="replace")

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything as Ctrl+C would."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def client(self, name: str = "tests") -> ApiClient:
        return ApiClient(self.port, self.command("token", "new", name).strip())

    def connection_name(self) -> str:
        listed = json.loads(self.command("connection", "list", "-o", "json"))
        return str(listed[0]["name"])


class CallbackReceiver:
    """A callback endpoint that remembers every request; answers may be scripted."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.answers: list[int] = []
        self.arrived = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.record(self.path, dict(self.headers.items()), json.loads(body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing; the requests are kept."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/done"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def record(self, path: str, headers: dict[str, str], body: Any) -> int:
        with self.arrived:
            self.requests.append((path, headers, body))
            self.arrived.notify_all()
            return self.answers.pop(0) if self.answers else 200

    def wait_for(self, sessions: set[str], seconds: float = 60.0) -> bool:
        """Wait until every one of these runs has been told of."""
        with self.arrived:
            return self.arrived.wait_for(lambda: sessions <= set(self.sessions()), seconds)

    def sessions(self) -> list[str]:
        return [body["flowsessionid"] for _, _, body in self.requests]

    def __enter__(self) -> CallbackReceiver:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def deskhand_up(data: Path, **environment: str) -> Iterator[Deskhand]:
    """Run ``deskhand up`` on a fresh data directory."""
    installation = Deskhand(data, environment=dict(environment))
    try:
        installation.up()
        yield installation
    finally:
        installation.stop()
