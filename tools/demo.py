"""``make demo``: the main job on a shipped sample, each step as a client would do it.

Start Deskhand on a directory of its own, list the desktop flows, read a schema, trigger a run with a
sensitive input and a callback, poll its status, read its outputs, receive the callback, and cancel
another run. Everything goes over the Web API; nothing is left behind.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

DESKHAND = str(Path(sys.executable).parent / "deskhand")
SELECT = "statuscode,statecode,startedon,completedon"
STATUS = {2: "Running", 3: "Waiting", 4: "Succeeded", 7: "Cancelled", 8: "Failed"}
WAIT_SECONDS = 60


class Client:
    """A caller of the Web API with a bearer token."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Make one request, print it, and return the answer's JSON."""
        print(f"  {method} /api/data/v9.2/{path}")
        if body is not None:
            print(f"  {json.dumps(body)}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        content = None if body is None else json.dumps(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, f"/api/data/v9.2/{path}", content, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        print(f"  {answer.status} {answer.reason}  {text}".rstrip())
        if answer.status >= 400:
            raise SystemExit("The demo stopped: the server refused a request.")
        return json.loads(text) if text else None

    def wait_for(self, session: str, wanted: set[int]) -> dict[str, Any]:
        """Poll a run until its status is one of those wanted."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            headers = {"Authorization": f"Bearer {self.token}"}
            connection.request(
                "GET", f"/api/data/v9.2/flowsessions({session})?$select={SELECT}", headers=headers
            )
            row: dict[str, Any] = json.loads(connection.getresponse().read())
            connection.close()
            if row["statuscode"] in wanted:
                return row
            time.sleep(0.1)
        raise SystemExit(f"The demo stopped: run {session} did not get there within {WAIT_SECONDS} s.")


def step(number: int, text: str) -> None:
    """Announce a step."""
    print(f"\n{number}. {text}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def deskhand(data: Path, *arguments: str) -> str:
    """Run one command and return what it prints."""
    done = subprocess.run(
        [DESKHAND, *arguments, "--data", str(data)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"deskhand {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def start(data: Path, port: int, stack: ExitStack) -> None:
    """Run ``deskhand up`` until the stack unwinds, and wait until it is ready."""
    environment = {**os.environ, "DESKHAND_CALLBACK_ALLOW_INSECURE": "true", "DESKHAND_LOG_LEVEL": "WARNING"}
    process = subprocess.Popen([DESKHAND, "up", "--data", str(data), "--port", str(port)], env=environment)
    stack.callback(process.wait)
    stack.callback(process.send_signal, signal.SIGTERM)
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit("The demo stopped: deskhand up ended.")
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"The demo stopped: deskhand up was not ready within {WAIT_SECONDS} s.")


def receive_callbacks(stack: ExitStack) -> tuple[str, queue.Queue[tuple[dict[str, str], str]]]:
    """Start a callback endpoint; return its URL and what arrives."""
    arrived: queue.Queue[tuple[dict[str, str], str]] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take one callback."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(200)
            self.end_headers()
            arrived.put((dict(self.headers.items()), body))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}/done", arrived


def main() -> None:
    """Show the main job."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-demo-")))
        data, port = directory / "data", free_port()
        step(1, "Start Deskhand: server, this machine's agent, SQLite, samples")
        start(data, port, stack)
        callback_url, arrived = receive_callbacks(stack)
        connection_name = json.loads(deskhand(data, "connection", "list", "-o", "json"))[0]["name"]
        client = Client(port, deskhand(data, "token", "new", "demo").strip())

        step(2, "List the desktop flows")
        listed = client.call("GET", "workflows?$filter=category+eq+6&$select=name,workflowid&$orderby=name")
        flows = {row["name"]: row["workflowid"] for row in listed["value"]}

        step(3, "Read the schema of a flow's inputs")
        client.call("GET", f"workflows({flows['Hello']})/inputs/$value")

        step(4, "Trigger it, with a secret and a callback")
        request = {
            "runMode": "attended",
            "runPriority": "normal",
            "connectionName": connection_name,
            "timeout": 7200,
            "inputs": json.dumps({"Name": "Ada", "HowOften": 2, "Password": "kind otter"}),
            "callbackUrl": callback_url,
        }
        run = "Microsoft.Dynamics.CRM.RunDesktopFlow"
        session = client.call("POST", f"workflows({flows['Hello']})/{run}", request)["flowsessionId"]

        step(5, "Poll its status, then read it and the outputs")
        client.wait_for(session, {4, 7, 8})
        status = client.call("GET", f"flowsessions({session})?$select={SELECT}")
        outputs = client.call("GET", f"flowsessions({session})/outputs/$value")

        step(6, "Receive the callback")
        headers, body = arrived.get(timeout=WAIT_SECONDS)
        for name in ("User-Agent", "Content-Type", "x-ms-workflow-id", "x-ms-run-id"):
            print(f"  {name}: {headers[name]}")
        print(f"  {body}")

        step(7, "Trigger a long run, see it run, and cancel it")
        request = {"runMode": "attended", "connectionName": connection_name}
        patience = client.call("POST", f"workflows({flows['Patience']})/{run}", request)["flowsessionId"]
        client.wait_for(patience, {2})
        client.call("POST", f"flowsessions({patience})/Microsoft.Dynamics.CRM.CancelDesktopFlowRun")
        cancelled = client.wait_for(patience, {4, 7, 8})
        print(f"  statuscode {cancelled['statuscode']} {STATUS[cancelled['statuscode']]}")

        step(8, "Look at the first run on the command line")
        print(deskhand(data, "runs", "show", session).rstrip())
        print()
        good = status["statuscode"] == 4 and cancelled["statuscode"] == 7
        if not (
            good and outputs["Greeting"] == "Hello Ada, hello Ada" and "kind otter" not in json.dumps(outputs)
        ):
            raise SystemExit("The demo failed: a run did not end as it should.")
        print("Done: one run succeeded with its outputs and callback, one was cancelled.")


if __name__ == "__main__":
    main()
