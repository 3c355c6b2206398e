"""Mails as triggers give them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from deskhand.cloudflows.mail.arrived import Arrival, Message, MessageId, message_value, read_message
from deskhand.cloudflows.mail.errors import MailNotFound

NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(3000)
)
MAIL_ID = MessageId("INBOX", 1, 7)
RECEIVED = datetime(2026, 3, 1, 8, 4, 11, tzinfo=UTC)


def read(content: EmailMessage | bytes, *, is_read: bool = False) -> Message:
    raw = content if isinstance(content, bytes) else content.as_bytes()
    return read_message(Arrival(MAIL_ID, RECEIVED, is_read, raw))


def value(content: EmailMessage | bytes, *, with_attachments: bool = False) -> dict[str, Any]:
    return message_value(read(content), with_attachments=with_attachments)


def mail(text: str = "Please pay.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada Lovelace <ada@example.org>"
    message["To"] = "bills@example.org, Bob <bob@example.org>"
    for name, header in headers.items():
        message[name.replace("_", "-")] = header
    message.set_content(text)
    return message


def test_a_mail_comes_with_everything_that_flows_read() -> None:
    message = mail("Please pay.\nSoon.", Subject="Rechnung über 7 €", Message_ID="<1@x>", Cc="c@example.org")

    assert value(message) == {
        "id": str(MAIL_ID),
        "receivedDateTime": "2026-03-01T08:04:11Z",
        "hasAttachments": False,
        "internetMessageId": "<1@x>",
        "subject": "Rechnung über 7 €",
        "bodyPreview": "Please pay. Soon.",
        "importance": "normal",
        "conversationId": "<1@x>",
        "isRead": False,
        "isHtml": False,
        "body": "Please pay.\nSoon.\n",
        "from": "ada@example.org",
        "toRecipients": "bills@example.org;bob@example.org",
        "ccRecipients": "c@example.org",
        "bccRecipients": "",
        "replyTo": "",
        "attachments": [],
    }


def test_html_stands_before_text_and_the_preview_has_no_tags() -> None:
    message = mail()
    page = "<html><head><style>p {}</style></head><p>Please <b>pay</b> &euro;&nbsp;7</p></html>"
    message.add_alternative(page, subtype="html")

    found = value(message)
    assert (found["isHtml"], found["body"], found["bodyPreview"]) == (True, f"{page}\n", "Please pay € 7")


@pytest.mark.parametrize("with_attachments", [False, True])
def test_attachments_come_with_their_content_where_that_is_asked_for(with_attachments: bool) -> None:
    message = mail()
    message.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="Bill 7.pdf")
    found = value(message, with_attachments=with_attachments)

    attachment = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": f"{MAIL_ID}.0",
        "lastModifiedDateTime": "2026-03-01T08:04:11Z",
        "name": "Bill 7.pdf",
        "contentType": "application/pdf",
        "size": 2,
        "isInline": False,
        "contentId": "",
    }
    content = {"contentBytes": base64.b64encode(b"\x00\x01").decode()} if with_attachments else {}
    assert (found["hasAttachments"], found["attachments"]) == (True, [attachment | content])
    assert found["body"] == "Please pay.\n"


def test_a_mail_within_a_mail_is_an_attachment() -> None:
    message = mail()
    message.add_attachment(mail("inner", Subject="Inner"))
    (attached,) = value(message, with_attachments=True)["attachments"]

    assert attached["contentType"] == "message/rfc822"
    assert b"Subject: Inner" in base64.b64decode(attached["contentBytes"])


@pytest.mark.parametrize(
    ("headers", "importance"),
    [
        ({"Importance": "High"}, "high"),
        ({"X_Priority": "1 (Highest)"}, "high"),
        ({"X_Priority": "5"}, "low"),
        ({"Importance": "x"}, "normal"),
    ],
)
def test_importance_is_read_from_either_header(headers: dict[str, str], importance: str) -> None:
    assert read(mail(**headers)).importance == importance


def test_a_reply_belongs_to_the_first_mail_of_its_conversation() -> None:
    assert value(mail(Message_ID="<3@x>", References="<1@x> <2@x>"))["conversationId"] == "<1@x>"


def test_mails_are_told_apart_by_their_message_ids() -> None:
    one, other = mail(Message_ID="<1@x>"), mail(Message_ID="<2@x>")
    assert read(one).fingerprint == read(mail("other", Message_ID="<1@x>")).fingerprint
    assert len({read(one).fingerprint, read(other).fingerprint, read(mail(Subject="a")).fingerprint}) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?b?!!!?=\r\nFrom: <<@@\r\nTo: \r\n\r\nhi",
        b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Type: multipart/alternative\r\n\r\nnothing",
        b"Content-Transfer-Encoding: base64\r\nContent-Type: application/pdf\r\n\r\n!!!",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Disposition: attachment; filename*=utf-8''%ff%fe\r\n\r\nx",
        NESTED,
        b"Subject: " + b"a" * 100_000 + b"\r\n\r\n",
        b"Message-ID: <[\r\nReferences: <[\r\nDate: x\r\n\r\n",
    ],
)
def test_no_mail_is_too_odd_to_be_read(content: bytes) -> None:
    found = value(content, with_attachments=True)
    assert (found["id"], isinstance(found["subject"], str), isinstance(found["body"], str)) == (
        str(MAIL_ID),
        True,
        True,
    )
    assert read(content).fingerprint


@pytest.mark.parametrize("folder", ["INBOX", "Büros/R&D", "1.2.3", "a\nb"])
def test_an_id_is_one_word_that_means_one_mail(folder: str) -> None:
    message_id = MessageId(folder, 4_294_967_295, 7)
    assert str(message_id).replace("-", "").replace("_", "").isalnum()
    assert MessageId.read(str(message_id)) == message_id


@pytest.mark.parametrize("text", ["", "7", "ä", "x" * 5000, "MC4xLklOQk9Y", "MS4xLg", "AAMkAD+/=="])
def test_what_is_no_id_means_no_mail(text: str) -> None:
    with pytest.raises(MailNotFound):
        MessageId.read(text)
