"""What a flow's parameters get from environment variables."""

from __future__ import annotations

import json

import pytest

from deskhand.cloudflows.errors import ParameterRefused
from deskhand.cloudflows.parameters import given_values
from deskhand.wdl.containers import read_container
from deskhand.wdl.values import Value


def given(kind: str, text: str) -> Value:
    parameter = {"type": kind, "metadata": {"schemaName": "new_A"}}
    definition = {"parameters": {"A": parameter}, "triggers": {}, "actions": {}}
    return given_values(read_container(json.dumps({"definition": definition})), {"new_A": text})["A"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("String", "yes", "yes"),
        ("Bool", "yes", True),
        ("Bool", "No", False),
        ("Bool", "true", True),
        ("Bool", "False", False),
        ("Int", "12", 12),
        ("Object", '{"a": 1}', {"a": 1}),
    ],
)
def test_the_text_of_a_variable_is_read_as_the_parameters_type(kind: str, text: str, value: Value) -> None:
    assert given(kind, text) == value


def test_a_text_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ParameterRefused, match="Expected 'Boolean'"):
        given("Bool", "perhaps")
