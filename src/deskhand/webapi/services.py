"""What the web application works with; the server composes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deskhand.cloudflows.runtime import CloudFlows
from deskhand.core.clock import Clock
from deskhand.core.settings import Settings
from deskhand.identity.keyring import KeyRing
from deskhand.identity.tokens import TokenService
from deskhand.identity.vault import Vault
from deskhand.orchestrator.wakeups import Wakeups
from deskhand.pages.installation import About, Imports
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
        cloudflows: Runs cloud flows.
        version: The product's version.
        about: What else pages tell of this server.
        imports: Reads and stores what is imported in the portal.
        public_url: The address that clients use, ``https://rpa.example.org``; taken from each request
            where it is not set.
        behind_proxy: Whether the forwarding headers of a proxy are believed.
        portal: Where the built portal is; the package's own folder unless given.
    """

    database: Database
    settings: Settings
    clock: Clock
    keyring: KeyRing
    vault: Vault
    tokens: TokenService
    wakeups: Wakeups
    cloudflows: CloudFlows
    version: str
    about: About
    imports: Imports
    public_url: str | None = None
    behind_proxy: bool = False
    portal: Path | None = None
