"""The management API's calls: shapes, pages, filters, secrets, rights. Source: cloud-flows 7."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from deskhand.cloudflows.activation import turn_on
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import ConnectionReference
from deskhand.entities.workflow import Workflow
from deskhand.orchestrator.connections import create_connection
from deskhand.orchestrator.machines import create_registration_token, register_machine
from deskhand.protocol.messages import RegisterMachine
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.records.service import create
from deskhand.store.database import Transaction
from tests.cloud_runs import after
from tests.contract.cloudflows.managing import Management, come_to
from tests.contract.cloudflows.resuming import Paths, http, wait
from tests.contract.cloudflows.servers import MANUAL, House

ITEM = {"type": "Compose", "inputs": "@item()"}


def compose(value: Any, *before: str, **members: Any) -> dict[str, Any]:
    return {"type": "Compose", "inputs": value, "runAfter": after(*before), **members}


@pytest.fixture
def api(house: House) -> Iterator[Management]:
    with house.server() as server:
        yield Management(house, server, house.owner_id)


def run(api: Management, flow_id: Any, body: Any = None) -> str:
    """Run a flow to its end, and return the run's name."""
    (started,) = api.server.call(flow_id, body)
    api.house.finish(api.server, started.id)
    return started.name


def properties(one: Any) -> Any:
    return one["properties"]


# Lists


def test_runs_are_listed_in_pages_the_newest_first(api: Management) -> None:
    flow_id = api.house.flow({"A": compose(1)})
    names = []
    for _ in range(5):
        api.house.clock.advance(1)
        names.append(run(api, flow_id))

    first = api.get(f"/{flow_id}/runs", top=2)
    second = api.follow(first["nextLink"])
    third = api.follow(second["nextLink"])

    listed = [one["name"] for page in (first, second, third) for one in page["value"]]
    assert listed == names[::-1]
    assert "nextLink" not in third
    assert api.refused("GET", f"/{flow_id}/runs", top="0") == (400, "InvalidRequestParameter")


def test_runs_are_found_by_status_time_tracking_id_and_tracked_property(api: Management) -> None:
    flow_id = api.house.flow(
        {
            "A": compose("@triggerBody()", trackedProperties={"orderId": "@action()['outputs']"}),
            "B": compose("@div(1, sub(triggerBody(), 2))", "A"),
        }
    )
    names = []
    for order in (1, 2, 3):
        names.append(run(api, flow_id, order))
        api.house.clock.advance(60)

    def found(text: str) -> list[int]:
        listed = api.get(f"/{flow_id}/runs", filter=text)["value"]
        return [names.index(one["name"]) + 1 for one in listed]

    assert found("status eq 'Failed'") == [2]
    assert found("Status ne 'Failed'") == [3, 1]
    assert found("startTime ge 2026-03-01T08:01:00Z") == [3, 2]
    assert found("startTime gt 2026-03-01T08:01:00Z and status eq 'Succeeded'") == [3]
    assert found("startTime le 2026-03-01T08:01:00Z") == [2, 1]
    assert found("2026-03-01T08:01:00Z gt startTime") == [1]
    assert found(f"ClientTrackingId eq '{names[0]}'") == [1]
    assert found("trackedProperties/orderId eq '3' or trackedProperties/orderId eq 1") == [3, 1]
    for text in ("code eq 'OK'", "status gt 'A'", "contains(status, 'x')", "status eq", "startTime eq 1"):
        assert api.refused("GET", f"/{flow_id}/runs", filter=text) == (400, "InvalidRequestParameter")


