"""How a debugged flow's process hears of commands and tells where it stands."""

from __future__ import annotations

import time
from uuid import UUID

from deskhand.agent.engine import Standing
from deskhand.agent.flow_wire import Wire
from deskhand.protocol.messages import DebugCommand, DebugPhase, DebugState, RowPlace

PASSING_SECONDS = 0.2
"""Between two words on which row runs."""


class ProcessLine:
    """The line of the process that runs the flow.

    Args:
        wire: Where commands come from and states go.
        run_id: The run.
        fencing_token: Its assignment.
    """

    def __init__(self, wire: Wire, run_id: UUID, fencing_token: int) -> None:
        self._wire = wire
        self._run_id = run_id
        self._fencing_token = fencing_token
        self._index = 0

    def heard(self) -> list[DebugCommand]:
        """Return the commands that have come, without waiting."""
        return self._wire.receive_waiting(DebugCommand)

    def wait(self, seconds: float | None) -> bool:
        """Wait for a command; return whether one came. None waits for ever."""
        return self._wire.wait(seconds)

    def tell(self, standing: Standing) -> None:
        """Say at once where the flow stands."""
        self._wire.forget_later()
        self._wire.send(self._state(standing))

    def passing(self, place: RowPlace, sequence: int) -> None:
        """Say which row runs, if it does for a while."""

        def state() -> DebugState:
            return self._state(Standing(sequence, DebugPhase.RUNNING, place=place))

        self._wire.send_later(state, PASSING_SECONDS)

    def now(self) -> float:
        """Return the moment, in seconds, on a scale that never goes back."""
        return time.monotonic()

    def _state(self, standing: Standing) -> DebugState:
        self._index += 1
        return DebugState(
            self._run_id,
            self._fencing_token,
            self._index,
            standing.sequence,
            standing.phase,
            standing.reason,
            standing.place,
            standing.stack,
            standing.variables,
            standing.error,
            standing.notice,
        )
