"""Creating, changing and deleting rows as clients do it. Source: dataverse-api 4, 7, 9.5 and 15."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Workflow
from deskhand.records.errors import ObjectDoesNotExist
from deskhand.records.service import find
from tests.web_server import Answer, LiveServer, Machine

MISSING = UUID("0a1b2c3d-0000-4000-8000-00000000dead")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/api/data/v9\.2/(\w+)\(([0-9a-f-]{36})\)\Z")
DEFINITION = {
    "triggers": {"manual": {"type": "Request", "kind": "Button", "inputs": {"schema": {}}}},
    "actions": {"Compose": {"type": "Compose", "inputs": "told", "runAfter": {}}},
}
CLIENT_DATA = json.dumps({"properties": {"definition": DEFINITION}, "schemaVersion": "1.0.0.0"})
CLOUD_FLOW = {"name": "Notify", "category": 5, "type": 1, "primaryentity": "none", "clientdata": CLIENT_DATA}


def _id(answer: Answer) -> str:
    """Return the id of a row that was written, from the header that clients read."""
    found = ADDRESS.match(answer.headers["odata-entityid"])
    assert found, answer.headers
    return found.group(2)


def _create(server: LiveServer, entity_set: str, **values: Any) -> str:
    answer = server.call(entity_set, method="POST", body=values)
    assert answer.status == 204, answer.body
    return _id(answer)


def _read(server: LiveServer, path: str, *columns: str) -> dict[str, Any]:
    row = server.call(f"{path}?$select={','.join(columns)}").json()
    return {name: row[name] for name in columns}


def _queue(server: LiveServer, name: str = "Invoices") -> str:
    return _create(server, "workqueues", name=name, workqueuekey=str(uuid4()))


def _refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.error["code"]


# Create


def test_a_created_row_is_told_by_its_address(server: LiveServer) -> None:
    answer = server.call("workqueues", method="POST", body={"name": "Invoices"})

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["location"] == answer.headers["odata-entityid"]
    assert answer.headers["odata-version"] == "4.0"
    assert _read(server, f"workqueues({_id(answer)})", "name", "statecode") == {
        "name": "Invoices",
        "statecode": 0,
    }


def test_a_created_row_is_answered_on_request(server: LiveServer) -> None:
    answer = server.call(
        "workqueues?$select=name,statuscode",
        method="POST",
        body={"name": "Invoices"},
        Prefer='return=representation,odata.include-annotations="*"',
    )
    row = answer.json()

    assert answer.status == 201
    assert answer.headers["preference-applied"] == ('return=representation,odata.include-annotations="*"')
    assert row["@odata.context"].endswith("$metadata#workqueues(name,statuscode)/$entity")
    assert (row["name"], row["statuscode"]) == ("Invoices", 1)
    assert row["statuscode@OData.Community.Display.V1.FormattedValue"] == "Active"
    assert (row["workqueueid"], row["@odata.etag"]) == (_id(answer), answer.headers["etag"])


def test_annotations_of_a_body_are_passed_over(server: LiveServer) -> None:
    body = {
        "@odata.type": "#Microsoft.Dynamics.CRM.workqueue",
        "@odata.etag": 'W/"1"',
        "name": "Invoices",
        "name@Some.Annotation": 5,
    }
    assert server.call("workqueues", method="POST", body=body).status == 204


@pytest.mark.parametrize(
    "address",
    [
        "/workqueues({})",
        "workqueues({})",
        "https://elsewhere.example.org/api/data/v9.1/workqueues({})",
        "/api/data/v9.2/workqueues({})",
        "/workqueues(workqueueid={})",
    ],
)
def test_a_lookup_is_bound_by_an_address(server: LiveServer, address: str) -> None:
    queue = _queue(server)
    item = _create(server, "workqueueitems", **{"workqueueid@odata.bind": address.format(queue)})

    assert _read(server, f"workqueueitems({item})", "_workqueueid_value") == {"_workqueueid_value": queue}


def test_a_lookup_is_bound_by_an_alternate_key(server: LiveServer) -> None:
    key = f"it's {uuid4()}"
    queue = _create(server, "workqueues", name="Invoices", workqueuekey=key)
    quoted = key.replace("'", "''")
    binding = {"workqueueid@odata.bind": f"/workqueues(workqueuekey='{quoted}')"}
    item = _create(server, "workqueueitems", **binding)

    assert _read(server, f"workqueueitems({item})", "_workqueueid_value") == {"_workqueueid_value": queue}


@pytest.mark.parametrize(
    ("name", "value", "status", "code", "part"),
    [
        ("WorkQueueId@odata.bind", "/workqueues(x)", 400, "0x80048d19", "'WorkQueueId' does not exist"),
        ("workqueueid@odata.bind", f"/workflows({MISSING})", 400, "0x80048d19", "is no row of workqueues"),
        ("workqueueid@odata.bind", "/workqueues", 400, "0x80048d19", "is no row of workqueues"),
        ("workqueueid@odata.bind", "$1", 400, "0x80048d19", "is no row of workqueues"),
        ("workqueueid@odata.bind", 5, 400, "0x80048d19", "is no row of workqueues"),
        ("workqueueid@odata.bind", f"/workqueues({MISSING})", 404, "0x80040217", "workqueue With Id"),
        ("workqueueid@odata.bind", "/workqueues(workqueuekey='no')", 404, "0x80060891", "key values"),
        ("_workqueueid_value", str(MISSING), 400, "0x80048d19", "is read-only"),
        ("workqueueid", str(MISSING), 400, "0x80048d19", "'workqueueid' does not exist"),
    ],
)
def test_a_lookup_that_names_nothing_is_refused(
    server: LiveServer, name: str, value: Any, status: int, code: str, part: str
) -> None:
    answer = server.call("workqueueitems", method="POST", body={name: value})

    assert _refusal(answer) == (status, code)
    assert part in answer.error["message"]


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        ({"nam": "x"}, 400, "0x80048d19", "The property 'nam' does not exist"),
        ({"name": 5}, 400, "0x80048d19", "The property 'name' takes Edm.String"),
        ({"name": "x", "itemmaxretrycount": "5"}, 400, "0x80048d19", "takes Edm.Int32"),
        ({"name": "x", "itemmaxretrycount": True}, 400, "0x80048d19", "takes Edm.Int32"),
        ({"name": "x", "itemmaxretrycount": 1.5}, 400, "0x80048d19", "takes Edm.Int32"),
        ({"name": "x", "itemmaxretrycount": -1}, 400, "0x8004432f", "is not between 0 and"),
        ({"name": "x", "itemmaxretrycount": 2**31}, 400, "0x8004432f", "is not between 0 and"),
        ({"name": "x", "statuscode": 9}, 400, "0x8004431a", "is outside the valid range"),
        ({"name": "x", "statecode": 0, "statuscode": 3}, 400, "0x80048408", "3 is not a valid status code"),
        ({"name": "x" * 101}, 400, "0x80044331", "exceeded the maximum allowed length of '100'"),
        ({"description": "x"}, 400, "0x80040203", "The column 'name' of 'workqueue'"),
        ({"name": "x", "workqueueid": "no"}, 400, "0x80048d19", "takes Edm.Guid"),
        ([], 400, "0x80048d19", "The body is a list"),
        (None, 400, "0x80048d19", "There is no body"),
    ],
)
def test_values_that_do_not_fit_are_refused(
    server: LiveServer, body: Any, status: int, code: str, message: str
) -> None:
    answer = server.call("workqueues", method="POST", body=body)

    assert _refusal(answer) == (status, code)
    assert message in answer.error["message"]


@pytest.mark.parametrize("value", ["soon", "2026-13-01", "0001-01-01T00:00:00+14:00", 5])
def test_a_date_that_is_none_is_refused(server: LiveServer, value: Any) -> None:
    queue = _queue(server)
    body = {"workqueueid@odata.bind": f"/workqueues({queue})", "delayuntil": value}

    assert _refusal(server.call("workqueueitems", method="POST", body=body)) == (400, "0x80048d19")


def test_every_type_of_value_is_read_back(server: LiveServer) -> None:
    queue = _queue(server)
    values = {
        "name": "Ü 💶",
        "input": '{"order": 4711}',
        "priority": 100,
        "delayuntil": "2026-03-01T08:00:00Z",
        "processortype": 2,
    }
    binding = {"workqueueid@odata.bind": f"/workqueues({queue})"}
    item = _create(
        server, "workqueueitems", **{**values, "expirydate": "2026-03-01T08:00:00.5+02:00"}, **binding
    )

    assert _read(server, f"workqueueitems({item})", *values, "expirydate") == {
        **values,
        "expirydate": "2026-03-01T06:00:00Z",
    }


def test_a_key_that_is_taken_is_refused(server: LiveServer) -> None:
    _create(server, "workqueues", name="a", workqueuekey="taken")
    answer = server.call("workqueues", method="POST", body={"name": "b", "workqueuekey": "taken"})

    assert _refusal(answer) == (412, "0x80040237")
    assert answer.error["message"] == "A record with matching key values already exists."


# Update


def test_a_row_is_changed(server: LiveServer) -> None:
    queue = _queue(server)
    answer = server.call(f"workqueues({queue})", method="PATCH", body={"description": "d", "statecode": 1})

    assert (answer.status, answer.body, _id(answer)) == (204, b"", queue)
    assert "location" not in answer.headers
    assert _read(server, f"workqueues({queue})", "name", "description", "statecode", "statuscode") == {
        "name": "Invoices",
        "description": "d",
        "statecode": 1,
        "statuscode": 2,
    }


def test_a_changed_row_is_answered_on_request(server: LiveServer) -> None:
    queue = _queue(server)
    answer = server.call(
        f"workqueues({queue})?$select=name",
        method="PATCH",
        body={"name": "Orders"},
        Prefer="return=representation",
    )

    assert answer.status == 200
    assert answer.headers["preference-applied"] == "return=representation"
    assert (answer.json()["name"], answer.json()["workqueueid"]) == ("Orders", queue)


def test_an_unknown_id_is_created_unless_the_row_has_to_exist(server: LiveServer) -> None:
    new = str(uuid4())
    path = f"workqueues({new})"

    refused = server.call(path, method="PATCH", body={"name": "a"}, If_Match="*")
    created = server.call(path, method="PATCH", body={"name": "a"}, If_None_Match="*")
    again = server.call(path, method="PATCH", body={"name": "a"}, If_None_Match="*")
    changed = server.call(path, method="PATCH", body={"name": "b"}, If_Match="*", If_None_Match="null")

    assert _refusal(refused) == (404, "0x80040217")
    assert (created.status, _id(created)) == (204, new)
    assert created.headers["location"] == created.headers["odata-entityid"]
    assert _refusal(again) == (412, "0x80040237")
    assert changed.status == 204


def test_a_created_row_of_an_upsert_is_answered_as_created(server: LiveServer) -> None:
    path = f"workqueues({uuid4()})"
    answer = server.call(path, method="PATCH", body={"name": "a"}, Prefer="return=representation")

    assert answer.status == 201


def test_a_stale_tag_changes_and_deletes_nothing(server: LiveServer) -> None:
    path = f"workqueues({_queue(server)})"
    stale = server.call(path).headers["etag"]
    server.call(path, method="PATCH", body={"name": "b"})
    fresh = server.call(path).headers["etag"]

    for tag in (stale, '"rubbish"', "rubbish"):
        answer = server.call(path, method="PATCH", body={"name": "c"}, If_Match=tag)
        assert _refusal(answer) == (412, "0x80060882")
        assert _refusal(server.call(path, method="DELETE", If_Match=tag)) == (412, "0x80060882")
    assert (
        server.call(path, method="PATCH", body={"name": "c"}, If_Match=fresh.removeprefix("W/")).status == 204
    )


def test_a_row_comes_back_as_it_was_read(server: LiveServer) -> None:
    """Clients send whole rows back; only lookups by value are refused, as the original does."""
    path = f"workqueues({_queue(server)})"
    row = server.call(path).json()
    content = {name: value for name, value in row.items() if not name.startswith("_")}

    assert server.call(path, method="PATCH", body=content).status == 204


def test_another_id_in_the_body_is_refused(server: LiveServer) -> None:
    body = {"workqueueid": str(MISSING)}
    for path in (f"workqueues({_queue(server)})", f"workqueues({uuid4()})"):
        answer = server.call(path, method="PATCH", body={**body, "name": "a"})
        assert _refusal(answer) == (400, "0x80048d19")


def test_one_property_is_set_and_cleared(server: LiveServer) -> None:
    queue = _queue(server)
    path = f"workqueues({queue})/description"

    put = server.call(path, method="PUT", body={"value": "d"})
    seen = server.call(path).json()["value"]
    deleted = server.call(path, method="DELETE")

    assert (put.status, seen, deleted.status, server.call(path).status) == (204, "d", 204, 204)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PUT", f"workqueues({MISSING})/description", {"value": "d"}, 404, "0x80040217"),
        ("PUT", f"workqueues({MISSING})/createdon", {"value": None}, 400, "0x80048d19"),
        ("PUT", f"workqueues({MISSING})/nothing", {"value": "d"}, 404, "0x8006088a"),
        ("DELETE", f"workqueueitems({MISSING})/retrycount", None, 400, "0x80048d19"),
    ],
)
def test_properties_that_cannot_be_set(
    server: LiveServer, method: str, path: str, body: Any, status: int, code: str
) -> None:
    assert _refusal(server.call(path, method=method, body=body)) == (status, code)


def test_a_property_without_a_value_member_is_refused(server: LiveServer) -> None:
    path = f"workqueues({_queue(server)})/description"
    assert _refusal(server.call(path, method="PUT", body={"description": "d"})) == (400, "0x80048d19")


def test_a_reference_is_set_and_cleared(server: LiveServer) -> None:
    queues = [_queue(server), _queue(server)]
    item = _create(server, "workqueueitems", **{"workqueueid@odata.bind": f"/workqueues({queues[0]})"})
    path = f"workqueueitems({item})/workqueueid/$ref"

    put = server.call(path, method="PUT", body={"@odata.id": f"{server.root}workqueues({queues[1]})"})
    bad = server.call(path, method="PUT", body={"@odata.id": f"workflows({MISSING})"})
    cleared = server.call(path, method="DELETE")

    assert put.status == 204
    assert _read(server, f"workqueueitems({item})", "_workqueueid_value") == {"_workqueueid_value": queues[1]}
    assert _refusal(bad) == (400, "0x80048d19")
    assert _refusal(cleared) == (400, "0x80040203")  # every item has a queue


# Keys


def test_a_row_answers_to_its_alternate_key(server: LiveServer) -> None:
    key = str(uuid4())
    path = f"workqueues(workqueuekey='{key}')"

    missing = server.call(path)
    created = server.call(path, method="PATCH", body={"name": "Invoices"})
    queue = _id(created)
    item = _create(server, "workqueueitems", uniqueidbyqueue="4711", **{"workqueueid@odata.bind": f"/{path}"})
    by_lookup = f"workqueueitems(_workqueueid_value={queue},uniqueidbyqueue='4711')"
    deleted = server.call(path, method="DELETE")

    assert _refusal(missing) == (404, "0x80060891")
    assert (
        missing.error["message"]
        == "A record with the specified key values does not exist in workqueue entity"
    )
    assert created.status == 204
    assert deleted.status == 204
    assert _refusal(server.call(by_lookup)) == (404, "0x80060891")
    assert _refusal(server.call(f"workqueueitems({item})")) == (404, "0x80040217")


def test_columns_that_are_no_key_are_named(server: LiveServer) -> None:
    answer = server.call("workqueues(name='Invoices')")

    assert _refusal(answer) == (400, "0x80060888")
    assert answer.error["message"] == (
        "(name) is no alternate key of workqueues. Address a row by (workqueuekey)."
    )


# Delete


def test_a_deleted_row_is_gone(server: LiveServer) -> None:
    path = f"workqueues({_queue(server)})"

    assert server.call(path, method="DELETE", If_Match="*").status == 204
    assert _refusal(server.call(path)) == (404, "0x80040217")
    assert _refusal(server.call(path, method="DELETE")) == (404, "0x80040217")


def test_nobody_writes_as_somebody_else(server: LiveServer) -> None:
    for method in ("PATCH", "DELETE"):
        answer = server.call(f"workqueues({MISSING})", method=method, body={}, MSCRMCallerID=str(MISSING))
        assert _refusal(answer) == (403, "0x80040220")


def test_rights_come_before_the_row_and_the_row_before_the_body(server: LiveServer) -> None:
    token = server.api_token(server.user(f"runner-{uuid4()}", "Desktop Flows Runner"))

    denied = server.call(f"workqueues({MISSING})", method="PATCH", body=b"{", token=token, If_Match="*")
    missing = server.call(f"workqueues({MISSING})", method="PATCH", body=b"{", If_Match="*")
    malformed = server.call(f"workqueues({_queue(server)})", method="PATCH", body=b"{")

    assert _refusal(denied) == (403, "0x80040220")
    assert "is missing prvWriteworkqueue privilege" in denied.error["message"]
    assert _refusal(missing) == (404, "0x80040217")
    assert _refusal(malformed) == (400, "0x80048d19")


# Work queues


def test_a_queue_gives_out_its_items_and_takes_their_results(server: LiveServer) -> None:
    queue = _queue(server)
    binding = {"workqueueid@odata.bind": f"/workqueues({queue})"}
    item = _create(server, "workqueueitems", name="first", input='{"a":1}', **binding)
    dequeue = f"workqueues({queue})/Microsoft.Dynamics.CRM.Dequeue"

    given = server.call(dequeue, method="POST", body={})
    empty = server.call(dequeue, method="POST")
    row = given.json()
    done = server.call(f"workqueueitems({item})", method="PATCH", body={"statecode": 2, "statuscode": 2})

    assert given.status == 200
    assert row["@odata.context"].endswith("$metadata#workqueueitems/$entity")
    assert (row["workqueueitemid"], row["input"], row["statecode"], row["statuscode"]) == (
        item,
        '{"a":1}',
        1,
        1,
    )
    assert (empty.status, empty.body) == (204, b"")
    assert done.status == 204


def test_a_paused_queue_gives_out_nothing(server: LiveServer) -> None:
    queue = _queue(server)
    server.call(f"workqueues({queue})", method="PATCH", body={"statuscode": 3})
    answer = server.call(f"workqueues({queue})/Microsoft.Dynamics.CRM.Dequeue", method="POST")

    assert _refusal(answer) == (400, "0x80040265")
    assert "RecordNotActive" in answer.error["message"]


# Flows


def test_a_cloud_flow_is_created_as_a_draft_and_activated(server: LiveServer) -> None:
    flow = _create(server, "workflows", **CLOUD_FLOW)
    path = f"workflows({flow})"
    created = _read(server, path, "name", "category", "statecode", "statuscode", "clientdata")
    activated = server.call(path, method="PATCH", body={"statecode": 1, "statuscode": 2}, If_Match="*")

    assert created == {
        "name": "Notify",
        "category": 5,
        "statecode": 0,
        "statuscode": 1,
        "clientdata": CLIENT_DATA,
    }
    assert activated.status == 204
    assert _read(server, path, "statecode", "statuscode") == {"statecode": 1, "statuscode": 2}


def test_a_cloud_flow_that_is_handed_on_is_a_draft_again(server: LiveServer) -> None:
    flow = _create(server, "workflows", **CLOUD_FLOW)
    server.call(f"workflows({flow})", method="PATCH", body={"statecode": 1})
    other = server.user(f"other-{uuid4()}", "Environment Maker")
    body = {"ownerid@odata.bind": f"/systemusers({other})"}

    assert server.call(f"workflows({flow})", method="PATCH", body=body).status == 204
    assert _read(server, f"workflows({flow})", "_ownerid_value", "statecode") == {
        "_ownerid_value": str(other),
        "statecode": 0,
    }


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"clientdata": "{"}, "0x80040203", "DH6323"),
        ({"clientdata": "[]"}, "0x80040203", "DH6323"),
        ({"clientdata": "[" * 100_000}, "0x80040203", "DH6323"),
        ({"clientdata": None}, "0x80040203", "DH6323"),
        ({"statecode": 1}, "0x80040265", "DH6324"),
        ({"category": 4}, "0x80040203", "DH6322"),
        ({"type": 3}, "0x80040203", "DH6322"),
        ({"category": 6}, "0x80040265", "DH6321"),
    ],
)
def test_flows_that_cannot_be_created(
    server: LiveServer, changes: dict[str, Any], code: str, error: str
) -> None:
    answer = server.call("workflows", method="POST", body=CLOUD_FLOW | changes)

    assert _refusal(answer) == (400, code)
    assert answer.headers["deskhand-error"] == error


def test_a_desktop_flow_keeps_its_text_but_not_its_name(server: LiveServer) -> None:
    path = f"workflows({server.flow('Invoice entry')})"

    renamed = server.call(path, method="PATCH", body={"name": "Entry", "definition": "SET A TO 1"})
    rewritten = server.call(path, method="PATCH", body={"definition": "SET A TO 2"})
    recast = server.call(path, method="PATCH", body={"category": 5})

    assert renamed.status == 204
    assert (_refusal(rewritten), rewritten.headers["deskhand-error"]) == ((400, "0x80040265"), "DH6321")
    assert (_refusal(recast), recast.headers["deskhand-error"]) == ((400, "0x80040203"), "DH6322")
    assert _read(server, path, "name", "definition") == {"name": "Entry", "definition": "SET A TO 1"}


@pytest.fixture(scope="module")
def machine(server: LiveServer) -> Machine:
    return server.machine("writes")


def test_a_run_and_its_flow_are_deleted_when_it_has_ended(server: LiveServer, machine: Machine) -> None:
    flow = server.flow("Invoice entry")
    body = {"runMode": "attended", "connectionName": machine.connection}
    path = f"workflows({flow})/Microsoft.Dynamics.CRM.RunDesktopFlow"
    run = server.call(path, method="POST", body=body).json()["flowsessionId"]

    refused = [server.call(one, method="DELETE") for one in (f"flowsessions({run})", f"workflows({flow})")]
    server.call(f"flowsessions({run})/Microsoft.Dynamics.CRM.CancelDesktopFlowRun", method="POST")
    deleted = server.call(f"workflows({flow})", method="DELETE")

    assert [_refusal(one) for one in refused] == [(400, "0x80040265")] * 2
    assert [one.headers["deskhand-error"] for one in refused] == ["DH6320", "DH1602"]
    assert deleted.status == 204
    for entity, row_id in ((Workflow, flow), (FlowSession, UUID(run))):
        with pytest.raises(ObjectDoesNotExist):
            server.database.read(lambda tx, entity=entity, row_id=row_id: find(tx, entity, row_id))


# Many at once


def _multiple(server: LiveServer, name: str, targets: Any, entity_set: str = "workqueues") -> Answer:
    path = f"{entity_set}/Microsoft.Dynamics.CRM.{name}"
    return server.call(path, method="POST", body={"Targets": targets})


def test_many_rows_are_created_together_or_not_at_all(server: LiveServer) -> None:
    mark = str(uuid4())
    rows = [{"name": mark, "@odata.type": "Microsoft.Dynamics.CRM.workqueue"} for _ in range(3)]
    refused = _multiple(server, "CreateMultiple", [*rows, {"name": "x" * 101}])
    none = server.call(f"workqueues/$count?$filter=name eq '{mark}'".replace(" ", "%20"))
    created = _multiple(server, "CreateMultiple", rows)
    ids = created.json()["Ids"]

    assert _refusal(refused) == (400, "0x80044331")
    assert none.body == b"0"
    assert created.json() == {
        "@odata.context": f"{server.root}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse",
        "Ids": ids,
    }
    assert [_read(server, f"workqueues({one})", "name") for one in ids] == [{"name": mark}] * 3


def test_many_rows_are_changed_by_id_and_upserted_by_key(server: LiveServer) -> None:
    queue, key = _queue(server), str(uuid4())
    by_key = {"@odata.id": f"workqueues(workqueuekey='{key}')", "name": "new"}

    changed = _multiple(server, "UpdateMultiple", [{"workqueueid": queue, "name": "changed"}])
    missing = _multiple(server, "UpdateMultiple", [by_key])
    upserted = _multiple(server, "UpsertMultiple", [by_key, {"workqueueid": queue, "description": "d"}])

    assert (changed.status, _refusal(missing), upserted.status) == (204, (404, "0x80060891"), 204)
    assert _read(server, f"workqueues({queue})", "name", "description") == {
        "name": "changed",
        "description": "d",
    }
    assert _read(server, f"workqueues(workqueuekey='{key}')", "name") == {"name": "new"}


@pytest.mark.parametrize(
    ("name", "targets", "entity_set", "status", "code"),
    [
        ("CreateMultiple", {}, "workqueues", 400, "0x80048d19"),
        ("CreateMultiple", ["x"], "workqueues", 400, "0x80048d19"),
        ("CreateMultiple", [{"name": "x"}] * 1001, "workqueues", 400, "0x80040203"),
        ("UpdateMultiple", [{"name": "x"}], "workqueues", 400, "0x80040203"),
        ("DeleteMultiple", [], "workqueues", 404, "0x8006088a"),
        ("CreateMultiple", [], "workflows", 404, "0x8006088a"),
    ],
)
def test_many_rows_that_cannot_be_written(
    server: LiveServer, name: str, targets: Any, entity_set: str, status: int, code: str
) -> None:
    assert _refusal(_multiple(server, name, targets, entity_set)) == (status, code)


def test_many_rows_take_the_privilege_before_the_body(server: LiveServer) -> None:
    token = server.api_token(server.user(f"runner-{uuid4()}", "Desktop Flows Runner"))
    path = "workqueues/Microsoft.Dynamics.CRM.CreateMultiple"

    assert _refusal(server.call(path, method="POST", body=b"{", token=token)) == (403, "0x80040220")
    assert _refusal(server.call(path, method="PUT", body={})) == (405, "0x80060888")
