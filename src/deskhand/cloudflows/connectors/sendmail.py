"""Mail: notices over the mail server that a connection names. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Mapping

from deskhand.cloudflows.declare import Outcome, Step, connector
from deskhand.cloudflows.mailing import PARAMETERS, REPEATED, send_mail, try_mailbox
from deskhand.cloudflows.paths import parameter_object
from deskhand.wdl.definition import member

MAIL = connector(
    "shared_sendmail",
    title="Mail",
    doc="Sends notices over any mail server (SMTP).",
    parameters=PARAMETERS,
    test=try_mailbox,
)


@MAIL.operation(
    "SendEmailV3",
    title="Send an email notification (V3)",
    inputs={
        "type": "object",
        "required": ["request"],
        "properties": {
            "request": {
                "type": "object",
                "required": ["to", "subject", "text"],
                "properties": {
                    "to": {"type": "string", "title": "To"},
                    "subject": {"type": "string", "title": "Subject"},
                    "text": {"type": "string", "title": "Body", "format": "html"},
                    "cc": {"type": "string", "title": "CC"},
                    "bcc": {"type": "string", "title": "BCC"},
                    "attachments": {"type": "array", "title": "Attachments"},
                },
            }
        },
    },
    differs=REPEATED,
)
def send_email_v3(step: Step) -> Outcome:
    """Send a notice by mail."""
    parameters = member(step.given, "parameters") if isinstance(step.given, Mapping) else None
    request = parameter_object(parameters, "request") if isinstance(parameters, Mapping) else None
    given = request if isinstance(request, Mapping) else {}
    return send_mail(step, {**given, "Body": member(given, "text")})
