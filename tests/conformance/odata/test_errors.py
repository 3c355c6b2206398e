"""Every refusal: status, code, message. Source: dataverse-api 7."""

from __future__ import annotations

import json
import socket
from typing import Any
from uuid import UUID

import pytest

from deskhand.core.settings import Settings
from deskhand.entities.workflow import Workflow
from deskhand.records.security import ACCESS_FLAGS, AccessRight, share
from tests.web_server import Answer, LiveServer, Machine, running_server

MISSING = UUID("0a1b2c3d-0000-4000-8000-00000000dead")
RUN = "Microsoft.Dynamics.CRM.RunDesktopFlow"
CANCEL = "Microsoft.Dynamics.CRM.CancelDesktopFlowRun"


@pytest.fixture(scope="module")
def flow_id(server: LiveServer) -> UUID:
    return server.flow("Invoice entry")


@pytest.fixture(scope="module")
def machine(server: LiveServer) -> Machine:
    return server.machine("errors")


def _error(answer: Answer) -> tuple[int, str, str]:
    """Check what every refusal has, and return what it is."""
    assert answer.headers["odata-version"] == "4.0"
    assert answer.headers["content-type"] == "application/json; odata.metadata=minimal"
    assert answer.headers["req_id"] == answer.headers["x-ms-service-request-id"]
    assert list(answer.error) == ["code", "message"]
    return answer.status, answer.error["code"], answer.error["message"]


def _payload_error(entity_set: str, inner: str) -> str:
    return (
        f"Error identified in Payload provided by the user for Entity :'{entity_set}', For more information "
        "on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  "
        f"InnerException : {inner}"
    )


@pytest.mark.parametrize(
    ("path", "status", "code", "message"),
    [
        (
            "workflows?$select=nam",
            400,
            "0x80060888",
            "Could not find a property named 'nam' on type 'Microsoft.Dynamics.CRM.workflow'. "
            "Did you mean ‘name’?",
        ),
        (
            "workflows?$filter=nam%20eq%20'x'",
            400,
            "0x80060888",
            "Could not find a property named 'nam' on type 'Microsoft.Dynamics.CRM.workflow'. "
            "Did you mean ‘name’?",
        ),
        (
            "flowsessions?$filter=workflowid%20eq%20null",
            400,
            "0x80060888",
            "Could not find a property named 'workflowid' on type 'Microsoft.Dynamics.CRM.flowsession'. "
            "Did you mean ‘parentworkflowid’?",
        ),
        (
            "workflow",
            404,
            "0x8006088a",
            "Resource not found for the segment 'workflow'. Did you mean ‘workflows’?",
        ),
        (
            "Workflows",
            404,
            "0x8006088a",
            "Resource not found for the segment 'Workflows'. Did you mean ‘workflows’?",
        ),
        ("zzz(1)", 404, "0x8006088a", "Resource not found for the segment 'zzz'."),
        (
            f"workflows({MISSING})",
            404,
            "0x80040217",
            f"workflow With Id = {MISSING} Does Not Exist",
        ),
        (
            f"workflows({MISSING})/input",
            404,
            "0x8006088a",
            "Resource not found for the segment 'input'. Did you mean ‘inputs’?",
        ),
        (
            f"flowsessions({MISSING})/outputs/$values",
            404,
            "0x8006088a",
            "Resource not found for the segment '$values'. Did you mean ‘$value’?",
        ),
        (
            f"workflows({MISSING})/RunDesktopFlow",
            404,
            "0x8006088a",
            f"Resource not found for the segment 'RunDesktopFlow'. Did you mean ‘{RUN}’?",
        ),
        (
            f"workflows({MISSING})/{RUN}",
            404,
            "0x8006088a",
            f"Resource not found for the segment '{RUN}'.",
        ),
        ("WhoAmI(a=1)", 404, "0x8006088a", "Resource not found for the segment 'WhoAmI(a=…)'."),
        (
            "workflows?$skip=1",
            400,
            "0x80060888",
            "The query parameter $skip is not supported; did you mean ‘$skiptoken’?",
        ),
        (
            f"workflows({MISSING})?$top=1",
            400,
            "0x80060888",
            "The query parameter $top is not supported on a single row. Leave it out.",
        ),
        (
            "workflows?$skiptoken=rubbish",
            400,
            "0x80060888",
            "The $skiptoken is not one of this list's; follow @odata.nextLink as it was given.",
        ),
        (
            "workflows?$expand=ownerid",
            501,
            "0x8006088a",
            "The query parameter $expand at position 1 in the query is not supported by this version.",
        ),
    ],
)
def test_bad_addresses_and_queries(
    server: LiveServer, path: str, status: int, code: str, message: str
) -> None:
    assert _error(server.call(path)) == (status, code, message)


