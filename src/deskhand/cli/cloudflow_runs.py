"""``deskhand cloudflow runs``, ``run``, ``cancel``, ``resubmit``, ``resume`` and ``test``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from deskhand.cli.account import Duration
from deskhand.cli.cloudflow_show import find_cloud_flow
from deskhand.cli.cloudflow_watch import EXITS, find_run, follow, run_page
from deskhand.cli.commands import Command, Group
from deskhand.cli.options import DATA
from deskhand.cli.output import CONTENT, OUTPUT, QUIET, NotFound, plain, write_page, write_rows
from deskhand.cli.rendering import duration

if TYPE_CHECKING:
    from deskhand.cloudflows.called import Called
    from deskhand.cloudflows.runstate import RunState
    from deskhand.cloudflows.runtime import CloudFlows
    from deskhand.server.installation import Installation
    from deskhand.store.database import Transaction

_COLUMNS = ("run", "flow", "status", "started", "took", "trigger", "error")
_STATUSES = ("Running", "Waiting", "Succeeded", "Failed", "Cancelled", "TimedOut")
WAIT = click.option("--wait", is_flag=True, help="Follow the run to its end; the exit code is the run's.")
INPUT = click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input of an instant flow."
)
BODY = click.option("--body", help="The trigger's body, as JSON.")
OUTPUTS = click.option(
    "--outputs", help="Everything that the trigger gives, as JSON: an object with its body."
)


@click.command(
    "runs",
    cls=Command,
    examples=[
        "deskhand cloudflow runs Orders",
        "deskhand cloudflow runs Orders --status Failed --since 24h",
        "deskhand cloudflow runs --tracked orderId=4711 -o json",
    ],
)
@click.argument("name", required=False)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(_STATUSES, case_sensitive=False),
    help="Only runs that stand so; may be given more than once.",
)
@click.option("--since", type=Duration(), help="Only runs that began in this last time, such as 24h.")
@click.option("--tracked", multiple=True, metavar="NAME=VALUE", help="Only runs with this tracked property.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many at most."
)
@QUIET
@OUTPUT
@DATA
def list_runs(
    name: str | None,
    statuses: tuple[str, ...],
    since: timedelta | None,
    tracked: tuple[str, ...],
    limit: int,
    quiet: bool,
    form: str,
    data: Path,
) -> None:
    """List runs of a cloud flow, or of all, the newest first."""
    from deskhand.server.cloud_runs import list_cloud_runs
    from deskhand.server.installation import Installation

    properties = _pairs(tracked, "--tracked")
    with Installation.open(data) as installation:
        workflow_id = None if name is None else find_cloud_flow(installation, name)["workflowid"]
        begin = installation.clock.now() - since if since else None
        found = installation.database.read(
            lambda tx: list_cloud_runs(
                tx, workflow_id, statuses=statuses, since=begin, tracked=properties, limit=limit
            )
        )
    if quiet:
        for row in found:
            click.echo(row["run"])
        return
    shown = [{**row, **_cells(row)} for row in found] if form == "table" else found
    filtered = bool(statuses or since or tracked)
    empty = "No run matches." if filtered else "No run yet. Start one: deskhand cloudflow run FLOW"
    write_rows(shown, form, _COLUMNS, empty=empty)


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    from deskhand.server.cloud_runs import SHOWN_STATUS

    return {
        "status": SHOWN_STATUS.get(row["status"], row["status"]),
        "started": plain(row["starttime"]),
        "took": duration(row["duration"]),
        "trigger": row["triggertype"],
        "error": row["errorcode"],
    }


@click.group("run", cls=Group, default="start")
def run() -> None:
    """Start a run of a cloud flow, show it, follow it."""


@run.command(
    "start",
    examples=[
        'deskhand cloudflow run "Approve invoice" --input Amount=12.5 --wait',
        "deskhand cloudflow run Orders --body '{\"id\": 7}'",
        'deskhand cloudflow run Sorting --outputs \'{"body": {"Subject": "Invoice"}}\'',
    ],
)
@click.argument("name")
@INPUT
@BODY
@OUTPUTS
@WAIT
@DATA
def start(
    name: str, inputs: tuple[str, ...], body: str | None, outputs: str | None, wait: bool, data: Path
) -> int:
    """Start a run of a cloud flow that is on, and print the run's name. The word ‘start’ may be left out.

    With --outputs a flow runs whose trigger does not fire here: a trigger that is not supported, or one that
    waits for what has not happened yet.
    """
    from deskhand.cloudflows.called import read_called

    given = _given(inputs, body, outputs)

    def act(tx: Transaction, flows: CloudFlows, workflow_id: UUID, user_id: UUID) -> list[RunState]:
        return _start(tx, flows, read_called(tx, flows.programs, workflow_id, None), user_id, given)

    return _begin(data, lambda installation: find_cloud_flow(installation, name)["workflowid"], act, wait)


@run.command(
    "show", examples=["deskhand cloudflow run show 14CU00", "deskhand cloudflow run show 14CU00 -o json"]
)
@click.argument("name")
@CONTENT
@DATA
def show(name: str, form: str, data: Path) -> None:
    """Show a run: its trigger, its actions with what they returned, and why it waits."""
    from deskhand.server.cloud import cloud_flows_of
    from deskhand.server.cloud_runs import show_cloud_run
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        flows = cloud_flows_of(installation)
        run_id = find_run(installation, name)
        shown = installation.database.read(lambda tx: show_cloud_run(tx, run_id, flows.seals, flows.programs))
    if shown is None:
        raise NotFound("run", name)
    write_page(shown, form, run_page)


@run.command("tail", examples=["deskhand cloudflow run tail 14CU00"])
@click.argument("name")
@DATA
def tail(name: str, data: Path) -> int:
    """Follow a run: its actions as they end, then the verdict; the exit code is the run's."""
    from deskhand.server.cloud import cloud_flows_of
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        return _follow(installation, cloud_flows_of(installation), find_run(installation, name), name)


