"""Every contract test runs on both databases, each time on one that nobody has used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import UUID

import pytest

from deskhand.orchestrator.connections import ConnectionTarget
from deskhand.protocol.messages import MachineRegistered
from deskhand.store.database import Database
from deskhand.store.open import open_database
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue
from tests.contract.places import MIGRATED, Place, PostgresqlPlace, SqlitePlace
from tests.postgresql import Databases, running_cluster
from tests.web_server import LiveServer, running_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    with running_cluster() as cluster:
        databases = Databases(cluster)
        cluster.execute(f"CREATE DATABASE {MIGRATED}")
        _migrate(cluster.url(MIGRATED))
        yield databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "deskhand.db"
    _migrate(str(path))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield SqlitePlace(tmp_path, request.getfixturevalue("sqlite_template"))
        return
    made = PostgresqlPlace(request.getfixturevalue("postgresql"))
    yield made
    made.drop_all()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def address(place: Place) -> str:
    """The address of a database with a schema and no rows."""
    return place.create(migrated=True)


@pytest.fixture
def connect(address: str, clock: StillClock) -> Iterator[Callable[[], Database]]:
    """Opens the test's database, as often as a test likes; all are closed in the end."""
    with ExitStack() as opened:

        def connect() -> Database:
            database = open_database(address, clock)
            opened.callback(database.close)
            return database

        yield connect


@pytest.fixture
def database(connect: Callable[[], Database]) -> Database:
    return connect()


def _migrate(address: str) -> None:
    with closing(open_database(address, StillClock())) as database:
        database.migrate()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A live server on each of the databases, one for each file of tests."""
    directory = tmp_path_factory.mktemp("portal")
    if request.param == "sqlite":
        with running_server(directory) as live:
            yield live
        return
    databases = request.getfixturevalue("postgresql")
    name = databases.create(MIGRATED)
    with running_server(directory, address=databases.cluster.url(name)) as live:
        yield live
    databases.drop(name)


@pytest.fixture
def queue(database: Database, clock: StillClock, tmp_path: Path) -> Queue:
    return Queue.make(database, clock, tmp_path)


@pytest.fixture
def machine(queue: Queue) -> MachineRegistered:
    return queue.machine()


@pytest.fixture
def connection(queue: Queue, machine: MachineRegistered) -> ConnectionTarget:
    return queue.connection(machine.group_id)


@pytest.fixture
def flow(queue: Queue) -> UUID:
    return queue.flow()
