"""Sharing of machines and groups: a machine alone goes with its group, a group with its machines.

Source: machines-and-runs 1.8: who may run on a group reaches its members by the group's shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import Entity
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.identity.principals import Principal
from deskhand.orchestrator.errors import BelongsToGroup
from deskhand.orchestrator.rows import Row
from deskhand.records import sharing
from deskhand.records.security import share
from deskhand.store.database import Transaction

_M, _G = FlowMachine.c, FlowMachineGroup.c


def grant(
    tx: Transaction, principal: Principal, entity: type[Entity], row: Row, user_id: UUID, mask: int
) -> None:
    """Give somebody rights on a row and on what goes with it; :func:`sharing.grant` names what it refuses.

    Raises:
        BelongsToGroup: It is a machine of a group, which is what can be shared.
    """
    _require_own_shares(tx, entity, row)
    sharing.grant(tx, principal, entity, row, user_id, mask)
    for other, other_id in _with(tx, entity, row[entity.primary_key]):
        share(tx, other, other_id, user_id, mask)


def revoke(tx: Transaction, principal: Principal, entity: type[Entity], row: Row, user_id: UUID) -> None:
    """Take away what somebody was given on a row and on what goes with it.

    Raises:
        BelongsToGroup: It is a machine of a group, which is what can be shared.
    """
    _require_own_shares(tx, entity, row)
    sharing.revoke(tx, principal, entity, row, user_id)
    for other, other_id in _with(tx, entity, row[entity.primary_key]):
        share(tx, other, other_id, user_id, 0)


def follow_group(tx: Transaction, machine_id: UUID, group_id: UUID) -> None:
    """Share a machine that joins a group with whom that group is shared, and with nobody else."""
    sharing.copy_shares(tx, group_id, FlowMachine, machine_id)


def shared_group(tx: Transaction, machine: Row) -> tuple[UUID, str] | None:
    """Return the id and name of the group of a machine whose shares count for it; None for one alone."""
    query = sa.select(_G.flowmachinegroupid, _G.name).where(
        _G.flowmachinegroupid == machine["flowmachinegroupid"],
        sa.or_(_G.standalone.is_(None), _G.standalone.is_(False)),
    )
    found = tx.execute(query).first()
    return (found[0], found[1]) if found else None


def _require_own_shares(tx: Transaction, entity: type[Entity], row: Row) -> None:
    group = shared_group(tx, row) if entity is FlowMachine else None
    if group is not None:
        raise BelongsToGroup(row["name"], group[1])


def _with(tx: Transaction, entity: type[Entity], row_id: UUID) -> Iterator[tuple[type[Entity], UUID]]:
    """Return what is shared together with a row: a machine's own group, a group's machines."""
    if entity is FlowMachine:
        own = (
            sa.select(_G.flowmachinegroupid)
            .join(FlowMachine.table, _M.flowmachinegroupid == _G.flowmachinegroupid)
            .where(_M.flowmachineid == row_id, _G.standalone.is_(True))
        )
        yield from ((FlowMachineGroup, one) for one in tx.execute(own).scalars().all())
    if entity is FlowMachineGroup:
        members = sa.select(_M.flowmachineid).where(_M.flowmachinegroupid == row_id)
        yield from ((FlowMachine, one) for one in tx.execute(members).scalars().all())
