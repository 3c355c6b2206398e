"""Letters from other threads, with a descriptor that a selector can wait on."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Many threads put letters in; one takes them out."""

    def __init__(self) -> None:
        self._letters: deque[T] = deque()
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)
        self._lock = Lock()
        self._open = True

    def put(self, letter: T) -> None:
        """Leave a letter; one for a closed box is dropped."""
        with self._lock:
            if self._open:
                self._letters.append(letter)
                with contextlib.suppress(BlockingIOError):  # full: the reader is woken already
                    os.write(self._write, b"\0")

    def take_all(self) -> list[T]:
        """Return what has come, without waiting."""
        with self._lock:
            with contextlib.suppress(BlockingIOError):
                os.read(self._read, 4096)
            letters = list(self._letters)
            self._letters.clear()
            return letters

    def is_empty(self) -> bool:
        """Return whether nothing has come that was not taken."""
        return not self._letters

    def fileno(self) -> int:
        """Return the descriptor that is readable while there are letters."""
        return self._read

    def close(self) -> None:
        """Let go of the descriptors."""
        with self._lock:
            self._open = False
            os.close(self._read)
            os.close(self._write)
