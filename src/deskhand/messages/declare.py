"""A message is a function: ``@message("RunDesktopFlow", bound_to=Workflow)`` over typed parameters.

From its signature and docstring follow the route, the check of the payload, the ``$metadata`` entry and the
reference page. Source: dataverse-api 9.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin
from uuid import UUID

from deskhand.core.errors import did_you_mean
from deskhand.core.settings import Settings
from deskhand.entities.declare import Entity
from deskhand.identity.principals import Principal
from deskhand.identity.vault import Vault
from deskhand.messages.errors import BadPayload, ImpersonationRefused, InvalidParameter
from deskhand.messages.values import ValueUnfit, edm_type_of, pascal, read_value
from deskhand.messages.values import to_wire as value_to_wire
from deskhand.records.service import retrieve
from deskhand.store.database import Transaction

F = TypeVar("F", bound=Callable[..., Any])
Row = Mapping[Any, Any]
Naming = Callable[[str], str]

_WHOLE_NUMBER = re.compile(r"\s*[+-]?\d{1,18}\s*\Z", re.ASCII)
_ARGUMENT = re.compile(r"^ {8}(\w+): (.+(?:\n {12,}.+)*)", re.MULTILINE)
_EDM_TYPES: Mapping[Any, str] = {str: "Edm.String", int: "Edm.Int32", UUID: "Edm.Guid"}
_EXPECTED: Mapping[str, str] = {"Edm.String": "a text", "Edm.Int32": "a whole number"}
_JSON_TYPES: Mapping[type, str] = {
    bool: "true or false",
    str: "a text",
    dict: "an object",
    list: "a list",
    int: "a number",
    float: "a number",
    Decimal: "a number",
}


class MessageKind(StrEnum):
    """How a message is called: an action by POST, a function by GET."""

    ACTION = "Action"
    FUNCTION = "Function"


ACTION, FUNCTION = MessageKind.ACTION, MessageKind.FUNCTION


@dataclass(frozen=True, slots=True)
class MessageContext:
    """What a message works with.

    Attributes:
        tx: The open transaction.
        principal: The caller.
        settings: Limits and choices.
        vault: Seals what the database must not hold in clear.
        include_unpublished: Whether the request asks for drafts.
        impersonating: Whether the request asks to act as somebody else.
        correlation_id: What the caller ties the request to.
    """

    tx: Transaction
    principal: Principal
    settings: Settings
    vault: Vault
    include_unpublished: bool = False
    impersonating: bool = False
    correlation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One parameter of a message, or one member of its response.

    Attributes:
        name: Its name in Python.
        wire_name: Its name in JSON.
        edm_type: Its type in ``$metadata``.
        required: Whether it must be there.
        doc: What it is.
        hint: Its type in Python.
    """

    name: str
    wire_name: str
    edm_type: str
    required: bool
    doc: str = ""
    hint: Any = None


Admit = Callable[[MessageContext, UUID], Row]


@dataclass(frozen=True, slots=True)
class Message:
    """A declared message.

    Attributes:
        name: Its name.
        kind: Action or function.
        bound_to: The table whose rows it is called on, if any.
        parameters: What it takes.
        response: The name of what it returns; None for nothing, and for a row.
        members: What that holds.
        returns: The table of the row that it returns.
        doc: What it does.
    """

    name: str
    kind: MessageKind
    bound_to: type[Entity] | None
    parameters: tuple[Member, ...]
    response: str | None
    members: tuple[Member, ...]
    returns: type[Entity] | None
    doc: str
    _function: Callable[..., Any]
    _admit: Admit | None
    _naming: Naming

    def call(self, context: MessageContext, target_id: UUID | None, payload: Row | None) -> Any:
        """Check a request in the documented order, and do what the message does.

        Args:
            context: What it works with.
            target_id: The row it is called on.
            payload: The request's body; None and ``{}`` are the same.

        Returns:
            The response, for :meth:`to_wire`; a row by its id; or None.

        Raises:
            ImpersonationRefused: The request asks to act as somebody else.
            ObjectDoesNotExist: The row is not there.
            PrivilegeDenied: The caller lacks a privilege on its table.
            AccessDenied: The caller may not use this row.
            BadPayload: The body does not fit.
            InvalidParameter: A parameter is missing or has an impossible value.
        """
        if context.impersonating:
            raise ImpersonationRefused(self.name)
        target = () if self._admit is None or target_id is None else (self._admit(context, target_id),)
        return self._function(context, *target, **self._read(payload or {}))

    def to_wire(self, response: Any) -> dict[str, Any]:
        """Return a response's members by their names in JSON."""
        return {one.wire_name: self._plain(getattr(response, one.name)) for one in self.members}

    def _plain(self, value: Any) -> Any:
        wire = value_to_wire(value)
        if is_dataclass(wire):
            members = {self._naming(one.name): getattr(wire, one.name) for one in fields(wire)}
            return {"@odata.context": "#Microsoft.Dynamics.CRM.expando", **members}
        return str(wire) if isinstance(wire, UUID) else wire

    def _read(self, payload: Row) -> dict[str, Any]:
        """Return the payload's values by parameter. Null counts as absent (dataverse-api 9)."""
        known = {one.wire_name: one for one in self.parameters}
        # A name with @ carries control information of OData, which no message needs.
        given = {name: value for name, value in payload.items() if "@" not in name}
        for name in given:
            if name not in known:
                raise BadPayload(self._set_name, self._unknown(name, known))
        arguments = {
            known[name].name: self._value(known[name], value)
            for name, value in given.items()
            if value is not None
        }
        for one in self.parameters:
            if one.required and one.name not in arguments:
                raise InvalidParameter(self.name, one.wire_name, f"is missing. {one.doc}")
        return arguments

    @property
    def _set_name(self) -> str:
        return (self.bound_to and self.bound_to.set_name) or ""

    def _unknown(self, name: str, known: Mapping[str, Member]) -> str:
        hint = did_you_mean(name, known) or f". It takes {', '.join(known) or 'no parameters'}."
        return f"{self.name} has no parameter ‘{name[:100]}’{hint}"

    def _value(self, parameter: Member, value: Any) -> Any:
        """Return a value as its parameter's type; whole numbers may come as texts (dataverse-api 9)."""
        if parameter.edm_type == "Edm.String" and isinstance(value, str):
            return value
        if parameter.edm_type == "Edm.Int32":
            if isinstance(value, str) and _WHOLE_NUMBER.match(value):
                return int(value)
            if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and value % 1 == 0:
                return int(value)
        if parameter.edm_type not in _EXPECTED:
            try:
                return read_value(parameter.hint, value)
            except ValueUnfit as error:
                what = f"Parameter ‘{parameter.wire_name}’ {error}"
                raise BadPayload(self._set_name, what) from error
        expected = _EXPECTED[parameter.edm_type]
        given = _JSON_TYPES.get(type(value), "something else")
        raise BadPayload(
            self._set_name,
            f"Parameter ‘{parameter.wire_name}’ takes {expected}, not {given}. {parameter.doc}",
        )


