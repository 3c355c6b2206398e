from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping
from types import CodeType
from typing import Any

import pytest

from deskhand.core.log import MASK
from deskhand.robin.call_sites import Place
from deskhand.robin.checker import FlowErrors
from deskhand.robin.json_values import BadInput
from deskhand.robin.nodes import Script
from deskhand.robin.parser import parse
from deskhand.robin.run_events import ActionEnded, EventStatus, LoopBegan, LoopEnded, MessageLogged, RunEvent
from deskhand.robin.runtime import (
    Failed,
    Outcome,
    Program,
    RunEnvironment,
    Succeeded,
    bind_inputs,
    compile_flow,
    compile_text,
    run,
)
from tests.clock import StillClock
from tests.robin_library import library


class Ran:
    """One run, and everything it left behind."""

    def __init__(self, flow: str, inputs: Mapping[str, Any] | None = None, **options: Any) -> None:
        actions, self.notes = library()
        self.clock = StillClock()
        self.events: list[RunEvent] = []
        compiling = {name: options.pop(name) for name in ("logs_loops", "traced") if name in options}
        self.program: Program = compile_text(flow, actions, **compiling)
        settings: dict[str, Any] = {"emit": self.events.append, "sleep": self.clock.advance, **options}
        self.outcome: Outcome = run(self.program, inputs or {}, RunEnvironment(clock=self.clock, **settings))

    @property
    def outputs(self) -> dict[str, Any]:
        assert isinstance(self.outcome, Succeeded), self.outcome
        return self.outcome.outputs

    @property
    def failure(self) -> Failed:
        assert isinstance(self.outcome, Failed), self.outcome
        return self.outcome

    @property
    def rows(self) -> list[tuple[str, int, str, str]]:
        """Return subflow, row, summary and status of each row that ran."""
        return [
            (one.place.subflow, one.place.row, one.summary, str(one.status))
            for one in self.events
            if isinstance(one, ActionEnded)
        ]


# Outcome


def test_a_flow_that_ends_well_returns_its_outputs_by_external_name() -> None:
    ran = Ran(
        "@OUTPUT Result : { 'FriendlyName': 'The result', 'Type': 'Numeric' }\n"
        "@OUTPUT Never : { 'Type': 'String' }\n"
        "SET Result TO 5\nTest.Note\nTest.Note\n"
    )
    assert ran.outcome == Succeeded({"The result": 5, "Never": None}, exit_code=None, actions=2)


def test_a_failure_tells_its_name_code_words_and_place() -> None:
    ran = Ran("SET A TO 1\n    Test.Fail How: 'file'\n")
    place = Place("Main", 2, 2, 5, "Test.Fail", "Main.robin")
    assert ran.outcome == Failed(
        "FileNotFound", "DH4000", "there is no such file", "looked everywhere", place, None, 1
    )


def test_an_exit_with_a_message_is_a_failure_with_its_code() -> None:
    place = Place("Main", 1, 1, 1, "EXIT", "Main.robin")
    assert Ran("EXIT Code: 7 ErrorMessage: 'done for today'").outcome == Failed(
        "Exit", "DH4121", "done for today", "", place, 7, 0
    )
    assert Ran("EXIT Code: 7").outcome == Succeeded({}, 7, 0)
    assert Ran("EXIT Code: 0 ErrorMessage: ''").outcome == Succeeded({}, 0, 0)


def test_a_program_runs_any_number_of_times() -> None:
    actions, notes = library()
    program = compile_text("@INPUT N : { 'Type': 'Numeric' }\nSET N TO N + 1\nTest.Note Value: N", actions)
    for number in (1, 5):
        run(program, {"N": number}, RunEnvironment())
    assert notes.noted == [2, 6]


# Inputs


INPUTS = """@INPUT Count : { 'FriendlyName': 'How many', 'Type': 'Numeric', 'DefaultValue': 3 }
@INPUT Name : { 'Type': 'String', 'IsOptional': True }
@INPUT Items : { 'Type': 'List', 'DefaultValue': [1] }
"""


