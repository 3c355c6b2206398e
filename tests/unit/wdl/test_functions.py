"""The function table: every declaration documents itself, and its examples hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from deskhand.wdl.declare import Call, Text, examples, function
from deskhand.wdl.evaluator import evaluate_text
from deskhand.wdl.functions import FUNCTIONS
from deskhand.wdl.scope import StaticScope
from deskhand.wdl.values import write_json

SCOPE = StaticScope(
    moment=datetime(2026, 3, 1, 8, tzinfo=UTC),
    variables={"count": 3},
    parameters={"Threshold": 5},
    actions={
        "Compose": {"name": "Compose", "status": "Succeeded", "outputs": {"body": {"id": 7}}},
        "Form": {
            "name": "Form",
            "outputs": {
                "body": {
                    "$formdata": [
                        {"key": "a", "value": "1"},
                        {"key": "b", "value": "2"},
                        {"key": "a", "value": "3"},
                    ]
                }
            },
        },
        "Parts": {"name": "Parts", "outputs": {"body": {"$multipart": [{"headers": {}, "body": "first"}]}}},
    },
    trigger={"name": "manual", "outputs": {"body": {"text": "hello"}}},
    action={"name": "Current"},
    items={"For_each": "current"},
    item=("current",),
    iteration_indexes={"Until": 2},
    results={"Try": [{"name": "Step", "status": "Failed"}]},
    workflow={"tags": {"environmentName": "default"}},
    settings={"REGION": "west"},
    callback_url="https://here.example/callback",
)
NAMES = (
    *("concat", "length", "toLower", "toUpper", "trim", "startsWith", "endsWith", "indexOf"),
    *("lastIndexOf", "nthIndexOf", "replace", "split", "substring", "slice", "chunk", "guid"),
    *("formatNumber", "isInt", "isFloat", "contains", "empty", "first", "last", "skip", "take"),
    *("union", "intersection", "join", "reverse", "sort", "range", "createArray", "array"),
    *("item", "and", "or", "not", "if", "equals", "strongEquals", "greater", "greaterOrEquals"),
    *("less", "lessOrEquals", "coalesce", "int", "float", "decimal", "bool", "string", "json"),
    *("xml", "base64", "base64ToString", "decodeBase64", "encodeBase64", "base64ToJson"),
    *("binary", "base64ToBinary", "dataUri", "dataUriToString", "dataUriToBinary"),
    *("decodeDataUri", "uriComponent", "encodeUriComponent", "uriComponentToString"),
    *("decodeUriComponent", "uriComponentToBinary", "add", "sub", "mul", "div", "mod", "min"),
    *("max", "rand", "utcNow", "addSeconds", "addMinutes", "addHours", "addDays", "addToTime"),
    *("subtractFromTime", "getFutureTime", "getPastTime", "startOfDay", "startOfHour"),
    *("startOfMonth", "dayOfWeek", "dayOfMonth", "dayOfYear", "ticks", "dateDifference"),
    *("formatTimeSpan", "formatDateTime", "parseDateTime", "convertFromUtc", "convertToUtc"),
    *("convertTimeZone", "parameters", "variables", "outputs", "body", "actions"),
    *("actionOutputs", "actionBody", "trigger", "triggerOutputs", "triggerBody", "action"),
    *("items", "repeatItems", "repeatItem", "iterationIndexes", "result", "workflow"),
    *("listCallbackUrl", "multipartBody", "triggerMultipartBody", "formDataValue"),
    *("formDataMultiValues", "triggerFormDataValue", "triggerFormDataMultiValues", "appsetting"),
    *("uriHost", "uriPath", "uriPathAndQuery", "uriPort", "uriQuery", "uriScheme", "addProperty"),
    *("setProperty", "removeProperty", "xpath"),
)
DECLARED = {declared.name: declared for declared in FUNCTIONS.values()}
EXAMPLES = [
    (expression, expected) for declared in DECLARED.values() for expression, expected in examples(declared)
]


@pytest.mark.parametrize(("expression", "expected"), EXAMPLES)
def test_an_example_is_worth_what_its_declaration_says(expression: str, expected: str) -> None:
    assert write_json(evaluate_text(expression, SCOPE)) == write_json(json.loads(expected))


def test_every_function_shows_an_example() -> None:
    assert [name for name, declared in DECLARED.items() if not list(examples(declared))] == []


def test_every_function_of_the_service_is_declared() -> None:
    assert [name for name in NAMES if name.lower() not in FUNCTIONS] == []


def test_a_declaration_reads_its_name_its_parameters_and_its_help() -> None:
    declared = FUNCTIONS["formatnumber"]
    assert (declared.name, declared.least, declared.most, [one.name for one in declared.parameters]) == (
        "formatNumber",
        2,
        3,
        ["number", "format", "locale"],
    )


def test_a_function_without_help_cannot_be_declared() -> None:
    def silent(call: Call, text: Text) -> str:
        return text

    with pytest.raises(TypeError, match="the expression function silent has no docstring"):
        function()(silent)
