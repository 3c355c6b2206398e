"""From a file to rows: what an import does with the content that ``solutions`` read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.activation import put_in_force
from deskhand.cloudflows.flows import find_flow
from deskhand.cloudflows.library import examine_flow
from deskhand.core.ids import new_id
from deskhand.entities.declare import Entity
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue, Solution
from deskhand.entities.workflow import (
    Category,
    ComponentState,
    DesktopFlowBinary,
    UiFlowType,
    Workflow,
    WorkflowState,
    WorkflowStatus,
)
from deskhand.orchestrator.versions import keep_version
from deskhand.records.drafts import save_draft
from deskhand.records.errors import ObjectDoesNotExist
from deskhand.records.service import create, update, upsert
from deskhand.robin.diagnostics import Severity
from deskhand.server.reading import Checked, CheckedFlow
from deskhand.server.references import (
    UnboundReference,
    bind_references,
    store_named_references,
    store_reference,
    unbound_references,
)
from deskhand.solutions.content import Binary, CloudFlow, Content, EnvironmentVariable
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
        warnings: What else a person should know before it runs.
        is_on: Whether it is a cloud flow that is switched on, as before the import.
    """

    workflow_id: UUID
    name: str
    category: Category
    is_new: bool
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        flows: The flows.
        unbound: The connection references that name no connection yet.
    """

    flows: tuple[Imported, ...]
    unbound: tuple[UnboundReference, ...]


def import_flows(
    tx: Transaction,
    checked: Checked,
    *,
    by: UUID,
    draft: bool = False,
    bindings: Sequence[tuple[str, str]] = (),
) -> ImportReport:
    """Store the content of an import, all of it or nothing; ids are kept.

    A flow that is there already is replaced; runs that wait take the new version. What the installation has
    set stays: which cloud flows are on, what references are bound to, values of environment variables.

    Args:
        tx: The open transaction.
        checked: What was read.
        by: Who imports, and owns what is new.
        draft: Whether desktop flows become drafts, which do not run before they are published.
        bindings: Connection references to bind, as pairs of logical name and connection name; the name of
            a connector stands for every reference to it.

    Raises:
        UnknownReference: A binding names no reference.
    """
    content = checked.content
    solution_id = _store_solution(tx, content, by)
    flows = [_store_desktop_flow(tx, one, solution_id, by, draft) for one in checked.flows]
    for binary in content.binaries:
        _store_binary(tx, binary, by)
    _store_environment_variables(tx, content, by)
    references = [store_reference(tx, one, by) for one in content.connection_references]
    for flow in content.cloud_flows:
        stored = _store_cloud_flow(tx, flow, solution_id, by)
        flows.append(stored)
        references += store_named_references(tx, stored.workflow_id, by)
    bind_references(tx, bindings, by=by, brought=references)
    return examined(tx, ImportReport(tuple(flows), tuple(unbound_references(tx, references))))


def examined(tx: Transaction, report: ImportReport) -> ImportReport:
    """Return a report as it stands now, with what is wrong or odd with its cloud flows.

    One that is on goes on with its new definition, unless that has faults: then the former one stays.
    """
    flows = tuple(_examined(tx, one) if one.category is Category.MODERN_FLOW else one for one in report.flows)
    names = [one.logical_name for one in report.unbound]
    return ImportReport(flows, tuple(unbound_references(tx, names)))


def _examined(tx: Transaction, flow: Imported) -> Imported:
    findings = examine_flow(tx, flow.workflow_id)
    problems = tuple(one.message for one in findings if one.fatal)
    found = find_flow(tx, flow.workflow_id)
    is_on = found is not None and found.is_on
    if is_on and not problems:
        put_in_force(tx, flow.workflow_id)
    warnings = tuple(one.message for one in findings if not one.fatal)
    return replace(flow, problems=problems, warnings=warnings, is_on=is_on)


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
    workflow_id = flow.workflow_id or _id_by_name(tx, flow.name, Category.DESKTOP_FLOW) or new_id()
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
    is_new = upsert(tx, Workflow, workflow_id, values, by=by)
    keep_version(tx, workflow_id, by=by)
    return is_new


def _save_draft(tx: Transaction, workflow_id: UUID, values: dict[str, object], by: UUID) -> bool:
    """Save a draft beside what is published, or a flow that has only a draft; tell whether it is new."""
    try:
        save_draft(tx, Workflow, workflow_id, values, by=by)
    except ObjectDoesNotExist:
        unpublished = {"workflowid": workflow_id, "componentstate": ComponentState.UNPUBLISHED.value}
        create(tx, Workflow, values | unpublished, by=by)
        return True
    return False


def _id_by_name(tx: Transaction, name: str, category: Category) -> UUID | None:
    """Return the id of the flow that one without an id replaces: the one of its name."""
    query = sa.select(Workflow.c.workflowid).where(
        sa.func.lower(Workflow.c.name) == name.lower(), Workflow.c.category == category.value
    )
    workflow_id: UUID | None = tx.execute(query.order_by(Workflow.c.createdon)).scalars().first()
    return workflow_id


def _store_cloud_flow(tx: Transaction, flow: CloudFlow, solution_id: UUID | None, by: UUID) -> Imported:
    workflow_id = flow.workflow_id or _id_by_name(tx, flow.name, Category.MODERN_FLOW) or new_id()
    values: dict[str, object] = {
        "name": flow.name,
        "category": Category.MODERN_FLOW.value,
        "description": flow.description,
        "clientdata": flow.client_data,
        "metadata": flow.beside,
        "solutionid": solution_id,
    }
    try:
        update(tx, Workflow, workflow_id, values, by=by)
    except ObjectDoesNotExist:
        off = {"statecode": WorkflowState.DRAFT.value, "statuscode": WorkflowStatus.DRAFT.value}
        create(tx, Workflow, {**values, **off, "workflowid": workflow_id}, by=by)
        keep_version(tx, workflow_id, by=by)
        return Imported(workflow_id, flow.name, Category.MODERN_FLOW, is_new=True)
    keep_version(tx, workflow_id, by=by)
    return Imported(workflow_id, flow.name, Category.MODERN_FLOW, is_new=False)


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
        definition_id = _store(tx, EnvironmentVariableDefinition, found, values, by)
        if variable.value is not None:
            _store_first_value(tx, variable, definition_id, by)


def _store_first_value(tx: Transaction, variable: EnvironmentVariable, definition_id: UUID, by: UUID) -> None:
    """Store the value that an export brings, unless the installation has set its own."""
    columns = EnvironmentVariableValue.c
    query = sa.select(columns.environmentvariablevalueid).where(
        columns.environmentvariabledefinitionid == definition_id
    )
    if tx.execute(query).first() is None:
        values: dict[str, object] = {
            "schemaname": variable.schema_name,
            "value": variable.value,
            "environmentvariabledefinitionid": definition_id,
        }
        create(tx, EnvironmentVariableValue, values, by=by)
