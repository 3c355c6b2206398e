"""The designer of desktop flows: changes that reach many rows at once.

A flow's text or rows go in and come out, so that what is done here can be undone like any other change.
Source: experience 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from deskhand.editor.outline import outline
from deskhand.editor.replacing import ReplacedRow, Replacement, replace_in_row
from deskhand.editor.unused import Tidied, without_unused
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.desktop_designer import FlowText
from deskhand.pages.errors import BadParameter

LONGEST_SEARCH = 1_000


@dataclass(frozen=True, slots=True)
class RowsToReplaceIn:
    """Something to replace in rows.

    Attributes:
        rows: The rows' own lines.
        search: What is looked for in what their fields show.
        by: What replaces it.
        match_case: Whether capitals and small letters are told apart.
        whole_name: Whether letters, digits and _ beside it make it something else.
    """

    rows: tuple[str, ...]
    search: str
    by: str
    match_case: bool = False
    whole_name: bool = False


@dataclass(frozen=True, slots=True)
class ReplacedRows:
    """Rows in which something was replaced.

    Attributes:
        rows: What became of each, in the order in which they came.
    """

    rows: tuple[ReplacedRow, ...]


def _replaced(preparation: Preparation, body: RowsToReplaceIn) -> ReplacedRows:
    for name, text in (("search", body.search), ("by", body.by)):
        if len(text) > LONGEST_SEARCH:
            raise BadParameter(name, f"takes {LONGEST_SEARCH} characters at most.")
    if not body.search:
        raise BadParameter("search", "is empty; say what to look for.")
    wanted = Replacement(body.search, body.by, body.match_case, body.whole_name)
    return ReplacedRows(tuple(replace_in_row(one, wanted) for one in body.rows))


@endpoint("POST", "/robin/replace", writes=False, prepare=_replaced)
def replace_in_rows(context: PageContext, *, body: RowsToReplaceIn, prepared: ReplacedRows) -> ReplacedRows:
    """Return rows with something else in the place of what their fields show.

    Args:
        body: The rows, what is looked for, and what replaces it.
    """
    return prepared


def _tidied(preparation: Preparation, body: FlowText) -> Tidied:
    script = outline(body.text).script
    if script is None:
        raise BadParameter("text", "cannot be read; mend it before variables are removed.")
    return without_unused(script)


@endpoint("POST", "/robin/unused", writes=False, prepare=_tidied)
def remove_unused_variables(context: PageContext, *, body: FlowText, prepared: Tidied) -> Tidied:
    """Return a flow's text without the variables that it fills and never looks at.

    Args:
        body: The text.
    """
    return prepared
