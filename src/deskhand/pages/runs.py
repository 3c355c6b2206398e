"""Lists of runs: of desktop flows, of cloud flows, of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import parse_id
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowsession import FlowSession, FlowSessionRunMode, TriggerType
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import ComponentState, Workflow
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.lists import LIMIT, Sort, contains, page, reach, text
from deskhand.pages.statuses import (
    RunStatus,
    cloud_condition,
    cloud_status,
    desktop_condition,
    desktop_status,
)
from deskhand.records.security import visible

NEWEST = "-requestedOn"
_SHORT = 500


class FlowKind(StrEnum):
    """What kind of flow."""

    DESKTOP = "desktop"
    CLOUD = "cloud"


class Mode(StrEnum):
    """How a desktop-flow run uses its machine."""

    ATTENDED = "attended"
    UNATTENDED = "unattended"
    LOCAL = "local"


class StartedBy(StrEnum):
    """What started a desktop-flow run."""

    API = "api"
    CLOUD_FLOW = "cloudFlow"
    DESKTOP_FLOW = "desktopFlow"
    LOCAL = "local"
    DESIGNER = "designer"


@dataclass(frozen=True, slots=True)
class Parent:
    """What a run was started by and belongs to.

    Attributes:
        kind: What kind of flow that is.
        run_id: That run's id.
        run_name: That run's name, where it is a cloud flow's.
        flow_id: Its flow.
        flow_name: That flow's name.
    """

    kind: FlowKind
    run_id: UUID
    run_name: str | None
    flow_id: UUID | None
    flow_name: str | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in a list.

    Attributes:
        kind: What kind of flow ran.
        id: The run's id: the flow session's, or the cloud-flow run's.
        name: The run's name, by which the API of cloud flows knows it; None for desktop flows.
        flow_id: The flow.
        flow_name: Its name.
        status: Where the run stands.
        requested_on: When it was asked for, or began in a cloud flow.
        started_on: When the flow began.
        completed_on: When it ended.
        wait_ms: Milliseconds from request to begin.
        run_ms: Milliseconds from begin to end.
        mode: How it uses its machine.
        machine_id: The machine that ran it.
        machine: That machine's name.
        group_id: The group it was sent to.
        group: That group's name.
        parent: What started it, where that is a run.
        started_by: What started it; for a cloud flow the kind of its trigger.
        requested_by: Who asked for it.
        error_code: Why it failed, as a code.
        error_message: Why it failed.
        is_test: Whether it was started to try the flow out.
    """

    kind: FlowKind
    id: UUID
    name: str | None
    flow_id: UUID | None
    flow_name: str
    status: RunStatus
    requested_on: datetime
    started_on: datetime | None
    completed_on: datetime | None
    wait_ms: int | None
    run_ms: int | None
    mode: Mode | None
    machine_id: UUID | None
    machine: str | None
    group_id: UUID | None
    group: str | None
    parent: Parent | None
    started_by: str | None
    requested_by: str | None
    error_code: str | None
    error_message: str | None
    is_test: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """A page of runs.

    Attributes:
        items: The runs.
        next: The ``after`` of the next page; null on the last one.
    """

    items: tuple[RunRow, ...]
    next: str | None


_S, _R = FlowSession.c, FlowRun.c
_PARENT_RUN = FlowRun.table.alias("parent_run")
_PARENT_SESSION = FlowSession.table.alias("parent_session")
_PARENT_FLOW = Workflow.table.alias("parent_flow")
_REQUESTER = SystemUser.table.alias("requester")
_MODES: Mapping[int, Mode] = {
    FlowSessionRunMode.LOCAL: Mode.LOCAL,
    FlowSessionRunMode.ATTENDED: Mode.ATTENDED,
    FlowSessionRunMode.UNATTENDED: Mode.UNATTENDED,
}
_STARTED_BY: Mapping[int, StartedBy] = {
    TriggerType.API_FLOW: StartedBy.CLOUD_FLOW,
    TriggerType.DESKTOP_FLOW: StartedBy.DESKTOP_FLOW,
    TriggerType.LOCAL: StartedBy.LOCAL,
    TriggerType.RUN_DESKTOP_FLOW_DATAVERSE_API: StartedBy.API,
    TriggerType.CUA: StartedBy.API,
}
_DESKTOP_SORTS: Mapping[str, Sort] = {
    "requestedOn": Sort(_S.createdon),
    "flowName": text(_S.name),
    "startedOn": Sort(_S.startedon, nullable=True),
    "completedOn": Sort(_S.completedon, nullable=True),
    "waitMs": Sort(_S.runwaitduration, nullable=True),
    "runMs": Sort(_S.runexecutionduration, nullable=True),
}
_CLOUD_SORTS: Mapping[str, Sort] = {
    "requestedOn": Sort(_R.starttime),
    "completedOn": Sort(_R.endtime, nullable=True),
    "runMs": Sort(_R.duration, nullable=True),
}


