"""Actions that read and change a mailbox, with a real mail server."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest

from deskhand.cloudflows.mail import stored
from deskhand.cloudflows.mail.arrived import MessageId
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.mail.errors import MailServerUnavailable
from deskhand.cloudflows.mail.folders import open_folder
from deskhand.cloudflows.mail.reading import mailbox
from deskhand.cloudflows.mail.sending import Account, Security
from deskhand.core.settings import Settings
from tests.cloud_runs import after
from tests.contract.cloudflows.connected import call, connected_flow, run
from tests.contract.cloudflows.servers import House
from tests.imap_server import PASSWORD, ImapServer, running_imap_server

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
MOST_BYTES = 20_000
API = "shared_office365"
NEWEST = "@first(body('List')?['value'])?['id']"

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def mail_server() -> Iterator[ImapServer]:
    with running_imap_server() as server:
        yield server


@pytest.fixture
def server(mail_server: ImapServer) -> ImapServer:
    """A mailbox that nobody has used."""
    return replace(mail_server, username=f"robot-{uuid4().hex}")


@pytest.fixture
def run_flow(house: House, server: ImapServer) -> Run:
    """Runs a flow over a connection to the mailbox, and returns the record of each action."""
    house.settings = Settings(http_allowed_hosts="localhost", http_body_max_bytes=MOST_BYTES)
    house.trust = server.trust

    def run_actions(actions: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return run(house, connected_flow(house, actions, API, connection_to(server, **changes)))

    return run_actions


def connection_to(server: ImapServer, **changes: Any) -> dict[str, Any]:
    """Return what a connection to the mailbox holds."""
    return {
        "address": "robot@example.org",
        "smtpHost": "localhost",
        "imapHost": "localhost",
        "imapPort": server.port,
        "username": server.username,
        "password": PASSWORD,
        **changes,
    }


def operation(operation_id: str, *runs_after: str, **parameters: Any) -> dict[str, Any]:
    policy = {"type": "none"}
    action = call(API, operation_id, {name.rstrip("_"): value for name, value in parameters.items()})
    return action | {"runAfter": after(*runs_after), "inputs": {**action["inputs"], "retryPolicy": policy}}


def mail(subject: str = "Bill 7", **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {"From": "ada@example.org", "To": "bills@example.org", "Message_ID": f"<{uuid4()}@x>", **headers}
    message["Subject"] = subject
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content("Please pay.")
    return message


def bill(subject: str = "Bill 7") -> EmailMessage:
    message = mail(subject)
    message.add_attachment(b"PDF", maintype="application", subtype="pdf", filename="bill.pdf")
    return message


def deliver(server: ImapServer, *messages: EmailMessage, folder: str = "INBOX") -> None:
    for number, message in enumerate(messages):
        server.deliver(message, BEGIN + timedelta(minutes=number), folder)


def subjects(server: ImapServer, folder: str) -> list[str]:
    """Return the subjects of what lies in a folder."""
    with server.client() as client:
        client.select(f'"{folder}"', readonly=True)
        found = client.fetch("1:*", "(BODY[HEADER.FIELDS (SUBJECT)])")[1]
        return [one[1].decode().partition(":")[2].strip() for one in found if isinstance(one, tuple)]


def test_mails_are_listed_from_the_newest_and_look_as_those_of_the_trigger(
    run_flow: Run, server: ImapServer
) -> None:
    deliver(server, mail("Old"), mail("Middle", Message_ID="<1@x>"), mail("New"))
    listed = run_flow({"List": operation("GetEmailsV3", folderPath="Inbox", top=2)})["List"].outputs

    assert (listed["statusCode"], [one["subject"] for one in listed["body"]["value"]]) == (
        200,
        ["New", "Middle"],
    )
    second = listed["body"]["value"][1]
    found = MessageId.read(second["id"])
    assert (found.folder, found.uid) == ("INBOX", 2)
    assert second == {
        "id": str(found),
        "receivedDateTime": "2026-03-01T08:01:00Z",
        "hasAttachments": False,
        "internetMessageId": "<1@x>",
        "subject": "Middle",
        "bodyPreview": "Please pay.",
        "importance": "normal",
        "conversationId": "<1@x>",
        "isRead": False,
        "isHtml": False,
        "body": "Please pay.\n",
        "from": "ada@example.org",
        "toRecipients": "bills@example.org",
        "ccRecipients": "",
        "bccRecipients": "",
        "replyTo": "",
        "attachments": [],
    }
    assert all(b"Seen" not in one for one in server.flags())


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["Groß", "Greetings", "Bill 7"]),
        ({"subjectFilter": "BILL"}, ["Bill 7"]),
        ({"subjectFilter": "ß"}, ["Groß"]),
        ({"subjectFilter": 'a "quoted\\ text'}, []),
        ({"from_": "BOB@example.org; eve@example.org"}, ["Greetings"]),
        ({"to": "nobody@example.org"}, []),
        ({"toOrCc": "cat@example.org, dog@example.org"}, ["Greetings"]),
        ({"cc": "cat@example.org"}, ["Greetings"]),
        ({"importance": "High"}, ["Greetings"]),
        ({"fetchOnlyWithAttachment": True}, ["Groß"]),
        ({"searchQuery": "Grüße"}, ["Groß"]),
        ({"searchQuery": "pay", "top": "1"}, ["Groß"]),
        ({"folderPath": "Empty"}, []),
    ],
)
def test_only_mails_that_fit_are_listed(
    run_flow: Run, server: ImapServer, parameters: dict[str, Any], expected: list[str]
) -> None:
    server.create("Empty")
    large = bill("Groß")
    large.get_payload()[0].set_content("Please pay. Viele Grüße")
    other = {"From": "Bob <bob@example.org>", "Cc": "cat@example.org", "Importance": "high"}
    deliver(server, mail("Bill 7"), mail("Greetings", **other), large)

    listed = run_flow({"List": operation("GetEmailsV3", **parameters)})["List"]
    assert [one["subject"] for one in listed.outputs["body"]["value"]] == expected


def test_mails_that_were_read_are_listed_where_that_is_asked_for(run_flow: Run, server: ImapServer) -> None:
    deliver(server, mail())
    records = run_flow(
        {
            "List": operation("GetEmailsV3"),
            "Read": operation("MarkAsRead", "List", messageId=NEWEST),
            "Unread": operation("GetEmailsV3", "Read"),
            "All": operation("GetEmailsV3", "Read", fetchOnlyUnread=False),
        }
    )
    found = {
        name: [one["isRead"] for one in records[name].outputs["body"]["value"]] for name in ("Unread", "All")
    }
    assert found == {"Unread": [], "All": [True]}


def test_a_mail_and_its_attachment_are_read_by_their_ids(run_flow: Run, server: ImapServer) -> None:
    deliver(server, bill())
    attachment_id = "@first(body('Get')?['attachments'])?['id']"
    records = run_flow(
        {
            "List": operation("GetEmailsV3"),
            "Get": operation("GetEmailV2", "List", messageId=NEWEST),
            "Whole": operation("GetEmailV2", "List", messageId=NEWEST, includeAttachments=True),
            "Attachment": operation("GetAttachment_V2", "Get", messageId=NEWEST, attachmentId=attachment_id),
        }
    )
    body = records["Get"].outputs["body"]
    attachment = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": f"{body['id']}.0",
        "lastModifiedDateTime": "2026-03-01T08:00:00Z",
        "name": "bill.pdf",
        "contentType": "application/pdf",
        "size": 3,
        "isInline": False,
        "contentId": "",
    }
    whole = attachment | {"contentBytes": base64.b64encode(b"PDF").decode()}
    assert body["attachments"] == [attachment]
    assert records["Whole"].outputs["body"] == body | {"attachments": [whole]}
    assert records["Attachment"].outputs["body"] == whole


def test_a_mail_is_marked_flagged_and_both_taken_back(run_flow: Run, server: ImapServer) -> None:
    deliver(server, mail())
    flag = {"body/flag/flagStatus": "flagged"}
    records = run_flow(
        {
            "List": operation("GetEmailsV3"),
            "Read": operation("MarkAsRead_V3", "List", messageId=NEWEST),
            "Flag": operation("Flag_V2", "Read", messageId=NEWEST, **flag),
        }
    )
    assert records["Read"].outputs == {"statusCode": 200, "headers": {"Content-Type": "application/json"}}
    assert [b"Seen" in one and b"Flagged" in one for one in server.flags()] == [True]


def test_what_was_marked_is_taken_back(run_flow: Run, server: ImapServer) -> None:
    deliver(server, mail())
    with server.client() as client:
        client.select()
        client.store("1", "+FLAGS", r"(\Seen \Flagged)")
    unflag = {"body/flag/flagStatus": "notFlagged"}
    run_flow(
        {
            "List": operation("GetEmailsV3", fetchOnlyUnread=False),
            "Unread": operation("MarkAsRead_V3", "List", messageId=NEWEST, isRead=False),
            "Unflag": operation("Flag_V2", "Unread", messageId=NEWEST, **unflag),
        }
    )
    assert [b"Seen" in one or b"Flagged" in one for one in server.flags()] == [False]


def test_a_mail_that_is_moved_is_known_by_the_id_that_it_gets(run_flow: Run, server: ImapServer) -> None:
    server.create("B&APw-ros.Paid")
    deliver(server, mail("Stays"), mail("Bill 7"))
    moved = "@body('Move')?['id']"
    records = run_flow(
        {
            "List": operation("GetEmailsV3"),
            "Move": operation("MoveV2", "List", messageId=NEWEST, folderPath="Büros/Paid"),
            "Get": operation("GetEmailV2", "Move", messageId=moved),
            "Gone": operation("GetEmailV2", "Move", messageId=NEWEST),
        }
    )
    assert records["Get"].outputs["body"] == records["Move"].outputs["body"]
    assert MessageId.read(records["Move"].outputs["body"]["id"]).folder == "Büros/Paid"
    assert (records["Gone"].code, records["Gone"].problem.code) == ("NotFound", "ErrorItemNotFound")
    assert (subjects(server, "INBOX"), subjects(server, "B&APw-ros.Paid")) == (["Stays"], ["Bill 7"])


def test_a_deleted_mail_goes_to_the_folder_for_deleted_ones_and_from_there_for_good(
    run_flow: Run, server: ImapServer
) -> None:
    server.create("Trash")
    deliver(server, mail("Stays"), mail("Bill 7"))
    run_flow(
        {
            "List": operation("GetEmailsV3"),
            "Delete": operation("DeleteEmail_V2", "List", messageId=NEWEST),
        }
    )
    assert (subjects(server, "INBOX"), subjects(server, "Trash")) == (["Stays"], ["Bill 7"])


def test_what_lies_in_the_folder_for_deleted_mails_is_deleted_for_good(
    run_flow: Run, server: ImapServer
) -> None:
    server.create("Trash")
    deliver(server, mail("Stays"), mail("Bill 7"), folder="Trash")
    run_flow(
        {
            "List": operation("GetEmailsV3", folderPath="Trash"),
            "Delete": operation("DeleteEmail_V2", "List", messageId=NEWEST),
        }
    )
    assert subjects(server, "Trash") == ["Stays"]


def test_one_mail_alone_is_deleted_where_there_is_no_folder_for_that(
    run_flow: Run, server: ImapServer
) -> None:
    deliver(server, mail("Stays"), mail("Bill 7"))
    with server.client() as client:
        client.select()
        client.store("1", "+FLAGS", r"(\Deleted)")
    run_flow(
        {
            "List": operation("GetEmailsV3"),
            "Delete": operation("DeleteEmail_V2", "List", messageId=NEWEST),
        }
    )
    assert subjects(server, "INBOX") == ["Stays"]


def test_mails_that_are_too_large_together_come_without_their_texts(
    run_flow: Run, server: ImapServer
) -> None:
    large = bill("Large")
    large.add_attachment(b"x" * 11_000, maintype="application", subtype="pdf", filename="more.pdf")
    deliver(server, large, mail("Small"), large)
    listed = run_flow({"List": operation("GetEmailsV3", includeAttachments=True)})["List"].outputs
    assert [(one["subject"], len(one["attachments"])) for one in listed["body"]["value"]] == [
        ("Large", 2),
        ("Small", 0),
        ("Large", 0),
    ]


def test_an_attachment_of_a_mail_that_is_too_large_is_not_read(run_flow: Run, server: ImapServer) -> None:
    large = mail()
    large.add_attachment(b"x" * MOST_BYTES, maintype="application", subtype="pdf", filename="bill.pdf")
    deliver(server, large)
    attachment_id = "@concat(first(body('List')?['value'])?['id'], '.0')"
    records = run_flow(
        {
            "List": operation("GetEmailsV3"),
            "Attachment": operation("GetAttachment_V2", "List", messageId=NEWEST, attachmentId=attachment_id),
        }
    )
    assert (records["Attachment"].code, records["Attachment"].problem.code) == (
        "RequestEntityTooLarge",
        "ErrorMessageSizeExceeded",
    )


@pytest.mark.parametrize("dies_at", range(1, 4))
@pytest.mark.parametrize("loses", [False, True], ids=["kept", "lost"])
def test_one_mail_is_deleted_whenever_the_server_dies(
    house: House, server: ImapServer, dies_at: int, loses: bool
) -> None:
    house.settings = Settings(http_allowed_hosts="localhost")
    house.trust = server.trust
    deliver(server, mail("Stays"), mail("Bill 7"))
    with server.client() as client:
        client.select(readonly=True)
        validity = int(client.response("UIDVALIDITY")[1][0])
    held = connection_to(server)
    action = call(API, "DeleteEmail_V2", {"messageId": str(MessageId("INBOX", validity, 2))})
    run_id = house.start(connected_flow(house, {"Delete": action}, API, held))
    with house.server(dies_at, loses=loses) as dying:
        house.wait_for(dying, house.ended(run_id))
    house.bury_the_dead()
    with house.server() as living:
        (row,) = house.finish(living, run_id)
    assert (row["status"], subjects(server, "INBOX")) == ("Succeeded", ["Stays"])


def test_only_so_many_mails_are_looked_at(
    run_flow: Run, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "MOST_EXAMINED", 2)
    deliver(server, bill("One"), bill("Two"), mail("Three"))
    listed = run_flow({"List": operation("GetEmailsV3", fetchOnlyWithAttachment=True)})["List"].outputs
    assert [one["subject"] for one in listed["body"]["value"]] == ["Two"]


@pytest.mark.parametrize(
    ("operation_id", "parameters", "code"),
    [
        ("GetEmailV2", {"messageId": "7"}, "ErrorItemNotFound"),
        ("GetEmailV2", {"messageId": str(MessageId("INBOX", 1, 7))}, "ErrorItemNotFound"),
        ("GetEmailV2", {"messageId": str(MessageId("INBOX\r\nA LOGOUT", 1, 7))}, "MailServerRefused"),
        ("GetEmailV2", {"messageId": "@{null}"}, "InvalidParameter"),
        ("GetAttachment_V2", {"messageId": NEWEST, "attachmentId": "7"}, "ErrorItemNotFound"),
        ("DeleteEmail_V2", {"messageId": str(MessageId("INBOX", 1, 7))}, "ErrorItemNotFound"),
        ("MoveV2", {"messageId": NEWEST, "folderPath": "Missing"}, "MailServerRefused"),
        ("GetEmailsV3", {"folderPath": "Missing"}, "MailServerRefused"),
        ("GetEmailsV3", {"top": 1001}, "ErrorInvalidRequest"),
        ("GetEmailsV3", {"importance": "Urgent"}, "ErrorInvalidRequest"),
        ("GetEmailsV3", {"searchQuery": "x" * 1001}, "ErrorInvalidRequest"),
        ("GetEmailsV3", {"mailboxAddress": "boss@example.org"}, "ErrorAccessDenied"),
        ("Flag_V2", {"messageId": NEWEST, "body/flag/flagStatus": "red"}, "ErrorInvalidRequest"),
    ],
)
def test_what_cannot_be_done_is_told(
    run_flow: Run, server: ImapServer, operation_id: str, parameters: dict[str, Any], code: str
) -> None:
    deliver(server, mail())
    actions = {
        "List": operation("GetEmailsV3", mailboxAddress="Robot@Example.org"),
        "Try": operation(operation_id, "List", **parameters),
    }
    assert run_flow(actions)["Try"].problem.code == code
    assert subjects(server, "INBOX") == ["Bill 7"]


@pytest.mark.parametrize(
    "answer",
    [b"* 1 FETCH (BODY[] {99999999999}\r\n", b"* OK and so on\r\n" * 100_000],
    ids=["announced", "unannounced"],
)
def test_a_server_that_answers_without_end_is_left(answer: bytes) -> None:
    class Server(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* PREAUTH Welcome\r\n")
            tag, *_ = self.rfile.readline().split()
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK Done\r\n")
            self.rfile.readline()
            with suppress(OSError):
                self.wfile.write(answer)
                self.rfile.read()

    settings = Settings(http_allowed_hosts="127.0.0.1", http_body_max_bytes=MOST_BYTES)
    with ThreadingTCPServer(("127.0.0.1", 0), Server) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            account = Account("127.0.0.1", server.server_address[1], Security.NONE)
            with (
                pytest.raises(MailServerUnavailable, match="more than may be read"),
                mailbox(account, MailDialer(settings)) as client,
            ):
                open_folder(client, "INBOX")
        finally:
            server.shutdown()
            thread.join()


def test_a_connection_without_a_server_that_is_read_is_told_of(run_flow: Run) -> None:
    record = run_flow({"List": operation("GetEmailsV3")}, imapHost="")["List"]
    assert record.problem.code == "ConnectionNotConfigured"
