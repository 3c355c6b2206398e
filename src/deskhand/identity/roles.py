"""The built-in security roles, as data.

Source: dataverse-api 12, machines-and-runs 1.8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import stable_id
from deskhand.entities.credential import Credential
from deskhand.entities.declare import REGISTRY, AccessRight, Depth, Entity
from deskhand.entities.flowmachine import ConnectionReference, FlowMachine, FlowMachineGroup
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowsession import FlowLog, FlowSession
from deskhand.entities.security import (
    BusinessUnit,
    Organization,
    Role,
    RolePrivilege,
    SystemUser,
    SystemUserRole,
)
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue, Solution
from deskhand.entities.workflow import DesktopFlowBinary, Workflow
from deskhand.entities.workqueue import WorkQueue, WorkQueueItem
from deskhand.identity.errors import UnknownRole
from deskhand.identity.rows import insert_row
from deskhand.store.database import Transaction

_ALL_RIGHTS = tuple(AccessRight)
_USE_RIGHTS = (AccessRight.CREATE, AccessRight.WRITE, AccessRight.APPEND, AccessRight.APPEND_TO)


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights on some tables, to a depth."""

    depth: Depth
    rights: tuple[AccessRight, ...]
    entities: tuple[type[Entity], ...]


@dataclass(frozen=True, slots=True)
class BuiltInRole:
    """A role that comes with the product.

    Attributes:
        name: Its name.
        doc: What its holders may do, one sentence.
        grants: Its privileges; where two name the same privilege the deeper one counts.
        everything: Whether it holds every privilege there is.
    """

    name: str
    doc: str
    grants: tuple[Grant, ...] = ()
    everything: bool = False

    @property
    def id(self) -> UUID:
        """Return the role's id, the same in every installation."""
        return stable_id("role", self.name)


# Everybody sees who and what the organisation consists of: lookups are labelled from these.
_READ_PLATFORM = Grant(
    Depth.GLOBAL, (AccessRight.READ,), (Organization, BusinessUnit, SystemUser, Role, Solution)
)
_READ_OWN_MACHINES = Grant(Depth.BASIC, (AccessRight.READ,), (FlowMachine, FlowMachineGroup))

SYSTEM_ADMINISTRATOR = BuiltInRole(
    "System Administrator", "May do everything with everybody's rows.", everything=True
)
ENVIRONMENT_MAKER = BuiltInRole(
    "Environment Maker",
    "May make flows, machines, work queues, credentials and connection references, and do everything with "
    "their own.",
    (
        _READ_PLATFORM,
        Grant(
            Depth.BASIC,
            _ALL_RIGHTS,
            (
                Workflow,
                DesktopFlowBinary,
                FlowSession,
                FlowMachine,
                FlowMachineGroup,
                ConnectionReference,
                Credential,
                EnvironmentVariableDefinition,
                EnvironmentVariableValue,
                WorkQueue,
                WorkQueueItem,
            ),
        ),
        Grant(Depth.BASIC, (AccessRight.READ,), (FlowLog, FlowRun)),
    ),
)
DESKTOP_FLOWS_MACHINE_OWNER = BuiltInRole(
    "Desktop Flows Machine Owner",
    "May register machines and groups, and do everything with their own.",
    (_READ_PLATFORM, Grant(Depth.BASIC, _ALL_RIGHTS, (FlowMachine, FlowMachineGroup))),
)
DESKTOP_FLOWS_MACHINE_USER = BuiltInRole(
    "Desktop Flows Machine User",
    "May run flows on machines and groups that are shared with them.",
    (_READ_PLATFORM, _READ_OWN_MACHINES),
)
DESKTOP_FLOWS_MACHINE_USER_CAN_SHARE = BuiltInRole(
    "Desktop Flows Machine User Can Share",
    "May run flows on machines and groups that are shared with them, and share these on.",
    (
        _READ_PLATFORM,
        _READ_OWN_MACHINES,
        Grant(Depth.BASIC, (AccessRight.SHARE,), (FlowMachine, FlowMachineGroup)),
    ),
)
DESKTOP_FLOWS_RUNNER = BuiltInRole(
    "Desktop Flows Runner",
    "May run flows that are shared with them or their own; the least that a calling program needs.",
    (
        _READ_PLATFORM,
        _READ_OWN_MACHINES,
        Grant(Depth.BASIC, (AccessRight.READ, *_USE_RIGHTS), (FlowSession,)),
        Grant(
            Depth.BASIC,
            (AccessRight.READ,),
            (Workflow, DesktopFlowBinary, FlowLog, ConnectionReference, EnvironmentVariableDefinition),
        ),
    ),
)