def desktop_query() -> sa.Select[Any]:
    """Return desktop-flow runs with what lists show of them."""
    return (
        sa.select(
            _S.flowsessionid,
            _S.name,
            _S.regardingobjectid,
            _S.statuscode,
            _S.leaseexpireson,
            _S.cancelrequestedon,
            _S.createdon,
            _S.startedon,
            _S.completedon,
            _S.runwaitduration,
            _S.runexecutionduration,
            _S.runmode,
            _S.machineid,
            FlowMachine.c.name.label("machine"),
            _S.machinegroupid,
            FlowMachineGroup.c.name.label("machinegroup"),
            _S.triggertype,
            _S.isdebugged,
            _S.subcategory,
            _S.parentflowrunid,
            _S.parentdesktopflowrunid,
            _PARENT_RUN.c.name.label("parent_run_name"),
            _PARENT_RUN.c.workflow.label("parent_flow_id"),
            _PARENT_FLOW.c.name.label("parent_flow_name"),
            _PARENT_SESSION.c.name.label("parent_session_name"),
            _PARENT_SESSION.c.regardingobjectid.label("parent_session_flow"),
            sa.func.coalesce(_REQUESTER.c.fullname, _REQUESTER.c.domainname).label("requester"),
            _S.errorcode,
            _S.errormessage,
        )
        .select_from(FlowSession.table)
        .outerjoin(FlowMachine.table, FlowMachine.c.flowmachineid == _S.machineid)
        .outerjoin(FlowMachineGroup.table, FlowMachineGroup.c.flowmachinegroupid == _S.machinegroupid)
        .outerjoin(_REQUESTER, _REQUESTER.c.systemuserid == _S.requestedby)
        .outerjoin(_PARENT_RUN, _PARENT_RUN.c.flowrunid == _S.parentflowrunid)
        .outerjoin(
            _PARENT_FLOW,
            sa.and_(
                _PARENT_FLOW.c.workflowid == _PARENT_RUN.c.workflow,
                _PARENT_FLOW.c.componentstate == ComponentState.PUBLISHED.value,
            ),
        )
        .outerjoin(_PARENT_SESSION, _PARENT_SESSION.c.flowsessionid == _S.parentdesktopflowrunid)
    )


def desktop_row(row: sa.RowMapping) -> RunRow:
    """Return a desktop-flow run as lists show it."""
    return RunRow(
        kind=FlowKind.DESKTOP,
        id=row["flowsessionid"],
        name=None,
        flow_id=row["regardingobjectid"],
        flow_name=row["name"] or "",
        status=desktop_status(row),
        requested_on=row["createdon"],
        started_on=row["startedon"],
        completed_on=row["completedon"],
        wait_ms=row["runwaitduration"],
        run_ms=row["runexecutionduration"],
        mode=_MODES.get(row["runmode"]) if row["runmode"] is not None else None,
        machine_id=row["machineid"],
        machine=row["machine"],
        group_id=row["machinegroupid"],
        group=row["machinegroup"],
        parent=_parent(row),
        started_by=_started_by(row),
        requested_by=row["requester"],
        error_code=row["errorcode"],
        error_message=_short(row["errormessage"]),
        is_test=bool(row["subcategory"]),
    )


def _started_by(row: sa.RowMapping) -> StartedBy | None:
    if row["isdebugged"]:
        return StartedBy.DESIGNER
    return _STARTED_BY[row["triggertype"]] if row["triggertype"] is not None else None


def _parent(row: sa.RowMapping) -> Parent | None:
    if row["parentflowrunid"] is not None:
        return Parent(
            FlowKind.CLOUD,
            row["parentflowrunid"],
            row["parent_run_name"],
            row["parent_flow_id"],
            row["parent_flow_name"],
        )
    if row["parentdesktopflowrunid"] is not None:
        return Parent(
            FlowKind.DESKTOP,
            row["parentdesktopflowrunid"],
            None,
            row["parent_session_flow"],
            row["parent_session_name"],
        )
    return None


