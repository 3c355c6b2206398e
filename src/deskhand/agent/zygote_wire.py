"""What agent and zygote say to one another, one message a packet."""

from __future__ import annotations

from dataclasses import dataclass

from deskhand.protocol.messages import Flow


@dataclass(frozen=True, slots=True)
class ForkFlow:
    """Agent to zygote: fork a flow process; orders, reports and output come along as descriptors.

    Attributes:
        number: The agent's name for the process.
        run: Run id and fencing token, for the processes' environment.
        directory: The working directory.
        memory_bytes: The address space it may use.
        grace_seconds: Between asking its processes to end and killing them.
    """

    number: int
    run: str
    directory: str
    memory_bytes: int
    grace_seconds: float


@dataclass(frozen=True, slots=True)
class StopFlow:
    """Agent to zygote: have all processes of a flow end."""

    number: int


@dataclass(frozen=True, slots=True)
class KeepFlow:
    """Agent to zygote: compile a flow, so that processes forked from now on need not."""

    flow: Flow


ZygoteOrder = ForkFlow | StopFlow | KeepFlow


@dataclass(frozen=True, slots=True)
class FlowNotForked:
    """Zygote to agent: there is no process."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class FlowEnded:
    """Zygote to agent: nothing is left of the process and its descendants."""

    number: int
    status: int


ZygoteReport = FlowNotForked | FlowEnded
