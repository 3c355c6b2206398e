"""Parse JSON, Select, Query, Join, Table: what they return, keep and say."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.cloudflows import elements
from deskhand.wdl.limits import Limits
from tests.cloud_runs import NOTHING, MemoryRun, run_actions


def run(type_: str, inputs: Any, **members: Any) -> MemoryRun:
    return run_actions({"Do": {"type": type_, "inputs": inputs, **members}})


def body(type_: str, inputs: Any, **members: Any) -> Any:
    finished = run(type_, inputs, **members)
    assert finished.record("Do").problem is None
    return finished.outputs("Do")["body"]


def failure(type_: str, inputs: Any, **members: Any) -> tuple[str, str, str]:
    """Return status and code of a failed action, with its error's code and message."""
    record = run(type_, inputs, **members).record("Do")
    assert record.problem is not None
    assert str(record.status) == "Failed"
    return record.code, record.problem.code, record.problem.message


# Parse JSON


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"a": 1.0}', {"a": 1.0}),
        ("{'a': {b: [1, 2", {"a": {"b": [1, 2]}}),
        ('{"a": 1} and more', {"a": 1}),
        ("", None),
        ({"a": [None]}, {"a": [None]}),
        ([1], [1]),
        (5, 5),
    ],
)
def test_parse_json_reads_leniently_and_takes_values_as_they_are(content: Any, expected: Any) -> None:
    finished = run("ParseJson", {"content": content, "schema": {}})

    assert finished.outputs("Do") == {"body": expected}
    assert finished.record("Do").inputs == {"content": content, "schema": {}}


def test_parse_json_without_a_schema_takes_everything() -> None:
    assert body("ParseJson", {"content": "[1]"}) == [1]


def test_parse_json_says_what_is_no_json() -> None:
    assert failure("ParseJson", {"content": "<a/>", "schema": {}}) == (
        "BadRequest",
        "InvalidJSON",
        "The 'content' property of actions of type 'ParseJson' must be valid JSON. The provided value "
        "cannot be parsed: 'Unexpected character encountered while parsing value: <. Path '', line 0, "
        "position 0.'.",
    )


def test_parse_json_refuses_null() -> None:
    assert failure("ParseJson", {"content": None, "schema": {}}) == (
        "BadRequest",
        "InvalidTemplate",
        "Unable to process template language expressions in action 'Do' inputs at line '0' and column '0': "
        "'Required property 'content' expects a value but got null. Path ''.'.",
    )


def test_parse_json_lists_what_does_not_fit_the_schema() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    finished = run("ParseJson", {"content": '{"a": null}', "schema": schema})
    record = finished.record("Do")

    assert record.problem is not None
    assert (record.code, record.problem.code, record.problem.message) == (
        "BadRequest",
        "ValidationFailed",
        "The schema validation failed.",
    )
    assert record.outputs == {
        "errors": [
            {
                "message": "Invalid type. Expected String but got Null.",
                "lineNumber": 0,
                "linePosition": 0,
                "path": "a",
                "value": None,
                "schemaId": "#/properties/a",
                "errorType": "type",
                "childErrors": [],
            }
        ]
    }


def test_parse_json_says_what_is_wrong_with_the_schema() -> None:
    assert failure("ParseJson", {"content": "1", "schema": {"$ref": "https://example.com/s"}}) == (
        "BadRequest",
        "BadRequest",
        "The JSON schema cannot be used: its reference ‘https://example.com/s’ leads out of the schema.",
    )


# Select


def test_select_evaluates_its_map_for_each_element() -> None:
    finished = run(
        "Select",
        {"from": "@createArray(1, 2)", "select": {"n": "@item()", "@{item()}": "x@{add(item(), 1)}"}},
    )

    assert finished.outputs("Do") == {"body": [{"n": 1, "1": "x2"}, {"n": 2, "2": "x3"}]}
    assert finished.record("Do").inputs == {
        "from": [1, 2],
        "select": {"n": "@item()", "@{item()}": "x@{add(item(), 1)}"},
    }


def test_select_gives_any_json() -> None:
    elements_ = ["a", None, {"b": 1}]

    assert body("Select", {"from": elements_, "select": "@item()"}) == elements_
    assert body("Select", {"from": elements_, "select": "same"}) == ["same"] * 3
    assert body("Select", {"from": [], "select": "@item()['x']"}) == []


def test_an_error_for_one_element_fails_the_whole() -> None:
    code, error_code, message = failure("Select", {"from": [{"a": 1}, {}], "select": {"x": "@item()['a']"}})

    assert (code, error_code) == ("BadRequest", "ExpressionEvaluationFailed")
    assert message.partition(" Please see")[0] == (
        "The execution of template action 'Do' failed: The evaluation of 'select' action 'select' expression "
        "'{\"x\":\"@item()['a']\"}' failed: 'The template language expression 'item()['a']' cannot be "
        "evaluated because property 'a' doesn't exist, available properties are ''."
    )


