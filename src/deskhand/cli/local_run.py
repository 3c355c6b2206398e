"""``deskhand run``: a flow here and now, without a server."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from deskhand.cli.commands import Command
from deskhand.cli.imported import imported_flows
from deskhand.cli.options import DATA
from deskhand.cli.output import CONTENT, choose, paragraph, safe, write_content
from deskhand.cli.rendering import action_line, duration
from deskhand.core.errors import DeskhandError, did_you_mean
from deskhand.core.ids import stable_id
from deskhand.core.log import MASK

if TYPE_CHECKING:
    from deskhand.protocol.messages import ActionRow, Finished, Flow
    from deskhand.server.reading import CheckedFlow
    from deskhand.solutions.content import DesktopFlow

EXITS = {"succeeded": 0, "timed out": 7, "cancelled": 8}
_NUMBER = re.compile(r"[+-]?\d{1,28}(\.\d{1,28})?\Z", re.ASCII)


class BadInput(DeskhandError):
    """An ``--input`` is not NAME=VALUE, or names an input twice."""

    code = "DH0150"
    exit_code = 2

    def __init__(self, text: str, problem: str) -> None:
        super().__init__(f"--input {text}: {problem}. Write NAME=VALUE, or NAME=@FILE to read the value.")


class UnknownInput(DeskhandError):
    """An ``--input`` names none of the flow's inputs. ``deskhand flow show FLOW`` lists what a flow takes."""

    code = "DH0153"
    exit_code = 2

    def __init__(self, flow: str, name: str, known: Sequence[str]) -> None:
        takes = f"It takes {', '.join(known)}." if known else "It takes none."
        hint = did_you_mean(name, known) or "."
        super().__init__(f"‘{flow}’ did not begin: it has no input ‘{name}’{hint} {takes}")


class InputsMissing(DeskhandError):
    """Inputs without which the flow cannot run were not given.

    A fragment from the clipboard declares nothing: the variables that nothing in it sets are taken
    for its inputs.
    """

    code = "DH0152"
    exit_code = 2

    def __init__(self, flow: str, names: Sequence[str], *, is_fragment: bool) -> None:
        listed = ", ".join(f"‘{name}’" for name in names)
        given = " ".join(f"--input {name}=…" for name in names)
        why = "nothing in it sets" if is_fragment else "it takes"
        super().__init__(f"‘{flow}’ did not begin: {why} {listed}. Give a value: {given}")


@dataclass(frozen=True, slots=True)
class Choice:
    """The flow to run, and those that it may call."""

    flow: CheckedFlow
    children: Sequence[Flow]


@click.command(
    "run",
    cls=Command,
    examples=[
        "deskhand run hello.robin --input Name=Ada",
        "deskhand run flows/invoice --input Password=@secret.txt",
        "deskhand run Finance_1_2_0_4.zip --flow 'Invoice entry' -o json",
        "deskhand run Hello  # an imported flow",
    ],
)
@click.argument("source")
@click.option(
    "--input",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for an input; @FILE reads it from a file. May be repeated.",
)
@click.option("--flow", "chosen", help="Which flow, where SOURCE is a solution with several.")
@click.option("--timeout", type=click.IntRange(1), help="Seconds after which it is stopped.")
@click.option(
    "--working-directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    show_default="here",
    help="The folder that relative paths start from.",
)
@CONTENT
@DATA
def run(
    source: str,
    given: tuple[str, ...],
    chosen: str | None,
    timeout: int | None,
    working_directory: Path,
    form: str,
    data: Path,
) -> int:
    """Run a flow here and now, without a server.

    SOURCE is a flow folder, a Robin text, a solution .zip, or the name of an imported flow. The exit
    code is 0 when it succeeded, 1 when it failed, 7 when its time was up.
    """
    from deskhand.agent.local import run_locally
    from deskhand.core.settings import Settings

    settings = Settings.load(data)
    choice = _choice(source, chosen, data)
    inputs = _inputs(given)
    flow = _ready(choice.flow, inputs)
    if form == "table":
        click.echo(f"▶ {safe(flow.name)}", err=True)
    began = time.monotonic()
    events = run_locally(
        _sent(flow),
        inputs,
        settings,
        children=choice.children,
        working_directory=working_directory,
        timeout_seconds=timeout,
    )
    with contextlib.closing(events):
        ended = _follow(events, shown=form == "table")
    return _tell(ended, flow, form, time.monotonic() - began)


def _follow(events: Iterator[ActionRow | Finished], *, shown: bool) -> Finished:
    """Print actions as they happen; return how the run ended."""
    from deskhand.protocol.messages import ActionRow

    for event in events:
        if not isinstance(event, ActionRow):
            return event
        if shown:
            click.echo(action_line(_row(event)), err=True)
    raise click.ClickException("The run ended without a verdict.")


def _choice(source: str, chosen: str | None, data: Path) -> Choice:
    """Return the flow that a person means: in a file or folder, or imported under this name."""
    from deskhand.server.reading import check_text, read_content
    from deskhand.solutions.content import DesktopFlow

    path = Path(source)
    if not source or not path.exists():
        if chosen is not None:
            raise click.UsageError(f"--flow names a flow of a solution, and there is no file {source}.")
        flow, others = imported_flows(source, data)
        return Choice(
            check_text(DesktopFlow(flow.workflow_id, flow.name, definition=flow.definition)), others
        )
    flows = read_content(path).flows
    if chosen is None and len(flows) != 1:
        names = ", ".join(f"‘{safe(one.flow.name)}’" for one in flows)
        raise click.UsageError(f"{source} holds {len(flows)} desktop flows; name one with --flow: {names}")
    rows = [{"workflowid": _id(one.flow), "name": one.flow.name, "flow": one} for one in flows]
    wanted: CheckedFlow = choose("flow", chosen, rows, "workflowid")["flow"] if chosen else flows[0]
    return Choice(wanted, [_sent(one.flow) for one in flows if one is not wanted])


