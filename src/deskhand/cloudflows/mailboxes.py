"""Actions of a run that read and change the mailbox of a connection, over IMAP. Source: cloud-flows 3.11."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Mapping

from deskhand.cloudflows.declare import NOTHING, ActionFailed, Outcome, Step
from deskhand.cloudflows.mail.arrived import MessageId, attachment_value, message_value
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.mail.errors import MailboxOutOfReach, MailFilterRefused, MailNotFound
from deskhand.cloudflows.mail.filters import MailFilter, is_set
from deskhand.cloudflows.mail.reading import mailbox
from deskhand.cloudflows.mail.stored import delete, find_mails, mark, move, read_mail
from deskhand.cloudflows.mailing import call_over_connection, mailbox_account
from deskhand.cloudflows.paths import parameter_object
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

MOST_MAILS = 1000
_USUAL_MAILS = 10
_MOST_TEXT = 1000
_FLAG_STATUSES = {"flagged": True, "notflagged": False, "complete": False}

Parameters = Mapping[str, Value]


def get_emails(step: Step) -> Outcome:
    """Return what lists mails of a folder, the newest first."""
    most_bytes = step.settings.http_body_max_bytes

    def listed(client: imaplib.IMAP4, parameters: Parameters) -> Value:
        found = find_mails(
            client,
            to_text(member(parameters, "folderPath")) or "INBOX",
            MailFilter.read(parameters),
            most=_count(parameters),
            most_bytes=most_bytes,
            only_unread=is_set(parameters, "fetchOnlyUnread", default=True),
            text=_text(parameters),
        )
        with_attachments = is_set(parameters, "includeAttachments")
        return {"value": [message_value(one, with_attachments=with_attachments) for one in found]}

    return _in_mailbox(step, listed)


def get_email(step: Step) -> Outcome:
    """Return what reads one mail."""
    most_bytes = step.settings.http_body_max_bytes

    def read(client: imaplib.IMAP4, parameters: Parameters) -> Value:
        message = read_mail(client, _message_id(parameters), most_bytes=most_bytes)
        return message_value(message, with_attachments=is_set(parameters, "includeAttachments"))

    return _in_mailbox(step, read)


def get_attachment(step: Step) -> Outcome:
    """Return what reads one attachment of a mail."""
    most_bytes = step.settings.http_body_max_bytes

    def read(client: imaplib.IMAP4, parameters: Parameters) -> Value:
        message = read_mail(client, _message_id(parameters), most_bytes=most_bytes)
        return attachment_value(message, _required(parameters, "attachmentId"))

    return _in_mailbox(step, read)


def mark_as_read(step: Step) -> Outcome:
    """Return what marks a mail as read or unread."""

    def marked(client: imaplib.IMAP4, parameters: Parameters) -> Value:
        body = parameter_object(parameters, "body")
        given = {**parameters, **body} if isinstance(body, Mapping) else parameters
        mark(client, _message_id(parameters), r"\Seen", is_on=is_set(given, "isRead", default=True))
        return NOTHING

    return _in_mailbox(step, marked)


def flag(step: Step) -> Outcome:
    """Return what sets the flag of a mail, or takes it away."""

    def flagged(client: imaplib.IMAP4, parameters: Parameters) -> Value:
        body = parameter_object(parameters, "body")
        asked = member(body, "flag") if isinstance(body, Mapping) else None
        status = to_text(member(asked, "flagStatus") if isinstance(asked, Mapping) else None) or "flagged"
        is_on = _FLAG_STATUSES.get(status.casefold())
        if is_on is None:
            raise MailFilterRefused("flagStatus", "is none of flagged, notFlagged and complete")
        mark(client, _message_id(parameters), r"\Flagged", is_on=is_on)
        return NOTHING

    return _in_mailbox(step, flagged)


def move_email(step: Step) -> Outcome:
    """Return what moves a mail to another folder."""
    most_bytes = step.settings.http_body_max_bytes

    def moved(client: imaplib.IMAP4, parameters: Parameters) -> Value:
        moved_id = move(client, _message_id(parameters), _required(parameters, "folderPath"))
        return message_value(read_mail(client, moved_id, most_bytes=most_bytes), with_attachments=False)

    return _in_mailbox(step, moved)


def delete_email(step: Step) -> Outcome:
    """Return what deletes a mail; an attempt that follows another may find that it is gone."""
    is_repeated = step.attempt > 1

    def deleted(client: imaplib.IMAP4, parameters: Parameters) -> Value:
        try:
            delete(client, _message_id(parameters))
        except MailNotFound:
            if not is_repeated:
                raise
        return NOTHING

    return _in_mailbox(step, deleted)


def _in_mailbox(step: Step, act: Callable[[imaplib.IMAP4, Parameters], Value]) -> Outcome:
    found = member(step.given, "parameters") if isinstance(step.given, Mapping) else None
    parameters = found if isinstance(found, Mapping) else {}

    def perform(values: Mapping[str, Value], dialer: MailDialer) -> Value:
        _require_reach(values, parameters)
        with mailbox(mailbox_account(values), dialer) as client:
            return act(client, parameters)

    return call_over_connection(step, perform)


def _require_reach(values: Mapping[str, Value], parameters: Parameters) -> None:
    """Make sure that the connection's mailbox is meant: it is the only one that a login opens."""
    address = to_text(member(parameters, "mailboxAddress")).strip()
    own = {to_text(values.get(name)).casefold() for name in ("address", "username")}
    if address and address.casefold() not in own:
        raise MailboxOutOfReach(address)


def _message_id(parameters: Parameters) -> MessageId:
    return MessageId.read(_required(parameters, "messageId"))


def _required(parameters: Parameters, name: str) -> str:
    text = to_text(member(parameters, name))
    if not text:
        raise ActionFailed("InvalidParameter", f"The parameter '{name}' is missing.")
    return text


def _count(parameters: Parameters) -> int:
    """Return how many mails are asked for."""
    value = member(parameters, "top")
    if value in (None, ""):
        return _USUAL_MAILS
    text = to_text(value)
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_MAILS:
        raise MailFilterRefused("top", f"is not a number from 1 to {MOST_MAILS}")
    return int(text)


def _text(parameters: Parameters) -> str:
    """Return what must stand in the mails."""
    text = to_text(member(parameters, "searchQuery")).strip()
    if len(text) > _MOST_TEXT:
        raise MailFilterRefused("searchQuery", f"is longer than {_MOST_TEXT} letters")
    return text
