"""Desktop flows: the list, and everything about one. Source: experience 3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import parse_id
from deskhand.entities.changes import ChangeMessage
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.orchestrator.parameters import read_schema
from deskhand.pages.checking import Finding, FlowCheck
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter, NotFound
from deskhand.pages.lists import LIMIT, Sort, contains, page, reach, text
from deskhand.pages.running import FlowParameter, parameters
from deskhand.pages.runs import FlowKind, RunRow, desktop_query, desktop_row
from deskhand.pages.statuses import RunStatus, desktop_status
from deskhand.records.changes import announce, change_stamps
from deskhand.records.security import has_access, require_access, shared_rows, visible
from deskhand.records.service import retrieve
from deskhand.records.versions import readable

_W, _S = Workflow.c, FlowSession.c
_DRAFT = Workflow.table.alias("draft")
_OWNER = SystemUser.table.alias("owner")
_CHANGER = SystemUser.table.alias("changer")
_DAYS = 28
_LAST_RUNS = 10
_MOST_USES = 100
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 2_000
_PATIENCE_LIST, _PATIENCE_ONE = 0.25, 10.0
_NOTHING = FlowCheck(None, None, ())
_CALLED = re.compile(r"External\.RunFlow\b[^\n]*?\bFlowId:\s*\$?'+\{?([0-9a-f-]{36})\}?'", re.IGNORECASE)


class Whose(StrEnum):
    """Whose flows."""

    ALL = "all"
    MINE = "mine"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class DesktopFlowRow:
    """One desktop flow in a list.

    Attributes:
        id: The flow.
        name: Its name.
        description: What it is for.
        published: Whether it has a version that runs.
        has_draft: Whether it has a draft that differs from it, or is one.
        owner_id: Whose it is.
        owner: Their name.
        modified_on: When it was last changed.
        modified_by: By whom.
        checked: Whether the checker has looked at this version; it does so now, and until then the next
            four are not known.
        actions: How many rows with actions it has; null where its text cannot be read.
        subflows: How many subflows, Main included.
        errors: How many things keep it from running.
        warnings: What else the checker found.
        last_run: Its newest run that the caller may see.
    """

    id: UUID
    name: str
    description: str | None
    published: bool
    has_draft: bool
    owner_id: UUID | None
    owner: str | None
    modified_on: datetime
    modified_by: str | None
    checked: bool
    actions: int | None
    subflows: int | None
    errors: int
    warnings: int
    last_run: RunRow | None


@dataclass(frozen=True, slots=True)
class DesktopFlowPage:
    """A page of desktop flows.

    Attributes:
        items: The flows.
        next: The ``after`` of the next page; null on the last one.
    """

    items: tuple[DesktopFlowRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class FlowLink:
    """Another flow that is tied to one.

    Attributes:
        kind: What kind of flow it is.
        id: The flow.
        name: Its name; null for one that is not there, or that the caller may not see.
    """

    kind: FlowKind
    id: UUID
    name: str | None


@dataclass(frozen=True, slots=True)
class DayOfRuns:
    """The runs of one day, by UTC.

    Attributes:
        day: The day, ``2026-03-01``.
        succeeded: How many succeeded.
        failed: How many failed or timed out.
        other: How many others were asked for.
    """

    day: str
    succeeded: int
    failed: int
    other: int


@dataclass(frozen=True, slots=True)
class DesktopFlowDetails:
    """Everything about a desktop flow but its text.

    Attributes:
        flow: The flow as lists show it.
        created_on: When it was made.
        inputs: What it takes.
        outputs: What it returns.
        findings: What the checker found.
        modules: The modules whose actions it uses.
        uses: The flows that it calls.
        used_by: The flows that call it, the first ones.
        days: Its runs by day, the last 28 days; days without any are left out.
        runs: Its newest runs.
        can_run: Whether the caller may run it now.
        can_write: Whether the caller may change it.
        can_delete: Whether the caller may delete it.
        can_share: Whether the caller may share it.
        version: The version of its row, which a change may name.
        web_api: The address of its row in the Web API.
    """

    flow: DesktopFlowRow
    created_on: datetime
    inputs: tuple[FlowParameter, ...]
    outputs: tuple[FlowParameter, ...]
    findings: tuple[Finding, ...]
    modules: tuple[str, ...]
    uses: tuple[FlowLink, ...]
    used_by: tuple[FlowLink, ...]
    days: tuple[DayOfRuns, ...]
    runs: tuple[RunRow, ...]
    can_run: bool
    can_write: bool
    can_delete: bool
    can_share: bool
    version: int
    web_api: str


_SORTS: Mapping[str, Sort] = {
    "name": text(_W.name),
    "modifiedOn": Sort(_W.modifiedon),
    "owner": text(sa.func.coalesce(_OWNER.c.fullname, _OWNER.c.domainname)),
}


@endpoint("GET", "/desktopflows")
def desktop_flows(
    context: PageContext,
    *,
    search: str | None = None,
    whose: Whose = Whose.ALL,
    published: bool | None = None,
    sort: str = "name",
    after: str | None = None,
    limit: int = LIMIT,
) -> DesktopFlowPage:
    """List desktop flows.

    Args:
        search: Only flows whose name or description holds this text, or whose id it is.
        whose: Only the caller's own, or only those that others share with the caller.
        published: Only flows that have a version that runs, or only those that have none.
        sort: name, modifiedOn or owner; - before it descends.
        after: The ``next`` of the page before.
        limit: How many at most.
    """
    query = _flows().where(reach(visible(context.principal, Workflow)))
    query = query.where(*of_whom(context, whose))
    if published is not None:
        state = _W.componentstate == ComponentState.PUBLISHED.value
        query = query.where(state if published else ~state)
    if search:
        flow_id = parse_id(search.strip())
        texts = sa.or_(contains(_W.name, search.strip()), contains(_W.description, search.strip()))
        query = query.where(texts if flow_id is None else _W.workflowid == flow_id)
    found = page(context.tx, query, _W.workflowid, _SORTS, sort=sort, after=after, limit=limit)
    return DesktopFlowPage(_shown(context, found.rows), found.next)


@endpoint("GET", "/desktopflows/{flow_id}")
def desktop_flow(context: PageContext, *, flow_id: UUID) -> DesktopFlowDetails:
    """Return everything about a desktop flow but its text.

    Args:
        flow_id: The flow.
    """
    retrieve(context.tx, context.principal, Workflow, flow_id, include_unpublished=True, columns=())
    query = _flows().add_columns(_W.inputs, _W.outputs, _W.definition, _W.createdon, _W.owningbusinessunit)
    row = context.tx.execute(query.where(_W.workflowid == flow_id)).mappings().first()
    if row is None:
        raise NotFound("desktop flow", flow_id)
    (flow,) = _shown(context, [row])
    checked = context.checks.of([row], _PATIENCE_ONE).get(row["workflowidunique"], _NOTHING)
    definition = row["definition"] or ""

    def may(right: AccessRight) -> bool:
        return has_access(context.tx, context.principal, Workflow, row, right)

    may_start = context.principal.depth(FlowSession.privilege(AccessRight.CREATE).name) is not None
    return DesktopFlowDetails(
        flow=flow,
        created_on=row["createdon"],
        inputs=tuple(parameters(row["inputs"], read_schema(row["inputs"], definition))),
        outputs=tuple(parameters(row["outputs"], read_schema(row["outputs"], definition))),
        findings=checked.findings,
        modules=checked.modules,
        uses=tuple(_uses(context, definition)),
        used_by=tuple(_used_by(context, flow_id)),
        days=_days(context, flow_id),
        runs=_last_runs(context, flow_id),
        can_run=flow.published and may_start,
        can_write=may(AccessRight.WRITE),
        can_delete=may(AccessRight.DELETE),
        can_share=may(AccessRight.SHARE),
        version=row["versionnumber"],
        web_api=f"{context.base_url}/api/data/v9.2/workflows({flow_id})",
    )


@dataclass(frozen=True, slots=True)
class FlowProperties:
    """What shall be different about a desktop flow; what is left out stays.

    Attributes:
        name: Its name.
        description: What it is for.
    """

    name: str | None = None
    description: str | None = None


@endpoint("PATCH", "/desktopflows/{flow_id}")
def change_properties(context: PageContext, *, flow_id: UUID, body: FlowProperties) -> None:
    """Change a desktop flow's name or description, of what is published and of its draft alike.

    Args:
        flow_id: The flow.
        body: What shall be different.
    """
    tx, principal = context.tx, context.principal
    row = retrieve(tx, principal, Workflow, flow_id, include_unpublished=True, columns=("category",))
    require_access(tx, principal, Workflow, row, AccessRight.WRITE)
    if row["category"] != Category.DESKTOP_FLOW:
        raise NotFound("desktop flow", flow_id)
    values: dict[str, Any] = {}
    if body.name is not None:
        if not 1 <= len(body.name.strip()) <= _LONGEST_NAME:
            raise BadParameter("body.name", f"takes 1 to {_LONGEST_NAME} characters.")
        values["name"] = body.name.strip()
    if body.description is not None:
        values["description"] = body.description[:_LONGEST_DESCRIPTION]
    values |= change_stamps(tx, principal.user_id)
    tx.execute(sa.update(Workflow.table).where(_W.workflowid == flow_id).values(values))
    announce(tx, Workflow, flow_id, ChangeMessage.UPDATE, values, principal.user_id)


def of_whom(context: PageContext, whose: Whose) -> Iterator[sa.ColumnElement[bool]]:
    """Return the condition of flows that are the caller's own, or shared with the caller."""
    if whose is Whose.MINE:
        yield _W.ownerid == context.principal.user_id
    if whose is Whose.SHARED:
        yield _W.workflowid.in_(shared_rows(context.principal, AccessRight.READ))