BUILT_IN_ROLES: tuple[BuiltInRole, ...] = (
    SYSTEM_ADMINISTRATOR,
    ENVIRONMENT_MAKER,
    DESKTOP_FLOWS_MACHINE_OWNER,
    DESKTOP_FLOWS_MACHINE_USER,
    DESKTOP_FLOWS_MACHINE_USER_CAN_SHARE,
    DESKTOP_FLOWS_RUNNER,
)


def role_privileges(role: BuiltInRole) -> Mapping[str, Depth]:
    """Return a built-in role's privileges by name, each to its greatest depth."""
    depths: dict[str, Depth] = {}
    for name, depth in _granted(role):
        depths[name] = max(depth, depths.get(name, depth))
    return depths


def _granted(role: BuiltInRole) -> Iterator[tuple[str, Depth]]:
    if role.everything:
        for entity in REGISTRY.values():
            yield from ((privilege.name, Depth.GLOBAL) for privilege in entity.privileges())
    for grant in role.grants:
        for entity in grant.entities:
            for privilege in entity.privileges():
                if privilege.right in grant.rights:
                    yield privilege.name, grant.depth


def ensure_roles(tx: Transaction, business_unit_id: UUID) -> None:
    """Bring the built-in roles in the database to what is declared here.

    Args:
        tx: The open transaction.
        business_unit_id: The root unit, which they belong to.
    """
    known = set(tx.execute(sa.select(Role.c.roleid)).scalars())
    for role in BUILT_IN_ROLES:
        if role.id not in known:
            values = {
                "roleid": role.id,
                "name": role.name,
                "businessunitid": business_unit_id,
                "ismanaged": True,
            }
            insert_row(tx, Role, values)
        _ensure_privileges(tx, role)


def _ensure_privileges(tx: Transaction, role: BuiltInRole) -> None:
    declared = {name: int(depth) for name, depth in role_privileges(role).items()}
    columns = RolePrivilege.c
    query = sa.select(columns.privilegename, columns.depth).where(columns.roleid == role.id)
    held = {row[0]: row[1] for row in tx.execute(query)}
    if held == declared:
        return
    tx.execute(RolePrivilege.table.delete().where(columns.roleid == role.id))
    for name, depth in declared.items():
        insert_row(tx, RolePrivilege, {"roleid": role.id, "privilegename": name, "depth": depth})


def assign_role(tx: Transaction, user_id: UUID, role_name: str) -> None:
    """Give a user a role, by its name in any case; nothing happens if they hold it.

    Raises:
        UnknownRole: There is no such role.
    """
    role_id = _role_id(tx, role_name)
    columns = SystemUserRole.c
    holds = sa.and_(columns.systemuserid == user_id, columns.roleid == role_id)
    if tx.execute(sa.select(columns.systemuserroleid).where(holds)).first() is None:
        insert_row(tx, SystemUserRole, {"systemuserid": user_id, "roleid": role_id})


def remove_role(tx: Transaction, user_id: UUID, role_name: str) -> None:
    """Take a role from a user; nothing happens if they do not hold it.

    Raises:
        UnknownRole: There is no such role.
    """
    columns = SystemUserRole.c
    holds = sa.and_(columns.systemuserid == user_id, columns.roleid == _role_id(tx, role_name))
    tx.execute(SystemUserRole.table.delete().where(holds))


def _role_id(tx: Transaction, name: str) -> UUID:
    by_name: dict[str, UUID] = {row[0]: row[1] for row in tx.execute(sa.select(Role.c.name, Role.c.roleid))}
    for role_name, role_id in by_name.items():
        if role_name.casefold() == name.casefold():
            return role_id
    raise UnknownRole(name, tuple(by_name))
