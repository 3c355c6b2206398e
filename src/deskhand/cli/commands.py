"""What every command of ours has: examples, which its help begins with, and a guess at misspelt names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from deskhand.core.errors import did_you_mean


class Command(click.Command):
    """A command whose help begins with examples.

    Args:
        *args: What any command takes.
        examples: Command lines that can be copied, each with an optional remark after `` # ``.
        **kwargs: What any command takes.
    """

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then the rest."""
        _write_examples(formatter, self.examples)
        super().format_help(ctx, formatter)


class Group(click.Group):
    """A noun: its verbs are :class:`Command`; its help begins with an example of each.

    Args:
        *args: What any group takes.
        default: The verb that is meant where what follows is none.
        **kwargs: What any group takes.
    """

    command_class = Command

    def __init__(self, *args: Any, default: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the verb that is meant before arguments that begin with none."""
        if self.default and args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first example of each verb, then the rest."""
        verbs = [self.get_command(ctx, name) for name in self.list_commands(ctx)]
        examples = [verb.examples[0] for verb in verbs if isinstance(verb, Command) and verb.examples]
        _write_examples(formatter, examples)
        super().format_help(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of their declaration."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a verb; suggest the nearest one for a name that does not exist."""
        names = self.list_commands(ctx)
        if args and args[0] not in names and not args[0].startswith("-"):
            ctx.fail(f"There is no command ‘{ctx.command_path} {args[0]}’{did_you_mean(args[0], names)}")
        return super().resolve_command(ctx, args)


def _write_examples(formatter: click.HelpFormatter, examples: Sequence[str]) -> None:
    if not examples:
        return
    with formatter.section("Examples"):
        for example in examples:
            formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
    formatter.write_paragraph()
