"""What only Linux's kernel does for process trees."""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import signal
import sys
from collections.abc import Iterator
from functools import cache

_SET_PARENT_DEATH_SIGNAL = 1
_SET_NAME = 15
_SET_CHILD_SUBREAPER = 36

_COLLAPSE = 25
_HUGE_PAGE_BYTES = 2 * 1024 * 1024


def fork() -> int:
    """Fork a process that has one thread: return the child's id, or 0 in the child.

    ``os.fork`` also has modules set their locks anew in the child, in case another thread held one. There is
    none here, and without that a hundred pages of memory less are copied. Of what modules do besides, only
    the seeding of ``random`` matters, and is done here.

    Raises:
        OSError: There can be no more processes.
    """
    pid = int(_system().fork())
    if pid < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if pid == 0:
        random.seed()
    return pid


def die_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process signalled when its parent ends; end at once where it has ended already."""
    _prctl(_SET_PARENT_DEATH_SIGNAL, by)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def name_process(name: str) -> None:
    """Give this process the name that ``ps`` and ``top`` show; the kernel keeps 15 characters."""
    _prctl(_SET_NAME, name.encode())


def offer_to_be_killed() -> None:
    """When the machine runs out of memory, have this process killed rather than the agent."""
    _write("/proc/self/oom_score_adj", "500")


def use_huge_pages() -> None:
    """Have the kernel keep what this process has written so far in huge pages, where it can.

    A fork copies one entry for each page of its parent, however little of it it ever touches. Kernels before
    6.1 cannot be asked, and one whose memory is fragmented may refuse: then all stays as it is.
    """
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for first, end in _written_ranges():
        start = -(-first // _HUGE_PAGE_BYTES) * _HUGE_PAGE_BYTES
        length = (end - start) // _HUGE_PAGE_BYTES * _HUGE_PAGE_BYTES
        if length > 0:
            advise(start, length, _COLLAPSE)


def _written_ranges() -> Iterator[tuple[int, int]]:
    """Yield first address and end of what this process has allocated; files' own pages are left out."""
    try:
        with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
            lines = maps.readlines()
    except OSError:
        return
    for line in lines:
        addresses, access, _, _, _, *name = line.split(maxsplit=5)
        if access == "rw-p" and (not name or name[0].strip() == "[heap]"):
            first, end = addresses.split("-")
            yield int(first, 16), int(end, 16)


def _write(path: str, text: str) -> None:
    """Write one of the kernel's files, if there is one; a file object would have a fork touch more memory."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_WRONLY)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _prctl(option: int, value: int | bytes) -> None:
    if sys.platform != "linux":
        return
    if _system().prctl(option, value) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


@cache
def _system() -> ctypes.PyDLL:
    """Return the C library, loaded once: every process that is forked from this one has it already."""
    library = ctypes.PyDLL(None, use_errno=True)
    library.prctl.argtypes = (ctypes.c_int, ctypes.c_void_p)
    library.fork.argtypes = ()
    return library
