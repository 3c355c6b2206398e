"""A flow that is run here and now, without any server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from deskhand.agent.local import run_locally
from deskhand.agent.process_tree import descendants
from deskhand.core.settings import Settings
from deskhand.protocol.messages import ActionRow, Finished, Flow, RunError, RunResult
from tests.flow_runs import ENGINE, FLOW, ROOT

SETTINGS = Settings(cancel_grace_seconds=0.2)


@pytest.fixture(autouse=True)
def tiny_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def run(definition: str, **options: Any) -> tuple[list[str], Finished]:
    *rows, last = run_locally(
        Flow(FLOW, "Tiny", definition), {"Name": "Ana"}, SETTINGS, engine=ENGINE, **options
    )
    assert isinstance(last, Finished)
    return [row.summary for row in rows if isinstance(row, ActionRow)], last


def test_rows_come_first_and_the_end_last() -> None:
    rows, last = run("log one\nlog two\noutput Result=Name")
    assert rows == ["one", "two"]
    assert (last.result, last.outputs) == (RunResult.SUCCEEDED, {"Result": "Ana"})


def test_a_flow_that_cannot_begin_says_why() -> None:
    rows, last = run("nonsense")
    assert rows == []
    assert (last.result, last.error) == (
        RunResult.FAILED,
        RunError("SyntaxError", "there is no program ‘nonsense’"),
    )


def test_a_flow_works_in_the_folder_that_it_is_given(tmp_path: Path) -> None:
    _, last = run("here", working_directory=tmp_path)
    assert last.outputs is not None
    assert last.outputs["directory"] == str(tmp_path.resolve())
    assert tmp_path.exists()


def test_called_flows_are_run_too() -> None:
    called = replace(Flow(FLOW, "Called", "log inside\noutput Result=Name"), workflow_id=UUID(int=1))
    rows, last = run("call Called", children=[called])
    assert (rows, last.outputs) == (["inside"], {"Result": "Ana"})


def test_a_run_that_takes_too_long_is_stopped() -> None:
    rows, last = run("log on\nloop", timeout_seconds=1)
    assert (rows, last.result) == (["on"], RunResult.TIMED_OUT)


def test_a_run_that_nobody_follows_any_more_is_stopped() -> None:
    before = descendants(os.getpid())
    running = run_locally(Flow(FLOW, "Tiny", "log on\nloop"), {}, SETTINGS, engine=ENGINE)
    assert isinstance(next(running), ActionRow)
    running.close()
    assert descendants(os.getpid()) == before
