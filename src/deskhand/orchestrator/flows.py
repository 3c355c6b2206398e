"""A desktop flow with every flow that it may call, as they travel to a machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import parse_id
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.protocol.messages import Flow
from deskhand.store.database import Transaction

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
)


_PUBLISHED = sa.select(*_COLUMNS).where(
    Workflow.c.category == int(Category.DESKTOP_FLOW),
    Workflow.c.componentstate == int(ComponentState.PUBLISHED),
)
_ANY_ID = Workflow.c.workflowid.in_(sa.bindparam("ids", expanding=True))
_BY_ID = _PUBLISHED.where(_ANY_ID)
_BY_ID_OR_NAME = _PUBLISHED.where(sa.or_(_ANY_ID, Workflow.c.name.in_(sa.bindparam("names", expanding=True))))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A published flow, and the published flows that it may call, at any depth."""

    row: sa.RowMapping
    children: tuple[Flow, ...]

    @property
    def flow(self) -> Flow:
        """Return the flow itself."""
        return flow_of(self.row)


def published_flow(tx: Transaction, workflow_id: UUID) -> sa.RowMapping | None:
    """Return a desktop flow's published row, or None if it has none."""
    return next(iter(_published(tx, [workflow_id], ())), None)


def bundle(tx: Transaction, workflow_id: UUID) -> Bundle | None:
    """Return a flow as it is published now, with what it may call; None if it is not published.

    A called flow that does not exist is left out: the action that calls it says so when it runs.
    """
    row = published_flow(tx, workflow_id)
    if row is None:
        return None
    found = {row["workflowid"]: row}
    level = [row]
    while level and len(found) <= MAX_CHILDREN:
        level = [one for one in _called_by(tx, level) if one["workflowid"] not in found]
        found |= {one["workflowid"]: one for one in level}
    children = [flow_of(one) for one in found.values() if one is not row]
    return Bundle(row, tuple(children[:MAX_CHILDREN]))


def flow_of(row: sa.RowMapping) -> Flow:
    """Return a flow's row as the wire carries it."""
    return Flow(row["workflowid"], row["name"] or "", row["definition"] or "")


def _called_by(tx: Transaction, rows: Iterable[sa.RowMapping]) -> list[sa.RowMapping]:
    ids, names = set[UUID](), set[str]()
    for row in rows:
        definition = row["definition"] or ""
        ids |= {found for text in _CALLED_ID.findall(definition) if (found := parse_id(text))}
        ids |= set(_declared_children(row["dependencies"]))
        names |= set(_CALLED_NAME.findall(definition))
    return _published(tx, ids, names) if ids or names else []


def _declared_children(dependencies: str | None) -> Iterator[UUID]:
    """Yield the ids that a designer noted under ``childFlows``, in whatever form it noted them."""
    try:
        content = json.loads(dependencies or "{}")
    except (ValueError, RecursionError):
        return
    children = content.get("childFlows") if isinstance(content, dict) else None
    for text in _ID.findall(json.dumps(children)):
        yield UUID(text)


def _published(tx: Transaction, ids: Iterable[UUID], names: Iterable[str]) -> list[sa.RowMapping]:
    named = list(names)
    wanted = {"ids": list(ids)} | ({"names": named} if named else {})
    return list(tx.execute(_BY_ID_OR_NAME if named else _BY_ID, wanted).mappings())
