"""From rows to files: flows as they came, as texts, as folders, as a solution."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.examining import read_stored
from deskhand.cloudflows.usage import api_name, reference_name, usage_of
from deskhand.core.errors import DeskhandError
from deskhand.entities.flowmachine import ConnectionReference as ReferenceTable
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.solutions.content import (
    CloudFlow,
    ConnectionReference,
    Content,
    EnvironmentVariable,
    Solution,
)
from deskhand.solutions.documents import PLAIN, encode_document
from deskhand.solutions.solution_writer import UNIQUE_NAME, write_solution
from deskhand.store.database import Transaction
from deskhand.wdl.containers import Container, Form

SECRET = 100_000_005
"""The type of a variable whose value is a secret, which stays here."""
VERSION = "1.0.0.0"


class NotASolutionFlow(DeskhandError):
    """A flow from Logic Apps cannot stand in a solution of Power Automate.

    Export it alone; ``deskhand cloudflow export NAME`` gives back the file that it came as.
    """

    code = "DH6410"
    exit_code = 2

    def __init__(self, name: str, form: str) -> None:
        super().__init__(
            f"‘{name}’ cannot be part of a solution: it came in the form ‘{form}’. Export it alone."
        )


class SolutionNameInvalid(DeskhandError):
    """The unique name of a solution begins with a letter and holds letters, digits and underscores."""

    code = "DH6411"
    exit_code = 2

    def __init__(self, name: str) -> None:
        super().__init__(f"‘{name}’ cannot name a solution: letters, digits and underscores can.")


def export_flow(tx: Transaction, workflow_id: UUID) -> bytes:
    """Return a cloud flow as the file that it came as, byte for byte."""
    row = _row(tx, workflow_id)
    return encode_document(row.clientdata or "", _encoding(row.metadata))


def export_solution(tx: Transaction, workflow_ids: Sequence[UUID], name: str) -> bytes:
    """Return a solution zip of cloud flows, with the connection references and variables they use.

    Args:
        tx: The open transaction.
        workflow_ids: The flows.
        name: The solution's unique name.

    Raises:
        SolutionNameInvalid: The name is none that a solution can have.
        NotASolutionFlow: A flow did not come from Power Automate.
        DefinitionUnreadable: A flow's document holds no definition.
    """
    if not UNIQUE_NAME.match(name):
        raise SolutionNameInvalid(name)
    rows = {workflow_id: _row(tx, workflow_id) for workflow_id in workflow_ids}
    containers = {workflow_id: read_stored(row.clientdata, row.metadata) for workflow_id, row in rows.items()}
    references: dict[str, str] = {}
    variables: dict[str, None] = {}
    for workflow_id, container in containers.items():
        usage = usage_of(container)
        references |= {reference_name(workflow_id, use): use.api for use in usage.connections}
        variables |= dict.fromkeys(one.schema_name for one in usage.variables)
    content = Content(
        name,
        cloud_flows=tuple(_flow(rows[one], one, containers[one]) for one in containers),
        connection_references=tuple(_references(tx, references)),
        environment_variables=tuple(_variables(tx, variables)),
    )
    return write_solution(content, Solution(name, name, VERSION, managed=False))


def _row(tx: Transaction, workflow_id: UUID) -> sa.Row[Any]:
    query = sa.select(Workflow.table).where(
        Workflow.c.workflowid == workflow_id,
        Workflow.c.category == Category.MODERN_FLOW.value,
        Workflow.c.componentstate == ComponentState.PUBLISHED.value,
    )
    return tx.execute(query).one()


def _encoding(beside: str | None) -> str:
    encoding: str = json.loads(beside).get("encoding", PLAIN) if beside else PLAIN
    return encoding


def _flow(row: sa.Row[Any], workflow_id: UUID, container: Container) -> CloudFlow:
    if container.form is Form.CLIENT_DATA:
        text, encoding = row.clientdata, _encoding(row.metadata)
    elif container.form is Form.LEGACY_PACKAGE:
        text, encoding = _as_client_data(workflow_id, container), PLAIN
    else:
        raise NotASolutionFlow(row.name, container.form.value)
    return CloudFlow(workflow_id, row.name, row.description or "", text, row.statecode, encoding)


def _as_client_data(workflow_id: UUID, container: Container) -> str:
    """Return a legacy document as solutions hold flows: by connection references. Source: cloud-flows 1.3."""
    references = {
        use.key: {
            "runtimeSource": "embedded",
            "connection": {"connectionReferenceLogicalName": reference_name(workflow_id, use)},
            "api": {"name": api_name(use.api)},
        }
        for use in usage_of(container).connections
    }
    properties = {"connectionReferences": references, "definition": container.definition.source}
    document = {"properties": properties, "schemaVersion": VERSION}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _references(tx: Transaction, wanted: dict[str, str]) -> Iterator[ConnectionReference]:
    columns = ReferenceTable.c
    for name, api in wanted.items():
        found = sa.func.lower(columns.connectionreferencelogicalname) == name.lower()
        row = tx.execute(sa.select(ReferenceTable.table).where(found)).first()
        yield ConnectionReference(
            logical_name=name,
            display_name=(row and row.connectionreferencedisplayname) or name,
            connector_id=(row and row.connectorid) or api,
            description=(row and row.description) or "",
            prompting_behavior=row.promptingbehavior if row else 0,
        )


def _variables(tx: Transaction, wanted: dict[str, None]) -> Iterator[EnvironmentVariable]:
    defined, values = EnvironmentVariableDefinition, EnvironmentVariableValue
    query = (
        sa.select(defined.table, values.c.value)
        .outerjoin(
            values.table,
            values.c.environmentvariabledefinitionid == defined.c.environmentvariabledefinitionid,
        )
        .where(defined.c.schemaname.in_(wanted))
        .order_by(defined.c.schemaname)
    )
    for row in tx.execute(query):
        yield EnvironmentVariable(
            schema_name=row.schemaname,
            display_name=row.displayname or "",
            description=row.description or "",
            type=row.type,
            default_value=row.defaultvalue,
            value=None if row.type == SECRET else row.value,
        )
