"""CSV as Power Automate for desktop reads and writes it.

A field may be quoted; quotes inside are doubled and line ends are kept. Blank lines are skipped. A
stray quote is an ordinary letter. Cells are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from deskhand.robin.rendering import LINE_END
from deskhand.robin.values import DataTable

_ANY_LINE_END = re.compile(r"\r\n|\n|\r")


def read_delimited(text: str, separator: str, trim: bool) -> list[list[str]]:
    """Split a text into rows of fields.

    Args:
        text: The file's text.
        separator: What stands between fields; at least one character.
        trim: Whether white space around fields is dropped.
    """
    rows: list[list[str]] = []
    row: list[str] = []
    quoted = False
    for match in _fields(separator, trim).finditer(text):
        inner, plain, end = match.groups()
        quoted = quoted or inner is not None
        field = plain if inner is None else inner.replace('""', '"')
        row.append(field.strip() if trim else field)
        if end != separator:
            if quoted or row not in ([""], []):
                rows.append(row)
            row, quoted = [], False
            if match.end() == len(text):
                break
    return rows


def _fields(separator: str, trim: bool) -> re.Pattern[str]:
    """One field and what ends it. Possessive repetitions keep a stray quote from costing time."""
    end = rf"({re.escape(separator)}|\r\n|\n|\r|\Z)"
    blanks = " *+" if trim and not separator.startswith(" ") else ""
    plain = rf"(?:(?!{re.escape(separator)})[^\r\n])*+"
    return re.compile(rf'(?:{blanks}"((?:[^"]|"")*+)"{blanks}(?={end[1:-1]})|({plain})){end}')


def read_widths(text: str) -> list[int]:
    """Return the widths that a text lists; none if it does not list whole numbers above 0."""
    parts = re.split(r"[\s,;]+", text.strip())
    return (
        [int(part) for part in parts] if all(re.fullmatch("0*[1-9][0-9]{0,8}", one) for one in parts) else []
    )


def read_fixed_width(text: str, widths: Sequence[int], trim: bool) -> list[list[str]]:
    """Cut every line of a text into fields of the given widths; what a line lacks is empty."""
    rows = []
    for line in _ANY_LINE_END.split(text):
        if line:
            fields, start = [], 0
            for width in widths:
                field = line[start : start + width]
                fields.append(field.strip() if trim else field)
                start += width
            rows.append(fields)
    return rows


def to_table(rows: list[list[str]], first_is_heading: bool) -> DataTable:
    """Return rows as a table whose columns have names of their own.

    A missing or empty heading becomes ``ColumnN``, a repeated one gets a number, and rows are filled
    up with empty text to the width of the widest.
    """
    width = max(map(len, rows), default=0)
    heading = rows[0] if first_is_heading and rows else []
    body = rows[1:] if first_is_heading else rows
    names = [*heading, *[""] * (width - len(heading))]
    return DataTable(_distinct(names), ([*row, *[""] * (width - len(row))] for row in body))


def _distinct(names: Iterable[str]) -> Iterator[str]:
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        base = candidate = name or f"Column{number}"
        count = 0
        while candidate.casefold() in taken:
            count += 1
            candidate = f"{base}_{count}"
        taken.add(candidate.casefold())
        yield candidate


def write_delimited(rows: Iterable[Sequence[str]], separator: str) -> str:
    """Return rows as delimited text, each ended by CR LF; fields are quoted where they must be."""
    return "".join(_line(row, separator) + LINE_END for row in rows)


def _line(row: Sequence[str], separator: str) -> str:
    if list(row) == [""]:
        return '""'  # a bare empty line would be skipped when the file is read
    return separator.join(_quoted(field, separator) for field in row)


def _quoted(field: str, separator: str) -> str:
    # Any letter of a long separator is quoted: with ``aa`` a bare ``a`` would run into what follows.
    if any(letter in field for letter in f'{separator}"\r\n'):
        return '"' + field.replace('"', '""') + '"'
    return field
