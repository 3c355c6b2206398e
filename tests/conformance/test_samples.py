"""Every sample runs with ``deskhand run`` and does what its page says; so do texts, folders and fragments."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import run_command

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"


def run_flow(tmp_path: Path, source: Path | str, *arguments: str) -> tuple[int, Any]:
    done = run_command("run", source, *arguments, "-o", "json", "--data", tmp_path / "none", cwd=tmp_path)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def succeeded(**outputs: Any) -> tuple[int, Any]:
    return 0, {"status": "succeeded", "outputs": outputs, "error": None}


def test_every_sample_is_on_the_page_of_samples_and_each_is_tested() -> None:
    listed = re.findall(r"^\| ([a-z-]+) \|", (SAMPLES / "README.md").read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir())
    assert sorted(listed) == ["greet-twice", "hello", "no-such-file", "patience"]


def test_hello_greets_and_keeps_the_greeting_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password.txt").write_text("kind-otter-7421-lamp")
    inputs = ("--input", "name=Ada", "--input", "HowOften=3", "--input", "Password=@password.txt")
    ended = run_flow(tmp_path, SAMPLES / "hello", *inputs)

    assert ended == succeeded(Greeting="Hello Ada, hello Ada, hello Ada", Length=31, PasswordLength=20)
    kept = (tmp_path / "hello.txt").read_text(encoding="utf-8-sig")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d Hello Ada, hello Ada, hello Ada\s+", kept)


def test_no_such_file_fails_and_says_which(tmp_path: Path) -> None:
    code, ended = run_flow(tmp_path, SAMPLES / "no-such-file", "--input", "Path=gone.txt")

    assert (code, ended["status"], ended["error"]["code"]) == (1, "failed", "FileNotFound")
    assert ended["error"]["message"].startswith(f"There is no file ‘{tmp_path}/gone.txt’")


def test_no_such_file_reads_a_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("found")

    assert run_flow(tmp_path, SAMPLES / "no-such-file", "--input", "Path=here.txt") == succeeded(
        Content="found"
    )


def test_patience_counts_seconds(tmp_path: Path) -> None:
    assert run_flow(tmp_path, SAMPLES / "patience", "--input", "Seconds=1") == succeeded(Waited=1)


def test_patience_is_stopped_when_its_time_is_up(tmp_path: Path) -> None:
    code, ended = run_flow(tmp_path, SAMPLES / "patience", "--timeout", "1")

    assert (code, ended["status"], ended["error"]["code"]) == (7, "timed out", "DesktopFlowsActionTimeout")


def test_samples_have_no_findings_and_are_canonical(tmp_path: Path) -> None:
    checked = run_command("check", SAMPLES, "--data", tmp_path)
    formatted = run_command("format", "--check", SAMPLES)

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "3 flows, 0 errors, 0 warnings\n")
    assert (formatted.returncode, formatted.stdout, formatted.stderr) == (0, "", "0 files would change\n")


def test_people_read_actions_as_progress_and_outputs_as_results(tmp_path: Path) -> None:
    flow = tmp_path / "secretive.robin"
    flow.write_text(
        "@SENSITIVE: [Pin]\n"
        "@OUTPUT Pin : { 'Description': '', 'FriendlyName': 'Pin', 'Type': 'String' }\n"
        "@OUTPUT Sum : { 'Description': '', 'FriendlyName': 'Sum', 'Type': 'Numeric' }\n"
        "SET Pin TO $'''otter'''\nSET Sum TO 1.5 + 1\n"
    )
    done = run_command("run", flow, "--data", tmp_path / "none")

    progress, results = done.stderr.splitlines(), done.stdout.splitlines()
    assert (done.returncode, progress[0], results[1:]) == (
        0,
        "▶ secretive",
        ["  Pin = ********", "  Sum = 2.5"],
    )
    assert re.fullmatch(r"✓ Succeeded in [\d.]+ m?s", results[0])
    assert [line.split()[4:] for line in progress[1:]] == [
        ["SET", "Set", "Pin", "to", "********"],
        ["SET", "Set", "Sum", "to", "2.5"],
    ]
    assert "otter" not in done.stdout + done.stderr


def test_faults_of_a_folder_are_told_by_file_line_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "flows" / "invoice"
    folder.mkdir(parents=True)
    (folder / "flow.toml").write_text('name = "Invoice"\n')
    (folder / "Main.robin").write_text("SET A TO 1\nCALL Second\nSET B TO (A\n")
    (folder / "First.robin").write_text("FUNCTION First GLOBAL\n    SET C TO\nEND FUNCTION\n")
    (folder / "Second.robin").write_text("SET D TO 2\nIF D THEN\n")
    found = json.loads(run_command("check", tmp_path / "flows", "-o", "json", "--data", tmp_path).stdout)
    run = run_command("run", folder, "--data", tmp_path)

    places = [(Path(one["file"]).name, one["line"], one["code"]) for one in found]
    assert places == [
        ("Main.robin", 4, "DH2011"),
        ("First.robin", 2, "DH2014"),
        ("Second.robin", 2, "DH2020"),
    ]
    assert (run.returncode, run.stdout) == (1, "")
    assert [line.partition(" ")[0] for line in run.stderr.splitlines()[1:]] == [
        f"{one['file']}:{one['line']}:{one['column']}" for one in found
    ]


def test_meaning_of_a_folder_is_checked_by_file_too(tmp_path: Path) -> None:
    folder = tmp_path / "invoice"
    folder.mkdir()
    (folder / "flow.toml").write_text('name = "Invoice"\n')
    (folder / "Main.robin").write_text("SET Total TO 1\nCALL Second\n")
    (folder / "Second.robin").write_text("SET D TO Totl\n")
    done = run_command("check", folder, "--data", tmp_path)

    assert done.stdout == (
        f"{folder}/Second.robin:1:10: DH2106 error   nothing in the flow gives a value to a variable "
        "‘Totl’; did you mean ‘Total’?\n"
    )


FRAGMENT = "SET Total TO Price * Count\nLogging.LogMessage Message: $'''%Total% for %Who%'''\n"


def test_a_fragment_takes_what_it_never_sets_as_inputs(tmp_path: Path) -> None:
    fragment = tmp_path / "fragment.txt"
    fragment.write_text(FRAGMENT)
    bare = run_command("run", fragment, "--input", "price=2.5", "--data", tmp_path)
    given = ("--input", "price=2.5", "--input", "Count=4", "--input", "Who=Ada")
    full = run_command("run", fragment, *given, "--data", tmp_path)

    assert (bare.returncode, bare.stdout, bare.stderr) == (
        2,
        "",
        "DH0152 ‘fragment’ did not begin: nothing in it sets ‘Count’, ‘Who’. "
        "Give a value: --input Count=… --input Who=…\n",
    )
    assert full.returncode == 0
    assert "Set Total to 10" in full.stderr
    assert "10 for Ada" in full.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["Nme=Ada"],
            "DH0153 ‘Hello’ did not begin: it has no input ‘Nme’; did you mean ‘Name’? It takes Name,",
        ),
        (["Name"], "DH0150 --input Name: there is no ‘=’ after a name. Write NAME=VALUE"),
        (["Name=a", "Name=b"], "DH0150 --input Name=…: this input is given twice"),
        (
            ["Name=@nowhere"],
            "DH0150 --input Name=@nowhere: nowhere cannot be read (No such file or directory)",
        ),
    ],
    ids=["unknown", "no value", "twice", "no file"],
)
def test_inputs_that_do_not_fit_are_refused_before_the_flow_begins(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    given = [part for one in arguments for part in ("--input", one)]
    done = run_command("run", SAMPLES / "hello", *given, "--data", tmp_path, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)


def test_a_folder_is_searched_for_flows_and_one_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    (flows / "deep").mkdir(parents=True)
    (flows / "broken.zip").write_bytes(b"noise")
    (flows / "notes.txt").write_text("no flow at all")
    (flows / "deep" / "late.robin").write_text("SET A TO B\n")
    done = run_command("check", flows, "-o", "json", "--data", tmp_path)

    found = [(one["file"], one["line"], one["code"], one["severity"]) for one in json.loads(done.stdout)]
    assert (done.returncode, found) == (
        1,
        [
            (str(flows / "broken.zip"), 1, "DH5002", "error"),
            (str(flows / "deep" / "late.robin"), 1, "DH2106", "error"),
        ],
    )


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("source", ["", "Nothing"])
def test_what_is_neither_a_file_nor_a_flow_is_not_found(tmp_path: Path, command: str, source: str) -> None:
    done = run_command(command, source, "--data", tmp_path / "none", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (
        3,
        "",
        f"DH1301 There is no flow or file ‘{source}’, and no installation in {tmp_path}/none "
        "that could hold a flow of this name.\n",
    )
