"""What the portal's import wizard does: look into an upload, then store it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.environment_variables import VariableType, checked_value
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import ConnectionReference
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue
from deskhand.entities.workflow import Category, Workflow
from deskhand.identity.principals import Principal
from deskhand.pages.installation import (
    BroughtFlow,
    BroughtReference,
    BroughtVariable,
    ExportedFile,
    ExportForm,
    Inspection,
    Readiness,
)
from deskhand.records.security import require_access
from deskhand.records.service import create, update
from deskhand.robin.diagnostics import Severity
from deskhand.server.desktop_exporting import export_desktop
from deskhand.server.exporting import export_flow, export_solution
from deskhand.server.importing import Imported, ImportReport, import_flows
from deskhand.server.reading import Checked, read_content
from deskhand.store.database import Transaction

_SUFFIXES = frozenset({".zip", ".json", ".robin", ".txt"})


class _LookedAt(Exception):
    """Carries what an import would give out of the part of a transaction that is taken back."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__("an upload was looked at")
        self.inspection = inspection


class PortalImports:
    """Reads what somebody uploads, and stores it."""

    def read(self, file_name: str, content: bytes) -> Checked:
        """Read and check an upload; nothing is stored."""
        # The name decides how it is read, and nothing of it becomes a path.
        suffix = Path(file_name).suffix.lower()
        stem = "".join(one for one in Path(file_name).stem if one.isalnum() or one in " -_")[:80] or "upload"
        with tempfile.TemporaryDirectory(prefix="deskhand-upload-") as folder:
            # A Logic Apps project is looked for up to two folders above: those are ours, too.
            path = Path(folder, "project", "flow", f"{stem}{suffix if suffix in _SUFFIXES else ''}")
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            return read_content(path)

    def cloud_file(self, tx: Transaction, flow_id: UUID) -> bytes:
        """Return a cloud flow as the file that it came as."""
        return export_flow(tx, flow_id)

    def cloud_solution(self, tx: Transaction, flow_ids: Sequence[UUID], name: str) -> bytes:
        """Return a solution of cloud flows, with the references and variables that they use."""
        return export_solution(tx, flow_ids, name)

    def inspect(self, tx: Transaction, upload: Any, principal: Principal) -> Inspection:
        """Return what is in an upload, and what of it would run here.

        It is imported and taken back: so this cannot say anything else than the import will.
        """

        def look(part: Transaction) -> None:
            raise _LookedAt(self.store(part, upload, principal, (), {}))

        try:
            tx.attempt(look)
        except _LookedAt as found:
            return found.inspection
        raise AssertionError("the look always raises")

    def store(
        self,
        tx: Transaction,
        upload: Any,
        principal: Principal,
        bindings: Sequence[tuple[str, str]],
        variables: Mapping[str, str],
    ) -> Inspection:
        """Store an upload, and return what is there now.

        Raises:
            AccessDenied: It would replace a flow that the caller may not change.
        """
        checked: Checked = upload
        _require_rights(tx, checked, principal)
        report = import_flows(tx, checked, by=principal.user_id, bindings=bindings)
        for name, value in variables.items():
            _set_variable(tx, name, value, principal.user_id)
        solution = checked.content.solution
        return Inspection(
            solution=solution.friendly_name or solution.unique_name if solution else None,
            version=solution.version if solution else None,
            flows=tuple(_flow(one, checked) for one in report.flows),
            references=tuple(_references(tx, checked, report)),
            variables=tuple(_variables(tx, checked)),
        )

    def export(
        self, tx: Transaction, flow_ids: Sequence[UUID], form: ExportForm, solution: str | None
    ) -> ExportedFile:
        """Return desktop flows as one file."""
        return export_desktop(tx, flow_ids, form, solution)


def _require_rights(tx: Transaction, checked: Checked, principal: Principal) -> None:
    """Make sure that the caller may change every flow that an upload replaces."""
    c = Workflow.c
    for category, flows in (
        (Category.DESKTOP_FLOW, [one.flow for one in checked.flows]),
        (Category.MODERN_FLOW, checked.content.cloud_flows),
    ):
        for flow in flows:
            same = c.workflowid == flow.workflow_id
            if flow.workflow_id is None:
                same = sa.and_(sa.func.lower(c.name) == flow.name.lower(), c.category == category.value)
            for row in tx.execute(sa.select(Workflow.table).where(same)).mappings().all():
                require_access(tx, principal, Workflow, row, AccessRight.WRITE)


def _flow(flow: Imported, checked: Checked) -> BroughtFlow:
    warnings = flow.warnings
    if flow.category is Category.DESKTOP_FLOW:
        found = next((one for one in checked.flows if one.flow.name == flow.name), None)
        told = [one for one in found.diagnostics if one.severity is not Severity.ERROR] if found else []
        warnings = tuple(str(one) for one in told)
    readiness = Readiness.WITH_WARNINGS if warnings else Readiness.RUNS
    return BroughtFlow(
        id=flow.workflow_id,
        name=flow.name,
        kind="desktop" if flow.category is Category.DESKTOP_FLOW else "cloud",
        replaces=not flow.is_new,
        readiness=Readiness.CANNOT_RUN if flow.problems else readiness,
        problems=flow.problems,
        warnings=warnings,
        is_on=flow.is_on,
    )


def _references(tx: Transaction, checked: Checked, report: ImportReport) -> Iterator[BroughtReference]:
    names = [one.logical_name for one in checked.content.connection_references]
    names += [one.logical_name for one in report.unbound]
    c = ConnectionReference.c
    for name in dict.fromkeys(names):
        found = sa.func.lower(c.connectionreferencelogicalname) == name.lower()
        row = tx.execute(sa.select(ConnectionReference.table).where(found)).mappings().one()
        shown = row["connectionreferencedisplayname"] or name
        yield BroughtReference(name, shown, row["connectorid"] or "", row["connectionid"])


def _variables(tx: Transaction, checked: Checked) -> Iterator[BroughtVariable]:
    for variable in checked.content.environment_variables:
        value_id, value = _value(tx, variable.schema_name)
        yield BroughtVariable(
            variable.schema_name,
            variable.display_name or variable.schema_name,
            variable.default_value,
            value,
            value_id is not None,
        )


def _value(tx: Transaction, schema_name: str) -> tuple[UUID | None, str | None]:
    d, v = EnvironmentVariableDefinition.c, EnvironmentVariableValue.c
    query = (
        sa.select(v.environmentvariablevalueid, v.value)
        .join(
            EnvironmentVariableDefinition.table,
            d.environmentvariabledefinitionid == v.environmentvariabledefinitionid,
        )
        .where(sa.func.lower(d.schemaname) == schema_name.lower())
    )
    row = tx.execute(query).first()
    return (None, None) if row is None else (row[0], row[1])


def _set_variable(tx: Transaction, schema_name: str, value: str, by: UUID) -> None:
    d = EnvironmentVariableDefinition.c
    query = sa.select(d.environmentvariabledefinitionid, d.type).where(
        sa.func.lower(d.schemaname) == schema_name.lower()
    )
    row = tx.execute(query).first()
    if row is None:
        return
    definition_id, number = row
    value = checked_value(VariableType.of(number), value) or ""
    value_id, _ = _value(tx, schema_name)
    if value_id is not None:
        update(tx, EnvironmentVariableValue, value_id, {"value": value}, by=by)
        return
    values = {"schemaname": schema_name, "value": value, "environmentvariabledefinitionid": definition_id}
    create(tx, EnvironmentVariableValue, values, by=by)