def test_a_run_is_shown_with_its_actions(api: Management) -> None:
    Paths(api.house)
    flow_id = api.house.flow(
        {
            "Each": {"type": "Foreach", "foreach": [7, 8], "actions": {"Do": ITEM}},
            "Again": {
                "type": "Until",
                "expression": "@equals(iterationIndexes('Again'), 2)",
                "actions": {"Call": http(path="c")},
                "runAfter": after("Each"),
            },
            "Bad": compose("@int('x')", "Again"),
            "Last": compose(1, "Bad"),
        }
    )
    name = run(api, flow_id, {"order": 7})
    path = f"/{flow_id}/runs/{name}"

    shown = api.get(path, expand="properties/actions,workflow/properties")
    actions = properties(shown)["actions"]

    assert (shown["id"], shown["type"]) == (f"/workflows{path}", "workflows/runs")
    assert properties(shown)["status"] == "Failed"
    assert properties(shown)["error"] == {
        "code": "ActionFailed",
        "message": "An action failed. No dependent actions succeeded.",
    }
    assert properties(shown)["workflow"]["properties"]["definition"]["triggers"] == MANUAL
    assert properties(shown)["trigger"]["triggerType"] == "Instant"
    assert api.follow(properties(shown)["trigger"]["outputsLink"]["uri"]) == {
        "headers": {},
        "body": {"order": 7},
    }
    assert [(one, actions[one].get("repetitionCount"), actions[one]["status"]) for one in ("Do", "Call")] == [
        ("Do", 2, "Succeeded"),
        ("Call", 3, "Succeeded"),
    ]
    assert actions["Again"]["iterationCount"] == 3
    assert {name for name, one in actions.items() if one["canResubmit"]} == {"Bad"}
    assert (actions["Last"]["code"], actions["Last"]["error"]["code"]) == (
        "ActionSkipped",
        "ActionConditionFailed",
    )
    link = actions["Each"]["inputsLink"]
    assert api.follow(link["uri"]) == [7, 8]
    assert link["contentSize"] == len("[7,8]")
    assert actions["Each"]["startTime"].endswith("0Z")
    assert {one["name"] for one in api.get(f"{path}/actions")["value"]} == set(actions)
    failed = api.get(f"{path}/actions", filter="status eq 'Failed'")["value"]
    assert failed == [api.get(f"{path}/actions/bad")]
    assert properties(failed[0]) == actions["Bad"]
    assert api.refused("GET", f"{path}/actions/Nothing") == (404, "WorkflowRunActionNotFound")
    assert api.refused("GET", f"/{flow_id}/runs/0") == (404, "WorkflowRunNotFound")


def test_repetitions_and_iterations_are_listed_in_pages(api: Management) -> None:
    flow_id = api.house.flow(
        {
            "Each": {
                "type": "Foreach",
                "foreach": [1, 0, 3, 0, 5],
                "actions": {
                    "Do": compose("@div(1, item())"),
                    "In": {"type": "Scope", "actions": {"Inner": compose(1)}, "runAfter": after("Do")},
                },
            }
        }
    )
    path = f"/{flow_id}/runs/{run(api, flow_id)}/actions"

    page = api.get(f"{path}/Do/repetitions", top=3)
    rest = api.follow(page["nextLink"])
    failed = api.get(f"{path}/Do/repetitions", filter="status eq 'Failed'")["value"]
    loops = api.get(f"{path}/Each/scopeRepetitions", top=2)
    bad = api.get(f"{path}/Each/scopeRepetitions", filter="status eq 'Failed'")["value"]
    scopes = api.get(f"{path}/In/scopeRepetitions")["value"]

    assert [one["name"] for one in (*page["value"], *rest["value"])] == [f"{index:06d}" for index in range(5)]
    assert "nextLink" not in rest
    assert [properties(one)["repetitionIndexes"] for one in failed] == [
        [{"scopeName": "Each", "itemIndex": 1}],
        [{"scopeName": "Each", "itemIndex": 3}],
    ]
    assert [one["name"] for one in loops["value"]] == ["000000", "000001"]
    assert [one["name"] for one in api.follow(loops["nextLink"])["value"]] == ["000002", "000003"]
    assert [one["name"] for one in bad] == ["000001", "000003"]
    assert [properties(one)["status"] for one in scopes] == ["Succeeded", "Skipped"] * 2 + ["Succeeded"]
    assert api.get(f"{path}/Do/repetitions/000003") == failed[1]
    assert properties(api.get(f"{path}/Each/scopeRepetitions/000003"))["status"] == "Failed"
    assert api.refused("GET", f"{path}/Do/repetitions/000009") == (404, "WorkflowRunActionRepetitionNotFound")
    assert api.refused("GET", f"{path}/Each/scopeRepetitions/x") == (
        404,
        "WorkflowRunActionRepetitionNotFound",
    )


