"""What an action or the language raised without meaning to, as the run's error."""

from __future__ import annotations

import resource
import traceback

from deskhand.protocol.messages import RunError

_RESERVE_BYTES = 64 * 1024 * 1024
"""Kept back from the flow, so that a process that ran out of memory can still say so."""

_LINES = 20


def limit_memory(memory_bytes: int) -> None:
    """Bound this process's address space, and let go of the reserve only when it is used up."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [memory_bytes, memory_bytes + _RESERVE_BYTES]
    soft, hard = bounds if most == resource.RLIM_INFINITY else (min(one, most) for one in bounds)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _use_reserve() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def mishap(error: BaseException, memory_bytes: int) -> RunError:
    """Return the run's error for anything that no part of the flow expected.

    Args:
        error: What was raised; what it holds on to is let go.
        memory_bytes: How much the process may use, for the message.
    """
    if isinstance(error, MemoryError):
        _use_reserve()
        traceback.clear_frames(error.__traceback__)
        return RunError(
            "OutOfMemory",
            f"the flow needs more memory than the {memory_bytes // 1024**2} MB that one run may use; "
            "work on less data at a time, or raise the setting child_memory_max_bytes",
        )
    if isinstance(error, RecursionError):
        return RunError(
            "TooDeeplyNested",
            "the flow's subflows call one another too deeply, perhaps without end; use a loop instead",
        )
    if isinstance(error, SystemExit):
        return RunError(
            "ActionEndedProcess", "an action tried to end the flow's process; a flow ends by EXIT", str(error)
        )
    return RunError(
        "UnexpectedError",
        f"the flow met an error that Deskhand did not expect: {type(error).__name__}: {error}",
        "".join(traceback.format_exception(error)[-_LINES:]),
    )
