"""Office 365 Outlook: mail, over the mail servers that a connection names. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskhand.cloudflows import mailboxes
from deskhand.cloudflows.declare import Outcome, Step, connector
from deskhand.cloudflows.mailing import PARAMETERS, REPEATED, send_mail, try_mailbox
from deskhand.cloudflows.paths import parameter_object
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value

OFFICE_365 = connector(
    "shared_office365",
    title="Office 365 Outlook",
    doc="Sends mail over any mail server (SMTP), and reads a mailbox on any (IMAP).",
    parameters=PARAMETERS,
    test=try_mailbox,
)
LOGIC_APPS = connector(
    "office365",
    title="Office 365 Outlook (Logic Apps)",
    doc="Sends mail over any mail server (SMTP), as flows of Logic Apps name it.",
    parameters=PARAMETERS,
    test=try_mailbox,
)

MESSAGE: Mapping[str, Any] = {
    "type": "object",
    "required": ["To", "Subject", "Body"],
    "properties": {
        "To": {"type": "string", "title": "To", "description": "Addresses, separated by semicolons."},
        "Subject": {"type": "string", "title": "Subject"},
        "Body": {"type": "string", "title": "Body", "format": "html"},
        "From": {"type": "string", "title": "From (send as)"},
        "Cc": {"type": "string", "title": "CC"},
        "Bcc": {"type": "string", "title": "BCC"},
        "ReplyTo": {"type": "string", "title": "Reply to"},
        "Importance": {"type": "string", "title": "Importance", "enum": ["Low", "Normal", "High"]},
        "Sensitivity": {
            "type": "string",
            "title": "Sensitivity",
            "enum": ["Normal", "Personal", "Private", "Confidential"],
        },
        "Attachments": {
            "type": "array",
            "title": "Attachments",
            "items": {
                "type": "object",
                "properties": {
                    "Name": {"type": "string", "title": "Name"},
                    "ContentBytes": {"type": "string", "title": "Content", "format": "byte"},
                },
            },
        },
    },
}


@OFFICE_365.operation(
    "SendEmailV2",
    title="Send an email (V2)",
    inputs={"type": "object", "required": ["emailMessage"], "properties": {"emailMessage": MESSAGE}},
    differs=REPEATED,
)
def send_email_v2(step: Step) -> Outcome:
    """Send a mail from the connection's address."""
    return send_mail(step, _object(_member(step, "parameters"), "emailMessage"))


_ADDRESS = {"type": "string", "title": "Original mailbox address"}
_MESSAGE_ID = {"type": "string", "title": "Message ID"}
_FOLDER = {"type": "string", "title": "Folder", "description": "‘/’ stands between a folder and one in it."}
_ATTACHED = {"type": "boolean", "title": "Include attachments"}
_ATTACHMENT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "contentType": {"type": "string"},
        "size": {"type": "integer"},
        "isInline": {"type": "boolean"},
        "lastModifiedDateTime": {"type": "string"},
        "contentId": {"type": "string"},
        "contentBytes": {"type": "string", "format": "byte"},
    },
}
_STORED = {
    "type": "object",
    "properties": {
        **{
            name: {"type": "string"}
            for name in (
                "id",
                "receivedDateTime",
                "internetMessageId",
                "subject",
                "bodyPreview",
                "importance",
                "conversationId",
                "body",
                "from",
                "toRecipients",
                "ccRecipients",
                "bccRecipients",
                "replyTo",
            )
        },
        **{name: {"type": "boolean"} for name in ("hasAttachments", "isRead", "isHtml")},
        "attachments": {"type": "array", "items": _ATTACHMENT},
    },
}
_TOO_LARGE = "A mail that is larger than the setting http_body_max_bytes comes with its headers alone."
_OWN_MAILBOX = "The connection's own mailbox only."


def _one_mail(*needed: str, **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["messageId", *needed],
        "properties": {"messageId": _MESSAGE_ID, **properties, "mailboxAddress": _ADDRESS},
    }


