"""Browser sessions: who signed in, in which browser, until when; and the links that sign somebody in."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.security import SystemUser
from deskhand.entities.signing_in import AuthorizationCode, RefreshToken, SignInLink, SignInSession
from deskhand.store.database import Transaction

LINK_LIFETIME = timedelta(minutes=10)

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for one another."""

_CODE_LETTERS = 8
_KEPT = timedelta(days=1)
"""How long rows stay after their time: a code that comes late is told from one that never was."""

_TOUCH_SECONDS = 60


class Method(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - the word, not one
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Session:
    """A session that goes on.

    Attributes:
        id: Its id, the ``sid`` of its tokens.
        user_id: Who signed in.
        method: How.
        began: When.
        expires: When it ends at the latest.
    """

    id: UUID
    user_id: UUID
    method: Method
    began: datetime
    expires: datetime


def open_session(tx: Transaction, user_id: UUID, method: Method, settings: Settings) -> str:
    """Begin a session and return the text of its cookie, of which only a hash is kept."""
    _sweep(tx)
    token = secrets.token_urlsafe(32)
    row = {
        "signinsessionid": new_id(),
        "tokenhash": digest(token),
        "systemuserid": user_id,
        "method": method.value,
        "createdon": tx.now,
        "lastusedon": tx.now,
        "expireson": tx.now + timedelta(seconds=settings.session_seconds),
    }
    tx.execute(sa.insert(SignInSession.table), row)
    return token


def find_session(tx: Transaction, token: str, settings: Settings) -> Session | None:
    """Return the session that a cookie belongs to, and note its use; None if there is none any more."""
    return _use(tx, SignInSession.c.tokenhash == digest(token), settings)


def use_session(tx: Transaction, session_id: UUID, settings: Settings) -> Session | None:
    """Return a session by its id, and note its use; None if there is none any more."""
    return _use(tx, SignInSession.c.signinsessionid == session_id, settings)


def _use(tx: Transaction, found: sa.ColumnElement[bool], settings: Settings) -> Session | None:
    c, idle = SignInSession.c, timedelta(seconds=settings.session_idle_seconds)
    query = (
        sa.select(SignInSession.table)
        .join(SystemUser.table, SystemUser.c.systemuserid == c.systemuserid)
        .where(found, c.expireson > tx.now, c.lastusedon > tx.now - idle, ~SystemUser.c.isdisabled)
    )
    row = tx.execute(query).mappings().first()
    if row is None:
        return None
    if row["lastusedon"] <= tx.now - timedelta(seconds=_TOUCH_SECONDS):
        touched = sa.update(SignInSession.table).where(c.signinsessionid == row["signinsessionid"])
        tx.execute(touched.values(lastusedon=tx.now))
    return Session(
        row["signinsessionid"], row["systemuserid"], Method(row["method"]), row["createdon"], row["expireson"]
    )


def is_open(tx: Transaction, session_id: UUID) -> bool:
    """Tell whether a session has not been ended; its time is told by the tokens it gave."""
    c = SignInSession.c
    return tx.execute(sa.select(c.signinsessionid).where(c.signinsessionid == session_id)).first() is not None


def end_session(tx: Transaction, session_id: UUID) -> None:
    """Sign a browser out: its session ends, and so does every token that came from it."""
    for entity in (AuthorizationCode, RefreshToken, SignInSession):
        tx.execute(sa.delete(entity.table).where(entity.c.signinsessionid == session_id))


def end_sessions_of(tx: Transaction, user_id: UUID, *, keep: UUID | None = None) -> None:
    """Sign a user out everywhere, but for one session that is to go on."""
    for entity in (AuthorizationCode, RefreshToken, SignInSession):
        ended = sa.delete(entity.table).where(entity.c.systemuserid == user_id)
        tx.execute(ended if keep is None else ended.where(entity.c.signinsessionid != keep))


def create_link_code(tx: Transaction, user_id: UUID) -> str:
    """Return the code of a new one-time link, such as ``WX4K-9KDT``; only its hash is kept."""
    _sweep(tx)
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))
    row = {
        "signinlinkid": new_id(),
        "codehash": digest(letters),
        "systemuserid": user_id,
        "createdon": tx.now,
        "expireson": tx.now + LINK_LIFETIME,
        "usedon": None,
    }
    tx.execute(sa.insert(SignInLink.table), row)
    half = _CODE_LETTERS // 2
    return f"{letters[:half]}-{letters[half:]}"


def link_address(base: str, code: str) -> str:
    """Return the link of a code, under an address of the server."""
    return f"{base}/start?code={code}"


def use_link_code(tx: Transaction, code: str) -> UUID | None:
    """Return whom a link signs in, and spend it; None if it does not work, or not any more."""
    c = SignInLink.c
    letters = re.sub(r"[\s-]", "", code).upper()
    enabled = sa.select(SystemUser.c.systemuserid).where(~SystemUser.c.isdisabled)
    used = (
        sa.update(SignInLink.table)
        .where(
            c.codehash == digest(letters),
            c.usedon.is_(None),
            c.expireson > tx.now,
            c.systemuserid.in_(enabled),
        )
        .values(usedon=tx.now)
        .returning(c.systemuserid)
    )
    user_id: UUID | None = tx.execute(used).scalar()
    return user_id


def digest(secret: str) -> str:
    """Hash a secret that is random and long, or works for minutes only, for which a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _sweep(tx: Transaction) -> None:
    """Forget what stopped working long ago."""
    for entity in (AuthorizationCode, RefreshToken, SignInLink, SignInSession):
        tx.execute(sa.delete(entity.table).where(entity.c.expireson < tx.now - _KEPT))
