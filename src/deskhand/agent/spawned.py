"""Flow processes as programs of their own: slower than a fork, and possible wherever Python runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from deskhand.agent.engine import ROBIN
from deskhand.agent.errors import ProcessNotStarted
from deskhand.agent.forked import environment_of_flows
from deskhand.agent.process_tree import descendants, in_session, marked, signal_all
from deskhand.agent.processes import AGENT_VARIABLE, RUN_VARIABLE, Ending, Launch
from deskhand.protocol.messages import Flow

AGAIN_SECONDS = 0.05


class SpawnedProcess:
    """A flow process and the thread that waits for its end.

    Nobody adopts what its descendants leave behind, so that is found by its session and by the run's
    mark in its environment.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], launch: Launch, ended: Callable[[Ending], None]
    ) -> None:
        self.pid = process.pid
        self._process = process
        self._launch = launch
        self._ended = ended
        self._killer: threading.Timer | None = None
        threading.Thread(target=self._wait, name=f"wait-{self.pid}", daemon=True).start()

    def stop(self) -> None:
        """Ask all its processes to end, and kill those that have not after the grace; do not wait."""
        if self._killer is None:
            self._killer = threading.Timer(self._launch.grace_seconds, self.kill)
            self._killer.daemon = True
            self._killer.start()
            self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill all its processes now."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        signal_all(self._remains(), number)
        if self._process.poll() is None:
            self._process.send_signal(number)

    def _remains(self) -> list[int]:
        found = {
            *descendants(self.pid),
            *in_session(self.pid),
            *marked(RUN_VARIABLE, self._launch.run),
        }
        return sorted(found - {self.pid})

    def _wait(self) -> None:
        status = self._process.wait()
        if remains := self._remains():
            signal_all(remains, signal.SIGTERM)
            self._outlast(time.monotonic() + self._launch.grace_seconds)
        if self._killer:
            self._killer.cancel()
        self._ended(Ending(status))

    def _outlast(self, kill_at: float) -> None:
        """Wait until nothing remains; from a moment on, kill."""
        while remains := self._remains():
            if time.monotonic() >= kill_at:
                signal_all(remains, signal.SIGKILL)
            time.sleep(AGAIN_SECONDS)


class SpawnedProcesses:
    """Starts a fresh program for every flow.

    Args:
        data: The agent's data directory; marks every process below it.
        engine: The language to load, ``module:function``.
        environment: The processes' environment.
    """

    def __init__(self, data: Path, engine: str = ROBIN, environment: dict[str, str] | None = None) -> None:
        self._engine = engine
        self._environment = environment_of_flows(environment) | {AGENT_VARIABLE: str(data.resolve())}
        self._live: dict[int, SpawnedProcess] = {}
        self._state = threading.Condition()

    def start(self, launch: Launch, ended: Callable[[Ending], None]) -> SpawnedProcess:
        """Start a process.

        Raises:
            ProcessNotStarted: The system refuses.
        """

        def gone(ending: Ending) -> None:
            with self._state:
                self._live.pop(process.pid, None)
                self._state.notify_all()
            ended(ending)

        with self._state:
            process = self._spawn(launch)
            self._live[process.pid] = SpawnedProcess(process, launch, gone)
            return self._live[process.pid]

    def keep(self, flow: Flow, compiled_in: float) -> None:
        """Do nothing: every process is a fresh program that knows of no flow but its own."""

    def keeps(self, flow: Flow) -> bool:
        """Return False: every process compiles its flow itself."""
        return False

    def kept(self) -> tuple[str, ...]:
        """Return nothing, for the same reason."""
        return ()

    def close(self) -> None:
        """Kill every process that is left and wait until they are gone."""
        with self._state:
            live = list(self._live.values())
        for one in live:
            one.kill()
        with self._state:
            self._state.wait_for(lambda: not self._live)

    def _spawn(self, launch: Launch) -> subprocess.Popen[bytes]:
        wire = [str(launch.orders), str(launch.reports)]
        rest = [str(os.getpid()), str(launch.memory_bytes), self._engine]
        try:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "deskhand.agent.flow_process", *wire, *rest],
                pass_fds=[launch.orders, launch.reports],
                stdin=subprocess.DEVNULL,
                stdout=launch.output,
                stderr=launch.output,
                cwd=launch.directory,
                env=self._environment | {RUN_VARIABLE: launch.run},
                start_new_session=True,
            )
        except OSError as error:
            raise ProcessNotStarted(str(error)) from error
