"""What cloud flows tell people, to be read in the portal or on the command line. Source: cloud-flows 3.11."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.approval_errors import NotificationNotFound
from deskhand.core.ids import new_id
from deskhand.entities.connector import Notification
from deskhand.store.database import Transaction

NOTIFICATIONS = "notifications"
"""Rung when there is something new to read."""

_MOST_LISTED = 200
_N = Notification.c


def notify_user(
    tx: Transaction, user_id: UUID, run_id: UUID, title: str, text: str, link: str | None = None
) -> UUID:
    """Tell a person something, and return the notification's id.

    Args:
        tx: The open transaction.
        user_id: Who is told.
        run_id: The run that tells it.
        title: What it is about.
        text: What is told.
        link: Where to look.
    """
    notification_id = new_id()
    row = {
        "notificationid": notification_id,
        "userid": user_id,
        "flowrunid": run_id,
        "title": title[:1000],
        "text": text,
        "link": link[:2000] if link else None,
        "createdon": tx.now,
    }
    tx.execute(sa.insert(Notification.table), row)
    tx.notify(NOTIFICATIONS)
    return notification_id


def list_notifications(tx: Transaction, user_id: UUID, *, unread: bool = False) -> list[dict[str, Any]]:
    """Return what a person was told, the newest first."""
    query = sa.select(Notification.table).where(_N.userid == user_id)
    if unread:
        query = query.where(_N.readon.is_(None))
    rows = tx.execute(query.order_by(_N.createdon.desc()).limit(_MOST_LISTED)).mappings()
    return [{name: value for name, value in row.items() if name != "userid"} for row in rows]


def mark_read(tx: Transaction, user_id: UUID, notification_id: UUID) -> None:
    """Note that a person has read something.

    Raises:
        NotificationNotFound: They were not told it.
    """
    mine = sa.and_(_N.notificationid == notification_id, _N.userid == user_id)
    done = tx.execute(
        sa.update(Notification.table).where(mine).values(readon=sa.func.coalesce(_N.readon, tx.now))
    )
    if done.rowcount == 0:
        raise NotificationNotFound(notification_id)
