"""The ``Prefer`` header. Source: dataverse-api 2.3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LARGEST_PAGE = 5_000
# It begins with the name: leading blanks would be tried again from each of them.
_PREFERENCE = re.compile(r"""([\w.-]+)\s*(?:=\s*("[^"]*"|[^,;]*))?[^,]*(?:,|\Z)""")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the caller prefers.

    Attributes:
        page_size: Rows of one page; None for the server's own.
        annotations: Patterns of the annotations to include.
        annotations_text: The same as it was written.
        representation: Whether a write answers with the row.
    """

    page_size: int | None = None
    annotations: tuple[str, ...] = ()
    annotations_text: str = ""
    representation: bool = False

    def includes(self, annotation: str) -> bool:
        """Return whether an annotation, named without ``@``, is to be included."""
        return any(_matches(pattern, annotation) for pattern in self.annotations)

    def applied(self, *, paged: bool = False, written: bool = False) -> dict[str, str]:
        """Return the ``Preference-Applied`` header, if anything was.

        Args:
            paged: Whether the answer is a list, to which a page size applies.
            written: Whether the answer is a row that was written.
        """
        honoured = ["return=representation"] if written and self.representation else []
        if paged and self.page_size:
            honoured.append(f"odata.maxpagesize={self.page_size}")
        if self.annotations:
            honoured.append(f"odata.include-annotations={self.annotations_text}")
        return {"Preference-Applied": ",".join(honoured)} if honoured else {}


def _matches(pattern: str, annotation: str) -> bool:
    return annotation.startswith(pattern[:-1]) if pattern.endswith("*") else annotation == pattern


def read_preferences(headers: Iterable[str]) -> Preferences:
    """Read every ``Prefer`` header of a request; unknown preferences are ignored."""
    page_size: int | None = None
    annotations: tuple[str, ...] = ()
    annotations_text = ""
    representation = False
    for name, value in _preferences(headers):
        if name == "odata.maxpagesize" and value.isdecimal() and int(value) > 0:
            page_size = min(int(value), LARGEST_PAGE)
        elif name == "odata.include-annotations":
            annotations = tuple(part.strip() for part in value.strip('"').split(",") if part.strip())
            annotations_text = value
        elif name == "return":
            representation = value.lower() == "representation"
    return Preferences(page_size, annotations, annotations_text, representation)


def _preferences(headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    for header in headers:
        for match in _PREFERENCE.finditer(header):
            yield match.group(1).lower(), (match.group(2) or "").strip()
