"""Runs whose server died, or was thought dead: another one goes on, and the first one's word is void."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from threading import Event

import pytest

from deskhand.cloudflows import driver
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from deskhand.cloudflows.journal import Seals, load_records
from deskhand.cloudflows.runstate import RunState
from deskhand.store.database import Transaction
from deskhand.store.errors import DatabaseClosed
from tests.cloud_runs import after
from tests.contract.cloudflows.servers import WAIT_SECONDS, House


def test_an_end_that_a_transaction_brought_is_followed_after_a_crash(house: House) -> None:
    house.flow({"Note": {"type": "Compose", "inputs": 1}}, name="Child")
    flow_id = house.flow(
        {
            "Call": {"type": "Workflow", "inputs": {"host": {"workflowReferenceName": "Child"}}},
            "Good": {"type": "Compose", "inputs": 1, "runAfter": after("Call")},
            "Bad": {"type": "Compose", "inputs": 1, "runAfter": after("Call", statuses=["Failed"])},
            "Worse": {"type": "Compose", "inputs": 1, "runAfter": after("Bad")},
        }
    )
    with house.server(dies_at=1) as dying, suppress(DatabaseClosed):
        dying.call(flow_id)
    (run,) = house.runs_of(flow_id)
    assert house.statuses(run["flowrunid"]) == {"Call": "Succeeded"}

    house.bury_the_dead()
    with house.server() as server:
        (ended,) = house.finish(server, run["flowrunid"])

    assert ended["status"] == "Succeeded"
    assert house.statuses(run["flowrunid"]) == {
        "Call": "Succeeded",
        "Good": "Succeeded",
        "Bad": "Skipped",
        "Worse": "Skipped",
    }


def test_a_run_that_cannot_be_loaded_is_tried_again_when_its_lease_ends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = {"type": "Wait", "inputs": {"interval": {"count": 5, "unit": "Minute"}}}
    flow_id = house.flow({"Rest": rest})
    failures = iter([RuntimeError("once")])

    def load(tx: Transaction, run: RunState, seals: Seals) -> None:
        for failure in failures:
            raise failure
        load_records(tx, run, seals)

    monkeypatch.setattr(driver, "load_records", load)
    with house.server() as server:
        (run,) = server.call(flow_id)
        (ended,) = house.finish(server, run.id)

    assert (ended["status"], ended["fencingtoken"]) == ("Succeeded", 3)


def test_a_server_that_lost_its_lease_journals_nothing_and_calls_nothing_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "_CALLS_AT_ONCE", 1)
    call = {
        "type": "Http",
        "inputs": {
            "method": "POST",
            "uri": "https://api.example/",
            "retryPolicy": {"type": "fixed", "count": 1, "interval": "PT5S"},
        },
    }
    flow_id = house.flow({"First": call, "Second": call})
    called, goes_on = Event(), Event()

    def answer(_: Request) -> Response:
        if not called.is_set():
            called.set()
            assert goes_on.wait(WAIT_SECONDS)
            return Response(200, {"Content-Type": "application/json"}, b'"of the first server"')
        return Response(200, {"Content-Type": "application/json"}, b'"of the second server"')

    house.web.answer = answer
    with house.server() as first:
        (run,) = first.call(flow_id)
        assert called.wait(WAIT_SECONDS)
        # It stands still for so long that it is thought dead: it does not renew what it held in between.
        monkeypatch.setattr(first.driver, "_renew", lambda: None)
        house.bury_the_dead()
        with house.server() as second:
            house.finish(second, run.id)
            goes_on.set()
            first.driver.stop()
            records = house.records(second, run.id)

    assert {name: one.outputs["body"] for name, (one,) in records.items()} == {
        "First": "of the second server",
        "Second": "of the second server",
    }
    assert Counter(house.web.calls) == {str(records["First"][0].id): 2, str(records["Second"][0].id): 1}
