"""Values that fit a flow's schema. Source: machines-and-runs 6."""

import json
from decimal import Decimal
from typing import Any

import pytest

from deskhand.orchestrator.errors import InputMismatch, InputMissing
from deskhand.orchestrator.parameters import (
    Schema,
    fit_inputs,
    hide,
    read_schema,
    read_values,
    shown,
    with_defaults,
    write_values,
)


def schema(required: list[str] | None = None, **properties: Any) -> Schema:
    content: dict[str, Any] = {"type": "object", "properties": properties}
    if required is not None:
        content["required"] = required
    return read_schema(json.dumps({"schema": content}))


def one(kind: str, **more: Any) -> dict[str, Any]:
    return {"title": "x", "type": kind, "format": None, "default": "", "value": "", **more}


@pytest.mark.parametrize(
    ("kind", "given", "fitting"),
    [
        ("string", "text", "text"),
        ("string", 5, "5"),
        ("string", Decimal("1.10"), "1.10"),
        ("string", True, "True"),
        ("string", None, None),
        ("number", 5, 5),
        ("number", Decimal("1.10"), Decimal("1.10")),
        ("number", "5", 5),
        ("number", " -1.50 ", Decimal("-1.50")),
        ("number", "1e3", 1_000),
        ("boolean", False, False),
        ("boolean", "True", True),
        ("boolean", "false", False),
        ("array", [1, "a"], [1, "a"]),
        ("array", '["a"]', ["a"]),
        ("object", {"Key": 1}, {"Key": 1}),
        ("object", '{"Key": 1}', {"Key": 1}),
        ("something new", [1], [1]),
    ],
)
def test_values_become_their_declared_type(kind: str, given: Any, fitting: Any) -> None:
    result = fit_inputs(schema(x=one(kind)), {"x": given})
    assert result == {"x": fitting}
    assert type(result["x"]) is type(fitting)


@pytest.mark.parametrize(
    ("kind", "given", "problem"),
    [
        ("number", "five", "Input ‘x’ takes a number, not ‘five’."),
        ("number", True, "Input ‘x’ takes a number, not ‘true’."),
        ("number", "١", "Input ‘x’ takes a number, not ‘١’."),
        ("number", "nan", "Input ‘x’ takes a number, not ‘nan’."),
        ("number", "1e9999", "Input ‘x’ takes a number, not ‘1e9999’."),
        ("boolean", 1, "Input ‘x’ takes true or false, not ‘1’."),
        ("string", [1], "Input ‘x’ takes a text, not a list."),
        ("array", {"a": 1}, "Input ‘x’ takes a list, not an object."),
        ("array", "a", "Input ‘x’ takes a list, not ‘a’."),
        ("object", "[1]", "Input ‘x’ takes an object, not ‘[1]’."),
        ("number", "x" * 50, "Input ‘x’ takes a number, not ‘" + "x" * 40 + "…’."),
    ],
)
def test_values_that_cannot_are_refused(kind: str, given: Any, problem: str) -> None:
    with pytest.raises(InputMismatch) as refused:
        fit_inputs(schema(x=one(kind)), {"x": given})
    assert str(refused.value) == problem


def test_a_sensitive_value_is_never_quoted() -> None:
    with pytest.raises(InputMismatch) as refused:
        fit_inputs(schema(Pin=one("number", format="password")), {"Pin": "hunter2"})
    assert str(refused.value) == "Input ‘Pin’ takes a number, not a text."


def test_names_match_in_any_case_and_unknown_ones_are_ignored() -> None:
    declared = schema(Password=one("string", format="password"))
    assert fit_inputs(declared, {"password": "s3cret", "Passwort": "typo"}) == {"Password": "s3cret"}


def test_a_required_input_without_a_default_must_be_given() -> None:
    declared = schema(["Name", "Times"], Name=one("string"), Times=one("number", value="1"))
    with pytest.raises(InputMissing) as refused:
        fit_inputs(declared, {})
    assert str(refused.value) == "Input ‘Name’ is required and has no default: add it to inputs."
    assert fit_inputs(declared, {"Name": "Ada"}) == {"Name": "Ada"}


def test_defaults_come_from_value_then_default_in_the_declared_type() -> None:
    declared = schema(
        Times=one("number", value="2", default="3"),
        Deep=one("boolean", value="", default="true"),
        Name=one("string"),
        Broken=one("number", value="many"),
    )
    assert with_defaults(declared, {}) == {"Times": 2, "Deep": True}
    assert with_defaults(declared, {"Times": 7, "Name": ""}) == {"Times": 7, "Deep": True, "Name": ""}


def test_a_flow_without_inputs_takes_none() -> None:
    assert fit_inputs(read_schema('{"schema": null}'), {"Name": "Ada"}) == {}


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", "{}", '{"schema": 5}', '{"schema": {"properties": [1]}}']
)
def test_without_a_readable_schema_every_value_passes(text: str | None) -> None:
    assert fit_inputs(read_schema(text), {"Name": "Ada"}) == {"Name": "Ada"}


def test_without_a_schema_values_are_hidden_if_the_flow_declares_anything_sensitive() -> None:
    assert shown({"Name": "Ada"}, read_schema(None, "SET x TO 1")) == {"Name": "Ada"}
    assert shown({"Name": "Ada"}, read_schema(None, "@SENSITIVE: [Name]")) == {"Name": None}


def test_sensitive_values_are_shown_as_null() -> None:
    declared = schema(Name=one("string"), Pin=one("string", format="password"))
    assert shown({"Name": "Ada", "PIN": "1234"}, declared) == {"Name": "Ada", "PIN": None}
    assert hide({"Name": "Ada", "Pin": "1234"}, "*") == {"Name": None, "Pin": None}


def test_stored_values_keep_every_digit_and_letter() -> None:
    values = {"Amount": Decimal("0.10000000000000000001"), "Big": 2**70, "Text": "é \u0000 \U0001f600"}
    assert read_values(write_values(values)) == values
