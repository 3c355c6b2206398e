"""Sharing of flows and machines and deletion of flows, as the command line does them."""

from __future__ import annotations

from uuid import UUID

from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.workflow import Workflow
from deskhand.identity.accounts import load_installation, load_principal
from deskhand.messages.flow_writes import require_idle
from deskhand.orchestrator.sharing import grant, revoke
from deskhand.records.security import share
from deskhand.records.service import delete, find
from deskhand.records.sharing import SharingLevel, mask_of
from deskhand.store.database import Transaction


def delete_flow(tx: Transaction, workflow_id: UUID) -> None:
    """Delete a flow with its files and its runs. Source: dataverse-api 4.4.

    Raises:
        FlowHasActiveRuns: Some of its runs wait or run.
    """
    require_idle(tx, workflow_id)
    delete(tx, Workflow, workflow_id)


def share_flow(tx: Transaction, workflow_id: UUID, user_id: UUID, level: SharingLevel | None) -> None:
    """Share a flow as *User* (run only) or *Co-owner*, or no longer. Source: machines-and-runs 7.2."""
    share(tx, Workflow, workflow_id, user_id, mask_of(level) if level else 0)


def share_machine(
    tx: Transaction, row_id: UUID, user_id: UUID, level: SharingLevel | None, *, is_group: bool = False
) -> None:
    """Share a machine or a machine group, or no longer. Source: machines-and-runs 1.8.

    Raises:
        BelongsToGroup: The machine belongs to a group, which is what can be shared.
        OwnerNeedsNoShare: It is theirs.
    """
    entity = FlowMachineGroup if is_group else FlowMachine
    principal = load_principal(tx, load_installation(tx).administrator_id)
    row = find(tx, entity, row_id)
    if level is None:
        revoke(tx, principal, entity, row, user_id)
    else:
        grant(tx, principal, entity, row, user_id, mask_of(level))
