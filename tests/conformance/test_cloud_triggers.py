"""Triggers of cloud flows on a real ``deskhand up``: each flow tells a receiver what started it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import ApiClient, CallbackReceiver, Deskhand, deskhand_up

pytestmark = pytest.mark.xdist_group("live")

NO_SUCH_FILE = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a002"


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inbox")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, inbox: Path) -> Iterator[Deskhand]:
    settings = {"DESKHAND_HTTP_ALLOWED_HOSTS": "127.0.0.1", "DESKHAND_WATCHED_FOLDERS": str(inbox)}
    with deskhand_up(tmp_path_factory.mktemp("triggers") / "data", **settings) as live:
        yield live


@pytest.fixture(scope="module")
def client(up: Deskhand) -> ApiClient:
    return up.client()


@pytest.fixture
def receiver() -> Iterator[CallbackReceiver]:
    with CallbackReceiver() as made:
        yield made


def start(
    up: Deskhand, directory: Path, name: str, trigger: dict[str, Any], receiver: CallbackReceiver
) -> None:
    """Switch a flow on that tells a receiver what its trigger gives."""
    tell = {"method": "POST", "uri": receiver.url, "body": "@coalesce(triggerOutputs(), json('{}'))"}
    definition = {"triggers": {"T": trigger}, "actions": {"Tell": {"type": "Http", "inputs": tell}}}
    path = directory / f"{name}.json"
    path.write_text(json.dumps(definition), encoding="utf-8")
    up.command("import", str(path))
    up.command("cloudflow", "on", name)


def on_rows(entity: str, message: int, **request: Any) -> dict[str, Any]:
    connector = "shared_commondataserviceforapps"
    host = {
        "apiId": f"/apis/{connector}",
        "connectionName": connector,
        "operationId": "SubscribeWebhookTrigger",
    }
    parameters = {"entityname": entity, "message": message, "scope": 4, **request}
    return {
        "type": "OpenApiConnectionWebhook",
        "inputs": {
            "host": host,
            "parameters": {f"subscriptionRequest/{name}": value for name, value in parameters.items()},
        },
    }


def told(receiver: CallbackReceiver, number: int, path: str = "/done") -> list[Any]:
    """Wait until a receiver was told so often; return what."""

    def bodies() -> list[Any]:
        return [body for where, _, body in receiver.requests if where == path]

    with receiver.arrived:
        assert receiver.arrived.wait_for(lambda: len(bodies()) >= number, 60), receiver.requests
        return bodies()


def test_a_flow_starts_when_a_desktop_flow_run_fails(
    up: Deskhand, client: ApiClient, receiver: CallbackReceiver, tmp_path: Path
) -> None:
    failed = on_rows("flowsession", 3, filteringattributes="statuscode", filterexpression="statuscode eq 8")
    start(up, tmp_path, "OnFailure", failed, receiver)
    session = client.run_flow(NO_SUCH_FILE, up.connection_name()).json()["flowsessionId"]

    (outputs,) = told(receiver, 1)
    body = outputs["body"]
    assert (body["flowsessionid"], body["statuscode"], body["SdkMessage"]) == (session, 8, "Update")
    assert body["_regardingobjectid_value"] == NO_SUCH_FILE


def test_a_flow_starts_when_a_work_queue_item_is_added(
    up: Deskhand, client: ApiClient, receiver: CallbackReceiver, tmp_path: Path
) -> None:
    start(up, tmp_path, "OnItem", on_rows("workqueueitem", 1), receiver)
    queue = client.request(
        "POST", "workqueues", {"name": "Bills"}, {"Prefer": "return=representation"}
    ).json()
    item = {"name": "Bill 7", "input": "{}", "workqueueid@odata.bind": f"/workqueues({queue['workqueueid']})"}
    assert client.request("POST", "workqueueitems", item).status == 204

    (outputs,) = told(receiver, 1)
    assert (outputs["body"]["name"], outputs["body"]["SdkMessage"]) == ("Bill 7", "Create")


def test_a_webhook_is_subscribed_called_and_unsubscribed(
    up: Deskhand, receiver: CallbackReceiver, tmp_path: Path
) -> None:
    hub = receiver.url.removesuffix("/done")
    body = {"url": "@listCallbackUrl()"}
    trigger = {
        "type": "HttpWebhook",
        "inputs": {
            "subscribe": {"method": "POST", "uri": f"{hub}/subscribe", "body": body},
            "unsubscribe": {"method": "POST", "uri": f"{hub}/unsubscribe", "body": body},
        },
    }
    start(up, tmp_path, "OnCall", trigger, receiver)
    (subscribed,) = told(receiver, 1, "/subscribe")
    for number in (1, 2):
        request = urllib.request.Request(
            f"{subscribed['url']}&number={number}",
            json.dumps({"number": number}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 202

    calls = told(receiver, 2)
    seen = {one["queries"]["number"]: one["body"] for one in calls}
    assert seen == {"1": {"number": 1}, "2": {"number": 2}}
    up.command("cloudflow", "off", "OnCall")
    assert told(receiver, 1, "/unsubscribe") == [subscribed]


def test_an_address_is_polled(up: Deskhand, receiver: CallbackReceiver, tmp_path: Path) -> None:
    hub = receiver.url.removesuffix("/done")
    receiver.answers = [202, 500, 200]
    trigger = {
        "type": "Http",
        "inputs": {
            "method": "POST",
            "uri": f"{hub}/poll",
            "body": {},
            "retryPolicy": {"type": "fixed", "count": 1, "interval": "PT5S"},
        },
        "recurrence": {"frequency": "Second", "interval": 1},
    }
    start(up, tmp_path, "OnPoll", trigger, receiver)

    assert told(receiver, 1)[0]["statusCode"] == 200
    up.command("cloudflow", "off", "OnPoll")
    assert len(told(receiver, 3, "/poll")) >= 3


def test_a_file_that_arrives_starts_a_flow(
    up: Deskhand, receiver: CallbackReceiver, tmp_path: Path, inbox: Path
) -> None:
    host = {"apiId": "/apis/shared_filesystem", "connectionName": "f", "operationId": "OnNewFile"}
    trigger = {
        "type": "OpenApiConnection",
        "inputs": {"host": host, "parameters": {"folderId": str(inbox)}},
        "recurrence": {"frequency": "Second", "interval": 1},
    }
    (inbox / "old.json").write_text("{}")
    start(up, tmp_path, "OnFile", trigger, receiver)
    (inbox / "new.json").write_text('{"number": 7}')

    (outputs,) = told(receiver, 1)
    assert (outputs["headers"]["x-ms-file-name"], outputs["body"]) == ("new.json", {"number": 7})
    up.command("cloudflow", "off", "OnFile")


def test_a_recurrence_runs_until_its_count(up: Deskhand, receiver: CallbackReceiver, tmp_path: Path) -> None:
    trigger = {"type": "Recurrence", "recurrence": {"frequency": "Second", "interval": 1, "count": 2}}
    start(up, tmp_path, "Twice", trigger, receiver)

    assert told(receiver, 2) == [{}, {}]


def test_windows_of_time_run_one_after_the_other(
    up: Deskhand, receiver: CallbackReceiver, tmp_path: Path
) -> None:
    trigger = {"type": "SlidingWindow", "recurrence": {"frequency": "Second", "interval": 1, "count": 2}}
    start(up, tmp_path, "Windows", trigger, receiver)

    windows = sorted((one["windowStartTime"], one["windowEndTime"]) for one in told(receiver, 2))
    assert windows[0][1] == windows[1][0]
