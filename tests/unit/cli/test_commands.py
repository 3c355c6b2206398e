"""What the command line says before it does anything: names, durations, inputs, errors."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from deskhand import __version__, cli
from deskhand.cli.account import Duration
from deskhand.cli.local_run import _inputs, _type_of
from deskhand.cli.mishaps import FileTrouble, Unforeseen, exit_code_of
from deskhand.core.errors import DeskhandError


class Locked(DeskhandError):
    """Somebody else holds it."""

    code = "DH9901"
    exit_code = 6

    def __init__(self) -> None:
        super().__init__("one\ntwo\x1b[0m")


def failing(error: BaseException) -> Callable[..., object]:
    def fail(**_: object) -> object:
        raise error

    return fail


def ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> tuple[object, str]:
    monkeypatch.setattr(cli.deskhand, "main", failing(error))
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return exit_.value.code, capsys.readouterr().err


def test_an_error_is_told_with_its_code_and_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, capsys, Locked()) == (6, "DH9901\none\ntwo·[0m\n")


def test_a_refusal_of_the_system_names_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, capsys, PermissionError(13, "Permission denied", "/etc/x")) == (
        1,
        "DH0151 /etc/x: Permission denied. Look at the path, its rights and its disk.\n",
    )


def test_what_nobody_foresaw_shows_neither_traceback_nor_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DESKHAND_LOG_LEVEL", raising=False)
    code, err = ended(monkeypatch, capsys, RuntimeError("kind-otter"))

    assert code == 1
    assert re.sub(r"py:\d+", "py:N", err) == (
        "DH0199 Deskhand met something that it did not foresee: RuntimeError at test_commands.py:N. This is "
        "a fault in Deskhand. DESKHAND_LOG_LEVEL=DEBUG in the environment makes it print the details.\n"
    )


def test_whoever_debugs_sees_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESKHAND_LOG_LEVEL", "debug")

    assert ended(monkeypatch, capsys, RuntimeError("why"))[1].startswith(
        "Traceback (most recent call last):\n"
    )


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.exceptions.Abort()], ids=["Ctrl+C", "abort"])
def test_an_interruption_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    assert ended(monkeypatch, capsys, error) == (130, "")


def test_errors_of_lower_rooms_have_exit_codes_by_their_codes() -> None:
    from deskhand.agent.errors import ServerUnreachable
    from deskhand.identity.errors import UnknownRole, UserExists
    from deskhand.store.errors import DatabaseUnreachable

    errors = [
        UnknownRole("x", ()),
        UserExists("x"),
        ServerUnreachable("x", "y"),
        DatabaseUnreachable("x", "y"),
    ]

    assert [exit_code_of(one) for one in errors] == [3, 6, 5, 5]
    assert [exit_code_of(one) for one in (FileTrouble(OSError("x")), Unforeseen(ValueError()))] == [1, 1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("flw list", "There is no command ‘deskhand flw’; did you mean ‘flow’?"),
        ("flow lst", "There is no command ‘deskhand flow lst’; did you mean ‘list’?"),
        ("zzz", "There is no command ‘deskhand zzz’"),
    ],
)
def test_a_misspelt_command_is_guessed_at(line: str, message: str) -> None:
    result = CliRunner().invoke(cli.deskhand, line.split())

    assert (result.exit_code, result.output.splitlines()[-1]) == (2, f"Error: {message}")


def test_the_version_is_printed_alone() -> None:
    assert [CliRunner().invoke(cli.deskhand, [one]).output for one in ("version", "--version")] == [
        f"{__version__}\n",
        f"deskhand, version {__version__}\n",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90d", timedelta(days=90)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_a_length_of_time_is_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    assert Duration().convert(text, None, None) == expected


@pytest.mark.parametrize("text", ["", "5", "5y", "-5d", "1.5h", "9999999d", "1d "])
def test_anything_else_is_no_length_of_time(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no length of time; write 90d, 12h, 30m or 45s"):
        Duration().convert(text, None, None)


def test_inputs_are_names_and_values_and_files(tmp_path: Path) -> None:
    (tmp_path / "pin").write_bytes("\ufeffotter=1\n".encode())

    assert _inputs(["Name=Ada", "Empty=", "Sum=1=1", f"Pin=@{tmp_path / 'pin'}"]) == {
        "Name": "Ada",
        "Empty": "",
        "Sum": "1=1",
        "Pin": "otter=1\n",
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2", "Numeric"),
        ("-2.50", "Numeric"),
        ("1e5", "String"),
        ("TRUE", "Bool"),
        ("[1, 2]", "List"),
        ('{"a": 1}', "CustomObject"),
        ('"a"', "String"),
        ("null", "String"),
        ("[" * 100_000, "String"),
        ("", "String"),
        ("2026-01-02", "String"),
    ],
)
def test_a_fragments_input_has_the_type_that_its_value_looks_like(value: str, expected: str) -> None:
    assert _type_of(value) == expected


def test_codes_and_commands_are_explained() -> None:
    explained = CliRunner().invoke(cli.deskhand, ["help", "dh2106"]).output
    error = CliRunner().invoke(cli.deskhand, ["help", "DH0101"]).output
    command = CliRunner().invoke(cli.deskhand, ["help", "flow", "list"]).output
    everything = CliRunner().invoke(cli.deskhand, ["help"]).output

    assert explained == "DH2106\n\nNothing in the flow ever gives this variable a value.\n"
    assert error.startswith("DH0101 PortInUse\n\nAnother process listens on the port.\n")
    assert command == CliRunner().invoke(cli.deskhand, ["flow", "list", "--help"]).output
    assert everything == CliRunner().invoke(cli.deskhand, ["--help"]).output


def test_help_of_the_whole_loads_no_command() -> None:
    before = {name for name in sys.modules if name.startswith("deskhand.cli.")}
    result = CliRunner().invoke(cli.deskhand, ["--help"])

    assert result.exit_code == 0
    assert {name for name in sys.modules if name.startswith("deskhand.cli.")} == before
