"""Desktop flows started from cloud flows, on a real server with a real agent. Source: cloud-flows 4."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cloud_runs import after
from tests.live import Answer, ApiClient, Deskhand, deskhand_up

pytestmark = pytest.mark.xdist_group("live")

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "greet-twice" / "GreetTwice-0C9B52A4-6C58-4F5E-9D2B-6A6B3CF3A101.json"
FIRST = "Run_a_flow_built_with_Power_Automate_for_desktop"
SECOND = f"{FIRST}_2"
REFERENCE = "deskhand_thismachine"
HELLO, NO_SUCH_FILE, PATIENCE = (f"0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a00{number}" for number in (1, 2, 3))
SECRET = "kind-otter-7421-lamp"
GREETED = {"greeting": "Hello Hello Ada, hello Ada, hello Hello Ada, hello Ada", "letters": 74}
SECONDS = 60.0
"""Only keeps a broken build from hanging."""


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deskhand]:
    with deskhand_up(tmp_path_factory.mktemp("desktop") / "data") as live:
        yield live


@pytest.fixture(scope="module")
def client(up: Deskhand) -> ApiClient:
    return up.client()


def sample() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return document


def bring(up: Deskhand, directory: Path, name: str, change: Callable[[dict[str, Any]], None]) -> str:
    """Import the sample under another name with its definition changed, and switch it on."""
    document = sample()
    change(document["properties"]["definition"])
    path = directory / f"{name}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    up.command("import", str(path), "--connect", f"{REFERENCE}={up.connection_name()}")
    up.command("cloudflow", "on", name)
    return name


def called_over_http(definition: dict[str, Any]) -> None:
    definition["triggers"] = {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}}


def desktop(
    flow_id: str, *, mode: str = "unattended", before: Mapping[str, Any] | None = None, **item: Any
) -> dict[str, Any]:
    """Return an action as the designer saves it."""
    action: dict[str, Any] = sample()["properties"]["definition"]["actions"][FIRST]
    inputs = {f"item/{name}": value for name, value in item.items()}
    action["inputs"]["parameters"] = {"uiFlowId": flow_id, "runMode": mode, **inputs}
    return {**action, "runAfter": dict(before or {})}


def post(up: Deskhand, name: str, body: Any) -> Answer:
    """Call a flow's address."""
    parts = urlsplit(up.command("cloudflow", "url", name).strip())
    connection = http.client.HTTPConnection("127.0.0.1", up.port, timeout=SECONDS)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", f"{parts.path}?{parts.query}", json.dumps(body), headers)
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


def runs(client: ApiClient, name: str) -> list[Any]:
    listed = client.request("GET", f"flowruns?$filter=_workflow_value%20eq%20{client.flow_id(name)}")
    found: list[Any] = listed.json()["value"]
    return found


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def ended(up: Deskhand, client: ApiClient, name: str) -> dict[str, Any]:
    """Wait until a flow's only run has ended, and return it with its actions by name."""
    wait_until(lambda: [one["endtime"] is not None for one in runs(client, name)] == [True])
    (row,) = runs(client, name)
    run: dict[str, Any] = json.loads(up.command("cloudflow", "run", "show", row["name"], "-o", "json"))
    return {**run, "actions": {one["name"]: one for one in run["actions"]}}


def sessions(client: ApiClient, run_name: str, flow_id: str) -> list[Any]:
    """Return the desktop flow's sessions that a run started."""
    wanted = f"_regardingobjectid_value%20eq%20{flow_id}"
    listed = client.request("GET", f"flowsessions?$filter={wanted}").json()["value"]
    return [one for one in listed if one["parentcloudflowrunsequenceid"] == run_name]


def test_the_sample_runs_a_desktop_flow_attended_then_unattended_and_uses_what_they_return(
    up: Deskhand, client: ApiClient
) -> None:
    up.command("import", str(SAMPLE), "--connect", f"{REFERENCE}={up.connection_name()}")
    up.command("cloudflow", "on", "GreetTwice")
    up.command("cloudflow", "run", "GreetTwice", "--input", "Name=Ada", "--input", "How often=2", "--wait")
    run = ended(up, client, "GreetTwice")

    actions = run["actions"]
    assert {name: one["status"] for name, one in actions.items()} == dict.fromkeys(
        (FIRST, SECOND, "Compose"), "Succeeded"
    )
    assert actions["Compose"]["outputs"] == GREETED
    started = sessions(client, run["run"], HELLO)
    assert sorted(one["runmode"] for one in started) == [1, 2]
    assert {one["statuscode"] for one in started} == {4}
    outputs = actions[FIRST]["outputs"]
    assert outputs["body"] == {"Greeting": "Hello Ada, hello Ada", "Length": 20, "PasswordLength": 0}
    assert (outputs["statusCode"], outputs["headers"]["x-ms-flow-session-id"]) == (
        200,
        actions[FIRST]["linked"]["id"],
    )
    parameters = actions[SECOND]["inputs"]["parameters"]
    assert (parameters["item/Name"], parameters["item/HowOften"]) == ("Hello Ada, hello Ada", 2)


