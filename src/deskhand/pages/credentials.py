"""Credentials: user names with passwords that go in and never come out. Source: experience 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from deskhand.cloudflows.credentials import (
    NewCredential,
    UserOfCredential,
    change_credential,
    create_credential,
    credential_row,
    delete_credential,
    list_credentials,
    rotate_credential,
    users_of,
)
from deskhand.entities.credential import Credential
from deskhand.entities.declare import AccessRight
from deskhand.identity.audit import Thing, note
from deskhand.orchestrator.connections import administers
from deskhand.pages.connection_links import ConnectionLink
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.sharing import PersonRow, people_by_id
from deskhand.records.security import has_access


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A credential that the caller may use.

    Attributes:
        id: The credential.
        name: Its name.
        description: What it is for.
        account: The user name.
        owner: Whose it is.
        created_on: When it was made.
        secret_changed_on: When its password was last changed.
        expires_on: When its password stops working, as far as people know.
        last_used_on: When something signed in with it last, to the minute; null if nothing ever did.
        used_by: The connections that sign in with it.
        can_write: Whether the caller may change it.
        can_delete: Whether the caller may delete it.
    """

    id: UUID
    name: str
    description: str
    account: str
    owner: PersonRow | None
    created_on: datetime
    secret_changed_on: datetime | None
    expires_on: datetime | None
    last_used_on: datetime | None
    used_by: tuple[ConnectionLink, ...]
    can_write: bool
    can_delete: bool


@dataclass(frozen=True, slots=True)
class CredentialList:
    """Credentials.

    Attributes:
        items: The credentials, by name.
    """

    items: tuple[CredentialRow, ...]


@dataclass(frozen=True, slots=True)
class CredentialToMake:
    """A credential to make.

    Attributes:
        name: Its name.
        account: The user name.
        secret: The password.
        description: What it is for.
        expires_on: When the password stops working.
    """

    name: str
    account: str
    secret: str
    description: str = ""
    expires_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class CreatedCredential:
    """A credential that was made.

    Attributes:
        id: The credential.
    """

    id: UUID


@dataclass(frozen=True, slots=True)
class CredentialChange:
    """What shall be different about a credential; what is left out stays.

    Attributes:
        account: The user name.
        description: What it is for.
    """

    account: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class NewSecretOfCredential:
    """Another password for a credential.

    Attributes:
        secret: The password.
        expires_on: When it stops working.
    """

    secret: str
    expires_on: datetime | None = None


@endpoint("GET", "/credentials")
def credentials(context: PageContext) -> CredentialList:
    """List the credentials that the caller may use, by name; passwords stay hidden."""
    rows = list_credentials(context.tx, context.principal)
    users = users_of(context.tx, [row["credentialid"] for row in rows])
    owners = people_by_id(context, [row["ownerid"] for row in rows])
    return CredentialList(
        tuple(
            _shown(context, row, users.get(row["credentialid"], ()), owners.get(row["ownerid"]))
            for row in rows
        )
    )


@endpoint("POST", "/credentials")
def make_credential(context: PageContext, *, body: CredentialToMake) -> CreatedCredential:
    """Make a credential of the caller's own.

    Args:
        body: What it is.
    """
    asked = NewCredential(body.name, body.account, body.secret, body.description, body.expires_on)
    made = create_credential(context.tx, context.principal, asked, context.vault)
    note(context.tx, context.actor, "made a credential", Thing(Credential.logical_name, made, body.name))
    return CreatedCredential(made)


@endpoint("PATCH", "/credentials/{credential_id}")
def edit_credential(context: PageContext, *, credential_id: UUID, body: CredentialChange) -> None:
    """Change a credential's user name or description.

    Args:
        credential_id: The credential.
        body: What shall be different.
    """
    thing = _thing(context, credential_id)
    change_credential(
        context.tx,
        context.principal,
        credential_id,
        account=body.account,
        description=body.description,
    )
    note(context.tx, context.actor, "changed a credential", thing)


@endpoint("PUT", "/credentials/{credential_id}/secret")
def set_credential_secret(context: PageContext, *, credential_id: UUID, body: NewSecretOfCredential) -> None:
    """Give a credential another password; connections that name it sign in with it from now on.

    Args:
        credential_id: The credential.
        body: The password.
    """
    thing = _thing(context, credential_id)
    rotate_credential(
        context.tx, context.principal, credential_id, body.secret, context.vault, expires=body.expires_on
    )
    note(context.tx, context.actor, "rotated a credential", thing)


@endpoint("DELETE", "/credentials/{credential_id}")
def remove_credential(context: PageContext, *, credential_id: UUID) -> None:
    """Delete a credential; connections that sign in with it work no more.

    Args:
        credential_id: The credential.
    """
    thing = _thing(context, credential_id)
    delete_credential(context.tx, context.principal, credential_id)
    note(context.tx, context.actor, "deleted a credential", thing)


def _shown(
    context: PageContext, row: Any, users: Sequence[UserOfCredential], owner: PersonRow | None
) -> CredentialRow:
    def may(right: AccessRight) -> bool:
        return has_access(context.tx, context.principal, Credential, row, right)

    sees_all = administers(context.principal)
    seen = [sees_all or one.owner_id == context.principal.user_id for one in users]
    return CredentialRow(
        id=row["credentialid"],
        name=row["name"],
        description=row["description"] or "",
        account=row["accountname"] or "",
        owner=owner,
        created_on=row["createdon"],
        secret_changed_on=row["secretchangedon"],
        expires_on=row["expireson"],
        last_used_on=row["lastusedon"],
        used_by=tuple(
            ConnectionLink(one.name, one.display_name) if visible else ConnectionLink(None, None)
            for one, visible in zip(users, seen, strict=True)
        ),
        can_write=may(AccessRight.WRITE),
        can_delete=may(AccessRight.DELETE),
    )


def _thing(context: PageContext, credential_id: UUID) -> Thing:
    name = credential_row(context.tx, context.principal, credential_id)["name"]
    return Thing(Credential.logical_name, credential_id, name)
