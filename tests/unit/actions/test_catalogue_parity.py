"""Every form of the original's actions exists, with its names, types, defaults and errors.

``catalogue.json`` holds the facts; a form that is missing or spelled otherwise fails here.
"""

from __future__ import annotations

import json
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from deskhand.actions.library import standard_library
from deskhand.robin.catalog import ActionSpec, Parameter

CATALOGUE: dict[str, Any] = json.loads(Path(__file__).with_name("catalogue.json").read_text("utf-8"))
FORMS: dict[str, dict[str, Any]] = CATALOGUE["forms"]
ENUMS: dict[str, dict[str, Any]] = CATALOGUE["enums"]


@cache
def declared() -> dict[str, ActionSpec]:
    return {spec.name: spec for spec in standard_library().specs}


def written(default: object) -> object:
    """A default as the catalogue writes it: a member by its Robin spelling, nothing as None."""
    if isinstance(default, Enum):
        return default.value
    return None if default == "" else default


def facts_of(parameter: Parameter) -> dict[str, object]:
    facts: dict[str, object] = {"type": parameter.type}
    if parameter.required:
        facts["required"] = True
    elif written(parameter.default) is not None:
        facts["default"] = parameter.default if parameter.enum is None else written(parameter.default)
    if parameter.by_reference:
        facts["by_ref"] = True
    return facts


@pytest.mark.parametrize("name", FORMS)
def test_the_form_exists(name: str) -> None:
    assert name in declared()


@pytest.mark.parametrize("name", FORMS)
def test_the_form_takes_the_documented_inputs(name: str) -> None:
    spec = declared()[name]

    assert {one.name: facts_of(one) for one in spec.parameters} == FORMS[name]["inputs"]


@pytest.mark.parametrize("name", FORMS)
def test_the_form_yields_the_documented_outputs(name: str) -> None:
    expected = [(key, kind, variable) for key, (kind, variable) in FORMS[name]["outputs"].items()]

    spec = declared()[name]

    assert [(one.name, one.type, one.variable) for one in spec.outputs] == expected


@pytest.mark.parametrize("name", FORMS)
def test_the_form_stands_where_the_original_puts_it(name: str) -> None:
    spec = declared()[name]

    assert (spec.kind.value, spec.legacy) == (
        FORMS[name].get("use", "action"),
        FORMS[name].get("legacy", False),
    )


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if "errors" in form])
def test_on_error_can_name_every_documented_error(name: str) -> None:
    names = {error.error_name.removesuffix("Error") for error in declared()[name].errors}

    assert names >= {error.removesuffix("Error") for error in FORMS[name]["errors"]}


@cache
def members_by_name() -> dict[str, set[str]]:
    return {
        enum.name: {str(one.value) for one in enum.members}
        for module in standard_library().modules
        for enum in module.enums.values()
    }


@pytest.mark.parametrize("name", ENUMS)
def test_the_enumeration_has_the_documented_members(name: str) -> None:
    members = members_by_name()[name]

    if ENUMS[name]["complete"]:
        assert members == set(ENUMS[name]["values"])
    else:
        assert members >= set(ENUMS[name]["values"])


def test_nothing_is_declared_that_the_original_lacks() -> None:
    modules = {name.split(".")[0] for name in FORMS}

    strangers = {name for name in declared() if name.split(".")[0] in modules} - FORMS.keys()

    assert strangers == set()
