"""Actions of a run that talk to mail servers, and sending a mail by one. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from deskhand.cloudflows.actions.http import failed_call
from deskhand.cloudflows.connections import connection_values
from deskhand.cloudflows.declare import (
    NOTHING,
    ActionFailed,
    Answered,
    Call,
    Done,
    Outcome,
    Problem,
    RunView,
    Services,
    Status,
    Step,
)
from deskhand.cloudflows.http.responses import status_name
from deskhand.cloudflows.mail.composing import Sender, compose, read_address
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.mail.errors import MailError
from deskhand.cloudflows.mail.reading import try_out_reading
from deskhand.cloudflows.mail.sending import Account, reading_account, send, sending_account, try_out
from deskhand.cloudflows.usage import api_name, operation_of
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value, to_text

_SECURITIES = ["starttls", "tls", "none"]
PARAMETERS: Mapping[str, Value] = {
    "type": "object",
    "required": ["address", "smtpHost"],
    "properties": {
        "address": {"type": "string", "title": "Mail address", "description": "Whom mails are from."},
        "name": {"type": "string", "title": "Name of the sender"},
        "username": {"type": "string", "title": "Login", "description": "Empty for servers without login."},
        "password": {"type": "string", "title": "Password", "format": "password"},
        "smtpHost": {"type": "string", "title": "Server that sends (SMTP)"},
        "smtpPort": {"type": "integer", "title": "Its port", "minimum": 1, "maximum": 65_535},
        "smtpSecurity": {"type": "string", "title": "Its security", "enum": _SECURITIES},
        "imapHost": {"type": "string", "title": "Server that is read (IMAP)"},
        "imapPort": {"type": "integer", "title": "Its port", "minimum": 1, "maximum": 65_535},
        "imapSecurity": {"type": "string", "title": "Its security", "enum": _SECURITIES},
    },
}
"""What a connection to a mailbox holds; SMTP begins with STARTTLS and IMAP with TLS unless told otherwise."""

REPEATED = (
    "A mail whose sending was interrupted is sent once more, with the same Message-ID: it may arrive twice."
)


def send_mail(step: Step, given: Mapping[str, Value]) -> Outcome:
    """Return what sends a mail over the action's connection.

    Args:
        step: The action's step.
        given: The mail's parts; see :func:`~deskhand.cloudflows.mail.composing.compose`.
    """
    message_id, now = f"<{step.tracking_id}@{_domain(step)}>", step.now

    def perform(values: Mapping[str, Value], dialer: MailDialer) -> Value:
        mail = compose(given, _sender(values), message_id, now)
        send(mail, sending_account(values), dialer)
        return NOTHING

    return call_over_connection(step, perform)


def call_over_connection(step: Step, perform: Callable[[Mapping[str, Value], MailDialer], Value]) -> Outcome:
    """Return what talks to a mail server over the action's connection.

    Args:
        step: The action's step.
        perform: Does it, given what the connection holds; returns the body of the action's outputs.
    """
    match step.event:
        case Answered(error=ActionFailed() as failure):
            raise failure
        case Answered(error=MailError() as error):
            return _failed(error)
        case Answered(error=error) if error is not None:
            return failed_call(error)
        case Answered(value=body):
            return Done(outputs=_outputs(body))
    use = operation_of(step.action, step.run.connections)
    assert use is not None, "an operation was called"
    services, run, connector = step.services, step.run, api_name(use.api)
    read = partial(_values, services, run, use.connection, connector)
    return Call(lambda: perform(services.read(read), services.mail))


def mailbox_account(values: Mapping[str, Value]) -> Account:
    """Return the login for reading that a connection holds.

    Raises:
        ActionFailed: It holds none.
    """
    account = reading_account(values)
    if not account.host:
        raise ActionFailed("ConnectionNotConfigured", "The connection names no server that is read (IMAP).")
    return account


def try_mailbox(services: Services, values: Mapping[str, Value]) -> None:
    """Try out a connection to a mailbox: log in wherever it holds a server.

    Raises:
        MailError: That does not work.
        HttpError: A server is out of bounds.
    """
    _sender(values)
    try_out(sending_account(values), services.mail)
    reading = reading_account(values)
    if reading.host:
        try_out_reading(reading, services.mail)


def _values(
    services: Services, run: RunView, key: str, connector: str, tx: Transaction
) -> Mapping[str, Value]:
    return connection_values(tx, run, key, connector, services.vault, services.note_use)


def _sender(values: Mapping[str, Value]) -> Sender:
    address = read_address(to_text(values.get("address")), "address of the connection")
    return Sender(address.addr_spec, to_text(values.get("name")))


def _domain(step: Step) -> str:
    """Return what makes message ids unique among those of other servers."""
    return f"{step.run.workflow_id}.deskhand"


def _outputs(body: Value) -> dict[str, Value]:
    outputs: dict[str, Value] = {"statusCode": 200, "headers": {"Content-Type": "application/json"}}
    return outputs if body is NOTHING else outputs | {"body": body}


def _failed(error: MailError) -> Done:
    body = {"error": {"code": error.service_code, "message": error.message}}
    return Done(
        Status.FAILED,
        status_name(error.http_status),
        outputs={"statusCode": error.http_status, "headers": {}, "body": body},
        problem=Problem(error.service_code, error.message),
        transient=error.passes,
    )
