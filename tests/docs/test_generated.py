"""What is generated is up to date, and what it is generated from is complete."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reference() -> Any:
    """The generator of the reference, found as its script finds it."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(ROOT / "tools"))
    import reference

    yield reference
    patch.undo()


def test_everything_generated_is_up_to_date() -> None:
    check = subprocess.run(
        [sys.executable, ROOT / "tools" / "generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


def test_every_code_belongs_to_one_error(reference: Any) -> None:
    codes = Counter(error.code for error in reference.declared_errors())

    shared = {
        code: [error.__qualname__ for error in reference.declared_errors() if error.code == code]
        for code, count in codes.items()
        if count > 1
    }

    assert shared == {}


def test_every_error_has_help_of_its_own(reference: Any) -> None:
    silent = [error.__qualname__ for error in reference.declared_errors() if not vars(error).get("__doc__")]

    assert silent == []
