"""A caller of the portal's endpoints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.web_server import Answer, LiveServer


@dataclass(frozen=True)
class Pages:
    """Somebody who is signed in."""

    server: LiveServer
    token: str

    def ask(self, method: str, target: str, body: Any = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        return self.server.send(method, f"/api/portal{target}", content, headers)

    def get(self, target: str) -> Any:
        return self._whole("GET", target, None)

    def post(self, target: str, body: Any = None) -> Any:
        return self._whole("POST", target, {} if body is None else body)

    def put(self, target: str, body: Any) -> Any:
        return self._whole("PUT", target, body)

    def delete(self, target: str) -> Any:
        return self._whole("DELETE", target, None)

    def _whole(self, method: str, target: str, body: Any) -> Any:
        answer = self.ask(method, target, body)
        assert answer.status in (200, 204), answer.body
        return answer.json() if answer.status == 200 else None
