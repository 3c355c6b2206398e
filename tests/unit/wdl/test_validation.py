"""Static validation: each rule finds what breaks it, and a right definition nothing."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.wdl.definition import read_definition
from deskhand.wdl.validation import validate

AT = "at line '0' and column '0'"
MANUAL = {"manual": {"type": "Request", "kind": "Button", "inputs": {"schema": {}}}}


def compose(inputs: Any = 1, **after: list[str]) -> dict[str, Any]:
    return {"type": "Compose", "inputs": inputs, "runAfter": after}


def messages(actions: Any, **others: Any) -> list[str]:
    definition = read_definition({"triggers": MANUAL, "actions": actions, **others})
    return [finding.message for finding in validate(definition)]


def test_a_right_definition_has_no_findings() -> None:
    actions = {
        "Init": {
            "type": "InitializeVariable",
            "inputs": {"variables": [{"name": "n", "type": "integer", "value": 0}]},
        },
        "Loop": {
            "type": "Foreach",
            "foreach": "@triggerBody()?['rows']",
            "actions": {
                "Inner": compose("@items('Loop')"),
                "Add": {
                    "type": "IncrementVariable",
                    "inputs": {"name": "N", "value": "@outputs('inner')"},
                    "runAfter": {"Inner": ["Succeeded"]},
                },
            },
            "runAfter": {"Init": ["Succeeded"]},
        },
        "After": compose(
            "@concat(outputs('Inner'), result('Loop'), body('manual'))", Loop=["Succeeded", "Skipped"]
        ),
        "Reply": {"type": "Response", "inputs": {"statusCode": 200}, "runAfter": {"After": ["Succeeded"]}},
    }
    assert messages(actions) == []


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (
            {"a": compose(), "S": {"type": "Scope", "actions": {"A": compose()}}},
            "The template trigger and action names must be unique. Found duplicate names: 'a, A'.",
        ),
        (
            {"d": compose(zz=["Succeeded"])},
            f"The 'runAfter' property of template action 'd' {AT} contains non-existent action: 'zz'.",
        ),
        (
            {"s": {"type": "Scope", "actions": {"c": compose()}}, "d": compose(c=["Succeeded"])},
            f"The 'runAfter' property of template action 'd' {AT} is not valid: the action 'c' must "
            "belong to "
            "same level as action 'd'. Available actions on same level: 's'.",
        ),
        (
            {"a": compose(), "b": compose(a=[])},
            f"The 'runAfter' property of template action 'b' {AT} must contain at least one status. "
            "Valid values are 'Succeeded, Failed, TimedOut, Skipped'.",
        ),
        (
            {"a": compose(), "b": compose(a=["Cancelled"])},
            f"The 'runAfter' property of template action 'b' {AT} contains invalid values 'Cancelled'. "
            "Valid values are 'Succeeded, Failed, TimedOut, Skipped'.",
        ),
        (
            {"a": compose("@outputs('zz')")},
            "The action(s) 'zz' referenced by 'inputs' in action 'a' are not defined in the template.",
        ),
        (
            {"a": compose("@outputs('b')"), "b": compose()},
            f"The inputs of template action 'a' {AT} is invalid. Action 'a' cannot reference action "
            "'b'. Action "
            "'b' must either be in 'runAfter' path or within a scope action on the 'runAfter' path of action "
            "'a', or be a Trigger.",
        ),
        (
            {
                "L": {"type": "Foreach", "foreach": "@json('[]')"},
                "d": compose("@items('L')", L=["Succeeded"]),
            },
            f"The inputs of template action 'd' {AT} is invalid. Action 'L' must be a parent "
            "'foreach' scope of "
            "action 'd' to be referenced by 'repeatItems' or 'items' functions.",
        ),
        (
            {"a": compose(), "b": compose("@result('a')", a=["Succeeded"])},
            f"The inputs of template action 'b' {AT} references the action 'a' of type 'Compose': only the "
            "actions of type 'Scope, If, Switch, Foreach, Until' are allowed to be referenced by 'result' "
            "function.",
        ),
        (
            {"a": compose("@concat(")},
            f"The template action 'a' {AT} is not valid: \"Unable to parse template language expression "
            "'concat(': expected token 'Identifier' and actual 'EndOfData'.\".",
        ),
        (
            {"s": {"type": "Switch", "expression": "test", "cases": {}}},
            f"The property 'expression' 'test' of template action 's' {AT} is not a valid template language "
            "expression.",
        ),
        (
            {"s": {"type": "Switch", "expression": "@1", "cases": {"x": {"case": 1}, "y": {"case": 1}}}},
            f"The cases 'x' and 'y' of template action 's' {AT} evaluate to the same value '1'.",
        ),
        (
            {"s": {"type": "Switch", "expression": "@1", "cases": {"x": {"case": "@add(1, 2)"}}}},
            f"The 'case' property of template action 's' {AT} contains expressions that are not "
            "supported. Only "
            "a literal of type string or interger or a '@parameters()' expression is allowed.",
        ),
        (
            {"s": {"type": "SetVariable", "inputs": {"name": "v", "value": 1}}},
            "The inputs of workflow run action 's' of type 'SetVariable' are not valid. The variable "
            "'v' must "
            "be initialized before it can be used inside action 's'.",
        ),
        (
            {
                "L": {
                    "type": "Until",
                    "expression": "@true",
                    "actions": {"t": {"type": "Terminate", "inputs": {"runStatus": "Failed"}}},
                }
            },
            f"The template action 't' of type 'Terminate' {AT} is not allowed inside the action 'L' of type "
            "'Until'.",
        ),
    ],
)
def test_a_broken_rule_is_found(actions: Any, message: str) -> None:
    assert messages(actions) == [message]


def test_a_circle_is_found_at_each_of_its_actions() -> None:
    assert (
        messages({"a": compose(b=["Succeeded"]), "b": compose(a=["Succeeded"])})
        == ["The circular dependency detected in template language expressions."] * 2
    )


def test_nesting_ends_at_eight_levels() -> None:
    actions: dict[str, Any] = {"s9": {"type": "Scope"}}
    for level in range(8, 0, -1):
        actions = {f"s{level}": {"type": "Scope", "actions": actions}}
    assert messages(actions) == [
        "The template actions 's9' are nested at level '9' which exceeds the maximum nesting limit of '8'."
    ]


def test_variables_are_initialized_once_at_the_top_and_never_from_themselves() -> None:
    def init(name: str) -> dict[str, Any]:
        return {"type": "InitializeVariable", "inputs": {"variables": [{"name": name, "type": "string"}]}}

    actions = {
        "One": init("v"),
        "Two": init("V"),
        "S": {"type": "Scope", "actions": {"Three": init("w")}},
        "Set": {"type": "SetVariable", "inputs": {"name": "v", "value": "@{variables('V')}x"}},
    }
    definition = read_definition({"triggers": MANUAL, "actions": actions})
    assert [(finding.code, finding.name) for finding in validate(definition)] == [
        ("InvalidVariableInitialization", "Two"),
        ("InvalidVariableInitialization", "Three"),
        ("WorkflowRunActionInputsInvalidProperty", "Set"),
    ]


def test_parameters_triggers_and_schema_are_checked() -> None:
    found = messages(
        {},
        **{
            "$schema": "https://example.com/2011-01-01/x#",
            "parameters": {
                "a": {"type": "Int"},
                "b": {"type": "Text", "defaultValue": ""},
                "c": {"type": "Int", "defaultValue": 1, "value": 2},
                "$connections": {"type": "Object"},
            },
            "triggers": {
                "t": {"type": "Recurrence"},
                "u": {"type": "Recurrence", "recurrence": {"frequency": "Day"}, "splitOn": "x"},
            },
        },
    )
    assert found == [
        "Template schema 'https://example.com/2011-01-01/x#' is not supported. Supported versions are "
        "'2014-12-01-preview,2015-08-01-preview,2016-04-01-preview,2016-06-01'.",
        f"The value for the workflow parameter 'a' {AT} is not provided.",
        f"The workflow definition parameter 'b' {AT} is not valid: the type 'Text' is not one of 'String, "
        "SecureString, Int, Float, Bool, Array, Object, SecureObject'.",
        f"The workflow definition parameter 'c' {AT} is not valid: the parameter value must not be "
        "specified.",
        f"The 'recurrence' property of template trigger 't' {AT} is not defined or not valid.",
        "Required property 'interval' not found in JSON.",
        f"The property 'splitOn' 'x' of template trigger 'u' {AT} is not a valid template language "
        "expression.",
    ]


def test_a_value_from_beside_the_definition_provides_a_parameter() -> None:
    definition = read_definition({"parameters": {"a": {"type": "Int"}}, "actions": {}})
    assert validate(definition, {"A": 1}) == ()


def test_a_response_needs_a_request() -> None:
    definition = read_definition(
        {
            "triggers": {"t": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}},
            "actions": {"r": {"type": "Response", "inputs": {}}},
        }
    )
    assert [finding.code for finding in validate(definition)] == [
        "WorkflowUnsupportedRecurrenceTriggerForResponseAction"
    ]


def test_a_definition_of_any_size_is_checked_within_bounds() -> None:
    chain = {
        f"a{place}": {
            "type": "Compose",
            "inputs": f"@outputs('a{place - 1}')" if place else 1,
            "runAfter": {f"a{place - 1}": ["Succeeded"]} if place else {},
        }
        for place in range(5_001)
    }
    (refused,) = validate(read_definition({"actions": chain}))
    assert (refused.message, refused.fatal) == (
        "The number of template actions limit exceeded: maximum '500' and actual '5001'.",
        True,
    )
    del chain["a5000"]
    assert [one.fatal for one in validate(read_definition({"actions": chain}))] == [False]


def test_every_circle_is_told() -> None:
    actions = {
        name: {"type": "Compose", "runAfter": {before: ["Succeeded"]}}
        for name, before in (("a", "b"), ("b", "A"), ("c", "c"), ("d", "a"))
    }
    findings = validate(read_definition({"actions": actions}))
    assert [one.name for one in findings] == ["a", "b", "c"]
    assert {one.message for one in findings} == {
        "The circular dependency detected in template language expressions."
    }


def test_agents_tools_hold_actions() -> None:
    tools = {
        "t": {
            "actions": {"Now": {"type": "Compose"}, "Tell": {"type": "Compose", "inputs": "@outputs('Now')"}}
        }
    }
    tools["t"]["actions"]["Tell"]["runAfter"] = {"Now": ["Succeeded"]}
    assert validate(read_definition({"actions": {"A": {"type": "Agent", "tools": tools}}})) == ()


def test_a_trigger_comes_before_everything() -> None:
    assert messages({"A": compose(1, manual=["Succeeded"])}) == []
