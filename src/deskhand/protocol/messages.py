"""Every message that server, agent and a flow's process exchange.

Two wires carry them. Between agent and flow process: one JSON object per line on pipes. Between agent
and server: HTTPS requests that the agent makes (it dials out; the server never dials in)::

    POST /api/agent/v1/register   RegisterMachine      -> MachineRegistered   (one-time token)
    POST /api/agent/v1/claim      Claim                -> Orders              (long poll)
    POST /api/agent/v1/messages   Report               -> Replies             (one transaction)
    POST /api/agent/v1/debug      DebugWait            -> DebugCommands       (long poll)

All but ``register`` carry the machine's key as a bearer token. A report may be sent again after
a lost answer: every message in it is idempotent by ``run_id``, ``fencing_token`` and, for log rows,
their index.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from deskhand.protocol.codec import Message, require_json

PROTOCOL_VERSION = 5
"""Both sides send it; a server refuses an agent whose number differs."""


class RunMode(StrEnum):
    """How a run uses the machine. Source: machines-and-runs 3.1."""

    ATTENDED = "attended"
    UNATTENDED = "unattended"


class ActionStatus(StrEnum):
    """How one action of a run ended."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    HANDLED = "Handled"
    """It failed, and an error handler of the flow took over."""


# --- registering a machine ---------------------------------------------------------------------


class RegisterMachine(Message, frozen=True):
    """A machine introduces itself, once."""

    token: str
    name: str
    description: str
    agent_version: str
    session_user: str
    """The account under which the agent runs: the person of attended runs."""
    protocol_version: int = PROTOCOL_VERSION


class MachineRegistered(Message, frozen=True):
    """The machine's identity from now on; the key is shown this once and stored as a hash."""

    machine_id: UUID
    group_id: UUID
    key: str


# --- server to agent ---------------------------------------------------------------------------


class Flow(Message, frozen=True):
    """A desktop flow as it travels to the machine."""

    workflow_id: UUID
    name: str
    definition: str

    @property
    def fingerprint(self) -> str:
        """Return what tells the flow, as it stands now, from others."""
        return hashlib.blake2b(f"{self.name}\n{self.definition}".encode(), digest_size=8).hexdigest()


class FlowLimits(Message, frozen=True):
    """What one flow's process may use."""

    memory_bytes: int
    action_log_rows: int
    outputs_bytes: int
    cancel_grace_seconds: float


class RowPlace(Message, frozen=True):
    """A row of a flow.

    Attributes:
        subflow: Its subflow.
        row: Its number there, from 1.
    """

    subflow: str
    row: int


class Breakpoint(Message, frozen=True):
    """Where a debugged run pauses.

    Attributes:
        subflow: The row's subflow.
        row: Its number there, from 1.
        condition: The expression that must be true; none for always.
        hits: At which time it begins to count; none for the first one.
        log: The expression of a text to log instead of pausing; none to pause.
    """

    subflow: str
    row: int
    condition: str | None = None
    hits: int | None = None
    log: str | None = None


class DebugPart(Message, frozen=True):
    """What makes a run one that is debugged.

    Attributes:
        breakpoints: Where it pauses.
        stop_on_entry: Whether it pauses before its first row.
        start_at: The row at which it begins; none for the first one.
        delay_ms: Milliseconds of rest before each row.
    """

    breakpoints: tuple[Breakpoint, ...] = ()
    stop_on_entry: bool = False
    start_at: RowPlace | None = None
    delay_ms: int = 0


class RunOrder(Message, frozen=True):
    """Take this run.

    Attributes:
        run_id: The flow session's id.
        fencing_token: Grows with every assignment; a message with an older one is refused.
        lease_seconds: How long the run stays this agent's without a sign of life.
        flow: The flow to run.
        children: Every flow that it may call, at any depth.
        inputs: Values by external name, secrets in clear.
        timeout_seconds: Seconds from the confirmation after which the run is stopped.
        run_mode: Attended or unattended.
        limits: What its process may use.
        culture: The culture in which it writes and reads.
        debug: How it is debugged; none for an ordinary run.
        confirmed: Whether it is noted durably that the flow begins, so that it may do so at once.
    """

    run_id: UUID
    fencing_token: int
    lease_seconds: float
    flow: Flow
    children: tuple[Flow, ...]
    inputs: dict[str, Any]
    timeout_seconds: int
    run_mode: RunMode
    limits: FlowLimits
    culture: str
    debug: DebugPart | None = None
    confirmed: bool = False

    def __post_init__(self) -> None:
        require_json(self.inputs, "inputs")


