"""``deskhand runs``: desktop flow runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from deskhand.cli.account import Duration
from deskhand.cli.commands import Group
from deskhand.cli.options import DATA
from deskhand.cli.output import (
    CONTENT,
    OUTPUT,
    QUIET,
    Ambiguous,
    NotFound,
    plain,
    safe,
    write_page,
    write_rows,
)
from deskhand.cli.rendering import action_line, duration
from deskhand.core.ids import parse_id

if TYPE_CHECKING:
    from deskhand.server.installation import Installation

MARKS = {"Succeeded": "✓", "Failed": "✖", "Timed out": "✖", "Canceled": "⊘", "Running": "▶", "Queued": "◷"}
EXITS = {"Succeeded": 0, "Canceled": 8, "Timed out": 7}
COLUMNS = ("run", "flow", "status", "requested", "queue", "took", "machine", "error")
PACE_SECONDS = 0.2


@click.group(cls=Group)
def runs() -> None:
    """Desktop flow runs."""


@runs.command(
    "list",
    examples=["deskhand runs list --failed --since 24h", "deskhand runs list --active -o json"],
)
@click.option("--failed", is_flag=True, help="Only runs that failed.")
@click.option("--active", is_flag=True, help="Only runs that wait or run.")
@click.option("--flow", help="Only runs of flows whose name or id begins so.")
@click.option("--since", type=Duration(), help="Only runs requested in this last time, such as 24h.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many at most."
)
@QUIET
@OUTPUT
@DATA
def list_runs(
    failed: bool,
    active: bool,
    flow: str | None,
    since: timedelta | None,
    limit: int,
    quiet: bool,
    form: str,
    data: Path,
) -> None:
    """List runs, the newest first."""
    from deskhand.server.installation import Installation
    from deskhand.server.listing import list_runs as listed

    statuses = [8, 9, 10] * failed + [2, 3] * active
    with Installation.open(data) as installation:
        begin = installation.clock.now() - since if since else None
        found = installation.database.read(
            lambda tx: listed(tx, statuses=statuses, flow=flow, since=begin, limit=limit)
        )
    if quiet:
        for row in found:
            click.echo(row["flowsessionid"])
        return
    shown = [{**row, **_columns(row)} for row in found] if form == "table" else found
    filtered = failed or active or flow is not None or since is not None
    empty = (
        "No run matches." if filtered else "No run yet. Start one through the Web API, or: deskhand run FLOW"
    )
    write_rows(shown, form, COLUMNS, empty=empty)


@runs.command("show", examples=["deskhand runs show d9687093", "deskhand runs show d9687093 -o json"])
@click.argument("run")
@CONTENT
@DATA
def show(run: str, form: str, data: Path) -> None:
    """Show a run: its values, its actions and what happened in the queue."""
    from deskhand.server.installation import Installation
    from deskhand.server.listing import show_run

    with Installation.open(data) as installation:
        run_id = find_run(installation, run)
        shown = installation.database.read(lambda tx: show_run(tx, run_id))
    if shown is None:
        raise NotFound("run", run)
    write_page(shown, form, _page)


@runs.command("tail", examples=["deskhand runs tail d9687093"])
@click.argument("run")
@DATA
def tail(run: str, data: Path) -> int:
    """Follow a run: its actions as they happen, then the verdict; the exit code is the run's."""
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        run_id = find_run(installation, run)
        try:
            return follow(installation, run_id)
        except KeyboardInterrupt:
            click.echo(f"The run goes on; come back with: deskhand runs tail {str(run_id)[:8]}", err=True)
            raise


@runs.command(
    "cancel",
    examples=["deskhand runs cancel d9687093", "deskhand runs cancel d9687093 --wait"],
)
@click.argument("run")
@click.option("--wait", is_flag=True, help="Wait until its processes are gone.")
@DATA
def cancel(run: str, wait: bool, data: Path) -> int:
    """Cancel a run that waits or runs."""
    from deskhand.orchestrator.runs import cancel_run
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        run_id = find_run(installation, run)
        installation.database.write(lambda tx: cancel_run(tx, run_id, None))
        if wait:
            code = follow(installation, run_id, actions=False)
            return 0 if code == EXITS["Canceled"] else code
    click.echo(f"Cancel requested; watch it with: deskhand runs tail {str(run_id)[:8]}", err=True)
    return 0


