"""What a person should know of a cloud flow before it runs here. Source: cloud-flows 1.4, 1.7 and 1.8.

To what :mod:`deskhand.wdl.validation` finds wrong in the document, this adds what the document needs and this
installation does not have. Only the definition itself is looked at; whether the flows, connections and
variables that it names exist is for those to say who have the database.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Protocol

from deskhand.cloudflows.declare import ACTION_TYPES, OPERATIONS, Support, operation_support, trigger_type
from deskhand.cloudflows.defined import DefinedTrigger
from deskhand.cloudflows.errors import ParameterRefused
from deskhand.cloudflows.parameters import given_values
from deskhand.cloudflows.required import MissingInput, missing_fields, missing_parameters
from deskhand.cloudflows.usage import Usage, api_name
from deskhand.core.errors import DeskhandError
from deskhand.wdl.containers import Container, Form
from deskhand.wdl.definition import Action, Definition, Trigger, walk
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.functions import FUNCTIONS
from deskhand.wdl.nodes import Literal
from deskhand.wdl.references import calls_of, strings_of, trees_of
from deskhand.wdl.templates import parse_template
from deskhand.wdl.validation import Finding, validate
from deskhand.wdl.values import Value, find_key

_CONNECTOR_TYPES = frozenset(
    f"{kind}{suffix}"
    for kind in ("openapiconnection", "apiconnection", "serviceprovider")
    for suffix in ("", "webhook", "notification")
)
_WITHOUT_LIMIT = frozenset({"scope", "foreach", "if", "switch"})
_ARM_EXPRESSION = re.compile(r"\[(?!\[).*\]\Z", re.DOTALL)
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"#\w+#")


class Library(Protocol):
    """What is built here, and what an installation adds to it."""

    def has_action_type(self, name: str) -> bool:
        """Return whether actions of a type run."""
        ...

    def fires(self, trigger: Trigger) -> bool:
        """Return whether a trigger starts runs by itself, or is called."""
        ...

    def operation_support(self, api: str, operation: str) -> Support:
        """Return how far an operation of a connector can be used.

        Args:
            api: The connector, as a name or as an id that ends with it.
            operation: The operation's id.
        """
        ...

    def operation_inputs(self, api: str, operation: str) -> Mapping[str, Value]:
        """Return the JSON schema of an operation's parameters; an empty one where it is not known.

        Args:
            api: The connector, as a name or as an id that ends with it.
            operation: The operation's id.
        """
        ...


class BuiltIn:
    """The library without an installation: what is declared (see :mod:`deskhand.cloudflows.library`)."""

    def has_action_type(self, name: str) -> bool:
        """Return whether the type is declared."""
        return name.lower() in ACTION_TYPES

    def fires(self, trigger: Trigger) -> bool:
        """Return whether the trigger's type is declared."""
        return trigger_type(trigger) is not None

    def operation_support(self, api: str, operation: str) -> Support:
        """Return whether the operation is declared."""
        return operation_support(api, operation)

    def operation_inputs(self, api: str, operation: str) -> Mapping[str, Value]:
        """Return the schema of a declared operation."""
        declared = OPERATIONS.get((api_name(api).lower(), operation.lower()))
        return declared.inputs if declared else {}


