from __future__ import annotations

from collections.abc import Callable

import pytest

from deskhand.store.database import Database
from tests.contract.records.people import found_organisation


@pytest.fixture
def database(connect: Callable[[], Database]) -> Database:
    """A database with an organisation in it."""
    database = connect()
    database.write(found_organisation)
    return database
