"""The generated reference of the command line, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import cleandoc

import click
from reference import as_code, as_page, as_table

from deskhand.cli import deskhand
from deskhand.cli.commands import Command

EXIT_CODES = (
    ("0", "ok"),
    ("1", "it ran and failed: a flow, a check"),
    ("2", "wrong usage"),
    ("3", "not found"),
    ("4", "not signed in, or not allowed"),
    ("5", "a server, a machine or a port is not to be had"),
    ("6", "conflict: changed meanwhile, or there already"),
    ("7", "out of time"),
    ("8", "cancelled"),
    ("130", "interrupted"),
)


def cli_page() -> str:
    """Return every command with its examples, arguments and options."""
    return as_page(
        "# Command line",
        "Results go to standard output, progress and errors to standard error. `-o json`, `ndjson` and `csv` "
        "are stable contracts for scripts, and `--quiet` prints ids only. Where a name or an id is asked "
        "for, its beginning is enough if nothing else begins so. Nothing asks a question where standard "
        "input is no terminal. The data directory comes from `--data` or the variable `DESKHAND_DATA`.",
        "## Exit codes",
        as_table(["Code", "Meaning"], EXIT_CODES),
        *_sections(),
    )


def _sections() -> Iterator[str]:
    for path, command in commands():
        yield f"## {path}"
        yield cleandoc(command.help or "").replace("\b\n", "").replace("``", "`")
        if isinstance(command, Command) and command.examples:
            lines = "\n".join(f"$ {example}" for example in command.examples)
            yield f"```console\n{lines}\n```"
        rows = [*_parameters(command)]
        if rows:
            yield as_table(["Argument or option", "Default", "Meaning"], rows)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words that call it."""
    context = click.Context(deskhand, info_name="deskhand")
    yield from _below(deskhand, context)


def _below(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _below(command, inner)
        else:
            yield inner.command_path, command


def _parameters(command: click.Command) -> Iterable[list[str]]:
    for one in command.params:
        if isinstance(one, click.Option):
            if not one.hidden:
                yield [_names(one), _default(one), one.help or ""]
        else:
            needed = "" if one.required else " (may be left out)"
            yield [as_code(one.make_metavar(click.Context(command))) + needed, "", ""]


def _names(option: click.Option) -> str:
    value = "" if option.is_flag else option.make_metavar(click.Context(click.Command("any")))
    return as_code(f"{', '.join(option.opts)} {value.replace('INTEGER RANGE', 'N')}".strip())


def _default(option: click.Option) -> str:
    if isinstance(option.show_default, str):
        return as_code(option.show_default)
    if option.required:
        return "*required*"
    is_plain = isinstance(option.default, str | int) and not (option.is_flag or option.multiple)
    return as_code(str(option.default)) if is_plain else ""
