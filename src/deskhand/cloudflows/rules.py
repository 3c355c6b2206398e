"""What writes to cloud flows entail: they are switched through their columns. Source: cloud-flows 7.4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskhand.cloudflows.activation import end_triggers, put_in_force
from deskhand.cloudflows.retention import forget_runs_of
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.workflow import Category, Workflow, WorkflowState
from deskhand.identity.principals import Principal
from deskhand.orchestrator.versions import keep_version
from deskhand.records.rules import Write, after_write, before_write
from deskhand.store.database import Transaction

_DOCUMENT = frozenset({"clientdata", "metadata"})


def _is_cloud_flow(write: Write) -> bool:
    category: int = write.value("category")
    return category == Category.MODERN_FLOW


@before_write(Workflow)
def end_flow(tx: Transaction, principal: Principal, write: Write) -> Mapping[str, Any]:
    """Let the triggers of a flow end that is deleted, handed on, or switched off."""
    if _is_cloud_flow(write) and write.before is not None and not _is_on(write):
        end_triggers(tx, write.row_id)
    if _is_cloud_flow(write) and write.message is ChangeMessage.DELETE:
        forget_runs_of(tx, write.row_id)
    return write.changes


@after_write(Workflow)
def begin_flow(tx: Transaction, principal: Principal, write: Write) -> None:
    """Put a flow's definition in force that is switched on, or changed while it is."""
    if not _is_cloud_flow(write) or write.before is None or not _is_on(write):
        return
    was_on = write.before["statecode"] == WorkflowState.ACTIVATED
    if not was_on or not write.changes.keys().isdisjoint(_DOCUMENT):
        put_in_force(tx, write.row_id)


@after_write(Workflow)
def keep_what_is_saved(tx: Transaction, principal: Principal, write: Write) -> None:
    """Keep a version of a flow's document, whoever writes it by whatever way."""
    is_saved = write.message is not ChangeMessage.DELETE and not write.changes.keys().isdisjoint(_DOCUMENT)
    if _is_cloud_flow(write) and is_saved:
        keep_version(tx, write.row_id, by=principal.user_id)


def _is_on(write: Write) -> bool:
    return write.message is not ChangeMessage.DELETE and write.value("statecode") == WorkflowState.ACTIVATED
