"""The Variables module: numbers, lists, data tables and custom objects."""

from deskhand.actions.variables.actions import variables

__all__ = ["variables"]