def _flows() -> sa.Select[Any]:
    """Return desktop flows, each once: what is published, or the draft of one that never was."""
    published = _W.componentstate == ComponentState.PUBLISHED.value
    draft = sa.and_(
        _DRAFT.c.workflowid == _W.workflowid, _DRAFT.c.componentstate == ComponentState.UNPUBLISHED.value
    )
    other = sa.and_(
        _DRAFT.c.workflowid == _W.workflowid, _DRAFT.c.componentstate == ComponentState.PUBLISHED.value
    )
    alone = sa.and_(_W.componentstate == ComponentState.UNPUBLISHED.value, ~sa.exists().where(other))
    return (
        sa.select(
            _W.workflowidunique,
            _W.workflowid,
            _W.name,
            _W.description,
            _W.componentstate,
            sa.exists().where(draft).label("has_draft"),
            _W.ownerid,
            _W.modifiedon,
            _W.versionnumber,
            sa.func.coalesce(_OWNER.c.fullname, _OWNER.c.domainname).label("owner_name"),
            sa.func.coalesce(_CHANGER.c.fullname, _CHANGER.c.domainname).label("changer_name"),
        )
        .select_from(Workflow.table)
        .outerjoin(_OWNER, _OWNER.c.systemuserid == _W.ownerid)
        .outerjoin(_CHANGER, _CHANGER.c.systemuserid == _W.modifiedby)
        .where(_W.category == Category.DESKTOP_FLOW.value, sa.or_(published, alone))
    )


