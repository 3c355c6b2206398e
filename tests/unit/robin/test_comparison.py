from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deskhand.robin.comparison import equal, greater, greater_or_equal, less, less_or_equal, not_equal
from deskhand.robin.errors import CannotCompare
from deskhand.robin.values import CustomObject, DataRow, DataTable, File, Folder

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, Decimal("1.0")),
        ("1", 1),
        (" 1.50 ", Decimal("1.5")),
        ("1E3", 1000),
        ("true", True),
        (False, "FALSE"),
        ("", None),
        (None, None),
        (File(Path("/a/b")), "/a/b"),
        (Folder(Path("/a")), "/a"),
        (NOON, NOON.astimezone()),
        ([1, ["2"]], ["1", [2]]),
        (CustomObject(a=1), CustomObject(a="1")),
        (DataRow(["a"], [1]), DataRow(["a"], ["1"])),
        (DataRow(["a"], [1]), [1]),
        ([1], DataRow(["a"], [1])),
        (DataTable(["a"], [[1]]), DataTable(["a"], [["1"]])),
    ],
)
def test_equal_values(left: Any, right: Any) -> None:
    assert equal(left, right) is True
    assert equal(right, left) is True
    assert not_equal(left, right) is False


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("a", "A"),
        ("one", 1),
        (1, True),
        (0, False),
        (0, None),
        (False, None),
        ("x", None),
        ("yes", True),
        ([1], [1, 2]),
        ([1], 1),
        (CustomObject(a=1), CustomObject(b=1)),
        (DataRow(["a"], [1]), DataRow(["b"], [1])),
        (DataTable(["a"], [[1]]), DataTable(["a"], [[1], [2]])),
        (DataTable(["a"]), CustomObject()),
        (File(Path("/a")), "/A"),
        (NOON, "2026-03-01"),
        (NOON, 5),
    ],
)
def test_unequal_values(left: Any, right: Any) -> None:
    assert equal(left, right) is False
    assert equal(right, left) is False
    assert not_equal(left, right) is True


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (1, 2),
        (Decimal("1.5"), 2),
        ("9", 10),
        (9, "10"),
        ("10", "9"),
        ("a", "A"),
        ("A", "b"),
        ("resume", "résumé"),
        ("résumé", "resumes"),
        (False, True),
        (datetime(2026, 1, 1), datetime(2026, 1, 2)),
        (NOON, datetime(2100, 1, 1)),
    ],
)
def test_order(low: Any, high: Any) -> None:
    assert [less(low, high), less_or_equal(low, high), greater(low, high), greater_or_equal(low, high)] == [
        True,
        True,
        False,
        False,
    ]
    assert [less(high, low), greater(high, low), less_or_equal(low, low), greater_or_equal(low, low)] == [
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("left", "right"), [("x", 1), (None, 1), (True, 1), ([1], [2]), (NOON, "2026-01-01"), (None, None)]
)
def test_values_without_an_order(left: Any, right: Any) -> None:
    for compare in (less, less_or_equal, greater, greater_or_equal):
        with pytest.raises(CannotCompare):
            compare(left, right)
