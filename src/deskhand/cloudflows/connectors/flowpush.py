"""Notifications: a flow tells its owner something. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from deskhand.cloudflows.connections import acting_principal
from deskhand.cloudflows.declare import Done, Outcome, Step, Transact, connector
from deskhand.cloudflows.notifications import notify_user
from deskhand.cloudflows.paths import parameter_object
from deskhand.cloudflows.usage import operation_of
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

NOTIFICATIONS = connector(
    "shared_flowpush",
    title="Notifications",
    doc="Tells the flow's owner something, to be read in the portal or on the command line.",
)

_DIFFERS = "Notifications are read in the portal or on the command line."


@NOTIFICATIONS.operation(
    "SendNotification",
    title="Send me a mobile notification",
    inputs={
        "type": "object",
        "required": ["NotificationDefinition"],
        "properties": {
            "NotificationDefinition": {
                "type": "object",
                "required": ["notificationText"],
                "properties": {
                    "notificationText": {"type": "string", "title": "Text"},
                    "notificationLink": {
                        "type": "object",
                        "properties": {
                            "uri": {"type": "string", "title": "Link"},
                            "label": {"type": "string", "title": "Link label"},
                        },
                    },
                },
            }
        },
    },
    differs=_DIFFERS,
)
def send_notification(step: Step) -> Outcome:
    """Tell the flow's owner something."""
    given = _object(step, "NotificationDefinition")
    link = member(given, "notificationLink")
    uri = to_text(member(link, "uri")) if isinstance(link, Mapping) else ""
    text = to_text(member(given, "notificationText"))
    return Transact(partial(_tell, step, "A cloud flow tells you", text, uri))


@NOTIFICATIONS.operation(
    "SendEmailNotification",
    title="Send me an email notification",
    inputs={
        "type": "object",
        "required": ["NotificationEmailDefinition"],
        "properties": {
            "NotificationEmailDefinition": {
                "type": "object",
                "required": ["notificationSubject", "notificationBody"],
                "properties": {
                    "notificationSubject": {"type": "string", "title": "Subject"},
                    "notificationBody": {"type": "string", "title": "Body"},
                },
            }
        },
    },
    differs=_DIFFERS,
)
def send_email_notification(step: Step) -> Outcome:
    """Tell the flow's owner something, with a subject."""
    given = _object(step, "NotificationEmailDefinition")
    subject, body = (to_text(member(given, f"notification{name}")) for name in ("Subject", "Body"))
    return Transact(partial(_tell, step, subject, body, ""))


def _tell(step: Step, title: str, text: str, link: str, tx: Transaction) -> Done:
    use = operation_of(step.action, step.run.connections)
    principal = acting_principal(tx, step.run, use.connection if use else "")
    notify_user(tx, principal.user_id, step.run.id, title, text, link)
    return Done(outputs={"statusCode": 200, "headers": {}})


def _object(step: Step, name: str) -> Mapping[str, Value]:
    parameters = member(step.given, "parameters") if isinstance(step.given, Mapping) else None
    found = parameter_object(parameters, name) if isinstance(parameters, Mapping) else None
    return found if isinstance(found, Mapping) else {}