def _id(flow: DesktopFlow) -> UUID:
    return flow.workflow_id or stable_id("flow", flow.name)


def _sent(flow: DesktopFlow) -> Flow:
    """Return a flow as it travels to its process."""
    from deskhand.protocol.messages import Flow

    return Flow(_id(flow), flow.name, flow.definition)


def _ready(checked: CheckedFlow, inputs: Mapping[str, str]) -> DesktopFlow:
    """Return a flow that can begin with these inputs; a fragment's are declared in its text.

    Raises:
        FlowErrors: Its text cannot run.
        UnknownInput: It takes no input of a name that is given.
        InputsMissing: It needs another one.
    """
    from deskhand.robin.checker import FlowErrors

    if checked.open_names:
        checked = _declared(checked, inputs)
    if not checked.runs:
        raise FlowErrors(checked.errors)
    _check_names(checked.flow, inputs)
    return checked.flow


def _declared(fragment: CheckedFlow, inputs: Mapping[str, str]) -> CheckedFlow:
    """Return a fragment with inputs for the variables that nothing in it sets. Source: robin 11."""
    from deskhand.robin.checker import FlowErrors
    from deskhand.robin.semantic_codes import SemanticCode
    from deskhand.server.reading import check_text

    if any(one.code != SemanticCode.UNKNOWN_VARIABLE for one in fragment.errors):
        raise FlowErrors(fragment.errors)
    values = {name.casefold(): value for name, value in inputs.items()}
    missing = [name for name in fragment.open_names if name.casefold() not in values]
    if missing:
        raise InputsMissing(fragment.flow.name, missing, is_fragment=True)
    headers = "".join(_header(name, values[name.casefold()]) for name in fragment.open_names)
    return check_text(
        replace(fragment.flow, definition=headers + fragment.flow.definition, inputs=None, outputs=None)
    )


def _header(name: str, value: str) -> str:
    """Declare an input of the type that its value looks like."""
    return f"@INPUT {name} : {{ 'Description': '', 'FriendlyName': '{name}', 'Type': '{_type_of(value)}' }}\n"


def _type_of(value: str) -> str:
    if _NUMBER.match(value):
        return "Numeric"
    if value.casefold() in ("true", "false"):
        return "Bool"
    try:
        read: object = json.loads(value)
    except (ValueError, RecursionError):
        return "String"
    if isinstance(read, list):
        return "List"
    return "CustomObject" if isinstance(read, dict) else "String"


def _check_names(flow: DesktopFlow, inputs: Mapping[str, str]) -> None:
    from deskhand.orchestrator.parameters import read_schema

    schema = read_schema(flow.inputs, flow.definition)
    if not schema.known:
        return
    known = [one.name for one in schema.parameters.values()]
    for name in inputs:
        if name.casefold() not in schema.parameters:
            raise UnknownInput(flow.name, name, known)
    given = {name.casefold() for name in inputs}
    missing = [
        one.name
        for key, one in schema.parameters.items()
        if one.required and one.default is None and key not in given
    ]
    if missing:
        raise InputsMissing(flow.name, missing, is_fragment=False)


def _inputs(given: Iterable[str]) -> dict[str, str]:
    inputs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise BadInput(text, "there is no ‘=’ after a name")
        if name in inputs:
            raise BadInput(f"{name}=…", "this input is given twice")
        inputs[name] = _read_value(name, value[1:]) if value.startswith("@") else value
    return inputs


def _read_value(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{name}=@{path}", f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{name}=@{path}", f"{path} is no UTF-8 text") from error


def _row(row: ActionRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "subflow": row.subflow,
        "line": row.line,
        "action": row.action,
        "summary": row.summary,
        "level": row.level,
        "durationMs": row.duration_ms,
        "error": row.error,
        "inRounds": row.in_rounds,
    }


def _tell(ended: Finished, flow: DesktopFlow, form: str, seconds: float) -> int:
    """Print how a run ended, sensitive outputs masked; return its exit code."""
    from deskhand.orchestrator.parameters import read_schema

    schema = read_schema(flow.outputs, flow.definition)
    outputs = ended.outputs or {}
    result, error = ended.result.value, ended.error
    if form != "table":
        shown = {name: None if schema.hides(name) else value for name, value in outputs.items()}
        told = error and {"code": error.code, "message": error.message}
        write_content({"status": result, "outputs": shown, "error": told}, form)
        return EXITS.get(result, 1)
    took = duration(seconds * 1000)
    if error is not None:
        click.echo(f"✖ {result.capitalize()} after {took}   {safe(error.code)}")
        click.echo("\n".join(f"  {line}" for line in paragraph(error.message).splitlines()))
        return EXITS.get(result, 1)
    click.echo(f"✓ {result.capitalize()} in {took}")
    for name, value in outputs.items():
        text = MASK if schema.hides(name) else json.dumps(value, ensure_ascii=False, default=float)
        click.echo(f"  {safe(name)} = {safe(text)}")
    return EXITS.get(result, 1)
