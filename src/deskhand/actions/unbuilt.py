"""Actions of Power Automate for desktop that are known by name and cannot run here yet.

A flow that uses one is refused before it runs, with the whole list, and not halfway. The names stand in
``unbuilt.json``: full name → title, platform, group. ``aliases`` there are older names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskhand.robin.catalog import Platform, UnbuiltAction

DATA = Path(__file__).with_name("unbuilt.json")
"""Where the names stand; the generator of the reference drops those that have been built."""


@dataclass(frozen=True, slots=True)
class UnbuiltForm:
    """One form of an unbuilt action.

    Attributes:
        action: What the language is told of it.
        group: The designer's group, such as ``Browser automation``.
    """

    action: UnbuiltAction
    group: str


def unbuilt_forms() -> list[UnbuiltForm]:
    """Return every unbuilt form under its present name, in alphabetical order."""
    return _forms(_names())


def unbuilt_actions() -> dict[str, UnbuiltAction]:
    """Return the unbuilt actions by every name that flow text may use for them.

    ``Excel.ReadCells`` and ``Excel.ReadFromExcel`` are older ways to write ``Excel.ReadFromExcel.ReadCells``
    (robin 9); where several forms share an older name it stands for the first of them.
    """
    names = _names()
    known = {form.action.name: form.action for form in _forms(names)}
    named = {**known, **{old: known[name] for old, name in names["aliases"].items()}}
    for name, action in known.items():
        module, *rest = name.split(".")
        for part in rest:
            named.setdefault(f"{module}.{part}", action)
    return named


def _names() -> dict[str, Any]:
    names: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return names


def _forms(names: dict[str, Any]) -> list[UnbuiltForm]:
    return [
        UnbuiltForm(UnbuiltAction(name, title, Platform(platform)), group)
        for name, (title, platform, group) in names["forms"].items()
    ]
