"""Credentials: kept once, looked up when a connection is used, and never shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.cloudflows.connection_editing import (
    NewConnection,
    connection_test,
    create_connection,
    show_connection,
    update_connection,
)
from deskhand.cloudflows.connection_errors import CredentialNotFound, CredentialNotUsable, CredentialRefused
from deskhand.cloudflows.connection_references import bind_reference, create_reference
from deskhand.cloudflows.connections import connection_values, find_connection
from deskhand.cloudflows.credentials import (
    NewCredential,
    create_credential,
    delete_credential,
    list_credentials,
    note_credential_used,
    rotate_credential,
    users_of,
)
from deskhand.cloudflows.custom_connectors import add_connector
from deskhand.cloudflows.declare import ActionFailed
from deskhand.entities.credential import Credential
from deskhand.identity.accounts import create_user, ensure_organization, load_principal
from deskhand.identity.keyring import KeyRing
from deskhand.identity.principals import Principal
from deskhand.identity.roles import ENVIRONMENT_MAKER
from deskhand.identity.vault import Vault
from deskhand.records.errors import AccessDenied, DuplicateRecord
from deskhand.records.security import share
from deskhand.records.sharing import SharingLevel, mask_of
from deskhand.store.database import Database, Transaction
from tests.clock import StillClock
from tests.contract.cloudflows.servers import Run

SECRET = "hunter2-and-more"
DOCUMENT = """{
  "swagger": "2.0",
  "info": {"title": "Bank"},
  "host": "bank.example",
  "securityDefinitions": {"who": {"type": "basic"}},
  "security": [{"who": []}],
  "paths": {"/orders": {"get": {"operationId": "ListOrders", "responses": {}}}}
}"""


@pytest.fixture
def database(connect: Callable[[], Database]) -> Database:
    database = connect()
    database.write(ensure_organization)
    database.write(lambda tx: add_connector(tx, "shared_orders", DOCUMENT, owner_id=UUID(int=7)))
    return database


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(KeyRing.open(tmp_path))


@pytest.fixture
def people(database: Database) -> dict[str, Principal]:
    def make(tx: Transaction) -> dict[str, Principal]:
        ids = {
            name: create_user(tx, name.capitalize(), name, roles=[ENVIRONMENT_MAKER.name])
            for name in ("anna", "bert")
        }
        return {name: load_principal(tx, user_id) for name, user_id in ids.items()}

    return database.write(make)


@pytest.fixture
def credential(database: Database, people: dict[str, Principal], vault: Vault) -> UUID:
    asked = NewCredential("Bank", "svc-fin", SECRET)
    return database.write(lambda tx: create_credential(tx, people["anna"], asked, vault))


def connect_by(database: Database, principal: Principal, vault: Vault, named: str) -> str:
    """Make a connection that signs in with a credential, and bind the reference of a run to it."""
    parameters: dict[str, Any] = {"username": {"credential": named}, "password": {"credential": named}}

    def make(tx: Transaction) -> str:
        name = create_connection(tx, principal, NewConnection("shared_orders", parameters), vault)
        create_reference(tx, principal, "new_orders", "shared_orders")
        bind_reference(tx, principal, "new_orders", name)
        return name

    return database.write(make)


def values_of(database: Database, principal: Principal, vault: Vault) -> Any:
    return database.read(lambda tx: connection_values(tx, Run(principal), "orders", "shared_orders", vault))


def test_a_connection_signs_in_with_the_password_of_now(
    database: Database, people: dict[str, Principal], vault: Vault, credential: UUID
) -> None:
    name = connect_by(database, people["anna"], vault, "Bank")
    assert values_of(database, people["anna"], vault) == {"username": "svc-fin", "password": SECRET}

    database.write(lambda tx: rotate_credential(tx, people["anna"], credential, "another one", vault))
    assert values_of(database, people["anna"], vault)["password"] == "another one"
    used = database.read(lambda tx: users_of(tx, [credential]))
    assert [one.name for one in used[credential]] == [name]


def test_a_use_is_noted_once_a_minute_and_checking_is_none(
    database: Database, people: dict[str, Principal], vault: Vault, credential: UUID, clock: StillClock
) -> None:
    told: list[UUID] = []

    def sign_in() -> None:
        database.read(
            lambda tx: connection_values(
                tx, Run(people["anna"]), "orders", "shared_orders", vault, told.append
            )
        )

    connect_by(database, people["anna"], vault, "Bank")
    assert used_on(database, people["anna"]) is None
    sign_in()
    assert told == [credential]
    database.write(lambda tx: note_credential_used(tx, credential))
    assert used_on(database, people["anna"]) == clock.now()
    sign_in()
    assert told == [credential]
    clock.advance(60)
    sign_in()
    assert told == [credential] * 2


def used_on(database: Database, principal: Principal) -> datetime | None:
    (row,) = database.read(lambda tx: list_credentials(tx, principal))
    found: datetime | None = row["lastusedon"]
    return found


def test_the_password_stands_nowhere_in_clear(
    database: Database, people: dict[str, Principal], vault: Vault, credential: UUID
) -> None:
    name = connect_by(database, people["anna"], vault, str(credential))

    def everything(tx: Transaction) -> list[Any]:
        return [
            dict(find_connection(tx, name) or {}),
            show_connection(tx, people["anna"], name),
            *map(dict, list_credentials(tx, people["anna"])),
            *map(dict, tx.execute(sa.select(Credential.table)).mappings()),
        ]

    found = database.read(everything)
    assert SECRET not in repr(found)
    assert found[1]["parameters"]["password"] == {"credential": str(credential), "part": "password"}
    assert "sealedsecret" not in found[2]
    row = database.read(lambda tx: find_connection(tx, name))
    assert row is not None
    assert row["sealedparameters"] is None
    assert set(json.loads(row["parameters"])) == {"username", "password"}


def test_nobody_signs_in_with_what_is_not_shared_with_them(
    database: Database, people: dict[str, Principal], vault: Vault, credential: UUID
) -> None:
    bert = people["bert"]
    with pytest.raises(CredentialNotFound):
        connect_by(database, bert, vault, str(credential))
    database.write(lambda tx: share(tx, Credential, credential, bert.user_id, mask_of(SharingLevel.USER)))
    connect_by(database, bert, vault, "Bank")
    assert values_of(database, bert, vault)["password"] == SECRET
    with pytest.raises(AccessDenied):
        database.write(lambda tx: rotate_credential(tx, bert, credential, "mine now", vault))
    with pytest.raises(AccessDenied):
        database.write(lambda tx: delete_credential(tx, bert, credential))

    database.write(lambda tx: share(tx, Credential, credential, bert.user_id, 0))
    with pytest.raises(ActionFailed, match="not shared any more"):
        values_of(database, bert, vault)


def test_a_credential_that_is_gone_is_told_of(
    database: Database, people: dict[str, Principal], vault: Vault, credential: UUID
) -> None:
    anna = people["anna"]
    name = connect_by(database, anna, vault, "Bank")
    database.write(lambda tx: delete_credential(tx, anna, credential))

    with pytest.raises(ActionFailed, match="not there any more") as failure:
        values_of(database, anna, vault)
    assert failure.value.problem.code == "CredentialNotUsable"
    services: Any = type("Services", (), {"vault": vault, "note_use": lambda _: None})
    with pytest.raises(CredentialNotUsable):
        database.read(lambda tx: connection_test(tx, anna, name, services))


def test_only_a_secret_parameter_gets_the_password(
    database: Database, people: dict[str, Principal], vault: Vault, credential: UUID
) -> None:
    anna = people["anna"]
    name = connect_by(database, anna, vault, "Bank")
    sly: dict[str, Any] = {"username": {"credential": str(credential), "part": "password"}}
    database.write(lambda tx: update_connection(tx, anna, name, sly, vault))

    assert values_of(database, anna, vault) == {"username": "svc-fin", "password": SECRET}
    database.write(lambda tx: update_connection(tx, anna, name, {"password": "typed"}, vault))
    assert values_of(database, anna, vault) == {"username": "svc-fin", "password": "typed"}


def test_names_are_unique_and_passwords_are_not_empty(
    database: Database, people: dict[str, Principal], vault: Vault, credential: UUID
) -> None:
    bert = people["bert"]
    with pytest.raises(DuplicateRecord):
        database.write(lambda tx: create_credential(tx, bert, NewCredential("Bank", "", "x"), vault))
    with pytest.raises(CredentialRefused, match="password"):
        database.write(lambda tx: create_credential(tx, bert, NewCredential("Other", "", ""), vault))
    assert database.read(lambda tx: list_credentials(tx, bert)) == []
