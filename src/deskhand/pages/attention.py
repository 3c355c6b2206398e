"""What needs attention: of all that somebody sees, or of their own. Source: experience 2 and 3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.connector import Approval, ApprovalResponse
from deskhand.entities.credential import Credential
from deskhand.entities.declare import AccessRight, Entity
from deskhand.entities.flowmachine import FlowMachine
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Workflow
from deskhand.orchestrator.transitions import WAITING
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.lists import reach
from deskhand.pages.runs import FlowKind
from deskhand.pages.statuses import CLOUD_FAILURES, FAILURES
from deskhand.records.security import visible

_DAY = timedelta(days=1)
_LONG_WAIT = timedelta(minutes=10)
_EXPIRES_SOON = timedelta(days=14)
_BEATS_MISSED = 3
_FEW = 5
_S, _R, _M, _W = FlowSession.c, FlowRun.c, FlowMachine.c, Workflow.c
_C, _A, _AR = Credential.c, Approval.c, ApprovalResponse.c


class AttentionKind(StrEnum):
    """Why something needs attention."""

    FAILING_FLOW = "failingFlow"
    MACHINE_OFFLINE = "machineOffline"
    LONG_WAIT = "longWait"
    CREDENTIAL_EXPIRES = "credentialExpires"
    APPROVAL_WAITS = "approvalWaits"


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs attention.

    Attributes:
        kind: Why.
        id: The flow, the machine, the run, the credential or the approval.
        name: Its name; of an approval what is asked.
        flow_kind: What kind of flow; null for others.
        since: Since when, when it failed last, or when a credential expires.
        count: How many runs failed in 24 h, or wait for it; 1 for a credential that has expired, 0 for one
            that will.
        message: What went wrong the last time.
    """

    kind: AttentionKind
    id: UUID
    name: str
    flow_kind: FlowKind | None
    since: datetime | None
    count: int
    message: str | None


@dataclass(frozen=True, slots=True)
class AttentionList:
    """What needs attention.

    Attributes:
        items: The most pressing first; a few of each kind.
    """

    items: tuple[Attention, ...]


@endpoint("GET", "/attention")
def my_attention(context: PageContext) -> AttentionList:
    """Tell what of the caller's own needs attention, and what others ask the caller for."""
    return AttentionList((*_approvals(context), *attention(context, mine=True)))


def attention(context: PageContext, *, mine: bool = False) -> Iterator[Attention]:
    """Yield what needs attention of all that the caller sees, or only of what is the caller's own."""
    yield from _offline(context, mine)
    yield from _long_waits(context, mine)
    yield from _failing(context, mine)
    yield from _expiring(context, mine)


def seen(context: PageContext, entity: type[Entity], *, mine: bool = False) -> sa.ColumnElement[bool]:
    """Return which rows of a table the caller may see, or has; none without the right to any."""
    if context.principal.depth(entity.privilege(AccessRight.READ).name) is None:
        return sa.false()
    reached = reach(visible(context.principal, entity))
    return sa.and_(reached, entity.c["ownerid"] == context.principal.user_id) if mine else reached


def silent_before(context: PageContext) -> datetime:
    """Return before when a machine must have been heard of last to count as away."""
    return context.now - timedelta(seconds=context.settings.heartbeat_seconds * _BEATS_MISSED)


