"""``deskhand config``, ``deskhand help`` and ``deskhand version``."""

from __future__ import annotations

import inspect
import pkgutil
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import click

import deskhand
from deskhand import __version__
from deskhand.cli.options import DATA
from deskhand.cli.output import OUTPUT, NotFound, write_rows
from deskhand.core.errors import did_you_mean, error_classes
from deskhand.core.settings import Settings


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(__version__)


@click.group()
def config() -> None:
    """Settings."""


@config.command("show")
@DATA
@OUTPUT
def show(data: Path, form: str) -> None:
    """List every setting with its value, default and meaning."""
    settings = Settings.load(data)
    rows = [
        {
            "setting": one.name,
            "value": getattr(settings, one.name),
            "default": one.default,
            "meaning": one.metadata["doc"],
        }
        for one in fields(Settings)
    ]
    write_rows(rows, form, ("setting", "value", "default", "meaning"), empty="")


@click.command("help")
@click.argument("code")
def help_(code: str) -> None:
    """Explain an error code, such as DH2104."""
    for module in pkgutil.walk_packages(deskhand.__path__, "deskhand."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    known = {one.code: one for one in error_classes()}
    found = known.get(code.upper())
    if found is None:
        raise NotFound("error code", code, did_you_mean(code.upper(), known))
    click.echo(f"{found.code} {found.__name__}\n\n{inspect.getdoc(found)}")
