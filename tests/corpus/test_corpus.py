"""Every flow of the corpus parses, prints, and parses to the same tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskhand.robin.nodes import Script
from deskhand.robin.parser import parse
from deskhand.robin.printer import print_script
from deskhand.solutions.content import DesktopFlow
from deskhand.solutions.errors import BrokenArchive, NothingToImport
from deskhand.solutions.source import read_source

OWN = Path(__file__).parent / "flows"


def flows() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each flow: our own, then those of the named folder's solutions."""
    for path in sorted(OWN.glob("*.robin")):
        yield path.stem, path.read_bytes().decode("utf-8")
    folder = os.environ.get("DESKHAND_CORPUS")
    for path in sorted(Path(folder).expanduser().rglob("*.zip")) if folder else []:
        for flow in _desktop_flows(path):
            yield f"{path.name}: {flow.name}", flow.definition


def _desktop_flows(path: Path) -> tuple[DesktopFlow, ...]:
    """Read a zip's desktop flows; one that holds something else, or only points to a file, has none."""
    try:
        return read_source(path).desktop_flows
    except (NothingToImport, BrokenArchive):
        return ()


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in flows()])
def test_a_flow_survives_printing(text: str) -> None:
    script = parse(text)
    printed = print_script(script)
    again = parse(printed)
    assert again == script
    assert print_script(again) == printed
    assert written_rows(again) == written_rows(script)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in flows()])
def test_a_canonical_text_differs_from_the_stored_one_in_blanks_only(text: str) -> None:
    script = parse(text)
    assert without_blanks(print_script(script)) == without_blanks(text)


def without_blanks(text: str) -> str:
    return "".join(text.split())


def written_rows(script: Script) -> list[int]:
    return [statement.row for statement in script.body]
