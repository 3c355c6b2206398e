"""The chunk files under ``robin/meaning``: what flow text means, and how what it may not is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskhand.robin.checker import check
from deskhand.robin.parser import parse
from tests.chunked_file import Chunk, read_chunks
from tests.robin_library import library

CHUNKS = list(read_chunks(Path(__file__).parent / "robin" / "meaning"))


@pytest.mark.parametrize("chunk", CHUNKS, ids=lambda chunk: chunk.name)
def test_each_marked_line_and_no_other_is_reported(chunk: Chunk) -> None:
    actions, _ = library()
    script = parse(chunk.text, is_action=lambda name: actions.resolve(name) is not None)
    assert chunk.differences(check(script, actions)) == []
