"""``If-Match`` and ``If-None-Match`` on writes. Source: dataverse-api 2.1 and 4.5."""

from __future__ import annotations

import re

from starlette.datastructures import Headers

from deskhand.records.writing import Condition

_TAG = re.compile(r"""(?:W/)?"?(\d{1,19})"?\Z""", re.ASCII)
_NO_CONDITION = ("", "null")
_NEVER = -1
"""A version that no row has: what stands for a tag that is none of ours."""


def write_condition(headers: Headers) -> Condition:
    """Return what has to be so for a write to happen; the word ``null`` is no condition."""
    match = headers.get("if-match", "").strip()
    none_match = headers.get("if-none-match", "").strip()
    return Condition(
        must_exist=match not in _NO_CONDITION,
        must_be_new=none_match == "*",
        version=None if match in (*_NO_CONDITION, "*") else _version(match),
    )


def _version(tag: str) -> int:
    found = _TAG.match(tag)
    return int(found.group(1)) if found else _NEVER
