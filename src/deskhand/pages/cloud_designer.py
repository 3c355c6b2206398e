"""The designer of cloud flows: a flow's document, saving without loss, checking, switching, evaluating."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.examining import examine, read_stored
from deskhand.entities.declare import AccessRight
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import Category, Workflow, WorkflowState, WorkflowStatus
from deskhand.orchestrator.rows import Row
from deskhand.orchestrator.versions import LONGEST_NOTE, keep_version
from deskhand.pages.cloud_flows import FLOW_STATES, FlowState
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.errors import BadParameter, FlowChangedMeanwhile, NotFound
from deskhand.records import writing
from deskhand.records.errors import ObjectDoesNotExist
from deskhand.records.security import has_access
from deskhand.records.service import retrieve
from deskhand.wdl.containers import Container, read_container
from deskhand.wdl.context import read_context
from deskhand.wdl.definition import DefinitionUnreadable
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.evaluator import evaluate_text
from deskhand.wdl.limits import Limits
from deskhand.wdl.validation import Finding

_COLUMNS = (
    "workflowid", "name", "category", "statecode", "clientdata", "metadata", "modifiedon", "modifiedby",
    "ownerid", "owningbusinessunit", "versionnumber",
)  # fmt: skip
_MOST_SHOWN = 20_000
_PREVIEW_LIMITS = Limits(result=1_000_000, work=4_000_000)
_SWITCHED = {
    True: (WorkflowState.ACTIVATED, WorkflowStatus.ACTIVATED),
    False: (WorkflowState.DRAFT, WorkflowStatus.DRAFT),
}


@dataclass(frozen=True, slots=True)
class FlowDocument:
    """A cloud flow as the designer works on it.

    Attributes:
        id: The flow.
        name: Its name.
        state: Whether it is on.
        document: The document, as JSON text.
        path: Where in the document the definition stands; numbers are places in arrays.
        version: The row's version, which saving names.
        modified_on: When it was last changed.
        modified_by: By whom.
        may_change: Whether the caller may change it.
    """

    id: UUID
    name: str
    state: FlowState
    document: str
    path: tuple[str, ...]
    version: int
    modified_on: datetime
    modified_by: str | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class NewCloudFlow:
    """A cloud flow to make.

    Attributes:
        name: Its name.
        document: Its document, as JSON text.
    """

    name: str
    document: str


@dataclass(frozen=True, slots=True)
class CloudFlowMade:
    """A cloud flow that was made.

    Attributes:
        id: The flow.
    """

    id: UUID


@dataclass(frozen=True, slots=True)
class FlowToSave:
    """A cloud flow to save.

    Attributes:
        document: Its document, as JSON text.
        version: The version that it was made from.
        name: Its name, where that changes.
        note: What is said of the version that saving makes.
    """

    document: str
    version: int
    name: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FlowSwitch:
    """Whether a cloud flow shall be on.

    Attributes:
        on: True to switch it on.
    """

    on: bool


@dataclass(frozen=True, slots=True)
class DocumentToCheck:
    """A document to check.

    Attributes:
        document: The document, as JSON text.
        flow_id: The flow that it is for; a new one where it is left out.
    """

    document: str
    flow_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the flow checker found.

    Attributes:
        code: Its code.
        message: What is wrong.
        name: The action, trigger or connection reference concerned; empty for the flow as a whole.
        fatal: Whether it keeps the flow from being switched on.
    """

    code: str
    message: str
    name: str
    fatal: bool


@dataclass(frozen=True, slots=True)
class FaultList:
    """What the flow checker found.

    Attributes:
        items: The faults, in the order of the document.
    """

    items: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ExpressionToTry:
    """An expression to evaluate.

    Attributes:
        expression: The expression, without its ``@``.
        context: What it sees: ``trigger``, ``outputs`` by action, ``variables``, ``parameters``, ``items``.
    """

    expression: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExpressionValue:
    """What an expression comes to.

    Attributes:
        value: The value as JSON text, cut off where it is long; null where it cannot be evaluated.
        problem: Why it cannot.
    """

    value: str | None
    problem: str | None


@endpoint("POST", "/cloudflows")
def create_cloud_flow(context: PageContext, *, body: NewCloudFlow) -> CloudFlowMade:
    """Create a cloud flow; it is off until somebody switches it on.

    Args:
        body: Its name and document.
    """
    _read(body.document)
    name = body.name.strip()
    if not name:
        raise BadParameter("name", "is empty; a flow has a name.")
    values = {"name": name, "category": Category.MODERN_FLOW.value, "clientdata": body.document}
    return CloudFlowMade(writing.create(context.tx, context.principal, Workflow, values))


