"""When an agent's wait looks at the queue, and what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, cast
from uuid import UUID

import pytest

from deskhand.protocol.messages import Orders
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed
from deskhand.webapi.watches import Watch

NOTHING = Orders((), (), (), 15.0)
FOUND = Orders((), (), (UUID(int=1),), 15.0)
LATER = 1e9


class Looks:
    """A database whose transactions run when the test says so, and what they find."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[Any], Any], Future[Any]]] = []
        self.asked: list[bool] = []
        self.finds: list[Orders | Exception] = []
        self.closed = False

    def submit(self, function: Callable[[Any], Any]) -> Future[Any]:
        if self.closed:
            raise DatabaseClosed("here")
        future: Future[Any] = Future()
        self.waiting.append((function, future))
        return future

    def look(self, tx: Transaction, again: bool) -> Orders:
        self.asked.append(again)
        found = self.finds.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def run(self, *finds: Orders | Exception) -> None:
        """Run the transaction that waits, which finds these."""
        self.finds = list(finds)
        function, future = self.waiting.pop(0)
        try:
            future.set_result(function(None))
        except Exception as error:
            future.set_exception(error)

    def watch(self) -> Watch:
        return Watch(cast(Database, self), self.look, NOTHING)


def go(test: Callable[[Looks, Watch], Awaitable[None]]) -> None:
    async def bounded() -> None:
        looks = Looks()
        async with asyncio.timeout(60):
            await test(looks, looks.watch())

    asyncio.run(bounded())


def test_what_the_first_look_finds_is_the_answer() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        looks.run(FOUND)
        assert await watch.answer(LATER) == FOUND
        assert looks.asked == [False]

    go(test)


def test_a_ring_before_the_first_look_is_no_second_one() -> None:
    """What a second look found, nobody would hear of: its runs would be lost."""

    async def test(looks: Looks, watch: Watch) -> None:
        watch.wake()
        watch.wake()
        watch.begin()
        assert len(looks.waiting) == 1
        looks.run(FOUND)
        assert looks.waiting == []
        assert await watch.answer(LATER) == FOUND
        assert looks.asked == [False]

    go(test)


def test_a_ring_leads_to_another_look() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        looks.run(NOTHING)
        watch.wake()
        looks.run(FOUND)
        assert await watch.answer(LATER) == FOUND
        assert looks.asked == [False, True]

    go(test)


def test_rings_during_a_look_lead_to_one_more() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        watch.wake()
        looks.run(NOTHING)
        assert looks.waiting == []  # the look came after the ring, and has seen what it was rung for
        watch.wake()
        function, _ = looks.waiting[0]

        def look_while_it_rings(tx: Any) -> Any:
            found = function(tx)
            watch.wake()
            watch.wake()
            return found

        looks.waiting[0] = (look_while_it_rings, looks.waiting[0][1])
        looks.run(NOTHING)
        assert len(looks.waiting) == 1
        looks.run(FOUND)
        assert await watch.answer(LATER) == FOUND
        assert looks.asked == [False, True, True]

    go(test)


def test_no_look_follows_one_that_found_something() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        looks.run(FOUND)
        watch.wake()
        assert looks.waiting == []
        assert await watch.answer(LATER) == FOUND

    go(test)


def test_a_wait_that_is_over_is_answered_with_nothing() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        looks.run(NOTHING)
        assert await watch.answer(0) == NOTHING
        watch.wake()
        assert looks.waiting == []

    go(test)


def test_a_look_under_way_counts_when_the_wait_is_over() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        watch.end()
        looks.run(FOUND)
        assert await watch.answer(0) == FOUND

    go(test)


def test_a_look_that_was_asked_for_before_the_end_assigns_nothing_after_it() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        looks.run(NOTHING)
        watch.wake()
        watch.end()
        looks.run(FOUND)
        assert await watch.answer(LATER) == NOTHING
        assert looks.asked == [False]

    go(test)


def test_a_look_that_fails_is_the_answer() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        looks.run(ValueError("broken"))
        with pytest.raises(ValueError, match="broken"):
            await watch.answer(LATER)

    go(test)


def test_a_database_that_is_closed_ends_the_wait() -> None:
    async def test(looks: Looks, watch: Watch) -> None:
        watch.begin()
        looks.run(NOTHING)
        looks.closed = True
        watch.wake()
        with pytest.raises(DatabaseClosed):
            await watch.answer(LATER)

    go(test)
