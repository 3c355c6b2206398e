"""What a panel shows and writes of what happens when a row fails."""

from __future__ import annotations

import pytest

from deskhand.editor.handling import (
    Continuation,
    ErrorHandling,
    ErrorRule,
    ErrorStep,
    HandlingProblem,
    StepKind,
    handler_of,
    may_fail,
    read_handling,
    shown_handling,
)
from deskhand.editor.rows import read_row, write_row

ROW = """\
Text.ToNumber Text: Raw Number=> N
ON ERROR REPEAT 2 TIMES WAIT 5
ON ERROR InvalidText
    GOTO Done
ON ERROR
    SET N TO 0
    CALL Report
    THROW ERROR
END"""

HANDLING = ErrorHandling(
    "2",
    "5",
    (
        ErrorRule("InvalidText", (), Continuation.LABEL, "Done"),
        ErrorRule(
            None,
            (ErrorStep(StepKind.SET, "N", "0"), ErrorStep(StepKind.CALL, "Report", "")),
            Continuation.FAIL,
            "",
        ),
    ),
)


def handling_in(text: str) -> ErrorHandling | None:
    return shown_handling(handler_of(read_row(text)))


def test_a_handler_is_shown_as_retries_and_rules() -> None:
    assert handling_in(ROW) == HANDLING


def test_rules_are_written_with_the_one_for_all_others_last() -> None:
    turned = ErrorHandling("2", "5", (HANDLING.rules[1], HANDLING.rules[0]))

    text, problems = write_row("Text.ToNumber", {}, {}, read_row(ROW), turned)

    assert problems == ()
    assert handling_in(text) == HANDLING


@pytest.mark.parametrize("then", list(Continuation))
def test_every_way_to_go_on_is_written_and_read_again(then: Continuation) -> None:
    label = "Done" if then is Continuation.LABEL else ""
    handling = ErrorHandling("", "", (ErrorRule(None, (), then, label),))

    text, problems = write_row("CALL", {"Subflow": "Report"}, {}, None, handling)

    assert problems == ()
    assert handling_in(text) == handling


def test_handling_that_is_not_told_stays() -> None:
    text, _ = write_row("Text.ToNumber", {"Text": "%Other%"}, {}, read_row(ROW))

    assert handling_in(text) == HANDLING
    assert "Text: Other" in text


def test_handling_can_be_taken_away() -> None:
    text, _ = write_row("Text.ToNumber", {}, {}, read_row(ROW), ErrorHandling("", "", ()))

    assert text == "Text.ToNumber Text: Raw Number=> N"


def test_a_condition_has_handling_of_its_own() -> None:
    handling = ErrorHandling("", "", (ErrorRule(None, (), Continuation.FAIL, ""),))
    row = "IF (File.IfFile.Exists File: $'''/a''') THEN\nEND"

    text, problems = write_row("File.IfFile.Exists", {}, {}, read_row(row.rsplit("\nEND", 1)[0]), handling)

    assert problems == ()
    assert handling_in(text.rsplit("\nEND", 1)[0]) == handling


def test_what_no_panel_can_show_is_left_alone() -> None:
    row = "WAIT 1\nON ERROR\n    WAIT 2\nEND"

    assert handling_in(row) is None
    assert "WAIT 2" in write_row("WAIT", {"Seconds": "3"}, {}, read_row(row))[0]


def test_faults_name_their_places() -> None:
    handling = ErrorHandling(
        "%1 +%",
        "",
        (
            ErrorRule(
                None,
                (ErrorStep(StepKind.SET, "1", "x"), ErrorStep(StepKind.CALL, "", "")),
                Continuation.NEXT,
                "",
            ),
            ErrorRule(None, (), Continuation.LABEL, ""),
        ),
    )

    handler, problems = read_handling(handling)

    assert handler is None
    assert [one.field for one in problems] == [
        "times",
        "rules.0.steps.0.name",
        "rules.0.steps.1.name",
        "rules.1.label",
        "rules.1.error",
    ]
    assert problems[1] == HandlingProblem("rules.0.steps.0.name", "‘1’ is no variable.")
    assert problems[3] == HandlingProblem("rules.1.label", "Choose the label to go on at.")


def test_comments_and_labels_do_not_fail() -> None:
    assert may_fail(read_row("CALL Report"))
    assert not may_fail(read_row("LABEL Done"))
    assert not may_fail(read_row("# A note"))


def test_a_step_that_sets_nothing_yet_is_asked_for_its_variable() -> None:
    step = ErrorStep(StepKind.SET, "", "0")

    _, problems = read_handling(ErrorHandling("0", "", (ErrorRule(None, (step,), Continuation.NEXT, ""),)))

    assert problems == (HandlingProblem("rules.0.steps.0.name", "Name the variable to set."),)
