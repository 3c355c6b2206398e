"""What Linux is asked for: memory in huge pages is what it was, a fork draws numbers of its own."""

from __future__ import annotations

import ctypes
import errno
import os
import random
import sys
from pathlib import Path

import pytest

from deskhand.agent import linux
from deskhand.agent.linux import fork, name_process, use_huge_pages

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's kernel")

SIZE = 8 * 1024 * 1024


def test_memory_holds_the_same_in_huge_pages_here_and_in_a_fork() -> None:
    kept = bytearray(os.urandom(SIZE))
    before = bytes(kept)
    use_huge_pages()
    assert kept == before
    pid = os.fork()
    if pid == 0:
        kept[::4096] = b"\0" * (SIZE // 4096)
        os._exit(0 if kept[1:4096] == before[1:4096] else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert kept == before


def test_forks_have_a_name_and_random_numbers_of_their_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        pid = fork()
        if pid == 0:
            name_process(f"deskhand-{name}")
            named = Path("/proc/self/comm").read_text().strip()
            (tmp_path / name).write_text(f"{named} {os.getpid()} {random.random()}")
            os._exit(0)
        assert os.waitpid(pid, 0) == (pid, 0)
        named, told, _ = (tmp_path / name).read_text().split()
        assert (named, int(told)) == (f"deskhand-{name}", pid)
    numbers = {(tmp_path / name).read_text().split()[2] for name in ("one", "two")}
    assert len(numbers | {str(random.random())}) == 3


def test_a_fork_that_the_kernel_refuses_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    class FullSystem:
        def fork(self) -> int:
            ctypes.set_errno(errno.EAGAIN)
            return -1

    monkeypatch.setattr(linux, "_system", FullSystem)
    with pytest.raises(BlockingIOError, match="unavailable"):
        fork()
