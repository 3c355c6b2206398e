"""Machines and the groups they take runs for. Source: machines-and-runs 1.1, 1.2 and 1.6."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id, parse_id
from deskhand.core.settings import Settings
from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.security import RegistrationToken, SystemUser
from deskhand.orchestrator.errors import (
    GroupInUse,
    MachineKeyRefused,
    MachineNameTaken,
    MachineRuns,
    RegistrationRefused,
)
from deskhand.orchestrator.rows import HELD, Owner, new_row
from deskhand.orchestrator.runlog import storable
from deskhand.orchestrator.sharing import follow_group
from deskhand.orchestrator.transitions import RUNNING, WAITING
from deskhand.protocol.messages import MachineRegistered, RegisterMachine
from deskhand.records.service import delete, find
from deskhand.store.database import Transaction
from deskhand.store.statements import Row, Statement

_REGISTRATION_PREFIX = "dhr_"
_KEY_PREFIX = "dhm_"

_BY_ID = Statement(
    sa.select(FlowMachine.table).where(FlowMachine.c.flowmachineid == sa.bindparam("machine_id"))
)


def create_registration_token(
    tx: Transaction, owner_id: UUID, *, group_id: UUID | None = None, valid_seconds: float = 3_600
) -> str:
    """Return a new token with which one machine may register, once; only its hash is kept.

    Args:
        tx: The open transaction.
        owner_id: Who will own the machine.
        group_id: The group it joins; without one it gets a group of its own.
        valid_seconds: How long the token works.
    """
    token = _REGISTRATION_PREFIX + secrets.token_urlsafe(32)
    values = {
        "registrationtokenid": new_id(),
        "tokenhash": _digest(token),
        "flowmachinegroupid": group_id,
        "ownerid": owner_id,
        "createdon": tx.now,
        "expireson": tx.now + timedelta(seconds=valid_seconds),
        "usedon": None,
    }
    tx.execute(RegistrationToken.table.insert(), values)
    return token


def register_machine(tx: Transaction, machine: RegisterMachine, settings: Settings) -> MachineRegistered:
    """Make a machine known; its key is in the answer and nowhere else.

    Raises:
        RegistrationRefused: The token is not one that works.
        MachineNameTaken: Another machine has the name.
    """
    token = _use_token(tx, machine.token)
    owner = _owner(tx, token["ownerid"])
    name = storable(machine.name.strip(), 100)
    _give_way(tx, name, owner)
    group_id = token["flowmachinegroupid"] or _own_group(tx, name, owner)
    machine_id = new_id()
    key = _new_key(machine_id)
    values = {
        "flowmachineid": machine_id,
        "name": name,
        "description": storable(machine.description, 2000),
        "agentversion": storable(machine.agent_version, 100),
        "flowmachinegroupid": group_id,
        "sessioncapacity": settings.session_capacity,
        "keyhash": _digest(key),
        "sessionuser": storable(machine.session_user, 100),
    }
    tx.execute(FlowMachine.table.insert(), new_row(tx, FlowMachine, owner, values, version=tx.next_version()))
    follow_group(tx, machine_id, group_id)
    return MachineRegistered(machine_id, group_id, key)


def move_machine(tx: Transaction, machine_id: UUID, group_id: UUID | None) -> UUID:
    """Let a machine join a group, and return that group; None gives it one of its own.

    Runs that wait for the group it leaves go on to wait there. Source: machines-and-runs 1.2.

    Raises:
        ObjectDoesNotExist: There is no such machine.
        MachineRuns: It has runs now.
        MachineNameTaken: A group of its own could not bear its name.
    """
    machine = find(tx, FlowMachine, machine_id)
    runs = _held_runs(tx, machine_id)
    if runs:
        raise MachineRuns(machine["name"], runs)
    joined = group_id or _own_group(tx, machine["name"], Owner.of(machine))
    tx.execute(
        sa.update(FlowMachine.table)
        .where(FlowMachine.c.flowmachineid == machine_id)
        .values(flowmachinegroupid=joined, modifiedon=tx.now, versionnumber=tx.next_version())
    )
    follow_group(tx, machine_id, joined)
    return joined


def delete_group(tx: Transaction, group_id: UUID, *, by: UUID) -> None:
    """Delete a machine group for which nothing waits and to which no machine belongs.

    Raises:
        ObjectDoesNotExist: There is no such group.
        GroupInUse: It has machines, or runs wait for it.
    """
    group = find(tx, FlowMachineGroup, group_id)
    members = sa.select(sa.func.count()).where(FlowMachine.c.flowmachinegroupid == group_id)
    waiting = sa.select(sa.func.count()).where(
        FlowSession.c.machinegroupid == group_id, FlowSession.c.statuscode.in_([int(WAITING), int(RUNNING)])
    )
    machines, runs = tx.execute(members).scalar_one(), tx.execute(waiting).scalar_one()
    if machines or runs:
        raise GroupInUse(group["name"], machines, runs)
    delete(tx, FlowMachineGroup, group_id, by=by)


def _held_runs(tx: Transaction, machine_id: UUID) -> int:
    held = sa.select(sa.func.count()).where(FlowSession.c.machineid == machine_id, HELD)
    return int(tx.execute(held).scalar_one())


def renew_key(tx: Transaction, machine_id: UUID) -> MachineRegistered:
    """Give a machine a new key in place of the one it had.

    Raises:
        ObjectDoesNotExist: There is no such machine.
    """
    machine = find(tx, FlowMachine, machine_id, columns=("flowmachinegroupid",))
    key = _new_key(machine_id)
    tx.execute(
        sa.update(FlowMachine.table)
        .where(FlowMachine.c.flowmachineid == machine_id)
        .values(keyhash=_digest(key), modifiedon=tx.now, versionnumber=tx.next_version())
    )
    return MachineRegistered(machine_id, machine["flowmachinegroupid"], key)


def _new_key(machine_id: UUID) -> str:
    return f"{_KEY_PREFIX}{machine_id.hex}_{secrets.token_urlsafe(32)}"


def authenticate_machine(tx: Transaction, key: str) -> Row:
    """Return the row of the machine whose key this is.

    Raises:
        MachineKeyRefused: It is no machine's.
    """
    machine_id = parse_id(_hyphenated(key.removeprefix(_KEY_PREFIX).partition("_")[0]))
    row = tx.row(_BY_ID, {"machine_id": machine_id}) if machine_id else None
    if row is None or not hmac.compare_digest(row["keyhash"] or "", _digest(key)):
        raise MachineKeyRefused
    return row


def note_sign_of_life(
    tx: Transaction, machine: Mapping[str, Any], agent_version: str, settings: Settings
) -> None:
    """Remember that a machine's agent was just heard of, unless that is fresh in memory."""
    last: Any = machine["lastheartbeatdate"]
    recent = last and tx.now - last < timedelta(seconds=settings.heartbeat_seconds / 2)
    if recent and machine["agentversion"] == agent_version:
        return
    tx.execute(
        sa.update(FlowMachine.table)
        .where(FlowMachine.c.flowmachineid == machine["flowmachineid"])
        .values(lastheartbeatdate=tx.now, agentversion=storable(agent_version, 100))
    )


