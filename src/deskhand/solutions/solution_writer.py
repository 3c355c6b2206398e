"""Flows → a solution zip that Power Automate imports, and that reads as what it was written from.

Source: cloud-flows 1.3 and 1.4, machines-and-runs 7.6.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from deskhand.solutions.content import (
    Binary,
    CloudFlow,
    ConnectionReference,
    Content,
    DesktopFlow,
    EnvironmentVariable,
    Solution,
)
from deskhand.solutions.documents import encode_document
from deskhand.solutions.solution_zip import (
    ATTRIBUTES,
    CLOUD_FLOW,
    CUSTOMIZATIONS,
    DESKTOP_FLOW,
    MANIFEST,
    VALUE_MEMBERS,
    VARIABLES,
)

UNIQUE_NAME = re.compile(r"[A-Za-z]\w*\Z", re.ASCII)
"""What the unique name of a solution looks like."""
_WORKFLOW_COMPONENT, _VARIABLE_COMPONENT = "29", "380"
_LANGUAGE = "1033"
_STATUSES = {0: "1", 1: "2", 2: "3"}
_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="text/xml" />'
    '<Default Extension="json" ContentType="application/octet-stream" />'
    '<Default Extension="txt" ContentType="application/octet-stream" />'
    '<Default Extension="png" ContentType="application/octet-stream" /></Types>'
)
_DESKTOP_BESIDE = (
    '{"properties":{"definition":{"package":""},"inputs":{"schema":{"properties":{},"type":"object"}},'
    '"outputs":{"schema":{"properties":{},"type":"object"}}},"schemaversion":"ROBIN_202208_DVRS"}'
)
"""The file beside a desktop flow: all that it says stands in the flow's element."""
_BINARIES, _BINARY_FILE = "desktopflowbinaries", "desktopflowbinary.xml"
_TIME = (1980, 1, 1, 0, 0, 0)
"""What every entry says it was written at, so that equal content makes equal bytes."""


