"""Callers who wait for a cloud flow's answer. Source: cloud-flows 2.2.

However many wait, one reader asks for all of them whenever some run has answered: a flood of calls costs a
statement for each round of answers, not one for each caller in each round.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from deskhand.cloudflows.answers import RunAnswer, read_answers
from deskhand.cloudflows.declare import Sealing
from deskhand.cloudflows.follow import ANSWERS
from deskhand.orchestrator.wakeups import Wakeups
from deskhand.webapi.work import Workers

_READ_AT_ONCE = 500


class CloudAnswers:
    """Hands the answers of runs to those who wait for them. Belongs to one event loop.

    Args:
        workers: Where reads run.
        wakeups: Rings when a run has answered.
        seals: Opens answers that nobody else may see.
    """

    def __init__(self, workers: Workers, wakeups: Wakeups, seals: Sealing) -> None:
        self._workers = workers
        self._wakeups = wakeups
        self._seals = seals
        self._waiting: dict[UUID, asyncio.Future[RunAnswer]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._is_rung = False
        self._listens = False

    async def wait(self, run_id: UUID, seconds: float) -> RunAnswer:
        """Return a run's answer, or what is known of it once it has ended without one.

        Raises:
            TimeoutError: There is none in time.
        """
        loop = asyncio.get_running_loop()

        def ring() -> None:
            loop.call_soon_threadsafe(self._ring)

        if not self._listens:
            self._listens = True
            self._wakeups.subscribe(ANSWERS, ring)
        self._waiting[run_id] = loop.create_future()
        self._ring()  # It may have answered before anybody waited.
        try:
            return await asyncio.wait_for(self._waiting[run_id], seconds)
        finally:
            del self._waiting[run_id]

    def _ring(self) -> None:
        self._is_rung = True
        if self._reader is None and self._waiting:
            self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            while self._is_rung:
                self._is_rung = False
                run_ids = list(self._waiting)
                for first in range(0, len(run_ids), _READ_AT_ONCE):
                    await self._hand_out(run_ids[first : first + _READ_AT_ONCE])
        finally:
            self._reader = None

    async def _hand_out(self, run_ids: list[UUID]) -> None:
        try:
            found = await self._workers.read(lambda tx: read_answers(tx, run_ids, self._seals))
        except Exception as error:
            for run_id in run_ids:
                if run_id in self._waiting and not self._waiting[run_id].done():
                    self._waiting[run_id].set_exception(error)
            return
        for run_id, answer in found.items():
            if run_id in self._waiting and not self._waiting[run_id].done():
                self._waiting[run_id].set_result(answer)
