"""``deskhand cloudflow list`` and ``show``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.commands import Command
from deskhand.cli.options import DATA
from deskhand.cli.output import CONTENT, OUTPUT, QUIET, Row, choose, safe, write_page, write_rows

if TYPE_CHECKING:
    from deskhand.server.installation import Installation

_AFTER_SUCCESS = ["succeeded"]
_LONGEST_VALUE = 60


@click.command("list", cls=Command, examples=["deskhand cloudflow list", "deskhand cloudflow list -o json"])
@QUIET
@OUTPUT
@DATA
def list_flows(quiet: bool, form: str, data: Path) -> None:
    """List cloud flows with what starts them."""
    from deskhand.server.cloud_listing import list_cloud_flows
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        rows = installation.database.read(list_cloud_flows)
    if quiet:
        for row in rows:
            click.echo(row["workflowid"])
        return
    columns = ("workflowid", "name", "state", "triggers", "owner")
    write_rows(rows, form, columns, empty="No cloud flow yet. Bring some: deskhand import Solution.zip")


@click.command(
    "show",
    cls=Command,
    examples=["deskhand cloudflow show Nightly", "deskhand cloudflow show Nightly -o json"],
)
@click.argument("name")
@CONTENT
@DATA
def show(name: str, form: str, data: Path) -> None:
    """Show a cloud flow: what starts it, its actions in the order they run, and what it needs and lacks."""
    from deskhand.server.cloud_listing import show_cloud_flow
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        workflow_id = find_cloud_flow(installation, name)["workflowid"]
        shown = installation.database.read(lambda tx: show_cloud_flow(tx, workflow_id))
    write_page(shown, form, _page)


def find_cloud_flow(installation: Installation, text: str) -> Row:
    """Return the cloud flow that a person means by its name or the beginning of its id."""
    from deskhand.server.cloud_listing import list_cloud_flows

    return choose("cloud flow", text, installation.database.read(list_cloud_flows), "workflowid")


def _page(shown: Row) -> Iterator[str]:
    yield f"{safe(shown['name'])}   {shown['workflowid']}   {shown['state']}"
    if shown["description"]:
        yield f"  {safe(shown['description'])}"
    if shown["form"] is not None:
        yield from _definition(shown)
    if shown["findings"]:
        yield "Findings"
    for one in shown["findings"]:
        place = f"{safe(one['name'])}: " if one["name"] else ""
        yield f"  {'✖' if one['fatal'] else '◌'} {place}{safe(one['message'])}"


def _definition(shown: Row) -> Iterator[str]:
    yield "Triggers"
    for trigger in shown["triggers"]:
        yield f"  {_part(trigger)}{_standing(trigger)}"
    yield "Actions"
    yield from _actions(shown["actions"], "  ")
    if shown["connections"]:
        yield "Connections"
    for one in shown["connections"]:
        bound = one["connection"] or "no connection"
        yield safe(f"  {one['key']} ({one['connector']})  {one['reference']} → {bound}")
    if shown["parameters"]:
        yield "Parameters"
    for one in shown["parameters"]:
        variable = f", variable {one['variable']}" if one["variable"] else ""
        yield safe(f"  {one['name']} ({one['type'] or 'any'}{variable})  {_value(one['value'])}")


def _part(part: Row) -> str:
    """Return a trigger or action in a line."""
    what = part.get("operation") or f"{part['type']} {part.get('kind') or ''}".strip()
    return safe(f"{part['name']}  [{what}]")


def _standing(trigger: Row) -> str:
    """Tell when a trigger looks next, and why its last look failed."""
    due = f"  next {trigger['due']:%Y-%m-%d %H:%M:%S} UTC" if trigger.get("due") else ""
    return f"{due}  ✖ {safe(trigger['problem'])}" if trigger.get("problem") else due


def _actions(actions: Sequence[Row], margin: str) -> Iterator[str]:
    for action in actions:
        yield f"{margin}{_part(action)}{_after(action['runafter'])}"
        for branch in action.get("branches", ()):
            inside = f"{margin}  "
            if branch["name"] != "actions":
                yield f"{inside}{safe(branch['name'])}:"
                inside += "  "
            yield from _actions(branch["actions"], inside)


def _after(run_after: dict[str, list[str]]) -> str:
    """Tell what an action runs after, where that is more than the success of one."""
    odd = {
        name: statuses
        for name, statuses in run_after.items()
        if [one.casefold() for one in statuses] != _AFTER_SUCCESS
    }
    if not odd and len(run_after) < 2:
        return ""
    told = [f"{name} ({', '.join(odd[name])})" if name in odd else name for name in run_after]
    return safe(f"  after {', '.join(told)}")


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
