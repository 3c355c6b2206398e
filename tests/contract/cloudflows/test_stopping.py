"""A server that stops in order: what it breaks off itself is no attempt of the action's."""

from __future__ import annotations

from threading import Event

from deskhand.cloudflows.http.errors import CallAborted
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from tests.cloud_runs import after
from tests.contract.cloudflows.servers import House

CALL = {
    "type": "Http",
    "inputs": {"method": "GET", "uri": "https://a.example/", "retryPolicy": {"type": "none"}},
}


def test_a_call_that_the_stopping_server_broke_off_is_made_anew_and_counts_once(house: House) -> None:
    called, stopping = Event(), Event()

    def broken_off(request: Request) -> Response:
        called.set()
        assert stopping.wait(60)
        raise CallAborted(request.url.host)

    flow_id = house.flow({"Call": CALL, "Then": {"type": "Compose", "inputs": 1, "runAfter": after("Call")}})
    usual, house.web.answer = house.web.answer, broken_off
    with house.server() as server:
        (run,) = server.call(flow_id)
        assert called.wait(60)
        stopping.set()
        server.driver.stop()
    house.web.answer = usual
    with house.server() as server:
        (row,) = house.finish(server, run.id)
        (record,) = house.records(server, run.id)["Call"]
    assert (row["status"], record.attempts, len(house.web.calls)) == ("Succeeded", [], 2)


def test_an_answer_that_comes_while_the_server_stops_is_kept(house: House) -> None:
    called, stopping = Event(), Event()
    usual = house.web.answer

    def late(request: Request) -> Response:
        called.set()
        assert stopping.wait(60)
        return usual(request)

    flow_id = house.flow({"One": CALL, "Two": {**CALL, "runAfter": after("One")}})
    house.web.answer = late
    with house.server() as server:
        (run,) = server.call(flow_id)
        assert called.wait(60)
        stopping.set()
        server.driver.stop()
    with house.server() as server:
        (row,) = house.finish(server, run.id)
    assert (row["status"], len(house.web.calls)) == ("Succeeded", 2)


def test_a_run_whose_last_action_is_a_transaction_ends_at_once(house: House) -> None:
    api = "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps"
    host = {"apiId": api, "connectionName": "dataverse", "operationId": "PerformUnboundAction"}
    flow_id = house.flow(
        {
            "Who": {
                "type": "OpenApiConnection",
                "inputs": {"host": host, "parameters": {"actionName": "WhoAmI"}},
            }
        }
    )
    with house.server() as server:
        (run,) = server.call(flow_id)
        (row,) = house.finish(server, run.id)
    assert row["status"] == "Succeeded"