__all__ = ["ACTION", "FUNCTION", "MESSAGES", "Message", "MessageContext", "camel", "message", "pascal"]

MESSAGES: dict[tuple[str, str | None], Message] = {}
"""Every message by its name and the logical name of the table it is bound to."""


def camel(name: str) -> str:
    """Return ``runMode`` for ``run_mode``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def message(
    name: str,
    *,
    bound_to: type[Entity] | None = None,
    kind: MessageKind = ACTION,
    naming: Naming = camel,
    admit: Admit | None = None,
    returns: type[Entity] | None = None,
) -> Callable[[F], F]:
    """Declare a message.

    Args:
        name: Its name.
        bound_to: The table whose rows it is called on; the function then takes the row after the context.
        kind: Action or function.
        naming: How Python names become JSON names.
        admit: Finds the row and checks that the caller may call the message on it; reading it, by default.
        returns: The table of which it returns a row; the function then returns the row's id, or None.
    """

    def declare(function: F) -> F:
        parameters, response, members = _signature(function, naming, returns)
        readable = None if bound_to is None else partial(_readable_row, bound_to)
        declared = Message(
            name,
            kind,
            bound_to,
            parameters,
            response,
            members,
            returns,
            inspect.getdoc(function) or "",
            function,
            admit or readable,
            naming,
        )
        MESSAGES[(name, bound_to.logical_name if bound_to else None)] = declared
        return function

    return declare


def _readable_row(entity: type[Entity], context: MessageContext, row_id: UUID) -> Row:
    return retrieve(context.tx, context.principal, entity, row_id)


def _signature(
    function: Callable[..., Any], naming: Naming, returns: type[Entity] | None
) -> tuple[tuple[Member, ...], str | None, tuple[Member, ...]]:
    hints = typing.get_type_hints(function)
    response = type(None) if returns else hints["return"]
    members = () if response is type(None) else tuple(_response_members(response, naming))
    return (
        tuple(_parameters(function, hints, naming)),
        None if response is type(None) else response.__name__,
        members,
    )


def _parameters(function: Callable[..., Any], hints: Mapping[str, Any], naming: Naming) -> Iterator[Member]:
    docs = {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(function.__doc__ or "")}
    for one in inspect.signature(function).parameters.values():
        if one.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        if one.name not in docs:
            raise TypeError(f"{function.__name__}: parameter {one.name} has no line under Args")
        required = one.default is inspect.Parameter.empty
        hint = hints[one.name]
        yield Member(one.name, naming(one.name), _edm_type(hint), required, docs[one.name], hint)


def _response_members(response: Any, naming: Naming) -> Iterator[Member]:
    hints = typing.get_type_hints(response)
    for one in fields(response):
        yield Member(one.name, naming(one.name), _edm_type(hints[one.name]), required=True)


def _edm_type(hint: Any) -> str:
    if get_origin(hint) is UnionType:
        (hint,) = (one for one in get_args(hint) if one is not type(None))
    named = edm_type_of(hint)
    if named is not None:
        return named
    return "mscrm.expando" if is_dataclass(hint) else _EDM_TYPES[hint]
