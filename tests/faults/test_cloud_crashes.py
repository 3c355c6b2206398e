"""A server killed again and again under open cloud-flow runs: all finish, and nothing is done twice."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.live import Deskhand
from tests.receiver import Receiver

RUNS = 500
KILLS = 20
SEED = 20261126
END_SECONDS = 120
DESKTOP_EVERY = 5

SETTINGS = {
    "DESKHAND_HTTP_ALLOWED_HOSTS": "127.0.0.1",
    "DESKHAND_RUNS_PER_MINUTE": "100000",
    "DESKHAND_QUEUE_LENGTH_MAX": "100000",
    "DESKHAND_LOG_LEVEL": "WARNING",
}
ROBIN = """\
@INPUT Token : { 'Description': '', 'FriendlyName': 'Token', 'Type': 'String', 'DefaultValue': '' }
@INPUT Tally : { 'Description': '', 'FriendlyName': 'Tally', 'Type': 'String', 'DefaultValue': '' }
@OUTPUT Echo : { 'Description': '', 'FriendlyName': 'Echo', 'Type': 'String' }
File.WriteText File: Tally TextToWrite: Token AppendNewLine: True IfFileExists: File.IfFileExists.Append
SET Echo TO Token
"""


def tell(url: str, body: str, *after: str) -> dict[str, Any]:
    """Return an action that tells the receiver something, and again if nobody knows whether it was heard."""
    policy = {"type": "fixed", "count": 30, "interval": "PT5S"}
    inputs = {"method": "POST", "uri": url, "body": body, "retryPolicy": policy}
    return {"type": "Http", "inputs": inputs, "runAfter": {one: ["Succeeded"] for one in after}}


def child_flow(url: str) -> dict[str, Any]:
    """Return a flow that tells the receiver of its call, waits, and answers."""
    return {
        "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
        "actions": {
            "Tell": tell(url, "@concat(triggerBody()?['token'], ' child')"),
            "Rest": {
                "type": "Wait",
                "inputs": {"interval": {"count": 1, "unit": "Second"}},
                "runAfter": {"Tell": ["Succeeded"]},
            },
            "Response": {
                "type": "Response",
                "kind": "Http",
                "inputs": {"statusCode": 200, "body": "@triggerBody()"},
                "runAfter": {"Rest": ["Succeeded"]},
            },
        },
    }


def mixed_flow(url: str, desktop_flow: str, tally: Path) -> dict[str, Any]:
    """Return a flow of everything that waits, repeats or reaches outside."""
    return {
        "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
        "actions": {
            "Count": {
                "type": "InitializeVariable",
                "inputs": {"variables": [{"name": "count", "type": "integer", "value": 0}]},
                "runAfter": {},
            },
            "Pause": {
                "type": "Wait",
                "inputs": {"interval": {"count": "@triggerBody()?['pause']", "unit": "Second"}},
                "runAfter": {"Count": ["Succeeded"]},
            },
            "Each": {
                "type": "Foreach",
                "foreach": "@range(0, 3)",
                "actions": {
                    "Add": {"type": "IncrementVariable", "inputs": {"name": "count", "value": 1}},
                    "Tell_each": tell(url, "@concat(triggerBody()?['token'], ' ', string(item()))", "Add"),
                },
                "runAfter": {"Pause": ["Succeeded"]},
            },
            "Repeat": {
                "type": "Until",
                "expression": "@greaterOrEquals(variables('count'), 6)",
                "limit": {"count": 10, "timeout": "PT1H"},
                "actions": {
                    "Again": {"type": "IncrementVariable", "inputs": {"name": "count", "value": 1}},
                    "Between": {
                        "type": "Wait",
                        "inputs": {"interval": {"count": 1, "unit": "Second"}},
                        "runAfter": {"Again": ["Succeeded"]},
                    },
                },
                "runAfter": {"Each": ["Succeeded"]},
            },
            "Call_child": {
                "type": "Workflow",
                "inputs": {"host": {"workflowReferenceName": "Child"}, "body": "@triggerBody()"},
                "runAfter": {"Pause": ["Succeeded"]},
            },
            "On_a_machine": {
                "type": "If",
                "expression": "@triggerBody()?['desktop']",
                "actions": {
                    "Desktop": {
                        "type": "OpenApiConnection",
                        "inputs": {
                            "host": {
                                "apiId": "/providers/Microsoft.PowerApps/apis/shared_uiflow",
                                "connectionName": "shared_uiflow",
                                "operationId": "RunUIFlow_V2",
                            },
                            "parameters": {
                                "uiFlowId": desktop_flow,
                                "runMode": "unattended",
                                "item/Token": "@triggerBody()?['token']",
                                "item/Tally": str(tally),
                            },
                        },
                    }
                },
                "runAfter": {"Pause": ["Succeeded"]},
            },
            "Result": {
                "type": "Compose",
                "inputs": {"token": "@triggerBody()?['token']", "count": "@variables('count')"},
                "runAfter": {one: ["Succeeded"] for one in ("Repeat", "Call_child", "On_a_machine")},
            },
            "Tell_end": tell(url, "@concat(outputs('Result')['token'], ' end')", "Result"),
        },
    }


EVERY_ACTION = Counter(
    {"Add": 3, "Tell_each": 3, "Again": 3, "Between": 3}
    | dict.fromkeys(("Count", "Pause", "Each", "Repeat", "Call_child", "On_a_machine", "Desktop"), 1)
    | dict.fromkeys(("Result", "Tell_end"), 1)
)
REFERENCES = {
    "shared_uiflow": {
        "connection": {"connectionReferenceLogicalName": "new_desktop"},
        "api": {"name": "shared_uiflow"},
    }
}


@dataclass
class Journal:
    """What the database of a dead server holds: every action that had ended, and those under way."""

    ended: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)


def rows(database: Path, statement: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(statement).fetchall()


def read_journal(database: Path) -> Journal:
    journal = Journal()
    columns = "flowrunactionid, status, code, inputs, outputs, error, starttime, endtime"
    for one, *rest in rows(database, f"SELECT {columns} FROM flowrunaction"):
        if rest[0] == "Running":
            journal.open.add(one)
        else:
            journal.ended[one] = tuple(rest)
    return journal


class Killer(threading.Thread):
    """Kills the server at random moments, notes what its journal says, and starts it again."""

    def __init__(self, installation: Deskhand, seed: int) -> None:
        super().__init__(daemon=True)
        self.installation = installation
        self.random = random.Random(seed)
        self.journals: list[Journal] = []
        self.heard: list[int] = []
        self.receiver: Receiver | None = None
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for _ in range(KILLS):
                time.sleep(self.random.uniform(0.05, 1.5))
                self.installation.kill("serve")
                self.journals.append(read_journal(self.installation.data / "deskhand.db"))
                assert self.receiver is not None
                self.heard.append(len(self.receiver.calls))
                self.installation.serve()
        except BaseException as error:
            self.failure = error


@dataclass(frozen=True)
class Poster:
    """Starts runs; a lost answer is not asked for again."""

    port: int
    address: str

    def post_until_acknowledged(self) -> dict[str, str]:
        """Post until enough runs are acknowledged; return the tokens by the runs' names."""
        acknowledged: dict[str, str] = {}
        randomness, number = random.Random(SEED), 0
        while len(acknowledged) < RUNS:
            token, number = f"token-{number:04d}", number + 1
            body = {"token": token, "pause": randomness.randint(1, 8), "desktop": number % DESKTOP_EVERY == 0}
            try:
                status, name = self._post(body)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            assert status == 202
            acknowledged[name] = token
        return acknowledged

    def _post(self, body: Any) -> tuple[int, str]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as caller:
            caller.request("POST", self.address, json.dumps(body), {"Content-Type": "application/json"})
            answer = caller.getresponse()
            answer.read()
            return answer.status, answer.headers["x-ms-workflow-run-id"] or ""


