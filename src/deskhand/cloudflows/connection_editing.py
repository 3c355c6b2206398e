"""Making, listing, changing, sharing and trying out connections.

What a connection holds is what its connector declares. Secrets are sealed apart from the rest, for this
connection alone, and no function here returns them. Source: cloud-flows 3.11, machines-and-runs 2.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_errors import ConnectionNotYours, ConnectionParametersRefused
from deskhand.cloudflows.connections import find_connection, held_values, open_values, secret_context
from deskhand.cloudflows.credentials import credential_named, find_credential, names_credential, resolved
from deskhand.cloudflows.declare import Services
from deskhand.cloudflows.json_schema import validate
from deskhand.cloudflows.known_connectors import KnownConnector, find_connector
from deskhand.cloudflows.usage import DESKTOP_FLOWS, api_name
from deskhand.core.ids import new_id, parse_id
from deskhand.core.log import MASK
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import Connection, FlowMachineGroup
from deskhand.entities.security import PrincipalObjectAccess, SystemUser
from deskhand.identity.principals import Principal
from deskhand.identity.vault import Vault
from deskhand.orchestrator.connections import administers, may_use
from deskhand.orchestrator.errors import ConnectionNotFound, ConnectionNotUsable
from deskhand.orchestrator.rows import Row
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.records.service import retrieve
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

_C = Connection.c
_SHARES = PrincipalObjectAccess.c
_ID_PREFIX = "/providers/Microsoft.PowerApps/apis/"


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What somebody asks a connection to be.

    Attributes:
        connector: The connector's name.
        parameters: What it holds, secrets included.
        display_name: Its name for people; the connector's if none is given.
    """

    connector: str
    parameters: Mapping[str, Value]
    display_name: str | None = None


def create_connection(tx: Transaction, principal: Principal, asked: NewConnection, vault: Vault) -> str:
    """Make a connection of the caller's own and return its name.

    Raises:
        ConnectorUnknown: There is no such connector.
        ConnectionParametersRefused: The parameters do not fit it.
        DeskhandError: It is to a machine group that the caller may not use.
    """
    connector = find_connector(tx, asked.connector)
    connection_id = new_id()
    row = {
        "connectionid": connection_id,
        "name": connection_id.hex,
        "displayname": asked.display_name or connector.title,
        "connectorid": f"{_ID_PREFIX}{connector.name}",
        "ownerid": principal.user_id,
        "statuscode": 1,
        "createdon": tx.now,
        **_held(tx, principal, connector, connection_id, asked.parameters, vault, principal.user_id),
    }
    tx.execute(sa.insert(Connection.table), row)
    return connection_id.hex


def update_connection(
    tx: Transaction,
    principal: Principal,
    name: str,
    parameters: Mapping[str, Value],
    vault: Vault,
    *,
    display_name: str | None = None,
) -> None:
    """Change what a connection holds; parameters that are not named stay, null ones go.

    Raises:
        ConnectionNotFound: There is none.
        ConnectionNotYours: It is somebody else's.
        ConnectionParametersRefused: What it would hold does not fit its connector.
    """
    row = _managed(tx, principal, name)
    connector = find_connector(tx, api_name(row["connectorid"] or ""))
    whole = _changed(
        held_values(row, vault), parameters, connector, is_owner=row["ownerid"] == principal.user_id
    )
    values = _held(tx, principal, connector, row["connectionid"], whole, vault, row["ownerid"])
    if display_name:
        values["displayname"] = display_name
    tx.execute(sa.update(Connection.table).where(_C.connectionid == row["connectionid"]).values(values))


def _changed(
    held: Mapping[str, Value], parameters: Mapping[str, Value], connector: KnownConnector, *, is_owner: bool
) -> dict[str, Value]:
    """Return what a connection holds after a change.

    Somebody else's secrets do not follow to another address: who changes it has to give its secrets, too.
    """
    whole = {key: value for key, value in {**held, **parameters}.items() if value is not None}
    moves = any(
        whole.get(key) != held.get(key) for key in connector.properties if key not in connector.secrets
    )
    if moves and not is_owner:
        return {
            key: value for key, value in whole.items() if key in parameters or key not in connector.secrets
        }
    return whole


