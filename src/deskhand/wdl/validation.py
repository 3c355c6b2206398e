"""What is wrong with a definition before it runs, in the service's words. Source: cloud-flows 1.8 and 6.

Errors stop a flow from being switched on, not from being imported. Positions in the text are not kept, so
messages that have one say line 0 and column 0, as the service's own run-time messages do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deskhand.wdl import nodes
from deskhand.wdl.definition import Action, Definition, member, walk
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.ordering import Order, order_of
from deskhand.wdl.references import Reference, references_in, references_of, strings_of
from deskhand.wdl.templates import parse_template
from deskhand.wdl.values import Value, find_key

_PLACE = "at line '0' and column '0'"
_STATUSES = ("Succeeded", "Failed", "TimedOut", "Skipped")
_SCHEMAS = ("2014-12-01-preview", "2015-08-01-preview", "2016-04-01-preview", "2016-06-01")
_PARAMETER_TYPES = ("String", "SecureString", "Int", "Float", "Bool", "Array", "Object", "SecureObject")
_SCOPES = ("Scope", "If", "Switch", "Foreach", "Until")
_DEEPEST = 8
_MOST_ACTIONS = 500
_MOST_CHECKED = 5_000
"""Actions beyond which nothing is checked: no flow has as many, and checking takes the square of them."""
_LONGEST_NAME = 80
_OUTPUTS = frozenset(
    {"outputs", "body", "actions", "actionoutputs", "actionbody", "formdatavalue", "formdatamultivalues"}
    | {"multipartbody"}
)
_ITEMS = frozenset({"items", "repeatitems"})
_VARIABLE_ACTIONS = frozenset(
    {"setvariable", "incrementvariable", "decrementvariable"}
    | {"appendtoarrayvariable", "appendtostringvariable"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        code: The service's code.
        message: What is wrong, in the service's words.
        name: The action, trigger or parameter concerned; empty for the definition itself.
        fatal: Whether it keeps the flow from being switched on.
    """

    code: str
    message: str
    name: str = ""
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an action stands.

    Attributes:
        level: The actions beside it, itself included.
        parents: The actions around it, outermost first, each with its own place.
    """

    level: Mapping[str, Action]
    parents: tuple[tuple[Action, _Place], ...]


@dataclass(frozen=True, slots=True)
class _Whole:
    """The definition that an action stands in.

    Attributes:
        places: Where each action stands, by the action's identity: names may be doubled.
        actions: Every action, by its name in lower case.
        variables: Which action initializes each variable first, by the variable's name in lower case.
        orders: What comes before what on each list of actions, by the list's identity.
    """

    definition: Definition
    places: Mapping[int, _Place]
    actions: Mapping[str, Action]
    variables: Mapping[str, Action]
    orders: Mapping[int, Order]


def validate(definition: Definition, given: Mapping[str, Value] | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong with a definition, in the order of the document.

    Args:
        definition: The definition.
        given: Parameter values from beside the definition.
    """
    actions = list(walk(definition.actions))
    if len(actions) > _MOST_CHECKED:
        return (_too_many(len(actions), fatal=True),)
    whole = _whole(definition, actions)
    findings = list(_check_document(definition, given or {}))
    if len(actions) > _MOST_ACTIONS:
        findings.append(_too_many(len(actions), fatal=False))
    for action in actions:
        findings += _check_action(whole, action)
    return tuple(findings)


def _whole(definition: Definition, actions: Sequence[Action]) -> _Whole:
    initialized = [(name.casefold(), one) for one in actions for name in _initialized_by(one)]
    return _Whole(
        definition=definition,
        places=dict(_places(definition.actions, ())),
        actions={one.name.casefold(): one for one in reversed(actions)},
        variables=dict(reversed(initialized)),
        orders=dict(_orders(definition.actions)),
    )


