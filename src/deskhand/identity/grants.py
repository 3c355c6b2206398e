"""What a session hands to a client: a code, for it tokens, and for a refresh token fresh ones.

Source: dataverse-api 13.3, RFC 6749, RFC 7636, RFC 9700.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.security import SystemUser
from deskhand.entities.signing_in import AuthorizationCode, RefreshToken
from deskhand.identity.sessions import Session, digest, use_session
from deskhand.store.database import Transaction

CODE_LIFETIME = timedelta(seconds=60)

OFFLINE_SCOPE = "offline_access"
"""The scope by which a client asks for refresh tokens."""


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What a client asks a code for, all of it checked.

    Attributes:
        client_id: The client.
        redirect_uri: Where the code is sent.
        challenge: The PKCE challenge, S256.
        audience: The resource that tokens are to be for.
        scope: The scopes that were asked for.
        nonce: What the id token must repeat; empty without.
    """

    client_id: UUID
    redirect_uri: str
    challenge: str
    audience: str
    scope: str
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """Whom tokens are for."""

    id: UUID
    object_id: UUID
    name: str
    sign_in_name: str


@dataclass(frozen=True, slots=True, repr=False)
class Grant:
    """What tokens are to be made of.

    Attributes:
        session: The session that they come from.
        user: Whom they are for.
        audience: The resource.
        scope: What was asked for.
        nonce: What the id token must repeat; empty without.
        refresh_token: The text of the next refresh token; None where the client did not ask for any.
    """

    session: Session
    user: User
    audience: str
    scope: str
    nonce: str
    refresh_token: str | None


def create_code(tx: Transaction, session: Session, request: CodeRequest) -> str:
    """Return a code that a client may exchange for tokens, once and soon."""
    code = secrets.token_urlsafe(32)
    row = {
        "authorizationcodeid": new_id(),
        "codehash": digest(code),
        "signinsessionid": session.id,
        "systemuserid": session.user_id,
        "clientid": request.client_id,
        "redirecturi": request.redirect_uri,
        "challenge": request.challenge,
        "audience": request.audience,
        "scope": request.scope,
        "nonce": request.nonce or None,
        "expireson": tx.now + CODE_LIFETIME,
        "usedon": None,
    }
    tx.execute(sa.insert(AuthorizationCode.table), row)
    return code


def exchange_code(
    tx: Transaction, code: str, client_id: UUID, redirect_uri: str, verifier: str, settings: Settings
) -> Grant | None:
    """Spend a code; None if it does not work.

    A code that comes twice was stolen on one of its ways: what it was exchanged for stops working.
    """
    c = AuthorizationCode.c
    row = tx.execute(_held(AuthorizationCode.table, c.codehash == digest(code))).mappings().first()
    if row is None:
        return None
    if row["usedon"] is not None:
        _end_family(tx, row["authorizationcodeid"])
        return None
    # A wrong verifier spends the code too: whoever holds it without the verifier gets one guess.
    spent = sa.update(AuthorizationCode.table).where(c.authorizationcodeid == row["authorizationcodeid"])
    tx.execute(spent.values(usedon=tx.now))
    fits = (
        row["expireson"] > tx.now
        and row["clientid"] == client_id
        and row["redirecturi"] == redirect_uri
        and hmac.compare_digest(row["challenge"], challenge_of(verifier))
    )
    return _grant(tx, row, row["authorizationcodeid"], settings, row["nonce"] or "") if fits else None


def exchange_refresh_token(tx: Transaction, token: str, client_id: UUID, settings: Settings) -> Grant | None:
    """Spend a refresh token; None if it does not work.

    One that comes twice was stolen: every token of its family stops working.
    """
    c = RefreshToken.c
    row = tx.execute(_held(RefreshToken.table, c.tokenhash == digest(token))).mappings().first()
    if row is None or row["clientid"] != client_id:
        return None
    if row["usedon"] is not None:
        _end_family(tx, row["familyid"])
        return None
    spent = sa.update(RefreshToken.table).where(c.refreshtokenid == row["refreshtokenid"])
    tx.execute(spent.values(usedon=tx.now))
    return _grant(tx, row, row["familyid"], settings, "") if row["expireson"] > tx.now else None


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge that a verifier meets."""
    hashed = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(hashed).decode("ascii").rstrip("=")


def _held(table: sa.Table, found: sa.ColumnElement[bool]) -> sa.Select[*tuple[object, ...]]:
    return sa.select(table).where(found).with_for_update()


def _grant(
    tx: Transaction, row: sa.RowMapping, family_id: UUID, settings: Settings, nonce: str
) -> Grant | None:
    session = use_session(tx, row["signinsessionid"], settings)
    user = find_user(tx, row["systemuserid"])
    if session is None or user is None:
        return None
    lasting = OFFLINE_SCOPE in row["scope"].split()
    token = _create_refresh_token(tx, row, family_id, session.expires) if lasting else None
    return Grant(session, user, row["audience"], row["scope"], nonce, token)


def _create_refresh_token(tx: Transaction, row: sa.RowMapping, family_id: UUID, expires: datetime) -> str:
    token = secrets.token_urlsafe(48)
    kept = ("signinsessionid", "systemuserid", "clientid", "audience", "scope")
    values = {
        **{name: row[name] for name in kept},
        "refreshtokenid": new_id(),
        "tokenhash": digest(token),
        "familyid": family_id,
        "createdon": tx.now,
        "expireson": expires,
        "usedon": None,
    }
    tx.execute(sa.insert(RefreshToken.table), values)
    return token


def _end_family(tx: Transaction, family_id: UUID) -> None:
    tx.execute(sa.delete(RefreshToken.table).where(RefreshToken.c.familyid == family_id))


def find_user(tx: Transaction, user_id: UUID) -> User | None:
    """Return an enabled user, or None."""
    c = SystemUser.c
    query = sa.select(c.systemuserid, c.azureactivedirectoryobjectid, c.fullname, c.domainname)
    row = tx.execute(query.where(c.systemuserid == user_id, ~c.isdisabled)).first()
    return None if row is None else User(row[0], row[1] or row[0], row[2] or row[3], row[3])
