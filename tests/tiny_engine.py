"""A language of one-line programs for tests of flow processes: each line is a Python call by name.

The flow's definition holds one program a line, ``name argument``; the names are the functions below.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from deskhand.agent.engine import Debugging, FlowHost, FlowRefused, FlowResult, LogEntry, ReadyFlow
from deskhand.protocol.messages import ActionStatus, Flow, RunError

Program = Callable[[FlowHost, "TinyFlow", str], None]
PROGRAMS: dict[str, Program] = {}


def program(function: Program) -> Program:
    PROGRAMS[function.__name__] = function
    return function


class TinyFlow:
    def __init__(self, flow: Flow, inputs: Mapping[str, Any], kept: bool) -> None:
        self.kept = kept
        self.lines = [line.partition(" ") for line in flow.definition.splitlines()]
        self.inputs = inputs
        self.outputs: dict[str, Any] = {}

    def run(self, host: FlowHost) -> FlowResult:
        for name, _, argument in self.lines:
            try:
                PROGRAMS[name](host, self, argument)
            except Failed as failure:
                return FlowResult(None, RunError("ActionFailed", str(failure)), {"actions": 1})
        return FlowResult(self.outputs, None, {"actions": len(self.lines)})


class Failed(Exception):
    pass


class TinyEngine:
    def __init__(self) -> None:
        self.kept: set[Flow] = set()

    def prepare(
        self, flow: Flow, inputs: Mapping[str, Any], culture: str, debugging: Debugging | None = None
    ) -> ReadyFlow:
        if flow.definition.startswith("die_early "):
            os.kill(os.getpid(), int(flow.definition.removeprefix("die_early ")))
        for line in flow.definition.splitlines():
            if line.partition(" ")[0] not in PROGRAMS:
                raise FlowRefused(RunError("SyntaxError", f"there is no program ‘{line}’"))
        return TinyFlow(flow, inputs, self.keeps(flow))

    def keep(self, flow: Flow) -> None:
        self.prepare(flow, {}, "en-US")
        self.kept.add(flow)

    def keeps(self, flow: Flow) -> bool:
        return flow in self.kept

    @property
    def rehearsal(self) -> tuple[Flow, dict[str, Any]]:
        return Flow(UUID(int=0), "Rehearsal", "log on"), {}

    def to_wire(self, values: Mapping[str, Any], culture: str) -> dict[str, Any]:
        return dict(values)


def load() -> TinyEngine:
    return TinyEngine()


def entry(summary: str, status: ActionStatus = ActionStatus.SUCCEEDED) -> LogEntry:
    moment = datetime(2026, 3, 1, 8, 4, 41, 123456, tzinfo=UTC)
    return LogEntry("action", "Main", 1, "Tiny", summary, status, moment, 0.5)


@program
def log(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    host.log(entry(argument))


@program
def log_many(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    for number in range(int(argument)):
        host.log(entry(str(number)))


@program
def log_failure(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    host.log(entry(argument, ActionStatus.FAILED))


@program
def output(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    name, _, value = argument.partition("=")
    flow.outputs[name] = flow.inputs.get(value, value)


@program
def big_output(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    flow.outputs["Big"] = "x" * int(argument)


@program
def endless_output(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    knot: list[Any] = []
    knot.append(knot)
    flow.outputs["Knot"] = knot


@program
def fail(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    raise Failed(argument)


@program
def call(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    flow.outputs.update(host.run_flow(argument, None, dict(flow.inputs), True))


@program
def call_and_go_on(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    flow.outputs.update(host.run_flow(argument, None, dict(flow.inputs), False))


@program
def here(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Tell what the process is like."""
    flow.outputs["directory"] = os.getcwd()
    flow.outputs["lent"] = host.working_directory
    flow.outputs["run"] = os.environ["DESKHAND_RUN_ID"]
    flow.outputs["session"] = os.getsid(0) == os.getpid()
    flow.outputs["stdin"] = sys.stdin.read()
    flow.outputs["umask"] = os.umask(0o022)
    flow.outputs["secrets"] = [name for name in os.environ if name.startswith(("DESKHAND_SECRET", "LD_"))]


@program
def kept(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Tell whether the flow was compiled ahead."""
    flow.outputs["kept"] = flow.kept


@program
def loop(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    while True:
        pass


@program
def sleep(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    time.sleep(float(argument))


@program
def recurse(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    recurse(host, flow, argument)


@program
def devour(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    held: list[bytearray] = []
    while True:
        held.append(bytearray(8 * 1024 * 1024))


@program
def die(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    os.kill(os.getpid(), int(argument))


@program
def leave(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    print("leaving because of", flow.inputs.get("Password"), flush=True)
    os._exit(int(argument))


@program
def end(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    raise {"exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "base": GeneratorExit("odd")}[argument]


@program
def stubborn(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Ignore every request to end, and say so."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    host.log(entry("deaf"))
    while True:
        time.sleep(60)


@program
def print_rubbish(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Print where an action may."""
    os.write(1, b"\xff\x00 not a message\n" * 10_000)
    os.write(2, b'{"type":"ProcessEnded"}\n')


@program
def spoil_pipe(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Write on every descriptor that an action could find."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, f"{argument}\n".encode())
        except OSError:
            continue
    time.sleep(60)


@program
def flood_pipe(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Write a line without end on every descriptor that an action could find."""
    descriptors = [one for one in range(3, 64) if _is_pipe_end(one)]
    while True:
        for descriptor in descriptors:
            os.write(descriptor, b"x" * 1024 * 1024)


def _is_pipe_end(descriptor: int) -> bool:
    try:
        os.write(descriptor, b"x")
    except OSError:
        return False
    return True


@program
def daemon(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Leave a grandchild behind that left session and parent, and does not listen."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(write, str(os.getpid()).encode())
            while True:
                time.sleep(60)
        os._exit(0)
    host.log(entry(os.read(read, 20).decode()))
    os.wait()


@program
def program_left(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Start a program that outlives the flow."""
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    host.log(entry(str(started.pid)))
    started.returncode = 0  # nobody waits for it


@program
def make_file(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    Path(argument).touch()


@program
def wait_for_file(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    while not Path(argument).exists():
        time.sleep(0.01)


@program
def count_in(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    """Say how many flows are in, this one counted."""
    Path(f"in-{os.getpid()}").touch()
    host.log(entry(str(len(list(Path.cwd().glob("in-*"))))))


@program
def count_out(host: FlowHost, flow: TinyFlow, argument: str) -> None:
    Path(f"in-{os.getpid()}").unlink()
