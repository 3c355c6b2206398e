"""Orders, a recording outbox and ways to start processes, for tests of flow processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from deskhand.agent.forked import ForkedProcesses
from deskhand.agent.process_tree import marked
from deskhand.agent.processes import AGENT_VARIABLE, FlowProcesses
from deskhand.agent.session import Session
from deskhand.agent.spawned import SpawnedProcesses
from deskhand.agent.zygote import SPARE_NAME, ZYGOTE_NAME
from deskhand.protocol.messages import (
    ActionsLogged,
    AssignFailed,
    Confirmed,
    Finished,
    Flow,
    FlowLimits,
    Reply,
    RunMessage,
    RunMode,
    RunOrder,
)

ENGINE = "tests.tiny_engine:load"
ROOT = Path(__file__).resolve().parents[1]
KINDS: dict[str, Any] = {"forked": ForkedProcesses, "spawned": SpawnedProcesses}
ACCEPTED = Reply(accepted=True)
FLOW = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001")

LIMITS = FlowLimits(
    memory_bytes=1024**3, action_log_rows=1000, outputs_bytes=1024 * 1024, cancel_grace_seconds=0.3
)


def processes(kind: str, data: Path) -> FlowProcesses:
    """Start flow processes of a kind that understand the tiny language."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    environment = dict(os.environ) | {"PYTHONPATH": path, "DESKHAND_SECRET": "not for flows"}
    made: FlowProcesses = KINDS[kind](data, ENGINE, environment)
    return made


def order(definition: str, **changes: Any) -> RunOrder:
    """Order a run of a flow of the tiny language."""
    made = RunOrder(
        run_id=uuid4(),
        fencing_token=7,
        lease_seconds=60.0,
        flow=Flow(FLOW, "Tiny", definition),
        children=(),
        inputs={},
        timeout_seconds=60,
        run_mode=RunMode.UNATTENDED,
        limits=LIMITS,
        culture="en-US",
    )
    return replace(made, **changes)


class Recorder:
    """An outbox that keeps what it is given; confirmations get the reply that the test wants."""

    def __init__(self, reply: Reply | None = ACCEPTED) -> None:
        self.messages: list[RunMessage] = []
        self.full = False
        self._reply = reply
        self._news: Queue[RunMessage] = Queue()
        self._answered: Callable[[Reply], None] = lambda reply: None

    def answer(self) -> None:
        """Accept the confirmation that got no reply yet."""
        self._answered(ACCEPTED)

    def post(self, message: RunMessage, answered: Callable[[Reply], None]) -> None:
        self.messages.append(message)
        if not isinstance(message, Confirmed):
            answered(ACCEPTED)
        self._answered = answered
        self._news.put(message)
        if isinstance(message, Confirmed) and self._reply:
            answered(self._reply)

    def is_full(self) -> bool:
        return self.full

    def wait_for(self, kind: type[Any]) -> Any:
        """Return the next message of a kind."""
        while not isinstance(message := self._news.get(timeout=60), kind):
            pass
        return message

    def summaries(self) -> list[str]:
        """Return the texts of all rows of the action log."""
        return [row.summary for one in self.messages if isinstance(one, ActionsLogged) for row in one.rows]


class Running:
    """A session in a thread of its own."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._results: Queue[Finished | AssignFailed | None] = Queue()
        self._thread = Thread(target=lambda: self._results.put(session.run()), daemon=True)
        self._thread.start()

    def last_word(self) -> Finished | AssignFailed | None:
        """Wait for the end of the session."""
        word = self._results.get(timeout=120)
        self._thread.join()
        return word


def processes_left(data: Path) -> list[int]:
    """Return every flow process of an agent, and whatever descends from one."""
    waiting = {ZYGOTE_NAME, SPARE_NAME, ""}
    return [pid for pid in marked(AGENT_VARIABLE, str(data.resolve())) if name_of(pid) not in waiting]


def name_of(pid: int) -> str:
    """Return a process's name; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
