"""A cloud flow's package: what *Export, Package (.zip)* makes of a flow outside of solutions.

Source: cloud-flows 1.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deskhand.core.ids import parse_id
from deskhand.solutions.content import CloudFlow, Content
from deskhand.solutions.documents import decode_document, parse_object
from deskhand.solutions.errors import BrokenContent

_FLOWS = "microsoft.flow/flows/"
_DEFINITION = "/definition.json"
_MANIFEST = "manifest.json"
_CONNECTORS = "apisMap.json"


def is_package(names: Iterable[str]) -> bool:
    """Return whether files of these names are a package's."""
    return any(_is_definition(name) for name in names)


def read_package(source: str, files: Mapping[str, bytes]) -> Content:
    """Read the flows of a package; its documents stay as they stand in it.

    Args:
        source: What the files come from, for messages.
        files: Their bytes by name, with ``/`` between folders.

    Raises:
        BrokenContent: One of them does not hold what it should.
    """
    manifest = parse_object(source, _MANIFEST, files.get(_MANIFEST, b"{}"))
    resources = _mapping(manifest.get("resources"))
    flows = [_flow(source, files, name, resources) for name in sorted(files) if _is_definition(name)]
    ids = [flow.workflow_id for flow in flows]
    if len(set(ids)) < len(ids):
        raise BrokenContent(source, _MANIFEST, "names several flows of the same id")
    return Content(source, cloud_flows=tuple(flows))


def _is_definition(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(_FLOWS) and folded.endswith(_DEFINITION) and folded.count("/") == 3


def _flow(source: str, files: Mapping[str, bytes], name: str, resources: Mapping[str, Any]) -> CloudFlow:
    folder = name.rpartition("/")[0]
    guid = folder.rpartition("/")[2]
    text, encoding = decode_document(source, name, files[name])
    document = parse_object(source, name, files[name])
    properties = _mapping(document.get("properties"))
    details = _mapping(_mapping(resources.get(guid)).get("details"))
    workflow_id = parse_id(str(document.get("name"))) or parse_id(guid)
    if workflow_id is None:
        raise BrokenContent(source, name, "has no id, neither in its name nor as its folder")
    return CloudFlow(
        workflow_id=workflow_id,
        name=_text(properties.get("displayName")) or _text(details.get("displayName")) or guid,
        description=_text(properties.get("description")),
        client_data=text,
        state=0,
        encoding=encoding,
        connections=_connections(source, files, f"{folder}/{_CONNECTORS}", resources),
    )


def _connections(
    source: str, files: Mapping[str, bytes], name: str, resources: Mapping[str, Any]
) -> dict[str, Any]:
    """Return each connection's connector: the map beside the definition names it in the manifest."""
    connectors = parse_object(source, name, files.get(name, b"{}"))
    found = {key: _mapping(resources.get(str(resource))) for key, resource in connectors.items()}
    return {key: {"id": one["id"]} for key, one in found.items() if isinstance(one.get("id"), str)}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