def inspect(
    container: Container, usage: Usage, library: Library, variables: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return everything that is wrong or odd; what is fatal keeps the flow from being switched on.

    Args:
        container: The flow's document.
        usage: What it uses.
        library: What can run here.
        variables: The environment variables that have a value here, by schema name.
    """
    definition = container.definition
    given = {one.parameter: None for one in usage.variables}
    faults = validate(definition, {**container.parameters, **given})
    missing = _missing_inputs(definition, usage, library, {one.name for one in faults})
    faults = (*faults, *missing)
    return (
        *faults,
        *_missing_variables(usage, variables),
        *_triggers(definition, library),
        *_trigger_faults(container, {one.name for one in faults}, variables),
        *_actions(definition, library),
        *_operations(usage, library),
        *_expressions(definition, {*definition.parameters, *container.parameters}),
        *_literals(container),
    )


def _warning(code: str, message: str, name: str = "") -> Finding:
    return Finding(code, message, name, fatal=False)


def _missing_variables(usage: Usage, variables: Mapping[str, str]) -> Iterator[Finding]:
    for one in usage.variables:
        if not one.has_default and find_key(variables, one.schema_name) is None:
            yield Finding(
                "EnvironmentVariableMissing",
                f"The environment variable '{one.schema_name}' has no value here, and the parameter "
                f"'{one.parameter}' has no default.",
                one.parameter,
            )


def _triggers(definition: Definition, library: Library) -> Iterator[Finding]:
    if not definition.triggers:
        yield _warning("TriggerMissing", "The flow has no trigger: it can be started through the API alone.")
    for trigger in definition.triggers.values():
        if not library.fires(trigger):
            yield _warning("TriggerNotSupported", _never_fires(trigger), trigger.name)


def _never_fires(trigger: Trigger) -> str:
    return (
        f"The trigger '{trigger.name}' of type '{trigger.type}' never fires here: "
        "start the flow with a payload instead."
    )


def _trigger_faults(
    container: Container, at_fault: Collection[str], variables: Mapping[str, str]
) -> Iterator[Finding]:
    """Let triggers that have no static fault begin, to see whether what they say makes sense."""
    try:
        parameters = given_values(container, variables)
    except ParameterRefused as error:
        yield Finding(error.service_code, error.message)
        return
    for trigger in container.definition.triggers.values():
        declared = trigger_type(trigger)
        if declared is None or declared.begin is None or trigger.name in at_fault:
            continue
        try:
            declared.begin(DefinedTrigger(trigger, container.is_power_automate, parameters, _ANY_MOMENT))
        except DeskhandError as error:
            yield Finding("InvalidTemplate", error.message, trigger.name)


def _missing_inputs(
    definition: Definition, usage: Usage, library: Library, at_fault: Collection[str]
) -> Iterator[Finding]:
    """Tell of required inputs that are empty. Source: cloud-flows 1.8; Power Automate's flow checker."""
    called = {one.name: one for one in usage.operations if not one.is_trigger}
    for trigger in definition.triggers.values():
        declared = trigger_type(trigger)
        for missing in missing_fields(trigger.source, declared.fields) if declared else ():
            # A recurrence that is none has been told of already, with all that it lacks.
            if not (missing.path.startswith("recurrence/") and trigger.name in at_fault):
                yield _required(trigger.name, missing)
    for action in walk(definition.actions):
        use, known = called.get(action.name), ACTION_TYPES.get(action.type.casefold())
        found = missing_fields(action.source, known.fields) if known else iter(())
        if use is not None and not _is_addressed(action):
            found = missing_parameters(action.source, library.operation_inputs(use.api, use.operation))
        for missing in found:
            yield _required(action.name, missing)


def _is_addressed(action: Action) -> bool:
    """Tell whether an action names its operation by an address that holds the parameters (Logic Apps)."""
    return isinstance(action.inputs, Mapping) and find_key(action.inputs, "path") is not None


def _required(name: str, missing: MissingInput) -> Finding:
    message = f"'{missing.title}' of '{name}' is required: '{missing.path}' must be {missing.wanted}."
    return Finding("RequiredInputMissing", message, name)


def _actions(definition: Definition, library: Library) -> Iterator[Finding]:
    for action in walk(definition.actions):
        kind = action.type.casefold()
        if kind not in _CONNECTOR_TYPES and not library.has_action_type(action.type):
            yield _warning(
                "ActionTypeNotImplemented",
                f"Actions of type '{action.type}' are not built here: '{action.name}' will fail.",
                action.name,
            )
        if kind in _WITHOUT_LIMIT and action.member("limit") is not None:
            yield _warning(
                "LimitIgnored", f"The limit of '{action.name}' is ignored: its type has none.", action.name
            )


def _operations(usage: Usage, library: Library) -> Iterator[Finding]:
    for one in usage.operations:
        if not one.is_trigger and library.operation_support(one.api, one.operation) is Support.IMPORTED:
            yield _warning(
                "ConnectorNotImplemented",
                f"The operation '{one.operation}' of the connector '{api_name(one.api)}' is not built here: "
                f"'{one.name}' will fail, unless a redirect sends it elsewhere.",
                one.name,
            )


def _expressions(definition: Definition, parameters: set[str]) -> Iterator[Finding]:
    """Name functions and parameters that do not exist: the service itself finds out at run time."""
    parts: list[Trigger | Action] = [*definition.triggers.values(), *walk(definition.actions)]
    for part in parts:
        own = {key: one for key, one in part.source.items() if key.casefold() not in _CHILDREN}
        functions, named = _called(own)
        for function in functions:
            if function.lower() not in FUNCTIONS:
                yield _warning("FunctionUnknown", f"There is no function '{function}'.", part.name)
        for name in named:
            if not name.startswith("$") and find_key(parameters, name) is None:
                yield _warning("ParameterUndefined", f"There is no parameter '{name}'.", part.name)


_CHILDREN = frozenset(
    {"actions", "cases", "tools", "else", "default", "runafter", "description", "metadata", "type", "kind"}
)


def _called(value: Value) -> tuple[dict[str, None], dict[str, None]]:
    """Return the functions that expressions call, and the parameters that they name, each once."""
    functions: dict[str, None] = {}
    parameters: dict[str, None] = {}
    for text in strings_of(value):
        try:
            trees = list(trees_of(parse_template(text)))
        except ExpressionError:
            continue
        for call in (one for tree in trees for one in calls_of(tree)):
            functions.setdefault(call.name)
            first = call.arguments[0] if call.arguments else None
            if call.name.lower() == "parameters" and isinstance(first, Literal):
                parameters.setdefault(str(first.value))
    return functions, parameters


def _literals(container: Container) -> Iterator[Finding]:
    """Tell of texts that another tool would have replaced before the service saw them."""
    texts = list(strings_of(container.definition.source))
    if container.form is Form.ARM_TEMPLATE and any(map(_ARM_EXPRESSION.match, texts)):
        yield _warning(
            "TemplateExpression",
            "The document is an ARM template with expressions in brackets; they stay as they stand.",
        )
    if any(map(_PLACEHOLDER.search, (*texts, *container.definition.parameters))):
        yield _warning(
            "TemplatePlaceholder", "The document has placeholders of a gallery template, such as #name#."
        )