def delete_connection(tx: Transaction, principal: Principal, name: str) -> None:
    """Delete a connection, with its secrets and shares; references to it stay and name nothing.

    Raises:
        ConnectionNotFound: There is none.
        ConnectionNotYours: It is somebody else's.
    """
    row = _managed(tx, principal, name)
    tx.execute(sa.delete(PrincipalObjectAccess.table).where(_SHARES.objectid == row["connectionid"]))
    tx.execute(sa.delete(Connection.table).where(_C.connectionid == row["connectionid"]))


def share_connection(
    tx: Transaction, principal: Principal, name: str, user_id: UUID, *, may_use: bool = True
) -> None:
    """Let somebody run with a connection, or no longer; they never see its secrets, nor change it.

    Raises:
        ConnectionNotFound: There is none.
        ConnectionNotYours: It is somebody else's.
        ObjectDoesNotExist: There is no such user.
    """
    row = _managed(tx, principal, name)
    retrieve(tx, principal, SystemUser, user_id, columns=())
    mask = ACCESS_FLAGS[AccessRight.READ] if may_use else 0
    share(tx, Connection, row["connectionid"], user_id, mask)


def list_connections(
    tx: Transaction, principal: Principal, connector: str | None = None
) -> list[dict[str, Any]]:
    """Return the connections that somebody may use, the oldest first.

    Args:
        tx: The open transaction.
        principal: Who asks; one who administers sees everybody's.
        connector: Only those to one connector.
    """
    query = _listing()
    if not administers(principal):
        shared = sa.select(_SHARES.objectid).where(_SHARES.principalid == principal.user_id)
        query = query.where(sa.or_(_C.ownerid == principal.user_id, _C.connectionid.in_(shared)))
    rows = [_shown(row) for row in tx.execute(query).mappings()]
    return [row for row in rows if connector in (None, row["connector"])]


def show_connection(tx: Transaction, principal: Principal, name: str) -> dict[str, Any]:
    """Return a connection with what it holds, secrets masked, and with whom it is shared.

    Raises:
        ConnectionNotFound: There is none.
        ConnectionNotUsable: It is somebody else's, who has not shared it.
    """
    row = _visible(tx, principal, name)
    shown = _shown(tx.execute(_listing().where(_C.connectionid == row["connectionid"])).mappings().one())
    connector = find_connector(tx, shown["connector"])
    held: dict[str, Value] = json.loads(row["parameters"] or "{}")
    if row["targetid"] is not None:
        held["targetId"] = str(row["targetid"])
    if row["sealedparameters"] is not None:
        held = {**dict.fromkeys(connector.secrets, MASK), **held}
    people = (
        sa.select(SystemUser.c.domainname)
        .join(PrincipalObjectAccess.table, _SHARES.principalid == SystemUser.c.systemuserid)
        .where(_SHARES.objectid == row["connectionid"])
        .order_by(SystemUser.c.domainname)
    )
    return {**shown, "parameters": held, "sharedwith": list(tx.execute(people).scalars())}


def connection_row(tx: Transaction, principal: Principal, name: str) -> Row:
    """Return a connection's row.

    Raises:
        ConnectionNotFound: There is none.
        ConnectionNotUsable: It is somebody else's, who has not shared it.
    """
    return _visible(tx, principal, name)


def connection_test(
    tx: Transaction, principal: Principal, name: str, services: Services
) -> Callable[[], None]:
    """Return what tries a connection out, to be called outside of the transaction.

    Raises:
        ConnectionNotFound: There is none.
        ConnectionNotUsable: It is somebody else's, who has not shared it.
        CredentialNotUsable: It signs in with a credential that it may not use any more.
    """
    row = _visible(tx, principal, name)
    connector = find_connector(tx, api_name(row["connectorid"] or ""))
    values = open_values(tx, row, services.vault, services.note_use)
    return lambda: connector.test(services, values)


