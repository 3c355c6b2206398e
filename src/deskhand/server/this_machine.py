"""The agent of the machine that the server runs on, as ``deskhand up`` starts it."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

from deskhand.server.binding import Binding
from deskhand.server.installation import Installation

_LOG = logging.getLogger(__name__)

RESTART_SECONDS = 1.0


class AgentProcess:
    """The agent as a child process; started again when it dies.

    Args:
        command: How to start it.
    """

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._look_after, name="agent watch", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """Ask it to stop its flows and end; wait until it has."""
        self._stopping.set()
        self._process.terminate()
        self._watch.join()

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl+C reaches the server alone, which stops the agent in good order.
        return subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True)

    def _look_after(self) -> None:
        while True:
            code = self._process.wait()
            if self._stopping.wait(0):
                return
            _LOG.error("the agent ended with %s; starting it again in %.0f s", code, RESTART_SECONDS)
            if self._stopping.wait(RESTART_SECONDS):
                return
            self._process = self._start()


@contextlib.contextmanager
def agent_running(installation: Installation, url: str, binding: Binding) -> Iterator[None]:
    """Run this machine's agent against a server."""
    command = [
        *(sys.executable, "-m", "deskhand", "machine", "run", "--server", reachable(url, binding)),
        *("--data", str(installation.data), "--parent", str(os.getpid())),
    ]
    if binding.certificate:
        command += ["--ca", str(binding.certificate)]
    agent = AgentProcess(command)
    try:
        yield
    finally:
        agent.stop()


def reachable(url: str, binding: Binding) -> str:
    """Return a server's URL for this machine itself: a wildcard address is no address to connect to."""
    if binding.host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        return url.replace(
            f"//{binding.host}", f"//{socket.gethostname() if binding.certificate else '127.0.0.1'}"
        )
    return url
