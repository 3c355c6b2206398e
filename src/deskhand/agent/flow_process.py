"""The process in which one flow runs, from the agent's order to the flow's end."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from contextlib import ExitStack
from typing import NoReturn

from deskhand.agent.debug_line import ProcessLine
from deskhand.agent.engine import Debugging, FlowEngine, FlowRefused, FlowResult, ReadyFlow, load_engine
from deskhand.agent.flow_host import Host
from deskhand.agent.flow_wire import FlowStopped, Wire
from deskhand.agent.linux import adopt_orphans, die_with, name_process, offer_to_be_killed
from deskhand.agent.mishaps import limit_memory, mishap
from deskhand.agent.parallel import Parallel
from deskhand.agent.signals import hear
from deskhand.core.ids import new_id
from deskhand.protocol.codec import encode
from deskhand.protocol.messages import (
    Begin,
    FlowLimits,
    Prepared,
    PrepareFlow,
    ProcessEnded,
    ProcessRefused,
    RunMode,
    RunOrder,
)

STOPPED = 143
"""The exit status of a flow that ended because it was asked to: what a shell says of SIGTERM."""

AGENT_GONE = 1

NAME = "deskhand-flow"


def confine(parent: int) -> None:
    """Bind this process to the one that started it, and to its own descendants."""
    die_with(parent)
    adopt_orphans()


def stand_back() -> None:
    """Keep what this process writes, or leaves when it crashes, from others, and let it die before the agent.

    Its forks inherit all of that.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    offer_to_be_killed()


def rehearse(engine: FlowEngine) -> None:
    """Take a small flow from its order to its last word.

    What a first flow makes necessary is done by then: readers are derived, caches filled, code is adapted to
    what it meets. A process that does so itself has touched the memory that a flow needs.
    """
    flow, inputs = engine.rehearsal
    if not engine.keeps(flow):
        engine.keep(flow)
    with ExitStack() as pipes:
        orders, order, reported, reports = os.pipe() + os.pipe()
        for end in (orders, order, reported, reports):
            pipes.callback(os.close, end)
        limits = FlowLimits(memory_bytes=1, action_log_rows=100, outputs_bytes=1000, cancel_grace_seconds=1.0)
        run = RunOrder(
            *(new_id(), 1, 60.0, flow, (), inputs, 60, RunMode.UNATTENDED, limits, "en-US"), confirmed=True
        )
        os.write(order, encode(PrepareFlow(run, os.sep)) + b"\n")
        _carry_out(Wire(orders, reports), engine)
    signal.setitimer(signal.ITIMER_REAL, 0)
    hear(signal.SIGTERM, _leave)


def _leave() -> NoReturn:
    os._exit(STOPPED)


def serve(orders: int, reports: int, engine: FlowEngine) -> NoReturn:
    """Carry out one order, then end the process, whatever threads an action left behind."""
    status = AGENT_GONE
    try:
        name_process(NAME)
        wire = Wire(orders, reports)
        status = _carry_out(wire, engine)
    except FlowStopped:
        status = STOPPED
    except (BrokenPipeError, ConnectionError):
        status = AGENT_GONE
    finally:
        os._exit(status)


def _carry_out(wire: Wire, engine: FlowEngine) -> int:
    preparation = wire.receive(PrepareFlow)
    if preparation is None:
        return AGENT_GONE
    order = preparation.order
    parallel = Parallel(wire, order.limits.cancel_grace_seconds)
    host = Host(engine, wire, preparation, order.run_id, (order.flow,), parallel)
    kept, begun = engine.keeps(order.flow), time.process_time()
    try:
        ready = _prepare(engine, preparation, wire)
    except FlowRefused as refusal:
        wire.send(ProcessRefused(refusal.error))
        return 0
    if not (kept and order.confirmed):  # else the agent has nothing to hear of
        wire.send(Prepared(None if kept else time.process_time() - begun))
    if not order.confirmed and wire.receive(Begin) is None:
        return AGENT_GONE
    result = host.run(ready)
    parallel.end()
    _report(wire, host, result)
    return 0


def _prepare(engine: FlowEngine, preparation: PrepareFlow, wire: Wire) -> ReadyFlow:
    order = preparation.order
    debugging = None
    if order.debug is not None:
        debugging = Debugging(order.debug, ProcessLine(wire, order.run_id, order.fencing_token))
    try:
        return engine.prepare(order.flow, order.inputs, order.culture, debugging)
    except (MemoryError, RecursionError) as error:
        raise FlowRefused(mishap(error, order.limits.memory_bytes)) from None


def _report(wire: Wire, host: Host, result: FlowResult) -> None:
    sent = host.outputs_for_wire(result)
    outputs = None if sent.outputs is None else dict(sent.outputs)
    wire.send(ProcessEnded(outputs, sent.error, sent.statistics))


def main(arguments: list[str]) -> NoReturn:
    """Run as a program of its own: where no zygote can be forked, the agent starts this.

    Args:
        arguments: Descriptors of orders and reports, the parent's process id, the memory limit and
            the engine's name.
    """
    orders, reports, parent, memory_bytes = map(int, arguments[:4])
    for one in (orders, reports):
        os.set_inheritable(one, False)
    confine(parent)
    stand_back()
    limit_memory(memory_bytes)
    serve(orders, reports, load_engine(arguments[4]))


if __name__ == "__main__":
    main(sys.argv[1:])
