"""What agent and zygote say to one another, one message a packet.

The same interpreter runs both, and nothing else holds an end of their wire. So a packet is a marshalled
tuple: reading one touches little memory, and what the zygote touches after a fork is copied.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

EAGER_LINKING = {"LD_BIND_NOW": "1"}
"""The environment that has the zygote look up every function of its libraries when it starts; each fork would
do it anew."""


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
    """Agent to zygote: compile a flow, so that processes forked from now on need not.

    Attributes:
        flow: The encoded :class:`~deskhand.protocol.messages.Flow`.
    """

    flow: bytes


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


_KINDS: dict[str, Any] = {
    one.__name__: one for one in (ForkFlow, StopFlow, KeepFlow, FlowNotForked, FlowEnded)
}
_MEMBERS = {name: attrgetter("__class__.__name__", *one.__slots__) for name, one in _KINDS.items()}


def pack(message: ZygoteOrder | ZygoteReport) -> bytes:
    """Return a message as its packet."""
    return marshal.dumps(_MEMBERS[type(message).__name__](message))


def unpack(packet: bytes) -> Any:
    """Return the message of a packet."""
    kind, *members = marshal.loads(packet)  # noqa: S302 - written by this very program
    return _KINDS[kind](*members)
