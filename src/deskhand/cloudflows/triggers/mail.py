"""Mail: a mail arrived in a mailbox. Source: cloud-flows 2.5 (push connectors).

The mailbox is read over IMAP, with the connection that the flow is bound to. What arrived and how far the
mailbox was read are written together, so that no mail is lost and none starts two runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deskhand.cloudflows.connections import connection_values
from deskhand.cloudflows.declare import (
    AUTOMATED,
    ActionFailed,
    Field,
    Firing,
    Look,
    Seen,
    Services,
    TriggerType,
    TriggerView,
    connector,
    declare_trigger,
)
from deskhand.cloudflows.mail.arrived import message_value
from deskhand.cloudflows.mail.errors import MailFilterRefused
from deskhand.cloudflows.mail.filters import MailFilter, is_set
from deskhand.cloudflows.mail.reading import mailbox, try_out_reading
from deskhand.cloudflows.mail.sending import Account, reading_account
from deskhand.cloudflows.mail.watching import Place, read_news
from deskhand.cloudflows.mailing import mailbox_account
from deskhand.cloudflows.triggers.errors import TriggerInputsInvalid
from deskhand.cloudflows.triggers.recurrence import begin_by_schedule, next_slot
from deskhand.cloudflows.usage import api_name, operation_of
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value


def _try_mailbox(services: Services, values: Mapping[str, Value]) -> None:
    try_out_reading(reading_account(values), services.mail)


IMAP = connector(
    "shared_imap",
    title="IMAP",
    doc="Reads a mailbox on any mail server (IMAP).",
    parameters={
        "type": "object",
        "required": ["imapHost", "username", "password"],
        "properties": {
            "imapHost": {"type": "string", "title": "Server that is read (IMAP)"},
            "imapPort": {"type": "integer", "title": "Its port", "minimum": 1, "maximum": 65_535},
            "imapSecurity": {"type": "string", "title": "Its security", "enum": ["starttls", "tls", "none"]},
            "username": {"type": "string", "title": "Login"},
            "password": {"type": "string", "title": "Password", "format": "password"},
        },
    },
    test=_try_mailbox,
)


def _parameters(view: TriggerView) -> Mapping[str, Value]:
    inputs = view.trigger.inputs
    found = view.evaluate(member(inputs, "parameters")) if isinstance(inputs, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _filter(view: TriggerView, parameters: Mapping[str, Value]) -> MailFilter:
    try:
        return MailFilter.read(parameters)
    except MailFilterRefused as error:
        raise TriggerInputsInvalid(view.trigger.name, error.message.removesuffix(".")) from error


def _begin(view: TriggerView) -> datetime | None:
    _filter(view, _parameters(view))
    return begin_by_schedule(view)


def _look(look: Look) -> Seen:
    """Read what arrived since the last look; at the first, since the flow was switched on."""
    parameters = _parameters(look)
    wanted = _filter(look, parameters)
    folder = str(member(parameters, "folderPath") or "INBOX")
    try:
        account = _account(look)
    except ActionFailed as failure:
        return Seen(None, problem=failure.problem)
    with mailbox(account, look.services.mail) as client:
        place = Place.at_first(look.activated) if look.cursor is None else Place.read(look.cursor)
        news = read_news(client, folder, place, most_bytes=look.settings.http_body_max_bytes)
    due = next_slot(look) if news.is_all else look.now
    values: list[Value] = [
        message_value(one, with_attachments=is_set(parameters, "includeAttachments"))
        for one in news.messages
        if wanted.fits(one)
    ]
    return Seen(due, news.place.as_value(), (Firing({"body": {"value": values}}),) if values else ())


def _account(look: Look) -> Account:
    use = operation_of(look.trigger, look.connections)
    assert use is not None, "the trigger was found by its operation"
    connector, services = api_name(use.api), look.services
    values = look.read(
        lambda tx: connection_values(tx, look, use.connection, connector, services.vault, services.note_use)
    )
    return mailbox_account(values)


def _declare(name: str) -> TriggerType:
    return declare_trigger(
        TriggerType(
            name=name,
            title="When a new email arrives (V3)",
            doc="Starts a run when a mail arrives in a mailbox.",
            kind=AUTOMATED,
            fields=(
                Field("inputs/parameters/folderPath", "Folder", type="string"),
                Field("inputs/parameters/from", "From", type="string"),
                Field("inputs/parameters/to", "To", type="string"),
                Field("inputs/parameters/cc", "CC", type="string"),
                Field("inputs/parameters/toOrCc", "To or CC", type="string"),
                Field("inputs/parameters/subjectFilter", "Subject filter", type="string"),
                Field("inputs/parameters/importance", "Importance", options=("Any", "Low", "Normal", "High")),
                Field("inputs/parameters/fetchOnlyWithAttachment", "Only with attachments", type="boolean"),
                Field("inputs/parameters/includeAttachments", "Include attachments", type="boolean"),
            ),
            begin=_begin,
            look=_look,
            differs="The mailbox is read over IMAP, each minute unless the trigger has a recurrence. The "
            "id of a mail changes when it is moved.",
        )
    )


NEW_EMAIL = _declare("shared_office365/OnNewEmailV3")
NEW_EMAIL_OVER_IMAP = _declare(f"{IMAP.name}/OnNewEmail")
