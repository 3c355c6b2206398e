"""Questions that cloud flows ask people, and their answers. Source: cloud-flows 3.11.

An approval is a row, with one row for each person who is asked. The answer that decides it signals the run
that waits, in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.approval_errors import (
    ApprovalAnswerRefused,
    ApprovalClosed,
    ApprovalNotFound,
    ApprovalRefused,
)
from deskhand.cloudflows.notifications import notify_user
from deskhand.core.clock import to_wire
from deskhand.core.ids import new_id, parse_id
from deskhand.entities.connector import Approval, ApprovalResponse
from deskhand.entities.security import SystemUser
from deskhand.identity.accounts import load_installation
from deskhand.identity.principals import Principal
from deskhand.orchestrator.connections import administers
from deskhand.orchestrator.parents import signal
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

ANSWERED = "approval answered"
"""The kind of signal that tells of an approval's result."""
MOST_ASKED = 100

_A, _R, _U = Approval.c, ApprovalResponse.c, SystemUser.c
_MOST_LISTED = 500


class ApprovalType(StrEnum):
    """Who has to answer, and what."""

    FIRST = "Basic"
    EVERYBODY = "BasicAwaitAll"
    CUSTOM_FIRST = "CustomResponse"
    CUSTOM_EVERYBODY = "CustomResponseAwaitAll"


class ApprovalStatus(StrEnum):
    """Where an approval stands."""

    PENDING = "Pending"
    COMPLETED = "Completed"
    CANCELED = "Canceled"


APPROVE, REJECT = "Approve", "Reject"
_BASIC = (ApprovalType.FIRST, ApprovalType.EVERYBODY)


@dataclass(frozen=True, slots=True)
class Question:
    """What a flow asks.

    Attributes:
        type: Who has to answer.
        title: What is asked.
        assigned_to: Who is asked: names of people, separated by semicolons.
        details: What they should know.
        item_link: Where to look.
        item_link_description: What is to be seen there.
        options: What may be answered, where the flow says that.
        notifies: Whether those who are asked are notified.
    """

    type: ApprovalType
    title: str
    assigned_to: str
    details: str = ""
    item_link: str = ""
    item_link_description: str = ""
    options: Sequence[str] = ()
    notifies: bool = True


def ask(
    tx: Transaction, question: Question, *, run_id: UUID, action_id: UUID | None, requestor_id: UUID
) -> UUID:
    """Ask people, and return the approval's id.

    Args:
        tx: The open transaction.
        question: What is asked.
        run_id: The run that asks.
        action_id: Its action that waits; None if none does yet.
        requestor_id: Whose flow asks.

    Raises:
        ApprovalRefused: Nobody is asked, somebody is unknown, or there is nothing to answer.
    """
    options = [APPROVE, REJECT] if question.type in _BASIC else list(question.options)
    if not options:
        raise ApprovalRefused("it offers no answers")
    people = _people(tx, question.assigned_to)
    approval_id = new_id()
    row = {
        "approvalid": approval_id,
        "name": str(approval_id),
        "flowrunid": run_id,
        "flowrunactionid": action_id,
        "type": str(question.type),
        "title": question.title[:1000],
        "details": question.details,
        "itemlink": question.item_link[:2000],
        "itemlinkdescription": question.item_link_description[:1000],
        "options": json.dumps(options),
        "assignees": json.dumps([one["domainname"] for one in people]),
        "requestorid": requestor_id,
        "status": str(ApprovalStatus.PENDING),
        "createdon": tx.now,
    }
    tx.execute(sa.insert(Approval.table), row)
    asked = [
        {"approvalresponseid": new_id(), "approvalid": approval_id, "responderid": one["systemuserid"]}
        for one in people
    ]
    tx.execute(sa.insert(ApprovalResponse.table), asked)
    if question.notifies:
        for one in people:
            title = f"Approval requested: {question.title}"
            notify_user(tx, one["systemuserid"], run_id, title, question.details, question.item_link)
    return approval_id


def answer(tx: Transaction, principal: Principal, name: str, response: str, comments: str = "") -> None:
    """Answer an approval as one of those who are asked.

    Raises:
        ApprovalNotFound: There is none, or the caller is not asked.
        ApprovalClosed: It is decided, withdrawn, or answered by the caller before.
        ApprovalAnswerRefused: It offers no such answer.
    """
    approval = _find(tx, name, lock=True)
    mine = _response_of(tx, approval["approvalid"], principal.user_id)
    if mine is None:
        raise ApprovalNotFound(name)
    if approval["status"] != ApprovalStatus.PENDING:
        raise ApprovalClosed(name, f"it is {approval['status'].lower()}")
    if mine["response"] is not None:
        raise ApprovalClosed(name, "you have answered it")
    options: list[str] = json.loads(approval["options"])
    chosen = next((one for one in options if one.casefold() == response.strip().casefold()), None)
    if chosen is None:
        raise ApprovalAnswerRefused(response, options)
    answered = sa.update(ApprovalResponse.table).where(_R.approvalresponseid == mine["approvalresponseid"])
    tx.execute(answered.values(response=chosen, comments=comments, createdon=tx.now))
    result = _result(approval["type"], _responses(tx, approval["approvalid"]))
    if result is not None:
        _decide(tx, approval, result)


