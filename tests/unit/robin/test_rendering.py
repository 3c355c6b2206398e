from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deskhand.robin.rendering import rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, ErrorValue, File, Folder, Secret


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("text", "text"),
        (True, "True"),
        (5, "5"),
        (Decimal("2.50"), "2.5"),
        (Decimal("1E-28"), "0.0000000000000000000000000001"),
        (0.5, "0.5"),
        (datetime(2026, 9, 9), "9/9/2026 12:00:00 AM"),
        ([1, "b", None, [True]], "1\r\nb\r\n\r\nTrue"),
        (DataRow(["a", "b"], [1, "x"]), "1, x"),
        (DataTable(["a", "b"], [[1, "x"], [2, None]]), "1, x\r\n2, "),
        (File(Path("/a/b.txt")), "/a/b.txt"),
        (Folder(Path("/a")), "/a"),
        (b"\x00\xff", "AP8="),
        (Secret("hidden"), "********"),
        (
            ErrorValue("it failed", "why", "Main", 3, "File.Copy"),
            "it failed (Subflow: Main, Action: 3, Action name: File.Copy)",
        ),
        (ErrorValue("it failed", "", "", 0, ""), "it failed"),
        (
            CustomObject(
                a=1, b=Decimal("0.5"), c=[None, True], d=DataTable(["x"], [["é"]]), e=File(Path("/f"))
            ),
            '{"a":1,"b":0.5,"c":[null,true],"d":[{"x":"é"}],"e":"/f"}',
        ),
    ],
)
def test_values_as_text(value: Any, expected: str) -> None:
    assert rendering("en-US")(value) == expected


def test_culture_rules_dates_and_on_request_numbers() -> None:
    moment = datetime(2026, 9, 9, 14, 5)
    assert rendering("ja-JP")(moment) == "2026/09/09 14:05:00"
    assert rendering("de-DE")(Decimal("1.5")) == "1.5"
    assert rendering("de-DE", "de-DE")([Decimal("1.5"), moment]) == "1,5\r\n09.09.2026 14:05:00"
