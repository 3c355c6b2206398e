"""Texts compare alike on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from deskhand.store.database import Database, Transaction
from deskhand.store.text import folded, matches

PATTERNS = [
    ("", "", True),
    ("", "%", True),
    ("", "_", False),
    ("Invoice", "iNVOICE", True),
    ("invoices", "invoice", False),
    ("invoice", "%VOI%", True),
    ("invoice", "in_oice", True),
    ("inoice", "in_oice", False),
    ("a%c", "a[%]c", True),
    ("abc", "a[%]c", False),
    ("aBc", "a[a-z]c", True),
    ("a5c", "a[^a-z]c", True),
    ("a]c", "a[^a-z]c", True),
    ("a-c", "a[x-]c", True),
    ("a\\c", "a\\c", True),
    ("a\\c", "a[\\]c", True),
    ("a^c", "a[b^]c", True),
    ("abc", "a[]c", False),
    ("axc", "a[^]c", True),
    ("abc", "a[z-a]c", False),
    ("axc", "a[^z-a]c", True),
    ("a[b", "a[b", True),
    ("a.c", "a.c", True),
    ("abc", "a.c", False),
    ("(a|b)*+?{1}$", "(a|b)*+?{1}$", True),
    ("two\nlines", "two%LINES", True),
    ("two\nlines", "two_lines", True),
    ("two\nlines", "two", False),
    ("äöü", "Ä_Ü", True),
    ("ДОГОВОР", "договор", True),
]


def test_a_pattern_matches_alike(database: Database) -> None:
    def match(tx: Transaction) -> list[tuple[str, str, bool]]:
        found = []
        for text, pattern, _ in PATTERNS:
            clause = matches(tx.dialect, sa.literal(text, sa.Text()), pattern)
            found.append((text, pattern, bool(tx.execute(sa.select(clause)).scalar_one())))
        return found

    assert database.read(match) == PATTERNS


def test_nothing_matches_no_pattern(database: Database) -> None:
    def match(tx: Transaction) -> list[object]:
        nothing = sa.literal(None, sa.Text())
        clauses = [matches(tx.dialect, nothing, pattern) for pattern in ("%", "", "x")]
        return [tx.execute(sa.select(clause)).scalar_one() for clause in clauses]

    assert database.read(match) == [None, None, None]


def test_letters_fold_alike(database: Database) -> None:
    def fold(tx: Transaction) -> object:
        return tx.execute(sa.select(folded(sa.literal("STRASSE ÄÖÜ ДЕЖ", sa.Text())))).scalar_one()

    assert database.read(fold) == "strasse äöü деж"
