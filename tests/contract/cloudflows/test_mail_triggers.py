"""Flows that start when mail arrives, with a real mail server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from deskhand.cloudflows.connections import secret_context
from deskhand.cloudflows.mail import watching as mail_watching
from deskhand.cloudflows.mail.arrived import MessageId
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.core.settings import Settings
from deskhand.entities.flowmachine import Connection, ConnectionReference
from deskhand.records.service import create
from deskhand.store.database import Database, Transaction
from tests.clock import StillClock
from tests.contract.cloudflows.watching import Watching
from tests.imap_server import PASSWORD, ImapServer, running_imap_server

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
MOST_BYTES = 20_000


@pytest.fixture(scope="module")
def mail_server() -> Iterator[ImapServer]:
    with running_imap_server() as server:
        yield server


@pytest.fixture
def server(mail_server: ImapServer) -> ImapServer:
    """A mailbox that nobody has used."""
    return replace(mail_server, username=f"robot-{uuid4().hex}")


@pytest.fixture
def watching(database: Database, clock: StillClock, tmp_path: Path, server: ImapServer) -> Watching:
    settings = Settings(http_allowed_hosts="localhost", http_body_max_bytes=MOST_BYTES)
    made = Watching.make(database, clock, tmp_path, settings)
    made.flows.services = replace(made.flows.services, mail=MailDialer(settings, trust=server.trust))
    made.restart()
    connect(made, server)
    return made


def connect(watching: Watching, server: ImapServer, **changes: Any) -> None:
    """Bind the flows' reference to a connection to the mailbox."""
    values = {"imapHost": "localhost", "imapPort": server.port, "username": server.username, **changes}

    def write(tx: Transaction) -> None:
        tx.execute(sa.delete(Connection.table))
        connection_id = uuid4()
        secret = json.dumps({"password": values.pop("password", PASSWORD)}).encode()
        row = {
            "connectionid": connection_id,
            "name": connection_id.hex,
            "connectorid": "/apis/shared_office365",
            "parameters": json.dumps(values),
            "sealedparameters": watching.flows.services.vault.seal(secret, secret_context(connection_id)),
            "ownerid": watching.user_id,
            "createdon": tx.now,
        }
        tx.execute(sa.insert(Connection.table), row)
        tx.execute(sa.delete(ConnectionReference.table))
        bound = {"connectionreferencelogicalname": "new_mail", "connectionid": row["name"]}
        create(tx, ConnectionReference, bound, by=watching.user_id)

    watching.database.write(write)


def on_mail(watching: Watching, *, splits: bool = True, **parameters: Any) -> UUID:
    """Return a flow that starts when mail arrives."""
    api = "shared_office365"
    host = {"apiId": f"/apis/{api}", "connectionName": api, "operationId": "OnNewEmailV3"}
    trigger = {
        "type": "OpenApiConnectionNotification",
        "inputs": {"host": host, "parameters": {"folderPath": "Inbox", **parameters}},
        **({"splitOn": "@triggerOutputs()?['body/value']"} if splits else {}),
    }
    reference = {"connection": {"connectionReferenceLogicalName": "new_mail"}, "api": {"name": api}}
    flow = watching.flow(trigger, connections={api: reference})
    watching.look()
    return flow


def mail(subject: str = "Bill 7", **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {"From": "ada@example.org", "To": "bills@example.org", "Message_ID": f"<{uuid4()}@x>", **headers}
    message["Subject"] = subject
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content("Please pay.")
    return message


def arrive(watching: Watching, server: ImapServer, *messages: EmailMessage, folder: str = "INBOX") -> None:
    """Let mails arrive now, and a minute pass."""
    for message in messages:
        server.deliver(message, watching.clock.now(), folder)
    watching.until(watching.clock.now() + timedelta(minutes=1))


def subjects(watching: Watching, flow: UUID) -> list[str]:
    return sorted(one["subject"] for one in watching.bodies(flow))


def test_each_mail_that_arrives_starts_one_run(watching: Watching, server: ImapServer) -> None:
    server.deliver(mail("Old"), BEGIN - timedelta(days=1))
    flow = on_mail(watching)
    arrive(watching, server, mail("One"), mail("Two"))
    arrive(watching, server, mail("Three"))
    watching.restart()
    arrive(watching, server, mail("Four"))

    assert subjects(watching, flow) == ["Four", "One", "Three", "Two"]
    first = next(one for one in watching.bodies(flow) if one["subject"] == "One")
    shown = ("from", "toRecipients", "body", "isRead", "receivedDateTime")
    assert [first[name] for name in shown] == [
        "ada@example.org", "bills@example.org", "Please pay.\n", False, "2026-03-01T08:00:00Z",
    ]  # fmt: skip
    # Actions read the mail by this id, so it names the folder by the name that they call it.
    assert (MessageId.read(first["id"]).folder, MessageId.read(first["id"]).uid) == ("INBOX", 2)
    assert all(b"Seen" not in one for one in server.flags())


def test_without_splitting_one_run_gets_all_mails_of_a_look(watching: Watching, server: ImapServer) -> None:
    flow = on_mail(watching, splits=False)
    arrive(watching, server, mail("One"), mail("Two"))

    assert [[one["subject"] for one in body["value"]] for body in watching.bodies(flow)] == [["One", "Two"]]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"subjectFilter": "bill"}, ["Bill 7"]),
        ({"from": "BOB@example.org; eve@example.org"}, ["Greetings"]),
        ({"to": "nobody@example.org"}, []),
        ({"toOrCc": "cat@example.org"}, ["Greetings"]),
        ({"importance": "High"}, ["Greetings"]),
        ({"importance": "Any"}, ["Bill 7", "Greetings"]),
        ({"fetchOnlyWithAttachment": True}, []),
    ],
)
def test_only_mails_that_fit_start_runs(
    watching: Watching, server: ImapServer, parameters: dict[str, Any], expected: list[str]
) -> None:
    flow = on_mail(watching, **parameters)
    other = {"From": "bob@example.org", "Cc": "cat@example.org", "Importance": "high"}
    arrive(watching, server, mail("Bill 7"), mail("Greetings", **other))

    assert subjects(watching, flow) == expected