def bound(inputs: Mapping[str, Any]) -> dict[str, Any]:
    actions, _ = library()
    return bind_inputs(compile_text(INPUTS, actions), inputs)


def test_inputs_have_their_defaults_and_ignore_strangers() -> None:
    assert bound({"stranger": 5}) == {"Count": 3, "Name": None, "Items": [1]}


def test_inputs_match_in_any_case_and_null_is_blank() -> None:
    assert bound({"HOW MANY": "7.50", "name": "x", "Items": None}) == {
        "Count": bound({"How many": 7.5})["Count"],
        "Name": "x",
        "Items": None,
    }


def test_a_default_belongs_to_one_run_only() -> None:
    actions, notes = library()
    program = compile_text(INPUTS + "Test.Append Item: 2 Items: Items\nTest.Note Value: Items", actions)
    for _ in range(2):
        run(program, {}, RunEnvironment())
    assert notes.noted == [[1, 2], [1, 2]]


def test_a_wrong_input_stops_the_flow_before_it_begins() -> None:
    with pytest.raises(BadInput, match=r"^the input ‘How many’ takes a number, not ‘many’$"):
        Ran(INPUTS, {"How many": "many"})


# Events


def test_every_action_is_told_and_set_and_call_outside_loops_only() -> None:
    ran = Ran(
        """SET A TO 1
LOOP i FROM 1 TO 2
    SET A TO A + i
    Test.Note Value: A
    CALL Work
END
CALL Work
LABEL Again
SET A TO A + 1
IF A < 10 THEN
    GOTO Again
END
FUNCTION Work GLOBAL
    SET B TO A
END FUNCTION
"""
    )
    assert ran.rows == [
        ("Main", 1, "Set A to 1", "Succeeded"),
        ("Main", 4, "Note 2", "Succeeded"),
        ("Main", 4, "Note 4", "Succeeded"),
        ("Work", 1, "Set B to 4", "Succeeded"),
        ("Main", 7, "CALL Work", "Succeeded"),
    ]


def test_a_full_log_tells_what_loops_do_too() -> None:
    ran = Ran("LOOP i FROM 1 TO 2\n    SET A TO i\nEND\n", logs_loops=True)
    assert ran.rows == [("Main", 2, "Set A to 1", "Succeeded"), ("Main", 2, "Set A to 2", "Succeeded")]


def test_an_event_holds_time_place_and_label() -> None:
    ran = Ran("WAIT 1.5\nTest.Paint Colour: Test.Colour.DarkBlue\n")
    start = StillClock().now()
    waited = Place("Main", 1, 1, 1, "WAIT", "Main.robin")
    painted = Place("Main", 2, 2, 1, "Test.Paint", "Main.robin")
    assert ran.events == [
        ActionEnded(waited, "Wait", "Wait 1.5 seconds", EventStatus.SUCCEEDED, start, 1500.0, ()),
        ActionEnded(painted, "Paint", "Paint DarkBlue", EventStatus.SUCCEEDED, ran.clock.now(), 0.0, ()),
    ]


def test_a_failed_row_is_told_once_with_who_took_over() -> None:
    ran = Ran(
        """Test.FailUntil Attempt: 2
ON ERROR REPEAT 3 TIMES WAIT 2
END
BLOCK
ON BLOCK ERROR all
END
    SET A TO [][1]
END
BLOCK
ON BLOCK ERROR
    THROW ERROR
END
    Test.Fail How: 'refuse'
END
"""
    )
    told = [one for one in ran.events if isinstance(one, ActionEnded)]
    assert [(one.place.row, str(one.status), one.error) for one in told] == [
        (1, "Retried", "attempt 1"),
        (1, "Succeeded", None),
        (3, "Handled", "the list is empty, so it has nothing at index 1"),
        (6, "Handled", "it refused"),
    ]
    assert ran.clock.monotonic() == 2
    assert ran.failure.message == "it refused"