def _orders(level: Mapping[str, Action]) -> Iterator[tuple[int, Order]]:
    """Yield the order of a list of actions, and of all those within it, by the list's identity."""
    yield id(level), order_of(level)
    for action in level.values():
        for branch in action.branches:
            yield from _orders(branch.actions)


def _places(
    level: Mapping[str, Action], parents: tuple[tuple[Action, _Place], ...]
) -> Iterator[tuple[int, _Place]]:
    """Yield the place of each action, by the action's identity: names may be doubled."""
    for action in level.values():
        place = _Place(level, parents)
        yield id(action), place
        for branch in action.branches:
            yield from _places(branch.actions, (*parents, (action, place)))


def _invalid(message: str, name: str = "", fatal: bool = True) -> Finding:
    return Finding("InvalidTemplate", message, name, fatal)


# The document


def _check_document(definition: Definition, given: Mapping[str, Value]) -> Iterator[Finding]:
    if definition.schema is not None and not any(f"/{one}/" in definition.schema for one in _SCHEMAS):
        yield _invalid(
            f"Template schema '{definition.schema}' is not supported. "
            f"Supported versions are '{','.join(_SCHEMAS)}'."
        )
    yield from _check_names(definition)
    yield from _check_parameters(definition, given)
    yield from _check_triggers(definition)


def _too_many(count: int, *, fatal: bool) -> Finding:
    return _invalid(
        f"The number of template actions limit exceeded: maximum '{_MOST_ACTIONS}' and actual '{count}'.",
        fatal=fatal,
    )


def _check_names(definition: Definition) -> Iterator[Finding]:
    names = [*definition.triggers, *(action.name for action in walk(definition.actions))]
    counted = Counter(name.casefold() for name in names)
    doubled = dict.fromkeys(name for name in names if counted[name.casefold()] > 1)
    if doubled:
        yield _invalid(
            "The template trigger and action names must be unique. "
            f"Found duplicate names: '{', '.join(doubled)}'."
        )
    for name in names:
        if len(name) > _LONGEST_NAME:
            yield _invalid(
                f"The template action name '{name}' is not valid: it has more than {_LONGEST_NAME} "
                "characters.",
                name,
            )


def _check_parameters(definition: Definition, given: Mapping[str, Value]) -> Iterator[Finding]:
    for name, parameter in definition.parameters.items():
        if parameter.type.casefold() not in (one.casefold() for one in _PARAMETER_TYPES):
            yield _invalid(
                f"The workflow definition parameter '{name}' {_PLACE} is not valid: the type "
                f"'{parameter.type}' is not one of '{', '.join(_PARAMETER_TYPES)}'.",
                name,
            )
        if find_key(parameter.source, "value") is not None:
            yield _invalid(
                f"The workflow definition parameter '{name}' {_PLACE} is not valid: "
                "the parameter value must not be specified.",
                name,
            )
        if not (parameter.has_default or name.startswith("$") or find_key(given, name) is not None):
            yield _invalid(f"The value for the workflow parameter '{name}' {_PLACE} is not provided.", name)


_POLLING = frozenset({"http", "apiconnection", "openapiconnection", "recurrence", "slidingwindow"})


def _check_triggers(definition: Definition) -> Iterator[Finding]:
    for name, trigger in definition.triggers.items():
        if trigger.type.casefold() in _POLLING and not isinstance(trigger.recurrence, dict):
            yield _invalid(
                f"The 'recurrence' property of template trigger '{name}' {_PLACE} is not defined or "
                "not valid.",
                name,
            )
        elif isinstance(trigger.recurrence, dict) and find_key(trigger.recurrence, "interval") is None:
            yield _invalid("Required property 'interval' not found in JSON.", name)
        if trigger.split_on is not None and not _is_expression(trigger.split_on):
            yield _invalid(
                f"The property 'splitOn' '{trigger.split_on}' of template trigger '{name}' {_PLACE} "
                "is not a valid template language expression.",
                name,
            )
        yield from _check_syntax("trigger", name, trigger.source)


