"""What the box at the top finds: flows, runs and machines by name or id. Source: experience 2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import parse_id
from deskhand.entities.declare import AccessRight, Entity
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.lists import contains, reach
from deskhand.records.security import visible

_EACH = 8
_SHORTEST = 2


class HitKind(StrEnum):
    """What was found."""

    DESKTOP_FLOW = "desktopFlow"
    CLOUD_FLOW = "cloudFlow"
    DESKTOP_RUN = "desktopRun"
    CLOUD_RUN = "cloudRun"
    MACHINE = "machine"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found.

    Attributes:
        kind: What.
        id: Its id.
        name: Its name.
        flow_id: The flow, where it is a run.
        run_name: The run's name, where it is a cloud flow's.
    """

    kind: HitKind
    id: UUID
    name: str
    flow_id: UUID | None = None
    run_name: str | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found.

    Attributes:
        items: The hits, a few of each kind; those whose name begins so come first.
    """

    items: tuple[Hit, ...]


@endpoint("GET", "/search")
def search(context: PageContext, *, q: str) -> Hits:
    """Find flows and machines by a part of their name, and anything by its id.

    Args:
        q: What to look for.
    """
    sought = q.strip()
    row_id = parse_id(sought)
    if row_id is not None:
        return Hits(tuple(_by_id(context, row_id)))
    return Hits(tuple(_by_name(context, sought)) if len(sought) >= _SHORTEST else ())


def _seen(context: PageContext, entity: type[Entity]) -> sa.ColumnElement[bool]:
    if context.principal.depth(entity.privilege(AccessRight.READ).name) is None:
        return sa.false()
    return reach(visible(context.principal, entity))


def _by_name(context: PageContext, sought: str) -> Iterator[Hit]:
    w = Workflow.c
    kinds = {Category.DESKTOP_FLOW: HitKind.DESKTOP_FLOW, Category.MODERN_FLOW: HitKind.CLOUD_FLOW}
    for category, kind in kinds.items():
        query = (
            sa.select(w.workflowid, sa.func.max(w.name))
            .where(_seen(context, Workflow), w.category == category.value, contains(w.name, sought))
            .group_by(w.workflowid)
            .order_by(~sa.func.lower(sa.func.max(w.name)).startswith(sought.lower(), autoescape=True))
            .order_by(sa.func.lower(sa.func.max(w.name)))
        )
        yield from (Hit(kind, *row) for row in context.tx.execute(query.limit(_EACH)))
    m, g = FlowMachine.c, FlowMachineGroup.c
    machines = sa.select(m.flowmachineid, m.name).where(_seen(context, FlowMachine), contains(m.name, sought))
    for row in context.tx.execute(machines.order_by(m.name).limit(_EACH)):
        yield Hit(HitKind.MACHINE, *row)
    groups = sa.select(g.flowmachinegroupid, g.name).where(
        _seen(context, FlowMachineGroup), contains(g.name, sought), ~g.standalone
    )
    for row in context.tx.execute(groups.order_by(g.name).limit(_EACH)):
        yield Hit(HitKind.GROUP, *row)


def _by_id(context: PageContext, row_id: UUID) -> Iterator[Hit]:
    w, s, r = Workflow.c, FlowSession.c, FlowRun.c
    flow = context.tx.execute(
        sa.select(w.name, w.category)
        .where(_seen(context, Workflow), w.workflowid == row_id)
        .order_by(w.componentstate)
    ).first()
    if flow is not None:
        is_cloud = flow.category == Category.MODERN_FLOW.value
        yield Hit(HitKind.CLOUD_FLOW if is_cloud else HitKind.DESKTOP_FLOW, row_id, flow.name or "")
    session = context.tx.execute(
        sa.select(s.name, s.regardingobjectid).where(_seen(context, FlowSession), s.flowsessionid == row_id)
    ).first()
    if session is not None:
        yield Hit(HitKind.DESKTOP_RUN, row_id, session.name or "", session.regardingobjectid)
    run = context.tx.execute(
        sa.select(r.name, r.workflow, w.name.label("flow"))
        .outerjoin(
            Workflow.table,
            sa.and_(w.workflowid == r.workflow, w.componentstate == ComponentState.PUBLISHED.value),
        )
        .where(_seen(context, FlowRun), r.flowrunid == row_id)
    ).first()
    if run is not None:
        yield Hit(HitKind.CLOUD_RUN, row_id, run.flow or "", run.workflow, run.name)
    yield from _machine_by_id(context, row_id)


def _machine_by_id(context: PageContext, row_id: UUID) -> Iterator[Hit]:
    m, g = FlowMachine.c, FlowMachineGroup.c
    named = sa.select(m.name).where(_seen(context, FlowMachine), m.flowmachineid == row_id)
    name = context.tx.execute(named).scalar()
    if name is not None:
        yield Hit(HitKind.MACHINE, row_id, name)
    grouped = sa.select(g.name).where(_seen(context, FlowMachineGroup), g.flowmachinegroupid == row_id)
    name = context.tx.execute(grouped).scalar()
    if name is not None:
        yield Hit(HitKind.GROUP, row_id, name)
