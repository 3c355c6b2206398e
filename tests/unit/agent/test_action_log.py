"""The action log of a run, as its process writes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from deskhand.agent.engine import LogEntry
from deskhand.agent.flow_host import ActionLog
from deskhand.core.ids import stable_id
from deskhand.protocol.messages import ActionRow, ActionStatus, Flow, FlowLimits, RunMode, RunOrder


class Wire:
    def __init__(self) -> None:
        self.rows: list[ActionRow] = []

    def add_row(self, run_id: UUID, fencing_token: int, row: ActionRow) -> None:
        self.rows.append(row)


def log_of(limit: int) -> tuple[Any, Wire]:
    wire, run = Wire(), stable_id("run")
    limits = FlowLimits(1, limit, 1, 1.0)
    flow = Flow(stable_id("flow"), "Flow", "")
    order = RunOrder(run, 1, 60.0, flow, (), {}, 60, RunMode.UNATTENDED, limits, "en-US")
    return ActionLog(cast(Any, wire), run, order), wire


def entry(kind: str, **more: Any) -> LogEntry:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    return LogEntry(kind, "Main", 1, "X", kind, ActionStatus.SUCCEEDED, moment, 0.5, **more)


def shape(wire: Wire) -> list[tuple[str, int, int | None]]:
    return [(row.kind, row.depth, row.loop_index) for row in wire.rows]


def test_rows_know_how_many_loops_are_open_around_them_and_ends_where_their_loop_began() -> None:
    log, wire = log_of(100)
    log.write(entry("action"))
    log.write(entry("loop"))
    log.write(entry("action", in_rounds=(1,)))
    log.write(entry("loop", in_rounds=(1,)))
    log.write(entry("action", in_rounds=(1, 7)))
    log.write(entry("loopEnd", in_rounds=(1,)))
    log.write(entry("loopEnd"))
    log.write(entry("action"))
    log.close()
    assert shape(wire) == [
        ("action", 0, None),
        ("loop", 0, None),
        ("action", 1, None),
        ("loop", 1, None),
        ("action", 2, None),
        ("loopEnd", 1, 3),
        ("loopEnd", 0, 1),
        ("action", 0, None),
    ]
    assert [row.in_rounds for row in wire.rows] == [(), (), (1,), (1,), (1, 7), (1,), (), ()]


def test_what_an_error_made_leave_loops_stands_in_them_though_they_have_ended() -> None:
    log, wire = log_of(100)
    log.write(entry("loop"))
    log.write(entry("loop", in_rounds=(2,)))
    log.write(entry("loopEnd", in_rounds=(2,)))
    log.write(entry("loopEnd"))
    log.write(entry("action", in_rounds=(2, 5), error="no"))
    log.write(entry("loop"))
    log.write(entry("action", in_rounds=(1,)))
    assert shape(wire)[-3:] == [("action", 2, None), ("loop", 0, None), ("action", 1, None)]
    assert wire.rows[-3].in_rounds == (2, 5)


def test_the_end_of_a_loop_is_kept_beyond_the_limit_and_that_of_one_left_out_is_not() -> None:
    log, wire = log_of(2)
    log.write(entry("loop"))
    log.write(entry("action", in_rounds=(1,)))
    log.write(entry("loop", in_rounds=(2,)))
    log.write(entry("action", in_rounds=(2, 1)))
    log.write(replace(entry("action", in_rounds=(2, 3)), status=ActionStatus.FAILED))
    log.write(entry("loopEnd", in_rounds=(2,)))
    log.write(entry("loopEnd"))
    log.close()
    assert shape(wire) == [
        ("loop", 0, None),
        ("action", 1, None),
        ("action", 1, None),
        ("loopEnd", 0, 0),
        ("omitted", 0, None),
    ]
    assert wire.rows[2].in_rounds == (
        2,
    )  # the loop inside is not there: the failure stands in the one around
    assert wire.rows[-1].summary == "2 more rows were left out: one run's action log takes 2"