@click.command(
    "cancel",
    cls=Command,
    examples=["deskhand cloudflow cancel 14CU00", "deskhand cloudflow cancel 14CU00 --wait"],
)
@click.argument("run_name", metavar="RUN")
@click.option("--wait", is_flag=True, help="Wait until it has ended.")
@DATA
def cancel(run_name: str, wait: bool, data: Path) -> int:
    """Cancel a run that waits or runs, with the desktop flow that it waits for."""
    from deskhand.cloudflows.resubmission import cancel as cancel_run
    from deskhand.server.cloud import cloud_flows_of
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        run_id = find_run(installation, run_name)
        installation.database.write(lambda tx: cancel_run(tx, run_id))
        if wait:
            code = _follow(installation, cloud_flows_of(installation), run_id, run_name)
            return 0 if code == EXITS["Cancelled"] else code
    click.echo(f"Cancel requested; watch it with: deskhand cloudflow run tail {run_name}", err=True)
    return 0


@click.command(
    "resubmit",
    cls=Command,
    examples=["deskhand cloudflow resubmit 14CU00", "deskhand cloudflow resubmit 14CU00 --wait"],
)
@click.argument("run_name", metavar="RUN")
@WAIT
@DATA
def resubmit(run_name: str, wait: bool, data: Path) -> int:
    """Repeat a run whole: its trigger's outputs start one of the flow's present definition."""
    from deskhand.cloudflows.resubmission import resubmit as resubmit_run

    def act(tx: Transaction, flows: CloudFlows, run_id: UUID, user_id: UUID) -> list[RunState]:
        return [resubmit_run(tx, flows.programs, flows.seals, run_id, by=user_id)]

    return _begin(data, lambda installation: find_run(installation, run_name), act, wait)


@click.command(
    "resume",
    cls=Command,
    examples=[
        "deskhand cloudflow resume 14CU00 --wait",
        "deskhand cloudflow resume 14CU00 --action Book --current",
    ],
)
@click.argument("run_name", metavar="RUN")
@click.option(
    "--action", "actions", multiple=True, help="A failed action to do again; all of them if not given."
)
@click.option("--current", is_flag=True, help="Go on with the flow's present definition.")
@WAIT
@DATA
def resume(run_name: str, actions: tuple[str, ...], current: bool, wait: bool, data: Path) -> int:
    """Go on from a run that has failed: nothing that had succeeded is done again."""
    from deskhand.cloudflows.resubmission import resume as resume_run

    def act(tx: Transaction, flows: CloudFlows, run_id: UUID, user_id: UUID) -> list[RunState]:
        programs, seals = flows.programs, flows.seals
        return [resume_run(tx, programs, seals, run_id, by=user_id, actions=actions, current=current)]

    return _begin(data, lambda installation: find_run(installation, run_name), act, wait)


