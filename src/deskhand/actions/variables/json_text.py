"""JSON and the values of a flow. Source: robin 7."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from deskhand.actions.variables.errors import BadJson, NotJson
from deskhand.robin.errors import NumberTooLarge
from deskhand.robin.numbers import fitted
from deskhand.robin.values import CustomObject, DataRow, DataTable, File, Folder, Value


def read_json(text: str) -> Value:
    """Return what a JSON text says: objects become custom objects, numbers stay exact, dates text.

    Raises:
        BadJson: The text is no JSON.
    """
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            parse_float=_exact,
            parse_constant=_refuse_constant,
            object_pairs_hook=CustomObject,
        )
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise BadJson(f"{problem.msg} at {place}") from problem
    except ValueError as problem:  # Python reads no whole number of more than a few thousand digits
        raise BadJson("a number in it is too large") from problem
    except RecursionError as problem:
        raise BadJson("it is nested too deeply") from problem


def _exact(text: str) -> Value:
    try:
        return fitted(Decimal(text))
    except (NumberTooLarge, ArithmeticError) as problem:
        raise BadJson(f"the number {text} is too large") from problem


def _refuse_constant(text: str) -> NoReturn:
    raise BadJson(f"{text} is no number")


def write_json(value: Value) -> str:
    """Return a value as compact JSON.

    Raises:
        NotJson: The value, or one inside it, has no form in JSON.
    """
    try:
        return _written(value)
    except RecursionError as problem:
        raise NotJson("it is nested too deeply") from problem


def _written(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{_quoted(str(key))}:{_written(item)}" for key, item in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, (list, DataTable)):
        return f"[{','.join(_written(item) for item in value)}]"
    if isinstance(value, DataRow):
        return _written(dict(zip(value.columns, value.cells, strict=True)))
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (int, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return _quoted(value.isoformat())
    if isinstance(value, (File, Folder)):
        return _quoted(str(value.path))
    if isinstance(value, bytes):
        return _quoted(base64.b64encode(value).decode("ascii"))
    raise NotJson(f"a {type(value).__name__} has no form in JSON")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
