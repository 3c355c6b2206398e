"""A signal is passed to whoever listens last, in a fork too."""

from __future__ import annotations

import os
import signal

from deskhand.agent.signals import hear, ignore


def test_the_last_one_who_listens_hears_a_signal() -> None:
    heard: list[str] = []
    hear(signal.SIGUSR1, lambda: heard.append("first"))
    os.kill(os.getpid(), signal.SIGUSR1)
    hear(signal.SIGUSR1, lambda: heard.append("second"))
    os.kill(os.getpid(), signal.SIGUSR1)
    hear(signal.SIGUSR1, ignore)
    os.kill(os.getpid(), signal.SIGUSR1)
    assert heard == ["first", "second"]


def test_a_fork_listens_for_itself() -> None:
    heard: list[str] = []
    hear(signal.SIGUSR1, lambda: heard.append("here"))
    pid = os.fork()
    if pid == 0:
        hear(signal.SIGUSR1, lambda: os._exit(7))
        os.kill(os.getpid(), signal.SIGUSR1)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert heard == []