def _digest(secret: str) -> str:
    """Hash a secret that is random and long, for which a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _hyphenated(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _use_token(tx: Transaction, token: str) -> sa.RowMapping:
    c = RegistrationToken.c
    used = (
        sa.update(RegistrationToken.table)
        .where(c.tokenhash == _digest(token), c.usedon.is_(None), c.expireson > tx.now)
        .values(usedon=tx.now)
        .returning(c.flowmachinegroupid, c.ownerid)
    )
    row = tx.execute(used).mappings().one_or_none()
    if row is None:
        raise RegistrationRefused
    return row


def _owner(tx: Transaction, user_id: UUID) -> Owner:
    c = SystemUser.c
    unit: UUID | None = tx.execute(
        sa.select(c.businessunitid).where(c.systemuserid == user_id)
    ).scalar_one_or_none()
    return Owner(user_id, unit)


def _give_way(tx: Transaction, name: str, owner: Owner) -> None:
    """Make room for a machine whose earlier registration never came to anything.

    Its agent may have died before it had written its key down; such a machine never gave a sign of life.
    """
    c = FlowMachine.c
    row = tx.execute(sa.select(FlowMachine.table).where(c.name == name)).mappings().one_or_none()
    if row is None:
        return
    if row["lastheartbeatdate"] is not None or row["ownerid"] != owner.user_id:
        raise MachineNameTaken(name)
    tx.execute(sa.delete(FlowMachine.table).where(c.flowmachineid == row["flowmachineid"]))


def _own_group(tx: Transaction, name: str, owner: Owner) -> UUID:
    """Return the group of a machine alone, which bears the machine's name."""
    c = FlowMachineGroup.c
    known = sa.select(c.flowmachinegroupid).where(c.name == name)
    found: UUID | None = tx.execute(
        known.where(c.standalone.is_(True), c.ownerid == owner.user_id)
    ).scalar_one_or_none()
    if found is not None:
        return found
    if tx.execute(known).first() is not None:
        raise MachineNameTaken(name)
    values = {"flowmachinegroupid": new_id(), "name": name, "standalone": True}
    row = new_row(tx, FlowMachineGroup, owner, values, version=tx.next_version())
    tx.execute(FlowMachineGroup.table.insert(), row)
    return UUID(str(row["flowmachinegroupid"]))
