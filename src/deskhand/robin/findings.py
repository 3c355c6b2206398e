"""Where a check puts what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from deskhand.robin.diagnostics import Diagnostic, Severity
from deskhand.robin.nodes import Node
from deskhand.robin.semantic_codes import SemanticCode


@dataclass(frozen=True, slots=True)
class Findings:
    """The diagnostics of one file.

    Attributes:
        file: The file.
        found: Where they are gathered.
    """

    file: str
    found: list[Diagnostic]

    def error(self, code: SemanticCode, message: str, at: Node) -> None:
        """Note why the flow cannot run."""
        self.found.append(Diagnostic(code, message, at.span, Severity.ERROR, self.file))

    def warning(self, code: SemanticCode, message: str, at: Node) -> None:
        """Note what is odd."""
        self.found.append(Diagnostic(code, message, at.span, Severity.WARNING, self.file))
