"""The files under ``wdl/``: what expressions and templates are worth, and how they fail.

A line is ``expression -> value`` or ``expression !> error``. An error is compared up to its pointer to
the service's help; ``…`` at its end stands for any rest. In ``templates.txt`` the left side is JSON, as
it stands in a definition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deskhand.wdl.context import read_context
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.evaluator import evaluate_template, evaluate_text
from deskhand.wdl.scope import StaticScope
from deskhand.wdl.values import write_json

FOLDER = Path(__file__).parent / "wdl"
MOMENT = datetime(2026, 3, 1, 8, tzinfo=UTC)
_HELP = " Please see https://aka.ms/logicexpressions"


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    expected: str
    fails: bool
    is_template: bool

    def outcome(self, scope: StaticScope) -> str:
        try:
            value: Any = (
                evaluate_template(json.loads(self.text), scope)
                if self.is_template
                else evaluate_text(self.text, scope)
            )
        except ExpressionError as error:
            return f"!> {error.message.partition(_HELP)[0]}".replace("\n", "\\n")
        return f"-> {write_json(value)}"

    def agrees(self, scope: StaticScope) -> bool:
        expected = f"{'!>' if self.fails else '->'} {self.expected}"
        found = self.outcome(scope)
        return found.startswith(expected[:-1]) if expected.endswith("…") else found == expected


def read_cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line and not line.startswith("#"):
                yield read_case(f"{path.stem}:{number}", line)


def read_case(name: str, line: str) -> Case:
    arrow = min((one for one in (" -> ", " !> ") if one in line), key=line.index)
    text, _, expected = line.partition(arrow)
    return Case(name, text, expected, arrow == " !> ", name.startswith("templates"))


def read_scope(name: str) -> StaticScope:
    return read_context(json.loads((FOLDER / name).read_text(encoding="utf-8")), MOMENT)


CASES = list(read_cases())
SCOPES = {False: read_scope("expressions.json"), True: read_scope("templates.json")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_expression_is_worth_what_the_service_says(case: Case) -> None:
    scope = SCOPES[case.is_template]
    assert case.agrees(scope), f"expected {case.expected}, found {case.outcome(scope)}"


def test_the_agreement_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    agreed = sum(case.agrees(SCOPES[case.is_template]) for case in CASES)
    with capsys.disabled():
        print(f"\nexpressions: {agreed} of {len(CASES)} agree")
    assert agreed == len(CASES) > 600
