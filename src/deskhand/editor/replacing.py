"""Replacing what the fields of rows show. Source: experience 4.1 and 7.

A replaced value is read as if it had been typed into the field, so that a row is printed as any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from deskhand.core.errors import DeskhandError
from deskhand.editor.handling import ErrorHandling, ErrorRule, ErrorStep, handler_of, may_fail, shown_handling
from deskhand.editor.outline import OutlineRow, rows_of
from deskhand.editor.rows import FieldProblem, filled, read_row, shown, write_row
from deskhand.robin.printer import print_expression


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is looked for in fields, and what stands there afterwards.

    Attributes:
        search: What is looked for.
        by: What replaces it.
        match_case: Whether capitals and small letters are told apart.
        whole_name: Whether letters, digits and _ beside it make it something else.
    """

    search: str
    by: str
    match_case: bool = False
    whole_name: bool = False


@dataclass(frozen=True, slots=True)
class ReplacedRow:
    """What became of a row.

    Attributes:
        count: How often something was found in its fields.
        row: The row with the replacement; null where nothing was found or it would not hold a value.
        problems: Why it was left as it was.
    """

    count: int
    row: OutlineRow | None = None
    problems: tuple[FieldProblem, ...] = ()


class _Counter:
    """Replaces and counts."""

    def __init__(self, wanted: Replacement) -> None:
        pattern = re.escape(wanted.search)
        if wanted.whole_name:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        self._pattern = re.compile(pattern, 0 if wanted.match_case else re.IGNORECASE)
        self._by = wanted.by
        self.count = 0

    def __call__(self, text: str) -> str:
        found, count = self._pattern.subn(lambda _: self._by, text)
        self.count += count
        return found

    def every(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {name: self(text) for name, text in texts.items()}

    def handling(self, found: ErrorHandling) -> ErrorHandling:
        rules = tuple(self._rule(one) for one in found.rules)
        return replace(found, times=self(found.times), seconds=self(found.seconds), rules=rules)

    def _rule(self, rule: ErrorRule) -> ErrorRule:
        return replace(rule, steps=tuple(self._step(one) for one in rule.steps), label=self(rule.label))

    def _step(self, step: ErrorStep) -> ErrorStep:
        return replace(step, name=self(step.name), value=self(step.value))


def replace_in_row(text: str, wanted: Replacement) -> ReplacedRow:
    """Replace something wherever the fields of a row show it.

    Args:
        text: The row's own lines.
        wanted: What is looked for, and what replaces it.

    Returns:
        The row as it is then; without one where no field shows what is looked for, or one would be wrong.
    """
    row = read_row(text)
    found = filled(row)
    if found.form is None or found.name in ("END", "?"):
        return ReplacedRow(0)
    fields = {one.name: one for one in found.form.fields}
    counter = _Counter(wanted)
    values = counter.every({name: shown(value, fields.get(name)) for name, value in found.values.items()})
    targets = counter.every({name: print_expression(target) for name, target in found.targets.items()})
    handled = shown_handling(handler_of(row)) if may_fail(row) and handler_of(row) is not None else None
    handling = None if handled is None else counter.handling(handled)
    if counter.count == 0:
        return ReplacedRow(0)
    try:
        written, problems = write_row(found.name, values, targets, row, handling)
        made = rows_of(written) if written else ()
    except DeskhandError as refused:
        return ReplacedRow(counter.count, problems=(FieldProblem("", str(refused)),))
    if not made:
        return ReplacedRow(counter.count, problems=problems)
    return ReplacedRow(counter.count, made[0])
