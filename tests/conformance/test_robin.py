"""The chunk files under ``robin/``: what flow text may say, and how what it may not is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskhand.actions.declare import Library
from deskhand.actions.library import standard_library
from deskhand.robin.checker import check
from deskhand.robin.diagnostics import Diagnostic, SyntaxErrors
from deskhand.robin.parser import parse
from deskhand.robin.printer import print_script
from tests.chunked_file import Chunk, read_chunks

FOLDER = Path(__file__).parent / "robin"
SYNTAX = list(read_chunks(FOLDER / "syntax"))
CHECKED = list(read_chunks(FOLDER / "checked"))
READABLE = [chunk for chunk in SYNTAX if not chunk.expected] + CHECKED


@pytest.fixture(scope="module")
def library() -> Library:
    return standard_library()


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    try:
        parse(text)
    except SyntaxErrors as errors:
        return errors.diagnostics
    return ()


@pytest.mark.parametrize("chunk", SYNTAX, ids=lambda chunk: chunk.name)
def test_each_marked_line_and_no_other_breaks_the_grammar(chunk: Chunk) -> None:
    assert chunk.differences(diagnostics(chunk.text)) == []


@pytest.mark.parametrize("chunk", CHECKED, ids=lambda chunk: chunk.name)
def test_each_marked_line_and_no_other_means_nothing(chunk: Chunk, library: Library) -> None:
    assert chunk.differences(check(parse(chunk.text), library)) == []


@pytest.mark.parametrize("chunk", READABLE, ids=lambda chunk: chunk.name)
def test_a_printed_script_reads_as_itself_and_prints_as_itself(chunk: Chunk) -> None:
    script = parse(chunk.text)
    printed = print_script(script)
    assert (parse(printed), print_script(parse(printed))) == (script, printed)


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("chunk", READABLE, ids=lambda chunk: chunk.name)
def test_every_kind_of_line_end_reads_the_same(chunk: Chunk, line_end: str) -> None:
    text = f"\n\n{chunk.text}".replace("    ", "\t").rstrip("\n").replace("\n", line_end)
    expected = parse(chunk.text.replace("    ", "\t").rstrip("\n"))
    assert parse(text).body == expected.body
