"""The cookies of signing in: one says which session a browser has, one that a form came from here."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response


class Cookies:
    """The cookies of one installation, under one of its addresses.

    Their names carry the tenant: browsers tell hosts apart, but not the ports of one host. Under TLS they
    carry the prefix by which a browser takes them from nobody but this host (RFC 6265bis 4.1.3).

    Args:
        tenant_id: The installation.
        base: The address, which tells whether it is reached by TLS.
    """

    def __init__(self, tenant_id: UUID, base: str) -> None:
        self._secure = base.startswith("https:")
        prefix = "__Host-" if self._secure else ""
        self.session = f"{prefix}deskhand-session-{tenant_id.hex[:8]}"
        self.form = f"{prefix}deskhand-form-{tenant_id.hex[:8]}"

    def read(self, request: Request, name: str) -> str:
        """Return a cookie's value; empty without one."""
        return request.cookies.get(name, "")[:200]

    def write(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Send a cookie that scripts do not see and other sites' requests do not carry."""
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="strict"
        )

    def delete(self, response: Response, name: str) -> None:
        """Take a cookie away."""
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="strict")
