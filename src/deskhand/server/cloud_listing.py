"""What the command line lists and shows of cloud flows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.activation import Phase
from deskhand.cloudflows.examining import read_stored
from deskhand.cloudflows.library import examine_flow
from deskhand.cloudflows.parameters import environment_variables
from deskhand.cloudflows.usage import Usage, api_name, reference_name, usage_of
from deskhand.core.log import MASK
from deskhand.entities.flowmachine import ConnectionReference
from deskhand.entities.flowtrigger import FlowTrigger, FlowTriggerHistory
from deskhand.entities.security import SystemUser
from deskhand.entities.workflow import Category, ComponentState, Workflow, WorkflowState
from deskhand.store.database import Transaction
from deskhand.wdl.containers import Container
from deskhand.wdl.definition import Action, Branch, Definition, DefinitionUnreadable
from deskhand.wdl.ordering import in_run_order
from deskhand.wdl.values import Value, find_key

Row = Mapping[str, Any]

_STATES = {WorkflowState.DRAFT: "off", WorkflowState.ACTIVATED: "on", WorkflowState.SUSPENDED: "suspended"}


def list_cloud_flows(tx: Transaction) -> list[Row]:
    """Return cloud flows by name."""
    query = _query().order_by(sa.func.lower(Workflow.c.name), Workflow.c.workflowid)
    return [_row(row) for row in tx.execute(query).mappings()]


def show_cloud_flow(tx: Transaction, workflow_id: UUID) -> Row:
    """Return everything that is to be known of one flow: what starts it, what it does, needs and lacks."""
    row = tx.execute(_query().where(Workflow.c.workflowid == workflow_id)).mappings().one()
    container = _container(row)
    return {
        **_row(row),
        "form": container.form.value if container else None,
        **(_parts(tx, workflow_id, container) if container else {}),
        "findings": [
            {"code": one.code, "name": one.name, "fatal": one.fatal, "message": one.message}
            for one in examine_flow(tx, workflow_id)
        ],
    }


def _query() -> sa.Select[Any]:
    columns = Workflow.c
    return (
        sa.select(
            columns.workflowid,
            columns.name,
            columns.statecode,
            columns.clientdata,
            columns.metadata,
            columns.description,
            columns.modifiedon,
            SystemUser.c.domainname.label("owner"),
        )
        .outerjoin(SystemUser.table, SystemUser.c.systemuserid == columns.ownerid)
        .where(
            columns.category == Category.MODERN_FLOW.value,
            columns.componentstate == ComponentState.PUBLISHED.value,
        )
    )


def _container(row: sa.RowMapping) -> Container | None:
    try:
        return read_stored(row["clientdata"], row["metadata"])
    except DefinitionUnreadable:
        return None


def _row(row: sa.RowMapping) -> Row:
    container = _container(row)
    triggers = container.definition.triggers.values() if container else ()
    return {
        "workflowid": row["workflowid"],
        "name": row["name"],
        "state": _STATES[WorkflowState(row["statecode"])],
        "triggers": [f"{one.type} {one.kind}".strip() for one in triggers],
        **{name: row[name] for name in ("description", "owner", "modifiedon")},
    }


def _parts(tx: Transaction, workflow_id: UUID, container: Container) -> Row:
    definition, usage = container.definition, usage_of(container)
    return {
        "triggers": [
            {
                "name": one.name,
                "type": one.type,
                "kind": one.kind,
                **_called(one.name, usage),
                **_standing(tx, workflow_id, one.name),
            }
            for one in definition.triggers.values()
        ],
        "actions": _actions(definition.actions, usage),
        "connections": list(_connections(tx, workflow_id, usage)),
        "parameters": list(_parameters(tx, container, usage)),
    }


def _standing(tx: Transaction, workflow_id: UUID, name: str) -> Row:
    """Return where a trigger stands that is on: when it looks next, and why its last look failed."""
    columns = FlowTrigger.c
    mine = sa.and_(
        columns.workflowid == workflow_id, columns.name == name, columns.phase != str(Phase.ENDING)
    )
    row = tx.execute(sa.select(columns.status, columns.dueon).where(mine)).first()
    if row is None:
        return {}
    problem = _last_problem(tx, workflow_id, name) if row.status == "Failed" else None
    return {"due": row.dueon, "problem": problem}


def _last_problem(tx: Transaction, workflow_id: UUID, name: str) -> str | None:
    columns = FlowTriggerHistory.c
    query = (
        sa.select(columns.error)
        .where(columns.workflowid == workflow_id, columns.triggername == name, columns.error.is_not(None))
        .order_by(columns.name)
        .limit(1)
    )
    error = tx.execute(query).scalar()
    return None if error is None else str(json.loads(error)["message"])


def _called(name: str, usage: Usage) -> Row:
    """Return the operation that an action or trigger calls, if it calls one."""
    operation = next((one for one in usage.operations if one.name == name), None)
    return {"operation": f"{api_name(operation.api)} {operation.operation}"} if operation else {}


def _actions(level: Mapping[str, Action], usage: Usage) -> list[Row]:
    return [_action(one, usage) for one in in_run_order(level)]


def _action(action: Action, usage: Usage) -> Row:
    branches = [{"name": one.name, "actions": _actions(one.actions, usage)} for one in _shown(action)]
    return {
        "name": action.name,
        "type": action.type,
        **_called(action.name, usage),
        "runafter": {name: list(statuses) for name, statuses in action.run_after.items()},
        **({"branches": branches} if branches else {}),
    }


def _shown(action: Action) -> Iterator[Branch]:
    return (one for one in action.branches if one.actions)


def _connections(tx: Transaction, workflow_id: UUID, usage: Usage) -> Iterator[Row]:
    columns = ConnectionReference.c
    for use in usage.connections:
        name = reference_name(workflow_id, use)
        found = sa.func.lower(columns.connectionreferencelogicalname) == name.lower()
        bound = tx.execute(sa.select(columns.connectionid).where(found)).scalar()
        yield {"key": use.key, "connector": api_name(use.api), "reference": name, "connection": bound}


def _parameters(tx: Transaction, container: Container, usage: Usage) -> Iterator[Row]:
    """Yield each parameter with the value that a run would have; secrets are not shown."""
    definition = container.definition
    names = dict.fromkeys((*definition.parameters, *container.parameters))
    variables = {one.parameter: one.schema_name for one in usage.variables}
    known = environment_variables(tx)
    for name in names:
        if name.startswith("$"):
            continue
        variable = variables.get(name)
        key = find_key(known, variable) if variable else None
        value = known[key] if key else _given(container, definition, name)
        kind = definition.parameters[name].type if name in definition.parameters else ""
        yield {
            "name": name,
            "type": kind,
            "variable": variable,
            "value": MASK if kind.casefold().startswith("secure") and value is not None else value,
        }


def _given(container: Container, definition: Definition, name: str) -> Value:
    if name in container.parameters:
        return container.parameters[name]
    return definition.parameters[name].default
