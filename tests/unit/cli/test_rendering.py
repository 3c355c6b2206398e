from __future__ import annotations

import pytest

from deskhand.cli.rendering import action_line, duration


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (None, ""),
        (0.04, "0.0 ms"),
        (38.25, "38.2 ms"),
        (491, "491 ms"),
        (4200, "4.2 s"),
        (723_000, "12 min 03 s"),
        (7_800_000, "2 h 10 min"),
    ],
)
def test_a_length_of_time_is_written_as_people_read_it(milliseconds: float | None, expected: str) -> None:
    assert duration(milliseconds) == expected


def test_an_action_is_one_line_without_its_variant() -> None:
    row = {
        "kind": "action",
        "subflow": "KeepInFile",
        "line": 4,
        "action": "File.ReadTextFromFile.ReadTextAsList",
        "summary": "Read hello.txt\x1b as a list",
        "durationMs": 0.2,
        "error": None,
    }

    assert (
        action_line(row)
        == "  KeepInFile 4        0.2 ms  File.ReadTextFromFile         Read hello.txt· as a list"
    )


def test_a_call_keeps_its_subflows_whole_name() -> None:
    row = {"subflow": "Main", "line": 6, "action": "CALL A.B.C", "summary": "", "durationMs": 1.0}

    assert action_line(row) == "  Main 6              1.0 ms  CALL A.B.C"


def test_a_failed_action_says_why_below() -> None:
    row = {
        "subflow": "Main",
        "line": 1,
        "action": "SET",
        "summary": "Set A",
        "durationMs": 1,
        "error": "no\nvalue",
    }

    assert (
        action_line(row)
        == "  Main 1              1.0 ms  SET                           Set A\n      ✖ no·value"
    )


def test_a_log_message_shows_its_level() -> None:
    row = {
        "kind": "log",
        "subflow": "Main",
        "line": 2,
        "level": "Warning",
        "summary": "late",
        "durationMs": 0,
    }

    assert action_line(row) == "  Main 2              0.0 ms  ▪ Warning                     late"


def test_a_row_in_loops_says_in_which_rounds() -> None:
    row = {"subflow": "Main", "line": 2, "action": "SET", "summary": "Set A", "durationMs": 1}

    assert action_line({**row, "inRounds": [312, 2]}).endswith(
        "SET                           [round 312 › 2] Set A"
    )
    assert action_line({**row, "inRounds": [312, 0]}).endswith("  [round 312] Set A")
    assert action_line({**row, "inRounds": [0]}) == action_line(row)
