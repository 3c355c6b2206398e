"""What is wrong with a flow's text, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from deskhand.core.errors import DeskhandError
from deskhand.robin.nodes import Span


class Severity(StrEnum):
    """Whether a flow can run in spite of a diagnostic."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to mend in a flow's text.

    Attributes:
        code: ``DH2nnn``; stable, for searching and for tests.
        message: What is wrong and what would be right, in the words of a flow's author.
        span: Where.
        severity: Whether the flow can run all the same.
        file: The file that the span counts in.
    """

    code: str
    message: str
    span: Span
    severity: Severity = Severity.ERROR
    file: str = "Main.robin"

    def __str__(self) -> str:
        return f"{self.file}:{self.span.line}:{self.span.column} {self.code} {self.message}"


class SyntaxErrors(DeskhandError):
    """A flow's text breaks the rules of its language.

    Every error of the text is in :attr:`diagnostics`, in the order of the lines. The flow cannot run
    before all of them are mended.
    """

    code = "DH2000"

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(one) for one in diagnostics))
        self.diagnostics = tuple(diagnostics)
