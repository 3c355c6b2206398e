"""Everything that is built: importing this module declares every action type, trigger type and operation."""

from deskhand.cloudflows import actions, connectors, triggers
from deskhand.cloudflows.declare import ACTION_TYPES, CONNECTORS, OPERATIONS, TRIGGER_TYPES
from deskhand.cloudflows.examining import examine_flow
from deskhand.cloudflows.inspection import BuiltIn

__all__ = [
    "ACTION_TYPES",
    "CONNECTORS",
    "OPERATIONS",
    "TRIGGER_TYPES",
    "BuiltIn",
    "actions",
    "connectors",
    "examine_flow",
    "triggers",
]
