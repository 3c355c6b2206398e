"""The command line against a real ``deskhand up``: the main job, formats, exit codes, words."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskhand.core.log import MASK
from tests.command_line import run_command
from tests.faults.test_killed_processes import processes_of_flows
from tests.live import DESKHAND, ApiClient, CallbackReceiver, Deskhand, deskhand_up

pytestmark = pytest.mark.xdist_group("live")

SECRET = "kind-otter-7421-lamp"
SECRETIVE = """\
@SENSITIVE: [Pin, Echo]
@INPUT Pin : { 'Description': '', 'FriendlyName': 'Pin', 'Type': 'String' }
@OUTPUT Echo : { 'Description': '', 'FriendlyName': 'Echo', 'Type': 'String' }
@OUTPUT Length : { 'Description': '', 'FriendlyName': 'Length', 'Type': 'Numeric' }
SET Echo TO Pin
SET Length TO Pin.Length
Logging.LogMessage Message: $'''the pin is %Pin%''' LogLevel: Logging.LogLevel.InfoLevel
"""
LEAKY = (
    SECRETIVE + "File.ReadTextFromFile.ReadText File: Pin Encoding: File.TextFileEncoding.UTF8 Content=> C\n"
)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deskhand]:
    with deskhand_up(
        tmp_path_factory.mktemp("cli") / "data", DESKHAND_CALLBACK_ALLOW_INSECURE="true"
    ) as live:
        yield live


@pytest.fixture(scope="module")
def client(up: Deskhand) -> ApiClient:
    return up.client()


@pytest.fixture(scope="module")
def connection(up: Deskhand) -> str:
    return up.connection_name()


def ask(up: Deskhand, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, "--data", up.data)


def start(client: ApiClient, connection: str, flow: str, **parameters: Any) -> str:
    answer = client.run_flow(client.flow_id(flow), connection, **parameters)
    assert answer.status == 200, answer.body
    return str(answer.json()["flowsessionId"])


def until_running(client: ApiClient, session: str) -> None:
    end = time.monotonic() + 30
    while client.session(session)["statuscode"] != 2:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_first_start_says_where_it_answers_and_what_to_do_next(up: Deskhand, connection: str) -> None:
    lines = [line for line in up.log("up").splitlines() if line.startswith("  ")]

    assert re.fullmatch(r"  ✓ database      sqlite, revision \d{4}, \d+\.\d s", lines[0])
    assert re.fullmatch(
        rf"  Open http://127\.0\.0\.1:{up.port}/start\?code=\w{{4}}-\w{{4}}  "
        r"\(signs you in once, valid 10 min\)",
        lines.pop(5),
    )
    assert lines[1:] == [
        f"  ✓ new           {up.data}: administrator, this machine, samples",
        f"  ✓ web           http://127.0.0.1:{up.port}",
        f"  ✓ connection    {connection}   (the connectionName of this machine)",
        "  ✓ machine       this machine: 4 runs at a time",
        "  Next: deskhand flow list · deskhand token new me · deskhand runs list",
        "  Ctrl+C stops everything; running flows are asked to stop first.",
    ]


def test_the_samples_are_listed_with_inputs_and_outputs(up: Deskhand) -> None:
    listed = json.loads(up.command("flow", "list", "-o", "json"))

    shown = {row["name"]: (row["state"], row["inputs"], row["outputs"]) for row in listed}
    assert {name: shown[name] for name in ("Hello", "No such file", "Patience")} == {
        "Hello": ("published", ["Name", "HowOften", "Password"], ["Greeting", "Length", "PasswordLength"]),
        "No such file": ("published", ["Path"], ["Content"]),
        "Patience": ("published", ["Seconds"], ["Waited"]),
    }


def test_a_token_is_printed_alone(up: Deskhand) -> None:
    done = ask(up, "token", "new", "alone")

    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", done.stdout)


@pytest.mark.parametrize(
    "noun",
    [["flow"], ["runs"], ["machine"], ["connection"], ["token"], ["user"], ["role"], ["app"]],
    ids=" ".join,
)
def test_every_list_keeps_to_its_formats(up: Deskhand, noun: list[str]) -> None:
    if noun == ["app"]:
        up.command("app", "add", "billing")
    rows = json.loads(up.command(*noun, "list", "-o", "json"))
    lines = up.command(*noun, "list", "-o", "ndjson").splitlines()
    table = list(csv.DictReader(io.StringIO(up.command(*noun, "list", "-o", "csv"))))

    assert [list(json.loads(line)) for line in lines] == [list(row) for row in rows]
    assert [list(row) for row in table] == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("noun", "key"),
    [("flow", "workflowid"), ("machine", "flowmachineid"), ("connection", "name")],
)
def test_quiet_prints_ids_alone(up: Deskhand, noun: str, key: str) -> None:
    rows = json.loads(up.command(noun, "list", "-o", "json"))

    assert up.command(noun, "list", "--quiet").splitlines() == [row[key] for row in rows]


def test_a_run_is_listed_shown_and_followed_with_its_actions_and_values(
    up: Deskhand, client: ApiClient, connection: str
) -> None:
    with CallbackReceiver() as receiver:
        session = start(
            client, connection, "Hello", inputs='{"Name": "Ada", "HowOften": 2}', callbackUrl=receiver.url
        )
        tailed = ask(up, "runs", "tail", session[:8])
        assert receiver.wait_for({session})
    shown = json.loads(up.command("runs", "show", session, "-o", "json"))
    listed = json.loads(up.command("runs", "list", "--flow", "hello", "-o", "json"))

    assert tailed.returncode == 0
    assert re.fullmatch(
        r"  Main 2 +\d+\.\d ms  SET +Set Greeting to Hello Ada", tailed.stdout.splitlines()[0]
    )
    assert re.fullmatch(
        r'✓ Succeeded in .*   Greeting = "Hello Ada, hello Ada", Length = 20, PasswordLength = 0',
        tailed.stdout.splitlines()[-1],
    )
    assert shown["inputs"] == {"Name": "Ada", "HowOften": 2}
    assert shown["outputs"] == {"Greeting": "Hello Ada, hello Ada", "Length": 20, "PasswordLength": 0}
    assert [one["type"] for one in shown["events"]] == [
        "QueueEventEnqueued",
        "QueueEventAssigned",
        "QueueEventConfirmed",
        "QueueEventFinished",
    ]
    assert [(one["subflow"], one["line"], one["action"]) for one in shown["actions"]] == [
        ("Main", 2, "SET"),
        ("KeepInFile", 1, "DateTime.GetCurrentDateTime.Local"),
        ("KeepInFile", 2, "Text.ConvertDateTimeToText.FromCustomDateTime"),
        ("KeepInFile", 3, "File.WriteText"),
        ("KeepInFile", 4, "File.ReadTextFromFile.ReadTextAsList"),
        ("KeepInFile", 5, "Logging.LogMessage"),
        ("KeepInFile", 5, "Logging.LogMessage"),
        ("Main", 6, "CALL KeepInFile"),
        ("Main", 7, "SET"),
        ("Main", 8, "SET"),
    ]
    assert [row["flowsessionid"] for row in listed] == [session]


def test_a_failed_run_is_told_with_place_reason_and_exit_code(
    up: Deskhand, client: ApiClient, connection: str
) -> None:
    session = start(client, connection, "No such file")
    tailed = ask(up, "runs", "tail", session)
    failed = json.loads(up.command("runs", "list", "--failed", "-o", "json"))

    assert tailed.returncode == 1
    assert re.search(r"✖ Failed after .*   FileNotFound\n  There is no file ‘.*/missing.txt’;", tailed.stdout)
    assert [(row["flowsessionid"], row["errorcode"]) for row in failed if row["name"] == "No such file"] == [
        (session, "FileNotFound")
    ]


def test_a_running_run_is_cancelled_and_its_processes_are_gone(
    up: Deskhand, client: ApiClient, connection: str
) -> None:
    session = start(client, connection, "Patience")
    until_running(client, session)
    active = up.command("runs", "list", "--active", "--quiet").splitlines()
    done = ask(up, "runs", "cancel", session[:8], "--wait")
    again = ask(up, "runs", "cancel", session)

    assert active == [session]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("⊘ Canceled")
    assert ask(up, "runs", "tail", session).returncode == 8
    assert processes_of_flows(up.data) == []
    assert (again.returncode, again.stderr) == (
        6,
        f"DH3201 Run {session} is not running any more: it ended as Cancelled, "
        "so there is nothing to cancel.\n",
    )


def test_sensitive_values_appear_nowhere(
    up: Deskhand, client: ApiClient, connection: str, tmp_path: Path
) -> None:
    for name, text in (("Secretive", SECRETIVE), ("Leaky", LEAKY)):
        (tmp_path / f"{name}.robin").write_text(text)
        up.command("import", str(tmp_path / f"{name}.robin"))
    inputs = json.dumps({"Pin": SECRET})
    sessions = [start(client, connection, name, inputs=inputs) for name in ("Secretive", "Leaky")]
    statuses = [client.wait_until_final(session)["statuscode"] for session in sessions]

    shown = [up.command("runs", "show", session, "-o", "json") for session in sessions]
    texts = [ask(up, "runs", verb, session).stdout for session in sessions for verb in ("show", "tail")]
    logs = client.request("GET", "flowlogs").body.decode()
    columns = "errorcode,errormessage,errordetails,errorinnererror"
    errors = [json.dumps(client.session(session, columns)) for session in sessions]
    refused = client.run_flow(client.flow_id("Secretive"), connection, inputs=json.dumps({"Pin": [SECRET]}))
    on_disk = [path.read_bytes() for path in up.data.rglob("*") if path.is_file()]

    assert statuses == [4, 8]
    assert [json.loads(text)["inputs"] for text in shown] == [{"Pin": None}, {"Pin": None}]
    assert json.loads(shown[0])["outputs"] == {"Echo": None, "Length": len(SECRET)}
    assert f"the pin is {MASK}" in texts[0]
    everything = [*shown, *texts, logs, *errors, refused.body.decode(), up.log("up")]
    assert [text for text in everything if SECRET in text] == []
    assert [data for data in on_disk if SECRET.encode() in data] == []


def test_a_run_that_is_too_slow_ends_with_the_timeouts_code(
    up: Deskhand, client: ApiClient, connection: str
) -> None:
    session = start(client, connection, "Patience", timeout=1)

    client.wait_until_final(session)

    row = client.session(session, "statuscode,errorcode")
    assert (row["statuscode"], row["errorcode"]) == (8, "DesktopFlowsActionTimeout")
    assert processes_of_flows(up.data) == []


def test_an_unattended_run_runs_beside_an_attended_one(
    up: Deskhand, client: ApiClient, connection: str
) -> None:
    first, waiting = (start(client, connection, "Patience", runMode="attended") for _ in range(2))
    until_running(client, first)
    beside = start(client, connection, "Patience", runMode="unattended")
    until_running(client, beside)
    statuses = [client.session(one)["statuscode"] for one in (first, waiting, beside)]
    for one in (waiting, first, beside):
        assert client.cancel(one).status == 204

    assert statuses == [2, 3, 2]
    assert [client.wait_until_final(one)["statuscode"] for one in (first, waiting, beside)] == [7, 7, 7]
    assert json.loads(up.command("runs", "show", waiting, "-o", "json"))["actions"] == []


def test_a_draft_runs_only_after_it_is_published(up: Deskhand, tmp_path: Path) -> None:
    (tmp_path / "Versioned.robin").write_text("SET A TO 1\n")
    up.command("import", str(tmp_path / "Versioned.robin"))
    (tmp_path / "Versioned.robin").write_text("SET A TO 2\n")
    up.command("import", str(tmp_path / "Versioned.robin"), "--draft")
    before = up.command("flow", "show", "Versioned", "--text")
    draft = up.command("flow", "show", "Versioned", "--text", "--draft")
    refused = ask(up, "flow", "publish", "Versioned", "--note", "x" * 501)
    up.command("flow", "publish", "Versioned", "--note", "Counts to two")
    after = up.command("flow", "show", "Versioned", "--text")
    again = ask(up, "flow", "publish", "Versioned")

    assert "it has 501 characters; 500 are the most" in refused.stderr
    assert (before, draft, after) == ("SET A TO 1\n", "SET A TO 2\n", "SET A TO 2\n")
    assert (again.returncode, again.stderr) == (
        3,
        "DH1301 There is no draft of ‘Versioned’: what is published is its newest version.\n",
    )


def test_deleting_asks_nobody_who_cannot_answer(up: Deskhand, tmp_path: Path) -> None:
    (tmp_path / "Fleeting.robin").write_text("SET A TO 1\n")
    up.command("import", str(tmp_path / "Fleeting.robin"))
    asked = ask(up, "flow", "delete", "Fleeting")
    done = ask(up, "flow", "delete", "Fleeting", "--yes")
    gone = ask(up, "flow", "show", "Fleeting")

    assert asked.returncode == 2
    assert "--yes deletes without asking" in asked.stderr
    assert (done.returncode, done.stderr) == (0, "Deleted ‘Fleeting’ and 0 runs of it.\n")
    assert gone.returncode == 3


def test_a_share_lets_somebody_else_run_a_flow_and_not_read_its_runs(up: Deskhand, connection: str) -> None:
    up.command("user", "add", "anna", "--role", "Environment Maker")
    anna = ApiClient(up.port, up.command("token", "new", "annas", "--user", "anna").strip())
    hello = json.loads(up.command("flow", "show", "Hello", "-o", "json"))["workflowid"]
    before = anna.request("GET", f"workflows({hello})?$select=name").status
    up.command("flow", "share", "Hello", "--user", "anna")
    after = anna.request("GET", f"workflows({hello})?$select=name").status

    assert (before, after) == (403, 200)


def test_a_second_machine_registers_with_a_token_and_takes_runs(
    up: Deskhand, client: ApiClient, tmp_path: Path
) -> None:
    token = up.command("machine", "token").strip()
    server = f"http://127.0.0.1:{up.port}"
    other = Deskhand(tmp_path / "other", port=up.port)
    registered = other.command(
        "machine", "register", "--server", server, "--token", token, "--name", "second"
    )
    again = run_command(
        *("machine", "register", "--server", server, "--token", token, "--name", "third"),
        *("--data", tmp_path / "third"),
    )
    connection = up.command("connection", "add", "--machine", "second").strip()
    session = start(client, connection, "Hello")
    waiting = client.session(session)["statuscode"]
    other.run_machine()
    try:
        row = client.wait_until_final(session)
        shown = json.loads(up.command("runs", "show", session, "-o", "json"))
        machines = json.loads(up.command("machine", "list", "-o", "json"))
    finally:
        other.stop()

    assert registered == f"✓ second is registered.  Start it: deskhand machine run --server {server}\n"
    assert again.returncode == 4
    assert (waiting, row["statuscode"], shown["machine"]) == (3, 4, "second")
    assert ("second", "Connected") in [(one["name"], one["connectivity"]) for one in machines]


def test_runs_of_higher_priority_go_first(up: Deskhand, client: ApiClient, tmp_path: Path) -> None:
    token = up.command("machine", "token").strip()
    server = f"http://127.0.0.1:{up.port}"
    other = Deskhand(tmp_path / "single", port=up.port, environment={"DESKHAND_SESSION_CAPACITY": "1"})
    other.command("machine", "register", "--server", server, "--token", token, "--name", "single")
    connection = up.command("connection", "add", "--machine", "single").strip()
    normal = start(client, connection, "Hello")
    high = start(client, connection, "Hello", runPriority="high")
    other.run_machine()
    try:
        for session in (normal, high):
            assert client.wait_until_final(session)["statuscode"] == 4
    finally:
        other.stop()
    began = {one: client.session(one, "startedon")["startedon"] for one in (normal, high)}
    events = {
        one: json.loads(up.command("runs", "show", one, "-o", "json"))["events"] for one in (normal, high)
    }

    assert began[high] <= began[normal]
    assigned = {one: events[one][1]["on"] for one in (normal, high)}
    assert assigned[high] < assigned[normal]


def test_one_cannot_find_out_by_a_traceback(up: Deskhand, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    broken = tmp_path / "broken"
    (broken / "keys").mkdir(parents=True)
    for key in (up.data / "keys").iterdir():
        (broken / "keys" / key.name).write_bytes(key.read_bytes())
        (broken / "keys" / key.name).chmod(0o600)
    (broken / "keys").chmod(0o700)
    (broken / "deskhand.db").write_text("no database " * 100)
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "deskhand.toml").write_text("runs_per_minute = 'many'\n")
    commands: list[tuple[int, list[str | Path]]] = [
        (3, ["flow", "list", "--data", tmp_path / "nothing"]),
        (2, ["flow", "list", "--data", tmp_path / "file"]),
        (5, ["flow", "list", "--data", broken]),
        (2, ["config", "show", "--data", tmp_path / "odd"]),
        (1, ["up", "--data", "/proc/nothing/here"]),
        (
            5,
            ["machine", "register", "--server", "http://127.0.0.1:9", "--token", "dhm_x", "--data", tmp_path],
        ),
        (3, ["machine", "run", "--server", "http://127.0.0.1:9", "--data", tmp_path]),
        (3, ["runs", "show", "0000"]),
        (2, ["runs", "lst"]),
        (3, ["help", "DH9999"]),
    ]
    environment = {"DESKHAND_DATA": str(up.data)}
    done = [(code, run_command(*command, **environment)) for code, command in commands]

    assert [one.returncode for _, one in done] == [code for code, _ in done]
    assert [one.stderr for _, one in done if "Traceback" in one.stderr or not one.stderr] == []
    assert [one.stdout for _, one in done if one.stdout] == []


def test_ctrl_c_ends_a_local_run_and_its_process(tmp_path: Path) -> None:
    sample = Path(__file__).resolve().parents[2] / "samples" / "patience"
    process = subprocess.Popen(
        [DESKHAND, "run", str(sample)],
        env=dict(os.environ, TMPDIR=str(tmp_path)),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "WAIT" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert processes_of_flows(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("cut.zip", b"PK\x03\x04rest", "DH5002"),
        ("noise.zip", b"\x00\x01\x02", "DH5002"),
        ("empty.robin", b"", "DH5001"),
        ("picture.robin", b"\x89PNG\r\n\x1a\n", "DH5001"),
        ("missing.zip", None, "DH5001"),
    ],
    ids=["cut", "noise", "empty", "picture", "missing"],
)
def test_what_cannot_be_imported_is_refused_by_name_and_changes_nothing(
    up: Deskhand, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = up.command("flow", "list", "-o", "json")
    done = ask(up, "import", path)

    assert done.returncode in (1, 3)
    assert done.stderr.startswith(f"{code} ")
    assert name in done.stderr
    assert up.command("flow", "list", "-o", "json") == before


def test_a_zip_that_points_outside_is_refused(up: Deskhand, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "climbs.zip", "w") as archive:
        archive.writestr("../../customizations.xml", "<ImportExportXml/>")
    done = ask(up, "import", tmp_path / "climbs.zip")

    assert done.returncode == 1
    assert done.stderr.startswith("DH5004 climbs.zip: entry ‘../../customizations.xml’")
