"""An action as JSON: what the designer's palette and panel, and the reference pages, are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from deskhand.actions.declare import Library, Module
from deskhand.robin.catalog import ActionError, ActionSpec, EnumSpec, Output, Parameter

Json = dict[str, Any]


def library_manifest(library: Library) -> Json:
    """Return every module of a library with its actions and enumerations."""
    return {"modules": [module_manifest(one) for one in library.modules]}


def module_manifest(module: Module) -> Json:
    """Return one module with its actions, in the order of their declaration, and its enumerations."""
    return {
        "name": module.name,
        "title": module.title,
        "actions": [action_manifest(one) for one in module.specs],
        "enums": [enum_manifest(one) for one in module.enums.values()],
    }


def action_manifest(spec: ActionSpec) -> Json:
    """Return one form of an action.

    ``label`` is the designer's title and ``summary`` the card's line, whose ``{Parameter}`` places are
    filled with the arguments. ``legacy`` forms are read and not offered.
    """
    module, action, *variant = spec.name.split(".")
    return {
        "name": spec.name,
        "module": module,
        "action": action,
        "variant": variant[0] if variant else None,
        "kind": spec.kind.value,
        "label": spec.label,
        "summary": spec.summary,
        "help": spec.help,
        "parameters": [_parameter(one) for one in spec.parameters],
        "outputs": [_output(one) for one in spec.outputs],
        "errors": [_error(one) for one in spec.errors],
        "dynamic": spec.dynamic,
        "platform": spec.platform.value,
        "differs": list(differences(spec)),
        "aliases": list(spec.aliases),
        "legacy": spec.legacy,
    }


def enum_manifest(enum: EnumSpec) -> Json:
    """Return one enumeration with its values as flow text spells them."""
    return {"name": enum.name, "values": [str(one.value) for one in enum.members]}


def differences(spec: ActionSpec) -> Sequence[str]:
    """Return how an action knowingly departs from the original, one note a line of its declaration."""
    return tuple(line for line in (spec.differs or "").splitlines() if line)


def plain_default(value: object) -> Any:
    """Return a parameter's default as JSON: an enumeration's by its spelling, a number's as a number."""
    match value:
        case Enum():
            return plain_default(value.value)
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(key): plain_default(inner) for key, inner in value.items()}
        case Sequence():
            return [plain_default(one) for one in value]
        case _:
            return str(value)


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "required": parameter.required,
        "default": plain_default(parameter.default),
        "enum": enum_manifest(parameter.enum) if parameter.enum else None,
        "label": parameter.label,
        "doc": parameter.doc,
        "aliases": list(parameter.aliases),
        "byReference": parameter.by_reference,
        "secret": parameter.secret,
    }


def _output(output: Output) -> Json:
    return {"name": output.name, "type": output.type, "variable": output.variable, "doc": output.doc}


def _error(error: type[ActionError]) -> Json:
    """Return an error by the name that ``ON ERROR`` takes; its help is the docstring's first paragraph."""
    help_text = (error.__doc__ or "").strip().split("\n\n")[0]
    return {"name": error.error_name, "code": error.code, "doc": " ".join(help_text.split())}
