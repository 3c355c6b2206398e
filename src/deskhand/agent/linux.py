"""What only Linux's kernel does for process trees."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1
_SET_NAME = 15
_SET_CHILD_SUBREAPER = 36


def die_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process signalled when its parent ends; end at once where it has ended already."""
    _prctl(_SET_PARENT_DEATH_SIGNAL, ctypes.c_ulong(by))
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_SET_CHILD_SUBREAPER, ctypes.c_ulong(1))


def name_process(name: str) -> None:
    """Give this process the name that ``ps`` and ``top`` show; the kernel keeps 15 characters."""
    _prctl(_SET_NAME, ctypes.c_char_p(name.encode()))


def offer_to_be_killed() -> None:
    """When the machine runs out of memory, have this process killed rather than the agent."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _prctl(option: int, value: ctypes.c_ulong | ctypes.c_char_p) -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