def find_run(installation: Installation, text: str) -> UUID:
    """Return the run that a person means by its id or the beginning of it.

    Raises:
        NotFound: There is none.
        Ambiguous: Several begin so.
    """
    from deskhand.server.listing import find_runs

    whole = parse_id(text)
    if whole is not None:
        return whole
    digits = text.replace("-", "").lower()
    if len(digits) < 4 or set(digits) - set("0123456789abcdef"):
        raise NotFound("run", text, ": a run is named by its id or at least 4 of its first digits.")
    found = installation.database.read(lambda tx: find_runs(tx, digits))
    if not found:
        raise NotFound("run", text)
    if len(found) > 1:
        raise Ambiguous("run", text, [f"{row['flowsessionid']}  {safe(row['name'] or '')}" for row in found])
    run_id: UUID = found[0]["flowsessionid"]
    return run_id


def exit_code(run: Mapping[str, Any]) -> int:
    """Return the exit code that tells how a run ended; one whose time was up may read Failed."""
    timed_out = run["errorcode"] == "DesktopFlowsActionTimeout"
    return EXITS["Timed out"] if timed_out else EXITS.get(run["status"], 1)


def follow(installation: Installation, run_id: UUID, *, actions: bool = True) -> int:
    """Print a run's actions until it is final; return its exit code."""
    from deskhand.server.listing import action_rows, run_row, show_run

    seen = -1
    while True:
        row = installation.database.read(lambda tx: run_row(tx, run_id))
        if row is None:
            raise NotFound("run", str(run_id))
        if actions:
            # The run was read first: once it is final, every one of its actions is there to be read.
            for action in installation.database.read(partial(action_rows, run_id=run_id, after=seen)):
                click.echo(action_line(action))
                seen = action["index"]
        if row["completedon"] is not None:
            shown = installation.database.read(lambda tx: show_run(tx, run_id))
            click.echo(_verdict(shown or {**row, "outputs": None}))
            return exit_code(row)
        time.sleep(PACE_SECONDS)


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "run": str(row["flowsessionid"])[:8],
        "flow": row["name"],
        "requested": plain(row["requestedon"]),
        "queue": duration(row["runwaitduration"]),
        "took": duration(row["runexecutionduration"]),
        "error": row["errorcode"],
    }


def _page(run: Mapping[str, Any]) -> Iterator[str]:
    status = run["status"]
    yield f"{MARKS.get(status, ' ')} {status}   {safe(run['name'] or '')}   {run['flowsessionid']}"
    for name in (
        "requestedon",
        "startedon",
        "completedon",
        "runmode",
        "machine",
        "connectionid",
        "parentrunid",
    ):
        if run[name] is not None:
            yield f"  {name:<14} {safe(str(plain(run[name])))}"
    for name in ("inputs", "outputs"):
        for key, value in (run[name] or {}).items():
            yield f"  {name[:-1]:<14} {safe(key)} = {safe(json.dumps(value, ensure_ascii=False))}"
    if run["errorcode"]:
        yield f"  error          {safe(run['errorcode'])}: {safe(run['errormessage'] or '')}"
    if run["events"]:
        yield "Queue"
    for event in run["events"]:
        yield f"  {event['on'][:19]}Z  {event['type']:<24} {_about(event)}".rstrip()
    if run["actions"]:
        yield "Actions (SET and CALL inside loops are not logged)"
    for action in run["actions"]:
        yield action_line(action)


def _about(event: Mapping[str, Any]) -> str:
    """Return what a queue event says beyond its name."""
    known = ("type", "on")
    return safe("  ".join(f"{key} {value}" for key, value in event.items() if key not in known))


def _verdict(run: Mapping[str, Any]) -> str:
    mark, status = MARKS.get(run["status"], " "), run["status"]
    took = duration(run["runexecutionduration"] or run["runwaitduration"])
    if run["errorcode"]:
        return f"{mark} {status} after {took}   {safe(run['errorcode'])}\n  {safe(run['errormessage'] or '')}"
    values = ", ".join(
        f"{safe(name)} = {safe(json.dumps(value, ensure_ascii=False))}"
        for name, value in (run["outputs"] or {}).items()
    )
    return f"{mark} {status} in {took}   {values}".rstrip()
