"""JSON that comes from elsewhere: fast where it is strict, lenient where it is short, never too deep."""

from __future__ import annotations

import json

from deskhand.wdl.json_text import JsonUnreadable, read_json
from deskhand.wdl.values import Value

_DEEPEST = 128
_LONGEST_LENIENT = 1_048_576  # the lenient reader is slow


def parse_json(text: str) -> Value:
    """Return what a JSON text stands for; None for an empty one.

    A text of up to a million characters is read as leniently as the service reads it.

    Raises:
        JsonUnreadable: It cannot be read, or is nested too deep.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if len(text) > _LONGEST_LENIENT:
            raise JsonUnreadable(f"{error}.") from error
        return read_json(text)
    if _is_deeper(value, _DEEPEST):
        raise JsonUnreadable(f"The reader's MaxDepth of {_DEEPEST} has been exceeded.")
    return value


def _is_deeper(value: Value, depth: int) -> bool:
    level = [value]
    for _ in range(depth + 1):
        inner = [
            one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)
        ]
        if not inner:
            return False
        level = [one for members in inner for one in members]
    return True
