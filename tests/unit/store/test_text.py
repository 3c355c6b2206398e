from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.store.text import lower, text_matches


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        (None, "%", None),
        ("", "", True),
        ("", "%", True),
        ("", "_", False),
        ("invoice", "invoice", True),
        ("invoices", "invoice", False),
        ("invoice", "inv%", True),
        ("invoice", "%voi%", True),
        ("invoice", "%ice", True),
        ("invoice", "%x%", False),
        ("invoice", "in_oice", True),
        ("inoice", "in_oice", False),
        ("a%c", "a[%]c", True),
        ("abc", "a[%]c", False),
        ("abc", "a[a-z]c", True),
        ("a5c", "a[a-z]c", False),
        ("a5c", "a[^a-z]c", True),
        ("a-c", "a[x-]c", True),
        ("abc", "a[]c", False),
        ("axc", "a[^]c", True),
        ("abc", "a[z-a]c", False),
        ("a[b", "a[b", True),
        ("two\nlines", "two%lines", True),
        ("aab", "%ab", True),
        ("abcabd", "%ab_", True),
        ("äöü", "_ö_", True),
    ],
)
def test_a_pattern_matches_as_in_the_original(text: str | None, pattern: str, expected: bool | None) -> None:
    assert text_matches(text, pattern) is expected


def test_a_malicious_pattern_of_a_long_text_is_answered() -> None:
    assert text_matches("a" * 1_000_000, "%a" * 2_000 + "b") is False
    assert text_matches("a" * 1_000_000, "%a" * 2_000 + "%") is True


@given(st.text("ab%_[]^-", max_size=8), st.text("ab%_[]^-", max_size=8))
def test_a_text_between_wildcards_is_found_wherever_it_stands(before: str, behind: str) -> None:
    quoted = "".join(f"[{letter}]" if letter in "%_[" else letter for letter in before)
    assert text_matches(before + behind, f"{quoted}%") is True
    assert text_matches(behind + before, f"%{quoted}") is True
    assert text_matches(behind + before + behind, f"%{quoted}%") is True


def test_every_alphabet_has_lower_case() -> None:
    assert (lower("STRASSE ÄÖÜ ΔΕΖ"), lower(None)) == ("strasse äöü δεζ", None)
