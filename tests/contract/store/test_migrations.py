"""The migrations give both databases the schema that the tables declare."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from deskhand.entities.tables import METADATA
from deskhand.entities.workflow import Workflow, WorkflowVersion
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


def _migrate_to(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "deskhand.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_what_is_published_or_saved_becomes_version_1(place: Place) -> None:
    address = place.create(migrated=False)
    flow, draft, cloud = uuid4(), uuid4(), uuid4()
    engine = _engine(address)
    with engine.begin() as connection:
        _migrate_to(connection, "0005")
    columns = Workflow.table.c
    rows = [
        {
            columns.workflowidunique.name: uuid4(),
            "workflowid": one,
            "category": category,
            "componentstate": state,
        }
        for one, category, state in ((flow, 6, 0), (flow, 6, 1), (draft, 6, 1), (cloud, 5, 0))
    ]
    with engine.begin() as connection:
        values = {"definition": "SET A TO 1", "metadata": "{}"}
        connection.execute(sa.insert(Workflow.table), [{**row, **values} for row in rows])
        document = sa.update(Workflow.table).where(columns.category == 5).values(clientdata="{}")
        connection.execute(document)
    with closing(open_database(address, StillClock())) as database:
        database.migrate()
    with engine.connect() as connection:
        kept = connection.execute(sa.select(WorkflowVersion.table)).mappings().all()
        in_force = sa.select(columns.workflowid, columns.componentstate).where(
            columns.flowversionid.is_not(None)
        )
        assert connection.execute(in_force).all() == [(flow, 0)]
    engine.dispose()
    found = {one["workflowid"]: (one["number"], one["definition"], one["beside"]) for one in kept}
    assert found == {flow: (1, "SET A TO 1", None), cloud: (1, "{}", "{}")}
