"""Machines and groups: who is there, what they do, and how another one joins. Source: experience 5.2."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import (
    FlowMachine,
    FlowMachineGroup,
    GroupStatus,
    MachineState,
    MachineStatus,
    QueuingType,
)
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.security import SystemUser
from deskhand.identity.audit import Thing, note
from deskhand.orchestrator.machines import create_registration_token
from deskhand.orchestrator.rows import HELD
from deskhand.orchestrator.transitions import RUNNING, WAITING
from deskhand.pages.connection_links import ConnectionLink, connection_links
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter, MachineBusy
from deskhand.pages.lists import contains, reach
from deskhand.pages.runs import RunRow, desktop_query, desktop_row
from deskhand.records.errors import DuplicateRecord
from deskhand.records.security import has_access, require_access, require_privilege, visible
from deskhand.records.service import create, delete, retrieve
from deskhand.records.writing import update

TOKEN_LIFETIME = timedelta(minutes=15)
_BEATS_MISSED = 3
MOST_MACHINES = 2_000
_M, _G, _S = FlowMachine.c, FlowMachineGroup.c, FlowSession.c


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One machine in a list.

    Attributes:
        id: The machine.
        name: Its name.
        description: What it is for.
        group_id: Its group.
        group: That group's name.
        standalone: Whether that group exists for it alone.
        connected: Whether its agent gave a sign of life lately.
        last_seen: Its last sign of life.
        maintenance: Whether it takes no new runs.
        running: How many runs it has.
        capacity: How many it takes at the same time.
        queued: How many runs wait for its group.
        agent_version: The version of its agent.
        version_differs: Whether that is another version than the server's.
        session_user: The account that its agent runs under.
        owner: Whose it is.
        created_on: When it joined.
    """

    id: UUID
    name: str
    description: str | None
    group_id: UUID | None
    group: str | None
    standalone: bool
    connected: bool
    last_seen: datetime | None
    maintenance: bool
    running: int
    capacity: int
    queued: int
    agent_version: str | None
    version_differs: bool
    session_user: str | None
    owner: str | None
    created_on: datetime


