"""A browser as far as signing in needs one: cookies, forms, redirects, and a client with PKCE."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from tests.web_server import LiveServer


@dataclass
class Browser:
    """One browser; its cookie jar is its memory."""

    server: LiveServer
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        trust(self.session, self.server)

    def get(self, target: str, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("allow_redirects", False)
        return self.session.get(self._address(target), timeout=60, **kwargs)

    def post(self, target: str, form: dict[str, str], **kwargs: Any) -> requests.Response:
        kwargs.setdefault("allow_redirects", False)
        return self.session.post(self._address(target), data=form, timeout=60, **kwargs)

    def sign_in(self, page: requests.Response, name: str, password: str, **changes: str) -> requests.Response:
        """Send a sign-in page's form."""
        return self.post("/sign-in", {**hidden_fields(page), "name": name, "password": password, **changes})

    def _address(self, target: str) -> str:
        return target if "://" in target else self.server.url + target

    def close(self) -> None:
        self.session.close()


@dataclass
class PortalClient:
    """The portal's part of signing in."""

    server: LiveServer
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=secrets.token_hex)
    nonce: str = field(default_factory=secrets.token_hex)

    def __post_init__(self) -> None:
        self.known: dict[str, str] = self.server.send("GET", "/api/portal/sign-in").json()

    def request(self, **changes: str | None) -> dict[str, str]:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "client_id": self.known["clientId"],
            "response_type": "code",
            "redirect_uri": self.known["redirectUri"],
            "scope": self.known["scope"],
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def address(self, **changes: str | None) -> str:
        return f"{self.known['authorizeUrl']}?{urlencode(self.request(**changes))}"

    def code(self, browser: Browser, **changes: str | None) -> str:
        """Return a code without showing anything: the browser is signed in."""
        return answer_of(browser.get(self.address(prompt="none", **changes)))["code"]

    def exchange(self, code: str, **changes: str) -> requests.Response:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.known["redirectUri"],
            "code_verifier": self.verifier,
        }
        return self.tokens(**{**sent, **changes})

    def renew(self, refresh_token: str) -> requests.Response:
        return self.tokens(grant_type="refresh_token", refresh_token=refresh_token)

    def tokens(self, **form: str) -> requests.Response:
        sent = {"client_id": self.known["clientId"], **form}
        with requests.Session() as session:
            trust(session, self.server)
            return session.post(self.known["tokenUrl"], data=sent, timeout=60)


def trust(session: requests.Session, server: LiveServer) -> None:
    """Let a session trust the server's authority; a machine's own bundle would stand before it."""
    session.trust_env = False
    if server.authority:
        session.verify = str(server.authority)


def hidden_fields(page: requests.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    return {unescape(name): unescape(value) for name, value in found}


def answer_of(response: requests.Response) -> dict[str, str]:
    """Return what a redirect tells the client."""
    assert response.status_code == 303, response.text
    return dict(parse_qsl(urlsplit(response.headers["location"]).query, keep_blank_values=True))