class CancelOrder(Message, frozen=True):
    """Stop this run: ask its processes to end, then kill them."""

    run_id: UUID
    fencing_token: int


class Readiness(Message, frozen=True):
    """What an agent begins as soon as it gets it, without asking the server once more.

    Such a run is confirmed in the commit that assigns it. If its order is lost on the way, the numbers tell:
    an agent says which of its claims got no answer, and the runs of those never came, and never began. That
    a run is not named says less: its agent may have had it and let go of it.

    Attributes:
        agent_id: Drawn anew with every start of an agent.
        claim_number: Grows with every claim of that agent.
        unanswered: The numbers of earlier claims whose answers never came, and never will; the latest ones.
        session_user: In whose session it runs flows.
        flows: The fingerprints of the flows that are compiled, and so known to be in order.
    """

    agent_id: UUID
    claim_number: int
    session_user: str
    flows: tuple[str, ...] = ()
    unanswered: tuple[int, ...] = ()


class Claim(Message, frozen=True):
    """The agent asks for work and waits for it.

    Attributes:
        free_sessions: How many more runs it can take now.
        running: Run id and fencing token of each run it holds; their leases are renewed.
        wait_seconds: How long the server may hold the request open when there is nothing.
        ready: What it begins at once; none for an agent that is asked before every flow begins.
    """

    free_sessions: int
    running: tuple[tuple[UUID, int], ...]
    wait_seconds: float
    agent_version: str
    protocol_version: int = PROTOCOL_VERSION
    ready: Readiness | None = None


class Orders(Message, frozen=True):
    """What the agent shall do now; empty when the wait ended without work.

    Attributes:
        runs: New runs, assigned to this agent under a lease.
        cancels: Runs it holds that somebody cancelled.
        lost: Runs it named that are no longer its own; it stops them and says no more of them.
        heartbeat_seconds: How often the server wants a sign of life.
    """

    runs: tuple[RunOrder, ...]
    cancels: tuple[CancelOrder, ...]
    lost: tuple[UUID, ...]
    heartbeat_seconds: float


class DebugAction(StrEnum):
    """What a debugged run can be told."""

    RESUME = "resume"
    """Go on to the next breakpoint or the end."""
    PAUSE = "pause"
    """Pause before the next row, or in the midst of a WAIT."""
    STEP_OVER = "stepOver"
    """Go on to the next row of this subflow, or of one that called it."""
    STEP_INTO = "stepInto"
    """Go on to the next row anywhere."""
    STEP_OUT = "stepOut"
    """Go on until this subflow has ended."""
    RUN_TO = "runTo"
    """Go on to a row."""
    RETRY = "retry"
    """Try the row that failed again."""
    SKIP = "skip"
    """Go on behind the row that failed."""
    BREAKPOINTS = "breakpoints"
    """Pause at other rows from now on."""
    DELAY = "delay"
    """Rest for another time before each row from now on."""
    VARIABLE = "variable"
    """Give a variable another value."""


class DebugCommand(Message, frozen=True):
    """Something that a debugged run is told.

    Attributes:
        sequence: Counts the run's commands, from 1; each is obeyed once.
        action: What to do.
        place: The row of ``runTo``.
        breakpoints: Those of ``breakpoints``.
        delay_ms: That of ``delay``.
        name: The variable.
        expression: Its new value, as an expression of the flow's language.
        json: Its new value, as JSON.
    """

    sequence: int
    action: DebugAction
    place: RowPlace | None = None
    breakpoints: tuple[Breakpoint, ...] | None = None
    delay_ms: int | None = None
    name: str | None = None
    expression: str | None = None
    json: str | None = None


class DebugWait(Message, frozen=True):
    """The agent waits for what a debugged run is told.

    Attributes:
        run_id: The run.
        fencing_token: Its assignment.
        after: The sequence of the last command that has come.
        wait_seconds: How long the server may hold the request open when there is nothing.
    """

    run_id: UUID
    fencing_token: int
    after: int
    wait_seconds: float


