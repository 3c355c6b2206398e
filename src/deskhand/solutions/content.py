"""What an import brings, whichever form it came in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from deskhand.solutions.documents import PLAIN


@dataclass(frozen=True, slots=True)
class Binary:
    """A file that belongs to a desktop flow: manifest, UI elements, an image.

    Attributes:
        binary_id: Its id.
        workflow_id: The flow it belongs to.
        name: What the exporter calls it.
        type: Its role, such as ``ManifestFile``.
        mimetype: What it holds.
        file_name: The name of its file.
        data: The bytes.
    """

    binary_id: UUID
    workflow_id: UUID | None
    name: str
    type: str
    mimetype: str
    file_name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DesktopFlow:
    """A desktop flow.

    Attributes:
        workflow_id: Its id; None for a text, which has none.
        name: Its name.
        description: What it is for.
        definition: Its Robin text.
        inputs: The schema of its inputs as it stands in the export; None where the text alone says.
        outputs: The schema of its outputs, likewise.
        state: ``statecode``: 0 draft, 1 activated, 2 suspended.
        attributes: Further columns of the row that an export holds, by logical name.
    """

    workflow_id: UUID | None
    name: str
    description: str = ""
    definition: str = field(default="", repr=False)
    inputs: str | None = None
    outputs: str | None = None
    state: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CloudFlow:
    """A cloud flow: the document that holds its definition, as it came, and what stood beside it.

    Attributes:
        workflow_id: Its id; None where the export has none, and the flow is known by its name.
        name: Its name.
        description: What it is for.
        client_data: The document's text, without a byte-order mark.
        state: ``statecode``: 0 draft, 1 activated, 2 suspended.
        encoding: How the text becomes the file's bytes again (see :mod:`~deskhand.solutions.documents`).
        parameters: A project's parameter file: an object with the ``value`` of each parameter.
        connections: The connections that files beside the document name, by the key that actions use.
    """

    workflow_id: UUID | None
    name: str
    description: str
    client_data: str = field(repr=False)
    state: int
    encoding: str = PLAIN
    parameters: Mapping[str, Any] = field(default_factory=dict, repr=False)
    connections: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def beside(self) -> str | None:
        """Return what an installation keeps beside the document, as JSON; None where there is nothing."""
        members: dict[str, Any] = {
            "encoding": self.encoding if self.encoding != PLAIN else None,
            "parameters": self.parameters,
            "connections": self.connections,
        }
        kept = {name: value for name, value in members.items() if value}
        return json.dumps(kept, ensure_ascii=False) if kept else None


@dataclass(frozen=True, slots=True)
class ConnectionReference:
    """A solution's name for a connection that each installation binds to one of its own."""

    logical_name: str
    display_name: str
    connector_id: str
    description: str = ""
    prompting_behavior: int = 0


@dataclass(frozen=True, slots=True)
class EnvironmentVariable:
    """A named value that flows read.

    Attributes:
        default_value: Its value where no other is set.
        value: The value that the export brings.
    """

    schema_name: str
    display_name: str
    description: str
    type: int
    default_value: str | None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """The solution that the content came in."""

    unique_name: str
    friendly_name: str
    version: str
    managed: bool


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that one import brings.

    Attributes:
        source: The file's or folder's name, for messages.
        solution: The solution, when it was one.
    """

    source: str
    solution: Solution | None = None
    desktop_flows: tuple[DesktopFlow, ...] = ()
    cloud_flows: tuple[CloudFlow, ...] = ()
    connection_references: tuple[ConnectionReference, ...] = ()
    environment_variables: tuple[EnvironmentVariable, ...] = ()
    binaries: tuple[Binary, ...] = ()
