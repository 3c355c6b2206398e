"""Finding and signalling the processes of a run."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

PROC = Path("/proc")


def descendants(pid: int) -> list[int]:
    """Return every process below one, children first."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for one in _all_pids():
        stat = _stat(one)
        if stat:
            children[stat[0]].append(one)
    found = list(children[pid])
    for one in found:  # grows while it is walked
        found += children[one]
    return found


def children_of(pid: int) -> list[int]:
    """Return the direct children of a single-threaded process; ended ones count until they are reaped."""
    try:
        return [int(one) for one in _contents(f"{PROC}/{pid}/task/{pid}/children").split()]
    except OSError:  # a kernel without that file
        return [one for one in _all_pids() if (_stat(one) or (0, 0))[0] == pid]


def in_session(session: int) -> list[int]:
    """Return every process of a session."""
    return [one for one in _all_pids() if (_stat(one) or (0, 0))[1] == session]


def marked(variable: str, value: str) -> list[int]:
    """Return every process but this one whose program was started with a variable set to a value."""
    wanted = f"{variable}={value}".encode()
    own = os.getpid()
    return [one for one in _all_pids() if one != own and wanted in _environment(one)]


def signal_all(pids: Iterable[int], number: int) -> None:
    """Send a signal to processes; those that are gone, or are not ours, are passed over."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _all_pids() -> Iterator[int]:
    try:
        names = os.listdir(PROC)
    except OSError:  # a system without /proc: only direct children are known there
        return
    yield from (int(name) for name in names if name.isdigit())


def _stat(pid: int) -> tuple[int, int] | None:
    """Return parent and session of a process that still runs; None for one that has ended."""
    try:
        text = (PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    state, parent, _, session = text[text.rindex(b")") + 2 :].split(maxsplit=4)[:4]
    return None if state in b"ZX" else (int(parent), int(session))


def _contents(path: str) -> bytes:
    """Return a short file of the kernel's, for less work than a file object takes."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return b"".join(iter(lambda: os.read(descriptor, 65_536), b""))
    finally:
        os.close(descriptor)


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
