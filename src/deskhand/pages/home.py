"""Home: is all well, and where was I? Source: experience 3 and 9."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import Entity
from deskhand.entities.flowmachine import FlowMachine
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.orchestrator.transitions import RUNNING, WAITING
from deskhand.pages.attention import Attention, attention, failed_cloud, failed_desktop, seen, silent_before
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.runs import FlowKind, RunRow, cloud_query, cloud_row, desktop_query, desktop_row

SAMPLE_FLOW = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001")
"""The sample that a first run is made with."""

_DAY = timedelta(days=1)
_FEW = 5
_MOST_COUNTED = 10_000
_S, _R, _M, _W = FlowSession.c, FlowRun.c, FlowMachine.c, Workflow.c


@dataclass(frozen=True, slots=True)
class RecentFlow:
    """A flow that was changed lately.

    Attributes:
        kind: What kind of flow.
        id: The flow.
        name: Its name.
        modified_on: When it was changed.
    """

    kind: FlowKind
    id: UUID
    name: str
    modified_on: datetime


@dataclass(frozen=True, slots=True)
class Home:
    """Whether all is well, and where the caller was. Counts end at 10,000.

    Attributes:
        machines: How many machines there are.
        connected: How many of them are connected.
        running: How many runs run now, of both kinds of flows.
        queued: How many desktop-flow runs wait.
        failures: How many runs failed within 24 hours, of both kinds of flows.
        attention: What needs attention, the most pressing first.
        recent_flows: The flows that the caller changed last.
        my_runs: The newest runs that the caller asked for.
        anything_ran: Whether anything ever ran that the caller may see.
        sample_flow: The sample to begin with; null where it is gone.
    """

    machines: int
    connected: int
    running: int
    queued: int
    failures: int
    attention: tuple[Attention, ...]
    recent_flows: tuple[RecentFlow, ...]
    my_runs: tuple[RunRow, ...]
    anything_ran: bool
    sample_flow: UUID | None


@endpoint("GET", "/home")
def home(context: PageContext) -> Home:
    """Tell whether all is well, and where the caller was."""
    machine = seen(context, FlowMachine)
    desktop, cloud = seen(context, FlowSession), seen(context, FlowRun)
    since = context.now - _DAY
    return Home(
        machines=_count(context, FlowMachine, machine),
        connected=_count(context, FlowMachine, machine, _M.lastheartbeatdate > silent_before(context)),
        running=_count(context, FlowSession, desktop, _S.statuscode == int(RUNNING))
        + _count(context, FlowRun, cloud, _R.status == "Running"),
        queued=_count(context, FlowSession, desktop, _S.statuscode == int(WAITING)),
        failures=_count(context, FlowSession, desktop, *failed_desktop(since))
        + _count(context, FlowRun, cloud, *failed_cloud(since)),
        attention=tuple(attention(context)),
        recent_flows=tuple(_recent_flows(context)),
        my_runs=_my_runs(context),
        anything_ran=_any(context, FlowSession, desktop) or _any(context, FlowRun, cloud),
        sample_flow=_sample(context),
    )


def _count(context: PageContext, entity: type[Entity], *conditions: sa.ColumnElement[bool]) -> int:
    some: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(entity.table).where(*conditions)
    counted = sa.select(sa.func.count()).select_from(some.limit(_MOST_COUNTED).subquery())
    found: int = context.tx.execute(counted).scalar_one()
    return found


def _any(context: PageContext, entity: type[Entity], seen: sa.ColumnElement[bool]) -> bool:
    key = entity.c[entity.primary_key]
    return context.tx.execute(sa.select(key).where(seen).limit(1)).first() is not None


def _recent_flows(context: PageContext) -> Iterator[RecentFlow]:
    newest = sa.func.max(_W.modifiedon)
    query = (
        sa.select(_W.workflowid, _W.category, sa.func.max(_W.name), newest)
        .where(
            seen(context, Workflow),
            _W.modifiedby == context.principal.user_id,
            _W.category.in_([Category.DESKTOP_FLOW.value, Category.MODERN_FLOW.value]),
        )
        .group_by(_W.workflowid, _W.category)
        .order_by(newest.desc())
        .limit(_FEW)
    )
    for flow_id, category, name, modified in context.tx.execute(query):
        kind = FlowKind.DESKTOP if category == Category.DESKTOP_FLOW.value else FlowKind.CLOUD
        yield RecentFlow(kind, flow_id, name or "", modified)


def _my_runs(context: PageContext) -> tuple[RunRow, ...]:
    mine = context.principal.user_id
    desktop: sa.Select[Any] = (
        desktop_query()
        .where(seen(context, FlowSession), _S.requestedby == mine)
        .order_by(_S.createdon.desc())
        .limit(_FEW)
    )
    cloud: sa.Select[Any] = (
        cloud_query()
        .where(seen(context, FlowRun), _R.startedby == mine)
        .order_by(_R.starttime.desc())
        .limit(_FEW)
    )
    found = [
        *map(desktop_row, context.tx.execute(desktop).mappings()),
        *map(cloud_row, context.tx.execute(cloud).mappings()),
    ]
    return tuple(sorted(found, key=lambda row: row.requested_on, reverse=True)[:_FEW])


def _sample(context: PageContext) -> UUID | None:
    published = sa.and_(_W.workflowid == SAMPLE_FLOW, _W.componentstate == ComponentState.PUBLISHED.value)
    query = sa.select(_W.workflowid).where(published, seen(context, Workflow))
    return context.tx.execute(query).scalar()
