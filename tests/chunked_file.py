"""Conformance files: chunks of flow text that mark the lines which must fail.

Chunks stand between ``---`` lines. ``### "pattern"`` at the end of a line says that the line has a
diagnostic whose code and message the regular expression finds; several patterns want several. The
marks are no part of the text. A line without marks must be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deskhand.robin.diagnostics import Diagnostic

_MARK = re.compile(r"[ ]*###((?:\s+\"[^\"]*\")+)[ ]*$", re.MULTILINE)
_PATTERN = re.compile(r"\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One text, and what must be found wrong with it.

    Attributes:
        name: The file and the line that the chunk begins at.
        text: The text without its marks.
        expected: Pairs of a line, counted in the chunk, and a pattern.
    """

    name: str
    text: str
    expected: tuple[tuple[int, str], ...]

    def differences(self, diagnostics: tuple[Diagnostic, ...]) -> list[str]:
        """Return every mark that no diagnostic meets, and every diagnostic that meets no mark."""
        left = list(diagnostics)
        missing: list[str] = []
        for line, pattern in self.expected:
            found = next((one for one in left if _meets(one, line, pattern)), None)
            if found is None:
                missing.append(f"line {line}: nothing met “{pattern}”")
            else:
                left.remove(found)
        return missing + [f"unexpected: {one}" for one in left]


def _meets(diagnostic: Diagnostic, line: int, pattern: str) -> bool:
    text = f"{diagnostic.code} {diagnostic.message}"
    return diagnostic.span.line == line and re.search(pattern, text) is not None


def read_chunks(folder: Path) -> Iterator[Chunk]:
    """Yield the chunks of every file of a folder."""
    for path in sorted(folder.glob("*.robin")):
        line = 1
        for text in path.read_bytes().decode("utf-8").split("---\n"):
            yield _chunk(f"{path.stem}:{line}", text)
            line += text.count("\n") + 1


def _chunk(name: str, text: str) -> Chunk:
    expected = [
        (text.count("\n", 0, mark.start()) + 1, pattern)
        for mark in _MARK.finditer(text)
        for pattern in _PATTERN.findall(mark.group(1))
    ]
    return Chunk(name, _MARK.sub("", text), tuple(expected))
