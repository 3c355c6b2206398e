"""The actions of flow control. Source: actions.yaml, group FlowControl; machines-and-runs 5.9."""

from __future__ import annotations

from deskhand.actions.declare import Module
from deskhand.actions.flow_control.errors import CustomError
from deskhand.robin.catalog import ActionContext, ActionKind

__all__ = ["flow_control"]

flow_control = Module("FlowControl", "Flow control")


@flow_control.action(
    "ThrowCustomError",
    label="Throw custom error",
    summary="Throw the error {CustomErrorMessage}",
    errors=(CustomError,),
)
def throw_custom_error(custom_error_message: str, custom_error_code: str = "") -> None:
    """Raise an error, as if an action had failed.

    Args:
        custom_error_message: What the error says.
        custom_error_code: A code of the flow's own, kept in the error's details.
    """
    raise CustomError(custom_error_code, custom_error_message)


@flow_control.action(
    "IfSafeStop",
    kind=ActionKind.CONDITION,
    label="If safe stop is requested",
    summary="If a safe stop is requested: {ShouldStop}",
)
def if_safe_stop(context: ActionContext, should_stop: bool = True) -> bool:
    """Hold if somebody asked this run to stop where it is safe.

    Args:
        should_stop: False turns the question round: hold if nobody asked.
    """
    return context.is_safe_stop_requested() == should_stop
