"""The messages that wait for the server: in order, batched, sent until it has them."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from deskhand.agent.errors import ServerRefused, ServerUnreachable
from deskhand.agent.server_link import ServerLink
from deskhand.protocol.codec import encode
from deskhand.protocol.messages import ActionsLogged, Replies, Reply, RunMessage

PATH = "/api/agent/v1/messages"
ANSWER_SECONDS = 60.0
ROWS_WAIT_SECONDS = 0.1
"""How long log rows wait for company; everything else goes at once and takes the rows along."""

BATCH_BYTES = 4 * 1024 * 1024
"""Of one report, unless one message alone is larger."""

FULL_BYTES = 256 * 1024 * 1024
"""Beyond which flows wait with their log until the server has taken some of it."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0

_CHANCE = random.SystemRandom()

UNAUTHORIZED = frozenset({401, 403})

_log = logging.getLogger(__name__)


def spread(seconds: float) -> float:
    """Return about the same time, so that agents do not all come back at the same moment."""
    return seconds * _CHANCE.uniform(0.75, 1.25)


@dataclass(frozen=True, slots=True)
class _Waiting:
    text: bytes
    answered: Callable[[Reply], None]
    urgent: bool
    since: float


class Outbox:
    """Sends messages of all runs, whatever waits in one request, and hands back the replies.

    A report whose answer is lost is sent again: the server takes each message once.

    Args:
        link: A connection of its own.
        refused: Told when the server no longer knows this machine.
    """

    def __init__(self, link: ServerLink, refused: Callable[[ServerRefused], None]) -> None:
        self._link = link
        self._refused = refused
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._urgent = 0
        self._state = threading.Condition()
        self._give_up_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def post(self, message: RunMessage, answered: Callable[[Reply], None]) -> None:
        """Send a message after all that were posted before.

        Args:
            message: What to say.
            answered: Called from another thread with the server's durable reply.
        """
        urgent = not isinstance(message, ActionsLogged)
        one = _Waiting(encode(message), answered, urgent, time.monotonic())
        with self._state:
            self._waiting.append(one)
            self._bytes += len(one.text)
            self._urgent += urgent
            self._state.notify_all()

    def is_full(self) -> bool:
        """Return whether so much waits that flows should wait with their log."""
        return self._bytes > FULL_BYTES

    def close(self, patience_seconds: float) -> bool:
        """Send what waits, for some time; return whether the server has all of it."""
        with self._state:
            self._give_up_at = time.monotonic() + patience_seconds
            self._state.notify_all()
        self._thread.join(patience_seconds)
        self._link.interrupt()
        self._thread.join()
        self._link.close()
        return not self._waiting

    def _run(self) -> None:
        while batch := self._next_batch():
            replies = self._deliver(batch)
            if replies is None:
                return
            with self._state:
                for one in batch:
                    self._waiting.popleft()
                    self._bytes -= len(one.text)
                    self._urgent -= one.urgent
            for one, reply in zip(batch, replies, strict=True):
                one.answered(reply)

    def _next_batch(self) -> list[_Waiting]:
        """Wait for messages and return them, without removing any; none once this is closed and empty."""
        with self._state:
            self._state.wait_for(lambda: self._waiting or self._give_up_at is not None)
            if self._waiting:
                self._state.wait_for(
                    self._should_go, self._waiting[0].since + ROWS_WAIT_SECONDS - time.monotonic()
                )
            batch: list[_Waiting] = []
            size = 0
            for one in self._waiting:
                size += len(one.text)
                if batch and size > BATCH_BYTES:
                    break
                batch.append(one)
            return batch

    def _should_go(self) -> bool:
        return bool(self._urgent) or self._bytes > BATCH_BYTES or self._give_up_at is not None

    def _deliver(self, batch: list[_Waiting]) -> list[Reply] | None:
        """Send until the server has answered; None once it is time to give up."""
        pause = FIRST_PAUSE
        while True:
            try:
                return self._send(batch)
            except ServerUnreachable as error:
                _log.warning("%s; trying again", error)
            except ServerRefused as error:
                self._refused(error)
            if not self._pause(pause):
                return None
            pause = min(LONGEST_PAUSE, pause * 2)

    def _send(self, batch: list[_Waiting]) -> list[Reply]:
        text = b'{"type":"Report","messages":[%b]}' % b",".join(one.text for one in batch)
        try:
            replies = self._link.post_text(PATH, text, Replies, ANSWER_SECONDS).replies
        except ServerRefused as error:
            if error.status in UNAUTHORIZED:
                raise
            if len(batch) > 1:  # one of them is refused; the others must not suffer for it
                return [reply for one in batch for reply in self._send([one])]
            _log.warning("the server will not take a message: %s", error)
            return [Reply(accepted=False, reason=error.problem)]
        if len(replies) != len(batch):
            raise ServerUnreachable("this address", f"{len(replies)} replies came for {len(batch)} messages")
        return list(replies)

    def _pause(self, seconds: float) -> bool:
        """Wait; return whether to go on."""
        with self._state:
            if self._give_up_at is not None and time.monotonic() >= self._give_up_at:
                return False
            self._state.wait(spread(seconds))
            return True
