"""What pages ask of the server that they run in; the server fills these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from deskhand.identity.principals import Principal
from deskhand.store.database import Transaction


@dataclass(frozen=True, slots=True)
class About:
    """What is known of this server.

    Attributes:
        version: The product's version.
        started: When the server began.
        data: The data directory; empty where there is none.
        setting_sources: Where each setting that is not at its default was set.
    """

    version: str
    started: datetime
    data: str
    setting_sources: Mapping[str, str]


class Readiness(StrEnum):
    """Whether a flow would run here."""

    RUNS = "runs"
    WITH_WARNINGS = "withWarnings"
    CANNOT_RUN = "cannotRun"


@dataclass(frozen=True, slots=True)
class BroughtFlow:
    """A flow of an upload.

    Attributes:
        id: Its id; None where the file names none.
        name: Its name.
        kind: ``desktop`` or ``cloud``.
        replaces: Whether a flow of the installation is replaced by it.
        readiness: Whether it would run here.
        problems: Why it cannot run here, one sentence each.
        warnings: What else a person should know before it runs.
        is_on: Whether it is a cloud flow that is on.
    """

    id: UUID | None
    name: str
    kind: str
    replaces: bool
    readiness: Readiness
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class BroughtReference:
    """A connection reference that flows of an upload use.

    Attributes:
        logical_name: Its name.
        display_name: Its name for people.
        connector: The connector's id.
        connection: The connection that it is bound to here; None if it is not.
    """

    logical_name: str
    display_name: str
    connector: str
    connection: str | None


@dataclass(frozen=True, slots=True)
class BroughtVariable:
    """An environment variable of an upload.

    Attributes:
        schema_name: Its name in flows.
        display_name: Its name for people.
        default: Its value where no other is set.
        value: The value that it has here, or that the upload brings.
        is_set: Whether it has a value here already, which an import leaves alone.
    """

    schema_name: str
    display_name: str
    default: str | None
    value: str | None
    is_set: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is in an upload.

    Attributes:
        solution: The solution's name; None for anything else.
        version: Its version.
        flows: Its flows.
        references: The connection references that its flows use.
        variables: Its environment variables.
    """

    solution: str | None
    version: str | None
    flows: tuple[BroughtFlow, ...]
    references: tuple[BroughtReference, ...]
    variables: tuple[BroughtVariable, ...]


class ExportForm(StrEnum):
    """In what form desktop flows are exported."""

    TEXT = "text"
    FOLDER = "folder"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file with what was exported.

    Attributes:
        name: What it is called.
        media_type: What it holds.
        content: Its bytes.
    """

    name: str
    media_type: str
    content: bytes


class Imports(Protocol):
    """Reads what somebody uploads, stores it, and gives flows back as files."""

    def read(self, file_name: str, content: bytes) -> Any:
        """Read and check an upload; nothing is stored. Slow: not within a transaction."""
        ...

    def cloud_file(self, tx: Transaction, flow_id: UUID) -> bytes:
        """Return a cloud flow as the file that it came as."""
        ...

    def cloud_solution(self, tx: Transaction, flow_ids: Sequence[UUID], name: str) -> bytes:
        """Return a solution of cloud flows, with the references and variables that they use."""
        ...

    def inspect(self, tx: Transaction, upload: Any, principal: Principal) -> Inspection:
        """Return what is in an upload, and what of it would run here."""
        ...

    def store(
        self,
        tx: Transaction,
        upload: Any,
        principal: Principal,
        bindings: Sequence[tuple[str, str]],
        variables: Mapping[str, str],
    ) -> Inspection:
        """Store an upload, and return what is there now."""
        ...

    def export(
        self, tx: Transaction, flow_ids: Sequence[UUID], form: ExportForm, solution: str | None
    ) -> ExportedFile:
        """Return desktop flows as one file."""
        ...
