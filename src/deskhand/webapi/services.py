"""What the web application works with; the server composes it."""

from __future__ import annotations

from dataclasses import dataclass

from deskhand.core.clock import Clock
from deskhand.core.settings import Settings
from deskhand.identity.keyring import KeyRing
from deskhand.identity.tokens import TokenService
from deskhand.identity.vault import Vault
from deskhand.orchestrator.wakeups import Wakeups
from deskhand.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that requests are answered with.

    Attributes:
        database: Where everything is kept.
        settings: Limits and choices.
        clock: The time.
        keyring: The keys.
        vault: Opens what the database keeps encrypted.
        tokens: Issues and checks bearer tokens.
        wakeups: Tells waiting agents of new work.
        version: The product's version.
        public_url: The address that clients use, ``https://rpa.example.org``; taken from each request
            where it is not set.
        behind_proxy: Whether the forwarding headers of a proxy are believed.
    """

    database: Database
    settings: Settings
    clock: Clock
    keyring: KeyRing
    vault: Vault
    tokens: TokenService
    wakeups: Wakeups
    version: str
    public_url: str | None = None
    behind_proxy: bool = False
