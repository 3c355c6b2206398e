"""Triggers that a test lets look, and servers that it starts and kills."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from deskhand.store.database import Database
from tests.clock import StillClock
from tests.contract.cloudflows.servers import House
from tests.contract.cloudflows.watching import Watching


@pytest.fixture
def watching(database: Database, clock: StillClock, tmp_path: Path) -> Watching:
    return Watching.make(database, clock, tmp_path)


@pytest.fixture
def house(connect: Callable[[], Database], clock: StillClock, tmp_path: Path) -> House:
    return House(connect, clock, tmp_path)