def test_an_unhandled_failure_is_told_as_failed() -> None:
    ran = Ran("Test.Fail How: 'refuse'")
    assert ran.rows == [("Main", 1, "Fail refuse", "Failed")]


def test_long_values_are_shortened() -> None:
    ran = Ran(f"SET A TO '{'x' * 300}'\nSET B TO [1, 2, 3, 4, 5, 6, 7, 8, 9]\nSET T TO {{ [1, 2] }}\n")
    assert [summary for _, _, summary, _ in ran.rows] == [
        f"Set A to {'x' * 199}…",
        "Set B to [1, 2, 3, 4, 5, 6, 7, 8, …]",
        "Set T to 1 rows of 2 columns",
    ]


# Secrets


SECRET = "@SENSITIVE: [Password]\n@INPUT Password : { 'Type': 'String' }\n"


def test_sensitive_values_are_masked_wherever_they_turn_up() -> None:
    ran = Ran(
        SECRET
        + """SET Copy TO Password
SET Greeting TO $'''Hello %Password%'''
Test.Note Value: Password
Test.Note Value: Copy
Test.SignIn User: Copy Password: 'literal secret'
Test.Note Value: 'a literal secret in a text'
SET Password TO 'a new secret'
Test.Note Value: 'it is a new secret now'
Test.Delegate FlowId: $'''flow of %Copy%'''
""",
        {"Password": "hunter2 is it"},
        run_flow=lambda flow, name, inputs, wait: {},
    )
    assert [summary for _, _, summary, _ in ran.rows] == [
        f"Set Copy to {MASK}",
        f"Set Greeting to {MASK}",
        f"Note {MASK}",
        f"Note {MASK}",
        f"Sign in as {MASK} with {MASK}",
        f"Note a {MASK} in a text",
        f"Set Password to {MASK}",
        f"Note it is {MASK} now",
        f"Run flow of {MASK}",
    ]
    logged = [one.message for one in ran.events if isinstance(one, MessageLogged)]
    assert logged == [f"running flow of {MASK}"]
    assert ran.notes.noted[0] == "hunter2 is it"


def test_secrets_are_masked_in_failures() -> None:
    ran = Ran("Test.SignIn User: 'me' Password: 'wrong password'\n")
    assert ran.failure.message == f"me may not enter with {MASK}"
    assert [one.error for one in ran.events if isinstance(one, ActionEnded)] == [ran.failure.message]


def test_a_sensitive_argument_is_not_shown_by_its_conversion() -> None:
    ran = Ran(SECRET + "Test.FailUntil Attempt: Password\n", {"Password": "abc"})
    assert ran.failure.message == (
        "the argument ‘Attempt’ of Test.FailUntil: a number was expected, not a text"
    )


@pytest.mark.parametrize("password", ["four", "a password of more than forty letters, all of them secret"])
def test_a_secret_in_an_error_of_the_language_is_masked_however_long(password: str) -> None:
    ran = Ran(SECRET + "SET A TO Password - 1\n", {"Password": password})
    assert not any(password[:20] in text for text in (ran.failure.message, str(ran.events)))


def test_outputs_of_actions_into_sensitive_variables_are_guarded() -> None:
    ran = Ran(
        "@SENSITIVE: [Name]\nTest.Join.Pair One: 'topsecret' Two: '-42' Joined=> Name\n"
        "Test.Note Value: 'is topsecret-42 known'\n"
    )
    assert ran.rows[1][2] == f"Note is {MASK} known"


# What ends a run


def test_instances_are_closed_in_the_end_the_last_first_whatever_happens() -> None:
    flow = "Test.Open Number: 1 Instance=> A\nTest.Open Number: 2 Breaks: True Instance=> A\n"
    assert Ran(flow).notes.closed == [2, 1]
    assert Ran(flow + "Test.Fail How: 'file'\n").notes.closed == [2, 1]