def import_flow(installation: Deskhand, folder: Path, name: str, definition: Any) -> str:
    """Import a cloud flow, switch it on, and return the path of its address."""
    file = folder / f"{name}.json"
    properties = {"definition": definition, "connectionReferences": REFERENCES}
    file.write_text(json.dumps({"properties": properties}))
    connect = f"new_desktop={installation.connection_name()}"
    installation.command("cloudflow", "import", str(file), "--connect", connect)
    installation.command("cloudflow", "on", name)
    address = urlsplit(installation.command("cloudflow", "url", name).strip())
    return f"{address.path}?{address.query}"


@contextlib.contextmanager
def prepared(tmp_path: Path, receiver: Receiver) -> Iterator[tuple[Deskhand, Poster]]:
    """Run a server and a machine with the flows, the server ready to be killed."""
    robin = tmp_path / "Tally.robin"
    robin.write_text(ROBIN)
    installation = Deskhand(tmp_path / "data", environment=dict(SETTINGS))
    try:
        installation.serve()
        installation.command("import", str(robin))
        installation.run_machine()
        desktop_flow = installation.client().flow_id("Tally")
        import_flow(installation, tmp_path, "Child", child_flow(receiver.url))
        mixed = mixed_flow(receiver.url, desktop_flow, tmp_path / "tally.txt")
        address = import_flow(installation, tmp_path, "Mixed", mixed)
        yield installation, Poster(installation.port, address)
    finally:
        installation.stop()