# What is secret


def test_what_is_secret_has_no_link_and_no_content(api: Management) -> None:
    secure = {"runtimeConfiguration": {"secureData": {"properties": ["inputs"]}}}
    trigger = {**MANUAL["manual"], "runtimeConfiguration": {"secureData": {"properties": ["outputs"]}}}
    flow_id = api.house.flow(
        {
            "Hidden": compose("opensesame", **secure),
            "If": {
                "type": "If",
                "expression": "@equals(outputs('Hidden'), 'x')",
                "runAfter": after("Hidden"),
            },
        },
        triggers={"manual": trigger},
    )
    name = run(api, flow_id, "opensesame")
    path = f"/{flow_id}/runs/{name}"

    shown = api.get(path, expand="properties/actions")
    hidden = properties(shown)["actions"]["Hidden"]
    listed = api.get(f"/{flow_id}/runs")["value"][0]

    assert hidden["inputsLink"] == {"secureData": {"properties": ["inputs"]}}
    assert hidden["outputsLink"] == {"secureData": {"properties": ["outputs"]}}
    assert properties(shown)["trigger"]["outputsLink"] == {"secureData": {"properties": ["outputs"]}}
    assert "opensesame" not in str(shown)
    with pytest.raises(Exception, match="The content is secured"):
        api.follow(properties(listed)["trigger"]["outputsLink"]["uri"])
    assert api.refused("POST", f"{path}/actions/If/listExpressionTraces") == (403, "ContentSecured")


def test_a_link_is_good_for_its_own_content_and_for_a_while(api: Management) -> None:
    flow_id = api.house.flow({"A": compose("a"), "B": compose("b")})
    path = f"/{flow_id}/runs/{run(api, flow_id)}"
    actions = properties(api.get(path, expand="properties/actions"))["actions"]
    own, other = (actions[name]["inputsLink"]["uri"] for name in ("A", "B"))

    assert api.follow(own) == "a"
    for url in (
        own.partition("?")[0] + "?" + other.partition("?")[2],
        own.replace("ActionInputs", "ActionOutputs"),
        own.partition("sig=")[0],
        own.replace("se=1", "se=9"),
    ):
        with pytest.raises(Exception, match="The content link is not complete"):
            api.follow(url)
    api.house.clock.advance(31 * 60)
    with pytest.raises(Exception, match="it has expired"):
        api.follow(own)


# What actions did


def test_requests_and_expressions_are_told(api: Management) -> None:
    web = Paths(api.house, "c")
    retried = {"type": "fixed", "count": 1, "interval": "PT5S"}
    flow_id = api.house.flow(
        {
            "Call": http(path="c", retry=retried),
            "If": {"type": "If", "expression": {"equals": [1, 2]}, "actions": {}},
            "Switch": {"type": "Switch", "expression": "@add(1, 1)", "cases": {}},
            "Each": {"type": "Foreach", "foreach": "@createArray(1)", "actions": {"Do": ITEM}},
            "A": compose(1),
        }
    )
    path = f"/{flow_id}/runs/{run(api, flow_id)}/actions"

    def traces(action: str) -> Any:
        return api.post(f"{path}/{action}/listExpressionTraces").value

    (request,) = api.get(f"{path}/Call/requestHistories")["value"]

    assert web.called == ["c"]
    assert properties(request)["request"] == {"method": "POST", "uri": "https://web.example/c"}
    assert properties(request)["response"]["statusCode"] == 400
    assert api.get(f"{path}/Call/requestHistories/000000")["name"] == "000000"
    assert api.get(f"{path}/A/requestHistories") == {"value": []}
    assert traces("If") == {"inputs": [{"path": "expression", "text": '{"equals": [1, 2]}', "value": False}]}
    assert traces("Switch") == {"inputs": [{"path": "expression", "text": "@add(1, 1)", "value": 2}]}
    assert traces("Each") == {"inputs": [{"path": "foreach", "text": "@createArray(1)", "value": [1]}]}
    assert api.refused("POST", f"{path}/A/listExpressionTraces") == (400, "ExpressionTraceNotSupported")


