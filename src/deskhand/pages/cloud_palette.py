"""What cloud flows are made of, as the designer offers it: actions, triggers, connectors, functions.

Everything follows from declarations, so that the designer offers what runs and nothing else.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from deskhand.cloudflows.custom_connectors import offered_inputs, read_custom
from deskhand.cloudflows.declare import Field, Group
from deskhand.cloudflows.known_connectors import KnownConnector, list_connectors
from deskhand.cloudflows.library import ACTION_TYPES, OPERATIONS, TRIGGER_TYPES
from deskhand.pages.declare import PageContext, endpoint
from deskhand.store.database import Transaction
from deskhand.wdl.functions import FUNCTIONS


@dataclass(frozen=True, slots=True)
class CardField:
    """A field of an action's or a trigger's card.

    Attributes:
        path: Where its value stands in the action, such as ``inputs/from``.
        title: Its label.
        type: ``any``, ``string``, ``integer``, ``boolean``, ``array``, ``object``, ``expression`` or
            ``duration``.
        required: Whether it must be filled.
        options: The values it takes, where they are few.
        doc: What it means.
    """

    path: str
    title: str
    type: str
    required: bool
    options: tuple[str, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class ActionOffer:
    """An action type.

    Attributes:
        type: As definitions spell it.
        title: Its name for people.
        doc: What it does.
        group: Its heading.
        fields: Its card.
        retried: Whether its retry policy counts.
        limited: Whether its time limit counts.
    """

    type: str
    title: str
    doc: str
    group: str
    fields: tuple[CardField, ...]
    retried: bool
    limited: bool


@dataclass(frozen=True, slots=True)
class TriggerOffer:
    """A trigger type.

    Attributes:
        name: As definitions spell it; for a connector's, ``connector/operation``.
        title: Its name for people.
        doc: When it starts a run.
        kind: ``Instant``, ``Scheduled`` or ``Automated``.
        fields: Its card.
    """

    name: str
    title: str
    doc: str
    kind: str
    fields: tuple[CardField, ...]


@dataclass(frozen=True, slots=True)
class OperationOffer:
    """An operation of a connector.

    Attributes:
        id: The operation's id.
        title: Its name for people.
        doc: What it does.
        inputs: The JSON schema of its parameters.
        outputs: The JSON schema of its body.
        dynamic: What supplies the values or the schema of a parameter, by parameter.
    """

    id: str
    title: str
    doc: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    dynamic: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ConnectorOffer:
    """A connector with its operations.

    Attributes:
        name: As flows name it.
        title: Its name for people.
        doc: What it is for.
        asks: Whether its operations need a connection.
        operations: What it can do.
    """

    name: str
    title: str
    doc: str
    asks: bool
    operations: tuple[OperationOffer, ...]


@dataclass(frozen=True, slots=True)
class FunctionOffer:
    """A function of expressions.

    Attributes:
        name: Its name.
        signature: Its name with its parameters.
        doc: What it gives.
    """

    name: str
    signature: str
    doc: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Everything that the designer offers.

    Attributes:
        actions: The built-in actions.
        triggers: The triggers.
        connectors: The connectors, those that are built in first.
        functions: The functions of expressions, by name.
    """

    actions: tuple[ActionOffer, ...]
    triggers: tuple[TriggerOffer, ...]
    connectors: tuple[ConnectorOffer, ...]
    functions: tuple[FunctionOffer, ...]


@endpoint("GET", "/cloudflows/palette")
def cloud_palette(context: PageContext) -> Palette:
    """Return what cloud flows can be made of here."""
    return Palette(_actions(), _triggers(), tuple(_connectors(context.tx)), _functions())


@cache
def _actions() -> tuple[ActionOffer, ...]:
    offered = (one for one in ACTION_TYPES.values() if one.group is not Group.CONNECTORS)
    return tuple(
        ActionOffer(one.name, one.title, one.doc, one.group, _fields(one.fields), one.retried, one.limited)
        for one in offered
    )


@cache
def _triggers() -> tuple[TriggerOffer, ...]:
    return tuple(
        TriggerOffer(one.name, one.title, one.doc, one.kind, _fields(one.fields))
        for one in TRIGGER_TYPES.values()
    )


def _fields(declared: tuple[Field, ...]) -> tuple[CardField, ...]:
    return tuple(
        CardField(one.path, one.title, one.type, one.required, one.options, one.doc) for one in declared
    )


def _connectors(tx: Transaction) -> Iterator[ConnectorOffer]:
    for one in list_connectors(tx):
        operations = tuple(_custom(tx, one.name) if one.is_custom else _built_in(one))
        if operations:
            yield ConnectorOffer(one.name, one.title, one.doc, bool(one.properties), operations)


def _built_in(connector: KnownConnector) -> Iterator[OperationOffer]:
    for one in OPERATIONS.values():
        if one.api.casefold() == connector.name.casefold():
            yield OperationOffer(one.id, one.title, one.doc, one.inputs, one.outputs, one.dynamic)


def _custom(tx: Transaction, name: str) -> Iterator[OperationOffer]:
    connector = read_custom(tx, name)
    if connector is None:
        return
    for one in connector.operations.values():
        schema = offered_inputs(connector, one)
        yield OperationOffer(one.id, one.summary or one.id, one.description, schema, {}, {})


@cache
def _functions() -> tuple[FunctionOffer, ...]:
    known = {one.name: one for one in FUNCTIONS.values()}
    return tuple(
        FunctionOffer(
            name, _signature(name), (inspect.cleandoc(known[name].documentation)).partition("\n\n")[0]
        )
        for name in sorted(known, key=str.casefold)
    )


def _signature(name: str) -> str:
    function = FUNCTIONS[name.lower()]
    names = [one.name + ("?" if one.optional else "") for one in function.parameters]
    if function.most is None:
        names.append("…")
    return f"{name}({', '.join(names)})"
