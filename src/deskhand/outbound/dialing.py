"""Opens connections: a host's addresses are found, checked, and exactly one of those is connected to.

No proxy is asked, and a name is resolved once for each connection, so that it cannot lead elsewhere between
the check and the call.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from threading import Lock, Thread, Timer

from deskhand.outbound.addresses import Address, literal_address
from deskhand.outbound.deadline import Deadline
from deskhand.outbound.exchange import TimedSocket
from deskhand.outbound.urls import HttpUrl

Resolve = Callable[[str, int], Sequence[Address]]
Connect = Callable[[tuple[str, int], float], socket.socket]
Check = Callable[[str, Sequence[Address]], None]

_STOPPING = "the server is stopping"


class NameUnresolved(OSError):
    """A host's name has no address, or nobody knows it."""


class Dialer:
    """Opens connections, and can break off all of them. Safe to use from any thread.

    Args:
        resolve: Finds addresses.
        connect: Opens a connection to one address.
    """

    def __init__(self, resolve: Resolve, connect: Connect) -> None:
        self._resolve = resolve
        self._connect = connect
        self._lock = Lock()
        self._stopped = False
        self._open: set[socket.socket] = set()
        self._attempts: set[Future[socket.socket]] = set()

    @property
    def stopped(self) -> bool:
        """Return whether :meth:`abort` was called."""
        return self._stopped

    @contextmanager
    def connected(
        self, url: HttpUrl, deadline: Deadline, check: Check, tls: ssl.SSLContext
    ) -> Iterator[TimedSocket]:
        """Connect to a host for one request; under TLS the certificate must be the host name's.

        Args:
            url: The host.
            deadline: The end of the whole request.
            check: Raises if the host, with these addresses, may not be called.
            tls: What certificates are checked against.

        Raises:
            NameUnresolved: The host has no address.
            OSError: No connection came about.
        """
        with self.connect(url, deadline, check, tls) as made, self.guarded(made):
            yield TimedSocket(made, deadline)

    def connect(self, url: HttpUrl, deadline: Deadline, check: Check, tls: ssl.SSLContext) -> socket.socket:
        """Connect to a host, as for :meth:`connected`, and leave it to the caller when to close.

        Raises:
            NameUnresolved: The host has no address.
            OSError: No connection came about.
        """
        with ExitStack() as unfinished:
            made = unfinished.enter_context(self._dial(url.host, url.port, deadline, check))
            if url.scheme == "https":
                made.getpeername()  # raises if the peer has hung up: wrapping would then leave a socket open
                secured = tls.wrap_socket(made, server_hostname=url.host, do_handshake_on_connect=False)
                made = unfinished.enter_context(secured)
                with self.guarded(secured):
                    secured.settimeout(deadline.left())
                    secured.do_handshake()
            unfinished.pop_all()
            return made

    @contextmanager
    def dialed(self, host: str, port: int, deadline: Deadline, check: Check) -> Iterator[socket.socket]:
        """Connect to a host, and lend the connection to a protocol that begins TLS by itself.

        It is cut off at the deadline, whatever its borrower waits for by then, and however it wraps it.

        Args:
            host: The host.
            port: The port.
            deadline: The end of the whole conversation.
            check: Raises if the host, with these addresses, may not be called.

        Raises:
            NameUnresolved: The host has no address.
            OSError: No connection came about.
        """
        # A duplicate leads to the same connection, also once TLS has taken the borrowed one over.
        with self._dial(host, port, deadline, check) as plain, plain.dup() as handle:
            plain.settimeout(deadline.left())
            cut = Timer(deadline.left(), _shut, (handle,))
            cut.daemon = True
            with self.guarded(handle):
                cut.start()
                try:
                    yield plain
                finally:
                    cut.cancel()

    def abort(self) -> None:
        """Break off every connection, made or in the making; those that follow fail at once."""
        with self._lock:
            self._stopped = True
            under_way, attempts = tuple(self._open), tuple(self._attempts)
        for one in under_way:
            _shut(one)
        for attempt in attempts:
            attempt.cancel()

    @contextmanager
    def guarded(self, connected: socket.socket) -> Iterator[None]:
        """Let :meth:`abort` find a connection while it is in use."""
        with self._lock:
            self._open.add(connected)
            stopped = self._stopped
        try:
            if stopped:
                raise ConnectionAbortedError(_STOPPING)
            yield
        finally:
            with self._lock:
                self._open.discard(connected)

    def _dial(self, host: str, port: int, deadline: Deadline, check: Check) -> socket.socket:
        """Connect in a thread that may be left behind: the system's resolver takes no time limit."""
        attempt: Future[socket.socket] = Future()
        with self._lock:
            if self._stopped:
                raise ConnectionAbortedError(_STOPPING)
            self._attempts.add(attempt)
        work = (attempt, host, port, deadline, check)
        Thread(target=self._attempt, args=work, name=f"connect {host}", daemon=True).start()
        try:
            return attempt.result(deadline.left())
        except CancelledError as error:
            raise ConnectionAbortedError(_STOPPING) from error
        except TimeoutError:
            if not attempt.cancel() and attempt.exception() is None:
                attempt.result().close()
            raise
        finally:
            with self._lock:
                self._attempts.discard(attempt)

    def _attempt(
        self, attempt: Future[socket.socket], host: str, port: int, deadline: Deadline, check: Check
    ) -> None:
        try:
            addresses = self._addresses(host, port)
            check(host, addresses)
            made = self._connect_to_one(addresses, port, deadline)
        except Exception as error:  # it is raised where the connection is waited for
            with suppress(InvalidStateError):
                attempt.set_exception(error)
            return
        try:
            attempt.set_result(made)
        except InvalidStateError:  # nobody waits any more
            made.close()

    def _addresses(self, host: str, port: int) -> Sequence[Address]:
        literal = literal_address(host)
        if literal is not None:
            return [literal]
        try:
            return self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NameUnresolved(f"its name cannot be resolved ({error})") from error

    def _connect_to_one(self, addresses: Sequence[Address], port: int, deadline: Deadline) -> socket.socket:
        """Connect to the first address that answers; each has its share of the time that is left."""
        problem: OSError = NameUnresolved("its name has no address")
        for tried, address in enumerate(addresses):
            try:
                return self._connect((str(address), port), deadline.left() / (len(addresses) - tried))
            except OSError as error:
                problem = error
        raise problem


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        # Not the TLS socket's own, which would pull its state away from the thread that uses it.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
