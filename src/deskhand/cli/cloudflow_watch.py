"""How runs of cloud flows are shown and followed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from deskhand.cli.output import Ambiguous, NotFound, plain, safe
from deskhand.cli.rendering import duration

if TYPE_CHECKING:
    from deskhand.cloudflows.runtime import CloudFlows
    from deskhand.server.installation import Installation

Row = Mapping[str, Any]

MARKS = {
    "Succeeded": "✓",
    "Failed": "✖",
    "TimedOut": "✖",
    "Cancelled": "⊘",
    "Skipped": "◌",
    "Running": "▶",
    "Waiting": "◷",
}
EXITS = {"Succeeded": 0, "Cancelled": 8, "TimedOut": 7}
PACE_SECONDS = 0.2
_READ_AT_ONCE = 1_000
_LONGEST_VALUE = 80


def find_run(installation: Installation, text: str) -> UUID:
    """Return the run that a person means by its name, or by the beginning or the end of it.

    Raises:
        NotFound: There is none.
        Ambiguous: Several fit.
    """
    from deskhand.server.cloud_runs import find_cloud_runs

    if len(text) < 4:
        raise NotFound("run", text, ": a run is named by at least 4 letters of its name, from either end.")
    found = installation.database.read(lambda tx: find_cloud_runs(tx, text))
    if not found:
        raise NotFound("run", text)
    if len(found) > 1:
        raise Ambiguous("run", text, [f"{row['name']}  {safe(row['flow'] or '')}" for row in found])
    run_id: UUID = found[0]["flowrunid"]
    return run_id


def run_page(run: Row) -> Iterator[str]:
    """Yield the lines that show a run."""
    status = run["status"]
    yield f"{MARKS.get(status, ' ')} {_word(status)}   {safe(run['flow'] or '')}   {run['run']}"
    for name in ("starttime", "endtime", "origin", "parentrunid", "clienttrackingid"):
        if run[name] is not None and run[name] != run["run"]:
            yield f"  {name:<16} {safe(str(plain(run[name])))}"
    for name in ("inputs", "outputs"):
        if name in run["trigger"]:
            yield f"  {'trigger ' + name:<16} {_short(run['trigger'][name])}"
    if run["errorcode"]:
        yield f"  error            {safe(run['errorcode'])}: {safe(run['errormessage'] or '')}"
    for one in run["waiting"]:
        yield f"  {waiting_line(one)}"
    if run["actions"]:
        yield "Actions"
    for action in run["actions"]:
        yield action_line(action)
    yield from _results(run)


def waiting_line(one: Row) -> str:
    """Return a line that says why something waits."""
    who = (
        f"{one['action']}{_indexes(one.get('repetition', ''))} waits for" if "action" in one else "waits for"
    )
    until = f", at the latest until {one['until'][:19]}Z" if "until" in one else ""
    what = f"{one['until'][:19]}Z" if one["reason"] == "Timer" else f"{one['message']}{until}"
    link = f"   {_link(one['linked'])}" if "linked" in one else ""
    return safe(f"◷ {who} {what}{link}")


def action_line(action: Row) -> str:
    """Return an action in a line, and a second one for its error."""
    times = f" ×{action['times']}" if action["times"] > 1 else ""
    name = safe(f"{action['name']}{_indexes(action['repetition'])}{times}")
    took = "" if action["status"] == "Skipped" else duration(_milliseconds(action))
    value = "" if action["outputs"] is None else _short(action["outputs"])
    attempts = f"{action['attempts']} attempts  " if action["attempts"] > 1 else ""
    link = "" if action["linked"] is None else f"  {_link(action['linked'])}"
    line = f"  {MARKS.get(action['status'], ' ')} {name:<32} {took:>9}  {attempts}{value}{link}".rstrip()
    problem = action["error"]
    if problem is None or action["status"] == "Skipped":
        return line
    return f"{line}\n      {safe(problem['code'])}: {safe(problem['message'])}"


def _milliseconds(action: Row) -> float | None:
    if action["endtime"] is None:
        return None
    took: float = (action["endtime"] - action["starttime"]) / timedelta(milliseconds=1)
    return max(0.0, took)


def _indexes(repetition: str) -> str:
    return "".join(f"[{int(one)}]" for one in repetition.split("-")) if repetition else ""


def _link(link: Row) -> str:
    if link["type"] == "flowsession":
        return f"deskhand runs show {link['id'][:8]}"
    return f"deskhand cloudflow run show {link.get('name') or link['id']}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return safe(text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…")


def _word(status: str) -> str:
    from deskhand.server.cloud_runs import SHOWN_STATUS

    return SHOWN_STATUS.get(status, status)


def _results(run: Row) -> Iterator[str]:
    if run["response"] is not None:
        yield f"Response {_short(run['response'])}"
    for name, value in (run["outputs"] or {}).items():
        shown = value["value"] if isinstance(value, dict) and "value" in value else value
        yield f"Output {safe(name)} = {_short(shown)}"


def verdict(run: Row) -> Iterator[str]:
    """Yield the lines that tell how a run ended and what it brought."""
    status, took = run["status"], duration(run["duration"])
    told = "in" if status == "Succeeded" else "after"
    yield f"{MARKS.get(status, ' ')} {_word(status)} {told} {took}   {run['run']}"
    if run["errorcode"]:
        yield f"  {safe(run['errorcode'])}: {safe(run['errormessage'] or '')}"
    yield from _results(run)


def follow(installation: Installation, flows: CloudFlows, run_id: UUID) -> int:
    """Print a run's actions as they end and what it waits for, then the verdict; return its exit code."""
    from deskhand.server.cloud_runs import cloud_run_row, show_cloud_run

    seen = Seen()
    while True:
        # The run is read first: once it has ended, every one of its actions is there to be read.
        row = installation.database.read(lambda tx: cloud_run_row(tx, run_id))
        if row is None:
            raise NotFound("run", str(run_id))
        for line in seen.news(installation, flows, row):
            click.echo(line)
        if row["endtime"] is not None:
            run = installation.database.read(
                lambda tx: show_cloud_run(tx, run_id, flows.seals, flows.programs)
            )
            for line in verdict(run or {**row, "response": None, "outputs": None}):
                click.echo(line)
            return EXITS.get(row["status"], 1)
        time.sleep(PACE_SECONDS)


class Seen:
    """What was told of a run that is followed."""

    def __init__(self) -> None:
        self._last: tuple[datetime, UUID] | None = None
        self._waiting: set[str] = set()

    def news(self, installation: Installation, flows: CloudFlows, run: Row) -> Iterator[str]:
        """Yield lines for what was not told before."""
        from deskhand.server.cloud_runs import ended_actions, waiting_of

        run_id, more = run["flowrunid"], True
        while more:
            read = partial(ended_actions, run_id=run_id, after=self._last, limit=_READ_AT_ONCE)
            ended = installation.database.read(read)
            for action in ended:
                self._last = action["endtime"], action["id"]
                yield action_line(action)
            more = len(ended) == _READ_AT_ONCE
        for one in installation.database.read(lambda tx: waiting_of(tx, run, flows.programs)):
            line = waiting_line(one.as_value())
            if line not in self._waiting and one.reason != "Call":
                self._waiting.add(line)
                yield f"  {line}"