def test_a_run_that_waits_says_for_what(api: Management) -> None:
    one_at_a_time = {"runtimeConfiguration": {"concurrency": {"runs": 1}}}
    flow_id = api.house.flow({"Wait": wait()}, triggers={"manual": {**MANUAL["manual"], **one_at_a_time}})
    first, second = (api.server.call(flow_id)[0] for _ in range(2))
    come_to(api.server, lambda: api.house.statuses(first.id) == {"Wait": "Running"})

    waiting = properties(api.get(f"/{flow_id}/runs/{second.name}"))["waiting"]
    timer = properties(api.get(f"/{flow_id}/runs/{first.name}"))["waiting"]

    assert waiting == [
        {"reason": "Concurrency", "message": "its turn: at most 1 of the flow's runs go on at the same time"}
    ]
    assert [(one["reason"], one["action"], one["until"]) for one in timer] == [
        ("Timer", "Wait", "2026-03-01T09:00:00.0000000Z")
    ]


# Stopping and doing again


def test_runs_are_cancelled_resubmitted_and_resumed(api: Management) -> None:
    web = Paths(api.house, "b")
    flow_id = api.house.flow({"A": http(path="a"), "B": http("A", path="b")})
    name = run(api, flow_id, {"order": 7})
    path = f"/{flow_id}/runs/{name}"

    assert api.refused("POST", f"{path}/cancel") == (400, "WorkflowRunCanNotBeCancelled")
    assert api.refused("POST", f"{path}/resubmit", {"actionsToResubmit": [{"name": "A"}]}) == (
        400,
        "WorkflowRunActionCannotBeResubmitted",
    )
    web.failing.clear()
    resumed = api.post(f"{path}/resubmit", {"actionsToResubmit": [{"name": "B"}]})
    again = api.post(f"/{flow_id}/triggers/manual/histories/{name}/resubmit")
    names = [answer.headers["x-ms-workflow-run-id"] for answer in (resumed, again)]
    finish(api, flow_id, *names)

    assert (resumed.status, again.status) == (202, 202)
    assert sorted(web.called) == ["a", "a", "b", "b", "b"]
    shown = [api.get(f"/{flow_id}/runs/{one}") for one in names]
    assert [properties(one)["status"] for one in shown] == ["Succeeded", "Succeeded"]
    assert properties(shown[0])["resumedRun"]["name"] == name
    assert [properties(one)["trigger"]["originHistoryName"] for one in shown] == [name, name]
    assert api.refused("POST", f"{path}/resubmit") == (409, "WorkflowRunAlreadyResubmitted")
    bodies: list[Any] = [{"actionsToResubmit": []}, {"actionsToResubmit": [{}]}, {"useCurrentDefinition": 1}]
    for body in bodies:
        assert api.refused("POST", f"{path}/resubmit", body) == (400, "InvalidRequestContent")


def finish(api: Management, flow_id: Any, *names: str) -> None:
    ids = [row["flowrunid"] for row in api.house.runs_of(flow_id) if row["name"] in names]
    api.house.finish(api.server, *ids)