def test_the_same_flow_runs_on_a_schedule(up: Deskhand, client: ApiClient, tmp_path: Path) -> None:
    def on_schedule(definition: dict[str, Any]) -> None:
        recurrence = {"frequency": "Day", "interval": 1}
        definition["triggers"] = {"Recurrence": {"type": "Recurrence", "recurrence": recurrence}}
        parameters = definition["actions"][FIRST]["inputs"]["parameters"]
        parameters |= {"item/Name": "Ada", "item/HowOften": 2}

    run = ended(up, client, bring(up, tmp_path, "Scheduled", on_schedule))

    assert (run["status"], run["actions"]["Compose"]["outputs"]) == ("Succeeded", GREETED)


def test_the_same_flow_runs_by_an_http_request_and_answers(up: Deskhand, tmp_path: Path) -> None:
    def by_request(definition: dict[str, Any]) -> None:
        called_over_http(definition)
        inputs = {"statusCode": 200, "body": "@outputs('Compose')"}
        definition["actions"]["Response"] = {
            "type": "Response",
            "kind": "Http",
            "inputs": inputs,
            "runAfter": after("Compose"),
        }

    name = bring(up, tmp_path, "Requested", by_request)

    answer = post(up, name, {"text": "Ada", "number": 2})
    assert (answer.status, answer.json()) == (200, GREETED)


