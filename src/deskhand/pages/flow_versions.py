"""The versions of flows: listing, reading, restoring, comparing. Source: experience 4.1 and 4.2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from deskhand.editor.comparison import Comparison, compare
from deskhand.editor.outline import outline
from deskhand.entities.declare import AccessRight
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import ComponentState, Workflow, WorkflowVersion
from deskhand.orchestrator.rows import Row
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.desktop_designer import (
    DesktopFlowText,
    TextToSave,
    desktop_flow_row,
    save_text,
)
from deskhand.pages.errors import NotFound
from deskhand.pages.flow_files import with_files
from deskhand.records.security import has_access, require_access

_V, _U, _W = WorkflowVersion.c, SystemUser.c, Workflow.c


@dataclass(frozen=True, slots=True)
class FlowVersion:
    """A version of a flow.

    Attributes:
        number: Its number, from 1.
        made_on: When it was published or saved.
        made_by: By whom.
        note: What they said of it.
        in_force: Whether it is what is published or saved now.
    """

    number: int
    made_on: datetime
    made_by: str | None
    note: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class FlowVersions:
    """The versions of a flow.

    Attributes:
        items: The versions, the newest first.
        has_draft: Whether there is a draft beside them; cloud flows have none.
        version: The version of the row that is worked on, which restoring names.
        modified_on: When the flow was last changed.
        modified_by: By whom.
        may_restore: Whether the caller may restore one.
    """

    items: tuple[FlowVersion, ...]
    has_draft: bool
    version: int
    modified_on: datetime
    modified_by: str | None
    may_restore: bool


@dataclass(frozen=True, slots=True)
class VersionText:
    """The text of a version.

    Attributes:
        number: Its number.
        text: The text.
    """

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class VersionToRestore:
    """A version that becomes the draft.

    Attributes:
        version: The row's version that it was chosen by.
    """

    version: int


@dataclass(frozen=True, slots=True)
class TextsToCompare:
    """Two texts of a flow.

    Attributes:
        before: The former one.
        after: The later one.
    """

    before: str
    after: str


@endpoint("GET", "/desktopflows/{flow_id}/versions")
def desktop_flow_versions(context: PageContext, *, flow_id: UUID) -> FlowVersions:
    """List the versions of a desktop flow, the newest first.

    Args:
        flow_id: The flow.
    """
    row = desktop_flow_row(context, flow_id)
    published = sa.select(_W.flowversionid).where(
        _W.workflowid == flow_id, _W.componentstate == ComponentState.PUBLISHED.value
    )
    in_force: UUID | None = context.tx.execute(published).scalar()
    return versions_of(context, row, in_force, has_draft=row["componentstate"] == ComponentState.UNPUBLISHED)


def versions_of(
    context: PageContext, row: Row, in_force: UUID | None, *, has_draft: bool = False
) -> FlowVersions:
    """Return the versions of a flow of either kind.

    Args:
        context: The request.
        row: The flow, with its stamps.
        in_force: The version that is what is published or saved now.
        has_draft: Whether there is a draft beside them.
    """
    return FlowVersions(
        items=tuple(_versions(context, row["workflowid"], in_force)),
        has_draft=has_draft,
        version=row["versionnumber"],
        modified_on=row["modifiedon"],
        modified_by=_name(context, row["modifiedby"]),
        may_restore=has_access(context.tx, context.principal, Workflow, row, AccessRight.WRITE),
    )


def _versions(context: PageContext, flow_id: UUID, in_force: UUID | None) -> Iterator[FlowVersion]:
    query = (
        sa.select(
            _V.workflowversionid,
            _V.number,
            _V.createdon,
            _V.note,
            sa.func.coalesce(_U.fullname, _U.domainname).label("person"),
        )
        .outerjoin(SystemUser.table, _U.systemuserid == _V.createdby)
        .where(_V.workflowid == flow_id)
        .order_by(_V.number.desc())
    )
    for row in context.tx.execute(query):
        is_in_force = row.workflowversionid == in_force
        yield FlowVersion(row.number, row.createdon, row.person, row.note or "", is_in_force)


def _name(context: PageContext, user_id: UUID | None) -> str | None:
    query = sa.select(sa.func.coalesce(_U.fullname, _U.domainname)).where(_U.systemuserid == user_id)
    found: str | None = context.tx.execute(query).scalar()
    return found


@endpoint("GET", "/desktopflows/{flow_id}/versions/{number}")
def desktop_flow_version(context: PageContext, *, flow_id: UUID, number: int) -> VersionText:
    """Return the text of a version of a desktop flow.

    Args:
        flow_id: The flow.
        number: The version's number.
    """
    desktop_flow_row(context, flow_id)
    text = version_of(context, flow_id, number)["definition"] or ""
    return VersionText(number, with_files(context.tx, flow_id, text))


def version_of(context: PageContext, flow_id: UUID, number: int) -> Row:
    """Return what a version kept: its ``definition``, and what stood ``beside`` it.

    Raises:
        NotFound: The flow has no such version.
    """
    query = sa.select(_V.definition, _V.beside).where(_V.workflowid == flow_id, _V.number == number)
    row = context.tx.execute(query).mappings().first()
    if row is None:
        raise NotFound("version", number)
    return row


@endpoint("POST", "/desktopflows/{flow_id}/versions/{number}/restore")
def restore_desktop_flow_version(
    context: PageContext, *, flow_id: UUID, number: int, body: VersionToRestore
) -> DesktopFlowText:
    """Make a version of a desktop flow its draft; runs go on with what is published.

    Args:
        flow_id: The flow.
        number: The version's number.
        body: The row's version that it was chosen by.
    """
    row = desktop_flow_row(context, flow_id, lock=True)
    require_access(context.tx, context.principal, Workflow, row, AccessRight.WRITE)
    text = version_of(context, flow_id, number)["definition"] or ""
    return save_text(context, row, TextToSave(text, body.version), outline(text))


def _compared(preparation: Preparation, body: TextsToCompare) -> Comparison:
    return compare(outline(body.before), outline(body.after))


@endpoint("POST", "/robin/compare", writes=False, prepare=_compared)
def compare_robin(context: PageContext, *, body: TextsToCompare, prepared: Comparison) -> Comparison:
    """Return what differs between two texts of a flow, row by row.

    Args:
        body: The texts.
    """
    return prepared
