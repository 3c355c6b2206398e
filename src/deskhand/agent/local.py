"""Running a flow here and now, without any server, in the same kind of process."""

from __future__ import annotations

import getpass
import tempfile
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from deskhand.agent.engine import ROBIN
from deskhand.agent.forked import environment_with
from deskhand.agent.session import Cancel, Session
from deskhand.agent.spawned import SpawnedProcesses
from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.protocol.messages import (
    ActionRow,
    ActionsLogged,
    Finished,
    Flow,
    FlowLimits,
    Reply,
    RunError,
    RunMessage,
    RunMode,
    RunOrder,
    RunResult,
)


class _Listener:
    """Says yes to everything, as a server would, and passes log rows on."""

    def __init__(self, rows: SimpleQueue[ActionRow | None]) -> None:
        self._rows = rows

    def post(self, message: RunMessage, answered: Callable[[Reply], None]) -> None:
        """Take a message."""
        if isinstance(message, ActionsLogged):
            for row in message.rows:
                self._rows.put(row)
        answered(Reply(accepted=True))

    def is_full(self) -> bool:
        """Return False: there is always room."""
        return False


def run_locally(
    flow: Flow,
    inputs: dict[str, Any],
    settings: Settings,
    *,
    children: Sequence[Flow] = (),
    working_directory: Path | None = None,
    timeout_seconds: int | None = None,
    engine: str = ROBIN,
) -> Generator[ActionRow | Finished, None, None]:
    """Run a flow in a process of its own, with the limits that a server's runs have.

    Closing the generator before its end cancels the run and waits until its processes are gone.

    Args:
        flow: The flow.
        inputs: Values by external name.
        settings: Limits and choices.
        children: Every flow that it may call, at any depth.
        working_directory: The folder that relative paths start from; unless given, one that is
            removed at the end.
        timeout_seconds: When to stop it; the default of the settings unless given.
        engine: The flow's language.

    Yields:
        Every row of the action log as it happens, and last of all how the run ended.
    """
    order = RunOrder(
        run_id=new_id(),
        fencing_token=1,
        lease_seconds=settings.lease_seconds,
        flow=flow,
        children=tuple(children),
        inputs=inputs,
        timeout_seconds=timeout_seconds or settings.run_timeout_default,
        run_mode=RunMode.ATTENDED,
        limits=FlowLimits(
            memory_bytes=settings.child_memory_max_bytes,
            action_log_rows=settings.action_log_max_rows,
            outputs_bytes=settings.outputs_max_bytes,
            cancel_grace_seconds=settings.cancel_grace_seconds,
        ),
        culture=settings.culture,
    )
    with tempfile.TemporaryDirectory(prefix="deskhand-") as data:
        processes = SpawnedProcesses(Path(data), engine, environment_with(settings))
        yield from _follow(order, processes, working_directory or Path(data) / "work")


def _follow(
    order: RunOrder, processes: SpawnedProcesses, working_directory: Path
) -> Generator[ActionRow | Finished, None, None]:
    news: SimpleQueue[ActionRow | None] = SimpleQueue()
    session = Session(order, processes, _Listener(news), working_directory.resolve(), getpass.getuser())
    with ThreadPoolExecutor(1, "local run") as executor:
        ending = executor.submit(_end, session)
        ending.add_done_callback(lambda done: news.put(None))
        try:
            while (row := news.get()) is not None:
                yield row
        finally:
            session.letters.put(Cancel())
            processes.close()
        yield ending.result()


def _end(session: Session) -> Finished:
    last = session.run()
    if isinstance(last, Finished):
        return last
    order = session.order
    error = RunError(last.code, last.message) if last else RunError("AgentNotReachable", "the run was lost")
    return Finished(order.run_id, order.fencing_token, RunResult.FAILED, error=error)