@OFFICE_365.operation(
    "GetEmailsV3",
    title="Get emails (V3)",
    inputs={
        "type": "object",
        "properties": {
            "folderPath": _FOLDER,
            "to": {"type": "string", "title": "To"},
            "cc": {"type": "string", "title": "CC"},
            "toOrCc": {"type": "string", "title": "To or CC"},
            "from": {"type": "string", "title": "From"},
            "importance": {
                "type": "string",
                "title": "Importance",
                "enum": ["Any", "Low", "Normal", "High"],
            },
            "fetchOnlyWithAttachment": {"type": "boolean", "title": "Only with attachments"},
            "subjectFilter": {"type": "string", "title": "Subject filter"},
            "fetchOnlyUnread": {"type": "boolean", "title": "Fetch only unread messages", "default": True},
            "mailboxAddress": _ADDRESS,
            "includeAttachments": _ATTACHED,
            "searchQuery": {"type": "string", "title": "Search query"},
            "top": {"type": "integer", "title": "Top", "minimum": 1, "maximum": 1000, "default": 10},
        },
    },
    outputs={"type": "object", "properties": {"value": {"type": "array", "items": _STORED}}},
    differs="A search query is a text to be found, without operators. The newest are those that came into "
    f"the folder last; the thousand newest that the server finds are looked at. {_TOO_LARGE} {_OWN_MAILBOX}",
)
def get_emails(step: Step) -> Outcome:
    """List mails of a folder, the newest first."""
    return mailboxes.get_emails(step)


@OFFICE_365.operation(
    "GetEmailV2",
    title="Get email (V2)",
    inputs=_one_mail(includeAttachments=_ATTACHED),
    outputs=_STORED,
    differs=f"{_TOO_LARGE} {_OWN_MAILBOX}",
)
def get_email(step: Step) -> Outcome:
    """Read one mail."""
    return mailboxes.get_email(step)


@OFFICE_365.operation(
    "GetAttachment_V2",
    title="Get attachment (V2)",
    inputs=_one_mail("attachmentId", attachmentId={"type": "string", "title": "Attachment ID"}),
    outputs=_ATTACHMENT,
    differs=_OWN_MAILBOX,
)
def get_attachment(step: Step) -> Outcome:
    """Read one attachment of a mail."""
    return mailboxes.get_attachment(step)


@OFFICE_365.operation("MarkAsRead", title="Mark as read", inputs=_one_mail(), differs=_OWN_MAILBOX)
@OFFICE_365.operation(
    "MarkAsRead_V3",
    title="Mark as read or unread (V3)",
    inputs=_one_mail(isRead={"type": "boolean", "title": "Mark as", "default": True}),
    differs=_OWN_MAILBOX,
)
def mark_as_read(step: Step) -> Outcome:
    """Mark a mail as read, or as unread."""
    return mailboxes.mark_as_read(step)


@OFFICE_365.operation(
    "Flag_V2",
    title="Flag email (V2)",
    inputs=_one_mail(
        body={
            "type": "object",
            "properties": {
                "flag": {
                    "type": "object",
                    "properties": {
                        "flagStatus": {
                            "type": "string",
                            "title": "Flag status",
                            "enum": ["flagged", "notFlagged", "complete"],
                        }
                    },
                }
            },
        }
    ),
    differs=f"A flag that is complete is taken away. {_OWN_MAILBOX}",
)
def flag(step: Step) -> Outcome:
    """Set the flag of a mail, or take it away."""
    return mailboxes.flag(step)


@OFFICE_365.operation(
    "MoveV2",
    title="Move email (V2)",
    inputs=_one_mail("folderPath", folderPath=_FOLDER),
    outputs=_STORED,
    differs="The mail gets another id, as it is returned. If the answer to a move is lost, the attempt that "
    f"follows finds no mail to move. {_OWN_MAILBOX}",
)
def move_email(step: Step) -> Outcome:
    """Move a mail to another folder."""
    return mailboxes.move_email(step)


@OFFICE_365.operation(
    "DeleteEmail_V2",
    title="Delete email (V2)",
    inputs=_one_mail(),
    differs="The mail goes to the folder that the server keeps for deleted ones, and is gone for good if "
    f"there is none. {_OWN_MAILBOX}",
)
def delete_email(step: Step) -> Outcome:
    """Delete a mail."""
    return mailboxes.delete_email(step)


@LOGIC_APPS.operation("post /v2/Mail", title="Send an email (V2)", inputs=MESSAGE, differs=REPEATED)
def post_mail(step: Step) -> Outcome:
    """Send a mail from the connection's address."""
    body = _member(step, "body")
    return send_mail(step, body if isinstance(body, Mapping) else {})


def _member(step: Step, name: str) -> Value:
    return member(step.given, name) if isinstance(step.given, Mapping) else None


def _object(parameters: Value, name: str) -> Mapping[str, Value]:
    found = parameter_object(parameters, name) if isinstance(parameters, Mapping) else None
    return found if isinstance(found, Mapping) else {}