def test_several_runs_are_cancelled_and_repeated_at_once(api: Management) -> None:
    flow_id = api.house.flow({"Wait": wait()})
    runs = [api.server.call(flow_id)[0] for _ in range(2)]
    names = [one.name for one in runs]

    told = api.post(f"/{flow_id}/cancelRuns", {"runs": [*names, "0"]}).value["value"]
    finish(api, flow_id, *names)
    again = api.post(f"/{flow_id}/resubmitRuns", {"runs": names}).value["value"]
    too_late = api.post(f"/{flow_id}/cancelRuns", {"runs": names[:1]}).value["value"]

    assert [one["status"] for one in told] == [202, 202, 404]
    assert [row["status"] for row in map(api.house.run, (one.id for one in runs))] == ["Cancelled"] * 2
    assert [one["status"] for one in again] == [202, 202]
    assert {one["run"]["name"] for one in again}.isdisjoint(names)
    assert too_late[0]["error"]["code"] == "WorkflowRunCanNotBeCancelled"
    assert api.refused("POST", f"/{flow_id}/cancelRuns", {"runs": "all"}) == (400, "InvalidRequestContent")


# Triggers, versions, flows


def test_triggers_tell_where_they_stand_and_what_they_saw(api: Management) -> None:
    conditions = [{"expression": "@equals(triggerBody(), 7)"}]
    flow_id = api.house.flow(
        {"A": compose(1)}, triggers={"manual": {**MANUAL["manual"], "conditions": conditions}}
    )
    name = run(api, flow_id, 7)
    assert api.server.call(flow_id, 8) == []
    api.house.clock.advance(1)
    newest = run(api, flow_id, 7)
    path = f"/{flow_id}/triggers/manual"

    (trigger,) = api.get(f"/{flow_id}/triggers")["value"]
    assert properties(trigger)["triggerType"] == "Instant"
    histories = api.get(f"{path}/histories")["value"]
    skipped = next(one for one in histories if not properties(one)["fired"])

    assert properties(trigger)["state"] == "Enabled"
    assert api.get(path) == trigger
    assert len(histories) == 3
    assert histories[0]["name"] == newest
    assert properties(skipped)["status"] == "Skipped"
    assert {one["name"] for one in histories} - {skipped["name"]} == {name, newest}
    assert [one["name"] for one in api.get(f"{path}/histories", filter="status eq 'Skipped'")["value"]] == [
        skipped["name"]
    ]
    assert len(api.get(f"{path}/histories", filter="status eq 'Succeeded'")["value"]) == 2
    first = api.get(f"{path}/histories", top=2)
    assert len(api.follow(first["nextLink"])["value"]) == 1
    assert api.get(f"{path}/histories/{skipped['name']}") == skipped
    assert properties(api.get(f"{path}/histories/{name}"))["run"]["name"] == name
    assert api.refused("GET", f"{path}/histories/0") == (404, "WorkflowTriggerHistoryNotFound")
    assert api.refused("POST", f"{path}/histories/{skipped['name']}/resubmit") == (
        400,
        "WorkflowTriggerHistoryCannotBeResubmitted",
    )
    assert api.refused("POST", f"{path}/histories/0/resubmit") == (404, "WorkflowTriggerHistoryNotFound")
    assert api.refused("GET", f"/{flow_id}/triggers/other") == (404, "WorkflowTriggerNotFound")


def test_a_trigger_is_run_by_hand_and_its_address_is_told(api: Management) -> None:
    flow_id = api.house.flow({"A": compose("@triggerBody()")})
    path = f"/{flow_id}/triggers/manual"

    started = api.post(f"{path}/run", {"order": 7})
    finish(api, flow_id, started.headers["x-ms-workflow-run-id"])
    told = api.post(f"{path}/listCallbackUrl").value
    api.call("POST", f"/{flow_id}/regenerateAccessKey")
    other = api.post(f"{path}/listCallbackUrl").value

    assert started.status == 202
    assert told["method"] == "POST"
    assert told["value"].startswith(f"{told['basePath']}?")
    assert set(told["queries"]) == {"api-version", "sp", "sv", "sig"}
    assert other["queries"]["sig"] != told["queries"]["sig"]


