"""Brings a database's schema to the newest revision."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from deskhand.store.errors import SchemaTooNew

REVISIONS = tuple(f"{number:04}" for number in range(1, 15))
"""Every revision there is, oldest first."""

_VERSION = sa.table("alembic_version", sa.column("version_num"))
_SCRIPTS = Path(__file__).parent / "migrations"


def is_current(connection: sa.Connection) -> bool:
    """Return whether there is nothing to migrate; needs no lock."""
    return _revision(connection) == REVISIONS[-1]


def upgrade(connection: sa.Connection, address: str) -> str:
    """Run the revisions that a database lacks and return the newest one.

    The caller holds a lock that keeps other processes from doing the same, and commits.

    Args:
        connection: A connection with an open transaction.
        address: The database's address, for messages.

    Raises:
        SchemaTooNew: A newer Deskhand was here before.
    """
    found = _revision(connection)
    if found is not None and found not in REVISIONS:
        raise SchemaTooNew(address, found, REVISIONS[-1])
    if found != REVISIONS[-1]:
        _run_alembic(connection)
    return REVISIONS[-1]


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(sa.select(_VERSION.c.version_num)).scalar()


def _run_alembic(connection: sa.Connection) -> None:
    # Imported here because most starts find nothing to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
