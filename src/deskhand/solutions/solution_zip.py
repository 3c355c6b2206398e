"""A Power Platform solution as exported by Power Automate, zipped or unpacked.

Source: machines-and-runs 7.6, dataverse-api 11.1 and 11.7, robin 1, cloud-flows 1.4.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element

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
from deskhand.solutions.documents import decode_document, parse_json, parse_xml
from deskhand.solutions.errors import BrokenContent

CUSTOMIZATIONS = "customizations.xml"
MANIFEST = "solution.xml"
_UNPACKED = ("", "other/")
"""Where both stand: in an export, and in the form that repositories keep it in."""
_BESIDE = ".data.xml"
"""How the unpacked form names the element of a flow, beside the flow's own file."""
VARIABLES = "environmentvariabledefinitions"
VALUE_MEMBERS = ("environmentvariablevalues", "environmentvariablevalue")
"""The way to the value in the file beside a variable's definition."""
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
    return read_solution_files(source, read_archive(source, data, limits))


def is_solution(names: Iterable[str]) -> bool:
    """Return whether files of these names are a solution's."""
    folded = {name.casefold() for name in names}
    return any(f"{folder}{CUSTOMIZATIONS}" in folded for folder in _UNPACKED)


def read_solution_files(source: str, files: Mapping[str, bytes]) -> Content:
    """Read the files of a solution.

    Args:
        source: What they come from, for messages.
        files: Their bytes by name, with ``/`` between folders.

    Raises:
        BrokenContent: One of them does not hold what it should.
    """
    by_fold = {name.casefold(): name for name in files}
    if not is_solution(files):
        raise BrokenContent(source, CUSTOMIZATIONS, "is missing: this zip is no exported solution")
    customizations = _xml(source, files, _place_of(by_fold, CUSTOMIZATIONS))
    workflows = [*customizations.iter("Workflow"), *_unpacked_workflows(source, files)]
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


def _place_of(by_fold: Mapping[str, str], name: str) -> str:
    """Return where a file stands: at the top, or in the folder of the unpacked form."""
    return next((by_fold[f"{one}{name}"] for one in _UNPACKED if f"{one}{name}" in by_fold), "")


def _unpacked_workflows(source: str, files: Mapping[str, bytes]) -> Iterator[Element]:
    for name in sorted(files):
        if name.casefold().startswith("workflows/") and name.casefold().endswith(_BESIDE):
            yield _xml(source, files, name)


def _xml(source: str, files: Mapping[str, bytes], name: str) -> Element:
    return parse_xml(source, name, files[name])


def _solution(source: str, files: Mapping[str, bytes], by_fold: Mapping[str, str]) -> Solution | None:
    place = _place_of(by_fold, MANIFEST)
    if not place:
        return None
    manifest = _xml(source, files, place).find("SolutionManifest")
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
    decoded = parse_json(source, where, text)
    if not isinstance(decoded, str):
        raise BrokenContent(source, where, "is JSON, but no text")
    return decoded


def _schema(source: str, name: str, element: str, workflow: Element) -> str | None:
    text = workflow.findtext(element)
    if not text:
        return None
    where = f"the {element} of ‘{name}’"
    if not isinstance(parse_json(source, where, text), dict):
        raise BrokenContent(source, where, "is JSON, but no object")
    return text


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
    text, encoding = decode_document(source, path, files[by_fold[path.casefold()]])
    parse_json(source, path, text)
    state = _number(source, workflow, "StateCode", 0)
    return CloudFlow(_workflow_id(source, workflow), name, _description(workflow), text, state, encoding)


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
    values = {name.casefold().rpartition("/")[0]: name for name in files if _holds_value(name.casefold())}
    for name in sorted(files):
        folder, _, file = name.casefold().rpartition("/")
        if file == "environmentvariabledefinition.xml":
            root = _xml(source, files, name)
            yield EnvironmentVariable(
                schema_name=root.get("schemaname") or "",
                display_name=_label(root, "displayname"),
                description=_label(root, "description"),
                type=_number(source, root, "type", 100_000_000),
                default_value=root.findtext("defaultvalue"),
                value=_current_value(source, files, values[folder]) if folder in values else None,
            )


def _holds_value(name: str) -> bool:
    return name.startswith(f"{VARIABLES}/") and name.endswith(".json")


def _label(root: Element, child: str) -> str:
    """Return the text of a name or description, which stands in an attribute before its translations."""
    label = root.find(child)
    return "" if label is None else label.get("default", label.text) or ""


def _current_value(source: str, files: Mapping[str, bytes], name: str) -> str | None:
    """Return the value that a file beside a variable's definition holds."""
    held: Any = parse_json(source, name, decode_document(source, name, files[name])[0])
    for member in VALUE_MEMBERS:
        held = held.get(member) if isinstance(held, dict) else held
    held = held[0] if isinstance(held, list) and held else held
    value = held.get("value") if isinstance(held, dict) else None
    return value if value is None or isinstance(value, str) else json.dumps(value)


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
