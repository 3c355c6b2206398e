"""From a file to rows: what an import does with the content that ``solutions`` read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.errors import DeskhandError
from deskhand.core.ids import new_id
from deskhand.entities.declare import Entity
from deskhand.entities.flowmachine import ConnectionReference
from deskhand.entities.storage import EnvironmentVariableDefinition, Solution
from deskhand.entities.workflow import (
    Category,
    ComponentState,
    DesktopFlowBinary,
    UiFlowType,
    Workflow,
    WorkflowState,
    WorkflowStatus,
)
from deskhand.records.drafts import save_draft
from deskhand.records.errors import ObjectDoesNotExist
from deskhand.records.service import create, update, upsert
from deskhand.robin.diagnostics import Severity
from deskhand.server.reading import Checked, CheckedFlow
from deskhand.solutions.content import Binary, CloudFlow, Content
from deskhand.store.database import Transaction
from deskhand.store.files import write_file

_STATUS = {
    WorkflowState.DRAFT: WorkflowStatus.DRAFT,
    WorkflowState.ACTIVATED: WorkflowStatus.ACTIVATED,
    WorkflowState.SUSPENDED: WorkflowStatus.COMPANY_DLP_VIOLATION,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """One flow that an import stored.

    Attributes:
        workflow_id: Its id.
        name: Its name.
        category: Desktop or cloud flow.
        is_new: Whether it was not there before.
        problems: Why it cannot run here, one sentence each; empty when it can.
    """

    workflow_id: UUID
    name: str
    category: Category
    is_new: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        flows: The flows.
        unbound: Logical names of connection references that name no connection yet.
    """

    flows: tuple[Imported, ...]
    unbound: tuple[str, ...]


def import_flows(tx: Transaction, checked: Checked, *, by: UUID, draft: bool = False) -> ImportReport:
    """Store the content of an import, all of it or nothing; ids are kept.

    A flow that is there already is replaced; runs that wait take the new version.

    Args:
        tx: The open transaction.
        checked: What was read.
        by: Who imports, and owns what is new.
        draft: Whether desktop flows become drafts, which do not run before they are published.
    """
    solution_id = _store_solution(tx, checked.content, by)
    flows = [_store_desktop_flow(tx, one, solution_id, by, draft) for one in checked.flows]
    flows += [_store_cloud_flow(tx, one, solution_id, by) for one in checked.content.cloud_flows]
    for binary in checked.content.binaries:
        _store_binary(tx, binary, by)
    _store_environment_variables(tx, checked.content, by)
    return ImportReport(tuple(flows), tuple(_store_connection_references(tx, checked.content, by)))


def _store(
    tx: Transaction, entity: type[Entity], found: sa.ColumnElement[bool], values: dict[str, object], by: UUID
) -> UUID:
    """Change the row that a condition finds, or create one; return its id."""
    row_id: UUID | None = tx.execute(sa.select(entity.c[entity.primary_key]).where(found)).scalar()
    if row_id is None:
        return create(tx, entity, values, by=by)
    update(tx, entity, row_id, values, by=by)
    return row_id


def _store_solution(tx: Transaction, content: Content, by: UUID) -> UUID | None:
    solution = content.solution
    if solution is None:
        return None
    values: dict[str, object] = {
        "uniquename": solution.unique_name,
        "friendlyname": solution.friendly_name,
        "version": solution.version,
        "ismanaged": solution.managed,
    }
    found = Solution.c.uniquename == solution.unique_name
    return _store(tx, Solution, found, values, by)


def _store_desktop_flow(
    tx: Transaction, checked: CheckedFlow, solution_id: UUID | None, by: UUID, draft: bool
) -> Imported:
    flow = checked.flow
    workflow_id = flow.workflow_id or _id_by_name(tx, flow.name) or new_id()
    state = WorkflowState.DRAFT if draft else WorkflowState(flow.state)
    values: dict[str, object] = {
        **flow.attributes,
        "name": flow.name,
        "category": Category.DESKTOP_FLOW.value,
        "uiflowtype": UiFlowType.POWER_AUTOMATE_DESKTOP.value,
        "description": flow.description,
        "definition": flow.definition,
        "inputs": flow.inputs,
        "outputs": flow.outputs,
        "statecode": state.value,
        "statuscode": _STATUS[state].value,
        "solutionid": solution_id,
    }
    is_new = (_save_draft if draft else _save_published)(tx, workflow_id, values, by)
    problems = tuple(str(one) for one in checked.diagnostics if one.severity is Severity.ERROR)
    return Imported(workflow_id, flow.name, Category.DESKTOP_FLOW, is_new, problems)


