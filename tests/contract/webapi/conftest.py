"""The queue that agents work on."""

from pathlib import Path

import pytest

from deskhand.store.database import Database
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue


@pytest.fixture
def queue(database: Database, clock: StillClock, tmp_path: Path) -> Queue:
    return Queue.make(database, clock, tmp_path)
