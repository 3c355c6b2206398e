"""Telling callers that their run ended: an outbox in the database, and threads that empty it.

Source: dataverse-api 14. A callback is queued in the transaction that ends its run, so the status is
readable before it is sent; its row goes only after the receiver has answered, so it is delivered at least
once, whenever the server dies.
"""

from __future__ import annotations

import json
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Condition, Event, Thread
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.clock import Clock, to_wire
from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.declare import Instant
from deskhand.entities.storage import Callback
from deskhand.orchestrator.callback_urls import parse_callback_url
from deskhand.orchestrator.delivery import (
    Answer,
    Connect,
    Courier,
    DeliveryFailed,
    Parcel,
    Resolve,
    resolve_host,
)
from deskhand.orchestrator.errors import CallbackAddressForbidden, CallbackUrlRefused
from deskhand.orchestrator.rows import Row
from deskhand.orchestrator.runlog import storable
from deskhand.orchestrator.wakeups import CALLBACKS
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed
from deskhand.store.statements import Statement

_LOG = logging.getLogger(__name__)

WORKERS = 16
"""Requests under way at once."""

PER_HOST = 4
"""Of these, requests to one host: a slow receiver does not hold up the others."""

STOP_SECONDS = 2.0
"""How long requests under way may go on when the server stops."""

_C = Callback.c
_INSERT = Statement(sa.insert(Callback.table))
_DELETE = Statement(sa.delete(Callback.table).where(_C.callbackid == sa.bindparam("callback_id")))
_SOONEST = Statement(sa.select(sa.func.min(_C.dueon).label("dueon")).where(_C.givenup.is_(False)))
_SCANNED = 5_000
_POLL_SECONDS = 5.0
_LEASE_MARGIN = timedelta(seconds=10)
_DUE = Statement(
    sa.select(_C.callbackid, _C.url)
    .where(_C.dueon <= sa.bindparam("now", type_=Instant()), _C.givenup.is_(False))
    .order_by(_C.dueon)
    .limit(_SCANNED)
    .with_for_update(skip_locked=True)
)
_CLAIM = Statement(
    sa.update(Callback.table)
    .where(_C.callbackid == sa.bindparam("callback_id"))
    .values(claimedby=sa.bindparam("sender", type_=sa.Uuid()), dueon=sa.bindparam("until", type_=Instant()))
    .returning(_C.callbackid, _C.flowsessionid, _C.workflowid, _C.url, _C.body, _C.attempts)
)


def queue_callback(tx: Transaction, run: Row) -> None:
    """Put the callback of a run that just ended into the outbox."""
    values = {
        "callbackid": new_id(),
        "flowsessionid": run["flowsessionid"],
        "workflowid": run["regardingobjectid"],
        "url": run["callbackurl"],
        "body": callback_body(run),
        "attempts": 0,
        "dueon": tx.now,
        "claimedby": None,
        "lasterror": None,
        "givenup": False,
    }
    tx.run(_INSERT, values)
    tx.notify(CALLBACKS)


def callback_body(run: Row) -> str:
    """Return what the receiver is told."""
    return json.dumps(
        {
            "statuscode": run["statuscode"],
            "statecode": run["statecode"],
            "startedon": to_wire(run["startedon"]) if run["startedon"] else None,
            "completedon": to_wire(run["completedon"]),
            "flowsessionid": str(run["flowsessionid"]),
        },
        separators=(",", ":"),
    )


@dataclass(frozen=True, slots=True)
class Due:
    """A callback to send now."""

    callback_id: UUID
    run_id: UUID
    workflow_id: UUID
    url: str
    body: str
    attempts: int


