"""More runs than a server holds at once: those beyond wait as rows, and all of them finish."""

from __future__ import annotations

import pytest

from deskhand.cloudflows import driver
from tests.cloud_runs import after
from tests.contract.cloudflows.servers import House

REST = {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Minute"}}}
NOTE = {"type": "Compose", "inputs": 1}


def test_a_run_for_which_there_is_no_room_begins_later(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_NEW_MOST", 0)
    flow_id = house.flow({"Note": NOTE})
    with house.server() as server:
        (run,) = server.call(flow_id)
        begun = run.has_entered
        (ended,) = house.finish(server, run.id)

    assert not begun
    assert (ended["status"], house.statuses(run.id)) == ("Succeeded", {"Note": "Succeeded"})


@pytest.mark.parametrize(("name", "most"), [("_TAKEN_AT_ONCE", 2), ("_HELD_MOST", 3)])
def test_a_crowd_that_is_due_at_once_is_taken_bit_by_bit(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(driver, name, most)
    flow_id = house.flow({"Rest": REST, "Note": {**NOTE, "runAfter": after("Rest")}})
    with house.server() as server:
        started = [server.call(flow_id)[0].id for _ in range(20)]
        ended = house.finish(server, *started)

    assert [row["status"] for row in ended] == ["Succeeded"] * 20
    assert {row["fencingtoken"] for row in ended} == {2}
