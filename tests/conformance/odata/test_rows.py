"""Lists, rows, properties and values as clients read them. Source: dataverse-api 3 and 4.6."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from deskhand.entities.workflow import Workflow
from deskhand.records.drafts import save_draft
from deskhand.records.service import update
from tests.web_server import INPUTS, Answer, LiveServer

FORMATTED = "OData.Community.Display.V1.FormattedValue"
NAMES = ["Delta", "alpha", "Charlie", "bravo", "Echo"]
UPPER_CASE = "5D2E8C7A-1F4B-4A39-9A55-0B7D6F1C2E90"


@pytest.fixture(scope="module")
def flows(server: LiveServer) -> dict[str, UUID]:
    return {name: server.flow(name, description="d" * (len(name) % 2)) for name in NAMES}


def _names(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [row["name"] for row in answer.json()["value"]]


def _list(server: LiveServer, query: str, **headers: str) -> Answer:
    return server.call(f"workflows?{query}", **headers)


# Lists


@pytest.mark.parametrize("version", ["v9.0", "v9.1", "v9.2"])
def test_every_version_answers_alike_and_under_its_own_name(
    server: LiveServer, flows: dict[str, UUID], version: str
) -> None:
    headers = {"Authorization": f"Bearer {server.api_token()}"}
    answer = server.send("GET", f"/api/data/{version}/workflows?$select=name&$top=1", headers=headers)

    assert answer.json()["@odata.context"] == (f"{server.url}/api/data/{version}/$metadata#workflows(name)")


def test_a_row_shows_the_key_after_what_was_selected(server: LiveServer, flows: dict[str, UUID]) -> None:
    answer = _list(server, "$select=name,category,ownerid&$filter=name eq 'ALPHA'".replace(" ", "+"))
    (row,) = answer.json()["value"]

    assert list(row) == ["@odata.etag", "name", "category", "_ownerid_value", "workflowid"]
    assert row["workflowid"] == str(flows["alpha"])
    assert answer.json()["@odata.context"].endswith("#workflows(name,category,_ownerid_value)")
    assert answer.headers["content-type"] == "application/json; odata.metadata=minimal"
    assert "preference-applied" not in answer.headers


def test_without_a_selection_every_column_is_there_and_nothing_internal(
    server: LiveServer, flows: dict[str, UUID]
) -> None:
    answer = server.call("flowmachines")
    shown = server.machine("shown") and server.call("flowmachines").json()["value"][0]

    assert answer.json()["@odata.context"] == f"{server.root}$metadata#flowmachines"
    assert {"flowmachineid", "name", "description", "_flowmachinegroupid_value", "createdon"} <= set(shown)
    assert not {"keyhash", "sessionuser"} & set(shown)
    assert shown["description"] == ""


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("$filter=category eq 6&$orderby=name", ["alpha", "bravo", "Charlie", "Delta", "Echo"]),
        ("$orderby=name desc&$top=2", ["Echo", "Delta"]),
        ("$filter=startswith(name,'AL') or endswith(name,'HO')&$orderby=name", ["alpha", "Echo"]),
        ("$filter=not contains(name,'l')&$orderby=name", ["bravo", "Echo"]),
        ("$filter=name eq @n&@n='bravo'", ["bravo"]),
        (
            '$filter=Microsoft.Dynamics.CRM.In(PropertyName=\'name\',PropertyValues=["ALPHA","echo"])&$orderby=name',
            ["alpha", "Echo"],
        ),
        (
            "$filter=Microsoft.Dynamics.CRM.In(PropertyName='category',PropertyValues=[\"6\"])&$orderby=name&$top=1",
            ["alpha"],
        ),
        ("$filter=createdon gt 2020-01-01T00:00:00Z and name eq 'Delta'", ["Delta"]),
        ("$filter=createdon lt 2020-01-01", []),
    ],
)
@pytest.mark.parametrize("blank", ["+", "%20"])
def test_queries(
    server: LiveServer, flows: dict[str, UUID], query: str, names: list[str], blank: str
) -> None:
    encoded = quote(query, safe="$&=(),'@/:.").replace("%20", blank)

    assert _names(_list(server, f"$select=name&{encoded}")) == names


def test_a_filter_on_a_guid(server: LiveServer, flows: dict[str, UUID]) -> None:
    bare = f"$select=name&$filter=workflowid+eq+{str(flows['Echo']).upper()}"
    administrator = server.installation.administrator_id
    owner = f"$select=name&$top=1&$orderby=name&$filter=_ownerid_value+eq+'{administrator}'"

    assert _names(_list(server, bare)) == ["Echo"]
    assert _names(_list(server, owner)) == ["alpha"]


def test_pages_hold_together_while_rows_come_in(server: LiveServer, flows: dict[str, UUID]) -> None:
    own = f"_ownerid_value+eq+{server.user('pager', 'Environment Maker')}"
    owner = UUID(own.rpartition("+")[2])
    for number in range(5):
        server.flow(f"page {number}", owner=owner)
    prefer = {"Prefer": "odata.maxpagesize=2"}
    target = f"/api/data/v9.2/workflows?$select=name&$orderby=name&$filter={own}"
    headers = {"Authorization": f"Bearer {server.api_token()}"}

    pages: list[list[str]] = []
    links: list[str] = []
    while target:
        answer = server.send("GET", target, headers={**headers, **(prefer if not pages else {})})
        pages.append(_names(answer))
        link = answer.json().get("@odata.nextLink", "")
        assert link.startswith(f"{server.root}workflows?") or not link
        links.append(link)
        target = link.removeprefix(server.url)
        server.flow("page 0 came later", owner=owner)

    assert pages == [["page 0", "page 1"], ["page 2", "page 3"], ["page 4"]]
    assert len(set(links)) == 3
    first_again = server.send("GET", links[0].removeprefix(server.url), headers=headers)
    assert _names(first_again) == pages[1]


def test_preferences_that_were_honoured_are_told(server: LiveServer, flows: dict[str, UUID]) -> None:
    prefer = f'odata.maxpagesize=3,odata.include-annotations="{FORMATTED}",respond-async'
    answer = _list(server, "$select=name", Prefer=prefer)

    assert answer.headers["preference-applied"] == (
        f'odata.maxpagesize=3,odata.include-annotations="{FORMATTED}"'
    )


def test_counts(server: LiveServer, flows: dict[str, UUID]) -> None:
    own = f"$filter=_ownerid_value+eq+{server.user('counter', 'Environment Maker')}"
    for number in range(3):
        server.flow(f"count {number}", owner=UUID(own.rpartition("+")[2]))
    counted = _list(
        server, f"{own}&$select=name&$top=1&$count=true", Prefer='odata.include-annotations="*"'
    ).json()
    plain = server.call(f"workflows/$count?{own}")

    assert list(counted)[:4] == [
        "@odata.context",
        "@odata.count",
        "@Microsoft.Dynamics.CRM.totalrecordcount",
        "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded",
    ]
    assert (counted["@odata.count"], counted["@Microsoft.Dynamics.CRM.totalrecordcount"]) == (3, 3)
    assert counted["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False
    assert (plain.status, plain.body, plain.headers["content-type"]) == (200, b"3", "text/plain")


# Drafts


@pytest.mark.parametrize(
    ("header", "name"), [("true", "Drafted"), ("TRUE", "Drafted"), ("false", "Published"), ("1", "Published")]
)
def test_drafts_are_seen_on_request(server: LiveServer, header: str, name: str) -> None:
    flow_id = server.flow("Published")
    by = server.installation.administrator_id
    server.database.write(lambda tx: save_draft(tx, Workflow, flow_id, {"name": "Drafted"}, by=by))
    unpublished = {"MSCRM.IncludeUnpublished": header}
    own = f"$filter=workflowid+eq+{flow_id}"

    assert server.call(f"workflows({flow_id})?$select=name", **unpublished).json()["name"] == name
    assert server.call(f"workflows({flow_id})/name/$value", **unpublished).body.decode() == name
    assert _names(_list(server, f"{own}&$select=name", **unpublished)) == [name]
    assert server.call(f"workflows/$count?{own}", **unpublished).body == b"1"


# Single rows


def test_a_row_by_its_id(server: LiveServer, flows: dict[str, UUID]) -> None:
    flow_id = flows["alpha"]
    answer = server.call(f"workflows({flow_id})?$select=name,createdon,statecode")
    row = answer.json()

    assert list(row) == ["@odata.context", "@odata.etag", "name", "createdon", "statecode", "workflowid"]
    assert row["@odata.context"] == f"{server.root}$metadata#workflows(name,createdon,statecode)/$entity"
    assert answer.headers["etag"] == row["@odata.etag"]
    assert row["createdon"].endswith("Z")
    assert len(row["createdon"]) == len("2026-03-01T08:00:00Z")


@pytest.mark.parametrize("form", ["{}", "%7B{}%7D", "{{{}}}", "workflowid={}", "workflowid%3D{}"])
def test_an_id_may_be_written_in_several_ways(server: LiveServer, flows: dict[str, UUID], form: str) -> None:
    text = form.format(str(flows["alpha"]).upper())

    assert server.call(f"workflows({text})?$select=name").json()["name"] == "alpha"
    assert server.call(f"workflows%28{text}%29?$select=name").json()["name"] == "alpha"


def test_a_known_version_is_not_sent_again(server: LiveServer) -> None:
    flow_id = server.flow("versioned")
    path = f"workflows({flow_id})?$select=name"
    tag = server.call(path).headers["etag"]

    known = server.call(path, If_None_Match=tag)
    assert (known.status, known.body, known.headers["etag"]) == (304, b"", tag)
    assert server.call(path, If_None_Match="null").status == 200
    assert server.call(path, If_None_Match='W/"1"').status == 200

    by = server.installation.administrator_id
    server.database.write(lambda tx: update(tx, Workflow, flow_id, {"name": "newer"}, by=by))
    assert server.call(path, If_None_Match=tag).json()["name"] == "newer"


def test_annotations_stand_before_their_column(server: LiveServer, flows: dict[str, UUID]) -> None:
    columns = "category,ismanaged,_ownerid_value,description"
    path = f"workflows({flows['Echo']})?$select={columns}"
    row: dict[str, Any] = server.call(path, Prefer='odata.include-annotations="*"').json()
    del row["@odata.context"], row["@odata.etag"], row["workflowid"]

    assert list(row.items()) == [
        (f"category@{FORMATTED}", "Desktop Flow"),
        ("category", 6),
        (f"ismanaged@{FORMATTED}", "No"),
        ("ismanaged", False),
        (f"_ownerid_value@{FORMATTED}", "Administrator"),
        ("_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty", "ownerid"),
        ("_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname", "systemuser"),
        ("_ownerid_value", str(server.installation.administrator_id)),
        ("description", ""),
    ]


def test_only_the_annotations_asked_for_are_sent(server: LiveServer, flows: dict[str, UUID]) -> None:
    prefer = 'odata.include-annotations="Microsoft.Dynamics.CRM.*"'
    row = server.call(f"workflows({flows['Echo']})?$select=_ownerid_value,category", Prefer=prefer).json()

    assert [name for name in row if "@" in name[1:]] == [
        "_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty",
        "_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname",
    ]


# Properties and values


def test_one_property(server: LiveServer, flows: dict[str, UUID]) -> None:
    flow_id = flows["alpha"]

    assert server.call(f"workflows({flow_id})/name").json() == {
        "@odata.context": f"{server.root}$metadata#workflows({flow_id})/name",
        "value": "alpha",
    }
    assert server.call(f"workflows({flow_id})/_ownerid_value").json()["value"] == str(
        server.installation.administrator_id
    )


@pytest.mark.parametrize("suffix", ["", "/$value"])
def test_a_property_that_is_null_has_no_content(
    server: LiveServer, flows: dict[str, UUID], suffix: str
) -> None:
    answer = server.call(f"workflows({flows['alpha']})/outputs{suffix}")

    assert (answer.status, answer.body) == (204, b"")


def test_a_texts_raw_value_is_what_is_kept(server: LiveServer) -> None:
    flow_id = server.flow("raw", inputs='{ "ü":\n1}', ismanaged=True)
    answer = server.call(f"workflows({flow_id})/inputs/$value")

    assert answer.body == '{ "ü":\n1}'.encode()
    assert answer.headers["content-type"] == "text/plain;charset=utf-8"
    assert server.call(f"workflows({flow_id})/ismanaged/$value").body == b"true"
    assert server.call(f"workflows({flow_id})/category/$value").body == b"6"


def test_a_file_is_served_as_its_bytes(server: LiveServer) -> None:
    machine, flow_id = server.machine("files"), server.flow("files")
    body = {"runMode": "attended", "connectionName": machine.connection, "inputs": '{"inputText":"ü"}'}
    path = f"workflows({flow_id})/Microsoft.Dynamics.CRM.RunDesktopFlow"
    run_id = server.call(path, method="POST", body=body).json()["flowsessionId"]

    row = server.call(f"flowsessions({run_id})?$select=inputs,outputs").json()
    raw = server.call(f"flowsessions({run_id})/inputs/$value")
    wrapped = server.call(f"flowsessions({run_id})/inputs")

    assert (UUID(row["inputs"]).version, row["outputs"]) == (4, None)
    assert json.loads(raw.body)["inputText"] == "ü"
    files = {
        "content-disposition": 'attachment; filename="inputs"',
        "x-ms-file-name": "inputs",
        "x-ms-file-size": str(len(raw.body)),
        "mimetype": "application/json",
    }
    assert files.items() <= raw.headers.items()
    assert raw.headers["content-type"] == "application/octet-stream"
    assert files.items() <= wrapped.headers.items()
    assert wrapped.headers["location"] == f"{server.root}flowsessions({run_id})/inputs"
    assert base64.b64decode(wrapped.json()["value"]) == raw.body
    assert server.call(f"flowsessions({run_id})/outputs/$value").status == 204


# Functions, and what clients get wrong


@pytest.mark.parametrize("path", ["WhoAmI", "WhoAmI()", "WhoAmI%28%29"])
def test_who_am_i(server: LiveServer, path: str) -> None:
    assert server.call(path).json() == {
        "@odata.context": f"{server.root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse",
        "BusinessUnitId": str(server.installation.business_unit_id),
        "UserId": str(server.installation.administrator_id),
        "OrganizationId": str(server.installation.organization_id),
    }


@pytest.mark.parametrize("mode", ["Attended", "unattended", "UNATTENDED"])
def test_what_real_clients_send_to_run_a_flow(server: LiveServer, mode: str) -> None:
    machine, flow_id = server.machine(f"clients {mode}"), server.flow(f"clients {mode}")
    body = {
        "runMode": mode,
        "runPriority": None,
        "connectionName": machine.connection,
        "timeout": "7200",
        "inputs": "",
        "connectionType": "1",
        "callbackUrl": None,
    }
    path = f"workflows({flow_id})/Microsoft.Dynamics.CRM.RunDesktopFlow"
    answer = server.call(path, method="POST", body=body, Content_Type="application/json; charset=utf-8")
    run = server.call(
        f"flowsessions({answer.json()['flowsessionId']})?$select=runmode,triggertype,statuscode"
    )

    assert answer.status == 200
    assert (run.json()["triggertype"], run.json()["statuscode"]) == (3, 3)
    assert run.json()["runmode"] == (1 if mode == "Attended" else 2)


@pytest.mark.parametrize(("body", "headers"), [(None, {}), (b"", {"Content-Length": "0"}), (b"{}", {})])
def test_an_action_without_parameters_takes_any_empty_body(
    server: LiveServer, body: bytes | None, headers: dict[str, str]
) -> None:
    machine, flow_id = server.machine(f"cancel {body!r}"), server.flow("cancel")
    run = {"runMode": "attended", "connectionName": machine.connection}
    path = f"workflows({flow_id})/Microsoft.Dynamics.CRM.RunDesktopFlow"
    run_id = server.call(path, method="POST", body=run).json()["flowsessionId"]

    cancel = f"flowsessions({run_id})/Microsoft.Dynamics.CRM.CancelDesktopFlowRun"
    answer = server.call(cancel, method="POST", body=body, **headers)

    assert (answer.status, answer.body) == (204, b"")


def test_the_inputs_schema_survives_as_it_was_stored(server: LiveServer, flows: dict[str, UUID]) -> None:
    assert server.call(f"workflows({flows['alpha']})/inputs/$value").json() == INPUTS


def test_an_address_may_be_32768_characters_long(server: LiveServer, flows: dict[str, UUID]) -> None:
    query = "$select=name&$filter=name+eq+'alpha'"
    long = f"{query}+or+name+eq+'{'x' * (32_768 - len(server.root) - len(query) - 26)}'"

    assert _names(_list(server, long)) == ["alpha"]
