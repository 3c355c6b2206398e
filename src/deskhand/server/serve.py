"""The server process: the web application, the background services, and how they stop."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import uvicorn

from deskhand import __version__
from deskhand.core.errors import DeskhandError
from deskhand.core.settings import Settings
from deskhand.identity.accounts import load_installation
from deskhand.identity.tokens import TokenService
from deskhand.orchestrator.callbacks import CallbackSender
from deskhand.orchestrator.recovery import recover
from deskhand.orchestrator.wakeups import Wakeups
from deskhand.pages.installation import About
from deskhand.server.binding import Binding
from deskhand.server.cloud import cloud_flows_of
from deskhand.server.installation import Installation
from deskhand.server.portal_imports import PortalImports
from deskhand.store.database import Database
from deskhand.webapi.app import Services, create_app

_LOG = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the others waiting for the interpreter."""


class Recovery:
    """Looks after runs whose agent fell silent, at a steady pace.

    Args:
        database: Where the runs are.
        settings: How long silence may last; the pace follows from it.
        since: When this server began to listen: silence before that is its own.
    """

    def __init__(self, database: Database, settings: Settings, since: datetime) -> None:
        self._database = database
        self._settings = settings
        self._since = since
        self._pace = max(0.05, min(settings.lease_seconds, settings.agent_lost_seconds, 20.0) / 4)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="recovery", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the look that is under way."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                self._database.write(lambda tx: recover(tx, self._settings, since=self._since))
            except Exception:
                _LOG.exception("recovery failed; the next attempt is in %.1f s", self._pace)
            if self._stop.wait(self._pace):
                return


class WebServerEnded(DeskhandError):
    """The web server ended without having been told to. Its log says why; start Deskhand again."""

    code = "DH0107"

    def __init__(self) -> None:
        super().__init__("The web server ended by itself, so everything was stopped; the log above says why.")


class WebServer:
    """The web application in a thread of its own, so that the main thread is free for signals.

    Args:
        services: What the application works with.
        listener: The open socket.
        binding: What the socket was opened for.
        ended: Called when it has ended, told to or not.
    """

    def __init__(
        self, services: Services, listener: socket.socket, binding: Binding, ended: Callable[[], None]
    ) -> None:
        config = uvicorn.Config(
            create_app(services),
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="on",
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=5,
            ssl_certfile=binding.certificate,
            ssl_keyfile=binding.key,
        )
        self._server = uvicorn.Server(config)
        self._listener = listener
        self._thread = threading.Thread(target=self._work, name="web", daemon=True)
        self._ended = ended
        self._over = threading.Event()

    @property
    def has_failed(self) -> bool:
        """Return whether it ended without having been told to."""
        return self._over.is_set() and not self._server.should_exit

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, finish those under way, and end."""
        self._server.should_exit = True
        self._thread.join()

    def _work(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        except (Exception, SystemExit):  # uvicorn leaves by SystemExit when its application cannot start
            _LOG.exception("the web server ended by itself")
        finally:
            self._over.set()
            self._ended()


@contextlib.contextmanager
def running(
    installation: Installation, binding: Binding, listener: socket.socket, ended: Callable[[], None]
) -> Iterator[str]:
    """Run a server on an installation; yields the URL it answers on.

    Args:
        installation: What to serve.
        binding: What the socket was opened for.
        listener: The open socket, which is closed in the end.
        ended: Called when the web server has ended, told to or not.

    Raises:
        WebServerEnded: It was not told to.
    """
    # The event loop and the writer answer each request in turn; by default each waits 5 ms for the other.
    sys.setswitchinterval(SWITCH_SECONDS)
    with listener:
        port = listener.getsockname()[1]
        host = f"[{binding.host}]" if ":" in binding.host else binding.host
        address = f"{binding.scheme}://{host}:{port}"
        installation.keep_address(address)
        services = services_of(installation, binding)
        recovery = Recovery(installation.database, installation.settings, installation.clock.now())
        callbacks = CallbackSender(installation.database, installation.settings, installation.clock)
        web = WebServer(services, listener, binding, ended)
        recovery.start()
        callbacks.start()
        services.cloudflows.start()
        web.start()
        try:
            yield address
            if web.has_failed:
                raise WebServerEnded
        finally:
            services.wakeups.close()
            web.stop()
            services.cloudflows.stop()
            callbacks.stop()
            recovery.stop()


def services_of(installation: Installation, binding: Binding) -> Services:
    """Connect what the web application works with."""
    tenant = installation.database.read(load_installation).organization_id
    return Services(
        database=installation.database,
        settings=installation.settings,
        clock=installation.clock,
        keyring=installation.keyring,
        vault=installation.vault,
        tokens=TokenService(installation.keyring, installation.settings, installation.clock, tenant),
        wakeups=Wakeups(installation.database),
        cloudflows=cloud_flows_of(installation),
        version=__version__,
        about=About(
            __version__,
            installation.clock.now(),
            str(installation.data),
            Settings.sources(installation.data),
        ),
        imports=PortalImports(),
        public_url=installation.settings.public_url or None,
        behind_proxy=binding.behind_proxy,
    )


class Stop:
    """A wish to stop, from a signal or from anywhere else.

    A pipe, not a :class:`threading.Event`: a signal may arrive while the waiting thread holds the
    event's own lock, and setting it then would wait for ever.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def set(self) -> None:
        """Wish it; may be called from a signal handler and any number of times."""
        os.write(self._write, b"!")

    def wait(self) -> None:
        """Wait until it is wished."""
        select.select([self._read], [], [])

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self._read)
        os.close(self._write)


@contextlib.contextmanager
def stop_signals() -> Iterator[Stop]:
    """Take SIGINT and SIGTERM; yields the wish to stop that the first of them makes."""
    stop = Stop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    previous = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        stop.close()
