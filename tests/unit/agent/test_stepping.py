"""Debugging: where a run pauses, what is seen of it there, and what it can be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deskhand.agent.engine import Standing
from deskhand.agent.stepping import Stepper
from deskhand.protocol.messages import (
    Breakpoint,
    DebugAction,
    DebugCommand,
    DebugPart,
    DebugPhase,
    PauseReason,
    RowPlace,
)
from deskhand.robin.compiler import compile_flow
from deskhand.robin.parser import parse
from deskhand.robin.run_events import MessageLogged, RunEvent
from deskhand.robin.runtime import Failed, Outcome, RunEnvironment, Succeeded, run
from deskhand.robin.starting import CannotStartHere, Start
from tests.robin_library import library

Move = DebugAction | tuple[Any, ...]
RESUME, OVER, INTO, OUT = (
    DebugAction.RESUME,
    DebugAction.STEP_OVER,
    DebugAction.STEP_INTO,
    DebugAction.STEP_OUT,
)


class Script:
    """Whoever debugs, as a list of moves: one for each time that the run pauses."""

    def __init__(self, moves: list[Any]) -> None:
        self.moves = moves
        self.pauses: list[Standing] = []
        self.told: list[Standing] = []
        self.seconds = 0.0
        self.alarm: tuple[float, list[DebugCommand]] | None = None
        self._waiting: list[DebugCommand] = []
        self._sequence = 0

    def command(self, action: DebugAction, **details: Any) -> DebugCommand:
        self._sequence += 1
        return DebugCommand(self._sequence, action, **details)

    def heard(self) -> list[DebugCommand]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def wait(self, seconds: float | None) -> bool:
        if seconds is None:
            if not self._waiting:
                self._waiting = self._next_move()
            return True
        if self.alarm is not None and self.alarm[0] <= self.seconds + seconds:
            at, self._waiting = self.alarm
            self.seconds, self.alarm = max(self.seconds, at), None
            return True
        self.seconds += seconds
        return False

    def _next_move(self) -> list[DebugCommand]:
        assert self.moves, f"paused once more than foreseen: {self.pauses[-1]}"
        move = self.moves.pop(0)
        if callable(move):
            move = move(self)
        moves = move if isinstance(move, list) else [move]
        return [self.command(one) if isinstance(one, DebugAction) else one for one in moves]

    def tell(self, standing: Standing) -> None:
        self.told.append(standing)
        if standing.phase is DebugPhase.PAUSED:
            self.pauses.append(standing)

    def passing(self, place: RowPlace, sequence: int) -> None:
        self.told.append(Standing(sequence, DebugPhase.RUNNING, place=place))

    def now(self) -> float:
        return self.seconds

    @property
    def places(self) -> list[tuple[str, int, str]]:
        """Return where it paused, and why."""
        return [
            (one.place.subflow, one.place.row, str(one.reason))
            for one in self.pauses
            if one.place is not None
        ]


class Debugged:
    """One debugged run, and what whoever debugs saw of it."""

    def __init__(
        self,
        flow: str,
        moves: list[Any] | None = None,
        *,
        breakpoints: list[Any] | None = None,
        start: Start | None = None,
        alarm: Callable[[Script], tuple[float, list[DebugCommand]]] | None = None,
        inputs: dict[str, Any] | None = None,
        **part: Any,
    ) -> None:
        actions, self.notes = library()
        self.script = Script(moves or [])
        if alarm:
            self.script.alarm = alarm(self.script)
        stops = tuple(Breakpoint(*one) for one in breakpoints or [])
        self.stepper = Stepper(DebugPart(breakpoints=stops, **part), self.script)
        tree = parse(flow, is_action=lambda name: actions.resolve(name) is not None)
        program = compile_flow(tree, actions, traced=True, start=start)
        self.logged: list[tuple[str, int, str, str]] = []
        environment = RunEnvironment(debugger=self.stepper, sleep=self.stepper.sleep, emit=self._note_message)
        self.outcome: Outcome = run(program, inputs or {}, environment)
        assert not self.script.moves, f"never paused for {self.script.moves}"

    def _note_message(self, event: RunEvent) -> None:
        if isinstance(event, MessageLogged):
            self.logged.append((event.place.subflow, event.place.row, event.level, event.message))

    @property
    def places(self) -> list[tuple[str, int, str]]:
        return self.script.places

    @property
    def outputs(self) -> dict[str, Any]:
        assert isinstance(self.outcome, Succeeded), self.outcome
        return self.outcome.outputs

    def variables(self, pause: int = 0) -> dict[str, Any]:
        return {one.name: one.value for one in self.script.pauses[pause].variables}


OUTPUT = "@OUTPUT A : { 'Type': 'Numeric' }\n"
CALLS = (
    "SET A TO 1\nCALL Work\nSET A TO A + 1\n"
    "FUNCTION Work GLOBAL\n    SET A TO A * 10\n    CALL Deeper\n    SET A TO A + 5\nEND FUNCTION\n"
    "FUNCTION Deeper GLOBAL\n    SET A TO A + 100\nEND FUNCTION\n"
)


def test_without_breakpoints_a_debugged_run_does_what_any_run_does() -> None:
    ran = Debugged(OUTPUT + CALLS)
    assert (ran.outputs, ran.places) == ({"A": 116}, [])


def test_a_run_pauses_before_its_first_row_when_told_so() -> None:
    assert Debugged(CALLS, [RESUME], stop_on_entry=True).places == [("Main", 1, "entry")]


def test_step_over_passes_by_what_a_subflow_does() -> None:
    ran = Debugged(CALLS, [OVER, OVER, OVER], breakpoints=[("main", 1)])
    assert ran.places == [("Main", 1, "breakpoint"), ("Main", 2, "step"), ("Main", 3, "step")]


def test_step_into_goes_wherever_the_flow_goes() -> None:
    ran = Debugged(CALLS, [INTO] * 7, stop_on_entry=True)
    assert [(subflow, row) for subflow, row, _ in ran.places] == [
        ("Main", 1), ("Main", 2), ("Work", 1), ("Work", 2), ("Deeper", 1), ("Work", 3), ("Main", 3),
    ]  # fmt: skip
    stack = [(one.subflow, one.row) for one in ran.script.pauses[4].stack]
    assert stack == [("Deeper", 1), ("Work", 2), ("Main", 2)]


def test_step_over_at_the_end_of_a_subflow_comes_back_to_its_caller() -> None:
    ran = Debugged(CALLS, [OVER, OVER, RESUME], breakpoints=[("Deeper", 1)])
    assert [(one[0], one[1]) for one in ran.places] == [("Deeper", 1), ("Work", 3), ("Main", 3)]


def test_step_out_runs_the_subflow_to_its_end() -> None:
    ran = Debugged(CALLS, [OUT, RESUME], breakpoints=[("Work", 1)])
    assert ran.places == [("Work", 1, "breakpoint"), ("Main", 3, "step")]


def test_step_out_of_main_runs_to_the_end() -> None:
    assert len(Debugged(CALLS, [OUT], stop_on_entry=True).places) == 1


def test_a_breakpoint_stops_a_step_too() -> None:
    ran = Debugged(CALLS, [OVER, OVER, RESUME], breakpoints=[("Deeper", 1)], stop_on_entry=True)
    assert ran.places[2] == ("Deeper", 1, "breakpoint")


def test_every_round_of_a_loop_meets_its_breakpoints() -> None:
    flow = "LOOP I FROM 1 TO 3 STEP 1\n    SET A TO I\nEND\n"
    ran = Debugged(flow, [RESUME] * 3, breakpoints=[("Main", 2)])
    assert [ran.variables(number)["I"] for number in range(3)] == [1, 2, 3]


def test_a_condition_says_when_a_breakpoint_counts() -> None:
    flow = "SET Word TO 'a'\nLOOP I FROM 1 TO 9 STEP 1\n    SET A TO I\nEND\n"
    ran = Debugged(flow, [RESUME] * 2, breakpoints=[("Main", 3, "I > 7 AND Contains(Word, 'A', True)")])
    assert [ran.variables(number)["I"] for number in range(2)] == [8, 9]


COUNTING = "LOOP Index FROM 1 TO 6 STEP 1\n    SET A TO Index * 10\nEND\n"


def test_a_hit_count_says_from_which_time_on_a_breakpoint_counts() -> None:
    ran = Debugged(COUNTING, [RESUME, RESUME], breakpoints=[("Main", 2, None, 5)])
    assert [ran.variables(at)["Index"] for at in (0, 1)] == [5, 6]

    ran = Debugged(COUNTING, [RESUME], breakpoints=[("Main", 2, "Index > 2", 4)])
    assert ran.variables()["Index"] == 6


def test_a_row_that_is_met_while_somebody_steps_counts_as_well() -> None:
    moves = [OVER, OVER, RESUME, RESUME]
    ran = Debugged(COUNTING, moves, breakpoints=[("Main", 2, None, 6)], stop_on_entry=True)
    assert ran.places == [
        ("Main", 1, "entry"),
        ("Main", 2, "step"),
        ("Main", 2, "step"),
        ("Main", 2, "breakpoint"),
    ]


def test_a_breakpoint_with_a_log_text_writes_it_and_does_not_pause() -> None:
    ran = Debugged(COUNTING, breakpoints=[("Main", 2, "Index > 4", None, "$'''at %Index%'''")])
    assert (ran.places, ran.logged) == ([], [("Main", 2, "Info", "at 5"), ("Main", 2, "Info", "at 6")])


def test_a_logged_text_shows_nothing_sensitive() -> None:
    flow = "@SENSITIVE: [Pin]\n@INPUT Pin : { 'Type': 'String' }\nWAIT 0\n"
    logs = ("Main", 1, None, None, "$'''it is %Pin%'''")
    ran = Debugged(flow, breakpoints=[logs], inputs={"Pin": "s3cret"})
    assert [line[3] for line in ran.logged] == ["it is ********"]


def test_a_log_text_that_fails_pauses_and_says_why() -> None:
    logs = ("Main", 2, None, None, "Missing")
    ran = Debugged("SET A TO 1\nSET A TO 2\n", [RESUME], breakpoints=[logs])
    assert [one.notice.message for one in ran.script.pauses if one.notice] == [
        "The log text of the breakpoint at Main, row 2 failed: ‘Missing’ has no value: "
        "there is no variable ‘Missing’ here."
    ]


def test_a_condition_that_fails_pauses_and_says_why() -> None:
    ran = Debugged("SET A TO 1\nSET A TO 2\n", [RESUME], breakpoints=[("Main", 2, "Missing > 1")])
    notice = ran.script.pauses[0].notice
    assert notice is not None
    assert notice.message == (
        "The condition of the breakpoint at Main, row 2 failed: ‘Missing > 1’ has no value: "
        "there is no variable ‘Missing’ here."
    )


def test_run_to_a_row_pauses_there_once() -> None:
    def to_deeper(script: Script) -> DebugCommand:
        return script.command(DebugAction.RUN_TO, place=RowPlace("deeper", 1))

    ran = Debugged(CALLS, [to_deeper, RESUME], stop_on_entry=True)
    assert ran.places[1:] == [("Deeper", 1, "runTo")]


def test_breakpoints_are_exchanged_while_the_run_is_paused() -> None:
    def others(script: Script) -> list[DebugCommand]:
        return [
            script.command(DebugAction.BREAKPOINTS, breakpoints=(Breakpoint("Work", 3),)),
            script.command(RESUME),
        ]

    ran = Debugged(CALLS, [others, RESUME], breakpoints=[("Main", 1), ("Main", 3)])
    assert [one[:2] for one in ran.places] == [("Main", 1), ("Work", 3)]


def test_a_command_that_comes_twice_is_obeyed_once() -> None:
    def twice(script: Script) -> list[DebugCommand]:
        step = script.command(OVER)
        return [step, step]

    ran = Debugged("SET A TO 1\nSET A TO 2\nSET A TO 3\n", [twice, RESUME], stop_on_entry=True)
    assert [one[1] for one in ran.places] == [1, 2]


def test_what_comes_after_a_command_to_go_on_is_obeyed_too() -> None:
    ran = Debugged("SET A TO 1\nSET A TO 2\n", [[RESUME, DebugAction.PAUSE], RESUME], stop_on_entry=True)
    assert ran.places == [("Main", 1, "entry"), ("Main", 2, "pause")]


# Variables


def edit(name: str, **value: str) -> Callable[[Script], list[DebugCommand]]:
    return lambda script: [
        script.command(DebugAction.VARIABLE, name=name, **value),
        script.command(RESUME),
    ]


def notices(ran: Debugged, name: str = "") -> list[str]:
    return [one.notice.message for one in ran.script.told if one.notice is not None]


def test_a_variable_is_given_another_value() -> None:
    ran = Debugged(OUTPUT + CALLS, [edit("a", expression="A + 1")], breakpoints=[("Main", 2)])
    assert ran.outputs == {"A": 126}


def test_a_local_subflow_has_variables_of_its_own() -> None:
    flow = (
        "@OUTPUT R : { 'Type': 'Numeric' }\nCALL Twice Number: 4 Result=> R\n"
        "FUNCTION Twice LOCAL INPUT Number OUTPUT Result\n    SET Result TO Number * 2\nEND FUNCTION\n"
    )
    ran = Debugged(flow, [edit("Number", expression="21")], breakpoints=[("Twice", 1)])
    assert ran.variables() == {"Number": 4, "Result": None}
    assert ran.outputs == {"R": 42}


@pytest.mark.parametrize(
    ("before", "value", "refusal"),
    [
        ("1", {"expression": "'abc'"}, "‘A’ keeps its value: it takes a number, not ‘abc’."),
        ("True", {"expression": "'maybe'"}, "‘A’ keeps its value: it takes true or false, not ‘maybe’."),
        ("[1]", {"json": '{"a": 1}'}, '‘A’ keeps its value: it takes a list, not ‘{"a": 1}’.'),
        ("1", {"expression": "B"}, "‘B’ has no value: there is no variable ‘B’ here."),
        ("1", {"expression": "1 +"}, "‘1 +’ has no value: "),
    ],
)
def test_a_value_of_another_type_is_refused(before: str, value: dict[str, str], refusal: str) -> None:
    ran = Debugged(f"SET A TO {before}\nSET C TO A\n", [edit("A", **value)], breakpoints=[("Main", 2)])
    assert notices(ran)[0].startswith(refusal)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("[1]", {"json": '[1, 2, {"a": true}]'}, [1, 2, {"a": True}]),
        ("{ 'x': 1 }", {"json": '{"y": [2]}'}, {"y": [2]}),
        ("{^['P', 'Q'], [1, 2]}", {"json": '[{"P": 3, "Q": 4}]'}, [{"P": 3, "Q": 4}]),
        ("'a'", {"expression": "$'''%A%b'''"}, "ab"),
        ("'a'", {"expression": "5"}, "5"),
    ],
)
def test_values_keep_their_type(before: str, value: dict[str, str], after: Any) -> None:
    def edits(script: Script) -> list[DebugCommand]:
        return [script.command(DebugAction.VARIABLE, name="A", **value), script.command(OVER)]

    ran = Debugged(f"SET A TO {before}\nSET C TO 1\nSET C TO 2\n", [edits, RESUME], breakpoints=[("Main", 2)])
    assert (notices(ran), ran.variables(1)["A"]) == ([], after)


def test_secrets_are_not_shown_and_not_even_in_other_values() -> None:
    flow = (
        "@INPUT Key : { 'Type': 'String', 'IsSensitive': True }\n@SENSITIVE: [Key]\n"
        "SET Text TO $'''key is %Key%'''\nSET B TO 1\n"
    )
    ran = Debugged(flow, [RESUME], breakpoints=[("Main", 2)], inputs={"Key": "open sesame"})
    seen = {one.name: one for one in ran.script.pauses[0].variables}
    assert (seen["Key"].value, seen["Key"].sensitive) == (None, True)
    assert "sesame" not in repr(ran.script.pauses)


def test_large_values_are_shown_by_their_beginning() -> None:
    flow = "LOOP I FROM 1 TO 150 STEP 1\n    SET L TO L + I\nEND\nSET D TO [[[[[[1]]]]]]\nSET B TO 1\n"
    ran = Debugged(
        "SET L TO [0]\n" + flow.replace("SET L TO L + I", "SET L TO [L, I]"),
        [RESUME],
        breakpoints=[("Main", 6)],
    )
    seen = {one.name: one for one in ran.script.pauses[0].variables}
    assert seen["D"].truncated
    assert seen["D"].value == [[[[["…"]]]]]
    assert not seen["D"].editable


# Errors


FAILS = "SET A TO 0\nSET B TO 1 / A\nSET A TO 7\n"


def test_an_error_that_nothing_handles_pauses_at_its_row() -> None:
    ran = Debugged(FAILS, [RESUME])
    assert ran.places == [("Main", 2, "error")]
    assert isinstance(ran.outcome, Failed)
    error = ran.script.pauses[0].error
    assert error is not None
    assert error.place == RowPlace("Main", 2)


def test_a_mended_row_is_tried_again() -> None:
    def mend(script: Script) -> list[DebugCommand]:
        return [
            script.command(DebugAction.VARIABLE, name="A", expression="2"),
            script.command(DebugAction.RETRY),
        ]

    ran = Debugged("@OUTPUT B : { 'Type': 'Numeric' }\n" + FAILS, [mend])
    assert str(ran.outputs["B"]) == "0.5"


def test_a_failed_row_is_skipped() -> None:
    assert Debugged(OUTPUT + FAILS, [DebugAction.SKIP]).outputs == {"A": 7}


def test_skip_without_an_error_is_refused() -> None:
    ran = Debugged("SET A TO 1\n", [[DebugAction.SKIP, RESUME]], stop_on_entry=True)
    assert notices(ran)[0].startswith("Nothing failed at this row")


@pytest.mark.parametrize(
    "handled",
    [
        "BLOCK Safe\nON BLOCK ERROR all\n    SET C TO 1\nEND\n    SET B TO 1 / 0\nEND\n",
        "BLOCK Safe\nON BLOCK ERROR all\nEND\n    CALL Work\nEND\nFUNCTION Work GLOBAL\n"
        "    SET B TO 1 / 0\nEND FUNCTION\n",
        "SET B TO 1 / 0\nON ERROR\n    SET C TO 1\nEND\n",
    ],
)
def test_an_error_that_the_flow_handles_pauses_nothing(handled: str) -> None:
    ran = Debugged(handled)
    assert isinstance(ran.outcome, Succeeded)
    assert ran.places == []


def test_an_error_in_a_subflow_pauses_once_where_it_came_up() -> None:
    flow = "CALL Work\nFUNCTION Work GLOBAL\n    SET B TO 1 / 0\nEND FUNCTION\n"
    ran = Debugged(flow, [RESUME])
    assert ran.places == [("Work", 1, "error")]
    assert [one.subflow for one in ran.script.pauses[0].stack] == ["Work", "Main"]


def test_a_condition_that_fails_counts_as_false_when_skipped() -> None:
    flow = "SET A TO 0\nIF 1 / A > 1 THEN\n    SET A TO 5\nEND\n"
    ran = Debugged(OUTPUT + flow, [DebugAction.SKIP])
    assert (ran.outputs, ran.places) == ({"A": 0}, [("Main", 2, "error")])


def test_a_loop_that_cannot_begin_can_be_neither_tried_again_nor_skipped() -> None:
    ran = Debugged("LOOP I FROM 1 TO 1 / 0 STEP 1\nEND\n", [[DebugAction.RETRY, RESUME]])
    assert ran.places[0] == ("Main", 1, "error")
    assert notices(ran)[0].startswith("The block at whose beginning the run failed")


# Pausing, delay


def test_a_wait_is_interrupted_to_pause_and_then_waits_for_the_rest() -> None:
    ran = Debugged(
        "WAIT 10\nSET A TO 1\n", [RESUME], alarm=lambda script: (4.0, [script.command(DebugAction.PAUSE)])
    )
    assert (ran.places, ran.script.seconds) == ([("Main", 1, "pause")], 10.0)


def test_the_run_rests_before_each_row() -> None:
    assert Debugged("SET A TO 1\nSET A TO 2\n", delay_ms=500).script.seconds == 1.0


def test_a_pause_ends_a_rest() -> None:
    ran = Debugged(
        "SET A TO 1\n",
        [RESUME],
        delay_ms=5000,
        alarm=lambda script: (1.0, [script.command(DebugAction.PAUSE)]),
    )
    assert (ran.places, ran.script.seconds) == ([("Main", 1, "pause")], 1.0)


# Run from here


def test_a_run_begins_at_a_row() -> None:
    assert Debugged(OUTPUT + CALLS, start=Start("Main", 3)).outputs == {"A": 1}


def test_a_run_that_begins_in_a_subflow_ends_with_it() -> None:
    ran = Debugged(OUTPUT + CALLS, [RESUME], start=Start("work", 2), stop_on_entry=True)
    assert (ran.outputs, ran.places) == ({"A": 105}, [("Work", 2, "entry")])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (2, "the row stands inside a block; choose the row with which the block begins, or one below it"),
        (9, "there is no such row"),
        (5, "row 6 goes to the label ‘Top’ above it"),
        (7, "the row is skipped; enable it, or choose one below"),
    ],
)
def test_a_run_cannot_begin_everywhere(row: int, reason: str) -> None:
    flow = "IF True THEN\n    SET A TO 1\nEND\nLABEL Top\nSET A TO 2\nGOTO Top\nDISABLE SET A TO 3\n"
    with pytest.raises(CannotStartHere) as refused:
        Debugged(flow, start=Start("Main", row))
    assert str(refused.value) == f"A run cannot begin at Main, row {row}: {reason}."


def test_reasons_are_those_of_the_contract() -> None:
    assert {str(one) for one in PauseReason} == {"breakpoint", "step", "pause", "entry", "error", "runTo"}
