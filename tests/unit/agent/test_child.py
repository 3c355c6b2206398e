"""Lines are cut out of a stream without ever holding more than one of bounded length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.agent.child import LineReader
from deskhand.protocol.codec import BadMessage


@given(
    st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=6),
    st.integers(1, 7),
)
def test_lines_come_whole_however_the_stream_is_cut(lines: list[bytes], size: int) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    reader = LineReader(100)
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [line for piece in pieces for line in reader.feed(piece)] == lines


def test_a_line_of_the_greatest_length_is_taken() -> None:
    assert list(LineReader(5).feed(b"12345\n12345\n1234")) == [b"12345", b"12345"]


def test_a_longer_line_is_refused_before_it_is_complete() -> None:
    reader = LineReader(5)
    assert list(reader.feed(b"123")) == []
    with pytest.raises(BadMessage, match="a line has more than 5 bytes"):
        list(reader.feed(b"456"))


def test_the_lines_before_a_longer_one_are_kept() -> None:
    lines = LineReader(5).feed(b"1\n2\n1234567\n")
    assert [next(lines), next(lines)] == [b"1", b"2"]
    with pytest.raises(BadMessage):
        next(lines)
