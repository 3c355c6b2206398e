"""The migrations give both databases the schema that the tables declare."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from deskhand.entities.tables import METADATA
from deskhand.store import migrate
from deskhand.store.errors import SchemaTooNew
from deskhand.store.open import open_database
from tests.clock import StillClock
from tests.contract.places import Place


def _engine(address: str) -> sa.Engine:
    if "://" in address:
        return sa.create_engine(sa.make_url(address).set(drivername="postgresql+psycopg"))
    return sa.create_engine(f"sqlite:///{address}")


def _describe(engine: sa.Engine, ours: frozenset[str]) -> dict[str, Any]:
    inspector = sa.inspect(engine)
    names = set(inspector.get_table_names()) - ours
    return {name: _describe_table(inspector, name) for name in sorted(names)}


def _describe_table(inspector: sa.Inspector, name: str) -> dict[str, Any]:
    columns = {
        column["name"]: (repr(column["type"]), column["nullable"], column["default"])
        for column in inspector.get_columns(name)
    }
    indexes = {
        str(index["name"]): (index["column_names"], bool(index["unique"]))
        for index in inspector.get_indexes(name)
    }
    return {"columns": columns, "indexes": indexes, "key": inspector.get_pk_constraint(name)}


def test_the_migrated_schema_is_the_declared_one(place: Place, address: str, tmp_path: Path) -> None:
    bare = place.create(migrated=False) if "://" in address else str(tmp_path / "declared.db")
    declared, migrated = _engine(bare), _engine(address)
    try:
        METADATA.create_all(declared)
        internal = frozenset({"alembic_version", "versionnumber"})
        assert _describe(migrated, internal) == _describe(declared, frozenset())
    finally:
        declared.dispose()
        migrated.dispose()


def test_migrating_twice_changes_nothing(place: Place) -> None:
    with closing(open_database(place.create(migrated=False), StillClock())) as database:
        assert [database.migrate(), database.migrate()] == [migrate.REVISIONS[-1]] * 2


def test_servers_that_start_together_migrate_once(place: Place) -> None:
    address = place.create(migrated=False)

    def start(_: int) -> str:
        with closing(open_database(address, StillClock())) as database:
            return database.migrate()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(start, range(4))) == [migrate.REVISIONS[-1]] * 4


def test_a_newer_schema_is_refused(address: str) -> None:
    engine = _engine(address)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with (
        closing(open_database(address, StillClock())) as database,
        pytest.raises(SchemaTooNew, match="is at schema revision ‘9999’"),
    ):
        database.migrate()


def test_every_revision_file_is_listed() -> None:
    config = Config()
    config.set_main_option("script_location", "deskhand.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert [one.revision for one in scripts.walk_revisions()][::-1] == list(migrate.REVISIONS)
