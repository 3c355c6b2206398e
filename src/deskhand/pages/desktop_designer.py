"""The designer of desktop flows: a flow's text, saving without loss, publishing, rows and their fields.

Source: experience 4.1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.editor.forms import RowForm
from deskhand.editor.handling import ErrorHandling, handler_of, may_fail, shown_handling
from deskhand.editor.outline import Outline, OutlineRow, RowFinding, Subflow, outline, rows_of
from deskhand.editor.palette import PaletteGroup, palette
from deskhand.editor.rows import FieldProblem, filled, read_row, shown, write_row
from deskhand.editor.variables import FlowVariable, rename_variable, variables
from deskhand.entities.declare import AccessRight
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import (
    Category,
    ComponentState,
    UiFlowType,
    Workflow,
    WorkflowState,
    WorkflowStatus,
)
from deskhand.orchestrator.parameters import read_schema
from deskhand.orchestrator.rows import Row
from deskhand.orchestrator.versions import LONGEST_NOTE, keep_version
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.errors import BadParameter, FlowChangedMeanwhile, FlowNotReady, NotFound
from deskhand.pages.flow_files import with_files
from deskhand.pages.running import (
    FlowParameter,
    UsableConnection,
    likely_connection,
    parameters,
    usable_connections,
)
from deskhand.records.drafts import publish, save_draft
from deskhand.records.security import has_access, require_access, require_privilege
from deskhand.records.service import create, find
from deskhand.robin.nodes import Script
from deskhand.robin.printer import print_expression
from deskhand.robin.schema import inputs_schema, outputs_schema

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class DesktopFlowText:
    """A desktop flow as the designer works on it.

    Attributes:
        id: The flow.
        name: Its name.
        text: Its text.
        published: Whether there is a version that runs.
        is_draft: Whether this is a draft, so that runs use something else or nothing.
        version: The row's version, which saving names.
        modified_on: When it was last changed.
        modified_by: By whom.
        may_change: Whether the caller may change it.
    """

    id: UUID
    name: str
    text: str
    published: bool
    is_draft: bool
    version: int
    modified_on: datetime
    modified_by: str | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class NewDesktopFlow:
    """A desktop flow to make.

    Attributes:
        name: Its name.
        text: Its text.
    """

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DesktopFlowMade:
    """A desktop flow that was made.

    Attributes:
        id: The flow.
    """

    id: UUID


@dataclass(frozen=True, slots=True)
class TextToSave:
    """A desktop flow's text to save.

    Attributes:
        text: The text.
        version: The version that it was made from.
        publish: Whether runs shall use it from now on; otherwise it becomes a draft.
        note: What is new, for the list of versions; only with ``publish``.
    """

    text: str
    version: int
    publish: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class FlowText:
    """A flow's text.

    Attributes:
        text: The text.
    """

    text: str


@dataclass(frozen=True, slots=True)
class FlowOutline:
    """A flow's text, taken apart and checked.

    Attributes:
        readable: Whether it can be read; otherwise only the findings count.
        header: The lines before Main.
        subflows: Main and the others.
        repository: What follows them: UI elements and images, as they were copied.
        findings: What the checker found.
        variables: Its variables.
        inputs: What a run of it asks for.
    """

    readable: bool
    header: str
    subflows: tuple[Subflow, ...]
    repository: str
    findings: tuple[RowFinding, ...]
    variables: tuple[FlowVariable, ...]
    inputs: tuple[FlowParameter, ...]


@dataclass(frozen=True, slots=True)
class OpenedDesktopFlow:
    """A desktop flow as the designer opens it.

    Attributes:
        flow: The flow.
        outline: Its text, taken apart and checked.
    """

    flow: DesktopFlowText
    outline: FlowOutline


@dataclass(frozen=True, slots=True)
class RowToRead:
    """A row to show in a panel.

    Attributes:
        text: Its own lines.
    """

    text: str


@dataclass(frozen=True, slots=True)
class RowPanel:
    """What a panel shows of a row.

    Attributes:
        name: The form's name.
        form: The form; null for what cannot run here.
        values: What its fields show, by name.
        targets: The variables that it fills, by the output's name.
        handling: What happens when it fails; null for rows that cannot, and for what no panel can show.
    """

    name: str
    form: RowForm | None
    values: Mapping[str, str]
    targets: Mapping[str, str]
    handling: ErrorHandling | None


@dataclass(frozen=True, slots=True)
class RowToWrite:
    """A row to write.

    Attributes:
        name: The form's name.
        values: What its fields show, by name; those left out stay as they were.
        targets: The variables that it fills; an empty one is not wanted.
        former: The row's lines before; null for a new one.
        handling: What happens when it fails; null where that stays as it was.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    former: str | None = None
    handling: ErrorHandling | None = None


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row that was written.

    Attributes:
        text: Its lines; of a block with its END. Empty where a field holds no value.
        rows: The same as rows: one, or a block's first and last.
        problems: The fields that hold none.
    """

    text: str
    rows: tuple[OutlineRow, ...]
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class Renaming:
    """A variable to rename.

    Attributes:
        text: The flow's text.
        old: The name that it has.
        new: The name that it shall have.
    """

    text: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UsableMachines:
    """Where a flow can be tried.

    Attributes:
        connections: The connections that the caller may use.
        connection: The connection that the flow's last run went through, or the only one.
    """

    connections: tuple[UsableConnection, ...]
    connection: str | None


@dataclass(frozen=True, slots=True)
class ActionPalette:
    """What the designer offers.

    Attributes:
        groups: The groups, in the original's order.
    """

    groups: tuple[PaletteGroup, ...]


@endpoint("GET", "/robin/palette")
def robin_palette(context: PageContext) -> ActionPalette:
    """Return every action and statement that a desktop flow may hold, and those that cannot run here."""
    return ActionPalette(palette())


def flow_outline(found: Outline) -> FlowOutline:
    """Return what the designer is told of a text."""
    script = found.script
    return FlowOutline(
        readable=script is not None,
        header=found.header,
        subflows=found.subflows,
        repository=found.repository,
        findings=found.findings,
        variables=() if script is None else variables(script),
        inputs=() if script is None else _inputs(script),
    )


def _read(preparation: Preparation, body: FlowText) -> FlowOutline:
    return flow_outline(outline(body.text))


def _inputs(script: Script) -> tuple[FlowParameter, ...]:
    declared = json.dumps(inputs_schema(script))
    return tuple(parameters(declared, read_schema(declared, None)))


@endpoint("POST", "/robin/read", writes=False, prepare=_read)
def read_robin(context: PageContext, *, body: FlowText, prepared: FlowOutline) -> FlowOutline:
    """Take a flow's text apart and check it.

    Args:
        body: The text.
    """
    return prepared


@endpoint("POST", "/robin/row", writes=False)
def read_robin_row(context: PageContext, *, body: RowToRead) -> RowPanel:
    """Return what a panel shows of a row.

    Args:
        body: The row.
    """
    row = read_row(body.text)
    found = filled(row)
    form = found.form
    fields = {one.name: one for one in form.fields} if form else {}
    return RowPanel(
        found.name,
        form,
        {name: shown(value, fields.get(name)) for name, value in found.values.items()},
        {name: print_expression(target) for name, target in found.targets.items()},
        shown_handling(handler_of(row)) if may_fail(row) else None,
    )


@endpoint("POST", "/robin/write", writes=False)
def write_robin_row(context: PageContext, *, body: RowToWrite) -> WrittenRow:
    """Return the text of a row with the values of its panel.

    Args:
        body: The row.
    """
    former = None if body.former is None else read_row(body.former)
    text, problems = write_row(body.name, body.values, body.targets, former, body.handling)
    return WrittenRow(text, rows_of(text) if text else (), problems)


@endpoint("POST", "/robin/rename", writes=False)
def rename_robin_variable(context: PageContext, *, body: Renaming) -> FlowText:
    """Return a flow's text with another name for a variable, wherever it stands.

    Args:
        body: The text and the names.
    """
    script = outline(body.text).script
    if script is None:
        raise BadParameter("text", "cannot be read; mend it before a variable is renamed.")
    return FlowText(rename_variable(script, body.old, body.new))


@endpoint("POST", "/desktopflows")
def create_desktop_flow(context: PageContext, *, body: NewDesktopFlow) -> DesktopFlowMade:
    """Create a desktop flow; it is a draft until somebody publishes it.

    Args:
        body: Its name and text.
    """
    require_privilege(context.principal, Workflow, AccessRight.CREATE)
    name = body.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise BadParameter("name", f"takes 1 to {LONGEST_NAME} characters.")
    flow_id = new_id()
    values = {
        "workflowid": flow_id,
        "name": name,
        "category": Category.DESKTOP_FLOW.value,
        "uiflowtype": UiFlowType.POWER_AUTOMATE_DESKTOP.value,
        "componentstate": ComponentState.UNPUBLISHED.value,
        "statecode": WorkflowState.DRAFT.value,
        "statuscode": WorkflowStatus.DRAFT.value,
        **_stored(body.text, outline(body.text)),
    }
    create(context.tx, Workflow, values, by=context.principal.user_id)
    return DesktopFlowMade(flow_id)


@endpoint("GET", "/desktopflows/{flow_id}/text")
def desktop_flow_text(context: PageContext, *, flow_id: UUID) -> DesktopFlowText:
    """Return a desktop flow with its text: its draft where it has one.

    Args:
        flow_id: The flow.
    """
    return _shown(context, desktop_flow_row(context, flow_id))


def _opened(flow: DesktopFlowText) -> OpenedDesktopFlow:
    return OpenedDesktopFlow(flow, flow_outline(outline(flow.text)))


@endpoint("GET", "/desktopflows/{flow_id}/designer", finish=_opened)
def open_desktop_flow(context: PageContext, *, flow_id: UUID) -> DesktopFlowText:
    """Return a desktop flow as its designer opens it: its text, and the same taken apart and checked.

    Args:
        flow_id: The flow.
    """
    return _shown(context, desktop_flow_row(context, flow_id))


@endpoint("GET", "/desktopflows/{flow_id}/machines")
def machines_for_flow(context: PageContext, *, flow_id: UUID) -> UsableMachines:
    """Return where a desktop flow can be tried, whether it is published or not.

    Args:
        flow_id: The flow.
    """
    desktop_flow_row(context, flow_id)
    usable = tuple(usable_connections(context))
    return UsableMachines(usable, likely_connection(context, flow_id, usable))


def _outlined(preparation: Preparation, body: TextToSave) -> Outline:
    return outline(body.text)


@endpoint("PUT", "/desktopflows/{flow_id}/text", prepare=_outlined)
def save_desktop_flow(
    context: PageContext, *, flow_id: UUID, body: TextToSave, prepared: Outline
) -> DesktopFlowText:
    """Save a desktop flow's text, unless somebody else has done so since it was read.

    Args:
        flow_id: The flow.
        body: The text, and the version that it was made from.
    """
    row = desktop_flow_row(context, flow_id, lock=True)
    require_access(context.tx, context.principal, Workflow, row, AccessRight.WRITE)
    if len(body.note) > LONGEST_NOTE:
        raise BadParameter("note", f"takes {LONGEST_NOTE} characters at most.")
    return save_text(context, row, body, prepared)


def save_text(context: PageContext, row: Row, body: TextToSave, found: Outline) -> DesktopFlowText:
    """Save the text of a flow that the caller may change.

    Args:
        context: What endpoints work with.
        row: The flow's row, locked.
        body: The text, and the version that it was made from.
        found: The text, taken apart.

    Raises:
        FlowChangedMeanwhile: Somebody else has saved since.
        FlowNotReady: It shall be published and has errors.
    """
    flow_id = row["workflowid"]
    name, by = row["name"] or "", context.principal.user_id
    if row["versionnumber"] != body.version:
        raise FlowChangedMeanwhile(name, _person(context, row["modifiedby"]), row["modifiedon"])
    values = _stored(body.text, found)
    if body.publish:
        errors = sum(one.severity == "error" for one in found.findings)
        if errors:
            raise FlowNotReady(name, errors)
        values |= {"statecode": WorkflowState.ACTIVATED.value, "statuscode": WorkflowStatus.ACTIVATED.value}
    save_draft(context.tx, Workflow, flow_id, values, by=by)
    if body.publish:
        publish(context.tx, Workflow, flow_id, by=by)
        most = context.settings.flow_versions_max
        keep_version(context.tx, flow_id, by=by, note=body.note.strip(), most=most)
    return _shown(context, desktop_flow_row(context, flow_id))


def _stored(text: str, found: Outline) -> dict[str, Any]:
    """Return the columns of a text; what it declares is kept as it was while it cannot be read."""
    values: dict[str, Any] = {"definition": text}
    if found.script is not None:
        values["inputs"] = json.dumps(inputs_schema(found.script))
        values["outputs"] = json.dumps(outputs_schema(found.script))
    return values


def desktop_flow_row(context: PageContext, flow_id: UUID, *, lock: bool = False) -> Row:
    """Return the row of a desktop flow that is worked on, which the caller may read."""
    require_privilege(context.principal, Workflow, AccessRight.READ)
    row = find(context.tx, Workflow, flow_id, include_unpublished=True, lock=lock)
    require_access(context.tx, context.principal, Workflow, row, AccessRight.READ)
    if row["category"] != Category.DESKTOP_FLOW:
        raise NotFound("desktop flow", flow_id)
    return row


def _shown(context: PageContext, row: Mapping[Any, Any]) -> DesktopFlowText:
    is_draft = row["componentstate"] == ComponentState.UNPUBLISHED
    c = Workflow.c
    published = sa.exists().where(
        c.workflowid == row["workflowid"], c.componentstate == ComponentState.PUBLISHED.value
    )
    return DesktopFlowText(
        id=row["workflowid"],
        name=row["name"] or "",
        text=with_files(context.tx, row["workflowid"], row["definition"] or ""),
        published=bool(context.tx.execute(sa.select(published)).scalar_one()),
        is_draft=is_draft,
        version=row["versionnumber"],
        modified_on=row["modifiedon"],
        modified_by=_person(context, row["modifiedby"]),
        may_change=has_access(context.tx, context.principal, Workflow, row, AccessRight.WRITE),
    )


def _person(context: PageContext, user_id: UUID | None) -> str | None:
    c = SystemUser.c
    query = sa.select(sa.func.coalesce(c.fullname, c.domainname)).where(c.systemuserid == user_id)
    found: str | None = context.tx.execute(query).scalar()
    return found
