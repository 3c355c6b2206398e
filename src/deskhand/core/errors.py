"""The base of every error that Deskhand raises on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import ClassVar


class DeskhandError(Exception):
    """An error with a stable code and a message written for the person who reads it.

    A subclass sets :attr:`code` (``DHnnnn``), takes plain fields, builds its message itself, and
    documents itself: its docstring is the page that ``deskhand help CODE`` prints.

    Codes by first digits: 00-09 start-up and configuration, 10-19 identity, records and requests,
    20-29 desktop-flow text, 30-39 queue, machines and runs, 40-49 actions at run time,
    50-59 import, 60-69 cloud flows.
    """

    code: ClassVar[str] = "DH0000"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean ‘X’?`` for the nearest known name, or an empty text.

    Args:
        name: What a person typed.
        known: The names that would have been right.
    """
    by_fold = {candidate.casefold(): candidate for candidate in known}
    nearest = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return f"; did you mean ‘{by_fold[nearest[0]]}’?" if nearest else ""


def error_classes(base: type[DeskhandError] = DeskhandError) -> Iterator[type[DeskhandError]]:
    """Yield every declared error class below a base, depth first."""
    for subclass in base.__subclasses__():
        yield subclass
        yield from error_classes(subclass)
