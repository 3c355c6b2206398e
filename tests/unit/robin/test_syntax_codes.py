"""Every code of a syntax error has its help."""

from __future__ import annotations

from deskhand.robin.diagnostics import Diagnostic, Severity, SyntaxErrors
from deskhand.robin.nodes import Span
from deskhand.robin.syntax_codes import EXPLANATIONS, SyntaxCode


def test_every_code_is_explained() -> None:
    assert set(EXPLANATIONS) == set(SyntaxCode)


def test_a_diagnostic_prints_its_place_code_and_message() -> None:
    one = Diagnostic("DH2012", "too much", Span(12, 34, 12, 40), Severity.ERROR, "Work.robin")
    assert str(one) == "Work.robin:12:34 DH2012 too much"
    assert str(SyntaxErrors([one, one])) == f"{one}\n{one}"
