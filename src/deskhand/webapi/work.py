"""Between the event loop and everything below it, which is synchronous."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from deskhand.store.database import Database, Transaction

T = TypeVar("T")


class Workers:
    """Runs synchronous work without holding up the event loop.

    Args:
        database: Where transactions run.
        threads: How many reads run at the same time.
    """

    def __init__(self, database: Database, threads: int = 4) -> None:
        self._database = database
        self._reads = ThreadPoolExecutor(threads, thread_name_prefix="web-read")
        # Comparing a secret takes a core for tens of milliseconds: one at a time, beside the reads.
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="web-slow")

    async def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads, in a transaction of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._reads, self._database.read, function)

    async def write(self, function: Callable[[Transaction], T]) -> T:
        """Run a function in a transaction; returns after the commit."""
        return await asyncio.wrap_future(self._database.submit(function))

    async def prepare(self, function: Callable[[], T]) -> T:
        """Run what touches no data and would hold up the event loop for milliseconds."""
        return await asyncio.get_running_loop().run_in_executor(self._reads, function)

    async def compute(self, function: Callable[[], T]) -> T:
        """Run what touches no data and takes a core for long; one at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._slow, function)

    def close(self) -> None:
        """Let the threads end."""
        self._reads.shutdown(wait=False, cancel_futures=True)
        self._slow.shutdown(wait=False, cancel_futures=True)
