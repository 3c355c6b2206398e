"""How an action of a run and a length of time are written for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskhand.cli.output import safe


def action_line(row: Mapping[str, Any]) -> str:
    """Return one action of a run as one line, and a second one for its error."""
    place = safe(f"{row.get('subflow') or ''} {row.get('line') or ''}".strip())
    took = duration(row.get("durationMs"))
    summary = safe(str(row.get("summary") or ""))
    line = f"  {place:<16} {took:>9}  {_label(row):<28}  {_in_rounds(row)}{summary}".rstrip()
    return f"{line}\n      ✖ {safe(str(row['error']))}" if row.get("error") else line


def _label(row: Mapping[str, Any]) -> str:
    """Return an action's name without its variant, or what kind of row this is."""
    if row.get("kind") == "log":
        return f"▪ {row.get('level') or 'Info'}"
    name = str(row.get("action") or "")
    return safe(name if " " in name else ".".join(name.split(".")[:2]))


def _in_rounds(row: Mapping[str, Any]) -> str:
    """Return which round of each loop around it an action ran in, the outermost first."""
    numbers = " › ".join(str(one) for one in row.get("inRounds") or () if one)
    return f"[round {numbers}] " if numbers else ""


def duration(milliseconds: float | None) -> str:
    """Return a length of time as people read it."""
    if milliseconds is None:
        return ""
    value = float(milliseconds)
    if value < 1000:
        return f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"
    seconds = value / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
