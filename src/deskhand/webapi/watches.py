"""An agent's wait for work: a look at the queue whenever something in it may have changed.

The thread that rings a channel asks for the look itself, so that a run which was just queued is assigned
by the writer's next transaction; the event loop is woken once, with the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed

T = TypeVar("T")

Look = Callable[[Transaction, bool], T]
"""Finds what an agent shall do now; told whether it looks again, for the same question."""


class Watch(Generic[T]):
    """One agent's wait. Belongs to an event loop; only :meth:`wake` may be called from any thread.

    Looks come one after the other, and none after one that found something: nobody would hear of it.

    Args:
        database: Where to look.
        look: How to look.
        nothing: The answer to a wait that ends without one; every other answer differs from it.
    """

    def __init__(self, database: Database, look: Look[T], nothing: T) -> None:
        self._database = database
        self._look = look
        self._nothing = nothing
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[T] = self._loop.create_future()
        self._lock = Lock()
        self._looking = True  # who rings before the first look is heard by it: two looks would find twice
        self._rung = False
        self._over = False

    def begin(self) -> None:
        """Look for the first time."""
        self._submit(again=False)

    def wake(self) -> None:
        """Look again; if a look is under way, which may have missed what happened, after it."""
        with self._lock:
            self._rung = True
            if self._looking or self._over:
                return
            self._looking = True
        self._submit(again=True)

    def end(self) -> None:
        """Look no more; a look that is under way still counts."""
        with self._lock:
            self._over = True
            looking = self._looking
        if not looking and not self._answer.done():
            self._answer.set_result(self._nothing)

    async def answer(self, deadline: float) -> T:
        """Return what was found first; nothing, if the loop's clock reaches a moment before."""
        timer = self._loop.call_at(deadline, self.end)
        try:
            return await self._answer
        finally:
            timer.cancel()

    def _submit(self, *, again: bool) -> None:
        def look(tx: Transaction) -> T:
            self._rung = False
            return self._nothing if again and self._over else self._look(tx, again)

        try:
            looking = self._database.submit(look)
        except DatabaseClosed as error:
            looking = Future()
            looking.set_exception(error)
        looking.add_done_callback(self._looked)

    def _looked(self, done: Future[T]) -> None:
        """Pass on what was found, or look once more; runs in a thread of the database."""
        found = done.exception() is not None or done.result() != self._nothing
        with self._lock:
            self._over |= found
            again = self._rung and not self._over
            self._looking = again
            over = self._over
        if again:
            self._submit(again=True)
        elif over:
            self._loop.call_soon_threadsafe(self._settle, done)

    def _settle(self, done: Future[T]) -> None:
        if self._answer.done():
            return
        error = done.exception()
        if error is not None:
            self._answer.set_exception(error)
        else:
            self._answer.set_result(done.result())
