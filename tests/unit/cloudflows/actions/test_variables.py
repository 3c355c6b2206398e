"""The actions on variables. Source: cloud-flows 3.5."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.cloudflows.actions import variables
from tests.cloud_runs import NOTHING, MemoryRun, after, run_actions


def initialize(kind: str, *value: Any) -> dict[str, Any]:
    given = {"name": "x", "type": kind, **({"value": value[0]} if value else {})}
    return {"type": "InitializeVariable", "inputs": {"variables": [given]}}


def then(type_: str, *value: Any, name: str = "x") -> dict[str, Any]:
    given = {"name": name, **({"value": value[0]} if value else {})}
    return {"type": type_, "inputs": given, "runAfter": after("Init")}


def run(first: dict[str, Any], *rest: dict[str, Any]) -> MemoryRun:
    return run_actions({"Init": first, **{f"Do{index or ''}": one for index, one in enumerate(rest)}})


def failure(finished: MemoryRun, name: str = "Do") -> tuple[str, str, str]:
    record = finished.record(name)
    assert record.problem is not None
    assert str(record.status) == "Failed"
    return record.code, record.problem.code, record.problem.message


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 0),
        ("float", 0.0),
        ("boolean", False),
        ("array", []),
        ("string", None),
        ("object", None),
        ("Integer", 0),
    ],
)
def test_a_variable_begins_with_its_type_s_default(kind: str, value: Any) -> None:
    finished = run(initialize(kind))

    assert finished.variable("x") == value
    assert type(finished.variable("x")) is type(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 5),
        ("float", 1.5),
        ("float", 2),
        ("boolean", True),
        ("string", "a"),
        ("string", None),
        ("array", [1, None]),
        ("array", None),
        ("object", {"a": 1}),
        ("object", None),
    ],
)
def test_a_variable_begins_with_a_value_of_its_type(kind: str, value: Any) -> None:
    finished = run(initialize(kind, value))

    record = finished.record("Init")
    assert finished.variable("x") == value
    assert (record.code, record.outputs) == ("NotSpecified", NOTHING)
    assert record.inputs == {"variables": [{"name": "x", "type": kind, "value": value}]}


@pytest.mark.parametrize(
    ("kind", "value", "found", "takes"),
    [
        ("integer", "1", "String", "Integer"),
        ("integer", 5.0, "Float", "Integer"),
        ("integer", True, "Boolean", "Integer"),
        ("integer", None, "Null", "Integer"),
        ("float", None, "Null", "Float, Integer"),
        ("float", "1.5", "String", "Float, Integer"),
        ("boolean", "true", "String", "Boolean"),
        ("boolean", None, "Null", "Boolean"),
        ("string", 1, "Integer", "String"),
        ("array", {}, "Object", "Array"),
        ("object", [], "Array", "Object"),
    ],
)
def test_values_of_other_types_are_refused_at_first_and_later(
    kind: str, value: Any, found: str, takes: str
) -> None:
    message = (
        f"The variable 'x' of type '{kind.capitalize()}' cannot be initialized or updated with value of type "
        f"'{found}'. The variable 'x' only supports values of types '{takes}'."
    )

    assert failure(run(initialize(kind, value)), "Init") == ("BadRequest", "BadRequest", message)
    assert failure(run(initialize(kind), then("SetVariable", value))) == ("BadRequest", "BadRequest", message)


def test_several_variables_may_begin_in_one_action() -> None:
    given = [
        {"name": "a", "type": "string", "value": "@concat('x', 'y')"},
        {"name": "b", "type": "integer", "value": 2},
    ]
    finished = run_actions({"Init": {"type": "InitializeVariable", "inputs": {"variables": given}}})

    assert (finished.variable("a"), finished.variable("b")) == ("xy", 2)


def test_a_variable_begins_once_whatever_the_case_of_its_name() -> None:
    again = {
        "type": "InitializeVariable",
        "inputs": {"variables": [{"name": "X", "type": "string"}]},
        "runAfter": after("Init"),
    }

    assert failure(run(initialize("integer"), again)) == (
        "BadRequest",
        "BadRequest",
        "The variable 'X' is initialized already.",
    )


def test_an_unknown_type_is_refused() -> None:
    assert failure(run(initialize("decimal")), "Init")[2] == (
        "The variable 'x' has the type 'decimal'; it must be one of "
        "'integer, float, boolean, array, string, object'."
    )


@pytest.mark.parametrize(
    ("kind", "begin", "type_", "value", "expected"),
    [
        ("string", "a", "SetVariable", "@concat('b', 1)", "b1"),
        ("float", 1.5, "SetVariable", 3, 3),
        ("integer", 1, "IncrementVariable", 2, 3),
        ("integer", 1, "IncrementVariable", "4", 5),
        ("integer", 1, "IncrementVariable", -4, -3),
        ("float", 1.5, "IncrementVariable", 1, 2.5),
        ("float", 1.5, "IncrementVariable", "0.25", 1.75),
        ("integer", 1, "DecrementVariable", 3, -2),
        ("float", 1.0, "DecrementVariable", 0.5, 0.5),
    ],
)
def test_set_increment_and_decrement_return_the_new_value(
    kind: str, begin: Any, type_: str, value: Any, expected: Any
) -> None:
    finished = run(initialize(kind, begin), then(type_, value, name="X"))

    record = finished.record("Do")
    assert finished.variable("x") == expected
    assert (record.code, record.outputs) == ("NotSpecified", {"body": {"name": "x", "value": expected}})


@pytest.mark.parametrize(("type_", "expected"), [("IncrementVariable", 8), ("DecrementVariable", 6)])
def test_counting_goes_by_one_unless_told_otherwise(type_: str, expected: int) -> None:
    assert run(initialize("integer", 7), then(type_)).variable("x") == expected


@pytest.mark.parametrize(
    ("begin", "type_", "verb"),
    [(2**63 - 1, "IncrementVariable", "increment"), (-(2**63), "DecrementVariable", "decrement")],
)
def test_counting_beyond_64_bits_overflows(begin: int, type_: str, verb: str) -> None:
    finished = run(initialize("integer", begin), then(type_))

    code, error, message = failure(finished)
    assert (code, error, finished.variable("x")) == ("BadRequest", "BadRequest", begin)
    assert message.startswith(f"The {verb} operation for variable 'x' caused arithmetic overflow. ")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 1.5),
        ("integer", "1.5"),
        ("integer", "a"),
        ("integer", True),
        ("float", "a"),
        ("float", []),
    ],
)
def test_counting_by_what_is_no_number_of_the_type_is_refused(kind: str, value: Any) -> None:
    finished = run(initialize(kind), then("IncrementVariable", value))

    assert failure(finished)[:2] == ("BadRequest", "BadRequest")
    assert finished.variable("x") == 0


def test_only_numbers_count() -> None:
    assert failure(run(initialize("string", "1"), then("IncrementVariable", 1)))[2] == (
        "The variable 'x' is of type 'String'. The increment operation needs a variable of type 'Integer' or "
        "'Float'."
    )


@pytest.mark.parametrize(
    ("begin", "value", "expected"),
    [
        ("a", "b", "ab"),
        ("a", 1, "a1"),
        ("a", True, "aTrue"),
        ("a", None, "a"),
        ("a", {"k": [1, "x"]}, 'a{"k":[1,"x"]}'),
        (None, "b", "b"),
        ("a", 1.0, "a1"),
    ],
)
def test_text_is_appended_as_interpolation_writes_it(begin: Any, value: Any, expected: str) -> None:
    assert run(initialize("string", begin), then("AppendToStringVariable", value)).variable("x") == expected


@pytest.mark.parametrize(
    ("begin", "value", "expected"),
    [([1], 2, [1, 2]), ([1], [2, 3], [1, [2, 3]]), ([1], None, [1, None]), (None, 1, [1])],
)
def test_one_element_is_appended_to_an_array(begin: Any, value: Any, expected: Any) -> None:
    assert run(initialize("array", begin), then("AppendToArrayVariable", value)).variable("x") == expected


@pytest.mark.parametrize(
    ("kind", "type_", "message"),
    [
        (
            "array",
            "AppendToStringVariable",
            "The variable 'x' is of type 'Array'. Appending needs a variable of type 'String'.",
        ),
        (
            "string",
            "AppendToArrayVariable",
            "The variable 'x' is of type 'String'. Appending needs a variable of type 'Array'.",
        ),
    ],
)
def test_appending_to_another_type_is_refused(kind: str, type_: str, message: str) -> None:
    assert failure(run(initialize(kind), then(type_, "a")))[2] == message


def test_who_read_an_array_keeps_it_as_it_was() -> None:
    finished = run_actions(
        {
            "Init": initialize("array", [1]),
            "Read": {"type": "Compose", "inputs": "@variables('x')", "runAfter": after("Init")},
            "Do": {**then("AppendToArrayVariable", 2), "runAfter": after("Read")},
        }
    )

    assert (finished.outputs("Read"), finished.variable("x")) == ([1], [1, 2])


def test_a_variable_that_nobody_initialized_cannot_be_written_or_read() -> None:
    written = run_actions({"Do": {"type": "SetVariable", "inputs": {"name": "y", "value": 1}}})
    read = run_actions({"Do": {"type": "Compose", "inputs": "@variables('y')"}})

    assert failure(written) == (
        "BadRequest",
        "BadRequest",
        "The variable 'y' cannot be updated: no action before has initialized it.",
    )
    code, error, message = failure(read)
    assert (code, error) == ("BadRequest", "InvalidTemplate")
    assert "the template variable 'y' cannot be found." in message


def test_a_text_that_grows_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "_MOST", 10)
    finished = run(initialize("string", "12345"), then("AppendToStringVariable", "678901"))

    assert failure(finished)[2] == "The variable 'x' would have more than 10 letters."
    assert finished.variable("x") == "12345"


def test_names_are_expressions_too() -> None:
    finished = run(initialize("integer"), then("SetVariable", 3, name="@concat('', 'x')"))

    assert finished.variable("x") == 3
