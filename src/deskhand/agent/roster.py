"""The runs that this agent holds."""

from __future__ import annotations

import threading
from uuid import UUID

from deskhand.agent.session import AgentStopping, Cancel, Lost, Session
from deskhand.protocol.messages import RunMode, RunOrder


class Roster:
    """Every run from its order to the server's reply to the last word about it.

    Args:
        capacity: How many runs this machine takes at the same time.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: dict[UUID, Session] = {}
        self._gone: set[UUID] = set()
        self._state = threading.Condition()

    def admit(self, session: Session) -> str | None:
        """Take a run in; return None, or why there is no room for it."""
        order = session.order
        with self._state:
            if order.run_id in self._held:
                return "an earlier assignment of this run has not ended here"
            if self._active() >= self._capacity:
                return f"this machine takes {self._capacity} runs at the same time, and has them"
            if order.run_mode is RunMode.ATTENDED and self._attended():
                return "an attended run uses the session of this machine's user"
            self._held[order.run_id] = session
            return None

    def holds(self, order: RunOrder) -> bool:
        """Return whether this very assignment is here already."""
        with self._state:
            held = self._held.get(order.run_id)
            return held is not None and held.order.fencing_token == order.fencing_token

    def vacate(self, session: Session) -> None:
        """Let another run have a session whose processes are gone; the run is held until it is released."""
        with self._state:
            if self._held.get(session.order.run_id) is session:
                self._gone.add(session.order.run_id)
            self._state.notify_all()

    def release(self, session: Session) -> None:
        """Let a run go."""
        with self._state:
            self._held.pop(session.order.run_id, None)
            self._gone.discard(session.order.run_id)
            self._state.notify_all()

    def wait_for_room(self, seconds: float) -> int:
        """Wait for a free session, and return how many there are."""
        with self._state:
            self._state.wait_for(lambda: self._free() > 0, seconds)
            return self._free()

    def running(self) -> tuple[tuple[UUID, int], ...]:
        """Return run id and fencing token of every run."""
        with self._state:
            return tuple((run_id, one.order.fencing_token) for run_id, one in self._held.items())

    def tell(self, run_id: UUID, letter: Cancel | Lost, fencing_token: int | None = None) -> None:
        """Write to the session of a run; nothing happens where it is not here, or not that assignment."""
        with self._state:
            session = self._held.get(run_id)
        if session and fencing_token in (None, session.order.fencing_token):
            session.letters.put(letter)

    def stop_all(self) -> None:
        """Ask every session to end."""
        with self._state:
            sessions = list(self._held.values())
        for one in sessions:
            one.letters.put(AgentStopping())

    def _free(self) -> int:
        """Return how many more runs to ask for: ends that the server has not taken do not pile up."""
        return max(0, self._capacity - max(self._active(), len(self._gone)))

    def _active(self) -> int:
        return len(self._held) - len(self._gone)

    def _attended(self) -> bool:
        return any(
            one.order.run_mode is RunMode.ATTENDED and run_id not in self._gone
            for run_id, one in self._held.items()
        )
