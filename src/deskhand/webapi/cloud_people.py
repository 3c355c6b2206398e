"""The management API's calls about what cloud flows ask and tell people. Source: cloud-flows 3.11."""

from __future__ import annotations

from deskhand.cloudflows.approval_errors import NotificationNotFound
from deskhand.cloudflows.approvals import ApprovalStatus, answer, list_approvals, show_approval
from deskhand.cloudflows.notifications import list_notifications, mark_read
from deskhand.core.ids import parse_id
from deskhand.store.database import Transaction
from deskhand.webapi.cloud_connections import as_json, text_of
from deskhand.webapi.cloud_requests import Answer, BodyRefused, ManagementCall, OptionRefused, Query

_STATUSES = {one.casefold(): one for one in ApprovalStatus}


def _list_approvals(tx: Transaction, query: Query) -> Answer:
    """Return approvals: pending ones, or those whose state `status` names, or `all`."""
    text = query.options.get("status", ApprovalStatus.PENDING).casefold()
    if text != "all" and text not in _STATUSES:
        raise OptionRefused("status", f"it is one of {', '.join(ApprovalStatus)} or All")
    rows = list_approvals(tx, query.principal, _STATUSES.get(text))
    return query.listed([as_json(row) for row in rows])


def _get_approval(tx: Transaction, query: Query) -> Answer:
    """Return an approval with the answers to it."""
    return Answer(as_json(show_approval(tx, query.principal, query.path["approval"])))


def _answer_approval(tx: Transaction, query: Query) -> Answer:
    """Answer an approval with a `response` and perhaps `comments`."""
    name, comments = query.path["approval"], query.body.get("comments", "")
    if not isinstance(comments, str):
        raise BodyRefused("'comments' must be a text")
    answer(tx, query.principal, name, text_of(query, "response"), comments)
    return Answer(as_json(show_approval(tx, query.principal, name)))


def _list_notifications(tx: Transaction, query: Query) -> Answer:
    """Return what cloud flows have told the caller, the newest first; `unread=true` for the new."""
    unread = query.options.get("unread", "").casefold() == "true"
    rows = list_notifications(tx, query.principal.user_id, unread=unread)
    return query.listed([as_json(row) for row in rows])


def _read_notification(tx: Transaction, query: Query) -> Answer:
    """Note that the caller has read a notification."""
    notification_id = parse_id(query.path["notification"])
    if notification_id is None:
        raise NotificationNotFound(query.path["notification"])
    mark_read(tx, query.principal.user_id, notification_id)
    return Answer(status=204)


PEOPLE_CALLS = (
    ManagementCall("GET", "/approvals", _list_approvals),
    ManagementCall("GET", "/approvals/{approval}", _get_approval),
    ManagementCall("POST", "/approvals/{approval}/responses", _answer_approval, writes=True),
    ManagementCall("GET", "/notifications", _list_notifications),
    ManagementCall("POST", "/notifications/{notification}/read", _read_notification, writes=True),
)
"""Every call about approvals and notifications, below the management API's own base."""