def _short(message: str | None) -> str | None:
    """Return as much of a message as a list shows; the run's own page has all of it."""
    return message if message is None or len(message) <= _SHORT else message[: _SHORT - 1] + "…"


def cloud_query() -> sa.Select[Any]:
    """Return cloud-flow runs with what lists show of them."""
    return (
        sa.select(
            _R.flowrunid,
            _R.name,
            _R.workflow,
            Workflow.c.name.label("flow_name"),
            _R.status,
            _R.createdon,
            _R.starttime,
            _R.endtime,
            _R.duration,
            _R.triggertype,
            _R.istest,
            _R.parentflowrunid,
            _PARENT_RUN.c.name.label("parent_run_name"),
            _PARENT_RUN.c.workflow.label("parent_flow_id"),
            _PARENT_FLOW.c.name.label("parent_flow_name"),
            sa.func.coalesce(_REQUESTER.c.fullname, _REQUESTER.c.domainname).label("requester"),
            _R.errorcode,
            _R.errormessage,
        )
        .select_from(FlowRun.table)
        .outerjoin(
            Workflow.table,
            sa.and_(
                Workflow.c.workflowid == _R.workflow,
                Workflow.c.componentstate == ComponentState.PUBLISHED.value,
            ),
        )
        .outerjoin(_REQUESTER, _REQUESTER.c.systemuserid == _R.startedby)
        .outerjoin(_PARENT_RUN, _PARENT_RUN.c.flowrunid == _R.parentflowrunid)
        .outerjoin(
            _PARENT_FLOW,
            sa.and_(
                _PARENT_FLOW.c.workflowid == _PARENT_RUN.c.workflow,
                _PARENT_FLOW.c.componentstate == ComponentState.PUBLISHED.value,
            ),
        )
    )


def cloud_row(row: sa.RowMapping) -> RunRow:
    """Return a cloud-flow run as lists show it."""
    parent = None
    if row["parentflowrunid"] is not None:
        parent = Parent(
            FlowKind.CLOUD,
            row["parentflowrunid"],
            row["parent_run_name"],
            row["parent_flow_id"],
            row["parent_flow_name"],
        )
    return RunRow(
        kind=FlowKind.CLOUD,
        id=row["flowrunid"],
        name=row["name"],
        flow_id=row["workflow"],
        flow_name=row["flow_name"] or "",
        status=cloud_status(row["status"]),
        requested_on=row["starttime"] or row["createdon"],
        started_on=row["starttime"],
        completed_on=row["endtime"],
        wait_ms=None,
        run_ms=row["duration"],
        mode=None,
        machine_id=None,
        machine=None,
        group_id=None,
        group=None,
        parent=parent,
        started_by=row["triggertype"],
        requested_by=row["requester"],
        error_code=row["errorcode"],
        error_message=_short(row["errormessage"]),
        is_test=bool(row["istest"]),
    )


@endpoint("GET", "/desktopruns")
def desktop_runs(
    context: PageContext,
    *,
    search: str | None = None,
    status: tuple[RunStatus, ...] = (),
    flow: UUID | None = None,
    machine: UUID | None = None,
    group: UUID | None = None,
    parent_run: UUID | None = None,
    mode: Mode | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = NEWEST,
    after: str | None = None,
    limit: int = LIMIT,
) -> RunPage:
    """List desktop-flow runs, whatever started them.

    Args:
        search: Only runs whose flow's name or error holds this text, or whose id it is.
        status: Only runs in these states.
        flow: Only runs of this flow.
        machine: Only runs on this machine.
        group: Only runs that were sent to this machine group.
        parent_run: Only runs that this cloud-flow run or desktop-flow run started.
        mode: Only runs that use their machine so.
        since: Only runs that were asked for at or after this instant.
        until: Only runs that were asked for before this instant.
        sort: requestedOn, flowName, startedOn, completedOn, waitMs or runMs; - before it descends.
        after: The ``next`` of the page before.
        limit: How many at most.
    """
    query = desktop_query().where(reach(visible(context.principal, FlowSession)))
    equal = {_S.regardingobjectid: flow, _S.machineid: machine, _S.machinegroupid: group}
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    if status:
        query = query.where(desktop_condition(status))
    if parent_run is not None:
        query = query.where(sa.or_(_S.parentflowrunid == parent_run, _S.parentdesktopflowrunid == parent_run))
    if mode is not None:
        query = query.where(_S.runmode == next(code for code, one in _MODES.items() if one is mode))
    query = _between(query, _S.createdon, since, until)
    if search:
        query = query.where(_sought(search, _S.flowsessionid, _S.name, _S.errorcode))
    found = page(context.tx, query, _S.flowsessionid, _DESKTOP_SORTS, sort=sort, after=after, limit=limit)
    return RunPage(tuple(map(desktop_row, found.rows)), found.next)