def write_solution(content: Content, solution: Solution) -> bytes:
    """Return a solution with the flows, their files, the connection references and variables of some content.

    Args:
        content: What goes into it; every flow has an id.
        solution: What it is called.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(content, solution):
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _files(content: Content, solution: Solution) -> Iterator[tuple[str, bytes]]:
    yield "[Content_Types].xml", _CONTENT_TYPES.encode()
    yield MANIFEST, _xml(_manifest(content, solution))
    yield CUSTOMIZATIONS, _xml(_customizations(content))
    for flow in content.cloud_flows:
        yield _file_name(flow), encode_document(flow.client_data, flow.encoding)
    for desktop_flow in content.desktop_flows:
        yield _file_name(desktop_flow), _DESKTOP_BESIDE.encode()
    for binary in content.binaries:
        folder = f"{_BINARIES}/{binary.binary_id}"
        yield f"{folder}/{_BINARY_FILE}", _xml(_binary(binary))
        yield f"{folder}/data/{binary.file_name}", binary.data
    for variable in content.environment_variables:
        folder = f"{VARIABLES}/{variable.schema_name}"
        yield f"{folder}/environmentvariabledefinition.xml", _xml(_variable(variable))
        if variable.value is not None:
            yield f"{folder}/environmentvariablevalues.json", _value(variable.value)


def _xml(root: Element) -> bytes:
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _file_name(flow: CloudFlow | DesktopFlow) -> str:
    plain = re.sub(r"\W", "", flow.name, flags=re.ASCII)
    return f"Workflows/{plain or 'Flow'}-{str(_id(flow)).upper()}.json"


def _id(flow: CloudFlow | DesktopFlow) -> UUID:
    if flow.workflow_id is None:
        raise ValueError(f"the flow {flow.name!r} has no id")
    return flow.workflow_id


def _child(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, name, attributes)
    element.text = text
    return element


def _named(parent: Element, name: str, text: str) -> None:
    """Write a text as solutions have names and descriptions: once for each language."""
    _child(_child(parent, f"{name}s"), name, description=text, languagecode=_LANGUAGE)


def _manifest(content: Content, solution: Solution) -> Element:
    root = Element("ImportExportXml", languagecode=_LANGUAGE)
    manifest = _child(root, "SolutionManifest")
    _child(manifest, "UniqueName", solution.unique_name)
    _named(manifest, "LocalizedName", solution.friendly_name)
    _child(manifest, "Descriptions")
    _child(manifest, "Version", solution.version)
    _child(manifest, "Managed", str(int(solution.managed)))
    publisher = _child(manifest, "Publisher")
    _child(publisher, "UniqueName", "Deskhand")
    _named(publisher, "LocalizedName", "Deskhand")
    _child(publisher, "Descriptions")
    _child(publisher, "CustomizationPrefix", "new")
    _child(publisher, "CustomizationOptionValuePrefix", "10000")
    components = _child(manifest, "RootComponents")
    for flow_id in (*map(_id, content.cloud_flows), *map(_id, content.desktop_flows)):
        _child(components, "RootComponent", type=_WORKFLOW_COMPONENT, id=f"{{{flow_id}}}", behavior="0")
    for variable in content.environment_variables:
        named = {"type": _VARIABLE_COMPONENT, "schemaName": variable.schema_name, "behavior": "0"}
        _child(components, "RootComponent", **named)
    _child(manifest, "MissingDependencies")
    return root


def _customizations(content: Content) -> Element:
    root = Element("ImportExportXml")
    _child(root, "Entities")
    _child(root, "Roles")
    workflows = _child(root, "Workflows")
    for flow in content.cloud_flows:
        _workflow(workflows, flow, CLOUD_FLOW)
    for desktop_flow in content.desktop_flows:
        _desktop_members(_workflow(workflows, desktop_flow, DESKTOP_FLOW), desktop_flow)
    references = _child(root, "connectionreferences")
    for reference in content.connection_references:
        _reference(references, reference)
    _child(_child(root, "Languages"), "Language", _LANGUAGE)
    return root


def _workflow(parent: Element, flow: CloudFlow | DesktopFlow, category: str) -> Element:
    element = _child(parent, "Workflow", WorkflowId=f"{{{_id(flow)}}}", Name=flow.name)
    members = {
        "JsonFileName": f"/{_file_name(flow)}",
        "Type": "1",
        "Subprocess": "0",
        "Category": category,
        "Mode": "0",
        "Scope": "4",
        "OnDemand": "0",
        "TriggerOnCreate": "0",
        "TriggerOnDelete": "0",
        "AsyncAutodelete": "0",
        "SyncWorkflowLogOnFailure": "0",
        "StateCode": str(flow.state),
        "StatusCode": _STATUSES[flow.state],
        "RunAs": "1",
        "IsTransacted": "1",
        "IsCustomizable": "1",
        "PrimaryEntity": "none",
    }
    if isinstance(flow, CloudFlow):
        members["IntroducedVersion"] = "1.0.0.0"
    for name, text in members.items():
        _child(element, name, text)
    _named(element, "LocalizedName", flow.name)
    if flow.description:
        _named(element, "Description", flow.description)
    return element


def _desktop_members(element: Element, flow: DesktopFlow) -> None:
    """Write what a desktop flow's element has of its own; its text is a JSON string."""
    written = {
        "UIFlowType": "2",
        "Definition": json.dumps(flow.definition, ensure_ascii=False),
        "Inputs": flow.inputs,
        "Outputs": flow.outputs,
        **{name: flow.attributes.get(column) for name, column in ATTRIBUTES.items()},
    }
    for name, text in written.items():
        if text is not None:
            _child(element, name, text)


def _binary(binary: Binary) -> Element:
    root = Element("desktopflowbinary", desktopflowbinaryid=str(binary.binary_id))
    _child(root, "data", binary.file_name, mimetype="application/octet-stream")
    _child(root, "iscustomizable", "1")
    _child(root, "mimetype", binary.mimetype)
    _child(root, "name", binary.name)
    _child(_child(root, "process"), "workflowid", str(binary.workflow_id))
    _child(root, "statecode", "0")
    _child(root, "statuscode", "1")
    _child(root, "type", binary.type)
    return root


def _reference(parent: Element, reference: ConnectionReference) -> None:
    attributes = {"connectionreferencelogicalname": reference.logical_name}
    element = _child(parent, "connectionreference", **attributes)
    _child(element, "connectionreferencedisplayname", reference.display_name)
    _child(element, "connectorid", reference.connector_id)
    if reference.description:
        _child(element, "description", reference.description)
    _child(element, "iscustomizable", "1")
    _child(element, "promptingbehavior", str(reference.prompting_behavior))
    _child(element, "statecode", "0")
    _child(element, "statuscode", "1")


def _variable(variable: EnvironmentVariable) -> Element:
    root = Element("environmentvariabledefinition", schemaname=variable.schema_name)
    if variable.default_value is not None:
        _child(root, "defaultvalue", variable.default_value)
    for name, text in (("description", variable.description), ("displayname", variable.display_name)):
        element = _child(root, name, default=text)
        _child(element, "label", description=text, languagecode=_LANGUAGE)
    _child(root, "introducedversion", "1.0.0.0")
    _child(root, "iscustomizable", "1")
    _child(root, "isrequired", "0")
    _child(root, "type", str(variable.type))
    return root


def _value(value: str) -> bytes:
    outer, inner = VALUE_MEMBERS
    return json.dumps({outer: {inner: {"iscustomizable": "1", "value": value}}}, ensure_ascii=False).encode()