def _is_expression(text: Value) -> bool:
    return isinstance(text, str) and text.startswith("@") and text[1:2] not in ("", "@", "{")


def _check_syntax(noun: str, name: str, value: Value) -> Iterator[Finding]:
    for text in strings_of(value):
        try:
            parse_template(text)
        except ExpressionError as error:
            reason = error.message.partition(" Please see ")[0]
            yield _invalid(f"The template {noun} '{name}' {_PLACE} is not valid: \"{reason}\".", name)


# Actions


def _check_action(whole: _Whole, action: Action) -> Iterator[Finding]:
    place = whole.places[id(action)]
    own = {key: value for key, value in action.source.items() if key.casefold() not in _CHILDREN}
    syntax = list(_check_syntax("action", action.name, own))
    yield from syntax
    yield from _check_run_after(whole, action, place)
    level = len(place.parents) + 1
    if level > _DEEPEST:
        yield _invalid(
            f"The template actions '{action.name}' are nested at level '{level}' which exceeds the maximum "
            f"nesting limit of '{_DEEPEST}'.",
            action.name,
        )
    if not syntax:
        yield from _check_references(whole, action, own, place)
    check = _CHECKS.get(action.type.casefold())
    if check is not None:
        yield from check(whole, action, place)


_CHILDREN = frozenset({"actions", "cases", "tools", "else", "default", "runafter", "description", "metadata"})


def _check_run_after(whole: _Whole, action: Action, place: _Place) -> Iterator[Finding]:
    for name, statuses in action.run_after.items():
        yield from _check_predecessor(whole, action, place, name)
        wrong = [one for one in statuses if one.casefold() not in (known.casefold() for known in _STATUSES)]
        valid = f"Valid values are '{', '.join(_STATUSES)}'."
        if not statuses:
            yield _invalid(f"{_run_after_of(action)} must contain at least one status. {valid}", action.name)
        elif wrong:
            yield _invalid(
                f"{_run_after_of(action)} contains invalid values '{', '.join(wrong)}'. {valid}", action.name
            )
    if id(action) in whole.orders[id(place.level)].circular:
        yield _invalid("The circular dependency detected in template language expressions.", action.name)


def _run_after_of(action: Action) -> str:
    return f"The 'runAfter' property of template action '{action.name}' {_PLACE}"


def _check_predecessor(whole: _Whole, action: Action, place: _Place, name: str) -> Iterator[Finding]:
    if find_key(place.level, name) is not None:
        return
    if name.casefold() in whole.actions:
        beside = ", ".join(f"'{one}'" for one in place.level if one != action.name)
        yield _invalid(
            f"{_run_after_of(action)} is not valid: the action '{name}' must belong to same level as action "
            f"'{action.name}'. Available actions on same level: {beside}.",
            action.name,
        )
    # Agents are written to run after their trigger, which always comes first.
    elif find_key(whole.definition.triggers, name) is None:
        yield _invalid(f"{_run_after_of(action)} contains non-existent action: '{name}'.", action.name)


def _is_visible(whole: _Whole, named: Action, action: Action, place: _Place) -> bool:
    """Tell whether an action has ended, in any way, when the inputs of another one are evaluated."""
    at = whole.places[id(named)]
    around = {id(where.level): one for one, where in ((named, at), *at.parents)}
    if named is action or (action.type.casefold() == "until" and around.get(id(place.level)) is action):
        return True
    for one, where in ((action, place), *place.parents):
        other = around.get(id(where.level))
        if other is not None and whole.orders[id(where.level)].has_before(one, other):
            return True
    return False