@pytest.mark.parametrize(
    "path",
    [
        "workflows?$filter=category%20eq",
        "workflows?$filter=category%20eq%20'six'",
        "workflows?$filter=(category%20eq%206",
        "workflows?$filter=workflowid%20eq%20nonsense",
        "workflows?$orderby=name%20sideways",
        "workflows?$top=-1",
        "workflows?$top=0",
        "workflows?$count=perhaps",
        "workflows?$select=",
        "workflows?$select=name&$select=name",
        "workflows(no-guid-at-all)",
        "workflows('0a1b2c3d-0000-4000-8000-00000000dead')",
        "workflows(%ff)",
        "workflows()",
        "workflows(",
        f"workflows({MISSING}",
        f"workflows({str(MISSING)[:-1]})",
    ],
)
def test_what_cannot_be_read_is_a_bad_request(server: LiveServer, path: str) -> None:
    status, code, message = _error(server.call(path))

    assert (status, code) == (400, "0x80060888")
    assert message


@pytest.mark.parametrize("version", ["v8.2", "v9.3", "v10.0", "9.2"])
def test_other_versions_are_not_served(server: LiveServer, version: str) -> None:
    headers = {"Authorization": f"Bearer {server.api_token()}"}
    status, code, message = _error(server.send("GET", f"/api/data/{version}/workflows", headers=headers))

    assert (status, code) == (404, "0x8006088a")
    assert message.startswith(f"Resource not found for the segment '{version}'.")


# Methods


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("DELETE", "workflows", 405, "0x80060888"),
        ("PUT", "workflows", 405, "0x80060888"),
        ("POST", f"workflows({MISSING})", 405, "0x80060888"),
        ("POST", "WhoAmI", 405, "0x80060888"),
        ("DELETE", f"workflows({MISSING})/{RUN}", 405, "0x80060888"),
        ("POST", "$metadata", 405, "0x80060888"),
        ("POST", "", 405, "0x80060888"),
        ("PROPFIND", "workflows", 405, "0x80060888"),
        ("PUT", f"workflows({MISSING})", 405, "0x80060888"),
        ("POST", "flowsessions", 405, "0x80040800"),
        ("PATCH", f"flowlogs({MISSING})", 405, "0x80040800"),
        ("DELETE", f"systemusers({MISSING})", 405, "0x80040800"),
        ("PATCH", f"workflows({MISSING})/name", 501, "0x8006088a"),
        ("PUT", f"workflows({MISSING})/name/$value", 501, "0x8006088a"),
        ("POST", "EntityDefinitions", 501, "0x8006088a"),
        ("POST", "$batch", 501, "0x8006088a"),
    ],
)
def test_methods_that_do_not_fit_or_are_not_built(
    server: LiveServer, method: str, path: str, status: int, code: str
) -> None:
    assert _error(server.call(path, method=method))[:2] == (status, code)


def test_a_method_that_does_not_fit_is_told_which_does(server: LiveServer) -> None:
    answer = server.call("WhoAmI", method="POST")

    assert answer.headers["allow"] == "GET"
    assert answer.error["message"] == "The http method 'POST' is not supported. Use GET."


# Bodies


@pytest.mark.parametrize(
    ("body", "inner"),
    [
        (
            b"{",
            "The body is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 "
            "(char 1).",
        ),
        (b"[]", "The body is a list; send an object: {…}."),
        (
            b'{"runMode":"attended","connectionName":"x","timeOut":5}',
            "RunDesktopFlow has no parameter ‘timeOut’; did you mean ‘timeout’?",
        ),
        (
            b'{"runMode":1,"connectionName":"x"}',
            "Parameter ‘runMode’ takes a text, not a number. ‘attended’ or ‘unattended’.",
        ),
        (
            b'{"runMode":"attended","connectionName":"x","timeout":"soon"}',
            "Parameter ‘timeout’ takes a whole number, not a text. Seconds the run may take.",
        ),
        (
            b'{"runMode":"attended","connectionName":"x","inputs":{"a":1}}',
            "Parameter ‘inputs’ takes a text, not an object. "
            "The flow's inputs, as the text of a JSON object.",
        ),
    ],
)
def test_a_body_that_does_not_fit(server: LiveServer, flow_id: UUID, body: bytes, inner: str) -> None:
    answer = server.call(f"workflows({flow_id})/{RUN}", method="POST", body=body)

    assert _error(answer) == (400, "0x80048d19", _payload_error("workflows", inner))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"connectionName": "x"},
            "RunDesktopFlow: parameter ‘runMode’ is missing. ‘attended’ or ‘unattended’.",
        ),
        (
            {"runMode": "sometimes", "connectionName": "x"},
            "RunDesktopFlow: parameter ‘runMode’ is ‘sometimes’; it takes attended or unattended.",
        ),
        (
            {"runMode": "attended", "connectionName": "x", "timeout": 86_401},
            "RunDesktopFlow: parameter ‘timeout’ is 86401; it takes 1 to 86400 seconds.",
        ),
        (
            {"runMode": "attended", "connectionName": "x", "connectionType": 3},
            "RunDesktopFlow: parameter ‘connectionType’ is 3; it takes 1 (connection) or 2 "
            "(connection reference).",
        ),
    ],
)
def test_a_parameter_that_does_not_fit(
    server: LiveServer, flow_id: UUID, parameters: dict[str, Any], message: str
) -> None:
    answer = server.call(f"workflows({flow_id})/{RUN}", method="POST", body=parameters)

    assert _error(answer) == (400, "0x80040203", message)


