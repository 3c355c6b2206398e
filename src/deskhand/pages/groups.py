"""One machine group: its members, its settings, and machines that move into it. Source: experience 5.2."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup, QueuingType
from deskhand.identity.audit import Thing, note
from deskhand.orchestrator.machines import delete_group, move_machine
from deskhand.pages.connection_links import ConnectionLink, connection_links
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter
from deskhand.pages.machines import GroupRow, MachineRow, group_row, machines
from deskhand.records.errors import DuplicateRecord
from deskhand.records.security import has_access, require_access
from deskhand.records.service import retrieve
from deskhand.records.writing import update

_G = FlowMachineGroup.c


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """One machine group.

    Attributes:
        group: The group as lists show it.
        machines: Its machines that the caller may see, by name.
        connections: The connections that lead to it, the first ones.
        can_write: Whether the caller may change it, and let machines join.
        can_delete: Whether the caller may delete it.
    """

    group: GroupRow
    machines: tuple[MachineRow, ...]
    connections: tuple[ConnectionLink, ...]
    can_write: bool
    can_delete: bool


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What shall be different about a machine group; what is left out stays.

    Attributes:
        name: Its name.
        description: What it is for.
        may_pass: Whether a run that cannot start lets the ones behind it pass.
    """

    name: str | None = None
    description: str | None = None
    may_pass: bool | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Where a machine goes.

    Attributes:
        group_id: The group that it joins; null for one of its own.
    """

    group_id: UUID | None = None


@endpoint("GET", "/groups/{group_id}")
def group_details(context: PageContext, *, group_id: UUID) -> GroupDetails:
    """Return one machine group with its members.

    Args:
        group_id: The group.
    """
    row = retrieve(context.tx, context.principal, FlowMachineGroup, group_id)

    def may(right: AccessRight) -> bool:
        return has_access(context.tx, context.principal, FlowMachineGroup, row, right)

    sees_machines = context.principal.depth(FlowMachine.privilege(AccessRight.READ).name) is not None
    return GroupDetails(
        group=group_row(context, group_id),
        machines=machines(context, group=group_id).items if sees_machines else (),
        connections=connection_links(context, group_id),
        can_write=may(AccessRight.WRITE),
        can_delete=may(AccessRight.DELETE),
    )


@endpoint("PATCH", "/groups/{group_id}")
def change_group(context: PageContext, *, group_id: UUID, body: GroupChange) -> None:
    """Change a machine group's name, description or order of runs.

    Args:
        group_id: The group.
        body: What shall be different.
    """
    values: dict[str, object] = {}
    if body.name is not None:
        name = body.name.strip()
        if not 1 <= len(name) <= 100:
            raise BadParameter("body.name", "takes 1 to 100 characters.")
        taken = sa.select(_G.flowmachinegroupid).where(_G.name == name, _G.flowmachinegroupid != group_id)
        if context.tx.execute(taken).first() is not None:
            raise DuplicateRecord(FlowMachineGroup)
        values["name"] = name
    if body.description is not None:
        values["description"] = body.description[:2_000]
    if body.may_pass is not None:
        type_ = QueuingType.EXTENDED_QUEUE_PRIORITIZATION if body.may_pass else QueuingType.FIFO
        values["preferredqueuingtype"] = type_.value
    update(context.tx, context.principal, FlowMachineGroup, group_id, values)
    note(context.tx, context.actor, "changed a machine group", _thing(context, group_id))


@endpoint("DELETE", "/groups/{group_id}")
def remove_group(context: PageContext, *, group_id: UUID) -> None:
    """Delete a machine group that has no machines and for which no run waits.

    Args:
        group_id: The group.
    """
    row = retrieve(context.tx, context.principal, FlowMachineGroup, group_id)
    require_access(context.tx, context.principal, FlowMachineGroup, row, AccessRight.DELETE)
    thing = _thing(context, group_id)
    delete_group(context.tx, group_id, by=context.principal.user_id)
    note(context.tx, context.actor, "deleted a machine group", thing)


@endpoint("PUT", "/machines/{machine_id}/group")
def move(context: PageContext, *, machine_id: UUID, body: Move) -> None:
    """Let a machine join another group, or leave its group for one of its own.

    Args:
        machine_id: The machine.
        body: Where it goes.
    """
    machine = retrieve(context.tx, context.principal, FlowMachine, machine_id)
    require_access(context.tx, context.principal, FlowMachine, machine, AccessRight.WRITE)
    if body.group_id is not None:
        group = retrieve(context.tx, context.principal, FlowMachineGroup, body.group_id)
        require_access(context.tx, context.principal, FlowMachineGroup, group, AccessRight.WRITE)
        if group["standalone"]:
            raise BadParameter("body.groupId", "is the own group of another machine, which nobody joins.")
    joined = move_machine(context.tx, machine_id, body.group_id)
    name = context.tx.execute(sa.select(_G.name).where(_G.flowmachinegroupid == joined)).scalar()
    thing = Thing(FlowMachine.logical_name, machine_id, machine["name"])
    note(context.tx, context.actor, "moved a machine to another group", thing, group=name)


def _thing(context: PageContext, group_id: UUID) -> Thing:
    name = context.tx.execute(sa.select(_G.name).where(_G.flowmachinegroupid == group_id)).scalar()
    return Thing(FlowMachineGroup.logical_name, group_id, name)
