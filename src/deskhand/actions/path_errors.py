"""The base of errors about one path, and how the operating system's own become them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from deskhand.robin.catalog import ActionError


class PathError(ActionError):
    """Something could not be done with one file or folder; subclasses say what.

    Attributes:
        path: The file or folder.
        reason: Why, or empty where the subclass says it all.
        what: The first half of the message, with a place for the path.
        advice: What to do about it.
    """

    what: ClassVar[str]
    advice: ClassVar[str] = ""

    def __init__(self, path: Path | str, reason: str = "") -> None:
        happened = self.what.format(path=path)
        ending = f"; {self.advice}" if self.advice else ""
        super().__init__(f"{happened}{': ' if reason else ''}{reason}{ending}.", details=reason)
        self.path = path
        self.reason = reason


@contextmanager
def reported_as(error: type[PathError], path: Path) -> Iterator[None]:
    """Turn what the operating system refuses inside the block into an error that a flow can name."""
    try:
        yield
    except OSError as problem:
        raise error(path, reason_of(problem)) from problem


def reason_of(problem: OSError) -> str:
    """Return why the operating system refused, in its own words without the number."""
    if isinstance(problem, shutil.Error):
        return _first_of(problem)
    reason = os.strerror(problem.errno) if problem.errno else str(problem)
    return f"{reason[:1].lower()}{reason[1:]}"


def _first_of(problem: shutil.Error) -> str:
    """Return the first of the reasons that copying a tree collects."""
    reasons = problem.args[0]
    if not isinstance(reasons, list):
        return str(reasons)
    source, _, reason = reasons[0]
    return f"‘{source}’: {reason}"