@click.command(
    "test",
    cls=Command,
    examples=[
        "deskhand cloudflow test Orders --body '{\"id\": 7}'",
        'deskhand cloudflow test "Approve invoice" --input Amount=12.5',
    ],
)
@click.argument("name")
@INPUT
@BODY
@OUTPUTS
@DATA
def test(name: str, inputs: tuple[str, ...], body: str | None, outputs: str | None, data: Path) -> int:
    """Try a cloud flow out as it stands, even if it is off, and follow it; the exit code is the run's."""
    from deskhand.cloudflows.called import read_to_test

    given = _given(inputs, body, outputs)

    def act(tx: Transaction, flows: CloudFlows, workflow_id: UUID, user_id: UUID) -> list[RunState]:
        called = read_to_test(tx, flows.programs, workflow_id, None)
        return _start(tx, flows, called, user_id, given, is_test=True)

    return _begin(data, lambda installation: find_cloud_flow(installation, name)["workflowid"], act, True)


Act = Callable[["Transaction", "CloudFlows", UUID, UUID], "list[RunState]"]
"""Starts runs: of the flow or from the run of an id, for a user."""


def _begin(data: Path, find: Callable[[Installation], UUID], act: Act, wait: bool) -> int:
    """Start runs; print their names, or follow them."""
    from deskhand.identity.accounts import load_installation
    from deskhand.server.cloud import cloud_flows_of
    from deskhand.server.installation import Installation

    with Installation.open(data) as installation:
        flows = cloud_flows_of(installation)
        found_id = find(installation)
        administrator = installation.database.read(load_installation).administrator_id
        started = installation.database.write(lambda tx: act(tx, flows, found_id, administrator))
        for one in started:
            click.echo(one.name, err=wait)
        if not started:
            click.echo(
                "Nothing started: the trigger's conditions are not met, or it splits nothing.", err=True
            )
        codes = [_follow(installation, flows, one.id, one.name) for one in started if wait]
        return max(codes, default=0)


def _follow(installation: Installation, flows: CloudFlows, run_id: UUID, name: str) -> int:
    from deskhand.server.installation import is_served

    if not is_served(installation):
        click.echo(
            "No server works on this installation, so that runs only wait. Start one: deskhand up", err=True
        )
    try:
        return follow(installation, flows, run_id)
    except KeyboardInterrupt:
        click.echo(f"The run goes on; come back with: deskhand cloudflow run tail {name}", err=True)
        raise


@dataclass(frozen=True, slots=True)
class Given:
    """What a trigger is to give: inputs by their names, a body, or everything."""

    inputs: Mapping[str, str]
    body: Any
    has_body: bool
    outputs: Mapping[str, Any] | None


def _given(inputs: tuple[str, ...], body: str | None, outputs: str | None) -> Given:
    if sum(one is not None for one in (inputs or None, body, outputs)) > 1:
        raise click.UsageError("Give --input, --body or --outputs, and only one of them.")
    whole = _json(outputs, "--outputs")
    if outputs is not None and not isinstance(whole, dict):
        raise click.BadParameter("it has to be an object.", param_hint="--outputs")
    return Given(_pairs(inputs, "--input"), _json(body, "--body"), body is not None, whole)


def _start(
    tx: Transaction, flows: CloudFlows, called: Called, user_id: UUID, given: Given, *, is_test: bool = False
) -> list[RunState]:
    from deskhand.cloudflows.manual import button_body, button_outputs, start_by_hand

    outputs: Any = given.outputs
    if outputs is None:
        sent = given.body if given.has_body else button_body(called.trigger, given.inputs)
        outputs = button_outputs(tx, user_id, sent, tx.now)
    return start_by_hand(tx, called, user_id, outputs, flows.seals, is_test=is_test)


def _pairs(texts: tuple[str, ...], option: str) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{text}: write NAME=VALUE.", param_hint=option)
        given[name] = value
    return given


def _json(text: str | None, option: str) -> Any:
    try:
        return None if text is None else json.loads(text)
    except ValueError as error:
        raise click.BadParameter(f"it is no JSON: {error}.", param_hint=option) from error
