"""Finds the database behind an address."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from deskhand.core.clock import Clock
from deskhand.store.database import Database
from deskhand.store.errors import DatabaseAddressUnknown
from deskhand.store.sqlite import SqliteDatabase

_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def open_database(address: str | Path, clock: Clock) -> Database:
    """Open a database; :meth:`~deskhand.store.database.Database.migrate` makes its schema ready.

    Args:
        address: A file for SQLite, as a path or ``sqlite:///path``, or a ``postgresql://`` URL.
        clock: The time that transactions carry.

    Raises:
        DatabaseAddressUnknown: The address is a URL of some other kind.
        DatabaseUnreachable: The file cannot be opened.
    """
    if isinstance(address, Path) or "://" not in address:
        return SqliteDatabase(Path(address), clock)
    url = sa.make_url(address)
    if url.drivername in _POSTGRESQL:
        # Imported here because most installations never load the driver.
        from deskhand.store.postgresql import PostgresqlDatabase

        return PostgresqlDatabase(url, clock)
    if url.drivername == "sqlite" and url.database:
        return SqliteDatabase(Path(url.database), clock)
    raise DatabaseAddressUnknown(url.drivername)
