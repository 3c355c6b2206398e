"""The values of a flow's parameters, pinned when a run begins. Source: cloud-flows 1.2."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from deskhand.cloudflows.environment_variables import boolean_value
from deskhand.cloudflows.errors import ParameterRefused
from deskhand.cloudflows.program import Program
from deskhand.entities.storage import EnvironmentVariableDefinition, EnvironmentVariableValue
from deskhand.store.database import Transaction
from deskhand.wdl.containers import Container
from deskhand.wdl.definition import Parameter, member
from deskhand.wdl.values import Value, are_equal, find_key, type_name

_GIVEN_BY_THE_SERVICE = ("$connections", "$authentication")
_TYPES: Mapping[str, tuple[str, ...]] = {
    "string": ("String",),
    "securestring": ("String",),
    "int": ("Integer",),
    "float": ("Float", "Integer"),
    "bool": ("Boolean",),
    "array": ("Array",),
    "object": ("Object",),
    "secureobject": ("Object",),
}
_NAMES = {"int": "Integer", "bool": "Boolean", "securestring": "String", "secureobject": "Object"}


def parameter_values(tx: Transaction, program: Program) -> dict[str, Value]:
    """Return the values of a flow's parameters: explicit ones, environment variables, defaults.

    One without a value is absent: reading it fails the action that does.

    Raises:
        ParameterRefused: A value is not of its parameter's type, or none of those allowed.
    """
    declared = program.definition.parameters
    variables = environment_variables(tx) if any(_schema_name(one) for one in declared.values()) else {}
    return given_values(program.container, variables)


def given_values(container: Container, variables: Mapping[str, str]) -> dict[str, Value]:
    """Return the values of a document's parameters, as :func:`parameter_values` does.

    Args:
        container: The document.
        variables: The environment variables, by schema name.

    Raises:
        ParameterRefused: A value is not of its parameter's type, or none of those allowed.
    """
    declared = container.definition.parameters
    values: dict[str, Value] = {name: {} for name in _GIVEN_BY_THE_SERVICE}
    beside = container.parameters
    # A Logic Apps project gives values to its flows that they need not declare.
    values |= {name: value for name, value in beside.items() if find_key(declared, name) is None}
    values |= dict(_given(declared, beside, variables))
    for name in _GIVEN_BY_THE_SERVICE:
        values[name] = values[name] if isinstance(values[name], dict) else {}
    return values


def environment_variables(tx: Transaction) -> Mapping[str, str]:
    """Return the environment variables that have a value or a default here, by schema name."""
    defined, values = EnvironmentVariableDefinition, EnvironmentVariableValue
    query = sa.select(
        defined.c.schemaname, sa.func.coalesce(values.c.value, defined.c.defaultvalue).label("value")
    ).outerjoin(
        values.table,
        values.c.environmentvariabledefinitionid == defined.c.environmentvariabledefinitionid,
    )
    return {row.schemaname: row.value for row in tx.execute(query) if row.value is not None}


def _given(
    declared: Mapping[str, Parameter], beside: Mapping[str, Value], variables: Mapping[str, str]
) -> Iterator[tuple[str, Value]]:
    for name, one in declared.items():
        key = find_key(beside, name)
        schema_name = _schema_name(one)
        if key is not None:
            yield name, _checked(one, beside[key])
        elif schema_name and schema_name in variables:
            yield name, _checked(one, _typed(one, variables[schema_name]))
        elif one.has_default:
            yield name, _checked(one, one.default)


def _schema_name(parameter: Parameter) -> str | None:
    metadata = member(parameter.source, "metadata")
    found = member(metadata, "schemaName") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, str) else None


def _typed(parameter: Parameter, text: str) -> Value:
    """Read an environment variable's text as its parameter's type."""
    kind = parameter.type.casefold()
    if "string" in kind:
        return text
    if kind == "bool" and (meant := boolean_value(text)) is not None:
        return meant
    try:
        return json.loads(text)
    except ValueError:
        return text


def _checked(parameter: Parameter, value: Value) -> Value:
    kind = parameter.type.casefold()
    if value is not None and kind in _TYPES and type_name(value) not in _TYPES[kind]:
        raise ParameterRefused(
            parameter.name,
            f"Expected '{_NAMES.get(kind, parameter.type)}'. Actual '{type_name(value)}'.",
        )
    if parameter.allowed is not None and not any(are_equal(value, one) for one in parameter.allowed):
        raise ParameterRefused(parameter.name, "it is not one of the allowed values.")
    return value
