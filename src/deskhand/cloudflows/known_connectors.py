"""The connectors that this installation knows: those that are built in, and its custom ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deskhand.cloudflows.connection_errors import ConnectorUnknown
from deskhand.cloudflows.custom_calls import probe
from deskhand.cloudflows.custom_connectors import connection_schema, custom_names, read_custom
from deskhand.cloudflows.declare import ConnectionTest, Services
from deskhand.cloudflows.library import CONNECTORS
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value


def _nothing_to_try(services: Services, values: Mapping[str, Value]) -> None:
    """A connection that holds nothing always works."""


@dataclass(frozen=True, slots=True)
class KnownConnector:
    """A connector as connections see it.

    Attributes:
        name: As flows name it.
        title: Its name for people.
        doc: What it is for.
        parameters: What a connection to it holds: JSON schema.
        test: Tries a connection out.
        is_custom: Whether this installation added it.
    """

    name: str
    title: str
    doc: str
    parameters: Mapping[str, Value]
    test: ConnectionTest = field(default=_nothing_to_try, repr=False)
    is_custom: bool = False

    @property
    def properties(self) -> Mapping[str, Any]:
        """Return the schemas of the parameters by name."""
        properties: Mapping[str, Any] = self.parameters.get("properties", {})
        return properties

    @property
    def secrets(self) -> frozenset[str]:
        """Return the parameters that are secret."""
        return frozenset(
            name for name, schema in self.properties.items() if schema.get("format") == "password"
        )


def find_connector(tx: Transaction, name: str) -> KnownConnector:
    """Return a connector by the name that flows use.

    Raises:
        ConnectorUnknown: There is none.
    """
    declared = CONNECTORS.get(name.lower())
    if declared is not None:
        test = declared.test or _nothing_to_try
        return KnownConnector(declared.name, declared.title, declared.doc, declared.parameters, test)
    custom = read_custom(tx, name)
    if custom is None:
        raise ConnectorUnknown(name, [*(one.name for one in CONNECTORS.values()), *custom_names(tx)])
    schema = connection_schema(custom)
    return KnownConnector(
        name, custom.title or name, custom.description, schema, probe(custom), is_custom=True
    )


def list_connectors(tx: Transaction) -> list[KnownConnector]:
    """Return every connector, those that are built in first."""
    names = [*(one.name for one in CONNECTORS.values()), *custom_names(tx)]
    return [find_connector(tx, name) for name in names]