@dataclass(frozen=True, slots=True)
class MachineList:
    """Machines.

    Attributes:
        items: The machines, by name.
        complete: Whether these are all.
    """

    items: tuple[MachineRow, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class MachineDetails:
    """One machine.

    Attributes:
        machine: The machine as lists show it.
        runs: The runs that it has now.
        connections: The connections that lead to it, the first ones.
        can_write: Whether the caller may change it.
        can_delete: Whether the caller may remove it.
        version: The version of its row, which a change may name.
    """

    machine: MachineRow
    runs: tuple[RunRow, ...]
    connections: tuple[ConnectionLink, ...]
    can_write: bool
    can_delete: bool
    version: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One machine group in a list.

    Attributes:
        id: The group.
        name: Its name.
        description: What it is for.
        standalone: Whether it exists for one machine alone.
        machines: How many machines it has.
        connected: How many of them are connected.
        running: How many runs its machines have.
        capacity: How many they take at the same time.
        queued: How many runs wait for it.
        maintenance: Whether it takes no new runs.
        may_pass: Whether a run that cannot start lets the ones behind it pass.
        owner: Whose it is.
    """

    id: UUID
    name: str
    description: str | None
    standalone: bool
    machines: int
    connected: int
    running: int
    capacity: int
    queued: int
    maintenance: bool
    may_pass: bool
    owner: str | None


@dataclass(frozen=True, slots=True)
class GroupList:
    """Machine groups.

    Attributes:
        items: The groups, by name.
        complete: Whether these are all.
    """

    items: tuple[GroupRow, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """How a machine shall join.

    Attributes:
        group_id: The group that it joins; one of its own where it is left out.
    """

    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """How another machine joins, once.

    Attributes:
        token: The token; it is shown this once.
        command: The command line for that machine.
        expires_on: Until when the token works.
    """

    token: str
    command: str
    expires_on: datetime


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Whether something takes no new runs.

    Attributes:
        on: Whether it takes none.
    """

    on: bool


@endpoint("GET", "/machines")
def machines(context: PageContext, *, search: str | None = None, group: UUID | None = None) -> MachineList:
    """List machines by name.

    Args:
        search: Only machines whose name, group or description holds this text.
        group: Only machines of this group.
    """
    query = machine_query(context)
    if search:
        texts = (_M.name, _G.name, _M.description)
        query = query.where(sa.or_(*(contains(one, search.strip()) for one in texts)))
    if group is not None:
        query = query.where(_M.flowmachinegroupid == group)
    rows = (
        context.tx.execute(query.order_by(sa.func.lower(_M.name)).limit(MOST_MACHINES + 1)).mappings().all()
    )
    return MachineList(
        tuple(machine_row(context, row) for row in rows[:MOST_MACHINES]), len(rows) <= MOST_MACHINES
    )


@endpoint("GET", "/machines/{machine_id}")
def machine_details(context: PageContext, *, machine_id: UUID) -> MachineDetails:
    """Return one machine.

    Args:
        machine_id: The machine.
    """
    row = retrieve(context.tx, context.principal, FlowMachine, machine_id)
    shown = context.tx.execute(machine_query(context).where(_M.flowmachineid == machine_id)).mappings().one()

    def may(right: AccessRight) -> bool:
        return has_access(context.tx, context.principal, FlowMachine, row, right)

    return MachineDetails(
        machine_row(context, shown),
        _runs(context, machine_id),
        connection_links(context, row["flowmachinegroupid"]),
        may(AccessRight.WRITE),
        may(AccessRight.DELETE),
        row["versionnumber"],
    )


@endpoint("GET", "/groups")
def groups(context: PageContext, *, search: str | None = None) -> GroupList:
    """List machine groups by name.

    Args:
        search: Only groups whose name or description holds this text.
    """
    query = _groups(context)
    if search:
        query = query.where(
            sa.or_(contains(_G.name, search.strip()), contains(_G.description, search.strip()))
        )
    rows = (
        context.tx.execute(query.order_by(sa.func.lower(_G.name)).limit(MOST_MACHINES + 1)).mappings().all()
    )
    return GroupList(tuple(map(_group, rows[:MOST_MACHINES])), len(rows) <= MOST_MACHINES)


def group_row(context: PageContext, group_id: UUID) -> GroupRow:
    """Return one machine group as lists show it."""
    return _group(
        context.tx.execute(_groups(context).where(_G.flowmachinegroupid == group_id)).mappings().one()
    )


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A machine group to make.

    Attributes:
        name: Its name.
        description: What it is for.
    """

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class CreatedGroup:
    """A machine group that was made.

    Attributes:
        id: The group.
    """

    id: UUID


@endpoint("POST", "/groups")
def create_group(context: PageContext, *, body: NewGroup) -> CreatedGroup:
    """Make a machine group, which machines then join.

    Args:
        body: What it is.
    """
    require_privilege(context.principal, FlowMachineGroup, AccessRight.CREATE)
    name = body.name.strip()
    if not 1 <= len(name) <= 100:
        raise BadParameter("body.name", "takes 1 to 100 characters.")
    if context.tx.execute(sa.select(_G.flowmachinegroupid).where(_G.name == name)).first() is not None:
        raise DuplicateRecord(FlowMachineGroup)
    values = {"name": name, "description": body.description[:2_000]}
    group_id = create(context.tx, FlowMachineGroup, values, by=context.principal.user_id)
    note(context.tx, context.actor, "made a machine group", Thing("flowmachinegroup", group_id, name))
    return CreatedGroup(group_id)


@endpoint("POST", "/machines/registration")
def register(context: PageContext, *, body: NewRegistration) -> Registration:
    """Make a one-time token with which another machine joins, and the command line for it.

    Args:
        body: How it shall join.
    """
    require_privilege(context.principal, FlowMachine, AccessRight.CREATE)
    name = None
    if body.group_id is not None:
        group = retrieve(context.tx, context.principal, FlowMachineGroup, body.group_id)
        require_access(context.tx, context.principal, FlowMachineGroup, group, AccessRight.WRITE)
        name = group["name"]
    token = create_registration_token(
        context.tx,
        context.principal.user_id,
        group_id=body.group_id,
        valid_seconds=TOKEN_LIFETIME.total_seconds(),
    )
    thing = Thing(FlowMachineGroup.logical_name, body.group_id, name) if body.group_id else None
    note(context.tx, context.actor, "made a registration token", thing)
    command = f"deskhand machine register --server {shlex.quote(context.base_url)} --token {token}"
    return Registration(token, command, context.now + TOKEN_LIFETIME)


@endpoint("PUT", "/machines/{machine_id}/maintenance")
def machine_maintenance(context: PageContext, *, machine_id: UUID, body: Maintenance) -> None:
    """Let a machine take no new runs, or take them again; those that run go on.

    Args:
        machine_id: The machine.
        body: Whether it takes none.
    """
    status = MachineStatus.MANUAL_MAINTENANCE if body.on else MachineStatus.ACTIVE
    state = MachineState.MAINTENANCE if body.on else MachineState.ACTIVE
    values = {"statecode": state.value, "statuscode": status.value}
    update(context.tx, context.principal, FlowMachine, machine_id, values)
    name = context.tx.execute(sa.select(_M.name).where(_M.flowmachineid == machine_id)).scalar()
    act = "put a machine into maintenance" if body.on else "took a machine out of maintenance"
    note(context.tx, context.actor, act, Thing(FlowMachine.logical_name, machine_id, name))


@endpoint("PUT", "/groups/{group_id}/maintenance")
def group_maintenance(context: PageContext, *, group_id: UUID, body: Maintenance) -> None:
    """Let a group take no new runs, or take them again; those that run go on.

    Args:
        group_id: The group.
        body: Whether it takes none.
    """
    status = GroupStatus.MANUAL_MAINTENANCE if body.on else GroupStatus.ACTIVE
    state = MachineState.MAINTENANCE if body.on else MachineState.ACTIVE
    values = {"statecode": state.value, "statuscode": status.value}
    update(context.tx, context.principal, FlowMachineGroup, group_id, values)
    name = context.tx.execute(sa.select(_G.name).where(_G.flowmachinegroupid == group_id)).scalar()
    act = "put a group into maintenance" if body.on else "took a group out of maintenance"
    note(context.tx, context.actor, act, Thing(FlowMachineGroup.logical_name, group_id, name))


@endpoint("DELETE", "/machines/{machine_id}")
def remove_machine(context: PageContext, *, machine_id: UUID) -> None:
    """Remove a machine: its agent is refused from now on. What ran on it stays in the lists of runs.

    Args:
        machine_id: The machine.
    """
    row = retrieve(context.tx, context.principal, FlowMachine, machine_id)
    require_access(context.tx, context.principal, FlowMachine, row, AccessRight.DELETE)
    held = sa.select(sa.func.count()).where(_S.machineid == machine_id, HELD)
    runs = context.tx.execute(held).scalar_one()
    if runs:
        raise MachineBusy(row["name"], runs)
    delete(context.tx, FlowMachine, machine_id, by=context.principal.user_id)
    note(
        context.tx,
        context.actor,
        "removed a machine",
        Thing(FlowMachine.logical_name, machine_id, row["name"]),
    )


def _silent_before(context: PageContext) -> datetime:
    return context.now - timedelta(seconds=context.settings.heartbeat_seconds * _BEATS_MISSED)


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(*conditions).scalar_subquery()


def _waiting(group_id: sa.ColumnElement[Any]) -> sa.ScalarSelect[int]:
    return _count(_S.statuscode == int(WAITING), _S.machinegroupid == group_id, _S.leaseexpireson.is_(None))


def machine_query(context: PageContext) -> sa.Select[Any]:
    """Return the machines that the caller sees, with what lists show of them."""
    running = _count(_S.machineid == _M.flowmachineid, HELD)
    return (
        sa.select(
            FlowMachine.table,
            _G.name.label("group_name"),
            _G.standalone,
            running.label("running"),
            _waiting(_M.flowmachinegroupid).label("queued"),
            sa.func.coalesce(SystemUser.c.fullname, SystemUser.c.domainname).label("owner"),
        )
        .outerjoin(FlowMachineGroup.table, _G.flowmachinegroupid == _M.flowmachinegroupid)
        .outerjoin(SystemUser.table, SystemUser.c.systemuserid == _M.ownerid)
        .where(reach(visible(context.principal, FlowMachine)))
    )


def machine_row(context: PageContext, row: sa.RowMapping) -> MachineRow:
    """Return a machine as lists show it."""
    seen = row["lastheartbeatdate"]
    version = row["agentversion"]
    return MachineRow(
        id=row["flowmachineid"],
        name=row["name"],
        description=row["description"],
        group_id=row["flowmachinegroupid"],
        group=row["group_name"],
        standalone=bool(row["standalone"]),
        connected=seen is not None and seen > _silent_before(context),
        last_seen=seen,
        maintenance=row["statecode"] != MachineState.ACTIVE,
        running=row["running"],
        capacity=row["sessioncapacity"],
        queued=row["queued"],
        agent_version=version,
        version_differs=version is not None and version != context.about.version,
        session_user=row["sessionuser"],
        owner=row["owner"],
        created_on=row["createdon"],
    )


def _groups(context: PageContext) -> sa.Select[Any]:
    mine = _M.flowmachinegroupid == _G.flowmachinegroupid
    held = sa.and_(_S.machineid == _M.flowmachineid, HELD)
    capacity = sa.select(sa.func.coalesce(sa.func.sum(_M.sessioncapacity), 0)).where(mine)
    running = (
        sa.select(sa.func.count()).select_from(FlowSession.table).join(FlowMachine.table, held).where(mine)
    )
    return (
        sa.select(
            FlowMachineGroup.table,
            _count(mine).label("machines"),
            _count(mine, _M.lastheartbeatdate > _silent_before(context)).label("connected"),
            capacity.scalar_subquery().label("capacity"),
            running.scalar_subquery().label("running"),
            _waiting(_G.flowmachinegroupid).label("queued"),
            sa.func.coalesce(SystemUser.c.fullname, SystemUser.c.domainname).label("owner"),
        )
        .outerjoin(SystemUser.table, SystemUser.c.systemuserid == _G.ownerid)
        .where(reach(visible(context.principal, FlowMachineGroup)))
    )


def _group(row: sa.RowMapping) -> GroupRow:
    return GroupRow(
        id=row["flowmachinegroupid"],
        name=row["name"],
        description=row["description"],
        standalone=bool(row["standalone"]),
        machines=row["machines"],
        connected=row["connected"],
        running=row["running"],
        capacity=row["capacity"],
        queued=row["queued"],
        maintenance=row["statecode"] != MachineState.ACTIVE,
        may_pass=row["preferredqueuingtype"] != QueuingType.FIFO,
        owner=row["owner"],
    )


def _runs(context: PageContext, machine_id: UUID) -> tuple[RunRow, ...]:
    query = desktop_query().where(
        reach(visible(context.principal, FlowSession)),
        _S.machineid == machine_id,
        _S.statuscode.in_([int(RUNNING), int(WAITING)]),
    )
    return tuple(map(desktop_row, context.tx.execute(query.order_by(_S.createdon)).mappings()))
