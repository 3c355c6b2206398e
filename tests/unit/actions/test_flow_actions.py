"""Logging, calling other flows, and the flow's own errors."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.actions.external import actions as external
from deskhand.actions.external.errors import RunDesktopFlowFailed
from deskhand.actions.flow_control import actions as flow_control
from deskhand.actions.flow_control.errors import CustomError
from deskhand.actions.logging import actions as logging
from deskhand.core.errors import DeskhandError


def test_a_message_reaches_the_action_log_at_its_level(context: Any) -> None:
    logging.log_message("a\nb", context)
    logging.log_message("careful", context, logging.LogLevel.WARNING)
    logging.log_message("broken", context, logging.LogLevel.ERROR)

    assert context.logged == [("Info", "a\nb"), ("Warning", "careful"), ("Error", "broken")]


def test_a_called_flow_takes_inputs_and_gives_outputs(context: Any) -> None:
    context.outputs = {"Total": 3, "Name": "x"}

    external.run_flow("an-id", context, {"Count": 2})

    assert context.started == [("an-id", None, {"Count": 2}, True)]
    assert context.dynamic_outputs == {"Total": 3, "Name": "x"}


def test_a_flow_that_is_not_waited_for_gives_no_outputs(context: Any) -> None:
    context.outputs = {"Total": 3}

    external.run_flow("an-id", context, {}, wait_to_complete=False)

    assert context.started == [("an-id", None, {}, False)]
    assert context.dynamic_outputs == {}


def test_a_called_flow_that_fails_raises_the_documented_error(
    context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise DeskhandError("there is no such flow")

    monkeypatch.setattr(context, "run_flow", fail)

    with pytest.raises(RunDesktopFlowFailed) as raised:
        external.run_flow("an-id", context, {})

    assert (str(raised.value), raised.value.details) == (
        "The desktop flow ‘an-id’ failed: there is no such flow",
        "there is no such flow",
    )


def test_an_error_of_the_flows_own_carries_its_message_and_code() -> None:
    with pytest.raises(CustomError) as raised:
        flow_control.throw_custom_error("The invoice is empty", "E42")

    assert (str(raised.value), raised.value.details, raised.value.custom_code) == (
        "The invoice is empty",
        "Error code: E42",
        "E42",
    )


def test_an_error_without_a_code_has_no_details() -> None:
    with pytest.raises(CustomError) as raised:
        flow_control.throw_custom_error("The invoice is empty")

    assert raised.value.details == ""


@pytest.mark.parametrize("requested", [True, False])
def test_a_safe_stop_is_asked_for_either_way_round(context: Any, requested: bool) -> None:
    context.safe_stop = requested

    assert flow_control.if_safe_stop(context) is requested
    assert flow_control.if_safe_stop(context, should_stop=False) is not requested
