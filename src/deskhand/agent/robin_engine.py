"""Desktop flows in a flow's process: Robin with the standard action library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from deskhand.actions.library import standard_library
from deskhand.agent.engine import Debugging, FlowHost, FlowRefused, FlowResult, LogEntry
from deskhand.agent.stepping import Stepper
from deskhand.core.ids import stable_id
from deskhand.protocol.messages import ActionStatus, DebugPart, Flow, RunError
from deskhand.robin.catalog import Catalog
from deskhand.robin.checker import FlowErrors
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.json_values import BadInput, to_json
from deskhand.robin.literals import literal_value
from deskhand.robin.nodes import ActionStatement, Script
from deskhand.robin.parser import parse
from deskhand.robin.rendering import rendering
from deskhand.robin.run_events import ActionEnded, EventStatus, LoopBegan, LoopEnded, RunEvent
from deskhand.robin.runtime import Failed, Program, RunEnvironment, bind_inputs, compile_flow, run
from deskhand.robin.starting import CannotStartHere, Start
from deskhand.robin.walking import walk

RUN_FLOW = "external.runflow"
FLOW_NAME = "flowname"

KEPT_FLOWS = 32
"""How many flows are kept compiled; the one that was kept first makes room for the next."""

_REHEARSAL = Flow(
    stable_id("rehearsal"),
    "Rehearsal",
    """@INPUT Given : { 'Description': '', 'FriendlyName': 'Given', 'Type': 'Numeric', 'IsOptional': False }
@OUTPUT Made : { 'Description': '', 'FriendlyName': 'Made', 'Type': 'String' }
SET Made TO $'''%Given + 1% is the next'''
LOOP Index FROM 1 TO 2 STEP 1
    IF Index > 1 THEN
        SET Made TO Made + Index
    END
END
Logging.LogMessage Message: Made LogLevel: Logging.LogLevel.InfoLevel
""",
)

_STATUSES: Mapping[EventStatus, ActionStatus] = {
    EventStatus.SUCCEEDED: ActionStatus.SUCCEEDED,
    EventStatus.FAILED: ActionStatus.FAILED,
    EventStatus.HANDLED: ActionStatus.HANDLED,
    EventStatus.RETRIED: ActionStatus.HANDLED,
}


class RobinEngine:
    """Robin.

    Args:
        catalog: The action library.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: dict[str, _Compiled] = {}

    def prepare(
        self, flow: Flow, inputs: Mapping[str, Any], culture: str, debugging: Debugging | None = None
    ) -> ReadyRobin:
        """Parse, check and compile a flow and bind its inputs.

        Raises:
            FlowRefused: Its text has errors or needs actions that cannot run here, or an input does not fit.
        """
        if debugging is not None:
            compiled = self._compile(flow, debugging.part)
        else:
            compiled = self._kept[flow.name] if self.keeps(flow) else self._compile(flow)
        try:
            bind_inputs(compiled.program, inputs)
        except BadInput as error:
            raise FlowRefused(_refusal(flow, error)) from error
        return ReadyRobin(compiled.program, inputs, culture, compiled.names, debugging)

    def keep(self, flow: Flow) -> None:
        """Compile a flow ahead. One is kept under a name, which is also that of its text in tracebacks.

        Raises:
            FlowRefused: Its text has errors or needs actions that cannot run here.
        """
        compiled = self._compile(flow)
        self._kept.pop(flow.name, None)
        if len(self._kept) >= KEPT_FLOWS:
            del self._kept[next(iter(self._kept))]
        self._kept[flow.name] = compiled

    def keeps(self, flow: Flow) -> bool:
        """Return whether a flow is compiled already."""
        kept = self._kept.get(flow.name)
        return kept is not None and kept.definition == flow.definition

    @property
    def rehearsal(self) -> tuple[Flow, dict[str, Any]]:
        """Return a small flow that does what most flows do, and its inputs."""
        return _REHEARSAL, {"Given": "1.5"}

    def to_wire(self, values: Mapping[str, Any], culture: str) -> dict[str, Any]:
        """Write Robin's values as JSON; what has no such form becomes its text."""
        text = rendering(culture)
        return {name: to_json(value, text) for name, value in values.items()}

    def _compile(self, flow: Flow, debugged: DebugPart | None = None) -> _Compiled:
        """Compile a flow; one that is debugged is traced, and logs the rows of its loops too."""
        file = f"{flow.name}.robin"
        try:
            script = parse(flow.definition, file, is_action=self._is_action)
            program = compile_flow(
                script,
                self._catalog,
                sources={file: flow.definition},
                logs_loops=debugged is not None,
                traced=debugged is not None,
                start=_start(debugged),
            )
        except (SyntaxErrors, FlowErrors, CannotStartHere) as error:
            raise FlowRefused(_refusal(flow, error)) from error
        calls = RUN_FLOW in flow.definition.casefold()
        return _Compiled(flow.definition, program, called_names(script) if calls else {})

    def _is_action(self, name: str) -> bool:
        return self._catalog.resolve(name) is not None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A flow's program, and the text that it was compiled from."""

    definition: str
    program: Program
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadyRobin:
    """A compiled flow with its inputs.

    Attributes:
        program: The flow.
        inputs: Values by external name.
        culture: The culture in which it writes and reads.
        names: The names of the flows that it calls, by the ids in its text.
        debugging: How it is debugged; None for an ordinary run.
    """

    program: Program
    inputs: Mapping[str, Any]
    culture: str
    names: Mapping[str, str]
    debugging: Debugging | None = None

    def run(self, host: FlowHost) -> FlowResult:
        """Run it to its end."""

        def run_flow(flow_id: str, name: str | None, inputs: Mapping[str, Any], wait: bool) -> dict[str, Any]:
            return host.run_flow(flow_id, name or self.names.get(flow_id.casefold()), inputs, wait)

        environment = RunEnvironment(
            culture=self.culture,
            working_directory=host.working_directory,
            emit=lambda event: host.log(_entry(event)),
            run_flow=run_flow,
        )
        if self.debugging is not None:
            stepper = Stepper(self.debugging.part, self.debugging.line)
            environment = replace(environment, debugger=stepper, sleep=stepper.sleep)
        outcome = run(self.program, self.inputs, environment)
        statistics: dict[str, Any] = {"actions": outcome.actions}
        if outcome.exit_code is not None:
            statistics["exit_code"] = outcome.exit_code
        if isinstance(outcome, Failed):
            return FlowResult(None, _error(outcome), statistics)
        return FlowResult(outcome.outputs, None, statistics)