class CallbackSender:
    """Sends what is in the outbox, until it is stopped.

    Args:
        database: Where the outbox is.
        settings: Attempts, pauses, time-outs.
        clock: The time.
        resolve: Finds the addresses of a host name.
        connect: Opens a connection to an address.
        tls: What receivers' certificates are checked against; the system's authorities by default.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        *,
        resolve: Resolve = resolve_host,
        connect: Connect = socket.create_connection,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._courier = Courier(settings, resolve, connect, tls or ssl.create_default_context())
        self._id = new_id()
        self._wake = Event()
        self._stopping = False
        self._state = Condition()
        self._busy: Counter[str] = Counter()
        self._ended = 0
        self._held_back = False
        self._taking = False
        self._rung = False
        self._look_at = 0.0
        self._workers = ThreadPoolExecutor(WORKERS, "callback")
        self._dispatcher = Thread(target=self._dispatch, name="callbacks", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier process left is sent first."""
        if self._settings.callback_allow_insecure:
            _LOG.warning(
                "callback_allow_insecure is on: whoever may start a run can make this server send requests "
                "to any address it reaches, its own included. Never leave it on outside a test set-up."
            )
        self._dispatcher.start()

    def stop(self) -> None:
        """End after the requests that are under way; those that take long are sent again after a start."""
        self._stopping = True
        self._wake.set()
        if self._dispatcher.is_alive():
            self._dispatcher.join()
        with self._state:
            self._state.wait_for(lambda: not self._taking and not self._busy.total(), STOP_SECONDS)
        self._courier.abort()
        self._workers.shutdown()

    def _dispatch(self) -> None:
        """Look at the outbox when nobody who ended a run does: after a start, and for what is sent again."""
        try:
            self._database.write(forget_claims_of_the_dead)
        except DatabaseClosed:
            return
        except Exception:
            _LOG.exception("what an earlier process was sending could not be read; it is sent later")
        self._database.follow(CALLBACKS, self._take)
        while not self._stopping:
            self._wake.clear()
            if self._clock.monotonic() >= self._look_at:
                self._look_at = self._clock.monotonic() + _POLL_SECONDS
                self._courier.tidy()
                self._take()
            self._wake.wait(max(0.0, self._look_at - self._clock.monotonic()))

    def _take(self) -> None:
        """Have what is due handed to the workers, in the commit that is under way; do not wait for it.

        Takings come one after the other; one that is asked for meanwhile comes after.
        """
        with self._state:
            self._rung = True
            self._held_back |= self._busy.total() >= WORKERS  # then one that ends asks again
            if self._taking or self._stopping or self._busy.total() >= WORKERS:
                return
            self._taking = True
        self._take_now()

    def _take_now(self) -> None:
        with self._state:
            self._rung = False
            busy, ended = Counter(self._busy), self._ended
        try:
            taking = self._database.submit(lambda tx: self._take_due(tx, busy))
        except DatabaseClosed:
            self._stopping, self._taking = True, False
            return
        taking.add_done_callback(lambda done: self._hand_out(done, ended))

    def _take_due(self, tx: Transaction, busy: Counter[str]) -> tuple[Sequence[Due], float]:
        """Claim what the workers have room for; return it, and the seconds until more will be due."""
        lease = timedelta(seconds=self._settings.callback_timeout_seconds) + _LEASE_MARGIN
        return claim_due(tx, self._id, busy, lease), seconds_until_due(tx)

    def _hand_out(self, taking: Future[tuple[Sequence[Due], float]], ended: int) -> None:
        """Give the workers what was claimed, now that it is durable; runs in a thread of the database."""
        due, wait = self._taken(taking)
        with self._state:
            self._busy.update(host_of(one.url) for one in due)
            # What is due and was left has to wait for a worker, if none has ended meanwhile.
            self._held_back = wait == 0 and self._ended == ended
            self._taking = again = self._rung and not self._stopping
            self._state.notify_all()
        for one in due:
            self._workers.submit(self._deliver, one)
        if again:
            self._take_now()
        else:
            self._look_in(_POLL_SECONDS if self._held_back else wait)

    def _taken(self, taking: Future[tuple[Sequence[Due], float]]) -> tuple[Sequence[Due], float]:
        try:
            return taking.result()
        except DatabaseClosed:
            self._stopping = True
        except Exception:
            _LOG.exception("the callback outbox could not be read; the next attempt follows")
        return (), _POLL_SECONDS

    def _look_in(self, seconds: float) -> None:
        """Have the dispatcher look at the outbox after some time, unless it does so earlier anyway."""
        look_at = self._clock.monotonic() + seconds
        if look_at < self._look_at:
            self._look_at = look_at
            self._wake.set()

    def _deliver(self, due: Due) -> None:
        delivered = False
        try:
            outcome = self._attempt(due)
            if outcome.delivered or not self._stopping:
                self._settle(due, outcome)
            delivered = outcome.delivered
        except DatabaseClosed:
            _LOG.info("callback of run %s stays in the outbox: the server is stopping", due.run_id)
        except Exception:
            _LOG.exception("callback of run %s stays in the outbox", due.run_id)
        finally:
            with self._state:
                self._busy[host_of(due.url)] -= 1
                self._ended += 1
                awaited = self._held_back
                self._state.notify_all()
            if awaited or not delivered:
                self._take()

    def _attempt(self, due: Due) -> Outcome:
        """Send one request and say what follows from its end."""
        try:
            url = parse_callback_url(due.url, allow_insecure=self._settings.callback_allow_insecure)
            answer = self._courier.send(Parcel(url, due.body, due.workflow_id, due.run_id))
        except (CallbackUrlRefused, CallbackAddressForbidden) as error:
            return Outcome(delivered=False, again=False, problem=str(error))
        except DeliveryFailed as error:
            return Outcome(delivered=False, again=True, problem=str(error))
        return outcome_of(answer)

    def _settle(self, due: Due, outcome: Outcome) -> None:
        attempts = due.attempts + 1
        again = outcome.again and attempts < self._settings.callback_attempts
        if outcome.problem:
            level = logging.INFO if again else logging.WARNING
            end = "it is sent again" if again else "no more requests follow"
            _LOG.log(level, "callback of run %s: %s (%s)", due.run_id, outcome.problem, end)
        pause = timedelta(seconds=self._settings.callback_retry_seconds) if again else None
        if outcome.delivered:
            self._database.defer(lambda tx: settle(tx, due, outcome, attempts, pause))
        else:
            self._database.write(lambda tx: settle(tx, due, outcome, attempts, pause))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one request ended.

    Attributes:
        delivered: Whether the receiver has answered for good.
        again: Whether another request may help.
        problem: What went wrong, if anything.
    """

    delivered: bool
    again: bool
    problem: str = ""


def outcome_of(answer: Answer) -> Outcome:
    """Return what follows from an answer: only 408 and 5xx are worth another request."""
    if answer.status == 408 or answer.status >= 500:
        return Outcome(delivered=False, again=True, problem=f"the receiver answered {answer.status}")
    problem = "" if 200 <= answer.status < 300 else f"the receiver answered {answer.status}"
    return Outcome(delivered=True, again=False, problem=problem)


def claim_due(tx: Transaction, sender_id: UUID, busy: Counter[str], lease: timedelta) -> Sequence[Due]:
    """Claim callbacks that are due, no more of one host than may be under way.

    A claim lasts as long as a request can take; if this process dies, the callback is due again then.
    """
    waiting = ((row["callbackid"], row["url"]) for row in tx.rows(_DUE, {"now": tx.now}))
    claim = {"sender": sender_id, "until": tx.now + lease}
    claimed = (tx.row(_CLAIM, claim | {"callback_id": one}) for one in _share_out(waiting, busy))
    return [Due(*row.values()) for row in claimed if row is not None]


def _share_out(waiting: Iterable[tuple[UUID, str]], busy: Counter[str]) -> list[UUID]:
    taken = Counter(busy)
    chosen: list[UUID] = []
    for callback_id, url in waiting:
        if taken.total() >= WORKERS:
            break
        host = host_of(url)
        if taken[host] < PER_HOST:
            taken[host] += 1
            chosen.append(callback_id)
    return chosen


def seconds_until_due(tx: Transaction) -> float:
    """Return how long the dispatcher may sleep if nobody wakes it."""
    row = tx.row(_SOONEST, {})
    if row is None or row["dueon"] is None:
        return _POLL_SECONDS
    return float(min(_POLL_SECONDS, max(0.0, (row["dueon"] - tx.now).total_seconds())))


def forget_claims_of_the_dead(tx: Transaction) -> None:
    """Make callbacks due that an earlier process claimed and did not finish.

    SQLite has one server process, so every claim is a dead one's; on PostgreSQL claims run out by time.
    """
    if tx.dialect == "sqlite":
        due_now = sa.update(Callback.table).where(_C.claimedby.is_not(None), _C.givenup.is_(False))
        tx.execute(due_now.values(claimedby=None, dueon=tx.now))


def settle(tx: Transaction, due: Due, outcome: Outcome, attempts: int, pause: timedelta | None) -> None:
    """Write down how a request ended: the row goes, waits for the next one, or is given up."""
    if outcome.delivered:
        tx.run(_DELETE, {"callback_id": due.callback_id})
        return
    values = {
        "attempts": attempts,
        "claimedby": None,
        "lasterror": storable(outcome.problem, 1_000),
        "givenup": pause is None,
        "dueon": None if pause is None else tx.now + pause,
    }
    mine = sa.update(Callback.table).where(_C.callbackid == due.callback_id)
    tx.execute(mine.values(values))


def host_of(url: str) -> str:
    """Return the part of a URL that names its receiver."""
    return url.partition("://")[2].partition("/")[0].casefold()
