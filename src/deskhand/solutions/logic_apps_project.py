"""A Logic Apps Standard project: a folder with a ``workflow.json`` for each of its workflows.

Source: cloud-flows 1.6. A template of the gallery has the same shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deskhand.solutions.content import CloudFlow, Content
from deskhand.solutions.documents import decode_document, parse_json, parse_object

WORKFLOW_FILE = "workflow.json"
PARAMETERS_FILE = "parameters.json"
CONNECTIONS_FILE = "connections.json"
_ONLY = "default"
"""The folder of a template that has one workflow."""


def is_project(names: Iterable[str]) -> bool:
    """Return whether files of these names are a project's, or one workflow's of it."""
    return any(_is_workflow(name) for name in names)


def read_project(source: str, files: Mapping[str, bytes], name: str) -> Content:
    """Read the workflows of a project; local settings, which hold secrets, are not read.

    Args:
        source: What the files come from, for messages.
        files: Their bytes by name, with ``/`` between folders.
        name: What to call a workflow that has no folder of its own.

    Raises:
        BrokenContent: One of the files does not hold what it should.
    """
    parameters = parse_object(source, PARAMETERS_FILE, files.get(PARAMETERS_FILE, b"{}"))
    kinds = parse_object(source, CONNECTIONS_FILE, files.get(CONNECTIONS_FILE, b"{}"))
    connections = {
        key: one for listed in kinds.values() if isinstance(listed, dict) for key, one in listed.items()
    }
    return Content(
        source,
        cloud_flows=tuple(
            _flow(source, files, file, name, parameters, connections)
            for file in sorted(files)
            if _is_workflow(file)
        ),
    )


def _is_workflow(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return file.casefold() == WORKFLOW_FILE and "/" not in folder


def _flow(
    source: str,
    files: Mapping[str, bytes],
    file: str,
    name: str,
    parameters: Mapping[str, Any],
    connections: Mapping[str, Any],
) -> CloudFlow:
    text, encoding = decode_document(source, file, files[file])
    parse_json(source, file, text)
    folder = file.rpartition("/")[0]
    return CloudFlow(
        workflow_id=None,
        name=name if folder in ("", _ONLY) else folder,
        description="",
        client_data=text,
        state=0,
        encoding=encoding,
        parameters=parameters,
        connections=connections,
    )
