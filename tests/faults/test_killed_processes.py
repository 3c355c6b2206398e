"""Server, agent and flow processes killed at random moments: no run is lost, none is started twice."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from deskhand.agent.flow_process import NAME as FLOW_PROCESS
from tests.live import FINAL, ApiClient, CallbackReceiver, Deskhand

RUNS = 200
KILLS = ("server", "agent", "flow", "flow", "server", "agent", "flow", "flow", "server", "flow") * 2
FLOW = """\
@INPUT Token : { 'Description': '', 'FriendlyName': 'Token', 'Type': 'String', 'DefaultValue': '' }
@INPUT Tally : { 'Description': '', 'FriendlyName': 'Tally', 'Type': 'String', 'DefaultValue': '' }
@OUTPUT Echo : { 'Description': '', 'FriendlyName': 'Echo', 'Type': 'String' }
File.WriteText File: Tally TextToWrite: Token AppendNewLine: True IfFileExists: File.IfFileExists.Append
WAIT 0.3
SET Echo TO Token
"""
SETTINGS = {
    "DESKHAND_RUNS_PER_MINUTE": "100000",
    "DESKHAND_QUEUE_LENGTH_MAX": "100000",
    "DESKHAND_CALLBACK_ALLOW_INSECURE": "true",
    "DESKHAND_LEASE_SECONDS": "2",
    "DESKHAND_AGENT_LOST_SECONDS": "3",
    "DESKHAND_HEARTBEAT_SECONDS": "0.5",
}


class Killer(threading.Thread):
    """Kills one process after another and starts again what was killed."""

    def __init__(self, installation: Deskhand, seed: int) -> None:
        super().__init__(daemon=True)
        self.installation = installation
        self.random = random.Random(seed)
        self.killed: Counter[str] = Counter()
        self.done = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for victim in KILLS:
                time.sleep(self.random.uniform(0.1, 0.9))
                getattr(self, f"kill_{victim}")()
        except BaseException as error:
            self.failure = error
        finally:
            self.done.set()

    def kill_server(self) -> None:
        self.installation.kill("serve")
        self.killed["server"] += 1
        self.installation.serve()

    def kill_agent(self) -> None:
        self.installation.kill("machine")
        self.killed["agent"] += 1
        self.installation.run_machine()

    def kill_flow(self) -> None:
        victims = processes_of_flows(self.installation.data)
        if victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.random.choice(victims), signal.SIGKILL)
                self.killed["flow"] += 1


def processes_of_flows(data: Path) -> list[int]:
    """Return the processes in which this installation's flows run now, told by their name and environment."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name = (directory / "comm").read_text().strip()
            if name == FLOW_PROCESS and os.fsencode(data) in (directory / "environ").read_bytes():
                found.append(int(directory.name))
    return found


def post_until_acknowledged(
    client: ApiClient, flow: str, connection: str, tally: Path, url: str
) -> dict[str, str]:
    """Post runs until enough are acknowledged; returns session by token. A lost answer is not asked again."""
    acknowledged: dict[str, str] = {}
    number = 0
    while len(acknowledged) < RUNS:
        token = f"token-{number:04d}"
        number += 1
        inputs = json.dumps({"Token": token, "Tally": str(tally)})
        try:
            answer = client.run_flow(flow, connection, inputs=inputs, callbackUrl=url)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        if answer.status == 200:
            acknowledged[answer.json()["flowsessionId"]] = token
        else:
            assert answer.status in (500, 503), answer.body
        time.sleep(0.02)
    return acknowledged


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("live")
def test_every_run_ends_once_and_none_starts_twice(tmp_path: Path) -> None:
    tally = tmp_path / "tally.txt"
    flow_file = tmp_path / "Tally.robin"
    flow_file.write_text(FLOW)
    installation = Deskhand(tmp_path / "data", environment=dict(SETTINGS))
    with CallbackReceiver() as receiver:
        try:
            installation.serve()
            installation.command("import", str(flow_file))
            installation.run_machine()
            client = installation.client()
            flow, connection = client.flow_id("Tally"), installation.connection_name()
            killer = Killer(installation, seed=20)
            killer.start()
            sessions = post_until_acknowledged(client, flow, connection, tally, receiver.url)
            assert killer.done.wait(300)
            assert killer.failure is None
            assert receiver.wait_for(set(sessions), 120), "callbacks are missing"
            shown = {session: client.session(session) for session in sessions}
            logs = {
                session: json.loads(installation.command("runs", "show", session, "-o", "json"))
                for session in list(sessions)[:: RUNS // 20]
            }
        finally:
            installation.stop()

    statuses = {session: row["statuscode"] for session, row in shown.items()}
    assert set(statuses.values()) <= FINAL
    assert all(row["completedon"] for row in shown.values())
    starts = Counter(tally.read_text(encoding="utf-16").split())
    assert max(starts.values()) == 1
    assert all(starts[sessions[one]] == 1 for one, status in statuses.items() if status == 4)
    told = defaultdict(set)
    for _, _, body in receiver.requests:
        told[body["flowsessionid"]].add(body["statuscode"])
    assert all(told[session] == {status} for session, status in statuses.items())
    for log in logs.values():
        finished = [one for one in log["events"] if one["type"] == "QueueEventFinished"]
        assert sum(not one.get("late") for one in finished) == 1
    assert killer.killed["server"] == 6
    assert killer.killed["agent"] == 4
    assert killer.killed["flow"] >= 1
