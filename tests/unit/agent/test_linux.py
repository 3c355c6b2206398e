"""What a process keeps in huge pages is what it had before."""

from __future__ import annotations

import os
import sys

import pytest

from deskhand.agent.linux import use_huge_pages

SIZE = 8 * 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's kernel")
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