def _save_published(tx: Transaction, workflow_id: UUID, values: dict[str, object], by: UUID) -> bool:
    return upsert(tx, Workflow, workflow_id, values, by=by)


def _save_draft(tx: Transaction, workflow_id: UUID, values: dict[str, object], by: UUID) -> bool:
    """Save a draft beside what is published, or a flow that has only a draft; tell whether it is new."""
    try:
        save_draft(tx, Workflow, workflow_id, values, by=by)
    except ObjectDoesNotExist:
        unpublished = {"workflowid": workflow_id, "componentstate": ComponentState.UNPUBLISHED.value}
        create(tx, Workflow, values | unpublished, by=by)
        return True
    return False


def _id_by_name(tx: Transaction, name: str) -> UUID | None:
    """Return the id of the desktop flow that a text without an id replaces: the one of its name."""
    query = sa.select(Workflow.c.workflowid).where(
        sa.func.lower(Workflow.c.name) == name.lower(), Workflow.c.category == Category.DESKTOP_FLOW.value
    )
    workflow_id: UUID | None = tx.execute(query.order_by(Workflow.c.createdon)).scalars().first()
    return workflow_id


def _store_cloud_flow(tx: Transaction, flow: CloudFlow, solution_id: UUID | None, by: UUID) -> Imported:
    values: dict[str, object] = {
        "name": flow.name,
        "category": Category.MODERN_FLOW.value,
        "description": flow.description,
        "clientdata": flow.client_data,
        "statecode": WorkflowState.DRAFT.value,
        "statuscode": WorkflowStatus.DRAFT.value,
        "solutionid": solution_id,
    }
    is_new = _save_published(tx, flow.workflow_id, values, by)
    problems = ("cloud flows are kept as they stand; this version does not run them",)
    return Imported(flow.workflow_id, flow.name, Category.MODERN_FLOW, is_new, problems)


def _store_binary(tx: Transaction, binary: Binary, by: UUID) -> None:
    values: dict[str, object] = {
        "desktopflowbinaryid": binary.binary_id,
        "name": binary.name,
        "mimetype": binary.mimetype,
        "type": binary.type,
        "process": binary.workflow_id,
    }
    found = DesktopFlowBinary.c.desktopflowbinaryid == binary.binary_id
    row_id = _store(tx, DesktopFlowBinary, found, values, by)
    file_id = write_file(
        tx, DesktopFlowBinary, row_id, "data", binary.file_name, binary.mimetype, binary.data
    )
    update(tx, DesktopFlowBinary, row_id, {"data": file_id}, by=by)


def _store_environment_variables(tx: Transaction, content: Content, by: UUID) -> None:
    for variable in content.environment_variables:
        values: dict[str, object] = {
            "schemaname": variable.schema_name,
            "displayname": variable.display_name,
            "description": variable.description,
            "type": variable.type,
            "defaultvalue": variable.default_value,
        }
        found = EnvironmentVariableDefinition.c.schemaname == variable.schema_name
        _store(tx, EnvironmentVariableDefinition, found, values, by)


def _store_connection_references(tx: Transaction, content: Content, by: UUID) -> Iterator[str]:
    """Store the references and yield those that name no connection; a binding that exists is kept."""
    for reference in content.connection_references:
        values: dict[str, object] = {
            "connectionreferencelogicalname": reference.logical_name,
            "connectionreferencedisplayname": reference.display_name,
            "connectorid": reference.connector_id,
            "description": reference.description,
            "promptingbehavior": reference.prompting_behavior,
        }
        columns = ConnectionReference.c
        found = columns.connectionreferencelogicalname == reference.logical_name
        row_id = _store(tx, ConnectionReference, found, values, by)
        bound = sa.select(columns.connectionid).where(columns.connectionreferenceid == row_id)
        if tx.execute(bound).scalar() is None:
            yield reference.logical_name


def bind_references(tx: Transaction, bindings: Sequence[tuple[str, str]], *, by: UUID) -> None:
    """Bind connection references to connections: pairs of logical name and connection name.

    Raises:
        UnknownReference: There is no reference of that name.
    """
    columns = ConnectionReference.c
    for logical_name, connection_name in bindings:
        found = sa.func.lower(columns.connectionreferencelogicalname) == logical_name.lower()
        row_id = tx.execute(sa.select(columns.connectionreferenceid).where(found)).scalar()
        if row_id is None:
            raise UnknownReference(logical_name)
        update(tx, ConnectionReference, row_id, {"connectionid": connection_name}, by=by)


class UnknownReference(DeskhandError):
    """There is no connection reference of that logical name; a solution brings them."""

    code = "DH5011"
    exit_code = 3

    def __init__(self, logical_name: str) -> None:
        super().__init__(f"There is no connection reference ‘{logical_name}’.")
