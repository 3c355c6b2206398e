"""Listening for what a debugged run is told: a long poll of its own, so that nothing else holds it up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from deskhand.agent.errors import ServerRefused, ServerUnreachable
from deskhand.agent.outbox import FIRST_PAUSE, LONGEST_PAUSE, spread
from deskhand.agent.server_link import ServerLink
from deskhand.protocol.messages import DebugCommand, DebugCommands, DebugWait, RunOrder

PATH = "/api/agent/v1/debug"
WAIT_SECONDS = 30.0
ANSWER_SECONDS = 30.0

_log = logging.getLogger(__name__)


class DebugPoll:
    """Passes on what one run is told, each command once, until it is closed.

    Args:
        link: A connection of its own.
        order: The run.
        obey: Takes a command; called from another thread.
    """

    def __init__(self, link: ServerLink, order: RunOrder, obey: Callable[[DebugCommand], None]) -> None:
        self._link = link
        self._order = order
        self._obey = obey
        self._after = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"debug-{order.run_id}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._closing.set()
        self._link.interrupt()
        self._thread.join()
        self._link.close()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            try:
                self._ask()
                pause = FIRST_PAUSE
            except ServerUnreachable as error:
                if not self._closing.is_set():
                    _log.debug("%s; trying again", error)
                self._closing.wait(spread(pause))
                pause = min(LONGEST_PAUSE, pause * 2)
            except ServerRefused as error:
                _log.warning("%s; trying again", error)
                self._closing.wait(spread(LONGEST_PAUSE))

    def _ask(self) -> None:
        order = self._order
        wait = DebugWait(order.run_id, order.fencing_token, self._after, WAIT_SECONDS)
        answer = self._link.post(PATH, wait, DebugCommands, WAIT_SECONDS + ANSWER_SECONDS)
        for command in answer.commands:
            if command.sequence > self._after:
                self._after = command.sequence
                self._obey(command)
