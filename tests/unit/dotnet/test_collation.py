from __future__ import annotations

from deskhand.dotnet.collation import sort_key


def test_texts_are_ordered_as_people_read_them() -> None:
    words = [
        "Zebra",
        "äpfel",
        "Apfel",
        "apfel",
        "_x",
        "10",
        "zebra",
        "Äpfel",
        "b c",
        "b",
        "2",
        "é",
        "e",
        "f",
        "",
    ]

    assert sorted(words, key=sort_key) == [
        *("", "_x", "10", "2", "apfel", "Apfel", "äpfel", "Äpfel", "b", "b c", "e", "é", "f"),
        *("zebra", "Zebra"),
    ]


def test_a_capital_letter_comes_after_its_small_one() -> None:
    assert sort_key("A") > sort_key("a")
