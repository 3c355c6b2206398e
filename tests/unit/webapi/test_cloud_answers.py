"""Callers who wait for answers share one reader, and each gets their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

import pytest

from deskhand.cloudflows.answers import RunAnswer
from deskhand.webapi import cloud_answers
from deskhand.webapi.cloud_answers import CloudAnswers

RUNS = [UUID(int=number) for number in range(1_200)]


class Desk:
    """Stands in for the database and its bell: answers are laid down, and the bell is rung."""

    def __init__(self) -> None:
        self.answers: dict[UUID, RunAnswer] = {}
        self.reads: list[int] = []
        self.failure: Exception | None = None
        self.bell: Callable[[], None] = lambda: None

    async def read(self, function: Callable[[Any], Any]) -> Any:
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return function(None)

    def subscribe(self, channel: str, callback: Callable[[], None]) -> None:
        self.bell = callback

    def find(self, tx: Any, run_ids: Sequence[UUID], seals: Any) -> dict[UUID, RunAnswer]:
        self.reads.append(len(run_ids))
        return {one: self.answers[one] for one in run_ids if one in self.answers}

    def answer(self, run_id: UUID) -> RunAnswer:
        self.answers[run_id] = RunAnswer(str(run_id), {"statusCode": 200}, is_over=False)
        return self.answers[run_id]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr(cloud_answers, "read_answers", desk.find)
    return desk


def answers_of(desk: Any) -> CloudAnswers:
    return CloudAnswers(desk, desk, desk)


def in_a_loop(test: Callable[[Desk], Coroutine[Any, Any, None]]) -> Callable[[Desk], None]:
    @wraps(test)
    def run(desk: Desk) -> None:
        asyncio.run(test(desk))

    return run


async def settle() -> None:
    """Let everything happen that can."""
    for _ in range(20):
        await asyncio.sleep(0)


@in_a_loop
async def test_an_answer_that_is_there_already_is_returned(desk: Desk) -> None:
    answer = desk.answer(RUNS[0])
    assert await answers_of(desk).wait(RUNS[0], 60) == answer


@in_a_loop
async def test_each_of_many_gets_their_own_with_one_read_of_all(desk: Desk) -> None:
    answers = answers_of(desk)
    waiting = [asyncio.create_task(answers.wait(one, 60)) for one in RUNS]
    await settle()
    assert not any(one.done() for one in waiting)
    desk.reads.clear()
    given = [desk.answer(one) for one in RUNS]
    desk.bell()
    assert await asyncio.gather(*waiting) == given
    assert desk.reads == [500, 500, 200]


@in_a_loop
async def test_an_answer_that_comes_during_a_read_is_found_by_the_next(desk: Desk) -> None:
    answers = answers_of(desk)
    waiting = asyncio.create_task(answers.wait(RUNS[0], 60))
    await settle()
    desk.bell()
    await asyncio.sleep(0)
    answer = desk.answer(RUNS[0])
    desk.bell()
    assert await waiting == answer


@in_a_loop
async def test_nobody_waits_longer_than_asked(desk: Desk) -> None:
    with pytest.raises(TimeoutError):
        await answers_of(desk).wait(RUNS[0], 0)


@in_a_loop
async def test_a_failing_read_is_told_to_all_and_later_callers_read_anew(desk: Desk) -> None:
    answers = answers_of(desk)
    desk.failure = ValueError("no database")
    waiting = [asyncio.create_task(answers.wait(one, 60)) for one in RUNS[:2]]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [str(one) for one in results] == ["no database", "no database"]
    desk.failure = None
    answer = desk.answer(RUNS[0])
    assert await answers.wait(RUNS[0], 60) == answer
