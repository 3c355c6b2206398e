"""A machine's credentials on disk."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest

from deskhand.agent.errors import AlreadyRegistered, BadCredentials, InsecureServer, NotRegistered
from deskhand.agent.registration import Credentials, is_registered, load_credentials, register
from deskhand.agent.server_link import ServerLink

CONTENT = {
    "server": "https://desk.example",
    "machine_id": "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a0aa",
    "group_id": "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a0ab",
    "key": "secret",
}


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / "credentials.json").write_text(text)
    return tmp_path


def test_credentials_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert load_credentials(write(tmp_path, json.dumps(CONTENT))) == Credentials(
        "https://desk.example", UUID(CONTENT["machine_id"]), UUID(CONTENT["group_id"]), "secret"
    )


def test_a_directory_without_credentials_says_what_to_do(tmp_path: Path) -> None:
    assert not is_registered(tmp_path)
    with pytest.raises(NotRegistered) as caught:
        load_credentials(tmp_path)
    assert str(caught.value) == (
        f"this machine is not registered: ‘{tmp_path}’ holds no credentials; "
        "run ‘deskhand machine register’ with a token from the server"
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '"text"', json.dumps(CONTENT | {"machine_id": "x"})])
def test_credentials_of_another_shape_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadCredentials, match="register this machine anew"):
        load_credentials(write(tmp_path, text))


def test_a_machine_registers_once(tmp_path: Path) -> None:
    with pytest.raises(AlreadyRegistered):
        register("http://localhost:1", "token", "box", "", write(tmp_path, "{}"))


@pytest.mark.parametrize(
    "url", ["https://desk.example/base", "http://localhost:8000", "http://127.0.0.1", "http://[::1]:80"]
)
def test_addresses_that_keep_secrets_are_taken(url: str) -> None:
    ServerLink(url).close()


@pytest.mark.parametrize(
    "url", ["http://desk.example", "http://10.0.0.1", "http://localhost.example", "file:///x", "desk:80", ""]
)
def test_addresses_that_tell_secrets_are_refused(url: str) -> None:
    with pytest.raises(InsecureServer, match="no address to send secrets to"):
        ServerLink(url)
