"""An endpoint is a function: ``@endpoint("GET", "/desktopruns/{run_id}")`` over typed keyword parameters.

From its signature and docstring follow the route, the check of what comes in, the OpenAPI description and
the portal's TypeScript types.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from deskhand.cloudflows.declare import Services as FlowServices
from deskhand.core.settings import Settings
from deskhand.identity.audit import Actor
from deskhand.identity.principals import Principal
from deskhand.identity.tokens import TokenService
from deskhand.identity.vault import Vault
from deskhand.pages.checking import FlowChecks
from deskhand.pages.errors import BadParameter
from deskhand.pages.installation import About, Imports
from deskhand.pages.shapes import camel, read_json, read_text
from deskhand.store.database import Transaction

F = TypeVar("F", bound=Callable[..., Any])

_IN_PATH = re.compile(r"\{(\w+)\}")
_ARGUMENT = re.compile(r"^ {8}(\w+): (.+(?:\n {12,}.+)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PageContext:
    """What an endpoint works with.

    Attributes:
        tx: The open transaction.
        principal: The caller.
        settings: Limits and choices.
        vault: Opens and seals what the database keeps encrypted.
        tokens: Signs tokens.
        about: What is known of this server.
        imports: Reads and stores what is imported.
        checks: What the checker says of desktop flows.
        base_url: The server's address as the caller sees it.
        address: The network address that the request came from.
        session_id: The browser session of the caller's token; None for other tokens.
    """

    tx: Transaction
    principal: Principal
    settings: Settings
    vault: Vault
    tokens: TokenService
    about: About
    imports: Imports
    checks: FlowChecks
    base_url: str
    address: str
    session_id: UUID | None = None

    @property
    def now(self) -> datetime:
        """Return the instant at which the transaction began."""
        return self.tx.now

    @property
    def actor(self) -> Actor:
        """Return the caller as the audit log names them."""
        return Actor(self.principal.name, self.principal.user_id, self.address)


@dataclass(frozen=True, slots=True)
class Preparation:
    """What slow work before a transaction may use.

    Attributes:
        principal: The caller.
        read: Runs a function that only reads, in a transaction of its own.
        imports: Reads what is imported.
        flow_services: What connections are tried out with.
    """

    principal: Principal
    read: Callable[[Callable[[Transaction], Any]], Any]
    imports: Imports
    flow_services: FlowServices


Prepare = Callable[[Preparation, Any], Any]
Finish = Callable[[Any], Any]


class Place(StrEnum):
    """Where a parameter stands."""

    PATH = "path"
    QUERY = "query"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an endpoint.

    Attributes:
        name: Its name in Python.
        wire_name: Its name in the address.
        place: Where it stands.
        type: Its type.
        required: Whether it must be there.
        doc: What it is.
    """

    name: str
    wire_name: str
    place: Place
    type: Any
    required: bool
    doc: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A declared endpoint.

    Attributes:
        method: The HTTP method.
        path: Its path below ``/api/portal``; parameters in braces.
        name: The function's name.
        doc: What it does.
        parameters: What it takes.
        response: What it returns; ``None`` for nothing.
        writes: Whether it changes data.
        prepare: Slow work on the body, done before the transaction; the function takes its result as
            ``prepared``.
        finish: Slow work on what the function returns, done after the transaction; its result is the answer.
    """

    method: str
    path: str
    name: str
    doc: str
    parameters: tuple[Parameter, ...]
    response: Any
    writes: bool
    prepare: Prepare | None
    finish: Finish | None
    function: Callable[..., Any]

    @property
    def body_type(self) -> Any:
        """Return the type of its body, or None without one."""
        return next((one.type for one in self.parameters if one.place is Place.BODY), None)

    def read(self, path: Mapping[str, str], query: Mapping[str, str], body: Any) -> dict[str, Any]:
        """Return a request's values by parameter.

        Args:
            path: The parts of the address.
            query: The query.
            body: The body's JSON; None without one.

        Raises:
            BadParameter: Something is missing, or does not fit.
        """
        known = {one.wire_name for one in self.parameters if one.place is Place.QUERY}
        for name in query:
            if name not in known:
                raise BadParameter(name, "is not a parameter of this address.")
        values: dict[str, Any] = {}
        for one in self.parameters:
            if one.place is Place.BODY:
                values[one.name] = read_json(one.type, {} if body is None else body, "body")
            elif one.place is Place.PATH:
                values[one.name] = read_text(one.type, path[one.name], one.wire_name)
            elif query.get(one.wire_name):
                values[one.name] = read_text(one.type, query[one.wire_name], one.wire_name)
            elif one.required:
                raise BadParameter(one.wire_name, f"is missing. {one.doc}")
        return values


ENDPOINTS: dict[tuple[str, str], Endpoint] = {}
"""Every endpoint by its method and path."""


def endpoint(
    method: str,
    path: str,
    *,
    writes: bool | None = None,
    prepare: Prepare | None = None,
    finish: Finish | None = None,
) -> Callable[[F], F]:
    """Declare an endpoint.

    Args:
        method: The HTTP method.
        path: Its path below ``/api/portal``; parameters in braces.
        writes: Whether it changes data; by default everything but GET does.
        prepare: Slow work on the body, such as making a hash, done before the transaction; the function
            then takes its result as ``prepared``.
        finish: Slow work on what the function returns, such as taking a text apart, done after the
            transaction; its result is the answer.
    """

    def declare(function: F) -> F:
        hints = typing.get_type_hints(function)
        declared = Endpoint(
            method,
            path,
            function.__name__,
            _summary(function),
            tuple(_parameters(function, hints, path)),
            hints["return"] if finish is None else typing.get_type_hints(finish)["return"],
            method != "GET" if writes is None else writes,
            prepare,
            finish,
            function,
        )
        if (method, path) in ENDPOINTS:
            raise TypeError(f"{method} {path} is declared twice")
        ENDPOINTS[(method, path)] = declared
        return function

    return declare


def _summary(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").partition("\n\nArgs:")[0].partition("\n\nRaises:")[0]


def _parameters(function: Callable[..., Any], hints: Mapping[str, Any], path: str) -> Iterator[Parameter]:
    docs = {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(function.__doc__ or "")}
    in_path = set(_IN_PATH.findall(path))
    for one in inspect.signature(function).parameters.values():
        if one.kind is not inspect.Parameter.KEYWORD_ONLY or one.name == "prepared":
            continue
        if one.name not in docs:
            raise TypeError(f"{function.__name__}: parameter {one.name} has no line under Args")
        hint = hints[one.name]
        place = Place.QUERY
        if one.name in in_path:
            place = Place.PATH
        elif one.name == "body" and is_dataclass(hint):
            place = Place.BODY
        required = one.default is inspect.Parameter.empty
        yield Parameter(one.name, camel(one.name), place, hint, required, docs[one.name])
