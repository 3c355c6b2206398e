"""Importing this module declares every table."""

from deskhand.entities import (
    changes,
    connector,
    credential,
    flowmachine,
    flowrun,
    flowsession,
    flowtrigger,
    security,
    signing_in,
    storage,
    workflow,
    workqueue,
)
from deskhand.entities.declare import METADATA, REGISTRY

__all__ = [
    "METADATA",
    "REGISTRY",
    "changes",
    "connector",
    "credential",
    "flowmachine",
    "flowrun",
    "flowsession",
    "flowtrigger",
    "security",
    "signing_in",
    "storage",
    "workflow",
    "workqueue",
]
