"""Runs a second, and the time from POST to a flow's first statement, beside the floor of the same run.

    python -m benchmarks.dispatch [RUNS]

Goals: at least 0.6 of the floor's runs a second, at most 2 times its latency. A second floor joins commits as
Deskhand does. Each has its turn three times, since a machine's speed changes from minute to minute.
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.live import CallbackReceiver, Deskhand, deskhand_up

FLOW = "SET Answer TO 42\n"
ROUNDS = 3

FirstStatements = Callable[[Sequence[str]], dict[str, float]]


@dataclass(frozen=True)
class Figures:
    """What one system was measured at: the median round's runs a second, the latencies of all rounds."""

    rounds: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def runs_per_second(self) -> float:
        """Return the median round's."""
        return statistics.median(self.rounds)

    @property
    def p50(self) -> float:
        """Return the median latency in milliseconds."""
        return statistics.median(self.waits)

    @property
    def p99(self) -> float:
        """Return the latency in milliseconds that one in a hundred exceeds."""
        return sorted(self.waits)[int(len(self.waits) * 0.99) - 1]


class Subject:
    """A system under measurement: where to post, and when a run's first statement was."""

    def __init__(self, port: int, path: str, body: dict[str, Any], token: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path = path
        self.body = body
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def post(self, callback_url: str) -> tuple[str, float]:
        """Request one run; returns its id and the moment of the request."""
        text = json.dumps({**self.body, "callbackUrl": callback_url})
        moment = time.time()
        self.connection.request("POST", self.path, text, self.headers)
        answer = self.connection.getresponse()
        content = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(content)
        return str(content["flowsessionId"]), moment


def measure(subject: Subject, runs: int, first_statements: FirstStatements, figures: Figures) -> None:
    """Measure throughput with everything posted at once, then latency one run at a time."""
    with CallbackReceiver() as receiver:
        warm = {subject.post(receiver.url)[0] for _ in range(5)}
        receiver.wait_for(warm)
        start = time.perf_counter()
        posted = {subject.post(receiver.url)[0] for _ in range(runs)}
        if not receiver.wait_for(posted, 300):
            raise RuntimeError("callbacks are missing")
        figures.rounds.append(runs / (time.perf_counter() - start))
        moments: dict[str, float] = {}
        for _ in range(runs // 2):
            session, moment = subject.post(receiver.url)
            moments[session] = moment
            receiver.wait_for({session})
    began = first_statements(list(moments))
    figures.waits.extend((began[session] - moment) * 1000 for session, moment in moments.items())


@contextmanager
def the_floor(directory: Path, *options: str) -> Iterator[tuple[Subject, FirstStatements]]:
    """Start a floor."""
    database = directory / "-".join(("floor", *options))
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("floor.py")), str(database), *options],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        subject = Subject(int(process.stdout.readline()), "/run", {"inputs": "{}"})

        def first_statements(sessions: Sequence[str]) -> dict[str, float]:
            found = {}
            for session in sessions:
                subject.connection.request("GET", f"/{session}")
                found[session] = json.loads(subject.connection.getresponse().read())["began"]
            return found

        try:
            yield subject, first_statements
        finally:
            subject.connection.close()
            process.kill()


@contextmanager
def deskhand_itself(directory: Path) -> Iterator[tuple[Subject, FirstStatements]]:
    """Start Deskhand as ``deskhand up`` does; only its limits on callers are lifted."""
    limits = {
        "DESKHAND_RUNS_PER_MINUTE": "1000000",
        "DESKHAND_QUEUE_LENGTH_MAX": "1000000",
        "DESKHAND_CALLBACK_ALLOW_INSECURE": "true",
        "DESKHAND_LOG_LEVEL": "WARNING",
    }
    with deskhand_up(directory / "data", **limits) as deskhand:
        flow = directory / "Bench.robin"
        flow.write_text(FLOW)
        deskhand.command("import", str(flow))
        client = deskhand.client("benchmark")
        workflow = client.flow_id("Bench")
        subject = Subject(
            deskhand.port,
            f"/api/data/v9.2/workflows({workflow})/Microsoft.Dynamics.CRM.RunDesktopFlow",
            {"runMode": "unattended", "connectionName": deskhand.connection_name(), "inputs": "{}"},
            client.token,
        )
        with closing(subject.connection):
            yield subject, lambda sessions: _first_statements(deskhand, sessions)


def _first_statements(deskhand: Deskhand, sessions: Sequence[str]) -> dict[str, float]:
    """Read when each run's first statement began from its action log."""
    found = {}
    for session in sessions:
        shown = json.loads(deskhand.command("runs", "show", session, "-o", "json"))
        found[session] = datetime.fromisoformat(shown["actions"][0]["startedAt"]).timestamp()
    return found


def main(runs: int) -> None:
    """Measure all in turns and print the ratios."""
    floor, joined, ours = Figures(), Figures(), Figures()
    with ExitStack() as started:
        directory = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-bench-")))
        systems = [
            (floor, started.enter_context(the_floor(directory))),
            (joined, started.enter_context(the_floor(directory, "joined"))),
            (ours, started.enter_context(deskhand_itself(directory))),
        ]
        for _ in range(ROUNDS):
            for figures, (subject, first_statements) in systems:
                measure(subject, runs, first_statements, figures)
    print(f"{'':16} {'runs/s':>8} {'p50 ms':>8} {'p99 ms':>8}")
    for name, one in (("floor", floor), ("floor, joined", joined), ("deskhand", ours)):
        print(f"{name:16} {one.runs_per_second:8.1f} {one.p50:8.2f} {one.p99:8.2f}")
    for name, one in (("ratio", floor), ("ratio, joined", joined)):
        ratios = (ours.runs_per_second / one.runs_per_second, ours.p50 / one.p50, ours.p99 / one.p99)
        print(f"{name:16} {ratios[0]:8.2f} {ratios[1]:8.2f} {ratios[2]:8.2f}    (goals: >= 0.6, <= 2, <= 2)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
