"""Calls of the management API without HTTP, on either database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from uuid import UUID

from deskhand.core.errors import DeskhandError
from deskhand.identity.accounts import create_user, load_principal
from deskhand.webapi.cloud_calls import meaning_of_refusal
from deskhand.webapi.cloud_flows import FLOW_CALLS
from deskhand.webapi.cloud_requests import Answer, ManagementCall, Query
from deskhand.webapi.cloud_runs import CONTENT_CALLS, RUN_CALLS
from tests.contract.cloudflows.servers import ADDRESS, WAIT_SECONDS, House, Server

_ROOT = "/api/cloudflows"
_CALLS = [
    *((f"{_ROOT}/workflows{one.path}", one) for one in (*FLOW_CALLS, *RUN_CALLS)),
    *((f"{_ROOT}/runs{one.path}", one) for one in CONTENT_CALLS),
]


def come_to(server: Server, is_so: Callable[[], bool]) -> None:
    """Wait for what commits of a server bring about, while time stands still."""
    with server.database.changed:
        assert server.database.changed.wait_for(is_so, WAIT_SECONDS)


@dataclass
class Management:
    """Calls the management API of a house, as its owner or as somebody else."""

    house: House
    server: Server
    who: UUID

    def as_new(self, name: str, *roles: str) -> Management:
        """Return the same as called by a new user."""
        user_id = self.house.database.write(
            lambda tx: create_user(tx, name, f"{name}@example.org", roles=roles)
        )
        return Management(self.house, self.server, user_id)

    def get(self, path: str, **options: Any) -> Any:
        return self._value(self.call("GET", path, **options))

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("POST", path, body, **options)

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
        """Return status and code of a call that is refused."""
        try:
            answer = self.call(method, path, body, **options)
        except DeskhandError as error:
            status, code, _ = meaning_of_refusal(error)
            return status, code
        raise AssertionError(f"{method} {path} was answered: {answer}")

    def follow(self, url: str) -> Any:
        """Follow an address that the API gave."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == ADDRESS
        return self._value(self._call("GET", parts.path, None, dict(parse_qsl(parts.query))))

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        given = {f"${name}": str(value) for name, value in options.items()}
        return self._call(method, f"{_ROOT}/workflows{quote(path)}", body, given)

    def _call(self, method: str, path: str, body: Any, options: dict[str, str]) -> Answer:
        call, parameters = _find(method, path)
        database = self.house.database
        principal = database.read(lambda tx: load_principal(tx, self.who))
        query = Query(
            flows=self.server.flows,
            who=principal,
            path=parameters,
            options=options,
            body=body or {},
            text="" if body is None else json.dumps(body),
            address=ADDRESS + path,
            base_url=ADDRESS,
        )
        act = database.write if call.writes else database.read
        return act(lambda tx: call.answer(tx, query))

    def _value(self, answer: Answer) -> Any:
        return json.loads(answer.text) if answer.text is not None else answer.value


def _find(method: str, path: str) -> tuple[ManagementCall, dict[str, str]]:
    for template, call in _CALLS:
        match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
        if match and call.method == method:
            return call, {name: unquote(text) for name, text in match.groupdict().items()}
    raise AssertionError(f"there is no call {method} {path}")
