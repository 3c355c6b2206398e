"""Every command and option says what it is for, help begins with examples, and pages name what exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from deskhand.cli import COMMANDS, deskhand
from deskhand.cli.commands import Command, Group

ROOT = Path(__file__).resolve().parents[2]
# The map of the house also names commands that are still to come.
PLANS = ROOT / "docs" / "topics" / "architecture.md"
PAGES = [ROOT / "README.md", ROOT / "samples" / "README.md", *sorted((ROOT / "docs").glob("*/*.md"))]
EXAMPLE = re.compile(r"^\$ (deskhand .+?)(?:\s+#.*)?$|`(deskhand [a-z][^`]*)`", re.MULTILINE)


def verbs(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, info_name="deskhand")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from verbs(command, f"{before}{name} ")
        elif command is not None:
            yield f"{before}{name}", command


VERBS = dict(verbs(deskhand))


@pytest.mark.parametrize("name", VERBS)
def test_every_command_and_option_has_help(name: str) -> None:
    command = VERBS[name]
    silent = [
        one.name
        for one in command.params
        if isinstance(one, click.Option) and not one.help and not one.hidden
    ]

    assert command.help
    assert silent == []


@pytest.mark.parametrize("name", VERBS)
def test_help_begins_with_examples_of_the_command_itself(name: str) -> None:
    command = VERBS[name]
    printed = CliRunner().invoke(deskhand, [*name.split(), "--help"])

    assert isinstance(command, Command)
    assert command.examples
    assert printed.output.startswith(f"Examples:\n  {command.examples[0]}\n")
    assert [one for one in command.examples if _meant(one) is not command] == []


def test_every_line_of_the_command_list_is_true() -> None:
    promised = {
        name: re.findall(r"[\w-]+", text.partition(": ")[2])
        for name, (_, _, text) in COMMANDS.items()
        if ": " in text
    }
    groups = {
        name: sorted({verb.split()[1] for verb in VERBS if verb.startswith(f"{name} ")}) for name in promised
    }

    assert {name: sorted(verbs) for name, verbs in promised.items() if groups.get(name)} == {
        name: verbs for name, verbs in groups.items() if verbs
    }


@pytest.mark.parametrize(
    "page", [one for one in PAGES if one != PLANS], ids=lambda page: str(page.relative_to(ROOT))
)
def test_commands_that_pages_show_exist_with_their_options(page: Path) -> None:
    lines = [first or second for first, second in EXAMPLE.findall(page.read_text(encoding="utf-8"))]

    assert [line for line in lines if not _is_known(line)] == []


def _is_known(line: str) -> bool:
    command = _meant(line)
    if command is None:
        return False
    options = {name for one in command.params for name in one.opts} | {"--help"}
    given = re.findall(r"(?<=\s)(--?[a-z][a-z-]*)", line)
    return set(given) <= options


def _meant(line: str) -> click.Command | None:
    """Return the command that a line calls, through the groups it names."""
    command: click.Command = deskhand
    for word in shlex.split(line, comments=True)[1:]:
        if not isinstance(command, click.Group):
            return command
        found = command.get_command(click.Context(command), word)
        if found is None:
            return command.commands.get(command.default or "") if isinstance(command, Group) else None
        command = found
    return command


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        (str(page.relative_to(ROOT)), target)
        for page in [*PAGES, ROOT / "CONTRIBUTING.md"]
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