def _check_references(
    whole: _Whole, action: Action, own: Mapping[str, Value], place: _Place
) -> Iterator[Finding]:
    known = whole.actions
    for reference in dict.fromkeys(references_in(own)):
        if reference.function in _OUTPUTS and find_key(whole.definition.triggers, reference.name) is None:
            named = known.get(reference.name.casefold())
            if named is None:
                yield _undefined(action, reference)
            elif not _is_visible(whole, named, action, place):
                yield _out_of_reach(action, reference.name)
        elif reference.function in _ITEMS:
            yield from _check_items(action, reference, known, place)
        elif reference.function == "result":
            yield from _check_result(action, reference, known)


def _undefined(action: Action, reference: Reference) -> Finding:
    return _invalid(
        f"The action(s) '{reference.name}' referenced by 'inputs' in action '{action.name}' are not "
        "defined in "
        "the template.",
        action.name,
    )


def _out_of_reach(action: Action, name: str) -> Finding:
    return _invalid(
        f"The inputs of template action '{action.name}' {_PLACE} is invalid. Action '{action.name}' cannot "
        f"reference action '{name}'. Action '{name}' must either be in 'runAfter' path or within a "
        "scope action "
        f"on the 'runAfter' path of action '{action.name}', or be a Trigger.",
        action.name,
    )


def _check_items(
    action: Action, reference: Reference, known: Mapping[str, Action], place: _Place
) -> Iterator[Finding]:
    around = [one for one, _ in place.parents if one.type.casefold() == "foreach"]
    if reference.name.casefold() not in known:
        yield _undefined(action, reference)
    elif find_key([one.name for one in around], reference.name) is None:
        yield _invalid(
            f"The inputs of template action '{action.name}' {_PLACE} is invalid. Action "
            f"'{reference.name}' must "
            f"be a parent 'foreach' scope of action '{action.name}' to be referenced by 'repeatItems' or "
            "'items' functions.",
            action.name,
        )


def _check_result(action: Action, reference: Reference, known: Mapping[str, Action]) -> Iterator[Finding]:
    named = known.get(reference.name.casefold())
    if named is None:
        yield _undefined(action, reference)
    elif named.type.casefold() not in (one.casefold() for one in _SCOPES):
        yield _invalid(
            f"The inputs of template action '{action.name}' {_PLACE} references the action "
            f"'{named.name}' of type "
            f"'{named.type}': only the actions of type '{', '.join(_SCOPES)}' are allowed to be "
            "referenced by "
            "'result' function.",
            action.name,
        )


# Types of actions


def _check_expression(whole: _Whole, action: Action, place: _Place) -> Iterator[Finding]:
    """Switch and Until want one whole expression."""
    text = action.member("expression")
    literal = isinstance(text, str) and not _is_expression(text)
    if literal:
        yield _invalid(
            f"The property 'expression' '{text}' of template action '{action.name}' {_PLACE} "
            "is not a valid template language expression.",
            action.name,
        )


def _check_switch(whole: _Whole, action: Action, place: _Place) -> Iterator[Finding]:
    yield from _check_expression(whole, action, place)
    seen: dict[str, str] = {}
    for branch in action.branches:
        if branch.name == "default" and branch.case is None:
            continue
        if not _is_case(branch.case):
            yield _invalid(
                f"The 'case' property of template action '{action.name}' {_PLACE} contains "
                "expressions that are "
                "not supported. Only a literal of type string or interger or a '@parameters()' expression is "
                "allowed.",
                action.name,
            )
        shown = repr(branch.case)
        if shown in seen:
            yield _invalid(
                f"The cases '{seen[shown]}' and '{branch.name}' of template action '{action.name}' {_PLACE} "
                f"evaluate to the same value '{branch.case}'.",
                action.name,
            )
        seen.setdefault(shown, branch.name)


def _is_case(value: Value) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    if isinstance(value, int):
        return True
    try:
        template = parse_template(value)
    except ExpressionError:
        return False
    references = list(references_of(template))
    return isinstance(template, str) or (
        isinstance(template, nodes.Whole) and [one.function for one in references] == ["parameters"]
    )


