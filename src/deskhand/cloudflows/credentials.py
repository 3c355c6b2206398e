"""Credentials: a user name with its password, kept once and named by the connections that sign in with it.

A parameter of a connection that is ``{"credential": ID}`` stands for the credential's password where the
parameter is secret, and for its user name elsewhere. It is looked up when the connection is used, so a new
password counts at once, and with the rights of whose the connection is, so taking a share back does, too.
Source: dataverse-api 11.11, machines-and-runs 2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_errors import (
    CredentialNotFound,
    CredentialNotUsable,
    CredentialRefused,
)
from deskhand.core.ids import new_id, parse_id
from deskhand.entities.credential import Credential
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import Connection
from deskhand.identity.accounts import load_principal
from deskhand.identity.errors import UserNotMember
from deskhand.identity.principals import Principal
from deskhand.identity.vault import Vault
from deskhand.orchestrator.rows import Owner, Row, new_row
from deskhand.records import service
from deskhand.records.errors import DuplicateRecord
from deskhand.records.security import has_access, require_access, require_privilege, visible
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

_C = Credential.c
_MEMBER, _PART = "credential", "part"
_PASSWORD, _USER_NAME = "password", "userName"
_USE_NOTED_EACH = timedelta(minutes=1)
_LONGEST_NAME, _LONGEST_ACCOUNT, _LONGEST_SECRET, _LONGEST_TEXT = 100, 320, 10_000, 2_000

NoteUse = Callable[[UUID], None]
"""Told of a credential that something signs in with, and of which that was not noted in the last minute."""


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What somebody asks a credential to be.

    Attributes:
        name: Its name, unique.
        account: The user name.
        secret: The password.
        description: What it is for.
        expires: When the password stops working, as far as people know.
    """

    name: str
    account: str
    secret: str
    description: str = ""
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class UserOfCredential:
    """A connection that names a credential.

    Attributes:
        name: The connection's name.
        display_name: Its name for people.
        owner_id: Whose it is.
    """

    name: str
    display_name: str
    owner_id: UUID


def create_credential(tx: Transaction, principal: Principal, asked: NewCredential, vault: Vault) -> UUID:
    """Make a credential of the caller's own and return its id.

    Raises:
        PrivilegeDenied: The caller may make none.
        CredentialRefused: Something is missing or too long.
        DuplicateRecord: The name is taken.
    """
    require_privilege(principal, Credential, AccessRight.CREATE)
    name = asked.name.strip()
    _check(name, asked.account, asked.description)
    if tx.execute(sa.select(_C.credentialid).where(_C.name == name)).first() is not None:
        raise DuplicateRecord(Credential)
    credential_id = new_id()
    values = {
        "credentialid": credential_id,
        "name": name,
        "description": asked.description,
        "accountname": asked.account,
        "expireson": asked.expires,
        **_sealed(tx, credential_id, asked.secret, vault),
    }
    owner = Owner(principal.user_id, principal.business_unit_id)
    tx.execute(sa.insert(Credential.table), new_row(tx, Credential, owner, values, version=tx.next_version()))
    return credential_id


def change_credential(
    tx: Transaction,
    principal: Principal,
    credential_id: UUID,
    *,
    account: str | None = None,
    description: str | None = None,
) -> None:
    """Change what a credential says beside its password; what is None stays.

    Raises:
        ObjectDoesNotExist: There is none.
        AccessDenied: The caller may not change it.
        CredentialRefused: Something is missing or too long.
    """
    row = credential_row(tx, principal, credential_id, AccessRight.WRITE)
    given = {"accountname": account, "description": description}
    values = {name: value for name, value in given.items() if value is not None}
    _check(row["name"], values.get("accountname", row["accountname"]), values.get("description", ""))
    _update(tx, principal, credential_id, values)


