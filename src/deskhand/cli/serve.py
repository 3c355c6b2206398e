"""``deskhand up`` and ``deskhand serve``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from deskhand.cli.commands import Command
from deskhand.cli.options import DATA

if TYPE_CHECKING:
    from deskhand.server.binding import Binding
    from deskhand.server.installation import Installation
    from deskhand.server.serve import Stop

F = TypeVar("F", bound=Callable[..., object])
PEM = click.Path(exists=True, dir_okay=False, path_type=Path)


def _address(command: F) -> F:
    """Add the options of where to listen."""
    for option in (
        click.option(
            "--behind-proxy", is_flag=True, help="A proxy in front does TLS; believe its forwarding headers."
        ),
        click.option("--tls-key", type=PEM, help="The certificate's private key, PEM."),
        click.option("--tls-cert", type=PEM, help="The certificate chain, PEM."),
        click.option(
            "--port",
            type=click.IntRange(0, 65535),
            default=8430,
            show_default=True,
            help="0 picks a free one.",
        ),
        click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    ):
        command = option(command)
    return command


def _binding(
    host: str, port: int, tls_cert: Path | None, tls_key: Path | None, behind_proxy: bool
) -> Binding:
    from deskhand.server.binding import Binding

    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key belong together.")
    return Binding(host, port, tls_cert, tls_key, behind_proxy)


@click.command(
    cls=Command,
    examples=[
        "deskhand serve",
        "deskhand serve --host 0.0.0.0 --port 443 --tls-cert chain.pem --tls-key key.pem",
        "deskhand serve --host 0.0.0.0 --behind-proxy",
    ],
)
@_address
@DATA
def serve(
    host: str, port: int, tls_cert: Path | None, tls_key: Path | None, behind_proxy: bool, data: Path
) -> None:
    """Start the server alone; machines connect to it with ``deskhand machine run``."""
    with _served(data, _binding(host, port, tls_cert, tls_key, behind_proxy)) as (_, _, stop):
        click.echo("  Ctrl+C stops it; runs that wait or run are kept.")
        stop.wait()


@click.command(cls=Command, examples=["deskhand up", "deskhand up --data ~/try --port 8431"])
@_address
@DATA
def up(
    host: str, port: int, tls_cert: Path | None, tls_key: Path | None, behind_proxy: bool, data: Path
) -> None:
    """Start everything here: server and this machine's agent. Asks nothing; makes what is missing."""
    from deskhand.server.first_start import sign_in_link
    from deskhand.server.this_machine import agent_running

    binding = _binding(host, port, tls_cert, tls_key, behind_proxy)
    with _served(data, binding) as (installation, url, stop), agent_running(installation, url, binding):
        capacity = installation.settings.session_capacity
        click.echo(f"  ✓ machine       this machine: {capacity} runs at a time")
        click.echo(f"  Open {sign_in_link(installation, url, binding)}  (signs you in once, valid 10 min)")
        click.echo("  Next: deskhand flow list · deskhand token new me · deskhand runs list")
        click.echo("  Ctrl+C stops everything; running flows are asked to stop first.")
        stop.wait()


@contextlib.contextmanager
def _served(data: Path, binding: Binding) -> Iterator[tuple[Installation, str, Stop]]:
    """Open an installation, serve it, and say so line by line."""
    from deskhand.cli.lasting import keep_for_good
    from deskhand.core import log
    from deskhand.server.first_start import ensure_start
    from deskhand.server.installation import Installation, sole_server
    from deskhand.server.serve import running, stop_signals

    began = time.monotonic()
    # What a person can have got wrong comes first: nothing is made for a server that cannot listen.
    with (
        stop_signals() as stop,
        sole_server(data),
        binding.listen() as listener,
        Installation.open(data, create=True) as installation,
    ):
        log.configure(installation.settings.log_level)
        start = ensure_start(installation)
        kind = "postgresql" if installation.settings.database_url else "sqlite"
        took = time.monotonic() - began
        click.echo(f"  ✓ database      {kind}, revision {installation.database.migrate()}, {took:.1f} s")
        if start.is_first:
            click.echo(f"  ✓ new           {data}: administrator, this machine, samples")
        with running(installation, binding, listener, stop.set) as url:
            click.echo(f"  ✓ web           {url}")
            click.echo(f"  ✓ connection    {start.connection_name}   (the connectionName of this machine)")
            keep_for_good()
            yield installation, url, stop
            click.echo("  Stopping.")
