"""``$metadata``, the service document and table definitions, as generators and clients read them.

Source: dataverse-api 1 and 6.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from deskhand.entities.declare import REGISTRY
from deskhand.entities.flowsession import FlowSessionStatus
from tests.web_server import Answer, LiveServer

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
EDMX = "{http://docs.oasis-open.org/odata/ns/edmx}"
PRIMITIVE = {
    "Edm.Guid",
    "Edm.String",
    "Edm.Int32",
    "Edm.Int64",
    "Edm.Double",
    "Edm.Boolean",
    "Edm.DateTimeOffset",
    "Edm.Binary",
}


@pytest.fixture(scope="module")
def schema(server: LiveServer) -> Element:
    answer = server.call("$metadata", Accept="application/xml")
    assert answer.headers["content-type"] == "application/xml"
    root: Element = ElementTree.fromstring(answer.body)
    assert (root.tag, root.attrib) == (f"{EDMX}Edmx", {"Version": "4.0"})
    (services,) = root
    (found,) = services
    assert services.tag == f"{EDMX}DataServices"
    assert found.attrib == {"Namespace": "Microsoft.Dynamics.CRM", "Alias": "mscrm"}
    return found


def _types(schema: Element) -> dict[str, Element]:
    named = [*schema.iter(f"{EDM}EntityType"), *schema.iter(f"{EDM}ComplexType")]
    types = {f"mscrm.{one.attrib['Name']}": one for one in named}
    assert len(types) == len(named), "a type stands there twice"
    return types


def _definitions(server: LiveServer, path: str, query: str = "") -> Answer:
    return server.call(f"EntityDefinitions{path}" + (f"?{quote(query, safe='$&=,()')}" if query else ""))


def test_every_type_that_is_named_is_declared(schema: Element) -> None:
    flags = {f"mscrm.{one.attrib['Name']}" for one in schema.iter(f"{EDM}EnumType")}
    single = PRIMITIVE | set(_types(schema)) | flags
    known = single | {f"Collection({name})" for name in single}
    named = {one.attrib[name] for one in schema.iter() for name in ("Type", "BaseType") if name in one.attrib}
    sets = {one.attrib["EntityType"] for one in schema.iter(f"{EDM}EntitySet")}

    assert named | sets <= known


def test_names_are_unique_and_keys_are_properties(schema: Element) -> None:
    for entity_type in schema.iter(f"{EDM}EntityType"):
        properties = [one.attrib["Name"] for one in entity_type.iter(f"{EDM}Property")]
        navigations = [one.attrib["Name"] for one in entity_type.iter(f"{EDM}NavigationProperty")]
        keys = [one.attrib["Name"] for one in entity_type.iter(f"{EDM}PropertyRef")]

        assert len({*properties, *navigations} - {"ownerid"}) == len([*properties, *navigations]) - (
            "ownerid" in navigations
        )
        assert set(keys) <= set(properties)


def test_navigation_properties_lead_somewhere(schema: Element) -> None:
    types = _types(schema)
    sets = {one.attrib["Name"]: one for one in schema.iter(f"{EDM}EntitySet")}
    for entity_type in schema.iter(f"{EDM}EntityType"):
        own = {one.attrib["Name"] for one in entity_type.iter(f"{EDM}Property")}
        for navigation in entity_type.iter(f"{EDM}NavigationProperty"):
            target = types[navigation.attrib["Type"]]
            (constraint,) = navigation
            there = {one.attrib["Name"] for one in target.iter(f"{EDM}Property")}
            assert constraint.attrib["Property"] in own
            assert constraint.attrib["ReferencedProperty"] in there
    for entity_set in sets.values():
        navigations = types[entity_set.attrib["EntityType"]].iter(f"{EDM}NavigationProperty")
        bindings = {one.attrib["Path"]: one.attrib["Target"] for one in entity_set}
        assert set(bindings) == {one.attrib["Name"] for one in navigations}
        assert set(bindings.values()) <= set(sets)


def test_every_set_and_message_that_is_served_is_declared(server: LiveServer, schema: Element) -> None:
    sets = {one.attrib["Name"] for one in schema.iter(f"{EDM}EntitySet")}
    operations = {
        (one.tag.removeprefix(EDM), one.attrib["Name"], one.attrib.get("IsBound", "false"))
        for one in schema
        if one.tag in (f"{EDM}Action", f"{EDM}Function")
    }
    imports = [(one.tag.removeprefix(EDM), one.attrib) for one in schema.iter(f"{EDM}FunctionImport")]
    document = server.call("").json()

    assert document["@odata.context"] == f"{server.root}$metadata"
    assert {one["name"] for one in document["value"]} == sets
    assert all(one["kind"] == "EntitySet" and one["url"] == one["name"] for one in document["value"])
    assert sets == {entity.set_name for entity in REGISTRY.values()}
    assert {
        ("Action", "RunDesktopFlow", "true"),
        ("Action", "CancelDesktopFlowRun", "true"),
        ("Action", "Dequeue", "true"),
        ("Action", "CreateMultiple", "true"),
        ("Action", "UpdateMultiple", "true"),
        ("Action", "UpsertMultiple", "true"),
        ("Function", "WhoAmI", "false"),
    } <= operations
    assert ("FunctionImport", {"Name": "WhoAmI", "Function": "mscrm.WhoAmI"}) in imports


def test_alternate_keys_are_told(server: LiveServer) -> None:
    (key,) = _definitions(server, "(LogicalName='workqueueitem')/Keys").json()["value"]

    assert (key["LogicalName"], key["KeyAttributes"]) == (
        "workqueueitem_workqueueid_uniqueidbyqueue",
        ["workqueueid", "uniqueidbyqueue"],
    )


def test_columns_tell_whether_clients_write_them(server: LiveServer) -> None:
    def told(table: str, column: str) -> tuple[bool, bool]:
        row = _definitions(server, f"(LogicalName='{table}')/Attributes(LogicalName='{column}')").json()
        return row["IsValidForCreate"], row["IsValidForUpdate"]

    assert told("workqueue", "name") == (True, True)
    assert told("workqueue", "workqueueid") == (True, False)
    assert told("workqueueitem", "retrycount") == (False, False)
    assert told("flowmachine", "name") == (False, True)
    assert told("systemuser", "fullname") == (False, False)


def test_an_action_declares_its_parameters_and_its_answer(schema: Element) -> None:
    (action,) = (one for one in schema.iter(f"{EDM}Action") if one.attrib["Name"] == "RunDesktopFlow")
    response = _types(schema)["mscrm.RunDesktopFlowResponse"]

    assert [(one.tag.removeprefix(EDM), one.attrib) for one in action] == [
        ("Parameter", {"Name": "entity", "Type": "mscrm.workflow", "Nullable": "false"}),
        ("Parameter", {"Name": "runMode", "Type": "Edm.String", "Unicode": "false", "Nullable": "false"}),
        (
            "Parameter",
            {"Name": "connectionName", "Type": "Edm.String", "Unicode": "false", "Nullable": "false"},
        ),
        ("Parameter", {"Name": "connectionType", "Type": "Edm.Int32"}),
        ("Parameter", {"Name": "runPriority", "Type": "Edm.String", "Unicode": "false"}),
        ("Parameter", {"Name": "timeout", "Type": "Edm.Int32"}),
        ("Parameter", {"Name": "inputs", "Type": "Edm.String", "Unicode": "false"}),
        ("Parameter", {"Name": "callbackUrl", "Type": "Edm.String", "Unicode": "false"}),
        ("ReturnType", {"Type": "mscrm.RunDesktopFlowResponse", "Nullable": "false"}),
    ]
    assert [(one.tag.removeprefix(EDM), one.attrib) for one in response] == [
        ("Property", {"Name": "flowsessionId", "Type": "Edm.Guid", "Nullable": "false"}),
        ("NavigationProperty", {"Name": "licenseCheck", "Type": "mscrm.crmbaseentity", "Nullable": "false"}),
    ]


def test_nothing_internal_is_declared(schema: Element) -> None:
    names = {one.attrib["Name"] for one in schema.iter(f"{EDM}Property")}

    assert not names & {"keyhash", "sealedinputs", "fencingtoken", "secrethash"}


# Table definitions


def test_one_table_as_the_official_client_asks_for_it(server: LiveServer) -> None:
    query = "$select=LogicalName,EntitySetName,PrimaryIdAttribute&$filter=LogicalName eq 'WORKFLOW'"
    body: dict[str, Any] = _definitions(server, "", query).json()
    metadata_id = body["value"][0].pop("MetadataId")

    assert body == {
        "@odata.context": (
            f"{server.root}$metadata#EntityDefinitions(LogicalName,EntitySetName,PrimaryIdAttribute)"
        ),
        "value": [
            {"LogicalName": "workflow", "EntitySetName": "workflows", "PrimaryIdAttribute": "workflowid"}
        ],
    }
    assert _definitions(server, f"({metadata_id})").json()["LogicalName"] == "workflow"
    assert UUID(metadata_id)


def test_a_table_by_its_name(server: LiveServer) -> None:
    answer = _definitions(server, "(LogicalName='flowsession')", "$select=SchemaName,ObjectTypeCode")
    body = answer.json()

    assert body["@odata.context"] == (
        f"{server.root}$metadata#EntityDefinitions(SchemaName,ObjectTypeCode)/$entity"
    )
    assert (body["SchemaName"], body["ObjectTypeCode"]) == ("flowsession", 10_001)


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("IsPrivate eq false and LogicalName eq 'role'", ["role"]),
        ("LogicalName eq 'role' or EntitySetName eq 'solutions'", ["role", "solution"]),
        ("not (ObjectTypeCode ne 8)", ["systemuser"]),
        ("IsPrivate", []),
    ],
)
def test_filters_of_definitions(server: LiveServer, condition: str, names: list[str]) -> None:
    body = _definitions(server, "", f"$select=LogicalName&$filter={condition}").json()

    assert [one["LogicalName"] for one in body["value"]] == names


def test_choices_as_the_official_client_asks_for_them(server: LiveServer) -> None:
    path = "(LogicalName='workflow')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
    body = _definitions(server, path, "$select=LogicalName&$expand=OptionSet($select=Options)").json()
    by_name = {one["LogicalName"]: one for one in body["value"]}
    labels = {
        option["Value"]: option["Label"]["UserLocalizedLabel"]["Label"]
        for option in by_name["category"]["OptionSet"]["Options"]
    }

    assert labels[6] == "Desktop Flow"
    assert not {"statecode", "statuscode"} & set(by_name)
    assert set(by_name["category"]) == {"@odata.type", "MetadataId", "LogicalName", "OptionSet"}


def test_statuses_tell_their_state(server: LiveServer) -> None:
    column = "(LogicalName='flowsession')/Attributes(LogicalName='statuscode')"
    cast = "Microsoft.Dynamics.CRM.StatusAttributeMetadata"
    body = _definitions(server, f"{column}/{cast}", "$expand=OptionSet").json()
    states = {one["Value"]: one["State"] for one in body["OptionSet"]["Options"]}

    assert body["OptionSet"]["Name"] == "flowsession_statuscode"
    assert states == {int(one): int(one in (0, 13, 14)) for one in FlowSessionStatus}


def test_a_table_with_its_columns(server: LiveServer) -> None:
    query = "$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=IsPrimaryId eq true),Keys"
    body = _definitions(server, "(LogicalName='flowmachine')", query).json()

    assert [one["LogicalName"] for one in body["Attributes"]] == ["flowmachineid"]
    assert body["Keys"] == []


def test_relationships_follow_from_lookups(server: LiveServer) -> None:
    there = _definitions(server, "(LogicalName='flowsession')/ManyToOneRelationships").json()["value"]
    back = _definitions(server, "(LogicalName='workflow')/OneToManyRelationships").json()["value"]
    (relationship,) = (one for one in there if one["ReferencingAttribute"] == "regardingobjectid")

    assert relationship["ReferencingEntityNavigationPropertyName"] == "regardingobjectid_process"
    assert relationship in back


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("(LogicalName='nothing')", "", 404, "0x8006088a"),
        ("(LogicalName='workflow')/Atributes", "", 404, "0x8006088a"),
        ("(Name='workflow')", "", 400, "0x80060888"),
        ("", "$select=LogicalNam", 400, "0x80060888"),
        ("", "$filter=startswith(LogicalName,'flow')", 501, "0x8006088a"),
        ("", "$orderby=LogicalName", 400, "0x80060888"),
        ("", "$expand=Attributes(", 400, "0x80060888"),
        ("", "$expand=Nothing", 400, "0x80060888"),
        ("", "$expand=" + "Keys($expand=" * 2_000, 400, "0x80060888"),
    ],
)
def test_bad_queries_of_definitions(
    server: LiveServer, path: str, query: str, status: int, code: str
) -> None:
    answer = _definitions(server, path, query)

    assert (answer.status, answer.error["code"]) == (status, code)
