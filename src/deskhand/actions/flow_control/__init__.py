"""The actions of flow control; its statements belong to the language."""

from deskhand.actions.flow_control.actions import flow_control

__all__ = ["flow_control"]