def _shown(context: PageContext, rows: Sequence[sa.RowMapping]) -> tuple[DesktopFlowRow, ...]:
    checks = context.checks.of(rows, _PATIENCE_LIST)
    runs = last_runs(context, [row["workflowid"] for row in rows])
    return tuple(_row(row, checks.get(row["workflowidunique"]), runs.get(row["workflowid"])) for row in rows)


def _row(row: sa.RowMapping, known: FlowCheck | None, last_run: RunRow | None) -> DesktopFlowRow:
    checked = known or _NOTHING
    return DesktopFlowRow(
        id=row["workflowid"],
        name=row["name"] or "",
        description=row["description"],
        published=row["componentstate"] == ComponentState.PUBLISHED.value,
        has_draft=bool(row["has_draft"]),
        owner_id=row["ownerid"],
        owner=row["owner_name"],
        modified_on=row["modifiedon"],
        modified_by=row["changer_name"],
        checked=known is not None,
        actions=checked.actions,
        subflows=checked.subflows,
        errors=checked.errors,
        warnings=checked.warnings,
        last_run=last_run,
    )


def last_runs(context: PageContext, flow_ids: Sequence[UUID]) -> Mapping[UUID, RunRow]:
    """Return the newest run of each of some desktop flows, as far as the caller may see runs."""
    if not flow_ids or context.principal.depth(FlowSession.privilege(AccessRight.READ).name) is None:
        return {}
    seen = reach(visible(context.principal, FlowSession))
    newest = []
    for flow_id in flow_ids:
        mine = sa.select(_S.flowsessionid).where(_S.regardingobjectid == flow_id, seen)
        newest.append(context.tx.execute(mine.order_by(_S.createdon.desc()).limit(1)).scalar())
    ids = [one for one in newest if one is not None]
    found = context.tx.execute(desktop_query().where(_S.flowsessionid.in_(ids))).mappings()
    return {row["regardingobjectid"]: desktop_row(row) for row in found}