class DebugCommands(Message, frozen=True):
    """What a debugged run is told, in order; empty when the wait ended without anything."""

    commands: tuple[DebugCommand, ...]


# --- agent to server ---------------------------------------------------------------------------


class Confirmed(Message, frozen=True):
    """The flow's process is ready; its first statement waits for the server's yes.

    Only after an accepted reply, or with an order that is confirmed, may the flow begin: from then on it is
    never started again.
    """

    run_id: UUID
    fencing_token: int
    session_user: str
    agent_version: str


class AssignFailed(Message, frozen=True):
    """The run could not be started here; nothing of it has run, so it may go elsewhere.

    Attributes:
        code: A code of machines-and-runs 3.4, such as ``SessionCreationError``.
        retry: Whether another attempt can help; false fails the run with this code.
    """

    run_id: UUID
    fencing_token: int
    code: str
    message: str
    retry: bool


class ActionRow(Message, frozen=True):
    """One row of a run's action log.

    Attributes:
        index: Position in the run's log, from 0.
        kind: ``action``, ``log`` (the action *Log message*), ``loop`` and ``loopEnd`` (where a loop in
            which something is logged begins and ends) or ``omitted`` (rows beyond the limit).
        subflow: The subflow the action stands in.
        line: Its action index, as the designer numbers rows.
        action: The action's name, such as ``File.WriteText``.
        summary: One line for people; secrets masked.
        status: How it ended.
        level: For ``log`` rows ``Info``, ``Warning`` or ``Error``.
        started_at: ISO 8601 instant with microseconds, UTC.
        duration_ms: Milliseconds.
        error: The error's message where it failed.
        depth: How many loops of the log it stands in. An action that an error made leave loops is told of
            when it is known who handles the error: it stands in loops that have ended just before.
        loop_index: For ``loopEnd`` rows the index of the row where the loop began.
        rounds: For ``loopEnd`` rows how often it went round.
        failed_rounds: In how many of these rounds something failed, handled or not.
        in_rounds: Which round of each of the ``depth`` loops it stands in, from 1, the outermost first;
            0 before a loop's first round.
    """

    index: int
    kind: str
    subflow: str
    line: int
    action: str
    summary: str
    status: ActionStatus
    started_at: str
    duration_ms: float
    level: str | None = None
    error: str | None = None
    depth: int = 0
    loop_index: int | None = None
    rounds: int | None = None
    failed_rounds: int | None = None
    in_rounds: tuple[int, ...] = ()


class ActionsLogged(Message, frozen=True):
    """Rows for the action log, in order."""

    run_id: UUID
    fencing_token: int
    rows: tuple[ActionRow, ...]


class RunError(Message, frozen=True):
    """Why a run failed.

    Attributes:
        code: The session's ``errorcode``.
        message: One sentence for people: what happened, where, why, what now.
        details: The action's own words, for whoever digs deeper.
        subflow: Where it failed, when an action of the flow did.
        line: That action's index in the subflow.
        action: That action's name.
    """

    code: str
    message: str
    details: str = ""
    subflow: str | None = None
    line: int | None = None
    action: str | None = None


class RunResult(StrEnum):
    """How a flow's process ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"


class Finished(Message, frozen=True):
    """The run is over and its processes are gone.

    Attributes:
        outputs: Values by external name, secrets in clear; None unless it succeeded.
        error: Why, when it failed or ran out of time.
        statistics: ``actions`` (how many ran) and ``exit_code`` where the flow gave one.
    """

    run_id: UUID
    fencing_token: int
    result: RunResult
    outputs: dict[str, Any] | None = None
    error: RunError | None = None
    statistics: dict[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        require_json(self.outputs, "outputs")
        require_json(self.statistics, "statistics")


class ChildRunStarted(Message, frozen=True):
    """The run called another desktop flow, which gets a flow session of its own."""

    run_id: UUID
    fencing_token: int
    child_run_id: UUID
    parent_run_id: UUID
    workflow_id: UUID
    started_at: str
    inputs: dict[str, Any]

    def __post_init__(self) -> None:
        require_json(self.inputs, "inputs")


class ChildRunEnded(Message, frozen=True):
    """A called desktop flow ended."""

    run_id: UUID
    fencing_token: int
    child_run_id: UUID
    completed_at: str
    result: RunResult
    outputs: dict[str, Any] | None = None
    error: RunError | None = None

    def __post_init__(self) -> None:
        require_json(self.outputs, "outputs")


class DebugPhase(StrEnum):
    """Where a debugged run stands in its machine's eyes."""

    RUNNING = "running"
    PAUSED = "paused"