@endpoint("GET", "/cloudflows/{flow_id}/document")
def cloud_flow_document(context: PageContext, *, flow_id: UUID) -> FlowDocument:
    """Return a cloud flow with its document.

    Args:
        flow_id: The flow.
    """
    row = cloud_flow_row(context, flow_id)
    container = read_stored(row["clientdata"], row["metadata"])
    return FlowDocument(
        id=flow_id,
        name=row["name"] or "",
        state=FLOW_STATES[WorkflowState(row["statecode"])],
        document=row["clientdata"],
        path=tuple(str(step) for step in container.path),
        version=row["versionnumber"],
        modified_on=row["modifiedon"],
        modified_by=_person(context, row["modifiedby"]),
        may_change=has_access(context.tx, context.principal, Workflow, row, AccessRight.WRITE),
    )


@endpoint("PUT", "/cloudflows/{flow_id}/document")
def save_cloud_flow(context: PageContext, *, flow_id: UUID, body: FlowToSave) -> FlowDocument:
    """Save a cloud flow, unless somebody else has done so since it was read.

    Args:
        flow_id: The flow.
        body: Its document, and the version that it was made from.
    """
    row = cloud_flow_row(context, flow_id)
    _read(body.document)
    note = body.note.strip()
    if len(note) > LONGEST_NOTE:
        raise BadParameter("note", f"takes {LONGEST_NOTE} characters at most.")
    require_version(context, row, body.version)
    values: dict[str, Any] = {"clientdata": body.document}
    if body.name is not None and body.name.strip():
        values["name"] = body.name.strip()
    writing.update(context.tx, context.principal, Workflow, flow_id, values, version=body.version)
    most, by = context.settings.flow_versions_max, context.principal.user_id
    keep_version(context.tx, flow_id, by=by, note=note, most=most)
    return cloud_flow_document(context, flow_id=flow_id)


@endpoint("PUT", "/cloudflows/{flow_id}/state")
def switch_cloud_flow(context: PageContext, *, flow_id: UUID, body: FlowSwitch) -> FlowDocument:
    """Switch a cloud flow on or off.

    Args:
        flow_id: The flow.
        body: Whether it shall be on.
    """
    cloud_flow_row(context, flow_id)
    state, status = _SWITCHED[body.on]
    values = {"statecode": state.value, "statuscode": status.value}
    writing.update(context.tx, context.principal, Workflow, flow_id, values)
    return cloud_flow_document(context, flow_id=flow_id)


@endpoint("POST", "/cloudflows/check", writes=False)
def check_cloud_flow(context: PageContext, *, body: DocumentToCheck) -> FaultList:
    """Return what is wrong or odd with a document as a cloud flow of this installation.

    Args:
        body: The document.
    """
    try:
        container = _read(body.document)
    except DefinitionUnreadable as error:
        return FaultList((Fault(error.code, error.message, "", fatal=True),))
    found = examine(context.tx, body.flow_id or UUID(int=0), container)
    return FaultList(tuple(_fault(one) for one in found))


@endpoint("POST", "/cloudflows/evaluate", writes=False)
def evaluate_expression(context: PageContext, *, body: ExpressionToTry) -> ExpressionValue:
    """Return what an expression comes to with given data.

    Args:
        body: The expression, and what it sees.
    """
    try:
        scope = read_context(dict(body.context), context.now)
        value = evaluate_text(body.expression, scope, _PREVIEW_LIMITS)
    except ExpressionError as error:
        return ExpressionValue(None, error.message)
    return ExpressionValue(json.dumps(value, ensure_ascii=False, indent=2)[:_MOST_SHOWN], None)


def require_version(context: PageContext, row: Row, version: int) -> None:
    """Make sure that nobody has saved a cloud flow since it was read.

    Raises:
        FlowChangedMeanwhile: Somebody has.
    """
    if row["versionnumber"] != version:
        raise FlowChangedMeanwhile(row["name"] or "", _person(context, row["modifiedby"]), row["modifiedon"])


def cloud_flow_row(context: PageContext, flow_id: UUID) -> Row:
    """Return a cloud flow's row, if the caller may read it.

    Raises:
        NotFound: There is no such cloud flow.
    """
    try:
        row: Row = retrieve(context.tx, context.principal, Workflow, flow_id, columns=_COLUMNS)
    except ObjectDoesNotExist as error:
        raise NotFound("cloud flow", flow_id) from error
    if row["category"] != Category.MODERN_FLOW:
        raise NotFound("cloud flow", flow_id)
    return row


def _read(document: str) -> Container:
    return read_container(document)


def _person(context: PageContext, user_id: UUID | None) -> str | None:
    c = SystemUser.c
    query = sa.select(sa.func.coalesce(c.fullname, c.domainname)).where(c.systemuserid == user_id)
    found: str | None = context.tx.execute(query).scalar()
    return found


def _fault(one: Finding) -> Fault:
    return Fault(one.code, one.message, one.name, one.fatal)
