"""What a context file may hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deskhand.wdl.context import ContextMalformed, read_context
from deskhand.wdl.evaluator import evaluate_text
from deskhand.wdl.scope import StaticScope

MOMENT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_context_becomes_a_scope() -> None:
    context = {
        "variables": {"x": 1},
        "parameters": {"p": "q"},
        "outputs": {"Compose": {"body": 2}},
        "trigger": {"name": "manual", "outputs": {"body": {"t": 3}}},
        "item": None,
    }
    assert read_context(context, MOMENT) == StaticScope(
        moment=MOMENT,
        variables={"x": 1},
        parameters={"p": "q"},
        actions={"Compose": {"name": "Compose", "outputs": {"body": 2}}},
        trigger={"name": "manual", "outputs": {"body": {"t": 3}}},
        item=(None,),
    )


def test_a_trigger_may_be_given_by_its_outputs_alone() -> None:
    scope = read_context({"trigger": {"headers": {}, "body": {"t": 3}}}, MOMENT)
    assert evaluate_text("triggerBody()['t']", scope) == 3


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ([], "The context must be a JSON object, and is of type Array."),
        ({"variables": 1}, "‘variables’ of the context must be an object, and is of type Integer."),
        ({"variable": {}}, "‘variable’ of the context is unknown; did you mean ‘variables’?"),
    ],
)
def test_a_context_of_another_shape_is_refused(context: object, message: str) -> None:
    with pytest.raises(ContextMalformed) as caught:
        read_context(context, MOMENT)
    assert str(caught.value) == message