def test_flows_are_written_switched_checked_and_deleted(api: Management) -> None:
    definition = {"triggers": MANUAL, "actions": {"A": compose(1)}}
    body = {"properties": {"definition": definition, "displayName": "Orders", "state": "Enabled"}}
    path = "/0c1d1f3e-0000-4000-8000-00000000f10a"

    created = api.call("PUT", path, body)
    flow = api.get("/orders")
    changed = {**definition, "actions": {"A": compose(2)}}
    updated = api.call("PUT", path, {"properties": {"definition": changed}})
    versions = api.get(f"{path}/versions")["value"]

    assert (created.status, updated.status) == (201, 200)
    assert (flow["name"], properties(flow)["state"], properties(flow)["displayName"]) == (
        path[1:],
        "Enabled",
        "Orders",
    )
    assert properties(flow)["definition"] == definition
    assert properties(api.get(path))["definition"] == changed
    assert sorted(properties(one)["state"] for one in versions) == ["Disabled", "Enabled"]
    old = next(one for one in versions if properties(one)["state"] == "Disabled")
    assert properties(api.get(f"{path}/versions/{old['name']}"))["definition"] == definition
    assert [one["name"] for one in api.get("")["value"]] == [path[1:]]

    for word, state in (("disable", "Disabled"), ("start", "Enabled"), ("stop", "Disabled")):
        assert api.call("POST", f"{path}/{word}").status == 200
        assert properties(api.get(path))["state"] == state
    assert api.call("POST", f"{path}/validate").value == {"value": []}
    broken = {"triggers": {}, "actions": {"A": {"type": "Compose", "runAfter": {"B": ["Succeeded"]}}}}
    assert api.refused("POST", f"{path}/validate", {"properties": {"definition": broken}}) == (
        400,
        "InvalidTemplate",
    )
    assert api.refused("PUT", path, {"properties": {}}) == (400, "InvalidRequestContent")
    assert api.refused("PUT", path, {**body, "properties": {**body["properties"], "state": "x"}}) == (
        400,
        "InvalidRequestContent",
    )
    renamed = api.call("PUT", "/Orders", {"properties": {"definition": changed, "displayName": "Bills"}})
    assert (renamed.status, properties(renamed.value)["displayName"]) == (200, "Bills")
    assert api.call("DELETE", path).status == 200
    assert api.refused("GET", path) == (404, "WorkflowNotFound")


def test_a_deleted_flow_leaves_nothing_of_its_runs(api: Management) -> None:
    tracked = {"trackedProperties": {"n": "@action()['outputs']"}}
    flow_id = api.house.flow({"A": compose(1, **tracked)})
    (started,) = api.server.call(flow_id)
    api.house.finish(api.server, started.id)

    api.call("DELETE", f"/{flow_id}")

    assert api.house.rows(started.id) == []
    assert api.house.runs_of(flow_id) == []


# Rights


def test_others_see_and_stop_only_what_they_may(api: Management) -> None:
    flow_id = api.house.flow({"Wait": wait()})
    (started,) = api.server.call(flow_id)
    path = f"/{flow_id}/runs/{started.name}"
    maker, nobody = api.as_new("Ben", "Environment Maker"), api.as_new("Cat")

    assert maker.get("") == {"value": []}
    for other in (maker, nobody):
        assert other.refused("GET", f"/{flow_id}/runs") == (403, "Forbidden")
        assert other.refused("GET", path) == (403, "Forbidden")
        assert other.refused("POST", f"{path}/cancel") == (403, "Forbidden")
    grant(api, flow_id, maker, AccessRight.READ)
    assert maker.get(f"/{flow_id}/runs") == {"value": []}
    assert maker.refused("GET", path) == (403, "Forbidden")
    assert maker.refused("POST", f"{path}/cancel") == (403, "Forbidden")
    assert maker.refused("POST", f"/{flow_id}/triggers/manual/listCallbackUrl") == (403, "Forbidden")
    grant(api, flow_id, maker, AccessRight.READ, AccessRight.WRITE)
    assert [one["name"] for one in maker.get(f"/{flow_id}/runs")["value"]] == [started.name]
    assert maker.post(f"{path}/cancel").status == 202


def grant(api: Management, flow_id: Any, to: Management, *rights: AccessRight) -> None:
    mask = sum(ACCESS_FLAGS[one] for one in rights)
    api.house.database.write(lambda tx: share(tx, Workflow, flow_id, to.who, mask))


