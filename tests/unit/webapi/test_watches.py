"""Looks come one after the other, whoever rings when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, cast

import pytest

from deskhand.store.database import Database, Transaction
from deskhand.webapi.watches import Watch


class Writer:
    """A database that runs what was submitted when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[Any], Any], Future[Any]]] = []

    def submit(self, function: Callable[[Transaction], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((function, future))
        return future

    def commit(self) -> int:
        """Run everything that waits, then resolve it, as one commit does; return how much it was."""
        group, self.waiting = self.waiting, []
        results = [(future, function(None)) for function, future in group]
        for future, result in results:
            future.set_result(result)
        return len(group)


class Queue:
    """Gives away what is in it, once."""

    def __init__(self, *runs: str) -> None:
        self.runs = list(runs)
        self.looks: list[bool] = []

    def look(self, tx: Transaction, again: bool) -> str:
        self.looks.append(again)
        return self.runs.pop(0) if self.runs else ""


def watched(writer: Writer, queue: Queue) -> Watch[str]:
    return Watch(cast(Database, writer), queue.look, "")


@pytest.mark.parametrize("rings", [1, 3])
def test_a_ring_before_the_first_look_is_no_second_one(rings: int) -> None:
    """What a second look found, nobody would hear of: its runs would be lost."""

    async def answer() -> str:
        writer, queue = Writer(), Queue("first", "second")
        watch = watched(writer, queue)
        for _ in range(rings):
            watch.wake()
        watch.begin()
        assert writer.commit() == 1
        found = await watch.answer(asyncio.get_running_loop().time() + 60)
        assert (writer.commit(), queue.runs, queue.looks) == (0, ["second"], [False])
        return found

    assert asyncio.run(answer()) == "first"


def test_a_ring_during_a_look_is_followed_by_another() -> None:
    async def answer() -> str:
        writer, queue = Writer(), Queue()
        watch = watched(writer, queue)
        watch.begin()
        look, future = writer.waiting.pop()
        nothing = look(None)
        queue.runs.append("late")
        watch.wake()
        future.set_result(nothing)
        assert writer.commit() == 1
        return await watch.answer(asyncio.get_running_loop().time() + 60)

    assert asyncio.run(answer()) == "late"


def test_a_watch_that_ended_finds_nothing_any_more() -> None:
    async def answer() -> str:
        writer, queue = Writer(), Queue()
        watch = watched(writer, queue)
        watch.begin()
        writer.commit()
        watch.end()
        queue.runs.append("late")
        watch.wake()
        assert (writer.commit(), queue.runs) == (0, ["late"])
        return await watch.answer(asyncio.get_running_loop().time() + 60)

    assert asyncio.run(answer()) == ""