def rotate_credential(
    tx: Transaction,
    principal: Principal,
    credential_id: UUID,
    secret: str,
    vault: Vault,
    *,
    expires: datetime | None = None,
) -> None:
    """Give a credential another password; every connection that names it uses it from now on.

    Raises:
        ObjectDoesNotExist: There is none.
        AccessDenied: The caller may not change it.
        CredentialRefused: The password is empty or too long.
    """
    credential_row(tx, principal, credential_id, AccessRight.WRITE)
    values = {"expireson": expires, **_sealed(tx, credential_id, secret, vault)}
    _update(tx, principal, credential_id, values)


def delete_credential(tx: Transaction, principal: Principal, credential_id: UUID) -> None:
    """Delete a credential; connections that name it work no more.

    Raises:
        ObjectDoesNotExist: There is none.
        AccessDenied: The caller may not delete it.
    """
    credential_row(tx, principal, credential_id, AccessRight.DELETE)
    service.delete(tx, Credential, credential_id, by=principal.user_id)


def credential_row(
    tx: Transaction, principal: Principal, credential_id: UUID, right: AccessRight = AccessRight.READ
) -> Row:
    """Return a credential's row without its password.

    Raises:
        ObjectDoesNotExist: There is none.
        AccessDenied: The caller may not do that with it.
    """
    row: Row = service.retrieve(tx, principal, Credential, credential_id)
    require_access(tx, principal, Credential, row, right)
    return row


def list_credentials(tx: Transaction, principal: Principal) -> list[Row]:
    """Return the credentials that somebody may use, by name, without their passwords.

    Raises:
        PrivilegeDenied: They may use none at all.
    """
    columns = [column for column in Credential.table.columns if column.name != "sealedsecret"]
    query = sa.select(*columns).order_by(sa.func.lower(_C.name))
    condition = visible(principal, Credential)
    return list(tx.execute(query if condition is None else query.where(condition)).mappings())


def users_of(
    tx: Transaction, credential_ids: Collection[UUID]
) -> Mapping[UUID, tuple[UserOfCredential, ...]]:
    """Return the connections that name each of some credentials, by name."""
    c = Connection.c
    query = sa.select(c.name, c.displayname, c.ownerid, c.parameters).where(
        c.parameters.contains(f'"{_MEMBER}"', autoescape=True)
    )
    found: dict[UUID, tuple[UserOfCredential, ...]] = {}
    for name, display_name, owner_id, text in tx.execute(query.order_by(c.displayname)):
        user = UserOfCredential(name, display_name or name, owner_id)
        for one in credential_ids:
            if str(one) in (text or ""):
                found[one] = (*found.get(one, ()), user)
    return found


def credential_named(value: Value) -> str | None:
    """Return what a connection's parameter names as its credential; None for one that holds its value."""
    if not isinstance(value, Mapping) or not {*value} <= {_MEMBER, _PART}:
        return None
    named = value.get(_MEMBER)
    return named if isinstance(named, str) else None


def names_credential(credential_id: UUID, *, secret: bool) -> dict[str, Value]:
    """Return the parameter of a connection that stands for a credential's password, or for its user name."""
    return {_MEMBER: str(credential_id), _PART: _PASSWORD if secret else _USER_NAME}


def find_credential(tx: Transaction, principal: Principal, named: str) -> UUID:
    """Return the id of a credential that somebody may use, by its id or its name.

    Raises:
        CredentialNotFound: There is none, or it is somebody else's, who has not shared it.
    """
    named_id = parse_id(named)
    query = sa.select(_C.credentialid, _C.ownerid, _C.owningbusinessunit)
    row = tx.execute(query.where(_C.name == named if named_id is None else _C.credentialid == named_id))
    found = row.mappings().one_or_none()
    if found is None or not has_access(tx, principal, Credential, found, AccessRight.READ):
        known = (one["name"] for one in list_credentials(tx, principal))
        raise CredentialNotFound(named, () if named_id else known)
    credential_id: UUID = found["credentialid"]
    return credential_id


