"""Desktop flows in a flow's process: Robin with the standard action library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deskhand.actions.library import standard_library
from deskhand.agent.engine import FlowHost, FlowRefused, FlowResult, LogEntry
from deskhand.core.ids import stable_id
from deskhand.protocol.messages import ActionStatus, Flow, RunError
from deskhand.robin.catalog import Catalog
from deskhand.robin.checker import FlowErrors
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.json_values import BadInput, to_json
from deskhand.robin.literals import literal_value
from deskhand.robin.nodes import ActionStatement, Script
from deskhand.robin.parser import parse
from deskhand.robin.rendering import rendering
from deskhand.robin.run_events import ActionEnded, EventStatus, RunEvent
from deskhand.robin.runtime import Failed, Program, RunEnvironment, bind_inputs, compile_flow, run
from deskhand.robin.walking import walk

RUN_FLOW = "external.runflow"
FLOW_NAME = "flowname"

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

    def prepare(self, flow: Flow, inputs: Mapping[str, Any], culture: str) -> ReadyRobin:
        """Parse, check and compile a flow and bind its inputs.

        Raises:
            FlowRefused: Its text has errors or needs actions that cannot run here, or an input does not fit.
        """
        file = f"{flow.name}.robin"
        try:
            script = parse(flow.definition, file, is_action=self._is_action)
            program = compile_flow(script, self._catalog, sources={file: flow.definition})
            bind_inputs(program, inputs)
        except (SyntaxErrors, FlowErrors, BadInput) as error:
            raise FlowRefused(_refusal(flow, error)) from error
        calls = RUN_FLOW in flow.definition.casefold()
        return ReadyRobin(program, inputs, culture, called_names(script) if calls else {})

    def rehearse(self) -> None:
        """Take a small flow from its text to its end."""
        program = self.prepare(_REHEARSAL, {"Given": "1.5"}, "en-US").program
        run(program, {"Given": "1.5"}, RunEnvironment())

    def to_wire(self, values: Mapping[str, Any], culture: str) -> dict[str, Any]:
        """Write Robin's values as JSON; what has no such form becomes its text."""
        text = rendering(culture)
        return {name: to_json(value, text) for name, value in values.items()}

    def _is_action(self, name: str) -> bool:
        return self._catalog.resolve(name) is not None


@dataclass(frozen=True, slots=True)
class ReadyRobin:
    """A compiled flow with its inputs.

    Attributes:
        program: The flow.
        inputs: Values by external name.
        culture: The culture in which it writes and reads.
        names: The names of the flows that it calls, by the ids in its text.
    """

    program: Program
    inputs: Mapping[str, Any]
    culture: str
    names: Mapping[str, str]

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


def _refusal(flow: Flow, error: SyntaxErrors | FlowErrors | BadInput) -> RunError:
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
    )