@pytest.mark.parametrize("headers", [{}, {"Content_Type": "text/plain"}])
def test_a_missing_row_comes_before_a_bad_body(server: LiveServer, headers: dict[str, str]) -> None:
    answer = server.call(f"workflows({MISSING})/{RUN}", method="POST", body=b"{", **headers)

    assert _error(answer) == (404, "0x80040217", f"workflow With Id = {MISSING} Does Not Exist")


def test_an_unknown_connection(server: LiveServer, flow_id: UUID) -> None:
    body = {"runMode": "attended", "connectionName": "nobody's"}
    answer = server.call(f"workflows({flow_id})/{RUN}", method="POST", body=body)

    assert _error(answer) == (
        404,
        "0x80040217",
        "There is no connection ‘nobody's’. List the ones there are: deskhand connection list.",
    )


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_another_content_type(server: LiveServer, flow_id: UUID, content_type: str) -> None:
    answer = server.call(f"workflows({flow_id})/{RUN}", method="POST", body=b"{}", Content_Type=content_type)

    assert _error(answer)[:2] == (415, "0x80060888")


# Sizes


def test_a_body_that_is_too_large(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(request_body_max_bytes=2000)
    with running_server(tmp_path_factory.mktemp("small"), settings) as server:
        flow_id = server.flow("Invoice entry")
        path = f"workflows({flow_id})/{RUN}"
        answer = server.call(path, method="POST", body=b"{" + b" " * 2000)
        chunked = server.call(path, method="POST", body=b" " * 2001, Transfer_Encoding="chunked")

        assert _error(answer)[:2] == (413, "0x80040216")
        assert chunked.status in (400, 413)
        assert server.call("WhoAmI").status == 200


def test_a_body_that_grows_beyond_the_limit_while_it_is_sent(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = Settings(request_body_max_bytes=2000)
    with running_server(tmp_path_factory.mktemp("growing"), settings) as server:
        head = (
            f"POST /api/data/v9.2/workflows({MISSING})/{RUN} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Authorization: Bearer {server.api_token()}\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(head.encode() + b"7d1\r\n" + b" " * 2001 + b"\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_inputs_of_exactly_the_limit_are_taken(server: LiveServer, flow_id: UUID, machine: Machine) -> None:
    limit = server.services.settings.inputs_max_bytes
    frame = len('{"inputText":""}')
    body = {"runMode": "attended", "connectionName": machine.connection}
    path = f"workflows({flow_id})/{RUN}"

    fits = {**body, "inputs": '{"inputText":"' + "x" * (limit - frame) + '"}'}
    exceeds = {**body, "inputs": '{"inputText":"' + "x" * (limit - frame + 1) + '"}'}

    assert server.call(path, method="POST", body=fits).status == 200
    assert _error(server.call(path, method="POST", body=exceeds))[:2] == (400, "0x80040203")


# Limits


def test_a_run_too_many_in_a_minute(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("rate"), Settings(runs_per_minute=2)) as server:
        path = f"workflows({server.flow('Invoice entry')})/{RUN}"
        busy, other = server.machine("busy"), server.machine("other")
        bodies = [{"runMode": "attended", "connectionName": one.connection} for one in (busy, other)]
        first = [server.call(path, method="POST", body=bodies[0]).status for _ in range(2)]
        refused = server.call(path, method="POST", body=bodies[0])

        assert first == [200, 200]
        assert _error(refused)[:2] == (429, "0x80072322")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["deskhand-error"] == "DH3404"
        assert server.call(path, method="POST", body=bodies[1]).status == 200


def test_requests_too_many_of_one_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("requests"), Settings(requests_per_user=2)) as server:
        remaining = [
            server.call("WhoAmI").headers["x-ms-ratelimit-burst-remaining-xrm-requests"] for _ in range(2)
        ]
        refused = server.call("WhoAmI")

        assert remaining == ["1", "0"]
        assert _error(refused) == (
            429,
            "0x80072322",
            "Number of requests exceeded the limit of 2 over time window of 300 seconds.",
        )
        assert 1 <= int(refused.headers["retry-after"]) <= 300


# Rights


def test_a_missing_privilege_is_named(server: LiveServer, flow_id: UUID) -> None:
    user_id = server.user("nobody")
    privilege = Workflow.privilege(AccessRight.READ)
    expected = (
        f"Principal user (Id={user_id}, type=8, roleCount=0, privilegeCount=0, accessMode=0) is missing "
        f"prvReadworkflow privilege (Id={privilege.id}) on OTC=4703 for entity 'workflow'. "
        f"context.Caller={user_id}"
    )
    token = server.api_token(user_id)

    for path in (
        "workflows",
        f"workflows({flow_id})",
        f"workflows({flow_id})/inputs/$value",
        "workflows/$count",
    ):
        assert _error(server.call(path, token=token)) == (403, "0x80040220", expected)
    answer = server.call(f"workflows({flow_id})/{RUN}", method="POST", token=token, body={})
    assert _error(answer) == (403, "0x80040220", expected)


def test_a_flow_of_somebody_else_is_out_of_reach(server: LiveServer, flow_id: UUID) -> None:
    token = server.api_token(server.user("runner", "Desktop Flows Runner"))
    status, code, message = _error(server.call(f"workflows({flow_id})", token=token))

    assert (status, code) == (403, "0x80048306")
    assert message.startswith(
        f"SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: {flow_id},"
    )
    assert server.call("workflows?$select=name", token=token).json()["value"] == []


def test_who_may_only_run_a_flow_may_not_follow_the_run(server: LiveServer) -> None:
    flow_id = server.flow("Shared")
    user_id = server.user("guest", "Desktop Flows Runner")
    mask = ACCESS_FLAGS[AccessRight.READ]
    server.database.write(lambda tx: share(tx, Workflow, flow_id, user_id, mask))
    token = server.api_token(user_id)
    body = {"runMode": "attended", "connectionName": server.machine("guest", user_id).connection}

    started = server.call(f"workflows({flow_id})/{RUN}", method="POST", token=token, body=body)
    run_id = started.json()["flowsessionId"]

    assert started.status == 200
    for answer in (
        server.call(f"flowsessions({run_id})?$select=statuscode", token=token),
        server.call(f"flowsessions({run_id})/outputs/$value", token=token),
        server.call(f"flowsessions({run_id})/{CANCEL}", method="POST", token=token),
    ):
        assert _error(answer)[:2] == (403, "0x80048306")
    assert server.call(f"flowsessions({run_id})/{CANCEL}", method="POST").status == 204


@pytest.mark.parametrize("header", ["MSCRMCallerID", "CallerObjectId"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "workflows"), ("GET", "WhoAmI"), ("POST", f"workflows({MISSING})/{RUN}")],
)
def test_nobody_acts_as_somebody_else(server: LiveServer, header: str, method: str, path: str) -> None:
    answer = server.call(path, method=method, **{header: str(UUID(int=1))})

    assert _error(answer)[:2] == (403, "0x80040220")


def test_cancelling_a_finished_run(server: LiveServer, flow_id: UUID) -> None:
    machine = server.machine("finished")
    body = {"runMode": "attended", "connectionName": machine.connection}
    server.call(f"workflows({flow_id})/{RUN}", method="POST", body=body)
    order = server.begin(machine)
    server.finish(machine, order, {})

    answer = server.call(f"flowsessions({order.run_id})/{CANCEL}", method="POST")

    assert _error(answer) == (
        400,
        "0x80040265",
        f"Run {order.run_id} is not running any more: it ended as Succeeded, so there is nothing to cancel.",
    )


# What an error tells besides


def test_annotations_of_an_error_on_request(server: LiveServer) -> None:
    answer = server.call("nothing", Prefer='odata.include-annotations="*"')
    message = "Resource not found for the segment 'nothing'."

    assert answer.error == {
        "code": "0x8006088a",
        "message": message,
        "@Microsoft.PowerApps.CDS.HelpLink": "https://go.microsoft.com/fwlink/?linkid=2195293",
        "@Microsoft.PowerApps.CDS.TraceText": f"Request {answer.headers['req_id']}",
        "@Microsoft.PowerApps.CDS.InnerError.Message": message,
    }


def test_our_own_code_stands_beside_dataverses(server: LiveServer) -> None:
    assert server.call("nothing").headers["deskhand-error"] == "DH1502"


def test_rubbish_instead_of_http_does_not_stop_the_server(server: LiveServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"\x16\x03\x01\x00\xff not http at all\r\n\r\n")
        connection.recv(100)

    assert json.loads(server.call("WhoAmI").body)["UserId"] == str(server.installation.administrator_id)