def _last_runs(context: PageContext, flow_id: UUID) -> tuple[RunRow, ...]:
    if context.principal.depth(FlowSession.privilege(AccessRight.READ).name) is None:
        return ()
    query = desktop_query().where(
        _S.regardingobjectid == flow_id, reach(visible(context.principal, FlowSession))
    )
    found = context.tx.execute(query.order_by(_S.createdon.desc()).limit(_LAST_RUNS)).mappings()
    return tuple(map(desktop_row, found))


def _uses(context: PageContext, definition: str) -> Iterator[FlowLink]:
    called = dict.fromkeys(one for text in _CALLED.findall(definition) if (one := parse_id(text)))
    seen = set(readable(context.tx, context.principal, Workflow, list(called)))
    query = sa.select(_W.workflowid, _W.name).where(_W.workflowid.in_(seen))
    names = {row[0]: row[1] for row in context.tx.execute(query)}
    for one in list(called)[:_MOST_USES]:
        yield FlowLink(FlowKind.DESKTOP, one, names.get(one))


def _used_by(context: PageContext, flow_id: UUID) -> Iterator[FlowLink]:
    named = sa.or_(contains(_W.definition, str(flow_id)), contains(_W.clientdata, str(flow_id)))
    query = sa.select(_W.workflowid, _W.name, _W.category).where(
        reach(visible(context.principal, Workflow)),
        _W.componentstate == ComponentState.PUBLISHED.value,
        _W.category.in_([Category.DESKTOP_FLOW.value, Category.MODERN_FLOW.value]),
        _W.workflowid != flow_id,
        named,
    )
    for row in context.tx.execute(query.order_by(_W.name).limit(_MOST_USES)):
        kind = FlowKind.DESKTOP if row.category == Category.DESKTOP_FLOW.value else FlowKind.CLOUD
        yield FlowLink(kind, row.workflowid, row.name)


def _days(context: PageContext, flow_id: UUID) -> tuple[DayOfRuns, ...]:
    if context.principal.depth(FlowSession.privilege(AccessRight.READ).name) is None:
        return ()
    moment: sa.ColumnElement[Any] = _S.createdon
    if context.tx.dialect == "postgresql":
        moment = sa.func.timezone("UTC", _S.createdon)
    day = sa.cast(sa.func.date(moment), sa.String)
    query = sa.select(day, _S.statuscode, sa.func.count()).where(
        _S.regardingobjectid == flow_id,
        _S.createdon >= context.now - timedelta(days=_DAYS),
        reach(visible(context.principal, FlowSession)),
    )
    counts: dict[str, dict[str, int]] = {}
    for name, code, count in context.tx.execute(query.group_by(day, _S.statuscode)):
        status = desktop_status({"statuscode": code, "leaseexpireson": None, "cancelrequestedon": None})
        kind = _CHARTED.get(status, "other")
        counts.setdefault(name, {"succeeded": 0, "failed": 0, "other": 0})[kind] += count
    return tuple(DayOfRuns(name, **found) for name, found in sorted(counts.items()))


_CHARTED = {
    RunStatus.SUCCEEDED: "succeeded",
    RunStatus.FAILED: "failed",
    RunStatus.TIMED_OUT: "failed",
}
