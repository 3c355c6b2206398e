"""What a new installation begins with: an administrator, this machine, a connection to it, the samples."""

from __future__ import annotations

import getpass
import socket
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

import deskhand
from deskhand import __version__
from deskhand.agent.registration import Credentials, is_registered, keep_credentials
from deskhand.core.ids import stable_id
from deskhand.core.settings import Settings
from deskhand.entities.flowmachine import Connection, FlowMachine, FlowMachineGroup
from deskhand.identity.accounts import ensure_organization, load_installation
from deskhand.identity.rows import insert_row
from deskhand.identity.sessions import create_link_code, link_address
from deskhand.orchestrator.connections import create_connection
from deskhand.orchestrator.machines import create_registration_token, register_machine, renew_key
from deskhand.protocol.messages import MachineRegistered, RegisterMachine
from deskhand.server.binding import Binding
from deskhand.server.importing import import_flows
from deskhand.server.installation import Installation
from deskhand.server.reading import Checked, read_content
from deskhand.server.this_machine import reachable
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
    is_first = not installation.database.read(_is_known)
    samples = [read_content(folder) for folder in sample_folders()] if is_first else []
    start = installation.database.write(lambda tx: _start(tx, samples))
    if not is_registered(installation.machine):
        _register_this_machine(installation, start)
    return start


def _start(tx: Transaction, samples: list[Checked]) -> Start:
    administrator = ensure_organization(tx).administrator_id
    if _is_known(tx):
        return Start(administrator, _connection_name(tx), is_first=False)
    return Start(administrator, _make(tx, administrator, samples), is_first=True)


def _is_known(tx: Transaction) -> bool:
    known = sa.select(FlowMachineGroup.c.flowmachinegroupid).where(
        FlowMachineGroup.c.flowmachinegroupid == THIS_MACHINE
    )
    return tx.execute(known).first() is not None


def _register_this_machine(installation: Installation, start: Start) -> None:
    """Register the machine that the server runs on; its agent finds the credentials in the data directory."""

    def obtain() -> Credentials:
        made = installation.database.write(lambda tx: _this_machine(tx, installation.settings, start))
        return Credentials("this installation", made.machine_id, made.group_id, made.key)

    keep_credentials(installation.machine, obtain)


def _this_machine(tx: Transaction, settings: Settings, start: Start) -> MachineRegistered:
    columns = FlowMachine.c
    name = socket.gethostname()
    known = sa.select(columns.flowmachineid).where(
        columns.name == name, columns.flowmachinegroupid == THIS_MACHINE
    )
    machine_id: UUID | None = tx.execute(known).scalar()
    if machine_id is not None:
        return renew_key(tx, machine_id)
    token = create_registration_token(tx, start.administrator_id, group_id=THIS_MACHINE)
    return register_machine(tx, RegisterMachine(token, name, "", __version__, getpass.getuser()), settings)


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


def sign_in_link(installation: Installation, url: str, binding: Binding) -> str:
    """Return an address that signs the administrator in, once.

    Args:
        installation: What the server serves.
        url: Where it listens.
        binding: How it listens.
    """
    base = installation.settings.public_url.rstrip("/") or reachable(url, binding)

    def create(tx: Transaction) -> str:
        return create_link_code(tx, load_installation(tx).administrator_id)

    return link_address(base, installation.database.write(create))


def sample_folders() -> list[Path]:
    """Return the flow folders that ship with the product."""
    package = Path(deskhand.__file__).parent
    shipped = package / "samples"
    root = shipped if shipped.is_dir() else package.parents[1] / "samples"
    return sorted(folder.parent for folder in root.glob("*/flow.toml"))
