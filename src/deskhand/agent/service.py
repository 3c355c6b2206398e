"""The agent as a whole: everything it consists of, started and stopped in order."""

from __future__ import annotations

import fcntl
import getpass
import logging
import os
import platform
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskhand.agent.engine import ROBIN
from deskhand.agent.errors import AgentRunning, ServerRefused
from deskhand.agent.forked import ForkedProcesses, environment_with, kill_marked
from deskhand.agent.outbox import Outbox
from deskhand.agent.poll import Poll
from deskhand.agent.processes import FlowProcesses
from deskhand.agent.registration import load_credentials
from deskhand.agent.roster import Roster
from deskhand.agent.server_link import ServerLink
from deskhand.agent.spawned import SpawnedProcesses
from deskhand.core.settings import Settings

LAST_WORDS_SECONDS = 10.0
"""How long a stopping agent tries to tell the server what became of its runs."""

_log = logging.getLogger(__name__)


def run_agent(
    data_dir: Path,
    server_url: str,
    settings: Settings,
    stop: threading.Event,
    ca_file: Path | None = None,
    *,
    engine: str = ROBIN,
) -> None:
    """Take runs from a server until asked to stop.

    In the main thread, SIGTERM and SIGINT ask it to stop; a second one ends it at once, and its flows
    with it. Stopping means: no more claims, running flows are asked to end and then killed, and the
    server is told.

    Args:
        data_dir: The agent's own directory, with its credentials.
        server_url: Where the server answers.
        settings: Limits and choices.
        stop: Set it to stop the agent.
        ca_file: Certificates to trust besides the system's.
        engine: The language of the flows, as :func:`~deskhand.agent.engine.load_engine` takes it.

    Raises:
        NotRegistered: This machine has no credentials.
        AgentRunning: Another agent uses the directory.
        InsecureServer: The address would send the key in clear.
        ServerRefused: The server does not know this machine any more, or speaks another protocol.
    """
    key = load_credentials(data_dir).key
    claims, reports = (ServerLink(server_url, key, ca_file) for _ in range(2))
    with _alone_in(data_dir), _signals_set(stop):
        _clear_up(data_dir)
        failures: list[ServerRefused] = []

        def refused(error: ServerRefused) -> None:
            failures.append(error)
            stop.set()

        processes = start_processes(data_dir, engine, environment_with(settings))
        outbox = Outbox(reports, refused)
        roster = Roster(settings.session_capacity)
        heartbeat = settings.heartbeat_seconds
        runs = data_dir / "runs"
        poll = Poll(
            claims,
            outbox,
            processes,
            roster,
            runs,
            getpass.getuser(),
            heartbeat,
            refused,
            lambda: ServerLink(server_url, key, ca_file),
        )
        stop.wait()
        poll.close()
        processes.close()
        if not outbox.close(0.0 if failures else LAST_WORDS_SECONDS):
            _log.warning("the server was not told how the last runs ended; it will find them lost")
    if failures:
        raise failures[0]


def start_processes(
    data: Path, engine: str = ROBIN, environment: dict[str, str] | None = None
) -> FlowProcesses:
    """Return the best way that this system has to start flow processes."""
    if platform.system() == "Linux":
        return ForkedProcesses(data, engine, environment)
    return SpawnedProcesses(data, engine, environment)


def _clear_up(data: Path) -> None:
    """Remove what an agent left that was killed: the server fails or re-offers its runs by their leases."""
    if killed := kill_marked(str(data.resolve())):
        _log.warning("%d processes of an agent that was killed were still running; ended them", killed)
    shutil.rmtree(data / "runs", ignore_errors=True)


@contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    """Hold the directory's lock, which ends with this process however it ends."""
    with (data / "agent.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AgentRunning(data) from error
        yield


@contextmanager
def _signals_set(stop: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set an event, and end the process when they come again.

    A handler must not set the event itself: the thread that it interrupts may hold the event's lock.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    handlers = {number: signal.signal(number, _noted) for number in (signal.SIGTERM, signal.SIGINT)}
    wakeup = signal.set_wakeup_fd(theirs.fileno())
    threading.Thread(target=_heed_signals, args=(ours, stop), name="signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        theirs.close()


def _noted(number: int, frame: object) -> None:
    """The number comes through the wake-up descriptor."""


def _heed_signals(signals: socket.socket, stop: threading.Event) -> None:
    with signals:
        while data := signals.recv(1):
            if data[0] not in (signal.SIGTERM, signal.SIGINT):
                continue
            if stop.is_set():
                os._exit(128 + data[0])
            stop.set()
