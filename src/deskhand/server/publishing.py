"""Sharing and deletion of flows, as the command line does them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from deskhand.core.errors import DeskhandError
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Workflow
from deskhand.orchestrator.transitions import WAITING_OR_RUNNING
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.records.service import delete
from deskhand.store.database import Transaction

USER_RIGHTS = (AccessRight.READ,)
CO_OWNER_RIGHTS = (
    AccessRight.READ,
    AccessRight.WRITE,
    AccessRight.APPEND,
    AccessRight.APPEND_TO,
    AccessRight.DELETE,
    AccessRight.SHARE,
)


class FlowHasActiveRuns(DeskhandError):
    """A flow whose runs wait or run cannot be deleted; cancel them first."""

    code = "DH1602"
    exit_code = 6

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} runs of this flow wait or run. Cancel them first: deskhand runs list --active"
        )


def count_runs(tx: Transaction, workflow_id: UUID, statuses: frozenset[int] | None = None) -> int:
    """Return how many runs a flow has, finished ones included unless statuses are named."""
    query = sa.select(sa.func.count()).where(FlowSession.c.regardingobjectid == workflow_id)
    if statuses is not None:
        query = query.where(FlowSession.c.statuscode.in_(statuses))
    return int(tx.execute(query).scalar_one())


def delete_flow(tx: Transaction, workflow_id: UUID) -> None:
    """Delete a flow with its files and its runs. Source: dataverse-api 4.4.

    Raises:
        FlowHasActiveRuns: Some of its runs wait or run.
    """
    active = count_runs(tx, workflow_id, frozenset(int(one) for one in WAITING_OR_RUNNING))
    if active:
        raise FlowHasActiveRuns(active)
    delete(tx, Workflow, workflow_id)


def share_flow(tx: Transaction, workflow_id: UUID, user_id: UUID, *, co_owner: bool) -> None:
    """Share a flow as *User* (run only) or *Co-owner*. Source: machines-and-runs 7.2."""
    rights = CO_OWNER_RIGHTS if co_owner else USER_RIGHTS
    share(tx, Workflow, workflow_id, user_id, sum(ACCESS_FLAGS[one] for one in rights))
