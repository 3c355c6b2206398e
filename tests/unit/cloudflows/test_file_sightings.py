"""Which files count as new or changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deskhand.cloudflows.file_sightings import Sightings
from deskhand.cloudflows.folders import Sight

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
Looks = list[dict[str, tuple[int, int]]]


def told(looks: Looks, *, counts_changes: bool = False) -> list[list[str]]:
    """Return which files each look after the first tells of."""
    found = []
    known = Sightings.at_first(_sights(looks[0]), BEGUN)
    for look in looks[1:]:
        now = known.seen(_sights(look), counts_changes=counts_changes)
        names = now.settled(known)
        found.append(names)
        known = Sightings.read(now.told(names).as_value())
    return found


def _sights(look: dict[str, tuple[int, int]]) -> dict[str, Sight]:
    return {name: Sight(*one) for name, one in look.items()}


@pytest.mark.parametrize("counts_changes", [False, True])
def test_what_is_there_at_first_starts_nothing(counts_changes: bool) -> None:
    assert told([{"a": (1, 1)}] * 3, counts_changes=counts_changes) == [[], []]


@pytest.mark.parametrize("counts_changes", [False, True])
def test_a_new_file_counts_once_when_it_has_stopped_changing(counts_changes: bool) -> None:
    looks: Looks = [{}, {"a": (1, 1)}, {"a": (2, 2)}, {"a": (2, 3)}, {"a": (2, 3)}, {"a": (2, 3)}]
    assert told(looks, counts_changes=counts_changes) == [[], [], [], ["a"], []]


@pytest.mark.parametrize(("counts_changes", "expected"), [(False, []), (True, ["a"])])
def test_a_change_counts_where_changes_do(counts_changes: bool, expected: list[str]) -> None:
    looks: Looks = [{"a": (1, 1)}, {"a": (1, 2)}, {"a": (1, 2)}, {"a": (1, 2)}]
    assert told(looks, counts_changes=counts_changes) == [[], expected, []]


def test_a_file_that_went_and_came_back_is_new() -> None:
    assert told([{"a": (1, 1)}, {}, {"a": (1, 1)}, {"a": (1, 1)}]) == [[], [], ["a"]]


def test_the_oldest_file_comes_first() -> None:
    files = {"a": (1, 9), "b": (1, 3), "c": (1, 3)}
    assert told([{}, files, files]) == [[], ["b", "c", "a"]]


def test_what_is_not_told_yet_is_waited_for() -> None:
    known = Sightings.at_first({}, BEGUN).seen(_sights({"a": (1, 1)}), counts_changes=False)
    assert (known.is_waiting, known.told(["a"]).is_waiting) == (True, False)


def test_a_file_that_came_before_the_first_look_but_after_the_beginning_counts() -> None:
    later = int(BEGUN.timestamp()) * 10**9 + 1
    assert told([{"a": (1, later), "b": (1, later - 2)}, {"a": (1, later), "b": (1, later - 2)}]) == [["a"]]
