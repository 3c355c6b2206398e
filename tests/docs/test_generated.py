"""What is generated is up to date, and what it is generated from is complete."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tools() -> Iterator[None]:
    """Makes the generators importable, as their script finds them."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(ROOT / "tools"))
    yield
    patch.undo()


@pytest.fixture
def generate(tools: None) -> Any:
    return import_module("generate")


@pytest.fixture
def reference(tools: None) -> Any:
    return import_module("reference")


def test_everything_generated_is_up_to_date() -> None:
    check = subprocess.run(
        [sys.executable, ROOT / "tools" / "generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


def test_a_file_that_lacks_differs_or_should_be_gone_is_stale(generate: Any, tmp_path: Path) -> None:
    for name in ("same", "differs", "gone"):
        (tmp_path / name).write_text(name)
    expected = {"same": "same", "differs": "other", "lacks": "new", "gone": None, "never": None}
    by_path = {tmp_path / name: text for name, text in expected.items()}

    stale = list(generate.stale_files(by_path))
    for path in stale:
        generate.write(path, by_path[path])

    assert [path.name for path in stale] == ["differs", "lacks", "gone"]
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "same": "same",
        "differs": "other",
        "lacks": "new",
    }


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
