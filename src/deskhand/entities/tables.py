"""Importing this module declares every table."""

from deskhand.entities import flowmachine, flowsession, security, storage, workflow
from deskhand.entities.declare import METADATA, REGISTRY

__all__ = ["METADATA", "REGISTRY", "flowmachine", "flowsession", "security", "storage", "workflow"]
