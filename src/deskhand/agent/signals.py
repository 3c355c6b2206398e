"""Signals, for processes that are forked from one which listens to them already."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

Heard = Callable[[], None]

_heard: dict[int, Heard] = {}


def hear(number: signal.Signals, then: Heard) -> None:
    """Have a function called when a signal comes, in place of the one before.

    Python is asked once for each signal. Whatever is forked afterwards only changes whom the signal is for:
    asking again would have every flow's process touch a good deal of memory that it shares.
    """
    is_new = number not in _heard
    _heard[number] = then
    if is_new:
        signal.signal(number, _pass_on)


def ignore() -> None:
    """Hear a signal and do nothing; a program that is started from here is not deaf to it."""


def _pass_on(number: int, frame: FrameType | None) -> None:
    _heard[number]()
