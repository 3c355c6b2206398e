"""``deskhand connection`` on an installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from deskhand.cli import deskhand
from deskhand.cloudflows.connection_errors import ConnectionOfOtherConnector, ConnectorUnknown
from deskhand.identity.accounts import create_user, ensure_organization
from deskhand.identity.roles import ENVIRONMENT_MAKER
from deskhand.records.errors import DuplicateRecord
from deskhand.server.installation import Installation
from deskhand.store.database import Transaction

HELD = ("--set", "address=robot@example.org", "--set", "smtpHost=mail.example.org")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data"

    def begin(tx: Transaction) -> None:
        ensure_organization(tx)
        create_user(tx, "Anna", "anna@example.org", roles=(ENVIRONMENT_MAKER.name,))

    with Installation.open(path, create=True) as installation:
        installation.database.write(begin)
    return path


def run(data: Path, *arguments: str) -> str:
    done = CliRunner().invoke(
        deskhand, [*arguments, "--data", str(data)], catch_exceptions=False, standalone_mode=False
    )
    return done.stdout


def references(data: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(run(data, "connection", "references", "-o", "json"))
    return rows


def test_a_reference_is_made_and_bound(data: Path) -> None:
    made = run(data, "connection", "reference", "new", "new_mail", "SHARED_sendmail", "--owner", "anna")
    assert made == ""
    (row,) = references(data)
    assert {name: row[name] for name in row if name != "connectionid"} == {
        "connectionreferencelogicalname": "new_mail",
        "connectionreferencedisplayname": "Mail",
        "connectorid": "/providers/Microsoft.PowerApps/apis/shared_sendmail",
        "connection": None,
        "connector": "shared_sendmail",
    }

    name = run(data, "connection", "new", "shared_sendmail", *HELD, "--owner", "anna").strip()
    run(data, "connection", "bind", "new_mail", name)
    assert [(one["connectionid"], one["connection"]) for one in references(data)] == [(name, "Mail")]


def test_a_reference_is_bound_to_its_own_connector_only(data: Path) -> None:
    run(data, "connection", "reference", "new", "new_mail", "shared_office365", "--display-name", "Post")
    name = run(data, "connection", "new", "shared_sendmail", *HELD).strip()
    with pytest.raises(ConnectionOfOtherConnector):
        run(data, "connection", "bind", "new_mail", name)
    assert [(one["connectionreferencedisplayname"], one["connectionid"]) for one in references(data)] == [
        ("Post", None)
    ]


def test_a_name_that_is_taken_and_an_unknown_connector_are_refused(data: Path) -> None:
    run(data, "connection", "reference", "new", "new_mail", "shared_sendmail")
    with pytest.raises(DuplicateRecord):
        run(data, "connection", "reference", "new", "new_mail", "shared_sendmail")
    with pytest.raises(ConnectorUnknown):
        run(data, "connection", "reference", "new", "new_post", "shared_sendmial")
