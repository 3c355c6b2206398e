"""``deskhand config``, ``deskhand help`` and ``deskhand version``."""

from __future__ import annotations

import inspect
import pkgutil
import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import click

import deskhand
from deskhand import __version__
from deskhand.cli.commands import Command, Group
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, NotFound, write_rows
from deskhand.core.errors import did_you_mean, error_classes
from deskhand.core.log import MASK
from deskhand.core.settings import Settings

_CODE = re.compile(r"DH\d{4}\Z", re.IGNORECASE)


@click.command(cls=Command, examples=["deskhand version"])
def version() -> None:
    """Print the version."""
    click.echo(__version__)


@click.group(cls=Group)
def config() -> None:
    """Settings."""


@config.command("show", examples=["deskhand config show"])
@DATA
@OUTPUT
def show(data: Path, form: str) -> None:
    """List every setting with its value, default and meaning."""
    settings = Settings.load(data)
    rows = [
        {
            "setting": one.name,
            "value": _shown(getattr(settings, one.name)),
            "default": one.default,
            "meaning": one.metadata["doc"],
        }
        for one in fields(Settings)
    ]
    write_rows(rows, form, ("setting", "value", "default", "meaning"), empty="")


def _shown(value: object) -> object:
    """Return a setting's value; a database URL may hold a password, which nobody shall read."""
    return re.sub(r"(?<=://)([^:@/]*):[^@]*@", rf"\1:{MASK}@", value) if isinstance(value, str) else value


@click.command("help", cls=Command, examples=["deskhand help DH2104", "deskhand help flow run"])
@click.argument("words", nargs=-1, metavar="[CODE | COMMAND]")
@click.pass_context
def help_(context: click.Context, words: tuple[str, ...]) -> None:
    """Explain an error code such as DH2104, or a command."""
    parent = context.find_root()
    command = parent.command
    if len(words) == 1 and _CODE.match(words[0]):
        explain(words[0].upper())
        return
    for word in words:
        known = command.list_commands(parent) if isinstance(command, click.Group) else []
        found = command.get_command(parent, word) if isinstance(command, click.Group) else None
        if found is None:
            raise NotFound("error code or command", " ".join(words), did_you_mean(word, known))
        parent, command = click.Context(found, info_name=word, parent=parent), found
    click.echo(command.get_help(parent))


def explain(code: str) -> None:
    """Print the help page of an error code.

    Raises:
        NotFound: There is no such code.
    """
    for module in pkgutil.walk_packages(deskhand.__path__, "deskhand."):
        # Migrations run when they are imported, and so does the command line's entry.
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    known = {one.code: one for one in error_classes() if "code" in vars(one)}
    texts = language_codes()
    if code in texts:
        click.echo(f"{code}\n\n{texts[code]}")
        return
    found = known.get(code)
    if found is None:
        raise NotFound("error code", code, did_you_mean(code, [*known, *texts]))
    click.echo(f"{found.code} {found.__name__}\n\n{inspect.getdoc(found)}")


def language_codes() -> dict[str, str]:
    """Return the codes of diagnostics about flow text with their help."""
    from deskhand.robin import semantic_codes, syntax_codes

    tables = (syntax_codes.EXPLANATIONS, semantic_codes.EXPLANATIONS)
    return {str(code): text for table in tables for code, text in table.items()}
