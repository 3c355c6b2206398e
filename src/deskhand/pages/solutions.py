"""Bringing solutions and flows in, in two steps: look, then import. Source: experience 3."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.declare import AccessRight
from deskhand.entities.storage import Solution
from deskhand.entities.workflow import ComponentState, Workflow
from deskhand.identity.audit import Thing, note
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.errors import UploadUnreadable
from deskhand.pages.installation import Inspection
from deskhand.pages.lists import reach
from deskhand.records.security import require_privilege, visible

_MOST = 500


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to look into.

    Attributes:
        file_name: Its name, whose ending tells how it is read.
        content: Its bytes, as base64.
    """

    file_name: str
    content: str


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """A file to import.

    Attributes:
        file_name: Its name, whose ending tells how it is read.
        content: Its bytes, as base64.
        bindings: The connection that each connection reference shall use, by the reference's name.
        variables: Values of environment variables, by their schema names.
    """

    file_name: str
    content: str
    bindings: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SolutionRow:
    """A solution that was imported.

    Attributes:
        id: The solution.
        name: Its name for people.
        unique_name: Its unique name.
        version: Its version.
        managed: Whether it was exported as managed.
        imported_on: When it was imported last.
        flows: How many flows of it the caller may see.
    """

    id: UUID
    name: str
    unique_name: str
    version: str | None
    managed: bool
    imported_on: datetime
    flows: int


@dataclass(frozen=True, slots=True)
class SolutionList:
    """Solutions.

    Attributes:
        items: The solutions, by name.
    """

    items: tuple[SolutionRow, ...]


def _read(preparation: Preparation, body: Upload | ImportOrder) -> Any:
    try:
        content = base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UploadUnreadable("its content is no base64 text") from error
    return preparation.imports.read(body.file_name, content)


@endpoint("GET", "/solutions")
def solutions(context: PageContext) -> SolutionList:
    """List the solutions that were imported, by name."""
    require_privilege(context.principal, Solution, AccessRight.READ)
    c, w = Solution.c, Workflow.c
    flows = sa.select(sa.func.count()).where(
        w.solutionid == c.solutionid,
        w.componentstate == ComponentState.PUBLISHED.value,
        reach(visible(context.principal, Workflow)),
    )
    query = sa.select(Solution.table, flows.scalar_subquery().label("flows"))
    rows = context.tx.execute(query.order_by(sa.func.lower(c.friendlyname)).limit(_MOST)).mappings()
    return SolutionList(
        tuple(
            SolutionRow(
                row["solutionid"],
                row["friendlyname"] or row["uniquename"] or "",
                row["uniquename"] or "",
                row["version"],
                bool(row["ismanaged"]),
                row["modifiedon"],
                row["flows"],
            )
            for row in rows
        )
    )


@endpoint("POST", "/solutions/inspect", prepare=_read)
def inspect_solution(context: PageContext, *, body: Upload, prepared: Any) -> Inspection:
    """Look into a file: what is in it, and what of it would run here. Nothing is stored.

    Args:
        body: The file.
        prepared: What was read of it.
    """
    require_privilege(context.principal, Workflow, AccessRight.CREATE)
    return context.imports.inspect(context.tx, prepared, context.principal)


@endpoint("POST", "/solutions/import", prepare=_read)
def import_solution(context: PageContext, *, body: ImportOrder, prepared: Any) -> Inspection:
    """Import a file, all of it or nothing. Cloud flows come switched off; those that are on stay on.

    Args:
        body: The file, and what it shall be bound to.
        prepared: What was read of it.
    """
    require_privilege(context.principal, Workflow, AccessRight.CREATE)
    bindings = list(body.bindings.items())
    stored = context.imports.store(context.tx, prepared, context.principal, bindings, body.variables)
    note(
        context.tx,
        context.actor,
        "imported flows",
        Thing(Solution.logical_name, None, stored.solution or body.file_name),
        flows=len(stored.flows),
        version=stored.version,
    )
    return stored