def note_credential_used(tx: Transaction, credential_id: UUID) -> None:
    """Note that something signed in with a credential.

    The row keeps its version: whoever edits the credential meanwhile is not in conflict with its use.
    """
    known = sa.or_(_C.lastusedon.is_(None), _C.lastusedon < tx.now)
    used = sa.update(Credential.table).where(_C.credentialid == credential_id, known)
    tx.execute(used.values(lastusedon=tx.now))


def resolved(
    tx: Transaction,
    values: Mapping[str, Value],
    owner_id: UUID,
    vault: Vault,
    note_use: NoteUse | None = None,
) -> dict[str, Value]:
    """Return what a connection holds with the credentials that it names looked up.

    Args:
        tx: The open transaction.
        values: What it holds.
        owner_id: Whose the connection is, whose rights on the credential count.
        vault: Opens passwords.
        note_use: Is told of the credentials; None where nothing signs in with them.

    Raises:
        CredentialNotUsable: A credential is not there any more, or the owner may not use it any more.
    """
    found = {name: _usable(tx, named, owner_id) for name, named in _named(values)}
    if note_use is not None:
        for credential_id in {row["credentialid"] for row in found.values() if _is_due(tx, row)}:
            note_use(credential_id)
    return {
        name: value if name not in found else _part(found[name], value, vault)
        for name, value in values.items()
    }


def _named(values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        named = credential_named(value)
        if named is not None:
            yield name, named


def _is_due(tx: Transaction, row: Row) -> bool:
    """Return whether a credential's use is to be noted: a busy one is written once a minute."""
    noted: datetime | None = row["lastusedon"]
    return noted is None or tx.now - noted >= _USE_NOTED_EACH


def _part(row: Row, value: Value, vault: Vault) -> Value:
    if isinstance(value, Mapping) and value.get(_PART) == _PASSWORD:
        return vault.open(row["sealedsecret"], _context(row["credentialid"])).decode()
    account: str = row["accountname"] or ""
    return account


def _usable(tx: Transaction, named: str, owner_id: UUID) -> Row:
    credential_id = parse_id(named)
    query = sa.select(Credential.table).where(_C.credentialid == credential_id)
    row = tx.execute(query).mappings().one_or_none() if credential_id else None
    if row is None:
        raise CredentialNotUsable(named, "it is not there any more")
    try:
        owner = load_principal(tx, owner_id)
    except UserNotMember:
        raise CredentialNotUsable(row["name"], "whose connection it is may not act any more") from None
    if not has_access(tx, owner, Credential, row, AccessRight.READ):
        raise CredentialNotUsable(row["name"], "it is not shared any more with whose connection it is")
    return row


def _check(name: str, account: str | None, description: str | None) -> None:
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise CredentialRefused("the name", f"takes 1 to {_LONGEST_NAME} characters")
    if len(account or "") > _LONGEST_ACCOUNT:
        raise CredentialRefused("the user name", f"takes at most {_LONGEST_ACCOUNT} characters")
    if len(description or "") > _LONGEST_TEXT:
        raise CredentialRefused("the description", f"takes at most {_LONGEST_TEXT} characters")


def _sealed(tx: Transaction, credential_id: UUID, secret: str, vault: Vault) -> dict[str, Any]:
    if not 1 <= len(secret) <= _LONGEST_SECRET:
        raise CredentialRefused("the password", f"takes 1 to {_LONGEST_SECRET} characters")
    sealed = vault.seal(secret.encode(), _context(credential_id))
    return {"sealedsecret": sealed, "secretchangedon": tx.now}


def _context(credential_id: UUID) -> str:
    """Return what a credential's password is sealed for."""
    return f"credential:{credential_id}:secret"


def _update(tx: Transaction, principal: Principal, credential_id: UUID, values: Mapping[str, Any]) -> None:
    stamps = {
        "modifiedon": tx.now,
        "modifiedby": principal.user_id,
        "versionnumber": tx.next_version(),
    }
    changed = sa.update(Credential.table).where(_C.credentialid == credential_id)
    tx.execute(changed.values({**values, **stamps}))
