"""``deskhand cloudflow``: cloud flows and their expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskhand.cli.cloudflow_check import check
from deskhand.cli.cloudflow_export import export
from deskhand.cli.cloudflow_runs import cancel, list_runs, resubmit, resume, run, test
from deskhand.cli.cloudflow_show import list_flows, show
from deskhand.cli.cloudflow_switch import off, on, share, url
from deskhand.cli.commands import Group
from deskhand.cli.flow_import import import_
from deskhand.core.clock import SystemClock
from deskhand.core.errors import DeskhandError

if TYPE_CHECKING:
    from deskhand.wdl.scope import StaticScope

_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonFileUnreadable(DeskhandError):
    """A file that should hold JSON cannot be read, or holds something else."""

    code = "DH6013"
    exit_code = 2

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"‘{path}’ cannot be read as JSON: {problem}.")
        self.path = path


@click.group(cls=Group)
def cloudflow() -> None:
    """Cloud flows."""


_COMMANDS: tuple[click.Command, ...] = (
    list_flows, show, import_, export, check, on, off, url, share,
    run, test, list_runs, cancel, resubmit, resume,
)  # fmt: skip
for _command in _COMMANDS:
    cloudflow.add_command(_command)


@cloudflow.command(
    "eval",
    examples=[
        "deskhand cloudflow eval \"concat('a', 'b')\"",
        "deskhand cloudflow eval \"variables('Total')\" --context values.json",
    ],
)
@click.argument("expression", required=False)
@click.option(
    "--context",
    "context_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A JSON file with variables, parameters, outputs (by action name), trigger.",
)
@click.option(
    "--batch",
    "batch_file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Evaluate each line of a file, and print a JSON object for each.",
)
@click.option("--templates", is_flag=True, help="Take JSON values as they stand in a definition.")
def evaluate(
    expression: str | None, context_file: Path | None, batch_file: Path | None, templates: bool
) -> None:
    """Evaluate an expression, given without its leading @.

    Prints the value as JSON. Without --context there are no variables, parameters, outputs or trigger.
    """
    if (expression is None) == (batch_file is None):
        raise click.UsageError("Give either an expression or --batch FILE.")
    scope = _scope(context_file)
    if batch_file is not None:
        for line in _lines(batch_file):
            click.echo(_result(line, scope, templates))
        return
    from deskhand.wdl.errors import ExpressionError

    try:
        click.echo(_printed(_evaluate(str(expression), scope, templates)))
    except ExpressionError as error:
        click.echo(_SURROGATE.sub("\ufffd", error.message), err=True)
        click.get_current_context().exit(1)


def _scope(path: Path | None) -> StaticScope:
    from deskhand.wdl.context import read_context

    context = {} if path is None else _read_json(path)
    return read_context(context, SystemClock().now())


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        raise JsonFileUnreadable(path, str(problem)) from problem
    except RecursionError:
        raise JsonFileUnreadable(path, "it is nested too deeply") from None


def _lines(path: Path) -> Iterator[str]:
    with click.open_file(str(path), encoding="utf-8-sig") as lines:
        for line in lines:
            yield line.rstrip("\r\n")


def _evaluate(text: str, scope: StaticScope, templates: bool) -> Any:
    from deskhand.wdl.evaluator import evaluate_template, evaluate_text

    return evaluate_template(_template(text), scope) if templates else evaluate_text(text, scope)


def _template(text: str) -> Any:
    from deskhand.wdl.errors import TemplateUnreadable

    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise TemplateUnreadable(str(problem)) from problem


def _result(line: str, scope: StaticScope, templates: bool) -> str:
    from deskhand.wdl.errors import ExpressionError

    try:
        return f'{{"value": {_printed(_evaluate(line, scope, templates))}}}'
    except ExpressionError as error:
        return f'{{"error": {_printed(error.message)}}}'


def _printed(value: Any) -> str:
    """Return a value as JSON; half a surrogate pair, which no encoding has, stays escaped."""
    from deskhand.wdl.values import write_json

    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", write_json(value))
