"""Passwords of people: what one must be like, and where it is kept."""

from __future__ import annotations

import unicodedata
from uuid import UUID

import sqlalchemy as sa

from deskhand.entities.signing_in import UserPassword
from deskhand.identity.client_secrets import hash_secret
from deskhand.identity.errors import PasswordTooWeak
from deskhand.identity.sessions import end_sessions_of
from deskhand.store.database import Transaction

SHORTEST = 10
LONGEST = 256


def new_password_hash(password: str, user_name: str) -> str:
    """Return the hash of a password that somebody chose. Slow: call it outside of any transaction.

    Args:
        password: What they chose.
        user_name: Their sign-in name, which it must not be.

    Raises:
        PasswordTooWeak: It is too easily guessed.
    """
    plain = normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordTooWeak(f"it has {len(plain)} characters and takes {SHORTEST} to {LONGEST}")
    if len(set(plain)) < 4:
        raise PasswordTooWeak("it repeats too few characters")
    if plain.casefold() == user_name.casefold():
        raise PasswordTooWeak("it is the sign-in name")
    return hash_secret(plain)


def normal(password: str) -> str:
    """Return the one form of a password that keyboards write in several. Source: NIST SP 800-63B 5.1.1.2."""
    return unicodedata.normalize("NFKC", password)


def password_hash(tx: Transaction, user_id: UUID) -> str | None:
    """Return the hash of a user's password, or None for a user who has none."""
    query = sa.select(UserPassword.c.passwordhash).where(UserPassword.c.systemuserid == user_id)
    found: str | None = tx.execute(query).scalar()
    return found


def set_password(tx: Transaction, user_id: UUID, new_hash: str, *, keep_session: UUID | None = None) -> None:
    """Give a user a password; whoever is signed in as them is signed out.

    Args:
        tx: The open transaction.
        user_id: The user.
        new_hash: From :func:`new_password_hash`.
        keep_session: The session of the person who sets it, which goes on.
    """
    tx.execute(sa.delete(UserPassword.table).where(UserPassword.c.systemuserid == user_id))
    row = {"systemuserid": user_id, "passwordhash": new_hash, "changedon": tx.now}
    tx.execute(sa.insert(UserPassword.table), row)
    end_sessions_of(tx, user_id, keep=keep_session)
