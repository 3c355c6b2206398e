"""Approvals: who is asked, who may answer, what it comes to, and what the run then sees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from deskhand.cloudflows.approval_errors import (
    ApprovalAnswerRefused,
    ApprovalClosed,
    ApprovalNotFound,
)
from deskhand.cloudflows.approvals import ApprovalStatus, answer, list_approvals, show_approval
from deskhand.cloudflows.notifications import list_notifications, mark_read
from deskhand.identity.accounts import create_user, load_principal
from deskhand.identity.principals import Principal
from deskhand.identity.roles import DESKTOP_FLOWS_RUNNER
from tests.cloud_runs import after
from tests.contract.cloudflows.servers import House

ASKED = "anna@example.org; BERT@example.org"


@pytest.fixture
def people(house: House) -> dict[str, Principal]:
    def make(tx: Any) -> dict[str, Principal]:
        roles = [DESKTOP_FLOWS_RUNNER.name]
        ids = {
            name: create_user(tx, name.capitalize(), f"{name}@example.org", roles=roles)
            for name in ("anna", "bert", "cleo")
        }
        return {name: load_principal(tx, user_id) for name, user_id in ids.items()}

    return house.database.write(make)


def operation(operation_id: str, parameters: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    api = "/providers/Microsoft.PowerApps/apis/shared_approvals"
    host = {"apiId": api, "connectionName": "approvals", "operationId": operation_id}
    return {
        "type": "OpenApiConnectionWebhook",
        "inputs": {"host": host, "parameters": parameters},
        **members,
    }


def asking(kind: str = "Basic", assigned_to: str = ASKED, **more: Any) -> dict[str, Any]:
    name = "WebhookApprovalCreationInput"
    return {
        "approvalType": kind,
        f"{name}/title": "Pay 12 €?",
        f"{name}/assignedTo": assigned_to,
        f"{name}/details": "For paper.",
        **{f"{name}/{key}": value for key, value in more.items()},
    }


def only(house: House, principal: Principal) -> str:
    """Return the name of the only approval that somebody is asked for."""
    (row,) = house.database.read(lambda tx: list_approvals(tx, principal))
    return str(row["name"])


def decide(house: House, answers: Mapping[str, str], people: Mapping[str, Principal], **asked: Any) -> Any:
    """Run a flow that asks, have people answer, and return what it got."""
    flow_id = house.flow({"Ask": operation("StartAndWaitForAnApproval", asking(**asked))})
    with house.server() as server:
        (run,) = server.call(flow_id)
        name = only(house, people["anna"])
        for who, response in answers.items():
            assert house.run(run.id)["endtime"] is None
            house.clock.advance(1)
            house.database.write(partial(answer, principal=people[who], name=name, response=response))
        house.finish(server, run.id)
        return house.records(server, run.id)["Ask"][0].outputs["body"]  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("asked", "answers", "outcome"),
    [
        ({"kind": "Basic"}, {"bert": "reject"}, "Reject"),
        ({"kind": "BasicAwaitAll"}, {"anna": "Approve", "bert": "Approve"}, "Approve"),
        ({"kind": "BasicAwaitAll"}, {"anna": "Reject"}, "Reject"),
        ({"kind": "CustomResponse", "responseOptions": ["Now", "Later"]}, {"anna": "later"}, "Later"),
        (
            {"kind": "CustomResponseAwaitAll", "responseOptions": ["Now", "Later"]},
            {"bert": "Now", "anna": "Later"},
            "Now, Later",
        ),
    ],
)
def test_what_people_answer_decides(
    house: House,
    people: dict[str, Principal],
    asked: Mapping[str, Any],
    answers: Mapping[str, str],
    outcome: str,
) -> None:
    content = decide(house, answers, people, **asked)
    assert content["outcome"] == outcome
    assert sorted(one["responder"]["displayName"] for one in content["responses"]) == sorted(
        name.capitalize() for name in answers
    )


def test_a_flow_sees_who_said_what(house: House, people: dict[str, Principal]) -> None:
    content = decide(house, {"anna": "Approve"}, people)
    asked, moment = content["requestDate"], content["completionDate"]
    (response,) = content["responses"]
    assert response == {
        "responder": {
            "id": str(people["anna"].user_id),
            "displayName": "Anna",
            "email": "anna@example.org",
            "tenantId": str(people["anna"].organization_id),
            "userPrincipalName": "anna@example.org",
        },
        "requestDate": asked,
        "responseDate": moment,
        "approverResponse": "Approve",
        "comments": "",
    }
    assert (content["title"], content["status"], moment > asked) == ("Pay 12 €?", "Completed", True)
    assert content["responseSummary"].startswith("Approver: Anna, anna@example.org\nResponse: Approve\n")


def test_only_who_is_asked_answers_and_only_once(house: House, people: dict[str, Principal]) -> None:
    flow_id = house.flow({"Ask": operation("StartAndWaitForAnApproval", asking("BasicAwaitAll"))})
    with house.server() as server:
        (run,) = server.call(flow_id)
        name = only(house, people["anna"])

        def say(who: str, response: str) -> None:
            house.database.write(lambda tx: answer(tx, people[who], name, response))

        with pytest.raises(ApprovalNotFound):
            say("cleo", "Approve")
        with pytest.raises(ApprovalNotFound):
            house.database.read(lambda tx: show_approval(tx, people["cleo"], name))
        with pytest.raises(ApprovalAnswerRefused, match="the answers are: Approve, Reject"):
            say("anna", "Perhaps")
        say("anna", "Approve")
        with pytest.raises(ApprovalClosed, match="you have answered it"):
            say("anna", "Reject")
        say("bert", "Reject")
        house.finish(server, run.id)
        with pytest.raises(ApprovalClosed, match="it is completed"):
            say("bert", "Approve")


def test_a_question_goes_with_its_run(house: House, people: dict[str, Principal]) -> None:
    flow_id = house.flow({"Ask": operation("StartAndWaitForAnApproval", asking())})
    with house.server() as server:
        (run,) = server.call(flow_id)
        name = only(house, people["anna"])
        house.cancel(run.id)
        house.finish(server, run.id)
    shown = house.database.read(lambda tx: show_approval(tx, people["anna"], name))
    assert shown["status"] == ApprovalStatus.CANCELED
    with pytest.raises(ApprovalClosed, match="it is canceled"):
        house.database.write(lambda tx: answer(tx, people["anna"], name, "Approve"))


def test_a_question_is_withdrawn_when_its_time_is_up(house: House, people: dict[str, Principal]) -> None:
    ask = operation("StartAndWaitForAnApproval", asking(), limit={"timeout": "P2D"})
    flow_id = house.flow({"Ask": ask})
    with house.server() as server:
        (run,) = server.call(flow_id)
        name = only(house, people["anna"])
        house.finish(server, run.id)
    assert house.statuses(run.id) == {"Ask": "TimedOut"}
    shown = house.database.read(lambda tx: show_approval(tx, people["anna"], name))
    assert shown["status"] == ApprovalStatus.CANCELED


def test_a_flow_asks_first_reminds_and_waits_again(house: House, people: dict[str, Principal]) -> None:
    created = {
        "approvalType": "Basic",
        "ApprovalCreationInput": {"title": "Go?", "assignedTo": "anna@example.org"},
    }
    waits = {"approvalName": "@body('Create')?['name']"}
    flow_id = house.flow(
        {
            "Create": operation("CreateAnApproval", created),
            "Wait": operation(
                "WaitForAnApproval", waits, limit={"timeout": "PT1H"}, runAfter=after("Create")
            ),
            "Again": operation("WaitForAnApproval", waits, runAfter={"Wait": ["TimedOut"]}),
        }
    )
    with house.server() as server:
        (run,) = server.call(flow_id)
        assert house.wait_for(server, lambda: "Again" in house.statuses(run.id))
        name = only(house, people["anna"])
        house.database.write(lambda tx: answer(tx, people["anna"], name, "Approve", "Go on"))
        house.finish(server, run.id)
        (record,) = house.records(server, run.id)["Again"]
    assert house.statuses(run.id) == {"Create": "Succeeded", "Wait": "TimedOut", "Again": "Succeeded"}
    assert record.outputs["body"]["responses"][0]["comments"] == "Go on"  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"assigned_to": "nobody@example.org"}, "‘nobody@example.org’ is nobody who can be asked here"),
        ({"assigned_to": " ; "}, "nobody is asked"),
        ({"kind": "Majority"}, "‘approvalType’ must be one of"),
        ({"kind": "CustomResponse"}, "it offers no answers"),
    ],
)
def test_what_cannot_be_asked_fails_the_action(
    house: House, people: dict[str, Principal], asked: Mapping[str, Any], message: str
) -> None:
    flow_id = house.flow({"Ask": operation("StartAndWaitForAnApproval", asking(**asked))})
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)
        (record,) = house.records(server, run.id)["Ask"]
    assert record.problem is not None
    assert (record.code, record.problem.code) == ("BadRequest", "InvalidApprovalCreateRequest")
    assert message in record.problem.message


def test_who_is_asked_is_notified_and_the_owner_of_a_flow_is_told_things(
    house: House, people: dict[str, Principal]
) -> None:
    decide(house, {"anna": "Approve"}, people)
    push = "/providers/Microsoft.PowerApps/apis/shared_flowpush"
    tell = operation("SendNotification", {"NotificationDefinition/notificationText": "Done"})
    tell["inputs"]["host"]["apiId"] = push
    flow_id = house.flow({"Tell": {**tell, "type": "OpenApiConnection"}})
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)

    (asked,) = house.database.read(lambda tx: list_notifications(tx, people["anna"].user_id))
    assert (asked["title"], asked["text"]) == ("Approval requested: Pay 12 €?", "For paper.")
    (told,) = house.database.read(lambda tx: list_notifications(tx, house.owner_id))
    assert (told["text"], told["flowrunid"]) == ("Done", run.id)
    house.database.write(lambda tx: mark_read(tx, house.owner_id, told["notificationid"]))
    assert house.database.read(lambda tx: list_notifications(tx, house.owner_id, unread=True)) == []
