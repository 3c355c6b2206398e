"""A cloud flow as one JSON file, in any of the forms that hold a definition. Source: cloud-flows 1.3 to 1.6.

The file's name may end with the flow's id, as the files of a solution do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from deskhand.core.ids import parse_id
from deskhand.solutions.content import CloudFlow, Content
from deskhand.solutions.documents import decode_document, parse_object

_LONGEST_NAME = 100
"""What the table allows; templates of the gallery have longer titles."""
_NAMED = re.compile(r"(?P<name>.+)-(?P<id>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")


def read_definition_file(source: str, name: str, data: bytes) -> Content:
    """Read a cloud flow from one JSON file.

    Args:
        source: The file's name, for messages.
        name: What to call the flow where the file does not say: the file's name without its ending.
        data: The file's bytes.

    Raises:
        BrokenContent: It is no JSON object.
    """
    text, encoding = decode_document(source, source, data)
    document = parse_object(source, source, data)
    stem, workflow_id = _split(name)
    flow = CloudFlow(
        workflow_id=parse_id(str(document.get("name"))) or workflow_id,
        name=_shortened(next(_display_names(document), stem)),
        description="",
        client_data=text,
        state=0,
        encoding=encoding,
    )
    return Content(source, cloud_flows=(flow,))


def _split(name: str) -> tuple[str, UUID | None]:
    """Return a flow's name and id from its file's name."""
    match = _NAMED.fullmatch(name)
    return (match["name"], parse_id(match["id"])) if match else (name, None)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _display_names(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the name that a legacy document gives its flow."""
    properties = document.get("properties")
    name = properties.get("displayName") if isinstance(properties, dict) else None
    if isinstance(name, str) and name:
        yield name