def cancel(tx: Transaction, approval_id: UUID) -> None:
    """Withdraw an approval that is not decided yet."""
    pending = sa.and_(_A.approvalid == approval_id, _A.status == str(ApprovalStatus.PENDING))
    withdrawn = sa.update(Approval.table).where(pending)
    tx.execute(withdrawn.values(status=str(ApprovalStatus.CANCELED), completedon=tx.now))


def wait_for(tx: Transaction, name: str, *, run_id: UUID, action_id: UUID, requestor_id: UUID) -> Row:
    """Let an action of a run wait for an approval, and return the approval.

    Raises:
        ApprovalNotFound: There is none, or somebody else's flow asks it.
        ApprovalClosed: Another action waits for it.
    """
    approval = _find(tx, name, lock=True)
    if approval["requestorid"] != requestor_id:
        raise ApprovalNotFound(name)
    if approval["status"] == ApprovalStatus.PENDING:
        if approval["flowrunactionid"] not in (None, action_id):
            raise ApprovalClosed(name, "another action waits for it")
        waiting = sa.update(Approval.table).where(_A.approvalid == approval["approvalid"])
        tx.execute(waiting.values(flowrunid=run_id, flowrunactionid=action_id))
    return approval


def let_go(tx: Transaction, approval_id: UUID, action_id: UUID) -> None:
    """Let an approval stand that an action no longer waits for; another one may."""
    held = sa.and_(_A.approvalid == approval_id, _A.flowrunactionid == action_id)
    tx.execute(sa.update(Approval.table).where(held).values(flowrunactionid=None))


def list_approvals(
    tx: Transaction, principal: Principal, status: ApprovalStatus | None = ApprovalStatus.PENDING
) -> list[dict[str, Any]]:
    """Return the approvals that somebody is asked for, or whose flows ask them; the newest first.

    Args:
        tx: The open transaction.
        principal: Who asks; one who administers sees everybody's.
        status: Only those that stand so.
    """
    query = sa.select(Approval.table)
    if not administers(principal):
        # Asked for each approval that stands so: there are far fewer of them than there ever were answers.
        is_asked = sa.exists().where(_R.approvalid == _A.approvalid, _R.responderid == principal.user_id)
        query = query.where(sa.or_(_A.requestorid == principal.user_id, is_asked))
    if status is not None:
        query = query.where(_A.status == str(status))
    rows = tx.execute(query.order_by(_A.createdon.desc()).limit(_MOST_LISTED)).mappings()
    return [_shown(row) for row in rows]


def show_approval(tx: Transaction, principal: Principal, name: str) -> dict[str, Any]:
    """Return an approval with the answers to it.

    Raises:
        ApprovalNotFound: There is none, or the caller has nothing to do with it.
    """
    approval = _find(tx, name)
    is_asked = _response_of(tx, approval["approvalid"], principal.user_id) is not None
    if not (is_asked or approval["requestorid"] == principal.user_id or administers(principal)):
        raise ApprovalNotFound(name)
    responses = [_answer_of(one, approval, None) for one in _given(_responses(tx, approval["approvalid"]))]
    return {**_shown(approval), "responses": responses}


def content_of(tx: Transaction, approval_id: UUID) -> dict[str, Value]:
    """Return an approval as flows see it: ``outcome``, ``responses`` and what was asked."""
    approval = _find(tx, str(approval_id))
    tenant = str(load_installation(tx).organization_id)
    given = _given(_responses(tx, approval_id))
    answers = [_answer_of(one, approval, tenant) for one in given]
    completed = approval["completedon"]
    return {
        "name": approval["name"],
        "title": approval["title"],
        "details": approval["details"],
        "itemLink": approval["itemlink"],
        "itemLinkDescription": approval["itemlinkdescription"],
        "requestDate": to_wire(approval["createdon"]),
        "completionDate": None if completed is None else to_wire(completed),
        "outcome": approval["result"],
        "responseSummary": "\n\n".join(map(_summary, answers)),
        "responses": answers,
        "status": approval["status"],
        "options": json.loads(approval["options"]),
        "assignedTo": ";".join(json.loads(approval["assignees"])),
    }


