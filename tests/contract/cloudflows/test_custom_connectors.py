"""Operations that are not built in: of custom connectors, redirected ones, and those that nobody knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any
from urllib.parse import parse_qs

import pytest

from deskhand.cloudflows.actions.http import CALLED_BACK
from deskhand.cloudflows.connection_editing import NewConnection, connection_test, create_connection
from deskhand.cloudflows.connection_errors import ConnectionTestFailed
from deskhand.cloudflows.custom_connectors import add_connector
from deskhand.cloudflows.errors import CloudFlowInvalid
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from deskhand.cloudflows.redirects import read_redirects, store_redirects
from deskhand.cloudflows.services import CloudServices
from deskhand.identity.accounts import load_principal
from deskhand.orchestrator.parents import signal
from deskhand.store.database import Transaction
from tests.cloud_runs import after
from tests.contract.cloudflows.connected import call, connected_flow, run
from tests.contract.cloudflows.servers import House

NAME = "shared_orders"
DOCUMENT = {
    "swagger": "2.0",
    "info": {"title": "Orders"},
    "host": "orders.example",
    "basePath": "/v1",
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "login": {"type": "basic"},
        "granted": {"type": "oauth2", "flow": "application", "tokenUrl": "https://id.example/token"},
    },
    "paths": {
        "/orders": {
            "get": {
                "operationId": "ListOrders",
                "security": [{"key": []}],
                "parameters": [{"name": "state", "in": "query", "type": "string"}],
                "responses": {"200": {"description": "Fine"}},
            },
            "post": {
                "operationId": "CreateOrder",
                "security": [{"login": []}],
                "parameters": [
                    {
                        "name": "item",
                        "in": "body",
                        "schema": {"type": "object", "properties": {"lines": {"type": "array"}}},
                    }
                ],
                "responses": {"201": {"description": "Made"}},
            },
        },
        "/orders/{id}": {
            "get": {
                "operationId": "GetOrder",
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "type": "integer",
                        "required": True,
                        "x-ms-summary": "Order",
                    },
                    {"name": "lang", "in": "query", "type": "string", "required": True, "default": "en"},
                ],
                "responses": {},
            },
        },
        "/total": {
            "get": {"operationId": "Total", "security": [{"granted": []}], "responses": {}},
        },
        "/watch": {
            "post": {
                "operationId": "WatchOrder",
                "security": [{"key": []}],
                "parameters": [
                    {
                        "name": "callback",
                        "in": "query",
                        "type": "string",
                        "required": True,
                        "x-ms-notification-url": True,
                    }
                ],
                "responses": {},
            }
        },
    },
}
JSON = {"Content-Type": "application/json"}


def ready(house: House, answer: Callable[[Request], Response]) -> list[Request]:
    """Add the connector; return what its service is asked."""
    house.database.write(lambda tx: add_connector(tx, NAME, json.dumps(DOCUMENT), owner_id=house.owner_id))
    asked: list[Request] = []

    def remember(request: Request) -> Response:
        asked.append(request)
        return answer(request)

    house.web.answer = remember
    return asked


def fine(body: Any = None, status: int = 200, **headers: str) -> Response:
    return Response(status, {**JSON, **headers}, json.dumps(body).encode())


def test_an_operation_is_called_with_the_connections_key(house: House) -> None:
    asked = ready(house, lambda _: fine({"value": [1]}))
    action = call(NAME, "ListOrders", {"state": "open & new"})
    record = run(house, connected_flow(house, {"List": action}, NAME, {"apiKey": "k3y"}))["List"]

    (request,) = asked
    assert (request.method, str(request.url)) == (
        "GET",
        "https://orders.example/v1/orders?state=open%20%26%20new",
    )
    assert (request.header("X-Key"), request.header("x-ms-action-tracking-id")) == ("k3y", str(record.id))
    assert record.outputs == {"statusCode": 200, "headers": JSON, "body": {"value": [1]}}
    assert "k3y" not in json.dumps([record.inputs, record.outputs])


def test_a_clients_secret_without_an_address_for_tokens_is_told_of(house: House) -> None:
    ready(house, lambda _: fine())
    asked = NewConnection(NAME, {"clientId": "robot", "clientSecret": "s3cret"})

    def make(tx: Transaction, services: CloudServices) -> Callable[[], None]:
        principal = load_principal(tx, house.owner_id)
        name = create_connection(tx, principal, asked, house.vault)
        return connection_test(tx, principal, name, services)

    with house.server() as server:
        attempt = house.database.write(lambda tx: make(tx, server.flows.services))
        with pytest.raises(ConnectionTestFailed, match="no ‘tokenUrl’"):
            attempt()


def test_a_login_and_a_path_into_the_body(house: House) -> None:
    asked = ready(house, lambda _: fine({}, 201))
    parameters = {"item/lines/0/count": 2, "item/lines/1/count": 3}
    held = {"username": "robot", "password": "pass"}
    record = run(house, connected_flow(house, {"Make": call(NAME, "CreateOrder", parameters)}, NAME, held))[
        "Make"
    ]
    (request,) = asked
    assert request.header("Authorization") == "Basic cm9ib3Q6cGFzcw=="
    assert json.loads(request.body or b"") == {"lines": [{"count": 2}, {"count": 3}]}
    assert record.code == "Created"


def test_a_key_stays_with_the_server_that_it_is_for(house: House) -> None:
    asked = ready(house, lambda _: fine({"value": [1, 2], "nextLink": "https://elsewhere.example/more"}))
    policy = {"runtimeConfiguration": {"paginationPolicy": {"minimumItemCount": 3}}}
    action = call(NAME, "ListOrders", {}, **policy)
    run(house, connected_flow(house, {"List": action}, NAME, {"apiKey": "k3y"}))
    assert [(str(one.url.host), one.header("X-Key")) for one in asked] == [
        ("orders.example", "k3y"),
        ("elsewhere.example", None),
    ]


def test_pages_are_gathered(house: House) -> None:
    pages: list[Mapping[str, Any]] = [
        {"value": [1, 2], "@odata.nextLink": "https://orders.example/v1/orders?page=2"},
        {"value": [3, 4], "@odata.nextLink": "https://orders.example/v1/orders?page=3"},
        {"value": [5]},
    ]
    ready(house, lambda request: fine(pages[int(request.url.target.partition("page=")[2] or 1) - 1]))

    def listed(least: int) -> dict[str, Any]:
        policy = {"paginationPolicy": {"minimumItemCount": least}}
        return call(NAME, "ListOrders", {}, runtimeConfiguration=policy)

    actions = {"One": call(NAME, "ListOrders", {}), "Some": listed(3), "All": listed(100)}
    records = run(house, connected_flow(house, actions, NAME, {"apiKey": "k3y"}))
    assert records["One"].outputs["body"] == pages[0]
    assert records["Some"].outputs["body"] == {"value": [1, 2, 3, 4]}
    assert records["All"].outputs["body"] == {"value": [1, 2, 3, 4, 5]}


def test_failures_are_told_and_tried_again_as_those_of_http(house: House) -> None:
    answers = [fine({}, 503), fine({"error": {"code": "NoSuchState", "message": "None."}}, 400)]
    asked = ready(house, lambda _: answers.pop(0))
    record = run(
        house, connected_flow(house, {"List": call(NAME, "ListOrders", {})}, NAME, {"apiKey": "k3y"})
    )["List"]
    assert record.problem is not None
    assert (len(asked), record.code, record.problem.code) == (2, "BadRequest", "NoSuchState")


def test_long_work_is_asked_for(house: House) -> None:
    location = {"Location": "/v1/orders/7", "Retry-After": "5"}
    answers = [Response(202, location, b""), fine({"done": True})]
    asked = ready(house, lambda _: answers.pop(0))
    record = run(
        house, connected_flow(house, {"List": call(NAME, "ListOrders", {})}, NAME, {"apiKey": "k3y"})
    )["List"]
    assert (record.outputs["body"], [one.url.target for one in asked]) == (
        {"done": True},
        ["/v1/orders", "/v1/orders/7"],
    )
    assert asked[1].header("X-Key") == "k3y"


@pytest.mark.parametrize("is_early", [False, True], ids=["after", "before"])
def test_a_webhook_waits_until_the_service_calls_back(house: House, is_early: bool) -> None:
    called, answered = Event(), Event()

    def subscribe(request: Request) -> Response:
        called.set()
        assert answered.wait(60)
        return fine({}, 202)

    asked = ready(house, subscribe)
    action = call(NAME, "WatchOrder", {}) | {"type": "OpenApiConnectionWebhook"}
    flow_id = connected_flow(house, {"Watch": action}, NAME, {"apiKey": "k3y"})
    payload = {"body": {"state": "paid"}}
    with house.server() as server:
        (begun,) = server.call(flow_id)
        assert called.wait(60)
        (row,) = house.rows(begun.id)
        action_id = row["flowrunactionid"]
        assert parse_qs(asked[0].url.target.partition("?")[2])["callback"] == [
            server.flows.services.callback_url(begun.id, action_id)
        ]
        if not is_early:
            answered.set()
            assert house.wait_for(server, lambda: house.run(begun.id)["leaseowner"] is None)
        house.database.write(lambda tx: signal(tx, begun.id, action_id, CALLED_BACK, payload))
        answered.set()
        house.finish(server, begun.id)
        (record,) = house.records(server, begun.id)["Watch"]
    assert (str(record.status), record.outputs) == ("Succeeded", payload)


def test_what_cannot_be_called_fails_with_a_reason(house: House) -> None:
    ready(house, lambda _: fine())
    actions = {
        "Unknown": call(NAME, "DeleteOrders", {}),
        "Wrong": call(NAME, "ListOrders", {"status": "open"}),
        "Locked": call(NAME, "CreateOrder", {}),
        "NotBuilt": call("shared_teams", "PostMessage", {}),
    }
    records = run(house, connected_flow(house, actions, NAME, {"apiKey": "k3y"}))
    found = {name: (one.code, one.problem.code) for name, one in records.items()}
    assert found == {
        "Unknown": ("BadRequest", "OperationNotFound"),
        "Wrong": ("BadRequest", "InvalidParameter"),
        "Locked": ("BadRequest", "ConnectionNotUsable"),
        "NotBuilt": ("ConnectorNotImplemented", "ConnectorNotImplemented"),
    }


def test_what_an_operation_needs_and_is_not_given_keeps_a_flow_off(house: House) -> None:
    asked = ready(house, lambda _: fine())
    with pytest.raises(CloudFlowInvalid) as refused:
        connected_flow(house, {"Get": call(NAME, "GetOrder", {})}, NAME, {})
    assert refused.value.message.endswith(
        "'Order' of 'Get' is required: 'inputs/parameters/id' must be a whole number, or an expression."
    )
    run(house, connected_flow(house, {"Get": call(NAME, "GetOrder", {"id": 7})}, NAME, {}))
    assert [str(one.url) for one in asked] == ["https://orders.example/v1/orders/7?lang=en"]


def test_an_unbound_connection_is_told_of(house: House) -> None:
    ready(house, lambda _: fine())
    records = run(house, connected_flow(house, {"List": call(NAME, "ListOrders", {})}, NAME, None))
    assert records["List"].problem.code == "ConnectionNotConfigured"


def test_an_unbuilt_operation_goes_where_its_redirect_says(house: House) -> None:
    asked = ready(house, lambda _: fine({"id": 1}))
    text = """
        [[operation]]
        api = "shared_teams"
        operationId = "PostMessage"
        method = "post"
        uri = "https://chat.example/{body/channel}/messages"
        headers = { "X-Title" = "{{{body/title}}}" }
        body = { text = "{body/text}", all = "{*}", none = "{body/none}" }
    """
    redirects = read_redirects("redirects.toml", text)
    house.database.write(lambda tx: store_redirects(tx, redirects))
    house.database.write(lambda tx: store_redirects(tx, redirects))
    parameters = {"body/channel": "a/b", "body/text": "Hi", "body/title": "T"}
    flow_id = house.flow(
        {
            "Post": call("shared_teams", "PostMessage", parameters),
            "Then": {"type": "Compose", "inputs": "@body('Post')?['id']", "runAfter": after("Post")},
        }
    )
    records = run(house, flow_id)
    (request,) = asked
    assert (request.method, str(request.url)) == ("POST", "https://chat.example/a%2Fb/messages")
    assert request.header("X-Title") == "{T}"
    assert json.loads(request.body or b"") == {"text": "Hi", "all": parameters, "none": None}
    assert records["Then"].outputs == 1
