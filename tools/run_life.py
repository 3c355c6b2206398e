"""The generated part of the page on a run's life: its diagram and its table, from the transitions."""

from __future__ import annotations

import ast
from inspect import getsource
from pathlib import Path
from textwrap import dedent

from reference import as_code, as_table

from deskhand.orchestrator.transitions import TRANSITIONS, Event, Status, diagram

PAGE = Path(__file__).resolve().parent.parent / "docs" / "topics" / "run-life.md"
BEGIN = "<!-- Generated from the transitions by tools/generate.py. -->"
END = "<!-- End of what is generated. -->"


def run_life_page() -> str:
    """Return the page with its generated part as the transitions have it."""
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{PAGE} has lost the marks of its generated part.")
    return f"{before}{BEGIN}\n\n```mermaid\n{diagram()}```\n\n{_events()}\n\n{END}{after}"


def _events() -> str:
    meanings = event_meanings()
    rows = [
        [_word(before), as_code(str(event)), _word(after), meanings[event.name]]
        for (before, event), after in TRANSITIONS.items()
    ]
    return as_table(["From", "Event", "To", "What happened"], rows)


def _word(status: Status) -> str:
    return status.name.capitalize().replace("_", " ")


def event_meanings() -> dict[str, str]:
    """Return what stands below each event in its class."""
    (declared,) = ast.parse(dedent(getsource(Event))).body
    assert isinstance(declared, ast.ClassDef)
    meanings: dict[str, str] = {}
    name = ""
    for one in declared.body:
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            name = one.targets[0].id
        elif name and isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            meanings[name] = str(one.value.value).replace("``", "`")
    return meanings
