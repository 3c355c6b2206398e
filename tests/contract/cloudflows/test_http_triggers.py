"""Addresses that are polled, and addresses that call. Source: cloud-flows 2.1 and 2.5."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from deskhand.cloudflows.errors import CloudFlowInvalid
from deskhand.cloudflows.http.errors import CallAborted, ConnectionFailed
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowtrigger import FlowTrigger
from deskhand.entities.workflow import Workflow
from deskhand.records.service import delete
from tests.contract.cloudflows.watching import ADDRESS, Watching

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
FEED = "https://feed.example/items"
JSON = {"Content-Type": "application/json"}
SUBSCRIPTIONS = "https://hub.example/subscriptions"


def polling(**members: Any) -> dict[str, Any]:
    inputs = {"method": "GET", "uri": FEED, **members.pop("inputs", {})}
    return {"type": "Http", "inputs": inputs, "recurrence": {"frequency": "Hour", "interval": 1}, **members}


def webhook(**subscribe: Any) -> dict[str, Any]:
    hook = {"method": "POST", "uri": SUBSCRIPTIONS, "body": {"url": "@listCallbackUrl()"}, **subscribe}
    return {
        "type": "HttpWebhook",
        "inputs": {
            "subscribe": hook,
            "unsubscribe": {"method": "DELETE", "uri": SUBSCRIPTIONS, "body": "@listCallbackUrl()"},
        },
    }


def item(*numbers: int, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {**JSON, **headers}, json.dumps({"value": list(numbers)}).encode()


def nothing(**headers: str) -> tuple[int, dict[str, str], bytes]:
    return 202, {name.replace("_", "-"): value for name, value in headers.items()}, b""


# Polling


def test_an_answer_of_200_starts_a_run_with_that_answer(watching: Watching) -> None:
    watching.outside.answers = [item(7)]
    flow = watching.flow(polling())
    watching.look()

    (run,) = watching.runs(flow)
    assert run["outputs"] == {"statusCode": 200, "headers": JSON, "body": {"value": [7]}}
    assert run["inputs"] == {"method": "GET", "uri": FEED}
    assert watching.due() == BEGIN + timedelta(hours=1)


def test_an_answer_of_202_starts_none_and_says_when_and_where_to_ask_again(watching: Watching) -> None:
    watching.outside.answers = [
        nothing(Retry_After="90", Location="/items/next?ticket=1"),
        nothing(),
        item(7),
    ]
    flow = watching.flow(polling())
    watching.look()
    assert watching.due() == BEGIN + timedelta(seconds=90)
    watching.until(BEGIN + timedelta(seconds=90))
    watching.until(BEGIN + timedelta(hours=2))

    assert watching.outside.calls == [f"GET {FEED}", f"GET {FEED}/next?ticket=1", f"GET {FEED}"]
    assert (len(watching.runs(flow)), watching.histories(flow)) == (1, [("Skipped", None)] * 2)


def test_an_answer_that_asks_for_no_pause_is_followed_at_once(watching: Watching) -> None:
    more = {"Retry-After": "0"}
    watching.outside.answers = [item(1, **more), item(2, **more), nothing()]
    flow = watching.flow(polling())
    watching.look()

    assert sorted(one["value"][0] for one in watching.bodies(flow)) == [1, 2]
    assert watching.due() == BEGIN + timedelta(hours=1)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((503, {}, b""), "ServiceUnavailable"),
        (ConnectionFailed("feed.example", "refused"), "BadGateway"),
    ],
)
def test_a_failed_look_is_repeated_as_the_retry_policy_says(
    watching: Watching, answer: Any, code: str
) -> None:
    policy = {"retryPolicy": {"type": "fixed", "count": 2, "interval": "PT30S"}}
    watching.outside.answers = [answer, answer, answer, item(7)]
    flow = watching.flow(polling(inputs=policy))
    dues = []
    for _ in range(3):
        watching.look()
        due = watching.due()
        assert due is not None
        dues.append(due - watching.clock.now())
        watching.until(due)

    assert dues == [timedelta(seconds=30), timedelta(seconds=30), timedelta(hours=1)]
    assert watching.histories(flow) == [("Failed", code)] * 3
    assert len(watching.runs(flow)) == 1


def test_an_answer_that_no_repetition_mends_waits_for_the_next_slot(watching: Watching) -> None:
    watching.outside.answers = [(404, {}, b"")]
    flow = watching.flow(polling())
    watching.look()

    assert watching.due() == BEGIN + timedelta(hours=1)
    assert (watching.histories(flow), watching.triggers()[0]["status"]) == (
        [("Failed", "NotFound")],
        "Failed",
    )


def test_an_answer_may_ask_for_a_longer_pause_than_the_retry_policy(watching: Watching) -> None:
    watching.outside.answers = [(429, {"Retry-After": "600"}, b"")]
    watching.flow(polling())
    watching.look()

    assert watching.due() == BEGIN + timedelta(seconds=600)


def test_a_look_that_the_server_itself_breaks_off_does_not_count(watching: Watching) -> None:
    watching.outside.answers = [CallAborted("feed.example"), item(7)]
    flow = watching.flow(polling())
    watching.look()
    assert (watching.histories(flow), watching.triggers()[0]["failures"]) == ([], 0)

    watching.clock.advance(180)
    watching.look()
    assert len(watching.runs(flow)) == 1


def test_what_splits_starts_a_run_for_each_element_that_fits(watching: Watching) -> None:
    watching.outside.answers = [item(1, 2, 3), item()]
    condition = {"expression": "@greater(triggerBody(), 1)"}
    flow = watching.flow(polling(splitOn="@triggerBody()?['value']", conditions=[condition]))
    watching.look()
    assert sorted(watching.bodies(flow)) == [2, 3]
    assert watching.histories(flow) == [("Skipped", None)]

    watching.until(BEGIN + timedelta(hours=1))
    assert (len(watching.runs(flow)), watching.histories(flow)) == (2, [("Skipped", None)] * 2)


@pytest.mark.parametrize("body", [b'{"value": null}', b'{"value": []}', b"{}"])
def test_nothing_to_split_starts_no_run(watching: Watching, body: bytes) -> None:
    watching.outside.answers = [(200, JSON, body)]
    flow = watching.flow(polling(splitOn="@triggerBody()?['value']"))
    watching.look()

    assert (watching.runs(flow), watching.histories(flow)) == ([], [("Skipped", None)])


def test_what_is_no_array_cannot_be_split(watching: Watching) -> None:
    watching.outside.answers = [(200, JSON, b'{"value": 1}')]
    flow = watching.flow(polling(splitOn="@triggerBody()?['value']"))
    watching.look()

    assert (watching.runs(flow), watching.histories(flow)) == ([], [("Failed", "InvalidTemplate")])


def test_a_flow_that_is_full_is_not_asked_for(watching: Watching) -> None:
    watching.outside.answers = [item(1), item(2)]
    flow = watching.flow(polling(operationOptions="SingleInstance"))
    watching.until(BEGIN + timedelta(hours=1, seconds=5))
    assert len(watching.outside.calls) == 1

    watching.database.write(lambda tx: tx.execute(sa.update(FlowRun.table).values(status="Succeeded")))
    watching.until(BEGIN + timedelta(hours=1, seconds=10))
    assert watching.bodies(flow) == [{"value": [1]}, {"value": [2]}]


def test_what_authenticates_is_shown_to_nobody(watching: Watching) -> None:
    watching.outside.answers = [nothing(Location=f"{FEED}?token=hush"), item(7)]
    secret = {"type": "Raw", "value": "hush"}
    flow = watching.flow(polling(inputs={"authentication": secret}))
    watching.look()
    columns = FlowTrigger.c
    cursor, sealed = watching.database.read(
        lambda tx: tx.execute(sa.select(columns.cursor, columns.sealedcursor)).one()
    )
    assert (cursor, sealed is not None, b"hush" in (sealed or b"")) == (None, True, False)

    watching.until(BEGIN + timedelta(hours=1))
    (run,) = watching.runs(flow)
    assert run["inputs"]["authentication"] == "*sanitized*"
    assert [one.header("Authorization") for one in watching.outside.requests] == ["hush", "hush"]


# Webhooks


def test_a_webhook_subscribes_with_its_address_until_the_flow_is_off(
    watching: Watching,
) -> None:
    watching.outside.answers = [(201, {}, b""), (204, {}, b"")]
    flow = watching.flow(webhook())
    watching.look()
    subscribe = watching.outside.requests[0]
    assert subscribe.body is not None
    url = json.loads(subscribe.body)["url"]
    path = f"/api/cloudflows/workflows/{flow}/triggers/T/paths/invoke"
    assert (url.startswith(ADDRESS), urlsplit(url).path) == (True, path)
    assert [(one["phase"], one["dueon"]) for one in watching.triggers()] == [("On", None)]

    watching.off(flow)
    watching.look()
    assert watching.outside.calls == [f"POST {SUBSCRIPTIONS}", f"DELETE {SUBSCRIPTIONS}"]
    assert watching.outside.requests[1].body == url.encode()
    assert watching.triggers() == []


def test_a_subscription_that_fails_is_seen_and_tried_again(watching: Watching) -> None:
    watching.outside.answers = [
        (500, {}, b"out of order"),
        ConnectionFailed("hub.example", "x"),
        (200, {}, b""),
    ]
    flow = watching.flow(webhook())
    watching.look()
    assert [(one["phase"], one["status"], one["failures"]) for one in watching.triggers()] == [
        ("Beginning", "Failed", 1)
    ]

    watching.until(BEGIN + timedelta(minutes=5))
    assert watching.histories(flow)[0] == ("Failed", "WebhookSubscriptionFailed")
    assert [(one["phase"], one["failures"]) for one in watching.triggers()] == [("On", 0)]


def test_a_change_unsubscribes_before_it_subscribes_anew(watching: Watching) -> None:
    watching.outside.answers = [(200, {}, b""), (503, {}, b""), (200, {}, b""), (200, {}, b"")]
    flow = watching.flow(webhook())
    watching.look()
    watching.change(flow, webhook(uri=f"{SUBSCRIPTIONS}/new"))
    watching.look()
    assert watching.outside.calls[1:] == [f"DELETE {SUBSCRIPTIONS}"]

    watching.until(BEGIN + timedelta(minutes=5))
    assert watching.outside.calls[2:] == [f"DELETE {SUBSCRIPTIONS}", f"POST {SUBSCRIPTIONS}/new"]
    assert [one["phase"] for one in watching.triggers()] == ["On"]


def test_a_flow_that_is_deleted_unsubscribes(watching: Watching) -> None:
    watching.outside.answers = [(200, {}, b""), (200, {}, b"")]
    flow = watching.flow(webhook())
    watching.look()
    watching.off(flow)
    watching.database.write(lambda tx: delete(tx, Workflow, flow, by=watching.user_id))
    watching.look()

    assert watching.outside.calls[1:] == [f"DELETE {SUBSCRIPTIONS}"]
    assert watching.triggers() == []


def test_a_flow_that_is_switched_off_while_it_subscribes_unsubscribes_afterwards(watching: Watching) -> None:
    watching.outside.answers = [(200, {}, b""), (200, {}, b"")]
    flow = watching.flow(webhook())
    offs = [flow]
    watching.outside.meanwhile = lambda: watching.off(offs.pop()) if offs else None
    watching.look()

    assert watching.outside.calls == [f"POST {SUBSCRIPTIONS}", f"DELETE {SUBSCRIPTIONS}"]
    assert watching.triggers() == []


def test_an_unsubscription_that_never_succeeds_is_given_up(watching: Watching) -> None:
    watching.outside.answers = [(200, {}, b""), *[(500, {}, b"")] * 10]
    flow = watching.flow(webhook())
    watching.look()
    watching.off(flow)
    watching.until(BEGIN + timedelta(days=1))

    assert (watching.triggers(), watching.outside.answers) == ([], [])


def test_a_subscription_that_is_gone_already_is_ended(watching: Watching) -> None:
    watching.outside.answers = [(200, {}, b""), (404, {}, b"")]
    watching.off(_subscribed(watching))
    watching.look()

    assert watching.triggers() == []


def _subscribed(watching: Watching) -> Any:
    flow = watching.flow(webhook())
    watching.look()
    return flow


def test_a_webhook_has_to_subscribe(watching: Watching) -> None:
    flow = watching.flow({"type": "HttpWebhook", "inputs": {"subscribe": {}}}, on=False)
    with pytest.raises(CloudFlowInvalid, match="‘subscribe’ must be a request"):
        watching.on(flow)
