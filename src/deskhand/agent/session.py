"""One run on this machine, from the order to the last word about it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

from deskhand import __version__
from deskhand.agent.child import Child, Rubbish
from deskhand.agent.errors import ProcessNotStarted
from deskhand.agent.mailbox import Mailbox
from deskhand.agent.processes import Ending, FlowProcesses
from deskhand.core.log import MASK
from deskhand.protocol.messages import (
    ActionsLogged,
    AssignFailed,
    Begin,
    ChildRunEnded,
    ChildRunStarted,
    Confirmed,
    DebugCommand,
    DebugPhase,
    DebugState,
    Finished,
    Prepared,
    PrepareFlow,
    ProcessEnded,
    ProcessRefused,
    Reply,
    RunError,
    RunMessage,
    RunOrder,
    RunResult,
)

PREPARE_SECONDS = 300.0
"""How long parsing, checking and compiling may take; the largest flows have 16 million characters."""

LINGER_SECONDS = 5.0
"""How long a process may take to exit once its flow has ended."""

BACKLOG_SECONDS = 0.2
"""Between two looks whether the outbox takes log rows again."""

MASKED_FROM = 4
"""The shortest text that is masked in what a flow printed; shorter ones would blank ordinary words."""

AGENT_STOPPED = RunError(
    "AgentNotReachable",
    "the agent on the machine was stopped while the flow ran; start it, then run the flow again",
)


_PASSED_ON = (ActionsLogged, ChildRunStarted, ChildRunEnded, DebugState)


class Outgoing(Protocol):
    """Where a session's messages go."""

    def post(self, message: RunMessage, answered: Callable[[Reply], None]) -> None:
        """Send a message after all that were posted before; the reply may come from another thread."""
        ...

    def is_full(self) -> bool:
        """Return whether log rows should wait."""
        ...


@dataclass(frozen=True, slots=True)
class Cancel:
    """Letter: somebody cancelled the run."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Letter: the run is no longer this agent's."""


@dataclass(frozen=True, slots=True)
class AgentStopping:
    """Letter: the agent is asked to end."""


class _Interrupted(Exception):
    """The run goes no further.

    Attributes:
        result: How it ends; None when the server wants to hear no more of it.
        error: Why.
        retry: Whether it may be tried again, if its flow has not begun.
    """

    def __init__(
        self, result: RunResult | None, error: RunError | None = None, *, retry: bool = False
    ) -> None:
        super().__init__(result)
        self.result = result
        self.error = error
        self.retry = retry