def note_status(tx: Transaction, name: str, *, works: bool, message: str | None = None) -> None:
    """Note whether a connection worked when it was tried out, now, and why it did not."""
    values = {"statuscode": int(works), "testedon": tx.now, "testmessage": message}
    tx.execute(sa.update(Connection.table).where(_C.name == name.lower()).values(values))


def _held(
    tx: Transaction,
    principal: Principal,
    connector: KnownConnector,
    connection_id: UUID,
    parameters: Mapping[str, Value],
    vault: Vault,
    owner_id: UUID,
) -> dict[str, Any]:
    """Return the columns of what a connection holds; credentials are named beside what is not secret."""
    given = {
        key: _by_id(tx, principal, value, secret=key in connector.secrets)
        for key, value in parameters.items()
    }
    whole = resolved(tx, given, owner_id, vault)
    problems = list(_problems(connector, whole))
    if problems:
        raise ConnectionParametersRefused(connector.title, problems)
    secrets = {
        key: value
        for key, value in given.items()
        if key in connector.secrets and credential_named(value) is None
    }
    rest = {key: value for key, value in given.items() if key not in secrets}
    target = None
    if connector.name == DESKTOP_FLOWS:
        target = _machine_group(tx, principal, connector, rest.pop("targetId"))
    sealed = vault.seal(json.dumps(secrets).encode(), secret_context(connection_id)) if secrets else None
    return {"targetid": target, "parameters": json.dumps(rest), "sealedparameters": sealed}


def _by_id(tx: Transaction, principal: Principal, value: Value, *, secret: bool) -> Value:
    """Return a parameter as it is kept: a credential by its id, and only a secret one as its password."""
    named = credential_named(value)
    if named is None:
        return value
    return names_credential(find_credential(tx, principal, named), secret=secret)


def _problems(connector: KnownConnector, parameters: Mapping[str, Value]) -> Iterator[str]:
    for key in parameters:
        if key not in connector.properties:
            known = ", ".join(connector.properties) or "none"
            yield f"‘{key[:60]}’ is no parameter of it; it has {known}"
    for error in validate(dict(parameters), dict(connector.parameters)):
        yield str(error["message"]).rstrip(".")


def _machine_group(tx: Transaction, principal: Principal, connector: KnownConnector, text: Value) -> UUID:
    """Return the machine group of a connection; whoever sees a group may run on it."""
    group_id = parse_id(str(text))
    if group_id is None:
        raise ConnectionParametersRefused(connector.title, ["‘targetId’ is no id of a machine group"])
    retrieve(tx, principal, FlowMachineGroup, group_id, columns=())
    return group_id


def _visible(tx: Transaction, principal: Principal, name: str) -> Row:
    row = find_connection(tx, name)
    if row is None:
        raise ConnectionNotFound(name)
    if not may_use(tx, principal, row) and not administers(principal):
        raise ConnectionNotUsable(name)
    return row


def _managed(tx: Transaction, principal: Principal, name: str) -> Row:
    row = _visible(tx, principal, name)
    if row["ownerid"] != principal.user_id and not administers(principal):
        raise ConnectionNotYours(name)
    return row


def _listing() -> sa.Select[Any]:
    return (
        sa.select(
            _C.connectionid,
            _C.name,
            _C.displayname,
            _C.connectorid,
            _C.targetid,
            FlowMachineGroup.c.name.label("target"),
            _C.ownerid,
            SystemUser.c.domainname.label("owner"),
            _C.statuscode,
            _C.createdon,
            _C.testedon,
            _C.testmessage,
        )
        .outerjoin(FlowMachineGroup.table, FlowMachineGroup.c.flowmachinegroupid == _C.targetid)
        .outerjoin(SystemUser.table, SystemUser.c.systemuserid == _C.ownerid)
        .order_by(_C.createdon, _C.name)
    )


def _shown(row: sa.RowMapping) -> dict[str, Any]:
    status = "Connected" if row["statuscode"] == 1 else "Error"
    connector = api_name(row["connectorid"] or "")
    kept = {key: value for key, value in row.items() if key != "statuscode"}
    return {**kept, "connector": connector, "status": status}
