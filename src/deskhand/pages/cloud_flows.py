"""The list of cloud flows; what is known of one comes from the management API of cloud flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.declare import kind_of_type
from deskhand.core.ids import parse_id
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowtrigger import FlowTrigger
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import Category, ComponentState, Workflow, WorkflowState
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.desktop_flows import Whose, of_whom
from deskhand.pages.lists import LIMIT, Sort, contains, page, reach, text
from deskhand.pages.runs import RunRow, cloud_query, cloud_row
from deskhand.records.security import visible

_W, _R = Workflow.c, FlowRun.c
_OWNER = SystemUser.table.alias("owner")


class FlowState(StrEnum):
    """Whether a cloud flow is on."""

    ON = "On"
    OFF = "Off"
    SUSPENDED = "Suspended"


FLOW_STATES = {
    WorkflowState.DRAFT: FlowState.OFF,
    WorkflowState.ACTIVATED: FlowState.ON,
    WorkflowState.SUSPENDED: FlowState.SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class CloudFlowRow:
    """One cloud flow in a list.

    Attributes:
        id: The flow.
        name: Its name.
        description: What it is for.
        state: Whether it is on.
        owner_id: Whose it is.
        owner: Their name.
        modified_on: When it was last changed.
        trigger: What starts it: Instant, Scheduled or Automated, as its runs are called; null while it is
            off.
        next_run_on: When it starts next, if a time decides that.
        last_run: Its newest run that the caller may see.
    """

    id: UUID
    name: str
    description: str | None
    state: FlowState
    owner_id: UUID | None
    owner: str | None
    modified_on: datetime
    trigger: str | None
    next_run_on: datetime | None
    last_run: RunRow | None


@dataclass(frozen=True, slots=True)
class CloudFlowPage:
    """A page of cloud flows.

    Attributes:
        items: The flows.
        next: The ``after`` of the next page; null on the last one.
    """

    items: tuple[CloudFlowRow, ...]
    next: str | None


_SORTS: Mapping[str, Sort] = {
    "name": text(_W.name),
    "modifiedOn": Sort(_W.modifiedon),
    "owner": text(sa.func.coalesce(_OWNER.c.fullname, _OWNER.c.domainname)),
}


@endpoint("GET", "/cloudflows")
def cloud_flows(
    context: PageContext,
    *,
    search: str | None = None,
    state: tuple[FlowState, ...] = (),
    whose: Whose = Whose.ALL,
    sort: str = "name",
    after: str | None = None,
    limit: int = LIMIT,
) -> CloudFlowPage:
    """List cloud flows.

    Args:
        search: Only flows whose name or description holds this text, or whose id it is.
        state: Only flows in these states.
        whose: Only the caller's own, or only those that others share with the caller.
        sort: name, modifiedOn or owner; - before it descends.
        after: The ``next`` of the page before.
        limit: How many at most.
    """
    query = (
        sa.select(
            _W.workflowid,
            _W.name,
            _W.description,
            _W.statecode,
            _W.ownerid,
            _W.modifiedon,
            sa.func.coalesce(_OWNER.c.fullname, _OWNER.c.domainname).label("owner_name"),
        )
        .select_from(Workflow.table)
        .outerjoin(_OWNER, _OWNER.c.systemuserid == _W.ownerid)
        .where(
            _W.category == Category.MODERN_FLOW.value,
            _W.componentstate == ComponentState.PUBLISHED.value,
            reach(visible(context.principal, Workflow)),
        )
    )
    query = query.where(*of_whom(context, whose))
    if state:
        query = query.where(
            _W.statecode.in_([code.value for code, one in FLOW_STATES.items() if one in state])
        )
    if search:
        flow_id = parse_id(search.strip())
        texts = sa.or_(contains(_W.name, search.strip()), contains(_W.description, search.strip()))
        query = query.where(texts if flow_id is None else _W.workflowid == flow_id)
    found = page(context.tx, query, _W.workflowid, _SORTS, sort=sort, after=after, limit=limit)
    ids = [row["workflowid"] for row in found.rows]
    triggers, runs = _triggers(context, ids), _last_runs(context, ids)
    rows = tuple(
        _row(row, triggers.get(row["workflowid"]), runs.get(row["workflowid"])) for row in found.rows
    )
    return CloudFlowPage(rows, found.next)


def _row(row: sa.RowMapping, trigger: Any, last_run: RunRow | None) -> CloudFlowRow:
    return CloudFlowRow(
        id=row["workflowid"],
        name=row["name"] or "",
        description=row["description"],
        state=FLOW_STATES[WorkflowState(row["statecode"])],
        owner_id=row["ownerid"],
        owner=row["owner_name"],
        modified_on=row["modifiedon"],
        trigger=kind_of_type(trigger.type) if trigger else None,
        next_run_on=trigger.dueon if trigger and trigger.type == "Recurrence" else None,
        last_run=last_run,
    )


def _triggers(context: PageContext, flow_ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    c = FlowTrigger.c
    query = sa.select(c.workflowid, c.type, c.dueon).where(c.workflowid.in_(flow_ids), c.phase != "Ending")
    return {row.workflowid: row for row in context.tx.execute(query)}


def _last_runs(context: PageContext, flow_ids: Sequence[UUID]) -> Mapping[UUID, RunRow]:
    if context.principal.depth(FlowRun.privilege(AccessRight.READ).name) is None:
        return {}
    seen = reach(visible(context.principal, FlowRun))
    newest = []
    for flow_id in flow_ids:
        # The names of runs sort newest first, and an index serves that.
        mine = sa.select(_R.flowrunid).where(_R.workflow == flow_id, seen)
        newest.append(context.tx.execute(mine.order_by(_R.name).limit(1)).scalar())
    ids = [one for one in newest if one is not None]
    found = context.tx.execute(cloud_query().where(_R.flowrunid.in_(ids))).mappings()
    return {row["workflow"]: cloud_row(row) for row in found}
