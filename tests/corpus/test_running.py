"""Flows of built-in actions in the corpus run to an end; what some answer was worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from deskhand.cloudflows.http.responses import Response
from deskhand.solutions.content import CloudFlow
from deskhand.wdl.containers import read_container
from deskhand.wdl.definition import walk
from tests.cloud_runs import BEGIN, MemoryRun, begin_run, compile_flow, timedelta
from tests.corpus.test_cloud_flows import flows

LONGEST = BEGIN + timedelta(days=2)
# Connectors, language models, and calls of other flows, which are not at hand in memory.
NOT_BUILT_IN = {
    "agent",
    "serviceprovider",
    "workflow",
    "openapiconnection",
    "openapiconnectionwebhook",
    "apiconnection",
    "apiconnectionwebhook",
}


@dataclass
class Reachable:
    """Answers every call."""

    tokens: None = None
    http: Any = field(init=False)

    def __post_init__(self) -> None:
        self.http = self

    def send(self, _: Any) -> Response:
        return Response(200, {"Content-Type": "application/json"}, b"{}")

    def callback_url(self, *_: Any) -> str:
        return "https://deskhand.example/callback"


def run(flow: CloudFlow, body: Any) -> MemoryRun:
    program = compile_flow(flow.client_data, flow.beside)
    name = program.trigger.name if program.trigger else ""
    trigger = {"name": name, "status": "Succeeded", "outputs": {"headers": {}, "body": body}}
    given = dict(program.container.parameters)
    begun = begin_run(program, trigger=trigger, parameters=given, services=Reachable(), awaits_answer=True)
    return begun.drive(until=LONGEST)


def is_built_in(flow: CloudFlow) -> bool:
    types = {one.type.casefold() for one in walk(read_container(flow.client_data).definition.actions)}
    return types.isdisjoint(NOT_BUILT_IN)


FLOWS = [(name, flow) for name, flow in flows() if is_built_in(flow)]


def answer(body: Any) -> dict[str, Any]:
    return {"statusCode": 200, "body": body}


ANSWERS: dict[str, tuple[Any, Any]] = {
    "bare": (None, {"n": {"type": "Int", "value": 6}}),
    "GetRiskProfile": (
        {"loanAmount": 3000, "annualSalary": 100_000, "employmentYears": 2},
        answer({"dtiRatio": 0, "riskScore": "Low", "employmentStability": "Moderate"}),
    ),
    "GetSpecialVehicles": ({"make": "FERRARI"}, answer({"make": "Ferrari", "riskFactor": 2.5})),
    "GetApproval": ({"trackingId": "WO-67890"}, answer("DENIED")),
    "CalculateRefund": (
        {"orderTotal": 100, "reason": "changed_mind", "category": "books", "condition": "new"},
        answer(
            {
                "orderTotal": 100,
                "reason": "changed_mind",
                "category": "books",
                "condition": "new",
                "refundAmount": 90,
                "fees": {"restockingFee": 0, "shippingFee": 10},
                "explanation": "Refund minus $10 shipping fee",
            }
        ),
    ),
}
"""What flows get, and what they answer or, without a Response, return."""


@pytest.mark.parametrize("flow", [pytest.param(flow, id=name) for name, flow in FLOWS])
def test_a_flow_of_built_in_actions_runs_to_an_end_without_a_fault_of_ours(flow: CloudFlow) -> None:
    finished = run(flow, {"name": "Ada", "items": [1, 2, 3]})

    codes = {one.code for one in finished.everything.values()}
    assert codes.isdisjoint({"InternalServerError", "NotImplemented"})
    assert {str(one.status) for one in finished.state.open_records()} <= {"Running"}
    assert finished.state.status.is_final or finished.machine.next_due is not None


@pytest.mark.parametrize(
    "flow", [pytest.param(flow, id=name) for name, flow in FLOWS if flow.name in ANSWERS]
)
def test_a_flow_answers_what_was_worked_out(flow: CloudFlow) -> None:
    body, expected = ANSWERS[flow.name]
    finished = run(flow, body)

    answers = [one.outputs for one in finished.everything.values() if one.id == finished.state.response_id]
    assert (answers or [finished.state.outputs]) == [expected]
