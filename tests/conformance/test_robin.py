"""The chunk files under ``robin/``: what flow text may say, and how what it may not is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskhand.robin.diagnostics import Diagnostic, SyntaxErrors
from deskhand.robin.parser import parse
from deskhand.robin.printer import print_script
from tests.chunked_file import Chunk, read_chunks

FOLDER = Path(__file__).parent / "robin"
SYNTAX = list(read_chunks(FOLDER / "syntax"))
READABLE = [chunk for chunk in SYNTAX if not chunk.expected] + list(read_chunks(FOLDER / "checked"))


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    try:
        parse(text)
    except SyntaxErrors as errors:
        return errors.diagnostics
    return ()


@pytest.mark.parametrize("chunk", SYNTAX, ids=lambda chunk: chunk.name)
def test_each_marked_line_and_no_other_is_reported(chunk: Chunk) -> None:
    assert chunk.differences(diagnostics(chunk.text)) == []


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
