"""What the designer offers: every action and statement, by the original's groups and in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deskhand.actions.unbuilt import unbuilt_forms
from deskhand.editor.forms import STATEMENTS, RowForm, action_form, library
from deskhand.robin.catalog import Platform

GROUPS = (
    "Variables", "Conditionals", "Loops", "Flow control", "Run flow", "System", "Workstation", "Scripting",
    "File", "Folder", "Compression", "UI automation", "HTTP", "Browser automation", "Excel", "Word", "Access",
    "Database", "Email", "Exchange Server", "Outlook", "Message boxes", "Mouse and keyboard", "Clipboard",
    "Text", "Date time", "PDF", "CMD session", "Terminal emulation", "OCR", "Cryptography",
    "Windows services", "XML", "FTP", "CyberArk", "Active Directory", "AWS", "Azure", "SAP automation",
    "Work queues", "Logging",
)  # fmt: skip
"""The original's order; groups that are not among these come after them, by name."""

_REASONS = {
    Platform.WINDOWS: "It needs Windows, and is not built yet.",
    Platform.BROWSER: "Browser automation is not built yet.",
    Platform.DISPLAY: "It needs a screen, and is not built yet.",
    Platform.SERVICE: "It needs a service outside, and is not built yet.",
    Platform.ANY: "It is not built yet.",
}


@dataclass(frozen=True, slots=True)
class HiddenAction:
    """An action that is known and cannot run here.

    Attributes:
        name: Its name in flow text.
        title: Its title.
        why: Why it cannot run.
    """

    name: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class PaletteGroup:
    """One group of the palette.

    Attributes:
        title: Its title.
        forms: What it offers.
        hidden: What else is known of it.
    """

    title: str
    forms: tuple[RowForm, ...]
    hidden: tuple[HiddenAction, ...]


def palette() -> tuple[PaletteGroup, ...]:
    """Return the palette."""
    forms: dict[str, list[RowForm]] = {}
    hidden: dict[str, list[HiddenAction]] = {}
    for one in _offered():
        forms.setdefault(one.group, []).append(one)
    for unbuilt in unbuilt_forms():
        action = unbuilt.action
        hidden.setdefault(unbuilt.group, []).append(
            HiddenAction(action.name, action.label, _REASONS[action.platform])
        )
    titles = sorted({*forms, *hidden}, key=_place)
    return tuple(PaletteGroup(one, tuple(forms.get(one, ())), tuple(hidden.get(one, ()))) for one in titles)


def _offered() -> Iterator[RowForm]:
    yield from (one for one in STATEMENTS if one.offered)
    yield from (action_form(one) for one in library().specs if not one.legacy)


def _place(title: str) -> tuple[int, str]:
    return (GROUPS.index(title), "") if title in GROUPS else (len(GROUPS), title)