class Cancelled(BaseException):
    """A run was stopped from outside."""


def test_a_cancellation_passes_every_handler_and_still_closes_instances() -> None:
    def cancel(seconds: float) -> None:
        raise Cancelled

    actions, notes = library()
    program = compile_text(
        """Test.Open Number: 1 Instance=> A
BLOCK
ON BLOCK ERROR all
    REPEAT BLOCK
END
    WAIT 5
    ON ERROR
    END
END
""",
        actions,
    )
    with pytest.raises(Cancelled):
        run(program, {}, RunEnvironment(sleep=cancel))
    assert notes.closed == [1]


def test_the_stack_limit_is_put_back() -> None:
    before = sys.getrecursionlimit()
    Ran("CALL Down\nFUNCTION Down GLOBAL\n    CALL Down\nEND FUNCTION\n")
    assert sys.getrecursionlimit() == before


# The environment


def test_flows_call_others_through_the_environment() -> None:
    calls: list[tuple[Any, ...]] = []

    def run_flow(flow: str, name: str | None, inputs: Mapping[str, Any], wait: bool) -> dict[str, Any]:
        calls.append((flow, name, dict(inputs), wait))
        return {"Total": 7.5, "other": 1}

    ran = Ran(
        "@OUTPUT R : { 'Type': 'Numeric' }\n@OUTPUT M : { 'Type': 'Numeric' }\n"
        "Test.Delegate FlowId: 'child' @Input_A: [1] @total=> R @Missing=> M\n",
        run_flow=run_flow,
    )
    assert calls == [("child", None, {"Input_A": [1]}, True)]
    assert {name: str(value) for name, value in ran.outputs.items()} == {"R": "7.5", "M": "None"}


def test_without_other_flows_a_call_fails_by_name() -> None:
    assert Ran("Test.Delegate FlowId: 'child'\n").failure.message == (
        "Test.Delegate failed: the desktop flow ‘child’ cannot be called here: only one flow is at hand"
    )


