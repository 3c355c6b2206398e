"""The declaration of what a cloud flow is made of: action types, and what one of them can ask of the engine.

An action type is a function over a :class:`Step`. It looks at what happened (``step.event``), and says
what follows: :class:`Done`; :class:`Wait` for an instant or a signal; :class:`Enter` lists of actions within
it; :class:`Call` something outside; :class:`Transact` with the database; :class:`End` the run. From the
declaration follow the engine's treatment (retries, time limits), the designer's card, the reference and the
compatibility page::

    @action("Compose", title="Compose", group=Group.DATA, fields=(Field("inputs", "Inputs", required=True),))
    def compose(step: Step) -> Outcome:
        '''Make a value, so that later actions can use it under one name.'''
        return Done(outputs=step.inputs)

Source: cloud-flows 3.1.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from deskhand.cloudflows.usage import api_name, operation_of
from deskhand.core.settings import Settings
from deskhand.identity.vault import Vault
from deskhand.store.database import Transaction
from deskhand.wdl.definition import Action, Trigger
from deskhand.wdl.values import Value

if TYPE_CHECKING:
    from deskhand.cloudflows.http.client import HttpClient
    from deskhand.cloudflows.http.tokens import TokenSource
    from deskhand.cloudflows.mail.connecting import MailDialer
    from deskhand.cloudflows.web_api import WebApi

T = TypeVar("T")


class Status(StrEnum):
    """Where an action or a run stands. Source: cloud-flows 3.2 and 3.3."""

    RUNNING = "Running"
    WAITING = "Waiting"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    SKIPPED = "Skipped"
    TIMED_OUT = "TimedOut"
    CANCELLED = "Cancelled"

    @property
    def is_final(self) -> bool:
        """Return whether nothing follows any more."""
        return self is not Status.RUNNING and self is not Status.WAITING


class _Nothing:
    """No value at all, which is not null."""

    def __repr__(self) -> str:
        return "NOTHING"

    def __bool__(self) -> bool:
        return False


NOTHING = _Nothing()
"""Where an action has no inputs, no outputs, or a request no body."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an action or a run failed, as its record carries it."""

    code: str
    message: str

    def as_value(self) -> dict[str, Value]:
        """Return it as JSON."""
        return {"code": self.code, "message": self.message}


class ActionFailed(Exception):
    """Ends an action as Failed; raised by an action type.

    Attributes:
        problem: The error of the action's record.
        action_code: The action's code.
        outputs: What it returns all the same.
    """

    def __init__(
        self, code: str, message: str, *, action_code: str = "BadRequest", outputs: Value = NOTHING
    ) -> None:
        super().__init__(message)
        self.problem = Problem(code, message)
        self.action_code = action_code
        self.outputs = outputs


# What happened


@dataclass(frozen=True, slots=True)
class Started:
    """The action begins; also anew for each attempt that its retry policy allows."""


@dataclass(frozen=True, slots=True)
class LevelEnded:
    """A list of actions within the action has come to its end.

    Attributes:
        branch: Which one: ``actions``, ``else``, ``default``, or a case's name.
        index: The iteration, for a loop.
        status: How it ended; Source: cloud-flows 3.3.
    """

    branch: str
    index: int | None
    status: Status


@dataclass(frozen=True, slots=True)
class Due:
    """The instant that the action waited for has come."""


@dataclass(frozen=True, slots=True)
class Signalled:
    """Something outside of the run has happened that the action waits for.

    Attributes:
        kind: What, in the words of whoever sent it.
        payload: What it brings.
    """

    kind: str
    payload: Value


@dataclass(frozen=True, slots=True)
class Answered:
    """What was called has answered.

    Attributes:
        value: What :attr:`Call.perform` returned.
        error: What it raised instead; :class:`CallInterrupted` if the server died meanwhile.
    """

    value: Any = None
    error: Exception | None = None


class CallInterrupted(Exception):
    """The server died while something outside was called: nobody knows whether it was reached."""


Event = Started | LevelEnded | Due | Signalled | Answered


# What follows