def test_a_sensitive_input_is_nowhere_to_be_read(up: Deskhand, client: ApiClient, tmp_path: Path) -> None:
    def with_secret(definition: dict[str, Any]) -> None:
        called_over_http(definition)
        secure = {"secureData": {"properties": ["inputs", "outputs"]}}
        definition["triggers"]["manual"]["runtimeConfiguration"] = secure
        definition["actions"] = {"Hello": desktop(HELLO, Name="Ada", Password="@triggerBody()?['password']")}

    def constant(definition: dict[str, Any]) -> None:
        definition["actions"] = {
            "Hello": desktop(HELLO, Name="Ada", Password="@concat('kind-otter-', '7421-lamp')")
        }

    name = bring(up, tmp_path, "Secretive", with_secret)
    assert post(up, name, {"password": SECRET}).status == 202
    run = ended(up, client, name)
    other = bring(up, tmp_path, "Careless", constant)
    up.command("cloudflow", "run", other, "--input", "Name=x", "--input", "How often=1")
    masked = ended(up, client, other)

    session_id = run["actions"]["Hello"]["linked"]["id"]
    assert (run["status"], run["actions"]["Hello"]["outputs"]["body"]["PasswordLength"]) == (
        "Succeeded",
        len(SECRET),
    )
    assert masked["actions"]["Hello"]["inputs"]["parameters"]["item/Password"] is None
    told = [
        json.dumps(run),
        json.dumps(masked),
        up.command("cloudflow", "run", "show", run["run"]),
        up.command("runs", "show", session_id),
        client.request("GET", f"flowsessions({session_id})").body.decode(),
        client.request("GET", f"flowruns?$filter=name%20eq%20'{run['run']}'").body.decode(),
        client.request("GET", f"flowlogs?$filter=_parentobjectid_value%20eq%20{session_id}").body.decode(),
        up.log("up"),
    ]
    assert [text for text in told if SECRET in text] == []
    files = [path for path in up.data.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []


def test_a_cancelled_run_cancels_the_session_that_it_waits_for(
    up: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    def patient(definition: dict[str, Any]) -> None:
        called_over_http(definition)
        definition["actions"] = {
            "Wait": desktop(PATIENCE, Seconds=600),
            "Next": {"type": "Compose", "inputs": 1, "runAfter": after("Wait")},
        }

    name = bring(up, tmp_path, "Cancelled", patient)
    post(up, name, {})
    (started,) = runs(client, name)
    wait_until(lambda: [one["statuscode"] for one in sessions(client, started["name"], PATIENCE)] == [2])
    up.command("cloudflow", "cancel", started["name"], "--wait")
    run = ended(up, client, name)

    (session,) = sessions(client, run["run"], PATIENCE)
    assert client.wait_until_final(session["flowsessionid"])["statuscode"] == 7
    assert (run["status"], {key: one["status"] for key, one in run["actions"].items()}) == (
        "Cancelled",
        {"Wait": "Cancelled", "Next": "Skipped"},
    )


def test_a_failing_desktop_flow_tells_its_error_in_every_place_that_flows_read(
    up: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    read = {
        "status": "@outputs('Read')?['statusCode']",
        "code": "@outputs('Read')?['body']?['error']?['code']",
        "message": "@actions('Read')?['error']?['message']",
        "same": "@equals(body('Read')['error'], actions('Read')['error'])",
        "action": "@actions('Read')?['code']",
    }

    def failing(definition: dict[str, Any]) -> None:
        called_over_http(definition)
        definition["actions"] = {
            "Read": desktop(NO_SUCH_FILE, Path=str(tmp_path / "gone.txt")),
            "Tell": {"type": "Compose", "inputs": read, "runAfter": after("Read", statuses=("Failed",))},
        }

    name = bring(up, tmp_path, "Failing", failing)
    post(up, name, {})
    run = ended(up, client, name)

    told = run["actions"]["Tell"]["outputs"]
    assert f"There is no file ‘{tmp_path}/gone.txt’" in told.pop("message")
    assert told == {"status": 400, "code": "FileNotFound", "same": True, "action": "BadRequest"}
    assert (run["status"], run["actions"]["Read"]["status"]) == ("Succeeded", "Failed")


@pytest.mark.parametrize(
    ("attended", "unattended", "status", "body"),
    [
        ("there.txt", "gone.txt", 200, {"Content": "found"}),
        ("gone.txt", "there.txt", 200, {"Content": "found"}),
        ("gone.txt", "gone.txt", 500, ["FileNotFound", "FileNotFound"]),
    ],
    ids=["attended", "unattended", "neither"],
)
def test_attended_else_unattended(
    up: Deskhand, tmp_path: Path, attended: str, unattended: str, status: int, body: Any
) -> None:
    (tmp_path / "there.txt").write_text("found", encoding="utf-8")

    def attempt(mode: str, path: str) -> dict[str, Any]:
        name = f"Run_{mode}_RPA"
        inputs = {"statusCode": 200, "body": f"@body('{name}')"}
        return {
            name: desktop(NO_SUCH_FILE, mode=mode, Path=str(tmp_path / path)),
            f"Answer_{mode}": {"type": "Response", "kind": "Http", "inputs": inputs, "runAfter": after(name)},
        }

    def pattern(definition: dict[str, Any]) -> None:
        called_over_http(definition)
        codes = [f"@body('Run_{mode}_RPA')?['error']?['code']" for mode in ("attended", "unattended")]
        otherwise = ("Failed", "Skipped", "TimedOut")
        definition["actions"] = {
            "Try_attended": {"type": "Scope", "actions": attempt("attended", attended)},
            "Try_unattended": {
                "type": "Scope",
                "actions": attempt("unattended", unattended),
                "runAfter": after("Try_attended", statuses=("Failed", "TimedOut", "Skipped")),
            },
            "Answer_failure": {
                "type": "Response",
                "kind": "Http",
                "inputs": {"statusCode": 500, "body": codes},
                "runAfter": after("Try_unattended", statuses=otherwise),
            },
        }

    answer = post(up, bring(up, tmp_path, f"Either {attended} {unattended}", pattern), {})

    assert (answer.status, answer.json()) == (status, body)


def test_a_desktop_flow_is_started_once_however_often_the_server_is_killed(tmp_path: Path) -> None:
    installation = Deskhand(tmp_path / "data")
    try:
        installation.up()
        installation.stop()
        installation.serve()
        installation.run_machine()
        client = installation.client()

        def steps(definition: dict[str, Any]) -> None:
            called_over_http(definition)
            definition["actions"] = {
                "First": desktop(HELLO, Name="Ada"),
                "Second": desktop(PATIENCE, Seconds=2, before=after("First")),
                "Third": desktop(HELLO, Name="@string(body('Second')?['Waited'])", before=after("Second")),
            }

        name = bring(installation, tmp_path, "Killed", steps)
        post(installation, name, {})
        (started,) = runs(client, name)
        for flow_id, count in ((HELLO, 1), (PATIENCE, 1), (HELLO, 2)):
            wait_until(
                lambda flow_id=flow_id, count=count: len(sessions(client, started["name"], flow_id)) >= count
            )  # type: ignore[misc]
            installation.kill("serve")
            installation.serve()
        run = ended(installation, client, name)

        assert (run["status"], run["actions"]["Third"]["outputs"]["body"]["Greeting"]) == (
            "Succeeded",
            "Hello 2",
        )
        assert [one["statuscode"] for one in sessions(client, run["run"], HELLO)] == [4, 4]
        assert [one["statuscode"] for one in sessions(client, run["run"], PATIENCE)] == [4]
    finally:
        installation.stop()