class _Watcher:
    """Notes each statement that begins."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, int]] = []

    def attach(self, flow: Any, subflow: str) -> None: ...
    def enter(self, subflow: str) -> None: ...
    def leave(self) -> None: ...
    def failed(self, error: Exception) -> None: ...
    def ending(self, error: Exception, place: Any) -> None: ...

    def before(self, subflow: str, row: int, line: int, *more: Any) -> None:
        self.seen.append((subflow, row, line))


def test_a_traced_program_asks_the_debugger_before_each_statement() -> None:
    watcher = _Watcher()
    flow = "# comment\nIF True THEN\n    CALL Work\nEND\nFUNCTION Work GLOBAL\n    SET A TO 1\nEND FUNCTION\n"
    Ran(flow, traced=True, debugger=watcher)
    assert watcher.seen == [("Main", 2, 2), ("Main", 3, 3), ("Work", 1, 6)]


def test_culture_writes_dates_and_numbers() -> None:
    flow = "@OUTPUT T : { 'Type': 'String' }\nSET T TO $'''%d\"2026-09-09 14:05:00\"% %0.5%'''\n"
    assert Ran(flow, culture="de-DE", number_culture="de-DE").outputs == {"T": "09.09.2026 14:05:00 0,5"}


# Compiling


def test_generated_code_names_nothing_that_the_runtime_does_not_bind() -> None:
    codes = [Ran("SET A TO 1\nSET B TO Contains(A, '1')\nTest.Note Value: B").program.code]
    names: set[str] = set()
    while codes:
        code = codes.pop()
        names |= set(code.co_names)
        codes += [one for one in code.co_consts if isinstance(one, CodeType)]
    assert names == {"a0", "f_Contains", "set_done"}


def test_tracebacks_quote_robin() -> None:
    actions, _ = library()
    compile_text("SET A TO 1\nSET B TO [][0]\n", actions, file="Quoted.robin")
    assert linecache.getline("Quoted.robin", 2) == "SET B TO [][0]\n"


def test_each_subflow_is_told_from_its_own_file() -> None:
    actions, _ = library()
    main = parse("CALL Work\n", "Main.robin")
    work = parse("FUNCTION Work GLOBAL\n\n    SET A TO [][0]\nEND FUNCTION\n", "Work.robin")
    script = Script(main.headers, main.body, work.functions, file=main.file)
    outcome = run(compile_flow(script, actions), {}, RunEnvironment())
    assert isinstance(outcome, Failed)
    assert outcome.place == Place("Work", 1, 3, 5, "SET", "Work.robin")


def test_a_flow_that_cannot_run_lists_everything_it_lacks() -> None:
    actions, _ = library()
    excel = "Excel.LaunchExcel.LaunchUnderExistingProcess"
    with pytest.raises(FlowErrors) as caught:
        compile_text(f"{excel} Instance=> A\nTest.Nope\n{excel} Instance=> B\n", actions)
    assert [(str(one.code), one.span.line) for one in caught.value.diagnostics] == [
        ("DH2101", 1),
        ("DH2100", 2),
        ("DH2101", 3),
    ]


def test_warnings_do_not_keep_a_flow_from_running() -> None:
    ran = Ran("Test.Join.Many Items: 'a' One: 'b'\n")
    assert [str(one.code) for one in ran.program.warnings] == ["DH2130"]


def test_blocks_that_lie_too_deep_for_the_compiler_are_refused_by_line() -> None:
    actions, _ = library()
    depth = 30
    flow = "".join(f"LOOP i{number} FROM 1 TO 2\n" for number in range(depth)) + "END\n" * depth
    with pytest.raises(FlowErrors, match=r"DH2129 loops and blocks stand inside each other too deeply"):
        compile_text(flow, actions)


@pytest.mark.parametrize("name", ["none", "__debug__", "class", "add", "s_0", "flow", "variables"])
def test_variables_may_have_any_name(name: str) -> None:
    flow = f"@OUTPUT {name} : {{ 'Type': 'Any' }}\nSET {name} TO 1\nCALL add\n"
    flow += f"FUNCTION add GLOBAL\n    SET {name} TO {name} + 1\nEND FUNCTION\n"
    assert Ran(flow).outputs == {name: 2}


# Loops that tell of themselves


def loops_of(ran: Ran) -> list[tuple[str, int, int, str]]:
    """Return summary, rounds, failed rounds and status of each loop that ended."""
    return [
        (one.summary, one.rounds, one.failed, str(one.status))
        for one in ran.events
        if isinstance(one, LoopEnded)
    ]


def shape(ran: Ran) -> str:
    """Return the log as a word: brackets for loops, a letter for every other row."""
    letters = {LoopBegan: "(", LoopEnded: ")", ActionEnded: "a", MessageLogged: "m"}
    return "".join(letters[type(one)] for one in ran.events)


def test_a_loop_tells_how_often_it_went_round_and_how_often_something_failed() -> None:
    ran = Ran(
        "LOOP Index FROM 1 TO 4 STEP 1\n"
        "  IF Index = 2 THEN\n"
        "    Test.Fail How: 'file'\n"
        "      ON ERROR\n"
        "      END\n"
        "  END\n"
        "END\n"
        "Test.Note\n"
    )
    assert loops_of(ran) == [("Loop Index", 4, 1, "Succeeded")]
    assert shape(ran) == "(a)a"


def test_a_loop_that_logs_nothing_tells_nothing() -> None:
    quiet = "FUNCTION Add GLOBAL\n  SET A TO A + 1\nEND FUNCTION\n"
    ran = Ran("SET A TO 0\nLOOP Index FROM 1 TO 3 STEP 1\n  SET A TO A + Index\n  CALL Add\nEND\n" + quiet)
    assert shape(ran) == "a"


def test_loops_in_loops_and_in_what_they_call_each_tell_of_themselves() -> None:
    ran = Ran(
        "LOOP FOREACH Item IN [1, 2]\n  CALL Deeper\nEND\n"
        "FUNCTION Deeper GLOBAL\n  SET N TO 0\n  LOOP WHILE (N) < (Item)\n    SET N TO N + 1\n"
        "    Test.Note Value: N\n  END\nEND FUNCTION\n"
    )
    assert shape(ran) == "((a)(aa))"
    assert loops_of(ran) == [
        ("Loop condition", 1, 0, "Succeeded"),
        ("Loop condition", 2, 0, "Succeeded"),
        ("For each Item", 2, 0, "Succeeded"),
    ]


@pytest.mark.parametrize("way", ["EXIT LOOP", "GOTO 'Out'", "EXIT FUNCTION", "EXIT Code: 3"])
def test_a_loop_that_is_left_early_still_ends_in_the_log(way: str) -> None:
    loop = f"LOOP Index FROM 1 TO 9 STEP 1\n  Test.Note\n  {way}\nEND\nLABEL 'Out'\n"
    ran = Ran(f"CALL Inner\nFUNCTION Inner GLOBAL\n{loop}END FUNCTION\n")
    assert (shape(ran)[:3], loops_of(ran)) == ("(a)", [("Loop Index", 1, 0, "Succeeded")])


def test_an_error_that_leaves_a_loop_fails_its_round_and_is_told_where_it_happened() -> None:
    ran = Ran("LOOP Index FROM 1 TO 9 STEP 1\n  Test.Note\n  Test.Fail How: 'file'\nEND\n")
    assert ran.failure.place == Place("Main", 3, 3, 3, "Test.Fail", "Main.robin")
    assert (shape(ran), loops_of(ran)) == ("(a)a", [("Loop Index", 1, 1, "Failed")])


def rounds_of(ran: Ran) -> list[tuple[str, tuple[int, ...]]]:
    """Return each row's letter, and the rounds that it stands in."""
    return [(letter, one.in_rounds) for letter, one in zip(shape(ran), ran.events, strict=True)]


