"""A webhook, a flow of two actions, its answer: executions a second and their latency, beside n8n.

    python -m benchmarks.cloud_webhook [ROUNDS]

A caller posts a name; the flow composes a greeting and answers with it. Both systems keep the history of
every execution on SQLite, and both run at the same time: they take turns under the same closed loop of
callers, each of which posts anew when it has its answer. Medians of the rounds are printed.

Goals: at least 3 times n8n's executions a second, at most 0.7 of its latency.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from benchmarks.load import Figures, Post, closed_loop
from benchmarks.peers.n8n import running_n8n
from tests.live import deskhand_up

CALLERS = (1, 8, 32)
ROUND_SECONDS = 4.0
WARM_UP_SECONDS = 8.0
HISTORY_SECONDS = 20.0
BODY = {"name": "Ada"}
ANSWER = {"greeting": "Hello Ada"}
RATE_GOAL, LATENCY_GOAL = 3.0, 0.7

FLOW: dict[str, Any] = {
    "definition": {
        "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
        "workflowdefinition.json#",
        "contentVersion": "1.0.0.0",
        "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
        "actions": {
            "Compose": {
                "type": "Compose",
                "inputs": {"greeting": "@{concat('Hello ', triggerBody()?['name'])}"},
                "runAfter": {},
            },
            "Response": {
                "type": "Response",
                "kind": "Http",
                "inputs": {"statusCode": 200, "body": "@outputs('Compose')"},
                "runAfter": {"Compose": ["Succeeded"]},
            },
        },
    }
}


@dataclass(slots=True)
class Subject:
    """A system under measurement, and what was measured of it.

    Attributes:
        post: What is posted to it.
        kept: Counts the executions in its history that succeeded.
        rounds: The rounds' figures, by the number of callers.
    """

    post: Post
    kept: Callable[[], int]
    rounds: dict[int, list[Figures]] = field(default_factory=dict)

    def measure(self, callers: int) -> None:
        """Measure one round."""
        figures = closed_loop(self.post, callers=callers, seconds=ROUND_SECONDS)
        self.rounds.setdefault(callers, []).append(figures)

    def middle(self, callers: int) -> Figures:
        """Return the medians of the rounds."""
        rounds = self.rounds[callers]
        return Figures(
            answers=sum(one.answers for one in rounds),
            rate=median(one.rate for one in rounds),
            p50=median(one.p50 for one in rounds),
            p99=median(one.p99 for one in rounds),
        )


@contextmanager
def n8n(directory: Path) -> Iterator[Subject]:
    """Run n8n with the workflow."""
    data = directory / "n8n"
    data.mkdir()
    with running_n8n(data) as server:
        yield Subject(Post(server.port, server.path, BODY, ANSWER), server.kept)


@contextmanager
def deskhand(directory: Path) -> Iterator[Subject]:
    """Run Deskhand as ``deskhand up`` starts it, with the flow."""
    flow = directory / "Greeting.json"
    flow.write_text(json.dumps(FLOW))
    with deskhand_up(directory / "data", DESKHAND_LOG_LEVEL="WARNING") as installation:
        installation.command("cloudflow", "import", str(flow))
        installation.command("cloudflow", "on", "Greeting")
        address = urlsplit(installation.command("cloudflow", "url", "Greeting").strip())
        post = Post(installation.port, f"{address.path}?{address.query}", BODY, ANSWER)
        yield Subject(post, lambda: _kept(installation.data / "deskhand.db"))


def _kept(database: Path) -> int:
    counted = "SELECT count(*) FROM flowrun WHERE status = 'Succeeded'"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(counted).fetchone()[0])


def measure(subjects: Mapping[str, Subject], rounds: int) -> None:
    """Warm the systems up, then let them take turns."""
    for subject in subjects.values():
        closed_loop(subject.post, callers=8, seconds=WARM_UP_SECONDS)
    for callers in CALLERS:
        for _ in range(rounds):
            for subject in subjects.values():
                subject.measure(callers)


def check_history(name: str, subject: Subject) -> None:
    """Make sure that everything measured is in the history; the last of it may still be on its way there."""
    answers = sum(one.answers for rounds in subject.rounds.values() for one in rounds)
    end = time.monotonic() + HISTORY_SECONDS
    while (kept := subject.kept()) < answers:
        if time.monotonic() > end:
            raise RuntimeError(f"{name} has kept {kept} executions and answered {answers}")
        time.sleep(0.1)


def report(peer: Subject, ours: Subject) -> bool:
    """Print the figures and their ratios; return whether the goals are reached."""
    reached = True
    print(f"{'callers':>7} {'':10} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8}")
    for callers in CALLERS:
        theirs, own = peer.middle(callers), ours.middle(callers)
        for name, one in (("n8n", theirs), ("deskhand", own)):
            print(f"{callers:7} {name:10} {one.rate:9.1f} {one.p50:8.2f} {one.p99:8.2f}")
        rate, p50, p99 = (_ratio(ours, peer, callers, figure) for figure in ("rate", "p50", "p99"))
        print(f"{callers:7} {'ratio':10} {rate:9.2f} {p50:8.2f} {p99:8.2f}")
        reached = reached and rate >= RATE_GOAL and p50 <= LATENCY_GOAL and p99 <= LATENCY_GOAL
    print(f"goals: a second >= {RATE_GOAL}, p50 and p99 <= {LATENCY_GOAL}")
    return reached


def _ratio(ours: Subject, peer: Subject, callers: int, figure: str) -> float:
    """Return the median of the rounds' ratios: the peer had its turn just before."""
    rounds = zip(ours.rounds[callers], peer.rounds[callers], strict=True)
    return float(median(getattr(own, figure) / getattr(theirs, figure) for own, theirs in rounds))


def main(rounds: int) -> int:
    """Print the figures of both and their ratios; fail beyond the goals."""
    with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as name:
        directory = Path(name)
        with n8n(directory) as peer, deskhand(directory) as ours:
            subjects = {"n8n": peer, "deskhand": ours}
            measure(subjects, rounds)
            for system, subject in subjects.items():
                check_history(system, subject)
    return 0 if report(peer, ours) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