def load() -> RobinEngine:
    """Return Robin with the standard library."""
    return RobinEngine(standard_library())


def called_names(script: Script) -> dict[str, str]:
    """Return the names that stand before calls of other flows, by the ids in the calls.

    Texts copied between installations keep the name where the id is no longer right (robin 10).
    """
    found: dict[str, str] = {}
    for node in walk(script):
        if isinstance(node, ActionStatement) and node.action.name.casefold() == RUN_FLOW:
            names = [one.value for one in node.annotations if one.name.casefold() == FLOW_NAME]
            ids = [one.value for one in node.action.arguments if one.name.casefold() == "flowid"]
            if names and ids:
                found[str(literal_value(ids[0])).casefold()] = names[0]
    return found


def _start(debugged: DebugPart | None) -> Start | None:
    if debugged is None or debugged.start_at is None:
        return None
    return Start(debugged.start_at.subflow, debugged.start_at.row)


def _refusal(flow: Flow, error: SyntaxErrors | FlowErrors | BadInput | CannotStartHere) -> RunError:
    return RunError(error.code, f"the flow ‘{flow.name}’ cannot begin: {error.message}")


def _error(failed: Failed) -> RunError:
    """Return the run's error: its code is the name that ``ON ERROR`` knows, and the details name its page."""
    page = f"More on this: deskhand help {failed.code}"
    details = "\n".join(filter(None, (failed.details, page)))
    if failed.place is None:
        return RunError(failed.error_name, failed.message, details)
    where = failed.place
    return RunError(failed.error_name, failed.message, details, where.subflow, where.row, where.action)


def _entry(event: RunEvent) -> LogEntry:
    place = event.place
    if isinstance(event, ActionEnded):
        return LogEntry(
            kind="action",
            subflow=place.subflow,
            line=place.row,
            action=place.action,
            summary=event.summary,
            status=_STATUSES[event.status],
            started_at=event.started_at,
            duration_ms=event.duration_ms,
            error=event.error,
            in_rounds=event.in_rounds,
        )
    if isinstance(event, LoopBegan):
        return LogEntry(
            kind="loop",
            subflow=place.subflow,
            line=place.row,
            action=place.action,
            summary=event.summary,
            status=ActionStatus.SUCCEEDED,
            started_at=event.started_at,
            duration_ms=0.0,
            in_rounds=event.in_rounds,
        )
    if isinstance(event, LoopEnded):
        return LogEntry(
            kind="loopEnd",
            subflow=place.subflow,
            line=place.row,
            action=place.action,
            summary=_counted(event),
            status=_STATUSES[event.status],
            started_at=event.started_at,
            duration_ms=event.duration_ms,
            rounds=event.rounds,
            failed_rounds=event.failed,
            in_rounds=event.in_rounds,
        )
    return LogEntry(
        kind="log",
        subflow=place.subflow,
        line=place.row,
        action=place.action,
        summary=event.message,
        status=ActionStatus.SUCCEEDED,
        started_at=event.logged_at,
        duration_ms=0.0,
        level=event.level,
        in_rounds=event.in_rounds,
    )


def _counted(loop: LoopEnded) -> str:
    """Return a loop with what became of its rounds: ``For each Item ×312 – 310 ✓ 2 ✖``."""
    marks = [f"{loop.rounds - loop.failed} ✓"] + [f"{loop.failed} ✖"] * (loop.failed > 0)
    return f"{loop.summary} ×{loop.rounds} – {' '.join(marks)}"