def test_attachments_come_along(watching: Watching, server: ImapServer) -> None:
    flow = on_mail(watching, includeAttachments=True, fetchOnlyWithAttachment=True)
    message = mail()
    message.add_attachment(b"PDF", maintype="application", subtype="pdf", filename="bill.pdf")
    arrive(watching, server, message)

    (body,) = watching.bodies(flow)
    assert [(one["name"], one["contentBytes"]) for one in body["attachments"]] == [("bill.pdf", "UERG")]


def test_a_mail_that_is_too_large_comes_without_its_text(watching: Watching, server: ImapServer) -> None:
    flow = on_mail(watching)
    message = mail("Large")
    message.add_attachment(b"x" * MOST_BYTES, maintype="application", subtype="pdf", filename="bill.pdf")
    arrive(watching, server, message, mail("Small"))

    assert {one["subject"]: one["body"] for one in watching.bodies(flow)} == {
        "Large": "",
        "Small": "Please pay.\n",
    }


def test_many_mails_are_read_a_few_at_a_time(
    watching: Watching, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_watching, "MAILS_AT_ONCE", 3)
    flow = on_mail(watching)
    arrive(watching, server, *(mail(str(number)) for number in range(8)))

    assert subjects(watching, flow) == list("01234567")


def test_a_folder_in_another_with_letters_of_its_own_is_read(watching: Watching, server: ImapServer) -> None:
    encoded = "B&APw-ros.R&-D"
    server.create(encoded)
    flow = on_mail(watching, folderPath="Büros/R&D")
    arrive(watching, server, mail(), folder=f'"{encoded}"')

    assert subjects(watching, flow) == ["Bill 7"]


def test_a_mailbox_that_is_numbered_anew_loses_nothing_and_repeats_nothing(
    watching: Watching, server: ImapServer
) -> None:
    old, known, new = mail("Old"), mail("Known"), mail("New")
    server.create("Bills")
    server.deliver(old, BEGIN - timedelta(days=1), "Bills")
    flow = on_mail(watching, folderPath="Bills")
    arrive(watching, server, known, folder="Bills")
    assert subjects(watching, flow) == ["Known"]

    server.delete("Bills")
    server.create("Bills")
    for message, moment in ((new, watching.clock.now()), (known, BEGIN), (old, BEGIN - timedelta(days=1))):
        server.deliver(message, moment, "Bills")
    watching.until(watching.clock.now() + timedelta(minutes=2))
    assert subjects(watching, flow) == ["Known", "New"]

    arrive(watching, server, mail("Later"), folder="Bills")
    assert subjects(watching, flow) == ["Known", "Later", "New"]


def test_a_server_that_dies_during_a_look_loses_no_mail(watching: Watching, server: ImapServer) -> None:
    flow = on_mail(watching)
    server.deliver(mail(), watching.clock.now())
    watching.clock.advance(60)
    assert len(watching.database.write(watching.watcher._claim)) == 1

    watching.restart()
    watching.clock.advance(180)
    watching.look()
    assert subjects(watching, flow) == ["Bill 7"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "wrong"}, "MailServerRefused"),
        ({"imapHost": ""}, "ConnectionNotConfigured"),
        ({"imapHost": "127.0.0.2"}, "DH6154"),
        ({"imapSecurity": "none"}, "MailSecurityMissing"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_seen_and_tried_again(
    watching: Watching, server: ImapServer, changes: dict[str, Any], code: str
) -> None:
    connect(watching, server, **changes)
    flow = on_mail(watching)
    assert watching.histories(flow) == [("Failed", code)]

    connect(watching, server)
    watching.until(watching.clock.now() + timedelta(minutes=1))
    assert watching.triggers()[0]["status"] == "Succeeded"


def test_a_folder_that_is_missing_is_told(watching: Watching) -> None:
    assert watching.histories(on_mail(watching, folderPath="Missing")) == [("Failed", "MailServerRefused")]