# What runs wait for


def reasons(api: Management, flow_id: Any, name: str) -> list[tuple[str, str, str]]:
    waiting = properties(api.get(f"/{flow_id}/runs/{name}")).get("waiting", [])
    return [(one["reason"], one["action"], one["message"]) for one in waiting]


def test_a_run_waits_for_a_child_a_call_and_the_next_attempt(api: Management) -> None:
    Paths(api.house, "retry", status=503)
    answer = {"type": "Response", "inputs": {"statusCode": 200}, "runAfter": after("Wait")}
    child_id = api.house.flow({"Wait": wait(), "Answer": answer}, name="Child")
    flow_id = api.house.flow(
        {
            "Child": {
                "type": "Workflow",
                "inputs": {"host": {"workflowReferenceName": str(child_id)}, "body": {}},
            },
            "Hook": {
                "type": "HttpWebhook",
                "inputs": {"subscribe": {"method": "POST", "uri": "https://web.example/subscribe"}},
            },
            "Retry": http(path="retry", retry={"type": "fixed", "count": 2, "interval": "PT10M"}),
        }
    )
    (run,) = api.server.call(flow_id)
    path = f"/{flow_id}/runs/{run.name}"

    def settled() -> bool:
        waiting = [reason for reason, _, _ in reasons(api, flow_id, run.name)]
        return len(waiting) == 3 and "Call" not in waiting

    come_to(api.server, settled)

    child = api.house.runs_of(child_id)[0]
    assert sorted(reasons(api, flow_id, run.name)) == [
        ("Callback", "Hook", "a call of its address"),
        ("ChildFlow", "Child", f"the child flow's run {child['name']}"),
        ("Retry", "Retry", "the pause before another attempt"),
    ]
    linked = properties(api.get(f"{path}/actions/Child"))["linked"]
    assert (linked["type"], linked["name"]) == ("flowrun", child["name"])


def desktop_flow_caller(tx: Transaction, house: House) -> UUID:
    """Return a flow, switched on, that runs a desktop flow on a machine whose agent never comes."""
    by = house.owner_id
    token = create_registration_token(tx, by)
    machine = register_machine(tx, RegisterMachine(token, "M1", "", "1.0", "ada"), house.settings)
    connection = create_connection(tx, display_name="M1", group_id=machine.group_id, owner_id=by)
    reference = {"connectionreferencelogicalname": "new_m1", "connectionid": connection}
    create(tx, ConnectionReference, reference, by=by)
    desktop_id = create(tx, Workflow, {"name": "Invoices", "definition": "SET A TO 1"}, by=by)
    host = {"connectionName": "m1", "operationId": "RunUIFlow_V2", "apiId": "/apis/shared_uiflow"}
    inputs = {"host": host, "parameters": {"uiFlowId": str(desktop_id), "runMode": "unattended"}}
    actions = {"Desktop": {"type": "OpenApiConnection", "inputs": inputs}}
    bound = {
        "m1": {"connection": {"connectionReferenceLogicalName": "new_m1"}, "api": {"name": "shared_uiflow"}}
    }
    document = {"definition": {"triggers": MANUAL, "actions": actions}, "connectionReferences": bound}
    columns = {"name": "Caller", "category": 5, "clientdata": json.dumps({"properties": document})}
    flow_id = create(tx, Workflow, columns, by=by)
    turn_on(tx, flow_id, by=by)
    return flow_id


def test_a_run_waits_for_a_machine_and_then_for_the_desktop_flow(api: Management) -> None:
    house = api.house
    flow_id = house.database.write(lambda tx: desktop_flow_caller(tx, house))
    (run,) = api.server.call(flow_id)
    come_to(api.server, lambda: reasons(api, flow_id, run.name) != [])

    ((reason, action, message),) = reasons(api, flow_id, run.name)

    assert (reason, action) == ("DesktopFlowQueue", "Desktop")
    assert message == "a free machine of ‘M1’ for the desktop flow ‘Invoices’"
