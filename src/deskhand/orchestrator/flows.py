"""A desktop flow with every flow that it may call, as they travel to a machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import parse_id
from deskhand.entities.declare import AccessRight
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.identity.accounts import load_principal
from deskhand.identity.errors import UserNotMember
from deskhand.orchestrator.rows import Row
from deskhand.protocol.messages import Flow
from deskhand.records.errors import AccessDenied, PrivilegeDenied
from deskhand.records.security import require_access
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement
from deskhand.store.text import folded

MAX_CHILDREN = 150
"""Flows that one flow may depend on. Source: machines-and-runs 7.3."""

# What a flow calls stands in its text twice: the id in the action, the name in an annotation before it.
# Texts copied between installations keep the name where the id is no longer right.
_CALLED_ID = re.compile(r"External\.RunFlow\b[^\n]*?\bFlowId:\s*\$?'+\{?([0-9a-f-]{36})\}?'", re.IGNORECASE)
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_CALLED_NAME = re.compile(r"@@flowname:\s*\$?'+([^'\n]+)'", re.IGNORECASE)

_COLUMNS = (
    Workflow.c.workflowid,
    Workflow.c.name,
    Workflow.c.definition,
    Workflow.c.dependencies,
    Workflow.c.inputs,
    Workflow.c.outputs,
    Workflow.c.ownerid,
    Workflow.c.owningbusinessunit,
    Workflow.c.flowversionid,
)


_PUBLISHED = sa.select(*_COLUMNS).where(
    Workflow.c.category == int(Category.DESKTOP_FLOW),
    Workflow.c.componentstate == int(ComponentState.PUBLISHED),
)
_BY_ID = Statement(_PUBLISHED.where(Workflow.c.workflowid == sa.bindparam("workflow_id")))
_BY_ID_OR_NAME = _PUBLISHED.where(
    sa.or_(
        Workflow.c.workflowid.in_(sa.bindparam("ids", expanding=True)),
        folded(Workflow.c.name).in_(sa.bindparam("names", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A published flow, and the published flows that it may call, at any depth."""

    row: Row
    children: tuple[Flow, ...]

    @property
    def flow(self) -> Flow:
        """Return the flow itself."""
        return flow_of(self.row)


def published_flow(tx: Transaction, workflow_id: UUID) -> Row | None:
    """Return a desktop flow's published row, or None if it has none."""
    return tx.row(_BY_ID, {"workflow_id": workflow_id})


def bundle(tx: Transaction, workflow_id: UUID) -> Bundle | None:
    """Return a flow as it is published now, with what it may call; None if it is not published.

    A called flow that does not exist, or that the flow's owner may not read, is left out: the action that
    calls it says so when it runs. Sharing a flow does not share what it calls (machines-and-runs 7.2).
    """
    row = published_flow(tx, workflow_id)
    return None if row is None else bundle_of(tx, row)


def bundle_of(tx: Transaction, row: Row) -> Bundle:
    """Return a flow, as its row says, with the published flows that it may call."""
    found = {row["workflowid"]: row}
    level = [row]
    while level and len(found) <= MAX_CHILDREN:
        called = [one for one in _called_by(tx, level) if one["workflowid"] not in found]
        level = [one for one in called if _may_read(tx, row["ownerid"], one)]
        found |= {one["workflowid"]: one for one in level}
    children = [flow_of(one) for one in found.values() if one is not row]
    return Bundle(row, tuple(children[:MAX_CHILDREN]))


def flow_of(row: Row) -> Flow:
    """Return a flow's row as the wire carries it."""
    return Flow(row["workflowid"], row["name"] or "", row["definition"] or "")


def _called_by(tx: Transaction, rows: Iterable[Row]) -> list[Row]:
    ids, names = set[UUID](), set[str]()
    for row in rows:
        definition = row["definition"] or ""
        ids |= {found for text in _CALLED_ID.findall(definition) if (found := parse_id(text))}
        ids |= set(_declared_children(row["dependencies"]))
        names |= {name.lower() for name in _CALLED_NAME.findall(definition)}
    if not (ids or names):
        return []
    called = tx.execute(_BY_ID_OR_NAME, {"ids": list(ids), "names": list(names)})
    return list(called.mappings())


def _may_read(tx: Transaction, user_id: UUID, row: Row) -> bool:
    """Tell whether a user may read a flow: their own, one that is shared with them, or any in their reach."""
    if row["ownerid"] == user_id:
        return True
    try:
        require_access(tx, load_principal(tx, user_id), Workflow, row, AccessRight.READ)
    except (PrivilegeDenied, AccessDenied, UserNotMember):
        return False
    return True


def _declared_children(dependencies: str | None) -> Iterator[UUID]:
    """Yield the ids that a designer noted under ``childFlows``, in whatever form it noted them."""
    try:
        content = json.loads(dependencies or "{}")
    except (ValueError, RecursionError):
        return
    children = content.get("childFlows") if isinstance(content, dict) else None
    for text in _ID.findall(json.dumps(children)):
        yield UUID(text)