def test_rows_tell_the_round_of_each_loop_around_them() -> None:
    ran = Ran(
        "LOOP FOREACH Item IN [1, 2]\n  CALL Deeper\nEND\nTest.Note\n"
        "FUNCTION Deeper GLOBAL\n  SET N TO 0\n  LOOP WHILE (N) < (Item)\n    SET N TO N + 1\n"
        "    Test.Note Value: N\n  END\nEND FUNCTION\n"
    )
    first = [("(", ()), ("(", (1,)), ("a", (1, 1)), (")", (1,))]
    second = [("(", (2,)), ("a", (2, 1)), ("a", (2, 2)), (")", (2,)), (")", ()), ("a", ())]
    assert rounds_of(ran) == first + second


@pytest.mark.parametrize(
    "failing", ["Test.Fail How: 'file'", "SET A TO [][5]"], ids=["an action", "an expression"]
)
def test_what_failed_stands_in_the_round_that_it_failed_in_wherever_that_is_handled(failing: str) -> None:
    loop = f"LOOP Index FROM 1 TO 9 STEP 1\n  Test.Note\n  IF Index = 3 THEN\n    {failing}\n  END\nEND\n"
    inside = [("(", ()), ("a", (1,)), ("a", (2,)), ("a", (3,)), (")", ()), ("a", (3,))]
    assert rounds_of(Ran(loop)) == inside
    handled = Ran(f"BLOCK 'Try'\nON BLOCK ERROR all\nEND\n{loop}END\nTest.Note\n")
    assert rounds_of(handled) == [*inside, ("a", ())]


def test_the_list_of_a_loop_fails_before_its_first_round() -> None:
    ran = Ran("LOOP FOREACH Item IN [][5]\n  Test.Note\nEND\n")
    assert rounds_of(ran) == [("(", ()), (")", ()), ("a", (0,))]
