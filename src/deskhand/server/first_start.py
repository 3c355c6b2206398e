"""What a new installation begins with: an administrator, this machine, a connection to it, the samples."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

import deskhand
from deskhand.core.ids import stable_id
from deskhand.entities.flowmachine import Connection, FlowMachineGroup
from deskhand.identity.accounts import ensure_organization
from deskhand.identity.rows import insert_row
from deskhand.orchestrator.connections import create_connection
from deskhand.server.importing import Checked, import_flows, read_content
from deskhand.server.installation import Installation
from deskhand.store.database import Transaction

THIS_MACHINE = stable_id("flowmachinegroup", "this machine")
"""The group that the machine of ``deskhand up`` joins."""


@dataclass(frozen=True, slots=True)
class Start:
    """What an installation starts with.

    Attributes:
        administrator_id: The administrator's ``systemuserid``.
        connection_name: The connection to this machine.
        is_first: Whether it was all made just now.
    """

    administrator_id: UUID
    connection_name: str
    is_first: bool


def ensure_start(installation: Installation) -> Start:
    """Make what an installation begins with, as far as it is not there; all of it or nothing."""
    samples = [read_content(folder) for folder in sample_folders()]

    def make(tx: Transaction) -> Start:
        organization = ensure_organization(tx)
        administrator = organization.administrator_id
        known = tx.execute(
            sa.select(FlowMachineGroup.c.flowmachinegroupid).where(
                FlowMachineGroup.c.flowmachinegroupid == THIS_MACHINE
            )
        ).scalar()
        if known is None:
            return Start(administrator, _make(tx, administrator, samples), is_first=True)
        return Start(administrator, _connection_name(tx), is_first=False)

    return installation.database.write(make)


def _make(tx: Transaction, administrator: UUID, samples: list[Checked]) -> str:
    name = socket.gethostname()
    insert_row(
        tx,
        FlowMachineGroup,
        {
            "flowmachinegroupid": THIS_MACHINE,
            "name": name,
            "description": "The machine that Deskhand was first started on.",
            "standalone": True,
            "ownerid": administrator,
            "owninguser": administrator,
        },
        by=administrator,
    )
    for content in samples:
        import_flows(tx, content, by=administrator)
    return create_connection(tx, display_name=name, group_id=THIS_MACHINE, owner_id=administrator)


def _connection_name(tx: Transaction) -> str:
    query = sa.select(Connection.c.name).where(Connection.c.targetid == THIS_MACHINE)
    return str(tx.execute(query.order_by(Connection.c.createdon)).scalar() or "")


def sample_folders() -> list[Path]:
    """Return the flow folders that ship with the product."""
    package = Path(deskhand.__file__).parent
    shipped = package / "samples"
    root = shipped if shipped.is_dir() else package.parents[1] / "samples"
    return sorted(folder.parent for folder in root.glob("*/flow.toml"))