def _initialized_by(action: Action) -> Iterator[str]:
    """Yield the names of the variables that an InitializeVariable brings."""
    if action.type.casefold() == "initializevariable" and isinstance(action.inputs, dict):
        listed = member(action.inputs, "variables")
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict):
                yield str(member(one, "name"))


def _check_initialization(whole: _Whole, action: Action, place: _Place) -> Iterator[Finding]:
    if place.parents:
        yield Finding(
            "InvalidVariableInitialization",
            f"The variable action '{action.name}' of type 'InitializeVariable' cannot be nested: "
            "variables must "
            "be initialized at the top level of the workflow.",
            action.name,
        )
    for name in _initialized_by(action):
        first = whole.variables[name.casefold()]
        if first is not action:
            yield Finding(
                "InvalidVariableInitialization",
                f"The variable '{name}' is initialized by the actions '{first.name}' and '{action.name}': "
                "a variable can be initialized only once.",
                action.name,
            )


def _check_variable(whole: _Whole, action: Action, place: _Place) -> Iterator[Finding]:
    inputs = action.inputs if isinstance(action.inputs, dict) else {}
    name = member(inputs, "name")
    if name is None or name == "":
        return  # A required input, like those of any action: which ones there are, is for others to know.
    if not isinstance(name, str) or name.casefold() not in whole.variables:
        yield Finding(
            "InvalidVariableOperation",
            f"The inputs of workflow run action '{action.name}' of type '{action.type}' are not valid. "
            f"The variable '{name}' must be initialized before it can be used inside action '{action.name}'.",
            action.name,
        )
        return
    yield from _check_self_reference(action, name, member(inputs, "value"))


def _check_self_reference(action: Action, name: str, value: Value) -> Iterator[Finding]:
    try:
        references = list(references_in(value))
    except ExpressionError:
        return
    folded = name.casefold()
    if any(one.function == "variables" and one.name.casefold() == folded for one in references):
        yield Finding(
            "WorkflowRunActionInputsInvalidProperty",
            f"The inputs of workflow run action '{action.name}' of type '{action.type}' are not valid. "
            f"Self reference is not supported when updating the value of variable '{name}'.",
            action.name,
        )


def _check_response(whole: _Whole, action: Action, place: _Place) -> Iterator[Finding]:
    triggers = list(whole.definition.triggers.values())
    if triggers and not any(one.type.casefold() in ("request", "manual") for one in triggers):
        yield Finding(
            "WorkflowUnsupportedRecurrenceTriggerForResponseAction",
            f"The workflow with trigger of type '{triggers[0].type}' cannot contain the action "
            f"'{action.name}' "
            "of type 'Response': it needs a trigger of type 'Request'.",
            action.name,
        )
    if any(one.split_on is not None for one in triggers):
        yield Finding(
            "WorkflowUnsupportedSplitOnTriggerForResponseAction",
            "The workflow with a trigger that uses 'splitOn' cannot contain the action "
            f"'{action.name}' of type "
            "'Response'.",
            action.name,
        )
    yield from _check_not_in_loop(whole, action, place)


def _check_not_in_loop(whole: _Whole, action: Action, place: _Place) -> Iterator[Finding]:
    loop = next((one for one, _ in place.parents if one.type.casefold() in ("foreach", "until")), None)
    if loop is not None:
        yield _invalid(
            f"The template action '{action.name}' of type '{action.type}' {_PLACE} is not allowed inside the "
            f"action '{loop.name}' of type '{loop.type}'.",
            action.name,
        )


_Check = Callable[[_Whole, Action, _Place], Iterator[Finding]]
_CHECKS: Mapping[str, _Check] = {
    "switch": _check_switch,
    "until": _check_expression,
    "initializevariable": _check_initialization,
    **dict.fromkeys(_VARIABLE_ACTIONS, _check_variable),
    "response": _check_response,
    "terminate": _check_not_in_loop,
}