@endpoint("GET", "/cloudruns")
def cloud_runs(
    context: PageContext,
    *,
    search: str | None = None,
    status: tuple[RunStatus, ...] = (),
    flow: UUID | None = None,
    parent_run: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = NEWEST,
    after: str | None = None,
    limit: int = LIMIT,
) -> RunPage:
    """List cloud-flow runs.

    Args:
        search: Only runs whose flow's name or error holds this text, or whose id or name it is.
        status: Only runs in these states.
        flow: Only runs of this flow.
        parent_run: Only runs that this run called.
        since: Only runs that began at or after this instant.
        until: Only runs that began before this instant.
        sort: requestedOn, completedOn or runMs; - before it descends.
        after: The ``next`` of the page before.
        limit: How many at most.
    """
    query = cloud_query().where(reach(visible(context.principal, FlowRun)))
    equal = {_R.workflow: flow, _R.parentflowrunid: parent_run}
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    if status:
        query = query.where(cloud_condition(status))
    query = _between(query, _R.starttime, since, until)
    if search:
        named = _sought(search, _R.flowrunid, Workflow.c.name, _R.errorcode)
        query = query.where(sa.or_(named, _R.name == search.strip()))
    found = page(context.tx, query, _R.flowrunid, _CLOUD_SORTS, sort=sort, after=after, limit=limit)
    return RunPage(tuple(map(cloud_row, found.rows)), found.next)


@endpoint("GET", "/runs")
def runs(
    context: PageContext,
    *,
    search: str | None = None,
    status: tuple[RunStatus, ...] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    mine: bool = False,
    limit: int = LIMIT,
) -> RunPage:
    """List the newest runs of both kinds of flows; the next page is asked for by ``until``.

    Args:
        search: Only runs whose flow's name or error holds this text.
        status: Only runs in these states.
        since: Only runs at or after this instant.
        until: Only runs before this instant.
        mine: Only runs that the caller asked for.
        limit: How many at most.
    """
    desktop = desktop_query().where(reach(visible(context.principal, FlowSession)))
    cloud = cloud_query().where(reach(visible(context.principal, FlowRun)))
    if mine:
        desktop = desktop.where(_S.requestedby == context.principal.user_id)
        cloud = cloud.where(_R.startedby == context.principal.user_id)
    if status:
        desktop, cloud = desktop.where(desktop_condition(status)), cloud.where(cloud_condition(status))
    if search:
        desktop = desktop.where(_sought(search, _S.flowsessionid, _S.name, _S.errorcode))
        cloud = cloud.where(_sought(search, _R.flowrunid, Workflow.c.name, _R.errorcode))
    desktop = _between(desktop, _S.createdon, since, until)
    cloud = _between(cloud, _R.starttime, since, until)
    newest = partial(page, context.tx, sort=NEWEST, after=None, limit=limit)
    first = newest(desktop, _S.flowsessionid, _DESKTOP_SORTS)
    second = newest(cloud, _R.flowrunid, _CLOUD_SORTS)
    both = [*map(desktop_row, first.rows), *map(cloud_row, second.rows)]
    both.sort(key=lambda row: row.requested_on, reverse=True)
    return RunPage(tuple(both[:limit]), None)


def _between(
    query: sa.Select[Any], column: sa.ColumnElement[Any], since: datetime | None, until: datetime | None
) -> sa.Select[Any]:
    if since is not None:
        query = query.where(column >= since)
    return query if until is None else query.where(column < until)


def _sought(search: str, key: sa.ColumnElement[Any], *texts: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    row_id = parse_id(search.strip())
    if row_id is not None:
        return key == row_id
    return sa.or_(*(contains(one, search.strip()) for one in texts))
