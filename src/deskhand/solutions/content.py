"""What an import brings, whichever form it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


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
    """A cloud flow: its definition and connections as the exporter wrote them."""

    workflow_id: UUID
    name: str
    description: str
    client_data: str = field(repr=False)
    state: int


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
    """A named value that flows read."""

    schema_name: str
    display_name: str
    description: str
    type: int
    default_value: str | None


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
