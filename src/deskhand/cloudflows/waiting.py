"""Why a run waits, for people who wonder. Source: cloud-flows 7.1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from deskhand.cloudflows.declare import Status
from deskhand.cloudflows.history import Link, links_of
from deskhand.cloudflows.program import Program
from deskhand.cloudflows.scope import wire_time
from deskhand.entities.connector import Approval
from deskhand.entities.flowmachine import FlowMachineGroup
from deskhand.entities.flowrun import FlowRunAction
from deskhand.entities.flowsession import FlowSession, FlowSessionStatus
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

_A, _S = FlowRunAction.c, FlowSession.c
_MOST_NAMED = 20
_OPEN = (
    sa.select(_A.flowrunactionid, _A.name, _A.repetition, _A.state, _A.dueon, _A.linkedid)
    .where(_A.flowrunid == sa.bindparam("run_id"), _A.endtime.is_(None))
    .order_by(_A.starttime)
    .limit(_MOST_NAMED)
)
_SESSION = (
    sa.select(_S.statuscode, FlowMachineGroup.c.name)
    .outerjoin(FlowMachineGroup.table, FlowMachineGroup.c.flowmachinegroupid == _S.machinegroupid)
    .where(_S.flowsessionid == sa.bindparam("session_id"))
)
_APPROVAL = sa.select(Approval.c.title, Approval.c.assignees).where(
    Approval.c.flowrunactionid == sa.bindparam("action_id")
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a run waits for.

    Attributes:
        reason: One word: Concurrency, DesktopFlowQueue, DesktopFlow, ChildFlow, Approval, Timer, Retry, Poll,
            Call, Callback.
        message: The same for people.
        action: The action that waits; empty for the run itself.
        until: When it goes on at the latest, if that is known.
        link: The desktop flow's run or the child run that it waits for.
    """

    reason: str
    message: str
    action: str = ""
    repetition: str = ""
    until: datetime | None = None
    link: Link | None = None

    def as_value(self) -> dict[str, Value]:
        """Return it as JSON; members without a value are absent."""
        value: dict[str, Value] = {"reason": self.reason, "message": self.message}
        if self.action:
            value["action"] = self.action
        if self.repetition:
            value["repetition"] = self.repetition
        if self.until is not None:
            value["until"] = wire_time(self.until)
        if self.link is not None:
            value["linked"] = {"type": self.link.kind, "id": str(self.link.id)}
        return value


def what_a_run_waits_for(tx: Transaction, run: Row, program: Program | None) -> list[Waiting]:
    """Return what a run waits for now; nothing if it has ended, or is just being advanced."""
    if run["status"] == Status.WAITING:
        most = program.runs_at_once if program is not None else None
        return [Waiting("Concurrency", f"its turn: at most {most} of the flow's runs go on at the same time")]
    rows = tx.execute(_OPEN, {"run_id": run["flowrunid"]}).mappings().all()
    links = links_of(tx, rows)
    found = (_waiting(tx, row, links.get(row["linkedid"]), program) for row in rows)
    return [one for one in found if one is not None]


def _waiting(tx: Transaction, row: Row, link: Link | None, program: Program | None) -> Waiting | None:
    why = _reason(tx, row, link, _notes(row), program)
    if why is None:
        return None
    reason, message = why
    return Waiting(reason, message, row["name"], row["repetition"], row["dueon"], link)


def _notes(row: Row) -> Mapping[str, Any]:
    noted: Mapping[str, Any] = {} if row["state"] is None else json.loads(row["state"])["notes"]
    return noted


def _reason(
    tx: Transaction, row: Row, link: Link | None, notes: Mapping[str, Any], program: Program | None
) -> tuple[str, str] | None:
    if notes.get("pausing"):
        return "Retry", "the pause before another attempt"
    if link is not None:
        return _linked(tx, link)
    approval = tx.execute(_APPROVAL, {"action_id": row["flowrunactionid"]}).one_or_none()
    if approval is not None:
        return "Approval", f"an answer to ‘{approval.title}’"
    if notes.get("calling"):
        return "Call", "the answer to a call"
    node = None if program is None else program.node(row["name"])
    if row["dueon"] is not None:
        is_timer = node is not None and node.action.type.casefold() == "wait"
        return ("Timer", "an instant") if is_timer else ("Poll", "another look at work elsewhere")
    return ("Callback", "a call of its address") if notes.get("waits") and not notes.get("levels") else None


def _linked(tx: Transaction, link: Link) -> tuple[str, str]:
    if link.kind == "flowrun":
        return "ChildFlow", f"the child flow's run {link.name}"
    session = tx.execute(_SESSION, {"session_id": link.id}).one()
    if session.statuscode == FlowSessionStatus.WAITING:
        return "DesktopFlowQueue", f"a free machine of ‘{session.name}’ for the desktop flow ‘{link.name}’"
    return "DesktopFlow", f"the desktop flow ‘{link.name}’"