def test_item_is_the_element_also_within_a_loop() -> None:
    finished = run_actions(
        {
            "Loop": {
                "type": "Foreach",
                "foreach": ["x"],
                "actions": {
                    "Inner": {
                        "type": "Select",
                        "inputs": {"from": [1], "select": "@concat(item(), items('Loop'))"},
                    }
                },
            }
        }
    )

    assert finished.outputs("Inner") == {"body": ["1x"]}


# Query


def test_query_keeps_what_the_condition_is_true_for() -> None:
    people = [{"age": 17}, {"age": 18}, {}]
    finished = run("Query", {"from": people, "where": "@greaterOrEquals(coalesce(item()?['age'], 0), 18)"})

    assert finished.outputs("Do") == {"body": [{"age": 18}]}
    assert finished.record("Do").inputs == {
        "from": people,
        "where": "@greaterOrEquals(coalesce(item()?['age'], 0), 18)",
    }


def test_query_needs_a_boolean() -> None:
    assert failure("Query", {"from": [1], "where": "@item()"}) == (
        "BadRequest",
        "ExpressionEvaluationFailed",
        "The execution of template action 'Do' failed: the result of the evaluation of 'query' action "
        "'where' expression '@item()' is of type 'Integer'. The result must be a valid boolean.",
    )


def test_query_names_the_condition_that_cannot_be_evaluated() -> None:
    _, error_code, message = failure("Query", {"from": [None], "where": "@equals(item()['x'], 1)"})

    assert error_code == "ExpressionEvaluationFailed"
    assert message.startswith(
        "The execution of template action 'Do' failed: The evaluation of 'query' action 'where' expression "
        "'@equals(item()['x'], 1)' failed: 'The template language expression"
    )


@pytest.mark.parametrize(("where", "kind"), [(None, "Null"), ({"equals": [1, 1]}, "Object")])
def test_query_takes_the_condition_as_text_only(where: Any, kind: str) -> None:
    assert failure("Query", {"from": [1], "where": where})[2] == (
        f"The 'where' property value in the 'query' action inputs is of type '{kind}'. "
        "The value must be an expression."
    )


# Join


def test_join_writes_elements_as_texts() -> None:
    finished = run("Join", {"from": ["a", 1.0, None, True, {"b": [1]}, "é"], "joinWith": "; "})

    assert finished.outputs("Do") == {"body": 'a; 1; ; True; {"b":[1]}; é'}
    assert finished.record("Do").inputs == {
        "from": ["a", 1.0, None, True, {"b": [1]}, "é"],
        "joinWith": "; ",
    }


def test_join_needs_a_separator() -> None:
    assert failure("Join", {"from": []})[2] == (
        "The 'joinWith' property value in the 'join' action inputs is of type 'Null'. "
        "The value must be a string."
    )


# All of them


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("Select", {"select": "@item()"}),
        ("Query", {"where": "@true"}),
        ("Join", {"joinWith": ","}),
        ("Table", {"format": "CSV"}),
    ],
)
@pytest.mark.parametrize(("source", "kind"), [("text", "String"), (None, "Null"), ({}, "Object")])
def test_what_is_no_array_is_refused(type_: str, inputs: Any, source: Any, kind: str) -> None:
    assert failure(type_, {"from": source, **inputs}) == (
        "BadRequest",
        "BadRequest",
        f"The 'from' property value in the '{type_.lower()}' action inputs is of type '{kind}'. "
        "The value must be an array.",
    )


def test_an_array_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "_MOST_ELEMENTS", 2)

    assert failure("Query", {"from": [1, 2, 3], "where": "@true"})[2] == (
        "The 'from' property value in the 'query' action inputs has 3 elements. At most 2 are allowed."
    )


@pytest.mark.parametrize("type_", ["ParseJson", "Select", "Query", "Join", "Table"])
def test_inputs_that_are_no_object_are_refused_not_stumbled_over(type_: str) -> None:
    assert failure(type_, "@createArray(1)")[0] == "BadRequest"


def test_an_expression_error_in_the_source_leaves_no_inputs() -> None:
    record = run("Select", {"from": "@outputs('Nope')", "select": "@item()"}).record("Do")

    assert record.problem is not None
    assert (record.problem.code, record.inputs) == ("InvalidTemplate", NOTHING)


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("Select", {"select": "@item()"}),
        ("Table", {"format": "CSV", "columns": [{"header": "a", "value": "@item()"}]}),
    ],
)
def test_what_is_gathered_is_bounded(type_: str, inputs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "DEFAULT_LIMITS", Limits(result=1_000))

    assert body(type_, {"from": ["x" * 400] * 2, **inputs})
    code, error_code, message = failure(type_, {"from": ["x" * 400] * 3, **inputs})
    assert (code, error_code) == ("BadRequest", "ExpressionEvaluationFailed")
    assert "a result exceeds 1000 characters or elements" in message
