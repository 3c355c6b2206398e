"""The end of the time that one request may take, from the first look-up to the last byte."""

from __future__ import annotations

import time


class Deadline:
    """An instant by which all must be over.

    A socket's own time limit begins anew with every byte, so a peer that drips could hold on for ever.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def shorten(self, seconds: float) -> None:
        """Let the time end within this many seconds, if it does not end before."""
        self._end = min(self._end, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: None are.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("it took too long")
        return seconds
