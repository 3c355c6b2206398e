"""The commands that look after people: they work on a data directory, with a server or without."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from deskhand.identity.client_secrets import secret_matches
from deskhand.identity.passwords import password_hash
from deskhand.identity.sessions import use_link_code
from deskhand.identity.users import person_named
from deskhand.server.first_start import ensure_start
from deskhand.server.installation import Installation
from tests.command_line import run_command
from tests.live import DESKHAND

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("installation")
    with Installation.open(directory, create=True) as installation:
        ensure_start(installation)
    return directory


def _ask(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, "--data", data)


def _set_password(data: Path, name: str, password: str) -> subprocess.CompletedProcess[str]:
    command = [DESKHAND, "user", "password", name, "--data", str(data)]
    return subprocess.run(command, input=f"{password}\n", capture_output=True, text=True, check=False)


def test_a_person_is_added_and_signs_in_by_the_printed_link(data: Path) -> None:
    added = _ask(data, "user", "add", "anna", "--role", "Environment Maker")
    link = _ask(data, "user", "link", "ANNA")

    assert added.returncode == 0
    assert "deskhand user link anna" in added.stdout
    found = re.fullmatch(r"http://127\.0\.0\.1:8430/start\?code=([\w-]{9})\n", link.stdout)
    assert found is not None
    with Installation.open(data) as installation:
        anna = installation.database.read(lambda tx: person_named(tx, "anna"))["systemuserid"]
        assert installation.database.write(lambda tx: use_link_code(tx, found.group(1))) == anna


def test_a_password_comes_through_standard_input_and_is_never_printed(data: Path) -> None:
    _ask(data, "user", "add", "ben")
    done = _set_password(data, "ben", PASSWORD)
    weak = _set_password(data, "ben", "short")

    assert (done.returncode, done.stdout, done.stderr) == (0, "‘ben’ signs in with the new password.\n", "")
    assert (weak.returncode, weak.stdout) == (1, "")
    assert weak.stderr.startswith("DH1540 The password was not set: it has 5 characters")
    with Installation.open(data) as installation:
        ben = installation.database.read(lambda tx: person_named(tx, "ben"))["systemuserid"]
        kept = installation.database.read(lambda tx: password_hash(tx, ben))
    assert kept is not None
    assert secret_matches((kept,), PASSWORD)


def test_roles_are_taken_and_people_disabled_but_one_administrator_stays(data: Path) -> None:
    _ask(data, "user", "add", "carla", "--role", "Environment Maker")
    revoked = _ask(data, "user", "revoke", "carla", "environment maker")
    disabled = _ask(data, "user", "disable", "carla")
    link = _ask(data, "user", "link", "carla")
    enabled = _ask(data, "user", "enable", "carla")
    last = _ask(data, "user", "disable", "admin")

    assert [one.returncode for one in (revoked, disabled, enabled)] == [0, 0, 0]
    assert (link.returncode, link.stdout, link.stderr[:6]) == (6, "", "DH1547")
    assert (last.returncode, last.stderr[:6]) == (6, "DH1546")


@pytest.mark.parametrize("verb", ["password", "link", "disable", "enable"])
def test_somebody_who_is_not_there_is_told(data: Path, verb: str) -> None:
    done = _ask(data, "user", verb, "nobody")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == ("DH1545 There is no user ‘nobody’. ‘deskhand user list’ shows those that exist.\n")


def test_the_roles_are_listed(data: Path) -> None:
    listed = _ask(data, "role", "list", "-o", "json")

    assert '"System Administrator"' in listed.stdout
