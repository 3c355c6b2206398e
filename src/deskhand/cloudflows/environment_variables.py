"""What environment variables may hold. Source: dataverse-api 11.12, cloud-flows 1.2."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from deskhand.cloudflows.errors import CloudFlowError

_FIRST_NUMBER = 100_000_000
_SCHEMA_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)+")
_PREFIX = "new_"
_YES, _NO = "yes", "no"
_BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}


class VariableType(StrEnum):
    """What kind of value a variable has."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"
    DATA_SOURCE = "dataSource"
    SECRET = "secret"  # noqa: S105 - the word, not one

    @classmethod
    def of(cls, number: int | None) -> VariableType:
        """Return the type that a column holds the number of; text for one that is not known."""
        position = (number or _FIRST_NUMBER) - _FIRST_NUMBER
        kinds = tuple(cls)
        return kinds[position] if 0 <= position < len(kinds) else cls.TEXT

    @property
    def number(self) -> int:
        """Return what the column holds."""
        return _FIRST_NUMBER + tuple(type(self)).index(self)


MADE_HERE = frozenset({VariableType.TEXT, VariableType.NUMBER, VariableType.BOOLEAN, VariableType.JSON})
"""What can be made here. Secrets are kept sealed, as credentials; data sources belong to connections."""


class VariableRefused(CloudFlowError):
    """An environment variable cannot be as it was asked for: its name, its type or a value of it.

    A name has letters, digits and underscores, with a prefix: ``new_Mailbox``. Numbers have a point, yes or
    no is ``yes`` or ``no``, JSON is written as in a flow's definition. What is secret goes into a credential.
    """

    code = "DH6511"


def name_of_variable(schema_name: str | None, display_name: str) -> str:
    """Return the name that flows know a variable by; made from its name for people where none is given.

    Raises:
        VariableRefused: It is no such name, or there is none to be made.
    """
    letters = re.sub(r"[^A-Za-z0-9]", "", display_name)
    if not schema_name and not letters:
        raise VariableRefused(f"‘{display_name}’ makes no name in flows; give one, as in new_Mailbox.")
    name = schema_name.strip() if schema_name else f"{_PREFIX}{letters}"
    if _SCHEMA_NAME.fullmatch(name) is None:
        raise VariableRefused(
            f"‘{_short(name)}’ is no name in flows: letters, digits and underscores, with a prefix as in "
            "new_Mailbox."
        )
    return name


def checked_value(kind: VariableType, text: str | None) -> str | None:
    """Return a value as it is kept; a text without letters is none, but for variables that hold texts.

    Raises:
        VariableRefused: It is not of the variable's type.
    """
    if text is None or (not text.strip() and kind is not VariableType.TEXT):
        return None
    if kind is VariableType.BOOLEAN:
        return _YES if _boolean(text) else _NO
    if kind is VariableType.NUMBER:
        return _number(text)
    if kind is VariableType.JSON:
        _require_json(text)
    return text


def boolean_value(text: str) -> bool | None:
    """Return what a variable's text means as yes or no; None where it means neither."""
    return _BOOLEANS.get(text.strip().casefold())


def _boolean(text: str) -> bool:
    value = boolean_value(text)
    if value is None:
        raise VariableRefused(f"‘{_short(text)}’ is neither yes nor no.")
    return value


def _number(text: str) -> str:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise VariableRefused(f"‘{_short(text)}’ is no number. Write it with a point, as in 12.5.")
    return text.strip()


def _require_json(text: str) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise VariableRefused(f"The value is no JSON: see {where}.") from error
    except (ValueError, RecursionError) as error:
        raise VariableRefused("The value is no JSON that can be read.") from error


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
