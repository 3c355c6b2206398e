from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deskhand.actions.file.delimited import read_delimited, write_delimited

FIELDS = st.text(st.sampled_from('ab,;"\r\n \t|é☃'), max_size=6)
SEPARATORS = st.sampled_from([",", ";", "\t", "|", "||", "aa", "ab", " ", ", ", "☃"])
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(FIELDS, min_size=width, max_size=width), max_size=5)
)


@given(ROWS, SEPARATORS)
def test_what_is_written_is_read_back(rows: list[list[str]], separator: str) -> None:
    assert read_delimited(write_delimited(rows, separator), separator, trim=False) == rows


@given(st.text(st.sampled_from('a,"\r\n ')), SEPARATORS)
def test_any_text_is_read_and_trimming_leaves_no_white_space_around_fields(text: str, separator: str) -> None:
    fields = [field for row in read_delimited(text, separator, trim=True) for field in row]

    assert fields == [field.strip() for field in fields]


def test_stray_quotes_cost_no_more_time_than_other_letters() -> None:
    rows = read_delimited('"a,' * 100_000, ",", trim=True)

    assert [len(row) for row in rows] == [100_001]
