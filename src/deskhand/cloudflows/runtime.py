"""Everything that runs cloud flows in one process, put together."""

from __future__ import annotations

import deskhand.cloudflows.connection_references
import deskhand.cloudflows.library
import deskhand.cloudflows.rules
from deskhand.cloudflows.addresses import Addresses
from deskhand.cloudflows.driver import Driver
from deskhand.cloudflows.http.client import HttpClient
from deskhand.cloudflows.http.tokens import TokenSource
from deskhand.cloudflows.journal import Seals
from deskhand.cloudflows.launcher import Launcher
from deskhand.cloudflows.looks import Looks
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.programs import Programs
from deskhand.cloudflows.retention import Retention
from deskhand.cloudflows.row_changes import RowChanges
from deskhand.cloudflows.services import CloudServices
from deskhand.cloudflows.watcher import Watcher
from deskhand.cloudflows.web_api import WebApi
from deskhand.core.clock import Clock
from deskhand.core.settings import Settings
from deskhand.identity.addresses import AddressSigner
from deskhand.identity.keyring import KeyRing
from deskhand.identity.vault import Vault
from deskhand.store.database import Database

DECLARED = (
    deskhand.cloudflows.connection_references,
    deskhand.cloudflows.library,
    deskhand.cloudflows.rules,
)
"""What has to be imported so that everything is declared: actions, connectors, triggers, rules of writes."""


class CloudFlows:
    """What runs cloud flows. Nothing works by itself until :meth:`start`.

    Args:
        database: Where flows and runs are kept.
        settings: What is configured.
        clock: The time.
        keyring: The keys that addresses are signed with.
        vault: What seals secrets.
        base_url: The address under which this server is reached, without a slash at its end.
        web_api: Answers for rows as clients see them.

    Attributes:
        launcher: Starts runs.
        addresses: Makes and checks the addresses of flows.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        keyring: KeyRing,
        vault: Vault,
        base_url: str,
        web_api: WebApi,
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock
        self.seals = Seals(vault)
        self.programs = Programs()
        self.addresses = Addresses(AddressSigner(keyring), base_url)
        http = HttpClient(settings)
        tokens = TokenSource(http, clock, settings)
        self.services = CloudServices(
            vault,
            self.seals,
            self.programs,
            http,
            tokens,
            self.addresses,
            MailDialer(settings),
            web_api,
            database,
        )
        self.driver = Driver(database, settings, clock, self.seals, self.programs, self.services)
        self.launcher = Launcher(database, self.driver, self.programs, self.seals, clock)
        looks = Looks(self.programs, settings, self.services, database.read)
        self._watcher = Watcher(database, clock, looks, self.seals)
        self._retention = Retention(database, settings, clock)
        self._row_changes = RowChanges(database, looks, self.seals)

    def start(self) -> None:
        """Begin to drive runs and to let triggers look."""
        self.driver.start()
        self._watcher.start()
        self._retention.start()
        self._row_changes.start()

    def stop(self) -> None:
        """Stop all of it; runs that are under way go on with the next server."""
        self.services.http.abort()
        self.services.mail.abort()
        self._retention.stop()
        self._row_changes.stop()
        self._watcher.stop()
        self.driver.stop()