def failed_desktop(since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of desktop-flow runs that failed since an instant."""
    return _S.statuscode.in_([code.value for code in FAILURES]), _S.completedon >= since


def failed_cloud(since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of cloud-flow runs that failed since an instant."""
    return _R.status.in_(CLOUD_FAILURES), _R.starttime >= since


def _offline(context: PageContext, mine: bool) -> Iterator[Attention]:
    waiting = (
        sa.select(sa.func.count())
        .where(_S.statuscode == int(WAITING), _S.machinegroupid == _M.flowmachinegroupid)
        .scalar_subquery()
    )
    query = sa.select(_M.flowmachineid, _M.name, _M.lastheartbeatdate, waiting.label("waiting")).where(
        seen(context, FlowMachine, mine=mine),
        _M.lastheartbeatdate <= silent_before(context),
        _M.statecode == 0,
    )
    for row in context.tx.execute(query.order_by(waiting.desc(), _M.name).limit(_FEW)):
        yield Attention(
            AttentionKind.MACHINE_OFFLINE,
            row.flowmachineid,
            row.name,
            None,
            row.lastheartbeatdate,
            row.waiting,
            None,
        )


def _long_waits(context: PageContext, mine: bool) -> Iterator[Attention]:
    query = sa.select(_S.flowsessionid, _S.name, _S.createdon).where(
        seen(context, FlowSession, mine=mine),
        _S.statuscode == int(WAITING),
        _S.createdon <= context.now - _LONG_WAIT,
    )
    for row in context.tx.execute(query.order_by(_S.createdon).limit(_FEW)):
        yield Attention(
            AttentionKind.LONG_WAIT,
            row.flowsessionid,
            row.name or "",
            FlowKind.DESKTOP,
            row.createdon,
            1,
            None,
        )


def _failing(context: PageContext, mine: bool) -> Iterator[Attention]:
    since = context.now - _DAY
    last = sa.func.max(_S.completedon)
    own = sa.select(_W.workflowid).where(_W.ownerid == context.principal.user_id)
    desktop = (
        sa.select(
            _S.regardingobjectid, sa.func.max(_S.name), last, sa.func.count(), sa.func.max(_S.errormessage)
        )
        .where(seen(context, FlowSession), *failed_desktop(since))
        .where(_S.regardingobjectid.in_(own) if mine else sa.true())
        .group_by(_S.regardingobjectid)
        .order_by(last.desc())
        .limit(_FEW)
    )
    ended = sa.func.max(_R.endtime)
    cloud = (
        sa.select(_R.workflow, sa.func.max(_W.name), ended, sa.func.count(), sa.func.max(_R.errormessage))
        .join(Workflow.table, sa.and_(_W.workflowid == _R.workflow, _W.componentstate == 0))
        .where(seen(context, FlowRun), *failed_cloud(since))
        .where(_W.ownerid == context.principal.user_id if mine else sa.true())
        .group_by(_R.workflow)
        .order_by(ended.desc())
        .limit(_FEW)
    )
    for kind, query in ((FlowKind.DESKTOP, desktop), (FlowKind.CLOUD, cloud)):
        for flow_id, name, at, count, message in context.tx.execute(query):
            if flow_id is not None:
                short = (message or "")[:300] or None
                yield Attention(AttentionKind.FAILING_FLOW, flow_id, name or "", kind, at, count, short)


def _expiring(context: PageContext, mine: bool) -> Iterator[Attention]:
    query = sa.select(_C.credentialid, _C.name, _C.expireson).where(
        seen(context, Credential, mine=mine), _C.expireson <= context.now + _EXPIRES_SOON
    )
    for row in context.tx.execute(query.order_by(_C.expireson).limit(_FEW)):
        expired = int(row.expireson <= context.now)
        yield Attention(
            AttentionKind.CREDENTIAL_EXPIRES, row.credentialid, row.name, None, row.expireson, expired, None
        )


def _approvals(context: PageContext) -> Iterator[Attention]:
    """Yield what the caller is asked for and has not answered."""
    query = (
        sa.select(_A.approvalid, _A.title, _A.createdon)
        .join(ApprovalResponse.table, _AR.approvalid == _A.approvalid)
        .where(_A.status == "Pending", _AR.responderid == context.principal.user_id, _AR.response.is_(None))
    )
    for row in context.tx.execute(query.order_by(_A.createdon).limit(_FEW)):
        yield Attention(
            AttentionKind.APPROVAL_WAITS, row.approvalid, row.title or "", None, row.createdon, 1, None
        )
