"""The ``deskhand`` command: one file for each noun. No logic; parses arguments, prints.

Source: experience 8.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback

import click

from deskhand import __version__
from deskhand.cli.commands import Group
from deskhand.cli.mishaps import FileTrouble, Unforeseen, exit_code_of
from deskhand.cli.output import paragraph
from deskhand.core.errors import DeskhandError

INTERRUPTED = 130

COMMANDS = {
    "up": ("serve", "up", "Start everything here: server and this machine's agent."),
    "serve": ("serve", "serve", "Start the server alone."),
    "run": ("local_run", "run", "Run a desktop flow here and now, without a server."),
    "check": ("check", "check", "Check desktop flows and list every problem."),
    "format": ("check", "fmt", "Write desktop flows in their canonical form."),
    "import": ("flow_import", "import_", "Import flows: solutions, packages, projects, folders, files."),
    "flow": (
        "flow",
        "flow",
        "Desktop flows: list, show, run, check, fmt, import, export, publish, copy, delete, share.",
    ),
    "cloudflow": (
        "cloudflow",
        "cloudflow",
        "Cloud flows: list, show, import, export, check, on, off, url, share, run, test, runs, cancel, "
        "resubmit, resume, eval.",
    ),
    "runs": ("runs", "runs", "Desktop flow runs: list, show, tail, cancel."),
    "machine": ("machine", "machine", "Machines: list, register, run, share, token."),
    "connection": (
        "connection",
        "connection",
        "Connections: list, add, new, show, test, update, share, delete, references, reference, bind.",
    ),
    "credential": ("credential", "credential", "Credentials: list, add, rotate, remove, share."),
    "connector": (
        "connector",
        "connector",
        "Connectors: list, show, add, delete, redirect, redirects, forget.",
    ),
    "approvals": ("approvals", "approvals", "Questions of cloud flows: list, show, answer."),
    "notifications": ("approvals", "notifications", "List what cloud flows have told somebody."),
    "token": ("account", "token", "Bearer tokens for scripts: new, list, revoke."),
    "user": ("account", "user", "People: add, list, grant, revoke, password, link, disable, enable."),
    "role": ("account", "role", "Security roles: list."),
    "app": ("account", "app", "Applications that call the Web API: add, list."),
    "config": ("config", "config", "Settings: show."),
    "help": ("config", "help_", "Explain an error code, or a command."),
    "version": ("config", "version", "Print the version."),
}
"""Command name to (module, attribute, one line of help); modules load when they are used."""


class Deskhand(Group):
    """The command group; it imports a command's module only when that command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of everyday use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"deskhand.cli.{module}"), attribute)
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, whose text begins with examples."""
        click.Group.format_help(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(cls=Deskhand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="deskhand")
def deskhand() -> None:
    """An open, self-hosted home for Power Automate desktop flows.

    \b
    deskhand up                              start here; prints what to do next
    deskhand import Solution.zip             bring your flows
    deskhand run hello.robin --input A=1     run one without any server
    """


def main() -> None:
    """Run the command line; whatever goes wrong becomes a few lines and an exit code."""
    sys.exit(_run())


def _run() -> int:
    try:
        code = deskhand.main(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except DeskhandError as error:
        return _tell(error)
    except OSError as error:
        return _tell(FileTrouble(error))
    except Exception as error:
        if os.environ.get("DESKHAND_LOG_LEVEL", "").upper() == "DEBUG":
            traceback.print_exc()
        return _tell(Unforeseen(error))
    return code if isinstance(code, int) else 0


def _tell(error: DeskhandError) -> int:
    """Print an error, a list of findings below its code; return the exit code."""
    message = paragraph(error.message)
    between = "\n" if "\n" in message else " "
    click.echo(f"{error.code}{between}{message}", err=True)
    return exit_code_of(error)
