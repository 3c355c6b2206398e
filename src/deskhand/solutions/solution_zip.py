"""A Power Platform solution as exported by Power Automate.

Source: machines-and-runs 7.6, dataverse-api 11.1 and 11.7, robin 1.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from deskhand.core.ids import parse_id
from deskhand.solutions.archive import ArchiveLimits, read_archive
from deskhand.solutions.content import (
    Binary,
    CloudFlow,
    ConnectionReference,
    Content,
    DesktopFlow,
    EnvironmentVariable,
    Solution,
)
from deskhand.solutions.errors import BrokenContent

CUSTOMIZATIONS = "customizations.xml"
MANIFEST = "solution.xml"
CLOUD_FLOW, DESKTOP_FLOW = "5", "6"

ATTRIBUTES = {
    "Metadata": "metadata",
    "Claims": "claims",
    "Dependencies": "dependencies",
    "ConnectionReferences": "connectionreferences",
    "Credentials": "credentials",
    "DesktopFlowModules": "desktopflowmodules",
    "SchemaVersion": "schemaversion",
    "IntroducedVersion": "introducedversion",
}
"""Elements of a desktop flow that are kept as they stand, and the columns that keep them."""


def read_solution(source: str, data: bytes, limits: ArchiveLimits | None = None) -> Content:
    """Read an exported solution; every id and schema stays as it stands in the zip.

    Args:
        source: The zip's name, for messages.
        data: Its bytes.
        limits: How much it may hold.

    Raises:
        BrokenArchive: It is no zip, or damaged.
        ArchiveTooLarge: It holds more than an import takes.
        UnsafeName: An entry's name is not a plain name inside of it.
        BrokenContent: One of its files does not hold what it should.
    """
    files = read_archive(source, data, limits)
    by_fold = {name.casefold(): name for name in files}
    if CUSTOMIZATIONS not in by_fold:
        raise BrokenContent(source, CUSTOMIZATIONS, "is missing: this zip is no exported solution")
    customizations = _xml(source, files, by_fold[CUSTOMIZATIONS])
    workflows = list(customizations.iter("Workflow"))
    _refuse_repeated_ids(source, workflows)
    return Content(
        source=source,
        solution=_solution(source, files, by_fold),
        desktop_flows=tuple(
            _desktop_flow(source, one) for one in workflows if one.findtext("Category") == DESKTOP_FLOW
        ),
        cloud_flows=tuple(
            _cloud_flow(source, one, files, by_fold)
            for one in workflows
            if one.findtext("Category") == CLOUD_FLOW
        ),
        connection_references=tuple(
            _connection_reference(source, one) for one in customizations.iter("connectionreference")
        ),
        environment_variables=tuple(_environment_variables(source, files)),
        binaries=tuple(_binaries(source, files)),
    )


def _xml(source: str, files: Mapping[str, bytes], name: str) -> Element:
    try:
        root: Element = defusedxml.ElementTree.fromstring(files[name], forbid_dtd=True)
    except DefusedXmlException as error:
        raise BrokenContent(
            source, name, "declares entities or a document type, which no export does"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise BrokenContent(source, name, f"is no XML ({error})") from error
    return root


def _solution(source: str, files: Mapping[str, bytes], by_fold: Mapping[str, str]) -> Solution | None:
    if MANIFEST not in by_fold:
        return None
    manifest = _xml(source, files, by_fold[MANIFEST]).find("SolutionManifest")
    if manifest is None:
        raise BrokenContent(source, MANIFEST, "has no element SolutionManifest")
    name = manifest.findtext("UniqueName") or ""
    label = manifest.find("LocalizedNames/LocalizedName")
    return Solution(
        unique_name=name,
        friendly_name=(label.get("description") if label is not None else None) or name,
        version=manifest.findtext("Version") or "",
        managed=manifest.findtext("Managed") == "1",
    )


def _refuse_repeated_ids(source: str, workflows: list[Element]) -> None:
    counted = Counter(_workflow_id(source, one) for one in workflows)
    for workflow_id, count in counted.items():
        if count > 1:
            raise BrokenContent(source, CUSTOMIZATIONS, f"has {count} flows with the id {workflow_id}")


def _workflow_id(source: str, workflow: Element) -> UUID:
    text = workflow.get("WorkflowId") or ""
    workflow_id = parse_id(text)
    if workflow_id is None:
        where = f"flow ‘{workflow.get('Name')}’ in {CUSTOMIZATIONS}"
        raise BrokenContent(source, where, f"has the WorkflowId ‘{text}’, which is no id")
    return workflow_id


def _desktop_flow(source: str, workflow: Element) -> DesktopFlow:
    name = workflow.get("Name") or ""
    return DesktopFlow(
        workflow_id=_workflow_id(source, workflow),
        name=name,
        description=_description(workflow),
        definition=_definition(source, name, workflow.findtext("Definition")),
        inputs=_schema(source, name, "Inputs", workflow),
        outputs=_schema(source, name, "Outputs", workflow),
        state=_number(source, workflow, "StateCode", 1),
        attributes={
            column: text for element, column in ATTRIBUTES.items() if (text := workflow.findtext(element))
        },
    )


def _definition(source: str, name: str, text: str | None) -> str:
    """Return the Robin text: the element holds it as a JSON string."""
    if not text:
        return ""
    where = f"the Definition of ‘{name}’"
    decoded = _json(source, where, text)
    if not isinstance(decoded, str):
        raise BrokenContent(source, where, "is JSON, but no text")
    return decoded


def _schema(source: str, name: str, element: str, workflow: Element) -> str | None:
    text = workflow.findtext(element)
    if not text:
        return None
    where = f"the {element} of ‘{name}’"
    if not isinstance(_json(source, where, text), dict):
        raise BrokenContent(source, where, "is JSON, but no object")
    return text


def _json(source: str, where: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BrokenContent(source, where, f"is no JSON ({error})") from error
    except RecursionError as error:
        raise BrokenContent(source, where, "nests its JSON more deeply than can be read") from error


def _description(workflow: Element) -> str:
    label = workflow.find("Descriptions/Description")
    return (label.get("description") if label is not None else None) or workflow.findtext("Description") or ""


def _cloud_flow(
    source: str, workflow: Element, files: Mapping[str, bytes], by_fold: Mapping[str, str]
) -> CloudFlow:
    name = workflow.get("Name") or ""
    path = (workflow.findtext("JsonFileName") or "").lstrip("/")
    if path.casefold() not in by_fold:
        raise BrokenContent(source, f"flow ‘{name}’", f"names the file ‘{path}’, which is not in the zip")
    text = _text(source, path, files[by_fold[path.casefold()]])
    _json(source, path, text)
    state = _number(source, workflow, "StateCode", 0)
    return CloudFlow(_workflow_id(source, workflow), name, _description(workflow), text, state)


def _connection_reference(source: str, element: Element) -> ConnectionReference:
    logical_name = element.get("connectionreferencelogicalname") or ""
    if not logical_name:
        raise BrokenContent(source, CUSTOMIZATIONS, "has a connection reference without a logical name")
    return ConnectionReference(
        logical_name=logical_name,
        display_name=element.findtext("connectionreferencedisplayname") or logical_name,
        connector_id=element.findtext("connectorid") or "",
        description=element.findtext("description") or "",
        prompting_behavior=_number(source, element, "promptingbehavior", 0),
    )


def _environment_variables(source: str, files: Mapping[str, bytes]) -> Iterator[EnvironmentVariable]:
    for name in sorted(files):
        if name.casefold().endswith("/environmentvariabledefinition.xml"):
            root = _xml(source, files, name)
            label = root.find("displayname")
            yield EnvironmentVariable(
                schema_name=root.get("schemaname") or "",
                display_name=(label.get("default") if label is not None else None) or "",
                description=root.findtext("description") or "",
                type=_number(source, root, "type", 100_000_000),
                default_value=root.findtext("defaultvalue"),
            )


def _binaries(source: str, files: Mapping[str, bytes]) -> Iterator[Binary]:
    for name in sorted(files):
        if name.casefold().endswith("/desktopflowbinary.xml"):
            yield _binary(source, files, name)


def _binary(source: str, files: Mapping[str, bytes], name: str) -> Binary:
    root = _xml(source, files, name)
    binary_id = parse_id(root.get("desktopflowbinaryid") or "")
    if binary_id is None:
        raise BrokenContent(source, name, "has no desktopflowbinaryid")
    file_name = root.findtext("data") or ""
    path = f"{name.rpartition('/')[0]}/data/{file_name}"
    return Binary(
        binary_id=binary_id,
        workflow_id=parse_id(root.findtext("process/workflowid") or ""),
        name=root.findtext("name") or file_name,
        type=root.findtext("type") or "",
        mimetype=root.findtext("mimetype") or "application/octet-stream",
        file_name=file_name,
        data=files.get(path, b""),
    )


def _number(source: str, element: Element, child: str, default: int) -> int:
    text = element.findtext(child)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BrokenContent(source, f"element {child}", f"is ‘{text[:40]}’, which is no number")
    return int(text)


def _text(source: str, name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenContent(source, name, f"is no UTF-8 text ({error.reason})") from error
