from __future__ import annotations

import pytest

from deskhand.cli.runs import exit_code


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        ("Succeeded", None, 0),
        ("Failed", "FileNotFound", 1),
        ("Failed", "DesktopFlowsActionTimeout", 7),
        ("Timed out", "DesktopFlowsActionTimeout", 7),
        ("Canceled", None, 8),
    ],
)
def test_the_exit_code_tells_how_the_run_ended(status: str, error: str | None, expected: int) -> None:
    assert exit_code({"status": status, "errorcode": error}) == expected
