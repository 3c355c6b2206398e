"""What a call of the management API asks, and how it is declared. Source: cloud-flows 7.3."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows import history
from deskhand.cloudflows.contents import ContentLinks
from deskhand.cloudflows.errors import CloudFlowError, CloudFlowNotFound
from deskhand.cloudflows.runtime import CloudFlows
from deskhand.core.ids import parse_id
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowrun import FlowRun
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.identity.principals import Principal
from deskhand.orchestrator.rows import Row
from deskhand.records.security import has_access, require_access, visible
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

_W = Workflow.c
_COLUMNS = (
    _W.workflowid, _W.workflowidunique, _W.name, _W.ownerid, _W.owningbusinessunit, _W.statecode,
    _W.flowversionid, _W.addresskey, _W.createdon, _W.modifiedon,
)  # fmt: skip
_IS_FLOW = sa.and_(
    _W.category == int(Category.MODERN_FLOW), _W.componentstate == int(ComponentState.PUBLISHED)
)
_WHOLE = sa.select(*_COLUMNS, _W.clientdata, _W.metadata).where(_IS_FLOW)
_MOST = 250


class OptionRefused(CloudFlowError):
    """An option of the address cannot be read, such as a ``$top`` that is no number from 1 to 250."""

    code = "DH6576"
    service_code = "InvalidRequestParameter"

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"The value of '{name}' is not valid: {expected}.")


class BodyRefused(CloudFlowError):
    """The body of a management call lacks something, or holds something else than it should."""

    code = "DH6577"
    service_code = "InvalidRequestContent"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The request content is not valid: {problem}.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered with.

    Attributes:
        value: The body, as JSON; None for none.
        text: The body where it is JSON text already.
        outside: What answers instead once the transaction is over, because it takes its time.
    """

    value: Value = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    outside: Callable[[], Answer] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One call.

    Attributes:
        flows: What runs cloud flows.
        who: The caller; None where the address itself is enough.
        path: What the variable parts of the address hold.
        options: What stands behind the question mark.
        body: The body, if it is an object.
        text: The body as it came.
        address: The whole address without what stands behind the question mark.
        base_url: The server's address as the caller sees it.
    """

    flows: CloudFlows
    who: Principal | None
    path: Mapping[str, str]
    options: Mapping[str, str]
    body: Mapping[str, Any]
    text: str
    address: str
    base_url: str

    @property
    def principal(self) -> Principal:
        """Return the caller."""
        assert self.who is not None, "the call asks who calls"
        return self.who

    @property
    def top(self) -> int:
        """Return how many of a list are wanted at most.

        Raises:
            OptionRefused: It is no number from 1 to 250.
        """
        text = self.options.get("$top", str(history.PAGE))
        if not (text.isdecimal() and len(text) < 9 and 1 <= int(text) <= _MOST):
            raise OptionRefused("$top", f"it must be a number from 1 to {_MOST}")
        return int(text)

    @property
    def after(self) -> str | None:
        """Return what stands before the wanted part of a list."""
        return self.options.get("$skiptoken")

    def links(self, tx: Transaction) -> ContentLinks:
        """Return what makes links to contents."""
        return ContentLinks(self.flows.addresses.signer, self.base_url, tx.now)

    def flow(self, tx: Transaction, right: AccessRight = AccessRight.READ) -> Row:
        """Return the flow that the call is about, if the caller may do that with it.

        Raises:
            CloudFlowNotFound: There is none.
            PrivilegeDenied: No role lets the caller do it.
            AccessDenied: The flow is out of the caller's reach.
        """
        named = self.path["workflow"]
        workflow_id = parse_id(named)
        found = _W.workflowid == workflow_id if workflow_id else sa.func.lower(_W.name) == named.lower()
        rows = tx.execute(_WHOLE.where(found).limit(2)).mappings().all()
        if len(rows) != 1:
            raise CloudFlowNotFound(named)
        require_access(tx, self.principal, Workflow, rows[0], right)
        return rows[0]

    def own_flow(self, tx: Transaction) -> Row:
        """Return the flow if the caller may change it: who may, may also stop and repeat its runs."""
        return self.flow(tx, AccessRight.WRITE)

    def reach(self, tx: Transaction, flow: Row) -> list[sa.ColumnElement[bool]]:
        """Return what holds for the runs of a flow that the caller may see: whose flow it is sees them all.

        Raises:
            PrivilegeDenied: No role lets the caller see runs.
        """
        if has_access(tx, self.principal, Workflow, flow, AccessRight.WRITE):
            return []
        condition = visible(self.principal, FlowRun)
        return [] if condition is None else [condition]

    def run(self, tx: Transaction, flow: Row) -> Row:
        """Return the run that the call is about, if the caller may see it.

        Raises:
            RunNotFound: There is none.
            AccessDenied: It is out of the caller's reach.
        """
        run = history.find_run(tx, flow["workflowid"], self.path["run"])
        if not has_access(tx, self.principal, Workflow, flow, AccessRight.WRITE):
            require_access(tx, self.principal, FlowRun, run, AccessRight.READ)
        return run

    def listed(self, values: Sequence[Value], after: str | None = None) -> Answer:
        """Return part of a list, with the address of the next one."""
        answer: dict[str, Value] = {"value": list(values)}
        if after is not None:
            options = {**self.options, "$skiptoken": after}
            answer["nextLink"] = f"{self.address}?{urlencode(options)}"
        return Answer(answer)

    def names(self, member: str, most: int = _MOST) -> list[str]:
        """Return a list of names from the body; each stands alone or in an object's ``name``.

        Raises:
            BodyRefused: It is no such list, or too long.
        """
        given = self.body.get(member)
        if not isinstance(given, list) or not 0 < len(given) <= most:
            raise BodyRefused(f"'{member}' must be an array of 1 to {most} names")
        return list(_names(member, given))


def _names(member: str, given: Iterable[Any]) -> Iterable[str]:
    for one in given:
        name = one.get("name") if isinstance(one, dict) else one
        if not isinstance(name, str) or not name:
            raise BodyRefused(f"each element of '{member}' must be a name")
        yield name


Answering = Callable[[Transaction, Query], Answer]


@dataclass(frozen=True, slots=True)
class ManagementCall:
    """A call that is answered.

    Attributes:
        path: Its address below that of a flow, or of all flows.
        writes: Whether it changes anything.
        asks_who: Whether the caller has to sign in; not where the address itself is enough.
    """

    method: str
    path: str
    answer: Answering
    writes: bool = False
    asks_who: bool = True


def flows_within_reach(principal: Principal) -> sa.Select[Any]:
    """Return the query of the flows that a caller may see, without their documents.

    Raises:
        PrivilegeDenied: No role lets the caller see flows.
    """
    condition = visible(principal, Workflow)
    listed = sa.select(*_COLUMNS).where(_IS_FLOW)
    return listed if condition is None else listed.where(condition)


def id_of(row: Row) -> UUID:
    """Return the id of a run."""
    run_id: UUID = row["flowrunid"]
    return run_id