def _find(tx: Transaction, name: str, *, lock: bool = False) -> Row:
    approval_id = parse_id(name)
    query = sa.select(Approval.table).where(_A.approvalid == approval_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise ApprovalNotFound(name)
    return row


def _people(tx: Transaction, text: str) -> list[Row]:
    """Return whom a text names, each once."""
    names = [name for one in text.split(";") if (name := one.strip())]
    if not names:
        raise ApprovalRefused("nobody is asked")
    if len(names) > MOST_ASKED:
        raise ApprovalRefused(f"{len(names)} people are asked, and {MOST_ASKED} can be")
    found = {one["systemuserid"]: one for one in (_person(tx, name) for name in names)}
    return list(found.values())


def _person(tx: Transaction, name: str) -> Row:
    user_id = parse_id(name)
    folded = name.lower()
    fits = (
        _U.systemuserid == user_id
        if user_id is not None
        else sa.or_(sa.func.lower(_U.domainname) == folded, sa.func.lower(_U.internalemailaddress) == folded)
    )
    query = sa.select(_U.systemuserid, _U.domainname).where(fits, _U.isdisabled.is_not(True))
    row = tx.execute(query.order_by(_U.domainname)).mappings().first()
    if row is None:
        raise ApprovalRefused(f"‘{name[:80]}’ is nobody who can be asked here")
    return row


def _responses(tx: Transaction, approval_id: UUID) -> Sequence[Row]:
    """Return those who are asked with their answers, the earliest answer first."""
    query = (
        sa.select(ApprovalResponse.table, _U.fullname, _U.domainname, _U.internalemailaddress)
        .outerjoin(SystemUser.table, _U.systemuserid == _R.responderid)
        .where(_R.approvalid == approval_id)
        .order_by(_R.createdon, _U.domainname)
    )
    return tx.execute(query).mappings().all()


def _given(responses: Iterable[Row]) -> list[Row]:
    return [one for one in responses if one["response"] is not None]


def _response_of(tx: Transaction, approval_id: UUID, user_id: UUID) -> Row | None:
    query = sa.select(ApprovalResponse.table).where(_R.approvalid == approval_id, _R.responderid == user_id)
    return tx.execute(query).mappings().one_or_none()


def _result(kind: str, responses: Sequence[Row]) -> str | None:
    """Return what the answers come to; None as long as others may change that."""
    given = [str(one["response"]) for one in _given(responses)]
    if kind in (ApprovalType.FIRST, ApprovalType.CUSTOM_FIRST):
        return given[0]
    if kind == ApprovalType.EVERYBODY and REJECT in given:
        return REJECT
    if len(given) < len(responses):
        return None
    return APPROVE if kind == ApprovalType.EVERYBODY else ", ".join(given)


def _decide(tx: Transaction, approval: Row, result: str) -> None:
    decided = sa.update(Approval.table).where(_A.approvalid == approval["approvalid"])
    values = {"status": str(ApprovalStatus.COMPLETED), "result": result[:1000], "completedon": tx.now}
    tx.execute(decided.values(values))
    if approval["flowrunactionid"] is not None:
        payload = {"approvalid": str(approval["approvalid"])}
        signal(tx, approval["flowrunid"], approval["flowrunactionid"], ANSWERED, payload)


def _answer_of(response: Row, approval: Row, tenant: str | None) -> dict[str, Value]:
    return {
        "responder": {
            "id": str(response["responderid"]),
            "displayName": response["fullname"],
            "email": response["internalemailaddress"] or response["domainname"],
            "tenantId": tenant,
            "userPrincipalName": response["domainname"],
        },
        "requestDate": to_wire(approval["createdon"]),
        "responseDate": to_wire(response["createdon"]),
        "approverResponse": response["response"],
        "comments": response["comments"] or "",
    }


def _summary(given: Mapping[str, Any]) -> str:
    who = given["responder"]
    return "\n".join(
        (
            f"Approver: {who['displayName']}, {who['email']}",
            f"Response: {given['approverResponse']}",
            f"Request Date: {given['requestDate']}",
            f"Response Date: {given['responseDate']}",
        )
    )


def _shown(approval: Row) -> dict[str, Any]:
    names = ("name", "title", "details", "itemlink", "itemlinkdescription", "type", "status", "result")
    return {
        **{name: approval[name] for name in names},
        "options": json.loads(approval["options"]),
        "assignees": json.loads(approval["assignees"]),
        **{name: approval[name] for name in ("createdon", "completedon", "flowrunid")},
    }
