"""The parameters of an action become one mail, and nothing in them becomes more than they say."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from deskhand.cloudflows.mail.composing import MOST_BYTES, Mail, Sender, compose
from deskhand.cloudflows.mail.errors import MailRefused

SENDER = Sender("robot@example.org", "Robot")
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
GIVEN: Mapping[str, Any] = {"To": "bert@example.org", "Subject": "Hello", "Body": "Hi"}


def mail(**given: Any) -> Mail:
    return compose({**GIVEN, **given}, SENDER, "<1@example.org>", NOW)


def headers(made: Mail) -> dict[str, str]:
    return dict(email.message_from_bytes(made.content, policy=email.policy.default).items())


def test_a_mail_tells_who_sends_it_to_whom_and_about_what() -> None:
    made = mail(
        To="Anna Abel <anna@example.org>;bert@example.org", Cc="cleo@example.org", Bcc="dan@example.org"
    )
    assert (made.sender, made.has_unicode) == ("robot@example.org", False)
    assert made.recipients == tuple(f"{name}@example.org" for name in ("anna", "bert", "cleo", "dan"))
    assert headers(made) == {
        "From": "Robot <robot@example.org>",
        "To": "Anna Abel <anna@example.org>, bert@example.org",
        "Cc": "cleo@example.org",
        "Subject": "Hello",
        "Date": "Sun, 01 Mar 2026 08:00:00 +0000",
        "Message-ID": "<1@example.org>",
        "Content-Type": 'text/html; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }


def test_who_writes_in_anothers_name_says_so() -> None:
    found = headers(mail(From="boss@example.org", ReplyTo="desk@example.org"))
    assert (found["From"], found["Sender"], found["Reply-To"]) == (
        "boss@example.org",
        "Robot <robot@example.org>",
        "desk@example.org",
    )


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028"])
def test_no_value_begins_a_header_or_recipient_of_its_own(line_break: str) -> None:
    found = headers(mail(Subject=f"One{line_break}Bcc: thief@example.org"))
    assert "Bcc" not in found
    for part in ("To", "Cc", "Bcc", "From", "ReplyTo"):
        with pytest.raises(MailRefused, match=f"‘{part}’ holds a line break"):
            mail(**{part: f"bert@example.org{line_break}RCPT TO:<thief@example.org>"})
    name = f"a{line_break}Content-Type: text/x.txt"
    content = mail(Attachments=[{"Name": name, "ContentBytes": ""}]).content
    assert b"\r\nContent-Type: text/x" not in content


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"To": ""}, "‘To’ names nobody"),
        ({"To": "bert"}, "‘To’ holds ‘bert’, which is no address"),
        ({"To": "bert@example.org> SIZE=1"}, "which is no address"),
        ({"To": ";".join(f"a{number}@example.org" for number in range(501))}, "names 501 recipients"),
        ({"Importance": "Highest"}, "it takes Low, Normal or High"),
        ({"Attachments": "x"}, "‘Attachments’ is no list"),
        ({"Attachments": [{"ContentBytes": ""}]}, "‘Attachments/0/Name’ is missing"),
        ({"Attachments": [{"Name": "a", "ContentBytes": "none!"}]}, "is no base64"),
        ({"Body": "x" * MOST_BYTES}, f"{MOST_BYTES} are allowed"),
    ],
)
def test_what_makes_no_mail_is_named(given: Mapping[str, Any], problem: str) -> None:
    with pytest.raises(MailRefused, match=problem):
        mail(**given)


def test_attachments_come_as_base64_or_as_the_content_of_a_file() -> None:
    file = {"$content-type": "image/png", "$content": "AAEC"}
    first, second = {"Name": "a.txt", "ContentBytes": "aGk="}, {"Name": "b.png", "ContentBytes": file}
    made = mail(Attachments={"0": first, "1": second})
    message = email.message_from_bytes(made.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    attached = [
        (one.get_filename(), one.get_content_type(), one.get_content()) for one in message.iter_attachments()
    ]
    assert attached == [("a.txt", "text/plain", "hi"), ("b.png", "image/png", b"\x00\x01\x02")]


def test_addresses_beyond_ascii_are_told_of() -> None:
    assert mail(To="jürgen@exämple.org").has_unicode
