"""The External module: what a flow asks of other flows."""

from deskhand.actions.external.actions import external

__all__ = ["external"]
