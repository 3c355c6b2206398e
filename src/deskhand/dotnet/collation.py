"""The order of texts as people read them: letters first, then accents, then case."""

from __future__ import annotations

import unicodedata


def sort_key(text: str) -> tuple[str, str, str, str]:
    """Return a key that orders texts as .NET's culture-aware comparison does.

    Lower case comes before upper case where nothing else differs, accents count only between
    otherwise equal texts, and punctuation sorts before digits and letters. Source: robin 6.5.
    """
    decomposed = unicodedata.normalize("NFD", text)
    base = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
    ranked = "".join(_rank(letter) + letter for letter in base)
    return ranked, unicodedata.normalize("NFC", text).casefold(), text.swapcase(), text


def _rank(letter: str) -> str:
    if letter.isalpha():
        return "3"
    if letter.isdecimal():
        return "2"
    return "0" if letter.isspace() else "1"
