"""The syntax errors of flow text: their codes, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class SyntaxCode(StrEnum):
    """The code of a syntax error, as diagnostics print it."""

    STRAY_LETTER = "DH2001"
    UNCLOSED_LITERAL = "DH2002"
    BARE_APOSTROPHE = "DH2003"
    SINGLE_BACKSLASH = "DH2004"
    LONE_PERCENT = "DH2005"
    PERCENT_OUTSIDE_TEXT = "DH2006"
    DIGIT_FIRST = "DH2007"
    BAD_VALUE = "DH2008"
    NO_STATEMENT = "DH2010"
    EXPECTED = "DH2011"
    REST_OF_LINE = "DH2012"
    RESERVED_WORD = "DH2013"
    NO_VALUE = "DH2014"
    CHAINED_COMPARISON = "DH2015"
    TOO_DEEP = "DH2016"
    NO_END = "DH2020"
    NOTHING_TO_CLOSE = "DH2021"
    MISPLACED_HANDLER = "DH2022"
    NOT_IN_HANDLER = "DH2023"
    MISPLACED_HEADER = "DH2024"
    ACTION_AFTER_ELSE_IF = "DH2025"
    MISPLACED_FUNCTION = "DH2026"


EXPLANATIONS: Mapping[SyntaxCode, str] = {
    SyntaxCode.STRAY_LETTER: "A sign stands where no statement, name, value or operator begins with it.",
    SyntaxCode.UNCLOSED_LITERAL: "A text or block comment is opened and never closed.",
    SyntaxCode.BARE_APOSTROPHE: "Inside $'''...''' an apostrophe is written \\' (a backslash before it).",
    SyntaxCode.SINGLE_BACKSLASH: (
        "A backslash before the closing quotes, or before %Name%, is written twice: \\\\."
    ),
    SyntaxCode.LONE_PERCENT: "In a text, %Name% inserts a value and %% is one percent sign.",
    SyntaxCode.PERCENT_OUTSIDE_TEXT: "Percent signs belong inside $'''...'''; elsewhere write the bare name.",
    SyntaxCode.DIGIT_FIRST: "A name begins with a letter or an underscore.",
    SyntaxCode.BAD_VALUE: "A number or date literal is outside the range of what flows can hold.",
    SyntaxCode.NO_STATEMENT: "The line begins with no statement and no Module.Action.",
    SyntaxCode.EXPECTED: "Something that the statement needs is missing here.",
    SyntaxCode.REST_OF_LINE: "The statement is complete, but its line goes on. One statement per line.",
    SyntaxCode.RESERVED_WORD: "The word belongs to the language and cannot name this.",
    SyntaxCode.NO_VALUE: "A value or expression belongs here.",
    SyntaxCode.CHAINED_COMPARISON: "A comparison is not compared again without parentheses.",
    SyntaxCode.TOO_DEEP: "Blocks or expressions stand inside each other more deeply than any flow needs.",
    SyntaxCode.NO_END: "An IF, SWITCH, LOOP, BLOCK, handler or FUNCTION is opened and never ended.",
    SyntaxCode.NOTHING_TO_CLOSE: "END, ELSE, CASE or DEFAULT stands where nothing is open that it closes.",
    SyntaxCode.MISPLACED_HANDLER: "ON ERROR follows an action, ON BLOCK ERROR follows BLOCK.",
    SyntaxCode.NOT_IN_HANDLER: "An error handler holds SET, CALL, GOTO and THROW ERROR, and no blocks.",
    SyntaxCode.MISPLACED_HEADER: "An @ or @@ line stands where nothing follows that it could belong to.",
    SyntaxCode.ACTION_AFTER_ELSE_IF: "ELSE IF takes an expression; an action needs an IF below ELSE.",
    SyntaxCode.MISPLACED_FUNCTION: "Subflows stand side by side, never inside each other or inside a block.",
}
"""The help page of each code."""
