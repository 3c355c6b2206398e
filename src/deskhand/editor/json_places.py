"""JSON whose values know where they stand, so that one can be changed and every other byte stays."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Change: TypeAlias = tuple[int, int, str]
"""What stands from a place to another, and what shall stand there."""

_DEEPEST = 60
_BLANK = re.compile(r"[ \t\r\n]*")
_ESCAPE = re.compile(r"\\u[dD][89abAB]\w{2}\\u[dD][c-fC-F]\w{2}|\\u\w{4}|\\.", re.DOTALL)
_SCALAR = json.JSONDecoder(strict=False)
_INDENT = "  "


class JsonFault(ValueError):
    """A text is not the JSON that was expected."""


@dataclass(frozen=True, slots=True)
class Json:
    """A value and its place.

    Attributes:
        start: Where it begins.
        end: One past its end.
        value: A text, number, truth value or null; None for objects and lists.
        members: An object's members.
        items: A list's items.
    """

    start: int
    end: int
    value: Any = None
    members: Mapping[str, Json] | None = None
    items: tuple[Json, ...] | None = None

    def get(self, name: str) -> Json | None:
        """Return an object's member; None where there is none, or this is no object."""
        return None if self.members is None else self.members.get(name)

    def text(self, name: str) -> str:
        """Return a member that is a text; empty where it is none."""
        found = self.get(name)
        return found.value if found is not None and isinstance(found.value, str) else ""

    def flag(self, name: str) -> bool:
        """Tell whether a member is true."""
        found = self.get(name)
        return found is not None and found.value is True

    def each(self, name: str) -> tuple[Json, ...]:
        """Return the items of a member that is a list."""
        found = self.get(name)
        return found.items if found is not None and found.items is not None else ()


def read(text: str, at: int = 0) -> Json:
    """Return the value that begins at a place, after blanks.

    Raises:
        JsonFault: There is none.
    """
    return _read(text, at, 0)


def _read(text: str, at: int, depth: int) -> Json:
    at = _past_blanks(text, at)
    opening = text[at : at + 1]
    if depth > _DEEPEST:
        raise JsonFault(f"values are more than {_DEEPEST} deep at letter {at + 1}")
    if opening == "{":
        return _read_object(text, at, depth)
    if opening == "[":
        return _read_list(text, at, depth)
    try:
        value, end = _SCALAR.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise JsonFault(f"no value begins at letter {at + 1}") from error
    return Json(at, end, value)


def _read_object(text: str, start: int, depth: int) -> Json:
    members: dict[str, Json] = {}
    at = _past_blanks(text, start + 1)
    while text[at : at + 1] != "}":
        if members:
            at = _past_blanks(text, _past(text, at, ","))
        key = _read(text, at, _DEEPEST)
        if not isinstance(key.value, str):
            raise JsonFault(f"no name begins at letter {at + 1}")
        found = _read(text, _past(text, _past_blanks(text, key.end), ":"), depth + 1)
        members[key.value] = found
        at = _past_blanks(text, found.end)
    return Json(start, at + 1, members=members)


def _read_list(text: str, start: int, depth: int) -> Json:
    items: list[Json] = []
    at = _past_blanks(text, start + 1)
    while text[at : at + 1] != "]":
        found = _read(text, _past(text, at, ",") if items else at, depth + 1)
        items.append(found)
        at = _past_blanks(text, found.end)
    return Json(start, at + 1, items=tuple(items))


def _past_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return at if found is None else found.end()


def _past(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise JsonFault(f"‘{sign}’ is missing at letter {at + 1}")
    return at + 1


def plain(text: str, found: Json) -> Any:
    """Return a value as Python has it."""
    return json.loads(text[found.start : found.end], strict=False)


def spliced(text: str, changes: Iterable[Change]) -> str:
    """Return a text with changes, which do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(changes):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def with_member(text: str, found: Json, name: str, value: Any) -> list[Change]:
    """Return what gives an object's member a value; nothing where it has it already."""
    member = found.get(name)
    if member is None:
        first = min((one.start for one in (found.members or {}).values()), default=found.end - 1)
        opening = _BLANK.match(text, found.start + 1)
        blank = "" if opening is None or not found.members else opening.group()
        comma = "" if first == found.end - 1 else "," if blank else ", "
        return [(found.start + 1, found.start + 1, f"{blank}{_dumped(name)}: {_dumped(value)}{comma}")]
    if member.members is None and member.items is None and _same(member.value, value):
        return []
    return [(member.start, member.end, _dumped(value))]


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def with_items(text: str, found: Json, items: Sequence[str]) -> Change:
    """Return what gives a list other items, in the manner of its text.

    Args:
        text: The whole text.
        found: The list.
        items: The text of each item.
    """
    former = found.items or ()
    if former:
        lead = text[found.start + 1 : former[0].start]
        trail = text[former[-1].end : found.end - 1]
    else:
        trail = _line_start(text, found.start)
        lead = trail + _INDENT if trail else ""
    inner = f",{lead}".join(items)
    return (found.start + 1, found.end - 1, f"{lead}{inner}{trail}" if items else "")


def written(text: str, place: int, value: Any, deeper: int = 1) -> str:
    """Return the text of a new value, indented for a list or object that begins at a place."""
    start = _line_start(text, place)
    if not start:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=len(_INDENT)).replace("\n", start + _INDENT * deeper)


def moved(text: str, found: Json, into: str, place: int, deeper: int = 1) -> str:
    """Return the text of a value of another text, indented for a place of this one."""
    return written(into, place, plain(text, found), deeper)


def _line_start(text: str, at: int) -> str:
    """Return the line end and the indentation of the line at a place; empty where all is one line."""
    begin = text.rfind("\n", 0, at)
    if begin < 0:
        begin = -1
        if "\n" not in text:
            return ""
    blanks = re.match(r"[ \t]*", text[begin + 1 : at])
    line_end = "\r\n" if "\r\n" in text else "\n"
    return line_end + ("" if blanks is None else blanks.group())


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Embedded:
    """A JSON text that stands in a JSON text as a string.

    Attributes:
        text: Its letters.
        root: The value that they are.
    """

    def __init__(self, text: str, place: Json) -> None:
        """Read it.

        Args:
            text: The text around it.
            place: The string.

        Raises:
            JsonFault: It is no JSON.
        """
        if not isinstance(place.value, str):
            raise JsonFault("a repository is no text")
        self.text: str = place.value
        self._start = place.start + 1
        self._inner: list[int] = []
        self._outer: list[int] = []
        shorter = 0
        for one in _ESCAPE.finditer(text, place.start + 1, place.end - 1):
            shorter += one.end() - one.start() - 1
            self._outer.append(one.end())
            self._inner.append(one.end() - self._start - shorter)
        self.root = read(self.text)

    def outside(self, changes: Iterable[Change]) -> list[Change]:
        """Return changes of its letters as changes of the text around it."""
        return [(self._place(start), self._place(end), _dumped(new)[1:-1]) for start, end, new in changes]

    def _place(self, at: int) -> int:
        index = bisect_right(self._inner, at) - 1
        if index < 0:
            return self._start + at
        return self._outer[index] + at - self._inner[index]
