"""Telling cloud-flow runs of what they wait for. Source: cloud-flows 4.3.

A run that waits is a row. What happens to it from outside becomes a signal in the very transaction in which
it happens; whichever server process drives the run next finds it there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.flowrun import FlowRun, FlowRunSignal
from deskhand.store.database import Transaction

CLOUD_RUNS = "cloud runs"
"""Rung when a cloud-flow run has something to do."""

DESKTOP_FLOW_ENDED = "desktop flow ended"
"""The kind of signal that tells of a desktop flow's end; its payload names the flow session."""

_C = FlowRun.c
_RING = (
    sa.update(FlowRun.table)
    .where(_C.flowrunid == sa.bindparam("run_id"), _C.endtime.is_(None))
    .values(
        signalcount=_C.signalcount + 1,
        # The process that drives a run looks by itself; a date would only offer the run to others.
        dueon=sa.case((_C.leaseowner.is_(None), sa.bindparam("now", type_=_C.dueon.type)), else_=_C.dueon),
    )
)
_INSERT = sa.insert(FlowRunSignal.table)


@dataclass(frozen=True, slots=True)
class CloudParent:
    """The action of a cloud-flow run that a desktop flow runs for.

    Attributes:
        workflow_id: The cloud flow.
        run_id: Its run.
        run_name: That run's name.
        action_id: The action's tracking id.
    """

    workflow_id: UUID
    run_id: UUID
    run_name: str
    action_id: UUID


def signal(
    tx: Transaction,
    run_id: UUID,
    action_id: UUID | None,
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    seal: Callable[[UUID], bytes] | None = None,
) -> bool:
    """Tell a cloud-flow run what has happened; nothing is told to one that has ended.

    Args:
        tx: The open transaction.
        run_id: The run.
        action_id: The action that waits for it; None to tell the run itself.
        kind: What has happened.
        payload: What that brings; never a secret.
        seal: Returns a payload that may hold secrets, sealed for the signal's id.

    Returns:
        Whether the run was still there to be told.
    """
    if tx.execute(_RING, {"run_id": run_id, "now": tx.now}).rowcount == 0:
        return False
    signal_id = new_id()
    row = {
        "flowrunsignalid": signal_id,
        "flowrunid": run_id,
        "flowrunactionid": action_id,
        "kind": kind,
        "payload": None if payload is None else json.dumps(payload),
        "sealedpayload": None if seal is None else seal(signal_id),
        "createdon": tx.now,
    }
    tx.execute(_INSERT, row)
    tx.notify(CLOUD_RUNS)
    return True
