"""Who did what: a line for every act that changes who may do what, or what the installation does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.signing_in import AuditEvent
from deskhand.store.database import Transaction

_LONGEST_DETAILS = 4_000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        name: Their name, for people.
        user_id: The user; None for the command line, and for somebody who could not sign in.
        address: The network address that the request came from.
    """

    name: str
    user_id: UUID | None = None
    address: str | None = None


COMMAND_LINE = Actor("command line")
"""Whoever may write the data directory."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What something is done to.

    Attributes:
        table: Its table's logical name.
        id: Its id.
        name: Its name at that time.
    """

    table: str
    id: UUID | None = None
    name: str | None = None


def note(tx: Transaction, actor: Actor, action: str, thing: Thing | None = None, **details: Any) -> None:
    """Write one line of the audit log, in the transaction of the act itself.

    Args:
        tx: The open transaction.
        actor: Who acts.
        action: What they do, such as ``signed in`` or ``gave a role``.
        thing: What it is done to.
        details: What else is to be known of it; never a secret.
    """
    row = {
        "auditeventid": new_id(),
        "createdon": tx.now,
        "systemuserid": actor.user_id,
        "username": _bounded(actor.name, 200),
        "action": action,
        "objecttype": thing.table if thing else None,
        "objectid": thing.id if thing else None,
        "objectname": _bounded(thing.name, 300) if thing and thing.name else None,
        "details": json.dumps(details, default=str)[:_LONGEST_DETAILS] if details else None,
        "address": actor.address,
    }
    tx.execute(sa.insert(AuditEvent.table), row)


def _bounded(text: str, limit: int) -> str:
    """Return a text that both databases take."""
    sound = text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    return sound[:limit]
