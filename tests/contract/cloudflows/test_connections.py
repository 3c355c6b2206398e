"""Connections: whose they are, who may use them, and that nobody sees their secrets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.cloudflows.connection_editing import (
    NewConnection,
    connection_test,
    create_connection,
    delete_connection,
    list_connections,
    share_connection,
    show_connection,
    update_connection,
)
from deskhand.cloudflows.connection_errors import (
    ConnectionNotYours,
    ConnectionOfOtherConnector,
    ConnectionParametersRefused,
    ConnectionTestFailed,
    ConnectorInUse,
    ConnectorMoved,
    ConnectorNameTaken,
    ConnectorUnknown,
)
from deskhand.cloudflows.connection_references import bind_reference, create_reference, list_references
from deskhand.cloudflows.connections import connection_values, find_connection
from deskhand.cloudflows.custom_connectors import add_connector, delete_connector
from deskhand.cloudflows.declare import ActionFailed
from deskhand.entities.flowmachine import Connection, ConnectionReference
from deskhand.entities.security import PrincipalObjectAccess
from deskhand.identity.accounts import create_user, ensure_organization, load_principal
from deskhand.identity.keyring import KeyRing
from deskhand.identity.principals import Principal
from deskhand.identity.roles import ENVIRONMENT_MAKER
from deskhand.identity.vault import Vault
from deskhand.orchestrator.assignment import assign_runs
from deskhand.orchestrator.connections import ConnectionType, resolve_connection
from deskhand.orchestrator.connections import create_connection as connect_to
from deskhand.orchestrator.errors import ConnectionNotFound, ConnectionNotUsable
from deskhand.orchestrator.machines import create_registration_token, register_machine
from deskhand.protocol.messages import Claim, RegisterMachine
from deskhand.records.writing import update
from deskhand.store.database import Database, Transaction
from tests.contract.cloudflows.servers import House, Run

SECRET = "hunter2-and-more"
DOCUMENT = """{
  "swagger": "2.0",
  "info": {"title": "Orders"},
  "host": "orders.example",
  "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
  "security": [{"key": []}],
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
        ids["admin"] = ensure_organization(tx).administrator_id
        return {name: load_principal(tx, user_id) for name, user_id in ids.items()}

    return database.write(make)


@pytest.fixture
def annas(database: Database, people: dict[str, Principal], vault: Vault) -> str:
    asked = NewConnection("shared_orders", {"apiKey": SECRET}, "Orders of Anna")
    return database.write(lambda tx: create_connection(tx, people["anna"], asked, vault))


def values_of(database: Database, run: Any, vault: Vault, connector: str = "shared_orders") -> Any:
    return database.read(lambda tx: connection_values(tx, run, "orders", connector, vault))


def make_reference(database: Database, principal: Principal, connection: str) -> None:
    def make(tx: Transaction) -> None:
        create_reference(tx, principal, "new_orders", "shared_orders")
        bind_reference(tx, principal, "new_orders", connection)

    database.write(make)


def test_a_secret_is_sealed_masked_and_still_there_for_a_run(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    make_reference(database, people["anna"], annas)
    shown = database.read(lambda tx: show_connection(tx, people["anna"], annas))
    row = database.read(lambda tx: dict(find_connection(tx, annas) or {}))

    assert shown["parameters"] == {"apiKey": "********"}
    assert SECRET not in repr(shown)
    assert SECRET not in repr(row)
    assert values_of(database, Run(people["anna"]), vault) == {"apiKey": SECRET}


def test_parameters_must_fit_the_connector(
    database: Database, people: dict[str, Principal], vault: Vault
) -> None:
    def make(connector: str, **parameters: Any) -> None:
        asked = NewConnection(connector, parameters)
        database.write(lambda tx: create_connection(tx, people["anna"], asked, vault))

    with pytest.raises(ConnectionParametersRefused) as refused:
        make("shared_orders", apiKey=5, host="x")
    assert refused.value.message == (
        "The parameters do not make a connection to ‘Orders’: ‘host’ is no parameter of it; it has "
        "apiKey, baseUrl; Invalid type. Expected String but got Integer."
    )
    with pytest.raises(ConnectorUnknown):
        make("shared_order")


def test_nobody_uses_a_connection_that_was_not_shared_with_them(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    bert = people["bert"]
    assert database.read(lambda tx: list_connections(tx, bert)) == []
    with pytest.raises(ConnectionNotUsable):
        database.read(lambda tx: show_connection(tx, bert, annas))
    database.write(lambda tx: create_reference(tx, bert, "new_orders", "shared_orders"))
    with pytest.raises(ConnectionNotUsable):
        database.write(lambda tx: bind_reference(tx, bert, "new_orders", annas))


def test_a_reference_that_names_somebody_elses_connection_gains_its_writer_nothing(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    make_reference(database, people["anna"], annas)
    with pytest.raises(ActionFailed) as refused:
        values_of(database, Run(people["bert"]), vault)
    assert refused.value.problem.code == "ConnectionNotUsable"


def test_sharing_lets_run_and_nothing_else_until_it_is_taken_back(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    anna, bert = people["anna"], people["bert"]
    make_reference(database, anna, annas)
    database.write(lambda tx: share_connection(tx, anna, annas, bert.user_id))

    (row,) = database.read(lambda tx: list_connections(tx, bert))
    assert (row["name"], row["owner"], row["connector"]) == (annas, "anna", "shared_orders")
    assert values_of(database, Run(bert), vault) == {"apiKey": SECRET}
    assert database.read(lambda tx: show_connection(tx, bert, annas))["sharedwith"] == ["bert"]
    for act in (
        lambda tx: update_connection(tx, bert, annas, {"apiKey": "own"}, vault),
        lambda tx: delete_connection(tx, bert, annas),
        lambda tx: share_connection(tx, bert, annas, people["admin"].user_id),
    ):
        with pytest.raises(ConnectionNotYours):
            database.write(act)

    database.write(lambda tx: share_connection(tx, anna, annas, bert.user_id, may_use=False))
    with pytest.raises(ActionFailed):
        values_of(database, Run(bert), vault)


def test_a_connection_serves_no_other_connector(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    anna = people["anna"]
    database.write(lambda tx: add_connector(tx, "shared_thief", DOCUMENT, owner_id=UUID(int=7)))
    make_reference(database, anna, annas)
    with pytest.raises(ActionFailed) as refused:
        values_of(database, Run(anna), vault, "shared_thief")
    assert refused.value.problem.message == (
        f"The connection '{annas}' is not one to the connector 'shared_thief'."
    )
    database.write(lambda tx: create_reference(tx, anna, "new_thief", "shared_thief"))
    with pytest.raises(ConnectionOfOtherConnector):
        database.write(lambda tx: bind_reference(tx, anna, "new_thief", annas))


def test_an_invoker_runs_with_a_connection_of_their_own(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    run = Run(people["bert"], started_by=people["anna"], source="Invoker")
    assert values_of(database, run, vault) == {"apiKey": SECRET}
    with pytest.raises(ActionFailed) as refused:
        values_of(database, Run(people["anna"], started_by=people["bert"], source="Invoker"), vault)
    assert refused.value.problem.code == "ConnectionNotConfigured"


def test_a_change_keeps_what_it_does_not_name(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    anna = people["anna"]
    make_reference(database, anna, annas)
    change = {"baseUrl": "https://other.example"}
    database.write(lambda tx: update_connection(tx, anna, annas, change, vault, display_name="Renamed"))

    assert values_of(database, Run(anna), vault) == {"apiKey": SECRET, "baseUrl": "https://other.example"}
    (row,) = database.read(lambda tx: list_connections(tx, anna))
    assert row["displayname"] == "Renamed"


def test_an_administrator_cannot_send_somebodys_secret_elsewhere(
    database: Database, people: dict[str, Principal], annas: str, vault: Vault
) -> None:
    make_reference(database, people["anna"], annas)
    change = {"baseUrl": "https://elsewhere.example"}
    database.write(lambda tx: update_connection(tx, people["admin"], annas, change, vault))
    assert values_of(database, Run(people["anna"]), vault) == change


def test_deleting_a_connection_takes_its_shares_along(
    database: Database, people: dict[str, Principal], annas: str
) -> None:
    anna = people["anna"]
    database.write(lambda tx: share_connection(tx, anna, annas, people["bert"].user_id))
    database.write(lambda tx: delete_connection(tx, anna, annas))

    def left(tx: Transaction) -> int:
        return sum(
            tx.execute(sa.select(sa.func.count()).select_from(one.table)).scalar_one()
            for one in (Connection, PrincipalObjectAccess)
        )

    assert database.read(left) == 0
    with pytest.raises(ConnectionNotFound):
        database.write(lambda tx: delete_connection(tx, anna, annas))


def test_a_connector_with_connections_stays(database: Database, annas: str) -> None:
    with pytest.raises(ConnectorInUse):
        database.write(lambda tx: delete_connector(tx, "shared_orders"))
    with pytest.raises(ConnectorNameTaken):
        database.write(lambda tx: add_connector(tx, "shared_uiflow", DOCUMENT, owner_id=UUID(int=7)))


def test_a_connector_with_connections_leads_to_no_other_server(database: Database, annas: str) -> None:
    moved = DOCUMENT.replace("orders.example", "thief.example")
    with pytest.raises(ConnectorMoved, match=r"leads to ‘https://thief\.example’"):
        database.write(lambda tx: add_connector(tx, "shared_orders", moved, owner_id=UUID(int=7)))
    renamed = DOCUMENT.replace('"Orders"', '"All orders"')
    assert not database.write(lambda tx: add_connector(tx, "shared_orders", renamed, owner_id=UUID(int=7)))


def test_references_are_listed_with_what_they_are_bound_to(
    database: Database, people: dict[str, Principal], annas: str
) -> None:
    make_reference(database, people["anna"], annas)
    (row,) = database.read(lambda tx: list_references(tx, people["anna"]))
    assert row == {
        "connectionreferencelogicalname": "new_orders",
        "connectionreferencedisplayname": "Orders",
        "connectorid": "/providers/Microsoft.PowerApps/apis/shared_orders",
        "connectionid": annas,
        "connection": "Orders of Anna",
        "connector": "shared_orders",
    }
    assert database.read(lambda tx: list_references(tx, people["bert"])) == []


def test_writes_over_the_web_api_obey_the_same_rule(
    database: Database, people: dict[str, Principal], annas: str
) -> None:
    bert = people["bert"]
    row_id = database.write(lambda tx: create_reference(tx, bert, "new_orders", "shared_orders"))
    with pytest.raises(ConnectionNotUsable):
        database.write(lambda tx: update(tx, bert, ConnectionReference, row_id, {"connectionid": annas}))


def test_machines_are_tried_out_by_whether_they_were_heard_of(house: House) -> None:
    def make(tx: Transaction) -> tuple[str, str, UUID]:
        token = create_registration_token(tx, house.owner_id)
        machine = register_machine(tx, RegisterMachine(token, "FIN-01", "", "1.0", "ada"), house.settings)
        groups = (machine.group_id, UUID(int=9))
        names = (
            connect_to(tx, display_name="Desk", group_id=group, owner_id=house.owner_id) for group in groups
        )
        return (*names, machine.machine_id)

    name, empty, machine_id = house.database.write(make)
    claim = Claim(1, (), 0.0, "1.0")

    def heard() -> None:
        house.database.write(lambda tx: assign_runs(tx, machine_id, claim, house.settings, house.vault))

    with house.server() as server:

        def attempt(connection: str) -> str:
            act = house.database.read(
                lambda tx: connection_test(
                    tx, load_principal(tx, house.owner_id), connection, server.flows.services
                )
            )
            try:
                act()
            except ConnectionTestFailed as error:
                return error.message
            return "Connected"

        assert attempt(empty).endswith("its machine group has no machine.")
        heard()
        assert attempt(name) == "Connected"
        house.clock.advance(121)
        assert attempt(name).endswith("none of its machines is connected.")
        heard()
        assert attempt(name) == "Connected"


def test_a_shared_connection_runs_desktop_flows(database: Database, people: dict[str, Principal]) -> None:
    anna, bert = people["anna"], people["bert"]
    name = database.write(
        lambda tx: connect_to(tx, display_name="Desk", group_id=UUID(int=9), owner_id=anna.user_id)
    )
    with pytest.raises(ConnectionNotUsable):
        database.read(lambda tx: resolve_connection(tx, bert, name, ConnectionType.CONNECTION))
    database.write(lambda tx: share_connection(tx, anna, name, bert.user_id))
    target = database.read(lambda tx: resolve_connection(tx, bert, name, ConnectionType.CONNECTION))
    assert target.group_id == UUID(int=9)