def wait_until_none_is_open(database: Path) -> None:
    """Poll the journal; the bound only keeps a broken build from hanging."""
    end = time.monotonic() + END_SECONDS
    while opened := rows(database, "SELECT count(*) FROM flowrun WHERE endtime IS NULL")[0][0]:
        assert time.monotonic() < end, f"{opened} runs have not ended"
        time.sleep(0.2)


@pytest.mark.timeout(900)
@pytest.mark.xdist_group("live")
def test_every_run_finishes_and_no_acknowledged_action_is_lost_or_repeated(tmp_path: Path) -> None:
    print(f"{RUNS} runs, {KILLS} kills, seed {SEED}")
    with Receiver() as receiver, prepared(tmp_path, receiver) as (installation, poster):
        killer = Killer(installation, SEED)
        killer.receiver = receiver
        killer.start()
        acknowledged = poster.post_until_acknowledged()
        killer.join(END_SECONDS)
        assert killer.failure is None
        wait_until_none_is_open(installation.data / "deskhand.db")
        installation.stop()
        database = installation.data / "deskhand.db"
        final = read_journal(database)
        runs = rows(database, "SELECT flowrunid, name, status, triggername, trigger FROM flowrun")
        actions = rows(database, "SELECT flowrunid, name, repetition, status, outputs FROM flowrunaction")

    assert not final.open
    check_runs(acknowledged, runs, actions)
    check_calls(receiver, killer, final)
    starts = Counter((tmp_path / "tally.txt").read_text(encoding="utf-16").split())
    assert set(starts.values()) == {1}


def check_runs(
    acknowledged: dict[str, str], runs: list[tuple[Any, ...]], actions: list[tuple[Any, ...]]
) -> None:
    """Every run has succeeded, those acknowledged among them, and each of its actions has one record."""
    assert Counter(status for _, _, status, _, _ in runs) == {"Succeeded": len(runs)}
    assert set(acknowledged) <= {name for _, name, _, _, _ in runs}
    assert len({(run, name, repetition) for run, name, repetition, _, _ in actions}) == len(actions)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run, name, _, _, _ in actions:
        counts[run][name] += 1
    children = Counter({"Tell": 1, "Rest": 1, "Response": 1})
    assert all(count in (EVERY_ACTION, children) for count in counts.values())
    assert sum(count == children for count in counts.values()) * 2 == len(runs)
    results = [
        json.loads(outputs) for _, name, _, _, outputs in actions if name == "Result" and outputs != "="
    ]
    assert all(one["count"] == 6 for one in results)


def check_calls(receiver: Receiver, killer: Killer, final: Journal) -> None:
    """Whatever had ended before a kill is as it was, and was not called again; the rest at most anew."""
    told = Counter(action for action, _ in receiver.calls)
    repeated = {action for action, count in told.items() if count > 1}
    under_way = set().union(*(journal.open for journal in killer.journals))
    assert repeated <= under_way
    for journal, heard in zip(killer.journals, killer.heard, strict=True):
        assert {one: final.ended.get(one) for one in journal.ended} == journal.ended
        assert not journal.ended.keys() & {action for action, _ in receiver.calls[heard:]}
    print(f"{len(receiver.calls)} calls, {len(repeated)} of them anew after a kill")