class PauseReason(StrEnum):
    """Why a debugged run paused."""

    BREAKPOINT = "breakpoint"
    STEP = "step"
    PAUSE = "pause"
    ENTRY = "entry"
    ERROR = "error"
    RUN_TO = "runTo"


class DebugVariable(Message, frozen=True):
    """A variable of a paused run.

    Attributes:
        name: Its name.
        kind: The kind of its value, such as ``number``; empty where it has none.
        text: A short text for people; secrets masked.
        value: Its value, bounded; none where it is sensitive.
        sensitive: Whether nobody may see it.
        truncated: Whether the value is only the beginning.
        editable: Whether it can be given another value.
    """

    name: str
    kind: str
    text: str
    value: Any
    sensitive: bool
    truncated: bool
    editable: bool

    def __post_init__(self) -> None:
        require_json(self.value, "value")


class DebugError(Message, frozen=True):
    """The error at which a debugged run paused.

    Attributes:
        name: Its name in flow text, such as ``FileNotFound``.
        message: What happened; secrets masked.
        place: The row that failed.
    """

    name: str
    message: str
    place: RowPlace


class DebugNotice(Message, frozen=True):
    """Something that a debugged run could not do as it was told.

    Attributes:
        sequence: The command; 0 for the condition of a breakpoint.
        message: What, and why.
    """

    sequence: int
    message: str


class DebugState(Message, frozen=True):
    """Where a debugged run stands.

    Attributes:
        index: Grows with every state of the run; an older one than the last says nothing.
        sequence: The last command that was obeyed.
        phase: Whether it runs.
        reason: Why it paused.
        place: The row before which it paused, or that runs now.
        stack: Where it stands in each subflow, the innermost first.
        variables: Those that the innermost subflow sees; only while it is paused.
        error: The error at which it paused.
        notice: What it could not do.
    """

    run_id: UUID
    fencing_token: int
    index: int
    sequence: int
    phase: DebugPhase
    reason: PauseReason | None = None
    place: RowPlace | None = None
    stack: tuple[RowPlace, ...] = ()
    variables: tuple[DebugVariable, ...] = ()
    error: DebugError | None = None
    notice: DebugNotice | None = None


RunMessage = (
    Confirmed | AssignFailed | ActionsLogged | Finished | ChildRunStarted | ChildRunEnded | DebugState
)


class Report(Message, frozen=True):
    """Messages of any of the agent's runs, in the order in which they happened."""

    messages: tuple[RunMessage, ...]


class Reply(Message, frozen=True):
    """The server's answer to one message: taken, or why not (the run is no longer the agent's)."""

    accepted: bool
    reason: str = ""


class Replies(Message, frozen=True):
    """One answer for each message of a report, in its order; all are durable by now."""

    replies: tuple[Reply, ...]


# --- agent and flow process --------------------------------------------------------------------


class PrepareFlow(Message, frozen=True):
    """Agent to process: parse, check and compile this; begin if the order is confirmed."""

    order: RunOrder
    working_directory: str


class Prepared(Message, frozen=True):
    """Process to agent: compiled, inputs bound, ready to begin.

    Not said of a confirmed order whose flow was compiled ahead.

    Attributes:
        compiled_in: Seconds of a processor that compiling took; None where the flow was compiled ahead.
    """

    compiled_in: float | None = None


class Begin(Message, frozen=True):
    """Agent to process: the server said yes; run. Not said of a confirmed order."""


class ProcessRefused(Message, frozen=True):
    """Process to agent: this flow cannot begin (syntax, unknown actions, inputs that do not fit)."""

    error: RunError


class ProcessEnded(Message, frozen=True):
    """Process to agent: the flow ended by itself."""

    outputs: dict[str, Any] | None
    error: RunError | None
    statistics: dict[str, Any]

    def __post_init__(self) -> None:
        require_json(self.outputs, "outputs")
        require_json(self.statistics, "statistics")
