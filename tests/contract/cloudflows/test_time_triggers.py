"""Recurrence and SlidingWindow, from switching on to the runs. Source: cloud-flows 2.3 and 2.4."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from deskhand.cloudflows.errors import CloudFlowInvalid
from deskhand.entities.flowrun import FlowRun
from tests.contract.cloudflows.watching import Watching

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def recurrence(frequency: str, interval: Any = 1, **members: Any) -> dict[str, Any]:
    return {
        "type": "Recurrence",
        "recurrence": {"frequency": frequency, "interval": interval, **members},
    }


def windows(frequency: str, interval: int = 1, delay: str | None = None, **members: Any) -> dict[str, Any]:
    inputs = {"inputs": {"delay": delay}} if delay else {}
    return {**recurrence(frequency, interval, **members), "type": "SlidingWindow", **inputs}


def test_without_a_start_time_a_flow_runs_at_once_and_then_drifts(watching: Watching) -> None:
    flow = watching.flow(recurrence("Hour"))
    watching.look()
    watching.clock.advance(3600 + 120)  # nobody looked for two minutes
    watching.look()
    watching.until(BEGIN + timedelta(hours=2, minutes=2))

    assert watching.times(flow) == ["2026-03-01T08:00:00", "2026-03-01T09:00:00", "2026-03-01T10:02:00"]


def test_a_flow_that_is_switched_on_while_no_server_runs_begins_with_the_server(watching: Watching) -> None:
    flow = watching.flow(recurrence("Day"))
    watching.clock.advance(3600)
    watching.look()
    watching.until(BEGIN + timedelta(hours=25))

    assert watching.times(flow) == ["2026-03-01T08:00:00", "2026-03-02T09:00:00"]


def test_a_start_time_in_the_past_leaves_its_next_slot(watching: Watching) -> None:
    flow = watching.flow(recurrence("Hour", startTime="2026-01-01T00:15:30Z"))
    watching.until(BEGIN + timedelta(hours=2))

    assert watching.times(flow) == ["2026-03-01T08:15:30", "2026-03-01T09:15:30"]


def test_a_start_time_in_the_future_is_waited_for(watching: Watching) -> None:
    flow = watching.flow(recurrence("Day", startTime="2026-03-02T06:00:00", timeZone="Tokyo Standard Time"))
    watching.until(BEGIN + timedelta(days=2))

    assert watching.times(flow) == ["2026-03-01T21:00:00", "2026-03-02T21:00:00"]


@pytest.mark.parametrize(
    ("members", "expected"),
    [({"startTime": "2026-03-01T08:30:00Z"}, ["08:30", "14:30"]), ({}, ["08:00", "09:00", "15:00"])],
)
def test_slots_that_passed_while_the_server_was_down_are_dropped(
    watching: Watching, members: dict[str, Any], expected: list[str]
) -> None:
    flow = watching.flow(recurrence("Hour", **members))
    watching.until(BEGIN + timedelta(hours=1))
    watching.clock.advance(5 * 3600 + 360)
    watching.restart()
    watching.look()
    watching.until(BEGIN + timedelta(hours=7))

    assert [one[11:16] for one in watching.times(flow)] == expected
    assert watching.histories(flow) == [("Skipped", None)]


def test_a_slot_that_passes_while_the_server_restarts_is_late_and_not_missed(watching: Watching) -> None:
    flow = watching.flow(recurrence("Hour", startTime="2026-03-01T08:30:00Z"))
    watching.clock.advance(1800 + 60)
    watching.restart()
    watching.look()
    watching.until(BEGIN + timedelta(hours=2))

    assert watching.times(flow) == ["2026-03-01T08:30:00", "2026-03-01T09:30:00"]


def test_slots_that_passed_while_the_flow_was_off_are_dropped(watching: Watching) -> None:
    flow = watching.flow(recurrence("Hour", startTime="2026-03-01T08:30:00Z"))
    watching.until(BEGIN + timedelta(hours=1))
    watching.off(flow)
    watching.until(BEGIN + timedelta(hours=5))
    watching.on(flow)
    watching.until(BEGIN + timedelta(hours=6))

    assert watching.times(flow) == ["2026-03-01T08:30:00", "2026-03-01T13:30:00"]


def test_a_server_that_dies_during_a_look_starts_its_run_once(watching: Watching) -> None:
    flow = watching.flow(recurrence("Hour", startTime="2026-03-01T08:30:00Z"))
    watching.clock.advance(1800)
    claimed = watching.database.write(watching.watcher._claim)
    watching.look()
    assert (len(claimed), watching.times(flow)) == (1, [])

    watching.clock.advance(180)  # the dead server's lease
    watching.restart()
    watching.look()
    assert len(watching.times(flow)) == 1


def test_count_and_end_stop_a_recurrence(watching: Watching) -> None:
    counted = watching.flow(recurrence("Hour", count=2))
    ended = watching.flow(
        recurrence("Hour", startTime="2026-03-01T08:30:00Z", endTime="2026-03-01T10:30:00Z")
    )
    watching.until(BEGIN + timedelta(hours=9))

    assert (len(watching.times(counted)), len(watching.times(ended))) == (2, 3)
    assert watching.due() is None


def test_a_slot_keeps_its_local_time_when_clocks_change(watching: Watching) -> None:
    flow = watching.flow(
        recurrence(
            "Day",
            startTime="2026-03-07T00:00:00",
            timeZone="Pacific Standard Time",
            schedule={"hours": ["2"], "minutes": [30]},
        )
    )
    watching.until(datetime(2026, 3, 10, tzinfo=UTC))

    assert watching.times(flow) == ["2026-03-07T10:30:00", "2026-03-08T10:30:00", "2026-03-09T09:30:00"]


def test_a_single_instance_drops_slots_while_it_runs(watching: Watching) -> None:
    flow = watching.flow({**recurrence("Hour"), "operationOptions": "SingleInstance"})
    watching.until(BEGIN + timedelta(hours=3))

    assert watching.times(flow) == ["2026-03-01T08:00:00"]  # it still runs, since nobody drives it


def test_slots_are_dropped_while_as_many_runs_wait_as_may(watching: Watching) -> None:
    concurrency = {"concurrency": {"runs": 1, "maximumWaitingRuns": 2}}
    flow = watching.flow({**recurrence("Hour"), "runtimeConfiguration": concurrency})
    watching.until(BEGIN + timedelta(hours=9))

    assert len(watching.times(flow)) == 3


def test_a_condition_that_is_not_met_leaves_a_history(watching: Watching) -> None:
    flow = watching.flow({**recurrence("Hour"), "conditions": [{"expression": "@equals(1, 2)"}]})
    watching.look()

    assert (watching.runs(flow), watching.histories(flow)) == ([], [("Skipped", None)])


def test_a_condition_that_cannot_be_evaluated_fails_the_look_and_not_the_trigger(watching: Watching) -> None:
    flow = watching.flow({**recurrence("Hour"), "conditions": [{"expression": "@int('x')"}]})
    watching.until(BEGIN + timedelta(hours=1))

    assert watching.histories(flow) == [("Failed", "InvalidTemplate")] * 2


@pytest.mark.parametrize(
    "members",
    [
        {"frequency": "Fortnight", "interval": 1},
        {"frequency": "Day", "interval": 501},
        {"frequency": "Day", "interval": "@parameters('Every')"},
        {"frequency": "Hour", "interval": 1, "schedule": {"hours": [8]}},
        {"frequency": "Day", "interval": 1, "timeZone": "Mars"},
        {"frequency": "Day", "interval": 1, "startTime": "soon"},
        {"frequency": "Day", "interval": 1, "startTime": "@variables('x')"},
    ],
)
def test_a_recurrence_that_makes_no_sense_is_refused_when_the_flow_is_switched_on(
    watching: Watching, members: dict[str, Any]
) -> None:
    trigger = {"type": "Recurrence", "recurrence": members}
    flow = watching.flow(trigger, on=False, parameters={"Every": {"type": "Int", "defaultValue": 0}})
    with pytest.raises(CloudFlowInvalid) as refused:
        watching.on(flow)

    assert (refused.value.service_code, len(refused.value.findings)) == ("InvalidTemplate", 1)


def test_a_recurrence_may_read_parameters(watching: Watching) -> None:
    trigger = recurrence("Hour", "@parameters('Every')")
    flow = watching.flow(trigger, parameters={"Every": {"type": "Int", "defaultValue": 3}})
    watching.until(BEGIN + timedelta(hours=4))

    assert watching.times(flow) == ["2026-03-01T08:00:00", "2026-03-01T11:00:00"]


def test_every_window_has_a_run_in_order_each_after_its_delay(watching: Watching) -> None:
    flow = watching.flow(windows("Hour", delay="PT15S"))
    watching.until(BEGIN + timedelta(hours=2, minutes=1))

    assert [one["outputs"] for one in watching.runs(flow)] == [
        {"windowStartTime": "2026-03-01T08:00:00.0000000Z", "windowEndTime": "2026-03-01T09:00:00.0000000Z"},
        {"windowStartTime": "2026-03-01T09:00:00.0000000Z", "windowEndTime": "2026-03-01T10:00:00.0000000Z"},
    ]
    assert watching.times(flow) == ["2026-03-01T09:00:15", "2026-03-01T10:00:15"]


def test_windows_that_passed_while_the_server_was_down_are_made_up_for(watching: Watching) -> None:
    flow = watching.flow(windows("Hour"))
    watching.clock.advance(4 * 3600 + 60)
    watching.restart()
    watching.look()
    watching.until(BEGIN + timedelta(hours=5))

    starts = [one["outputs"]["windowStartTime"][11:13] for one in watching.runs(flow)]
    assert starts == ["08", "09", "10", "11", "12"]


def test_windows_are_not_lost_to_a_run_that_goes_on(watching: Watching) -> None:
    concurrency = {"concurrency": {"runs": 1, "maximumWaitingRuns": 1}}
    flow = watching.flow({**windows("Hour", count=3), "runtimeConfiguration": concurrency})
    watching.until(BEGIN + timedelta(hours=3))
    assert len(watching.runs(flow)) == 2

    watching.database.write(lambda tx: tx.execute(sa.update(FlowRun.table).values(status="Succeeded")))
    watching.until(BEGIN + timedelta(hours=4))
    starts = [one["outputs"]["windowStartTime"][11:13] for one in watching.runs(flow)]
    assert starts == ["08", "09", "10"]


def test_windows_have_no_schedule(watching: Watching) -> None:
    flow = watching.flow(windows("Day", schedule={"hours": [8]}), on=False)
    with pytest.raises(CloudFlowInvalid, match="no ‘schedule’"):
        watching.on(flow)
