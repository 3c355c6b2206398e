"""Functions that read the run around an expression. Source: cloud-flows 5.11."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import parse_qsl

from deskhand.wdl.declare import Call, Expects, function, refused
from deskhand.wdl.errors import (
    ActionUnknown,
    FunctionMisplaced,
    ParameterUnknown,
    ValueRefused,
    VariableUnknown,
)
from deskhand.wdl.scope import Record, RepeatedRecord
from deskhand.wdl.values import Value, envelope_bytes, find_key

Name = Annotated[str, Expects("")]
Position = Annotated[int, Expects("'index' to be an integer")]

_NONE = "expects no parameters."


@function()
def parameters(call: Call, name: Name) -> Value:
    """Return the value of a workflow parameter.

    Examples:
        parameters('Threshold') -> 5
    """
    key = find_key(call.scope.parameters, name)
    if key is None:
        raise ParameterUnknown(name)
    return call.scope.parameters[key]


@function()
def variables(call: Call, name: Name) -> Value:
    """Return the current value of a variable.

    Examples:
        variables('count') -> 3
    """
    key = find_key(call.scope.variables, name)
    if key is None:
        raise VariableUnknown(name)
    return call.scope.variables[key]


def _record(call: Call, name: str) -> Record | RepeatedRecord:
    """Return the record of an action or of the trigger.

    Raises:
        ActionUnknown: There is none of that name here.
    """
    key = find_key(call.scope.actions, name)
    if key is not None:
        return call.scope.actions[key]
    trigger = call.scope.trigger
    if trigger is not None and str(trigger.get("name", "")).casefold() == name.casefold():
        return trigger
    raise ActionUnknown(name)


def _body(outputs: Value) -> Value:
    return outputs.get("body") if isinstance(outputs, Mapping) else None


@function()
def actions(call: Call, name: Name) -> Value:
    """Return an action's whole record; outside of the loop that repeats it, those of all repetitions.

    Examples:
        actions('Compose')['status'] -> "Succeeded"
    """
    found = _record(call, name)
    return found.load() if isinstance(found, RepeatedRecord) else dict(found)


@function(aliases=("actionOutputs",))
def outputs(call: Call, name: Name = "") -> Value:
    """Return an action's outputs.

    Examples:
        outputs('Compose')?['body']?['id'] -> 7
    """
    if not name:
        raise FunctionMisplaced("outputs")
    return _record(call, name).get("outputs")


@function(aliases=("actionBody",))
def body(call: Call, name: Name) -> Value:
    """Return the body of an action's outputs; null if they have none.

    Examples:
        body('Compose') -> {"id":7}
    """
    return _body(_record(call, name).get("outputs"))


@function(count=_NONE)
def trigger(call: Call) -> Value:
    """Return the trigger's record.

    Examples:
        trigger()['name'] -> "manual"
    """
    return None if call.scope.trigger is None else dict(call.scope.trigger)


def _trigger_outputs(call: Call) -> Value:
    return None if call.scope.trigger is None else call.scope.trigger.get("outputs")


@function(count=_NONE)
def trigger_outputs(call: Call) -> Value:
    """Return the trigger's outputs.

    Examples:
        triggerOutputs()?['body/text'] -> "hello"
    """
    return _trigger_outputs(call)


@function(count=_NONE)
def trigger_body(call: Call) -> Value:
    """Return the body of the trigger's outputs.

    Examples:
        triggerBody()?['text'] -> "hello"
    """
    return _body(_trigger_outputs(call))


@function(count=_NONE)
def action(call: Call) -> Value:
    """Return the current action's record, where an expression stands that may ask.

    Examples:
        action()['name'] -> "Current"
    """
    if call.scope.action is None:
        raise FunctionMisplaced("action")
    return dict(call.scope.action)


@function(aliases=("repeatItems",))
def items(call: Call, name: Name) -> Value:
    """Return the current element of an enclosing loop.

    Examples:
        items('For_each') -> "current"
    """
    key = find_key(call.scope.items, name)
    if key is None:
        raise ActionUnknown(name)
    return call.scope.items[key]


@function()
def iteration_indexes(call: Call, name: Name) -> int:
    """Return how many times an enclosing Until loop has begun anew.

    Examples:
        iterationIndexes('Until') -> 2
    """
    key = find_key(call.scope.iteration_indexes, name)
    if key is None:
        raise ActionUnknown(name)
    return call.scope.iteration_indexes[key]


@function()
def result(call: Call, name: Name) -> Value:
    """Return the records of the actions directly in a scope.

    Examples:
        result('Try')[0]['status'] -> "Failed"
    """
    key = find_key(call.scope.results, name)
    if key is None:
        raise ActionUnknown(name)
    return call.scope.results[key]


@function(count=_NONE)
def workflow(call: Call) -> Value:
    """Return what is known about the flow and its run.

    Examples:
        workflow()?['tags']?['environmentName'] -> "default"
    """
    return dict(call.scope.workflow)


@function(count=_NONE)
def list_callback_url(call: Call) -> str:
    """Return the address that an outside service calls to go on with the run.

    Examples:
        listCallbackUrl() -> "https://here.example/callback"
    """
    if call.scope.callback_url is None:
        raise FunctionMisplaced("listCallbackUrl")
    return call.scope.callback_url


@function(aliases=("appsettings",))
def appsetting(call: Call, name: Name) -> str:
    """Return a setting of the host that flows may read.

    Examples:
        appsetting('REGION') -> "west"
    """
    key = find_key(call.scope.settings, name)
    if key is None:
        raise ValueRefused(f"The app setting '{name}' is not found.")
    return call.scope.settings[key]


def _form_values(outputs: Value, key: str) -> list[Value]:
    """Return the values of a field of a form, as it was sent."""
    content = outputs.get("body", outputs) if isinstance(outputs, Mapping) else outputs
    folded = key.casefold()
    return [value for name, value in _form(content) if name.casefold() == folded]


def _form(content: Value) -> Sequence[tuple[str, Value]]:
    if isinstance(content, str):
        return parse_qsl(content, keep_blank_values=True)
    if not isinstance(content, Mapping):
        return []
    listed = content.get("$formdata")
    if isinstance(listed, list):
        return [(str(one.get("key", "")), one.get("value")) for one in listed if isinstance(one, Mapping)]
    raw = envelope_bytes(content)
    return [] if raw is None else parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)


def _single(values: Sequence[Value], key: str) -> Value:
    if len(values) > 1:
        raise refused(
            "failed to retrieve formdata contents from outputs. "
            f"There are more than one items matching the field name '{key}'."
        )
    return values[0] if values else None


_FORM = (
    "expects two parameters: the name of the action as the first parameter and the name of the field as the "
    "second parameter."
)


@function(count=_FORM)
def form_data_value(call: Call, name: Name, key: Name) -> Value:
    """Return the value of a form's field; null if it has none.

    Examples:
        formDataValue('Form', 'b') -> "2"
    """
    return _single(_form_values(_record(call, name).get("outputs"), key), key)


@function(count=_FORM)
def form_data_multi_values(call: Call, name: Name, key: Name) -> list[Value]:
    """Return all values of a form's field.

    Examples:
        formDataMultiValues('Form', 'a') -> ["1","3"]
    """
    return _form_values(_record(call, name).get("outputs"), key)


@function()
def trigger_form_data_value(call: Call, key: Name) -> Value:
    """Return the value of a field of the form that the trigger received; null if it has none.

    Examples:
        triggerFormDataValue('absent') -> null
    """
    return _single(_form_values(_trigger_outputs(call), key), key)


@function()
def trigger_form_data_multi_values(call: Call, key: Name) -> list[Value]:
    """Return all values of a field of the form that the trigger received.

    Examples:
        triggerFormDataMultiValues('absent') -> []
    """
    return _form_values(_trigger_outputs(call), key)


def _part(outputs: Value, index: int) -> Value:
    """Return the body of one part of a multipart message."""
    content = _body(outputs)
    parts = content.get("$multipart") if isinstance(content, Mapping) else None
    if not isinstance(parts, list) or not 0 <= index < len(parts):
        raise refused(
            f"failed to retrieve multipart contents from outputs. There is no part at index '{index}'."
        )
    return _body(parts[index])


@function(
    count="expects two parameters: the name of the action as the first parameter and the index of the part "
    "as the second parameter."
)
def multipart_body(call: Call, name: Name, index: Position) -> Value:
    """Return the body of one part of an action's multipart outputs.

    Examples:
        multipartBody('Parts', 0) -> "first"
    """
    return _part(_record(call, name).get("outputs"), index)


@function()
def trigger_multipart_body(call: Call, index: Position) -> Value:
    """Return the body of one part of the multipart message that the trigger received.

    Examples:
        if(true, 1, triggerMultipartBody(0)) -> 1
    """
    return _part(_trigger_outputs(call), index)
