"""What a flow's process lends to its flow: the action log, and the flows that it may call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from deskhand.agent.engine import CalledFlowFailed, FlowEngine, FlowRefused, FlowResult, LogEntry, ReadyFlow
from deskhand.agent.flow_wire import FlowStopped, Wire
from deskhand.agent.mishaps import mishap
from deskhand.agent.parallel import Parallel
from deskhand.core.ids import new_id, parse_id
from deskhand.protocol.codec import BadMessage, encode
from deskhand.protocol.messages import (
    ActionRow,
    ActionStatus,
    ChildRunEnded,
    ChildRunStarted,
    Flow,
    PrepareFlow,
    RunError,
    RunOrder,
    RunResult,
)

TEXT_MAX = 10_000
"""Characters of one text of a row; a row must fit where the original keeps 100 000."""

MAX_NESTING = 150
"""Flows that may be called within one another. Source: machines-and-runs 7.3."""


class ActionLog:
    """The action log of one run.

    Rows beyond the limit are counted and left out, but for failures and the ends of loops whose beginnings
    stand there; one row at the end says so.
    """

    def __init__(self, wire: Wire, run_id: UUID, order: RunOrder) -> None:
        self._wire = wire
        self._run_id = run_id
        self._fencing_token = order.fencing_token
        self._limit = order.limits.action_log_rows
        self._written = 0
        self._omitted = 0
        self._open = 0
        self._loops: list[int | None] = []
        """Where each open loop began in the log, None where that was left out; behind them stand those that
        ended last: an action that failed is told of when it is known who handles it, which may be outside."""

    def write(self, entry: LogEntry) -> None:
        """Send one row, or count it as left out."""
        if entry.kind == "loopEnd":
            self._open -= 1
            began = self._loops[self._open]
            if began is not None:
                self._send(entry, began)
            return
        is_left_out = self._written >= self._limit and entry.status is not ActionStatus.FAILED
        index = self._written
        if is_left_out:
            self._omitted += 1
        else:
            self._send(entry)
        if entry.kind == "loop":
            del self._loops[self._open :]
            self._loops.append(None if is_left_out else index)
            self._open += 1

    def close(self) -> None:
        """Say how many rows were left out."""
        if self._omitted:
            text = f"{self._omitted} more rows were left out: one run's action log takes {self._limit}"
            now = datetime.now(UTC)
            self._send(LogEntry("omitted", "", 0, "", text, ActionStatus.SUCCEEDED, now, 0.0))
            self._omitted = 0

    def _send(self, entry: LogEntry, loop_index: int | None = None) -> None:
        around = zip(self._loops, entry.in_rounds, strict=False)
        in_rounds = tuple(number for began, number in around if began is not None)
        row = ActionRow(
            index=self._written,
            kind=entry.kind,
            subflow=entry.subflow,
            line=entry.line,
            action=entry.action,
            summary=_shortened(entry.summary),
            status=entry.status,
            started_at=_instant(entry.started_at),
            duration_ms=entry.duration_ms,
            level=entry.level,
            error=None if entry.error is None else _shortened(entry.error),
            depth=len(in_rounds),
            loop_index=loop_index,
            rounds=entry.rounds,
            failed_rounds=entry.failed_rounds,
            in_rounds=in_rounds,
        )
        self._written += 1
        self._wire.add_row(self._run_id, self._fencing_token, row)


class Host:
    """Runs one flow in this process, and through it the flows that it calls.

    Args:
        engine: The flow's language.
        wire: Where its messages go.
        preparation: The agent's order for the run that this process is for.
        run_id: The flow session of this flow: the order's, or a called flow's own.
        callers: The flows that run now, this one last.
        parallel: Runs called flows that nobody waits for.
    """

    def __init__(
        self,
        engine: FlowEngine,
        wire: Wire,
        preparation: PrepareFlow,
        run_id: UUID,
        callers: tuple[Flow, ...],
        parallel: Parallel,
    ) -> None:
        self._engine = engine
        self._wire = wire
        self._preparation = preparation
        self._order = preparation.order
        self._run_id = run_id
        self._callers = callers
        self._parallel = parallel
        self._log = ActionLog(wire, run_id, self._order)

    @property
    def working_directory(self) -> str:
        """Return the folder that relative paths start from."""
        return self._preparation.working_directory

    def log(self, entry: LogEntry) -> None:
        """Write one row of the action log."""
        self._log.write(entry)

    def run(self, ready: ReadyFlow) -> FlowResult:
        """Run the flow; whatever an action raises becomes the run's error."""
        try:
            result = ready.run(self)
        except FlowStopped:
            raise
        except BaseException as error:  # an action may raise anything, SystemExit included
            result = FlowResult(None, mishap(error, self._order.limits.memory_bytes))
        self._log.close()
        return result

    def outputs_for_wire(self, result: FlowResult) -> FlowResult:
        """Return the result with outputs that the wire can carry, or with the reason why it cannot."""
        if result.outputs is None:
            return result
        limit = self._order.limits.outputs_bytes
        try:
            outputs = self._engine.to_wire(result.outputs, self._order.culture)
            size = len(encode(outputs))
        except BadMessage as error:
            return FlowResult(None, RunError("OutputsNotTransferable", _cannot_leave(error.problem)))
        if size > limit:
            problem = f"they take {size} bytes, and one run may return {limit}"
            return FlowResult(None, RunError("OutputsTooLarge", _cannot_leave(problem)))
        return FlowResult(outputs, None, result.statistics)

    def run_flow(
        self, flow_id: str, name: str | None, inputs: Mapping[str, Any], wait: bool
    ) -> dict[str, Any]:
        """Run another desktop flow and return its outputs by external name.

        One that is not waited for runs beside this one and ends with it at the latest; its outputs and
        its failure are its own. Where this flow itself runs beside another, it waits all the same.
        Source: machines-and-runs 7.3.

        Raises:
            CalledFlowFailed: It is not there, calls itself, or failed.
        """
        flow = self._find(flow_id, name)
        self._check_nesting(flow)
        run_id = new_id()
        self._announce(run_id, flow, inputs)
        if not wait and self._parallel.is_available:
            self._parallel.start(lambda: self._run_called(run_id, flow, inputs))
            return {}
        result = self._run_called(run_id, flow, inputs)
        if not wait:
            return {}
        if result.error is not None:
            raise CalledFlowFailed(result.error)
        return dict(result.outputs or {})

    def _find(self, flow_id: str, name: str | None) -> Flow:
        """Return a flow of the order by its id, else by its name, whose case does not matter."""
        wanted = parse_id(flow_id)
        for flow in self._order.children:
            if flow.workflow_id == wanted:
                return flow
        names = {one.casefold() for one in (flow_id, name) if one}
        for flow in self._order.children:
            if flow.name.casefold() in names:
                return flow
        raise CalledFlowFailed(
            RunError(
                "DesktopFlowNotFound",
                f"there is no desktop flow ‘{name or flow_id}’ to call; import it under the same id or name",
            )
        )

    def _check_nesting(self, flow: Flow) -> None:
        if any(one.workflow_id == flow.workflow_id for one in self._callers):
            path = " → ".join(one.name for one in (*self._callers, flow))
            raise CalledFlowFailed(
                RunError(
                    "DesktopFlowRecursion", f"a desktop flow cannot call itself, also not by others: {path}"
                )
            )
        if len(self._callers) > MAX_NESTING:
            raise CalledFlowFailed(
                RunError("DesktopFlowNesting", f"desktop flows call one another more than {MAX_NESTING} deep")
            )

    def _announce(self, run_id: UUID, flow: Flow, inputs: Mapping[str, Any]) -> None:
        self._wire.send(
            ChildRunStarted(
                self._order.run_id,
                self._order.fencing_token,
                child_run_id=run_id,
                parent_run_id=self._run_id,
                workflow_id=flow.workflow_id,
                started_at=_instant(datetime.now(UTC)),
                inputs=self._engine.to_wire(inputs, self._order.culture),
            )
        )

    def _run_called(self, run_id: UUID, flow: Flow, inputs: Mapping[str, Any]) -> FlowResult:
        callers = (*self._callers, flow)
        host = Host(self._engine, self._wire, self._preparation, run_id, callers, self._parallel)
        try:
            result = host.run(self._engine.prepare(flow, inputs, self._order.culture))
        except FlowRefused as refusal:
            result = FlowResult(None, refusal.error)
        except FlowStopped:
            self._announce_end(run_id, RunResult.CANCELLED, FlowResult(None, None))
            raise
        sent = host.outputs_for_wire(result)
        self._announce_end(run_id, RunResult.FAILED if sent.error else RunResult.SUCCEEDED, sent)
        return result

    def _announce_end(self, run_id: UUID, how: RunResult, result: FlowResult) -> None:
        self._wire.send(
            ChildRunEnded(
                self._order.run_id,
                self._order.fencing_token,
                child_run_id=run_id,
                completed_at=_instant(datetime.now(UTC)),
                result=how,
                outputs=None if result.outputs is None else dict(result.outputs),
                error=result.error,
            )
        )


def _cannot_leave(problem: str) -> str:
    return f"the flow came to its end, but its outputs cannot be returned: {problem}"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _shortened(text: str) -> str:
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"