@dataclass(frozen=True, slots=True)
class Done:
    """The action has come to its end.

    Attributes:
        status: How.
        code: Its code.
        outputs: What it returns.
        shown: What people see of that, if not all.
        problem: Why it failed.
        transient: Whether another attempt may help, where a retry policy allows one.
        retry_after: Seconds that whoever answered asks to wait before the next attempt.
    """

    status: Status = Status.SUCCEEDED
    code: str = "OK"
    outputs: Value = NOTHING
    shown: Value = NOTHING
    problem: Problem | None = None
    transient: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """The action goes on when something happens.

    Attributes:
        until: When at the latest; None to wait for a signal alone.
        linked_id: The flow session or child run that it waits for.
    """

    until: datetime | None = None
    linked_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Enter:
    """Lists of actions within the action begin: pairs of a branch and, for a loop, an iteration."""

    levels: Sequence[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Call:
    """Something outside is called, in a thread of its own, once the journal says so.

    Attributes:
        perform: Does it, without touching the step; what it returns or raises comes back as
            :class:`Answered`.
    """

    perform: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Transact:
    """The database is written in the very transaction that journals what follows.

    Attributes:
        act: Does it and says what follows; it may run more than once if the transaction collides.
    """

    act: Callable[[Transaction], Done | Wait]


@dataclass(frozen=True, slots=True)
class End:
    """The whole run ends at once. Source: cloud-flows 3.6 (Terminate)."""

    status: Status
    problem: Problem | None = None


Outcome = Done | Wait | Enter | Call | Transact | End


class Step(Protocol):
    """One look of an action type at its action."""

    @property
    def action(self) -> Action:
        """Return the action as the definition has it."""
        ...

    @property
    def event(self) -> Event:
        """Return what happened."""
        ...

    @property
    def inputs(self) -> Value:
        """Return the action's ``inputs`` with every expression evaluated; journaled as what it was given."""
        ...

    @property
    def state(self) -> dict[str, Value]:
        """Return what the type notes of the action while it runs: JSON, journaled with every change."""
        ...

    @property
    def now(self) -> datetime:
        """Return the present instant."""
        ...

    @property
    def run(self) -> RunView:
        """Return the run."""
        ...

    @property
    def settings(self) -> Settings:
        """Return what is configured."""
        ...

    @property
    def services(self) -> Services:
        """Return what reaches outside."""
        ...

    @property
    def tracking_id(self) -> UUID:
        """Return the id of the action's record."""
        ...

    @property
    def given(self) -> Value:
        """Return what is journaled as the action's inputs so far; NOTHING before there is any."""
        ...

    @property
    def linked_id(self) -> UUID | None:
        """Return the flow session or child run that the action waits for."""
        ...

    @property
    def is_repeated(self) -> bool:
        """Return whether the action stands within a loop."""
        ...

    @property
    def attempt(self) -> int:
        """Return which attempt this is, from 1."""
        ...

    @property
    def resumed_iteration(self) -> int | None:
        """Return the last iteration of a loop that an earlier run began and this one goes on with."""
        ...

    def evaluate(self, value: Value, *, item: Value = NOTHING) -> Value:
        """Evaluate part of the definition.

        Args:
            value: JSON as the definition has it.
            item: What ``item()`` is, where the type goes through elements.

        Raises:
            ExpressionError: Something in it cannot be read or evaluated.
        """
        ...

    def test(self, condition: Value) -> Value:
        """Evaluate a condition: a text, or an object of functions. Source: cloud-flows 3.6 (If).

        Raises:
            ExpressionError: It cannot be read or evaluated.
        """
        ...

    def give(self, inputs: Value, *, shown: Value = NOTHING) -> None:
        """Journal something else than :attr:`inputs` as what the action was given.

        Args:
            inputs: What it was given.
            shown: What people see of that, if not all.
        """
        ...


class RunView(Protocol):
    """What an action type sees of the run."""

    @property
    def id(self) -> UUID:
        """Return the run's ``flowrunid``."""
        ...

    @property
    def name(self) -> str:
        """Return the run's name."""
        ...

    @property
    def workflow_id(self) -> UUID:
        """Return the flow."""
        ...

    @property
    def owner_id(self) -> UUID:
        """Return whose the flow is."""
        ...

    @property
    def started_by(self) -> UUID:
        """Return who started the run: the caller, or the flow's owner."""
        ...

    @property
    def status(self) -> Status:
        """Return where the run stands."""
        ...

    @property
    def client_tracking_id(self) -> str:
        """Return the tracking id of whoever started the run."""
        ...

    @property
    def connections(self) -> Mapping[str, Value]:
        """Return the flow's connection references, by the key that actions name."""
        ...

    @property
    def variables(self) -> dict[str, Variable]:
        """Return the variables, by name."""
        ...

    @property
    def trigger(self) -> Mapping[str, Value]:
        """Return the trigger's record."""
        ...

    @property
    def is_power_automate(self) -> bool:
        """Return whether the flow came from Power Automate, whose defaults differ (cloud-flows 9)."""
        ...

    def answer(self, tracking_id: UUID) -> bool:
        """Take a Response as the answer to whoever called the flow; False if there was one before."""
        ...

    def has_caller_time_left(self, earliest: datetime) -> bool:
        """Tell whether whoever called the flow can still be waiting.

        Args:
            earliest: When the run must have begun for that, if its caller does not wait for ever.
        """
        ...

    @property
    def awaits_answer(self) -> bool:
        """Return whether somebody called the flow who can get an answer."""
        ...


@dataclass(slots=True)
class Variable:
    """A variable. Source: cloud-flows 3.5.

    Attributes:
        type: ``integer``, ``float``, ``string``, ``boolean``, ``array`` or ``object``.
    """

    type: str
    value: Value


class Sealing(Protocol):
    """Seals and opens the values of runs."""

    def seal(self, value: Value, row_id: UUID, what: str) -> bytes | None:
        """Return a value sealed for one column of one row; None for no value."""
        ...

    def open(self, sealed: bytes | None, row_id: UUID, what: str) -> Value:
        """Return what was sealed; NOTHING where nothing was."""
        ...


@dataclass(frozen=True, slots=True)
class ChildCall:
    """A flow calls another one.

    Attributes:
        run: The run that calls.
        tracking_id: Its action.
        workflow_id: The flow that is called.
        trigger_name: That flow's trigger; None for its first.
        outputs: What the trigger gets.
    """

    run: RunView
    tracking_id: UUID
    workflow_id: UUID
    trigger_name: str | None
    outputs: Value


@dataclass(frozen=True, slots=True)
class Child:
    """The run of a flow that was called.

    Attributes:
        answers: Whether it answers, so that its caller waits.
    """

    run_id: UUID
    run_name: str
    answers: bool


class Services(Protocol):
    """What action types reach outside with; the server composes it."""

    @property
    def vault(self) -> Vault:
        """Return what opens secrets."""
        ...

    @property
    def seals(self) -> Sealing:
        """Return what seals and opens the values of runs."""
        ...

    @property
    def http(self) -> HttpClient:
        """Return what calls addresses outside."""
        ...

    @property
    def tokens(self) -> TokenSource:
        """Return what gets access tokens for such calls."""
        ...

    @property
    def mail(self) -> MailDialer:
        """Return what connects to mail servers."""
        ...

    @property
    def web_api(self) -> WebApi:
        """Return what answers for rows as clients see them."""
        ...

    def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads the database, from within a call."""
        ...

    def note_use(self, credential_id: UUID) -> None:
        """Note soon that something signs in with a credential."""
        ...

    def start_child(self, tx: Transaction, call: ChildCall) -> Child:
        """Start a run of another flow.

        Raises:
            CloudFlowError: There is no such flow, it is switched off, or no more of its runs may wait.
            ActionFailed: The conditions of its trigger are not met.
        """
        ...

    def callback_url(self, run_id: UUID, tracking_id: UUID) -> str:
        """Return the signed address at which an action of a run is called back."""
        ...

    def trigger_url(self, workflow_id: UUID, trigger_name: str, key: str | None) -> str:
        """Return the signed address at which a trigger is called."""
        ...


# Declarations


class Group(StrEnum):
    """Under which heading the designer offers an action type."""

    CONTROL = "Control"
    DATA = "Data operations"
    VARIABLES = "Variables"
    HTTP = "HTTP"
    SCHEDULE = "Schedule"
    FLOWS = "Flows"
    CONNECTORS = "Connectors"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the designer's card.

    Attributes:
        path: Where its value stands in the action, such as ``inputs/from``.
        title: Its label.
        type: ``any``, ``string``, ``integer``, ``boolean``, ``array``, ``object``, ``expression`` or
            ``duration``.
        required: Whether it must be filled.
        options: The values it takes, where they are few.
        doc: What it means.
        takes_blank: Whether an empty text fills it, too.
        alternatives: Where else definitions may have its value.
    """

    path: str
    title: str
    type: str = "any"
    required: bool = False
    options: tuple[str, ...] = ()
    doc: str = ""
    takes_blank: bool = False
    alternatives: tuple[str, ...] = ()


Advance = Callable[[Step], Outcome]
Release = Callable[[Step, Transaction], Callable[[], Any] | None]
"""Lets go, in the transaction that journals it; what it returns is called outside afterwards."""


@dataclass(frozen=True, slots=True)
class ActionType:
    """A declared action type.

    Attributes:
        name: As definitions spell it.
        advance: What it does.
        title: Its name for people.
        doc: Its help.
        group: Its heading in the designer.
        fields: Its card.
        retried: Whether its retry policy counts.
        limited: Whether ``limit.timeout`` counts. Source: cloud-flows 3.12.
        repeats: Whether the actions within it are repeated: a loop.
        inherits_secrecy: Whether a secret input makes its outputs secret. Source: cloud-flows 3.13.
        called_back: Whether expressions in it may ask for the address that calls it back.
        release: Lets go of what it waits for when the run is cancelled or its time is up.
        differs: How it knowingly departs from the service.
    """

    name: str
    advance: Advance
    title: str
    doc: str
    group: Group
    fields: tuple[Field, ...] = ()
    retried: bool = False
    limited: bool = False
    repeats: bool = False
    inherits_secrecy: bool = False
    called_back: bool = False
    release: Release | None = None
    differs: str = ""


ACTION_TYPES: dict[str, ActionType] = {}
"""Every declared action type, by its name in lower case."""


def action(
    name: str,
    *,
    title: str,
    group: Group,
    fields: tuple[Field, ...] = (),
    retried: bool = False,
    limited: bool = False,
    repeats: bool = False,
    inherits_secrecy: bool = False,
    called_back: bool = False,
    release: Release | None = None,
    differs: str = "",
) -> Callable[[Advance], Advance]:
    """Declare an action type; see :class:`ActionType` for the parameters. The docstring is its help."""

    def declare(advance: Advance) -> Advance:
        ACTION_TYPES[name.lower()] = ActionType(
            name=name,
            advance=advance,
            title=title,
            doc=_documentation(advance, name),
            group=group,
            fields=fields,
            retried=retried,
            limited=limited,
            repeats=repeats,
            inherits_secrecy=inherits_secrecy,
            called_back=called_back,
            release=release,
            differs=differs,
        )
        return advance

    return declare


def _documentation(declared: Callable[..., Any], name: str) -> str:
    if not declared.__doc__:
        raise TypeError(f"{name} has no docstring")
    return inspect.cleandoc(declared.__doc__)


# Triggers


@dataclass(frozen=True, slots=True)
class Firing:
    """A trigger wants a run to start, or several where it splits what it saw.

    Attributes:
        outputs: What it saw: what ``triggerOutputs()`` gives.
        inputs: What it asked for that.
        scheduled: When it should have been, for time-based triggers.
        tracking_id: The caller's tracking id.
    """

    outputs: Value = NOTHING
    inputs: Value = NOTHING
    scheduled: datetime | None = None
    tracking_id: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look of a trigger brought.

    Attributes:
        due: When it looks next; None to look no more, or after a failure to leave that to the server.
        cursor: What it has to remember until then: JSON.
        firings: The runs that start, in this order.
        problem: Why the look failed, where it did.
        outputs: What it saw, for the history of a look that starts no run.
        code: How the look ended.
        is_secret: Whether what it has to remember is kept sealed.
    """

    due: datetime | None
    cursor: Value = None
    firings: Sequence[Firing] = ()
    problem: Problem | None = None
    outputs: Value = NOTHING
    code: str = "OK"
    is_secret: bool = False


class TriggerView(Protocol):
    """A trigger by itself, before anything reaches outside: what its declaration says."""

    @property
    def trigger(self) -> Trigger:
        """Return the trigger as the definition has it."""
        ...

    @property
    def is_power_automate(self) -> bool:
        """Return whether the flow came from Power Automate."""
        ...

    @property
    def now(self) -> datetime:
        """Return the present instant."""
        ...

    def evaluate(self, value: Value) -> Value:
        """Evaluate part of the definition; only parameters can be read.

        Raises:
            ExpressionError: Something in it cannot be read or evaluated.
        """
        ...


class Look(TriggerView, Protocol):
    """One look of a trigger."""

    @property
    def workflow_id(self) -> UUID:
        """Return the flow."""
        ...

    @property
    def owner_id(self) -> UUID:
        """Return whose the flow is; the trigger sees what they may see."""
        ...

    @property
    def connections(self) -> Mapping[str, Value]:
        """Return the flow's connection references, by the key that triggers name."""
        ...

    @property
    def started_by(self) -> UUID:
        """Return as whom it looks: the flow's owner."""
        ...

    @property
    def due(self) -> datetime | None:
        """Return when this look was due; None at activation."""
        ...

    @property
    def activated(self) -> datetime:
        """Return when the flow was switched on."""
        ...

    @property
    def last_fired(self) -> datetime | None:
        """Return when the trigger last started a run."""
        ...

    @property
    def cursor(self) -> Value:
        """Return what it remembered at its last look; None at the first."""
        ...

    @property
    def failures(self) -> int:
        """Return how many looks have failed since the last that did not."""
        ...

    @property
    def settings(self) -> Settings:
        """Return what is configured."""
        ...

    @property
    def services(self) -> Services:
        """Return what reaches outside."""
        ...

    def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads the database."""
        ...


INSTANT, SCHEDULED, AUTOMATED = "Instant", "Scheduled", "Automated"
"""What runs are called after what starts them: a person or caller, the clock, something that happens."""

Begin = Callable[[TriggerView], datetime | None]
"""Checks what a trigger says, and returns when it looks first; None for one that never looks."""

Subscribe = Callable[[TriggerView, Transaction, UUID, UUID], Value]
"""Begins what a trigger needs in the database, for a flow and its owner; returns what it has to remember."""


@dataclass(frozen=True, slots=True)
class TriggerType:
    """A declared trigger type.

    Attributes:
        name: As definitions spell it; for a connector's, ``connector/operation``.
        title: Its name for people.
        doc: Its help.
        kind: What runs that it starts are called: INSTANT, SCHEDULED or AUTOMATED.
        fields: Its card.
        begin: Checks what it says, and tells when it looks first; asked before the flow is switched on, which
            it refuses by raising.
        subscribe: What begins in the database when the flow is switched on, in that very transaction.
        look: What a look is, outside of any transaction. What it saw and the runs that start are then written
            in one.
        attach: What begins elsewhere after the flow is switched on, outside of any transaction and again
            until it succeeds: then the trigger has begun. What it returns is remembered, sealed.
        detach: What ends there after the flow is switched off, likewise.
        is_called: Whether it has an address at which it is called.
        differs: How it knowingly departs from the original.
    """

    name: str
    title: str
    doc: str
    kind: str
    fields: tuple[Field, ...] = ()
    begin: Begin | None = None
    subscribe: Subscribe | None = None
    look: Callable[[Look], Seen] | None = None
    attach: Callable[[Look], Value] | None = None
    detach: Callable[[Look], None] | None = None
    is_called: bool = False
    differs: str = ""


TRIGGER_TYPES: dict[str, TriggerType] = {}
"""Every declared trigger type, by its name in lower case."""


def trigger_type(trigger: Trigger) -> TriggerType | None:
    """Return a trigger's declared type: its connector's operation, or its own type; None if not built."""
    use = operation_of(trigger, {})
    if use is None:
        return TRIGGER_TYPES.get(trigger.type.lower())
    return TRIGGER_TYPES.get(f"{api_name(use.api)}/{use.operation}".lower())


def kind_of(trigger: Trigger | None) -> str:
    """Return what runs that a trigger starts are called. Source: cloud-flows 7.4."""
    declared = None if trigger is None else trigger_type(trigger)
    return INSTANT if declared is None else declared.kind


def kind_of_type(name: str) -> str:
    """Return what runs are called that triggers of a type start; those of connectors wait for what happens.

    Args:
        name: The type as definitions spell it, without a connector's operation.
    """
    declared = TRIGGER_TYPES.get(name.lower())
    return AUTOMATED if declared is None else declared.kind


def declare_trigger(declared: TriggerType) -> TriggerType:
    """Declare a trigger type."""
    TRIGGER_TYPES[declared.name.lower()] = declared
    return declared


# Connectors


@dataclass(frozen=True, slots=True)
class Operation:
    """A declared operation of a connector.

    Attributes:
        api: The connector's name, such as ``shared_uiflow``.
        id: The operation's id.
        advance: What it does; ``step.inputs`` holds ``parameters`` as flows give them.
        title: Its name for people.
        doc: Its help.
        inputs: The JSON schema of its parameters.
        outputs: The JSON schema of its body.
        dynamic: Where the values or the schema of a parameter come from: parameter → operation id.
        waits: Whether it waits for people or other systems, so that flows set a time limit of days.
        release: Lets go of what it waits for.
        differs: How it knowingly departs from the original.
    """

    api: str
    id: str
    advance: Advance
    title: str
    doc: str
    inputs: Mapping[str, Value] = field(default_factory=dict)
    outputs: Mapping[str, Value] = field(default_factory=dict)
    dynamic: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False
    release: Release | None = None
    differs: str = ""


OPERATIONS: dict[tuple[str, str], Operation] = {}
"""Every declared operation, by connector and operation id in lower case."""


ConnectionTest = Callable[[Services, Mapping[str, Value]], None]
"""Tries out what a connection holds; raises a :class:`~deskhand.core.errors.DeskhandError` if that fails."""


@dataclass(frozen=True, slots=True)
class ConnectorType:
    """A declared connector.

    Attributes:
        name: As flows name it, such as ``shared_uiflow``.
        title: Its name for people.
        doc: What it is for.
        parameters: What a connection to it needs: JSON schema; ``format: password`` marks secrets.
        test: Tries a connection out, where there is something to try.
    """

    name: str
    title: str
    doc: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    test: ConnectionTest | None = None

    def operation(
        self,
        operation_id: str,
        *,
        title: str,
        inputs: Mapping[str, Value] | None = None,
        outputs: Mapping[str, Value] | None = None,
        dynamic: Mapping[str, str] | None = None,
        waits: bool = False,
        release: Release | None = None,
        differs: str = "",
    ) -> Callable[[Advance], Advance]:
        """Declare an operation; see :class:`Operation` for the parameters. The docstring is its help."""

        def declare(advance: Advance) -> Advance:
            OPERATIONS[self.name.lower(), operation_id.lower()] = Operation(
                api=self.name,
                id=operation_id,
                advance=advance,
                title=title,
                doc=_documentation(advance, operation_id),
                inputs=inputs or {},
                outputs=outputs or {},
                dynamic=dynamic or {},
                waits=waits,
                release=release,
                differs=differs,
            )
            return advance

        return declare


CONNECTORS: dict[str, ConnectorType] = {}
"""Every declared connector, by its name in lower case."""


def connector(
    name: str,
    *,
    title: str,
    doc: str,
    parameters: Mapping[str, Value] | None = None,
    test: ConnectionTest | None = None,
) -> ConnectorType:
    """Declare a connector; see :class:`ConnectorType` for the parameters."""
    declared = ConnectorType(name, title, doc, parameters or {}, test)
    CONNECTORS[name.lower()] = declared
    return declared


class Support(StrEnum):
    """How far an operation of a connector can be used."""

    BUILT = "built"
    CUSTOM = "custom"
    IMPORTED = "imported only"


def operation_support(api: str, operation_id: str) -> Support:
    """Return how far an operation is built; custom connectors and redirects are the installation's to know.

    Args:
        api: The connector, as a name or as an id that ends with it.
        operation_id: The operation.
    """
    name = api.rpartition("/")[2].lower()
    return Support.BUILT if (name, operation_id.lower()) in OPERATIONS else Support.IMPORTED
