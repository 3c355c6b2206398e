"""``deskhand flow copy`` on an installation."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from deskhand.server.first_start import ensure_start
from deskhand.server.installation import Installation
from tests.command_line import run_command


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("installation")
    with Installation.open(directory, create=True) as installation:
        ensure_start(installation)
    return directory


def ask(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, "--data", data)


def test_a_copy_is_another_flow_that_does_the_same(data: Path) -> None:
    done = ask(data, "flow", "copy", "Hello", " Hello again ", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    copy = str(UUID(done.stdout.strip()))

    rows = {row["name"]: row for row in json.loads(ask(data, "flow", "list", "-o", "json").stdout)}
    assert rows["Hello again"]["workflowid"] == copy
    assert rows["Hello"]["workflowid"] != copy
    assert rows["Hello again"]["inputs"] == rows["Hello"]["inputs"]
    texts = [ask(data, "flow", "show", name, "--text").stdout for name in ("Hello", copy)]
    assert texts[0] == texts[1] != ""


def test_a_copy_needs_a_name_and_a_flow(data: Path) -> None:
    nameless = ask(data, "flow", "copy", "Hello", " ")
    long = ask(data, "flow", "copy", "Hello", "x" * 101)
    unknown = ask(data, "flow", "copy", "Helo", "Copy")

    assert (nameless.returncode, long.returncode) == (2, 2)
    assert "it takes 1 to 100 characters" in nameless.stderr
    assert unknown.returncode == 3
    assert "Hello" in unknown.stderr
