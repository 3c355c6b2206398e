"""What was acknowledged stays, whoever is killed and whatever is full."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.entities.security import BusinessUnit
from deskhand.store.database import Database, Transaction
from deskhand.store.open import open_database
from tests.clock import StillClock
from tests.postgresql import Databases, running_cluster

_ACKNOWLEDGED = 300

_WRITER = """
import sys
from threading import Lock, Thread
from uuid import uuid4
import sqlalchemy as sa
from deskhand.core.clock import SystemClock
from deskhand.entities.security import BusinessUnit
from deskhand.store.open import open_database

database = open_database(sys.argv[1], SystemClock())
insert = sa.insert(BusinessUnit.table)
printing = Lock()

def write():
    while True:
        row_id = uuid4()
        def add(tx):
            tx.execute(insert, {"businessunitid": row_id, "name": str(tx.next_version())})
        database.write(add)
        with printing:
            print(row_id, flush=True)

threads = [Thread(target=write) for _ in range(4)]
for thread in threads:
    thread.start()
"""

_FULL_DISK = """
import resource, sys
from pathlib import Path
from uuid import uuid4
import sqlalchemy as sa
from deskhand.core.clock import SystemClock
from deskhand.entities.security import BusinessUnit
from deskhand.store.errors import CommitFailed
from deskhand.store.open import open_database

path = Path(sys.argv[1])
database = open_database(path, SystemClock())
insert = sa.insert(BusinessUnit.table)

def add(name):
    database.write(lambda tx: tx.execute(insert, {"businessunitid": uuid4(), "name": name}) and None)

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

limit(path.with_name(path.name + "-wal").stat().st_size + 20_000)
kept = 0
try:
    while True:
        add("before")
        kept += 1
except CommitFailed as error:
    print(error)
limit(resource.RLIM_INFINITY)
add("behind")
print(kept)
database.close()
"""


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Databases]:
    with running_cluster() as cluster:
        yield Databases(cluster)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    address = str(tmp_path / "deskhand.db")
    if request.param == "postgresql":
        databases: Databases = request.getfixturevalue("postgresql")
        address = databases.cluster.url(databases.create())
    with opened(address) as database:
        database.migrate()
    return address


@contextmanager
def opened(address: str) -> Iterator[Database]:
    with closing(open_database(address, StillClock())) as database:
        yield database


def test_a_killed_server_loses_nothing_that_it_acknowledged(address: str) -> None:
    acknowledged: list[UUID] = []
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, address], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        for line in server.stdout:
            acknowledged.append(UUID(line.strip()))
            if len(acknowledged) == _ACKNOWLEDGED:
                server.kill()
                break
        acknowledged += [UUID(line) for line in server.stdout.read().split("\n") if len(line) == 36]

    def look(tx: Transaction) -> tuple[set[UUID], list[int]]:
        rows = tx.execute(sa.select(BusinessUnit.c.businessunitid, BusinessUnit.c.name)).all()
        return {row[0] for row in rows}, [int(row[1]) for row in rows]

    with opened(address) as database:
        kept, versions = database.read(look)
        assert set(acknowledged) - kept == set()
        assert len(set(versions)) == len(versions)
        assert database.write(lambda tx: tx.next_version()) > max(versions)


def test_a_full_disk_refuses_a_commit_and_the_server_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "deskhand.db"
    with opened(str(path)) as database:
        database.migrate()
        done = subprocess.run(
            [sys.executable, "-c", _FULL_DISK, str(path)], capture_output=True, text=True, check=False
        )
    assert done.stderr == ""
    message, kept = done.stdout.splitlines()
    reasons = {
        f"the database {path} did not keep the change: {reason}; nothing was changed"
        for reason in ("database or disk is full", "disk I/O error")
    }
    assert message in reasons

    def count(tx: Transaction) -> dict[str, int]:
        names = tx.execute(sa.select(BusinessUnit.c.name)).scalars().all()
        return {name: names.count(name) for name in names}

    with opened(str(path)) as database:
        assert database.read(count) == {"before": int(kept), "behind": 1}
