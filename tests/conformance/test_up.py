"""``up``, ``serve`` and ``machine run`` as processes: addresses, stopping, restarting, PostgreSQL, demo."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from tests.command_line import run_command
from tests.faults.test_killed_processes import processes_of_flows
from tests.live import DESKHAND, Deskhand, deskhand_up, free_port
from tests.postgresql import Databases, running_cluster

pytestmark = pytest.mark.xdist_group("live")

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def certificate(directory: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Make a chain and a key for this machine; yields them and the authority's certificate."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    chain, key, trusted = (directory / name for name in ("chain.pem", "key.pem", "ca.pem"))
    issued.private_key_pem.write_to_path(str(key))
    for blob in issued.cert_chain_pems:
        blob.write_to_path(str(chain), append=True)
    authority.cert_pem.write_to_path(str(trusted))
    yield chain, key, trusted


def test_a_second_server_on_a_data_directory_is_refused(tmp_path: Path) -> None:
    with deskhand_up(tmp_path / "data") as first:
        pid = first.processes["up"].pid
        again = run_command("up", "--data", first.data, "--port", str(free_port()))
        same_port = run_command("up", "--data", tmp_path / "other", "--port", str(first.port))

    assert (again.returncode, again.stdout, again.stderr) == (
        6,
        "",
        f"DH0105 Cannot start: process {pid} serves {first.data} already. Stop it, or use another --data.\n",
    )
    assert (same_port.returncode, same_port.stdout) == (5, "")
    assert same_port.stderr.startswith(
        f"DH0101 Cannot start: port {first.port} on 127.0.0.1 is in use by process {pid} ("
    )
    assert sorted(path.name for path in (tmp_path / "other").iterdir()) == ["server.lock"]


@pytest.mark.parametrize(
    ("arguments", "beginning"),
    [
        (["--host", "0.0.0.0"], "DH0103 Cannot start: 0.0.0.0 can be reached from other machines"),
        (["--host", "192.0.2.7", "--behind-proxy"], "DH0102 Cannot start: listening on 192.0.2.7:"),
        (["--tls-cert", "{file}", "--tls-key", "{file}"], "DH0106 Cannot start: "),
        (["--tls-cert", "{file}"], "Usage: deskhand serve"),
        (["--port", "70000"], "Usage: deskhand serve"),
    ],
    ids=["no TLS", "not ours", "no certificate", "no key", "no port"],
)
def test_an_address_that_cannot_be_served_is_refused_before_anything_is_made(
    tmp_path: Path, arguments: list[str], beginning: str
) -> None:
    (tmp_path / "file.pem").write_text("no certificate")
    given = [one.format(file=tmp_path / "file.pem") for one in arguments]
    done = run_command("serve", "--data", tmp_path / "data", *given)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(beginning)
    assert not (tmp_path / "data" / "deskhand.db").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
def test_a_signal_stops_everything_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    installation = Deskhand(tmp_path / "data")
    try:
        installation.up()
        client = installation.client()
        answer = client.run_flow(client.flow_id("Patience"), installation.connection_name())
        assert answer.status == 200
        while not processes_of_flows(installation.data):
            time.sleep(0.02)
        process = installation.processes["up"]
        process.send_signal(number)
        code = process.wait(60)
    finally:
        installation.stop()

    log = installation.log("up")
    assert code == 0
    assert log.splitlines()[-1] == "  Stopping."
    assert "Traceback" not in log
    assert processes_of_flows(installation.data) == []


def test_a_restart_keeps_flows_runs_tokens_and_the_connection(tmp_path: Path) -> None:
    installation = Deskhand(tmp_path / "data")
    try:
        installation.up()
        client, connection = installation.client(), installation.connection_name()
        session = client.run_flow(client.flow_id("Hello"), connection).json()["flowsessionId"]
        client.wait_until_final(session)
        commands = [["flow", "list"], ["runs", "show", session], ["connection", "list"], ["token", "list"]]
        before = [installation.command(*one, "-o", "json") for one in commands]
        installation.stop()
        installation.up()
        after = [installation.command(*one, "-o", "json") for one in commands]
        again = client.run_flow(client.flow_id("Hello"), connection).json()["flowsessionId"]
        status = client.wait_until_final(again)["statuscode"]
    finally:
        installation.stop()

    assert after == before
    assert status == 4


def test_server_and_machine_apart_over_tls(tmp_path: Path) -> None:
    installation = Deskhand(tmp_path / "data")
    with certificate(tmp_path) as (chain, key, trusted):
        files = ("--tls-cert", str(chain), "--tls-key", str(key))
        url = f"https://localhost:{installation.port}"
        trust = ssl.create_default_context(cafile=str(trusted))
        try:
            installation.start(
                "serve", "serve", "--host", "0.0.0.0", "--port", str(installation.port), *files
            )
            status = _until_answered(f"{url}/readyz", trust)
            token = installation.command("machine", "token").strip()
            other = Deskhand(tmp_path / "machine", port=installation.port)
            other.command(
                "machine",
                "register",
                "--server",
                url,
                "--token",
                token,
                "--name",
                "far",
                "--ca",
                str(trusted),
            )
            untrusted = run_command(
                "machine", "register", "--server", url, "--token", token, "--data", tmp_path / "x"
            )
            clear = run_command(
                *("machine", "register", "--server", "http://rpa.example.org", "--token", "dhm_x"),
                *("--data", tmp_path / "y"),
            )
            installation.start("agent", "machine", "run", "--server", url, "--ca", str(trusted))
            try:
                while '"Connected"' not in installation.command("machine", "list", "-o", "json"):
                    time.sleep(0.05)
            finally:
                other.stop()
        finally:
            installation.stop()

    assert status == 200
    assert (untrusted.returncode, untrusted.stderr.partition(" ")[0]) == (5, "DH3054")
    assert (clear.returncode, clear.stderr.partition(" ")[0]) == (2, "DH3053")


def _until_answered(url: str, trust: ssl.SSLContext) -> int:
    while True:
        try:
            with urllib.request.urlopen(url, context=trust) as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.05)


def test_the_address_of_the_machine_itself_works_on_every_address(tmp_path: Path) -> None:
    installation = Deskhand(tmp_path / "data")
    try:
        installation.start(
            "up", "up", "--port", str(installation.port), "--host", "0.0.0.0", "--behind-proxy"
        )
        installation.wait_until_ready()
        client = installation.client()
        session = client.run_flow(client.flow_id("Hello"), installation.connection_name()).json()[
            "flowsessionId"
        ]
        status = client.wait_until_final(session)["statuscode"]
    finally:
        installation.stop()

    assert status == 4


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Databases]:
    with running_cluster() as cluster:
        yield Databases(cluster)


def test_the_straight_line_on_postgresql(tmp_path: Path, postgresql: Databases) -> None:
    url = postgresql.cluster.url(postgresql.create())
    with deskhand_up(tmp_path / "data", DESKHAND_DATABASE_URL=url) as installation:
        client, connection = installation.client(), installation.connection_name()
        inputs = json.dumps({"Name": "Ada", "Password": "kind-otter-7421-lamp"})
        session = client.run_flow(client.flow_id("Hello"), connection, inputs=inputs).json()["flowsessionId"]
        status = client.wait_until_final(session)["statuscode"]
        shown = json.loads(installation.command("runs", "show", session, "-o", "json"))
        long = client.run_flow(client.flow_id("Patience"), connection).json()["flowsessionId"]
        while client.session(long)["statuscode"] != 2:
            time.sleep(0.02)
        cancelled = client.cancel(long).status
        ended = client.wait_until_final(long)["statuscode"]
        first_line = installation.log("up").splitlines()[0]

    assert first_line.startswith("  ✓ database      postgresql, revision ")
    assert (status, shown["outputs"]) == (4, {"Greeting": "Hello Ada", "Length": 9, "PasswordLength": 20})
    assert shown["inputs"] == {"Name": "Ada", "Password": None}
    assert (cancelled, ended) == (204, 7)
    assert processes_of_flows(installation.data) == []


def test_a_postgresql_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    address = "postgresql://deskhand:kind-otter@127.0.0.1:9/deskhand"
    done = run_command("serve", "--data", tmp_path / "data", "--port", "0", DESKHAND_DATABASE_URL=address)
    shown = run_command("config", "show", "-o", "json", "--data", tmp_path, DESKHAND_DATABASE_URL=address)

    assert (done.returncode, done.stderr.partition(" ")[0]) == (5, "DH0201")
    assert "kind-otter" not in done.stderr + done.stdout + shown.stdout
    settings = {row["setting"]: row["value"] for row in json.loads(shown.stdout)}
    assert settings["database_url"] == "postgresql://deskhand:********@127.0.0.1:9/deskhand"


def test_the_demo_ends_well_and_tells_no_secret() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "demo.py"], capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout + done.stderr
    last = "Done: one run succeeded with its outputs and callback, one was cancelled."
    assert last in done.stdout.splitlines()
    told = [line for line in done.stdout.splitlines() if "kind otter" in line]
    assert [line for line in told if '"inputs"' not in line] == []


@pytest.mark.parametrize(
    "modules",
    ["deskhand.cli", "deskhand.cli.local_run, deskhand.cli.check, deskhand.server.reading"],
    ids=["the command", "running and checking texts"],
)
def test_what_needs_no_database_loads_none(modules: str) -> None:
    code = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"sqlalchemy", "alembic", "uvicorn", "cryptography"} & {*done.stdout.split()} == set()


def test_the_command_runs_as_a_module_too(tmp_path: Path) -> None:
    version = run_command("version").stdout
    done = subprocess.run(
        [sys.executable, "-m", "deskhand", "version"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )

    assert (done.returncode, done.stdout) == (0, version)
    assert Path(DESKHAND).is_file()
