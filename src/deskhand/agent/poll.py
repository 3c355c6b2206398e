"""Asking the server for work, and starting what it gives."""

from __future__ import annotations

import logging
import shutil
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from pathlib import Path
from uuid import uuid4

from deskhand import __version__
from deskhand.agent.debug_poll import DebugPoll
from deskhand.agent.errors import ServerRefused, ServerUnreachable
from deskhand.agent.outbox import FIRST_PAUSE, LONGEST_PAUSE, Outbox, spread
from deskhand.agent.processes import FlowProcesses
from deskhand.agent.roster import Roster
from deskhand.agent.server_link import ServerLink
from deskhand.agent.session import Cancel, Lost, Session
from deskhand.protocol.messages import (
    AssignFailed,
    Claim,
    Finished,
    Orders,
    Readiness,
    Reply,
    RunError,
    RunOrder,
    RunResult,
)

PATH = "/api/agent/v1/claim"

ANSWER_SECONDS = 30.0
"""Beyond the wait that was asked for, after which the server counts as gone."""

FULL_SECONDS = 1.0
"""Between two questions for cancelled runs while every session is taken."""

SETTLE_SECONDS = 0.001
"""Between taking runs and asking for more.

They begin undisturbed in that time. A session that is free waits no longer than that, and the question waits
for the next run rather than the other way round.
"""

UNANSWERED_MOST = 256
"""How many claims without an answer are named; the run of an older one counts as begun and lost."""

LAST_SECONDS = 3.0
"""How long a stopping agent tries to say what it has."""

FATAL = frozenset({400, 401, 403})
"""Refusals that no waiting cures: another protocol, or a key that is no longer valid."""

_log = logging.getLogger(__name__)


class Poll:
    """The one loop that claims.

    There is never more than one claim under way: a claim names every run that is here, and the
    server takes back what it does not name.

    Args:
        link: A connection of its own.
        outbox: Where sessions report.
        processes: Where flow processes come from.
        roster: The runs that are here.
        runs: The folder for their working directories.
        session_user: The account under which flows run.
        heartbeat_seconds: How often to give a sign of life until the server says otherwise.
        refused: Told when the server no longer takes this agent's claims.
        another_link: Opens one more connection: that of a debugged run, or of the last claim.
    """

    def __init__(
        self,
        link: ServerLink,
        outbox: Outbox,
        processes: FlowProcesses,
        roster: Roster,
        runs: Path,
        session_user: str,
        heartbeat_seconds: float,
        refused: Callable[[ServerRefused], None],
        another_link: Callable[[], ServerLink],
    ) -> None:
        self._link = link
        self._another_link = another_link
        self._agent_id = uuid4()
        self._numbers = count(1)
        self._unanswered: deque[int] = deque(maxlen=UNANSWERED_MOST)
        self._outbox = outbox
        self._processes = processes
        self._roster = roster
        self._runs = runs
        self._session_user = session_user
        self._heartbeat = heartbeat_seconds
        self._refused = refused
        self._stopping = threading.Event()
        self._sessions: set[threading.Thread] = set()
        self._thread = threading.Thread(target=self._run, name="poll", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Claim no more, ask the running flows to end, and wait until their processes are gone."""
        self._stopping.set()
        self._link.interrupt()
        self._thread.join()
        self._link.close()
        self._roster.stop_all()
        self._hand_back()
        for one in list(self._sessions):
            one.join()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                self._claim()
                pause = FIRST_PAUSE
            except ServerUnreachable as error:
                if not self._stopping.is_set():
                    _log.warning("%s; trying again", error)
                self._rest(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            except ServerRefused as error:
                if error.status in FATAL:
                    self._refused(error)
                    return
                _log.warning("%s; trying again", error)
                self._rest(LONGEST_PAUSE)

    def _rest(self, seconds: float) -> None:
        self._stopping.wait(spread(seconds))

    def _claim(self) -> None:
        """Ask once: for work as long as there may be some, or for cancelled runs when there is no room."""
        free = self._roster.wait_for_room(min(FULL_SECONDS, self._heartbeat))
        wait = self._heartbeat if free else 0.0
        orders = self._ask(self._link, free, wait, wait + ANSWER_SECONDS)
        self._heartbeat = orders.heartbeat_seconds
        for run_id in orders.lost:
            self._roster.tell(run_id, Lost())
        for cancel in orders.cancels:
            self._roster.tell(cancel.run_id, Cancel(), cancel.fencing_token)
        for order in orders.runs:
            self._accept(order)
        if orders.runs:
            self._stopping.wait(SETTLE_SECONDS)

    def _ask(self, link: ServerLink, free: int, wait: float, patience: float) -> Orders:
        """Claim, and return the answer; a claim without one is named by those that follow."""
        number, unanswered = next(self._numbers), tuple(self._unanswered)
        ready = Readiness(self._agent_id, number, self._session_user, self._processes.kept(), unanswered)
        self._unanswered.append(number)
        claim = Claim(free, self._roster.running(), wait, __version__, ready=ready)
        orders = link.post(PATH, claim, Orders, patience, once=True)
        self._unanswered.remove(number)
        return orders

    def _hand_back(self) -> None:
        """Say once more what is here: what came with the answer that was broken off may go elsewhere."""
        link = self._another_link()
        try:
            self._ask(link, 0, 0.0, LAST_SECONDS)
        except (ServerUnreachable, ServerRefused) as error:
            _log.debug("the server does not hear that this agent stops: %s", error)
        finally:
            link.close()

    def _accept(self, order: RunOrder) -> None:
        if self._roster.holds(order):
            return
        directory = self._runs / f"{order.run_id}-{order.fencing_token}"
        session = Session(order, self._processes, self._outbox, directory, self._session_user)
        if refusal := self._roster.admit(session):
            self._roster.tell(order.run_id, Lost())
            session.letters.close()
            self._outbox.post(_no_room(order, refusal), _nothing_more)
            return
        thread = threading.Thread(
            target=self._carry_out, args=(session, directory), name=f"run-{order.run_id}", daemon=True
        )
        self._sessions.add(thread)
        session.begin()
        thread.start()

    def _carry_out(self, session: Session, directory: Path) -> None:
        try:
            last = self._run_session(session)
        except Exception:
            _log.exception("run %s ended by an error of the agent", session.order.run_id)
            last = _agent_failed(session.order)
        _remove(directory)
        if last is None:
            self._roster.release(session)
        else:
            self._outbox.post(last, lambda reply: self._roster.release(session))
            self._roster.vacate(session)
        self._sessions.discard(threading.current_thread())

    def _run_session(self, session: Session) -> Finished | AssignFailed | None:
        """Take a run through; one that is debugged listens to what it is told meanwhile."""
        if session.order.debug is None:
            return session.run()
        listening = DebugPoll(self._another_link(), session.order, session.letters.put)
        try:
            return session.run()
        finally:
            listening.close()


def _remove(directory: Path) -> None:
    """Remove a run's working directory, which most flows leave empty."""
    try:
        directory.rmdir()
    except OSError:
        shutil.rmtree(directory, ignore_errors=True)


def _no_room(order: RunOrder, refusal: str) -> AssignFailed:
    return AssignFailed(order.run_id, order.fencing_token, "UIFlowAlreadyRunning", refusal, retry=True)


def _agent_failed(order: RunOrder) -> Finished:
    error = RunError(
        "AgentNotReachable", "the agent on the machine met an error of its own; its log has more"
    )
    return Finished(order.run_id, order.fencing_token, RunResult.FAILED, error=error)


def _nothing_more(reply: Reply) -> None:
    """Whether the server takes the news of a run that is not here changes nothing here."""