class Session:
    """Takes one run through: prepare, confirm, begin, follow, finish.

    Where the order does not confirm it, a flow that is known to be in order is confirmed while its process
    still gets ready. Begins in the thread that got the order, and runs in one of its own; other threads
    write letters.

    Args:
        order: The run.
        processes: Where its process comes from.
        outbox: Where its messages go.
        directory: Its working directory; made if it is missing.
        session_user: The account under which it runs.
    """

    def __init__(
        self,
        order: RunOrder,
        processes: FlowProcesses,
        outbox: Outgoing,
        directory: Path,
        session_user: str,
    ) -> None:
        self.order = order
        self.letters: Mailbox[Cancel | Lost | AgentStopping | Ending | Reply | DebugCommand] = Mailbox()
        self._processes = processes
        self._outbox = outbox
        self._directory = directory
        self._session_user = session_user
        self._child: Child | None = None
        self._false_start: Exception | None = None
        self._events: deque[Any] = deque()
        self._called: list[UUID] = []
        self._confirmed = False
        self._begun = False
        self._deadline: float | None = None
        self._time_left = 0.0
        self._told: list[DebugCommand] = []
        self._ended = False

    def begin(self) -> None:
        """Have the run's process get the flow ready, which it does while the session's thread starts."""
        self._deadline = time.monotonic() + PREPARE_SECONDS
        self._confirmed = self.order.confirmed
        try:
            if not self._confirmed and self.letters.is_empty() and self._is_kept():
                self._confirm()
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._child = Child(self._processes, self.order, self._directory, self.letters)
            self._child.send(PrepareFlow(self.order, str(self._directory)))
        except Exception as error:  # whatever it is, the session's own thread deals with it
            self._false_start = error

    def run(self) -> Finished | AssignFailed | None:
        """Carry out the order.

        Returns:
            The last message about the run, not yet sent; None where the server wants to hear no more
            of it. By now no process of the run is left.
        """
        try:
            return self._run()
        finally:
            if self._child is not None:
                self._child.close()
            self.letters.close()

    def _run(self) -> Finished | AssignFailed | None:
        if self._deadline is None:
            self.begin()
        if isinstance(self._false_start, ProcessNotStarted | OSError):
            error = RunError("AgentHasNotStarted", str(self._false_start))
            if self._child is None:  # whatever is confirmed, no statement can have run
                return self._assign_failed(error, retry=True)
            return self._interrupted(_Interrupted(RunResult.FAILED, error, retry=True))
        if self._false_start is not None:
            raise self._false_start
        return self._last_word(cast(Child, self._child))

    def _last_word(self, child: Child) -> Finished | AssignFailed | None:
        try:
            self._get_ready(child)
            ended = self._follow(child)
        except _Interrupted as interruption:
            child.stop()
            self._see_out(child)
            return self._interrupted(interruption)
        self._see_out(child)
        result = RunResult.FAILED if ended.error else RunResult.SUCCEEDED
        return self._finished(result, ended.error, ended.outputs, ended.statistics)

    def _get_ready(self, child: Child) -> None:
        """Wait until the process is ready and the server has said yes, unless it said so with the order."""
        if self.order.confirmed:
            return
        if not self._confirmed:
            self._take_prepared(self._next(child))
            self._receive(child, child.wait(time.monotonic()))
            if self._events:  # a letter, which is in time: what is not confirmed may go to another machine
                raise _out_of_step(self._next(child))
            self._confirm()
            _expect(self._next(child), Reply)
            return
        first = self._next(child)
        self._take_prepared(self._next(child) if isinstance(first, Reply) else first)
        if not isinstance(first, Reply):
            _expect(self._next(child), Reply)

    def _take_prepared(self, answer: Any) -> None:
        if isinstance(answer, ProcessRefused):
            raise _Interrupted(RunResult.FAILED, answer.error)
        _expect(answer, Prepared)
        self._deadline = None  # the server may take its time: it may be away
        self._keep_compiled(answer)

    def _keep_compiled(self, answer: Prepared) -> None:
        """Have a flow that was compiled for this run compiled ahead for the next."""
        if answer.compiled_in is not None and self.order.debug is None:
            self._processes.keep(self.order.flow, answer.compiled_in)

    def _is_kept(self) -> bool:
        """Return whether the flow is known to be in order; one that is debugged is compiled anew."""
        return self.order.debug is None and self._processes.keeps(self.order.flow)

    def _confirm(self) -> None:
        """Have the server note durably that the flow begins; only its yes lets it begin."""
        self._confirmed = True
        order = self.order
        message = Confirmed(order.run_id, order.fencing_token, self._session_user, __version__)
        self._outbox.post(message, self.letters.put)

    def _follow(self, child: Child) -> ProcessEnded:
        """Let the flow begin; pass on what it says until it has ended."""
        self._begun = True
        self._deadline = time.monotonic() + self.order.timeout_seconds
        if not self.order.confirmed:
            child.send(Begin())
        for one in self._told:
            child.send(one)
        while True:
            message = self._next(child)
            if isinstance(message, ProcessEnded):
                return message
            if self.order.confirmed and isinstance(message, Prepared | ProcessRefused):
                self._hear_late(message)
                continue
            if isinstance(message, DebugState):
                self._keep_time(message)
            self._pass_on(message)

    def _hear_late(self, answer: Prepared | ProcessRefused) -> None:
        """Heed how the process got ready, where its flow began as soon as it was."""
        if isinstance(answer, ProcessRefused):
            raise _Interrupted(RunResult.FAILED, answer.error)
        self._keep_compiled(answer)

    def _keep_time(self, state: DebugState) -> None:
        """Let the run's time stand still while it is paused."""
        now = time.monotonic()
        if state.phase is DebugPhase.PAUSED and self._deadline is not None:
            self._time_left, self._deadline = self._deadline - now, None
        elif state.phase is DebugPhase.RUNNING and self._deadline is None:
            self._deadline = now + self._time_left

    def _next(self, child: Child) -> Any:
        """Return the next message.

        Raises:
            _Interrupted: The run goes no further.
        """
        while not self._events:
            self._receive(child, self._wait(child))
            if not self._events and self._deadline is not None and time.monotonic() >= self._deadline:
                raise self._overdue()
        event = self._events.popleft()
        if isinstance(event, Ending):
            self._ended = True
        interruption = self._interruption(event, child)
        if interruption:
            raise interruption
        return event

    def _receive(self, child: Child, events: list[Any]) -> None:
        """Take in what came; what the flow is told goes on to it as soon as it has begun."""
        told = [one for one in events if isinstance(one, DebugCommand)]
        self._events.extend(one for one in events if not isinstance(one, DebugCommand))
        if self._begun:
            for one in told:
                child.send(one)
        else:
            self._told += told

    def _wait(self, child: Child) -> list[Any]:
        """Wait for what comes next; while the outbox is full, the process waits with its messages."""
        if not self._outbox.is_full():
            return child.wait(self._deadline)
        soon = time.monotonic() + BACKLOG_SECONDS
        return child.wait(soon if self._deadline is None else min(soon, self._deadline), reading=False)

    def _interruption(self, event: Any, child: Child) -> _Interrupted | None:
        """Return why the run goes no further after an event, or None where it does."""
        match event:
            case Cancel():
                return _Interrupted(RunResult.CANCELLED)
            case Lost() | Reply(accepted=False):
                return _Interrupted(None)
            case AgentStopping():
                return _Interrupted(RunResult.FAILED, AGENT_STOPPED, retry=True)
            case Rubbish():
                return _Interrupted(RunResult.FAILED, _malformed(event.problem))
            case Ending():
                return _Interrupted(RunResult.FAILED, self._died(event, child), retry=True)
        return None

    def _overdue(self) -> _Interrupted:
        if self._begun:
            seconds = self.order.timeout_seconds
            message = (
                f"the flow was stopped because it ran longer than the {seconds} s that were asked for; "
                "ask for a longer timeout, or split the flow"
            )
            return _Interrupted(RunResult.TIMED_OUT, RunError("DesktopFlowsActionTimeout", message))
        message = f"the flow's process did not get the flow ready within {PREPARE_SECONDS:g} s"
        return _Interrupted(RunResult.FAILED, RunError("UnresponsiveAgent", message))

    def _see_out(self, child: Child) -> None:
        """Wait until nothing of the run's processes is left; pass on what the flow still says."""
        linger_until = time.monotonic() + LINGER_SECONDS
        while not self._ended:
            if not self._events:
                self._events.extend(child.wait(linger_until))
            if not self._events:  # what the process printed may have come to its end, or its patience
                if time.monotonic() >= linger_until:
                    child.stop()
                    linger_until = time.monotonic() + LINGER_SECONDS
                continue
            event = self._events.popleft()
            self._ended |= isinstance(event, Ending)
            if self._confirmed and isinstance(event, _PASSED_ON):
                self._post(event)

    def _pass_on(self, message: Any) -> None:
        if not isinstance(message, _PASSED_ON):
            raise _out_of_step(message)
        self._post(message)

    def _post(self, message: ActionsLogged | ChildRunStarted | ChildRunEnded | DebugState) -> None:
        if isinstance(message, ChildRunStarted):
            self._called.append(message.child_run_id)
        elif isinstance(message, ChildRunEnded) and message.child_run_id in self._called:
            self._called.remove(message.child_run_id)
        self._outbox.post(message, self._heed(message))

    def _heed(self, message: RunMessage) -> Callable[[Reply], None]:
        """Return what a reply leads to: refused rows of the run itself mean that the run is lost."""
        if isinstance(message, ActionsLogged) and message.run_id == self.order.run_id:
            return lambda reply: None if reply.accepted else self.letters.put(Lost())
        return lambda reply: None

    def _interrupted(self, interruption: _Interrupted) -> Finished | AssignFailed | None:
        if interruption.result is None:
            return None
        if self._confirmed or interruption.error is None:
            return self._finished(interruption.result, interruption.error)
        return self._assign_failed(interruption.error, retry=interruption.retry)

    def _assign_failed(self, error: RunError, *, retry: bool) -> AssignFailed:
        return AssignFailed(self.order.run_id, self.order.fencing_token, error.code, error.message, retry)

    def _finished(
        self,
        result: RunResult,
        error: RunError | None,
        outputs: dict[str, Any] | None = None,
        statistics: dict[str, Any] | None = None,
    ) -> Finished:
        self._end_called(result, error)
        order = self.order
        return Finished(order.run_id, order.fencing_token, result, outputs, error, statistics or {})

    def _end_called(self, result: RunResult, error: RunError | None) -> None:
        """Say of called flows how they ended that could not do so: a called flow ends with its caller."""
        how = RunResult.CANCELLED if result is RunResult.SUCCEEDED else result
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        for called in reversed(self._called):
            order = self.order
            ended = ChildRunEnded(order.run_id, order.fencing_token, called, at, how, error=error)
            self._outbox.post(ended, self._heed(ended))
        self._called.clear()

    def _died(self, ending: Ending, child: Child) -> RunError:
        when = "while the flow ran" if self._begun else "before the flow began"
        hint = _hint(ending, self.order.limits.memory_bytes)
        return RunError(
            "AgentNotReachable" if self._begun else "AgentHasNotStarted",
            f"the flow's process {ending} {when}{hint}",
            masked(child.printed, self.order.inputs),
        )


def _expect(message: Any, kind: type[Any]) -> None:
    if not isinstance(message, kind):
        raise _out_of_step(message)


def _out_of_step(message: Any) -> _Interrupted:
    problem = f"{type(message).__name__} came at the wrong time"
    return _Interrupted(RunResult.FAILED, _malformed(problem))


def _malformed(problem: str) -> RunError:
    return RunError(
        "DesktopFlowMalformedMachineResponse",
        "the flow's process wrote something that is no message, so it was stopped; "
        "an action may have written where it should not",
        problem,
    )


def _hint(ending: Ending, memory_bytes: int) -> str:
    if ending.status is not None and ending.status < 0:
        return (
            f"; the machine may have run out of memory (one run may use {memory_bytes // 1024**2} MB), "
            "or somebody killed it"
        )
    return ""


def masked(printed: str, inputs: dict[str, Any]) -> str:
    """Return what a flow printed without the texts that it was given, of which some may be secret."""
    secrets = {one for one in _texts(inputs) if len(one) >= MASKED_FROM}
    for secret in sorted(secrets, key=len, reverse=True):
        printed = printed.replace(secret, MASK)
    return printed


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
