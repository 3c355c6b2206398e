"""Mail from cloud flows, to real mail servers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from deskhand.cloudflows.http.errors import AddressForbidden
from deskhand.cloudflows.mail.composing import Sender, compose
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.mail.errors import (
    MailSecurityMissing,
    MailServerRefused,
    MailServerUnavailable,
)
from deskhand.cloudflows.mail.sending import Account, Security, send, try_out
from deskhand.core.settings import Settings
from tests.clock import StillClock
from tests.contract.cloudflows.connected import KEY, call, connected_flow, run
from tests.contract.cloudflows.servers import House
from tests.mail_server import PASSWORD, USERNAME, MailServer, mail_server

ALLOWED = Settings(http_allowed_hosts="localhost 127.0.0.1")
GIVEN: Mapping[str, Any] = {"To": "bert@example.org", "Subject": "Hello", "Body": "<b>Hi</b>"}


def dialer(server: MailServer, settings: Settings = ALLOWED) -> MailDialer:
    return MailDialer(settings, trust=server.trust)


def mail(**given: Any) -> Any:
    sender = Sender("robot@example.org", "The Robot")
    return compose({**GIVEN, **given}, sender, "<1@example.org>", StillClock().now())


def account(server: MailServer, security: str = "none", **members: Any) -> Account:
    return Account("localhost", server.port, Security(security), **members)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_encrypted_to_a_server_that_asks_for_a_login(security: str) -> None:
    with mail_server(security, login=True) as server:
        login = account(server, security, username=USERNAME, password=PASSWORD)
        send(mail(Bcc="secret@example.org"), login, dialer(server))
        ((envelope, message),) = server.arrived
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "robot@example.org",
        ["bert@example.org", "secret@example.org"],
    )
    assert (message["From"], message["Bcc"]) == ("The Robot <robot@example.org>", None)
    assert message.get_content().strip() == "<b>Hi</b>"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_wrong_password_is_refused_for_good(security: str) -> None:
    with mail_server(security, login=True) as server:
        login = account(server, security, username=USERNAME, password="guess")
        with pytest.raises(MailServerRefused, match="535"):
            try_out(login, dialer(server))


def test_a_password_never_goes_in_clear() -> None:
    with mail_server() as server:
        with pytest.raises(MailSecurityMissing, match="no security, and a password"):
            send(mail(), account(server, username=USERNAME, password=PASSWORD), dialer(server))
        with pytest.raises(MailSecurityMissing, match="offers no STARTTLS"):
            send(mail(), account(server, "starttls"), dialer(server))
        assert server.arrived == []


def test_a_server_that_nobody_trusts_gets_no_mail() -> None:
    with mail_server("tls") as server, mail_server() as other, pytest.raises(MailSecurityMissing):
        send(mail(), account(server, "tls"), dialer(other))


def test_a_server_behind_this_one_is_out_of_bounds() -> None:
    with mail_server() as server, pytest.raises(AddressForbidden):
        send(mail(), account(server), dialer(server, Settings()))


def test_a_mail_that_one_recipient_cannot_get_goes_to_nobody() -> None:
    with mail_server() as server:
        server.refused.add("nobody@example.org")
        with pytest.raises(MailServerRefused, match="550 No such user here"):
            send(mail(Cc="nobody@example.org"), account(server), dialer(server))
        assert server.arrived == []


def test_a_server_that_is_busy_or_gone_is_tried_again() -> None:
    with mail_server() as server:
        server.answers.append("451 Come again later")
        with pytest.raises(MailServerUnavailable, match="451"):
            send(mail(), account(server), dialer(server))
    with pytest.raises(MailServerUnavailable):
        send(mail(), account(server), dialer(server))


def test_an_attempt_of_a_flow_repeats_its_mail_under_one_id(house: House) -> None:
    house.settings = ALLOWED
    text = base64.b64encode(b"one,two").decode()
    parameters = {
        "emailMessage/To": "bert@example.org; Anna <anna@example.org>",
        "emailMessage/Subject": "Bericht für @{utcNow('yyyy')}\r\nBcc: thief@example.org",
        "emailMessage/Body": "<p>Fertig</p>",
        "emailMessage/Importance": "High",
        "emailMessage/Attachments": [{"Name": "Übersicht.csv", "ContentBytes": text}],
    }
    with mail_server() as server:
        server.answers.append("451 Come again later")
        outputs = send_from_flow(house, server, parameters)
        ((envelope, message),) = server.arrived
    assert outputs == {"statusCode": 200, "headers": {"Content-Type": "application/json"}}
    assert envelope.rcpt_tos == ["bert@example.org", "anna@example.org"]
    assert message["Subject"] == "Bericht für 2026 Bcc: thief@example.org"
    assert (message["Importance"], message["X-Priority"]) == ("High", "1")
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("Übersicht.csv", "one,two")


def test_a_notice_goes_out_as_html(house: House) -> None:
    house.settings = ALLOWED
    parameters = {
        "request/to": "bert@example.org; anna@example.org",
        "request/subject": "Done",
        "request/text": "<p>All of it</p>",
        "request/bcc": "boss@example.org",
    }
    with mail_server() as server:
        action = call("shared_sendmail", "SendEmailV3", parameters)
        outputs = run(house, connected_flow(house, {"Send": action}, "shared_sendmail", held(server)))
        ((envelope, message),) = server.arrived
    assert outputs["Send"].outputs == {"statusCode": 200, "headers": {"Content-Type": "application/json"}}
    assert envelope.rcpt_tos == ["bert@example.org", "anna@example.org", "boss@example.org"]
    assert (message["From"], message["To"], message["Bcc"], message["Subject"]) == (
        "robot@example.org",
        "bert@example.org, anna@example.org",
        None,
        "Done",
    )
    assert (message.get_content_type(), message.get_content().strip()) == ("text/html", "<p>All of it</p>")


def test_a_flow_of_logic_apps_sends_by_method_and_path(house: House) -> None:
    house.settings = ALLOWED
    action = {
        "type": "ApiConnection",
        "inputs": {
            "host": {"connection": {"referenceName": KEY}},
            "method": "post",
            "path": "/v2/Mail",
            "body": {
                "To": "bert@example.org",
                "Subject": "Done",
                "Body": "<p>Fertig</p>",
                "Importance": "Low",
            },
        },
    }
    with mail_server() as server:
        outputs = run(house, connected_flow(house, {"Send": action}, "office365", held(server)))
        ((envelope, message),) = server.arrived
    assert outputs["Send"].outputs == {"statusCode": 200, "headers": {"Content-Type": "application/json"}}
    assert (envelope.rcpt_tos, message["Subject"], message["Importance"]) == (
        ["bert@example.org"],
        "Done",
        "Low",
    )
    assert message.get_content().strip() == "<p>Fertig</p>"


def held(server: MailServer) -> dict[str, Any]:
    """Return what a connection to a mail server holds."""
    return {
        "address": "robot@example.org",
        "smtpHost": "localhost",
        "smtpPort": server.port,
        "smtpSecurity": "none",
    }


def send_from_flow(house: House, server: MailServer, parameters: Mapping[str, Any]) -> Any:
    """Run a flow that sends a mail, and return the outputs of its action."""
    send = call("shared_office365", "SendEmailV2", parameters)
    return run(house, connected_flow(house, {"Send": send}, "shared_office365", held(server)))["Send"].outputs
