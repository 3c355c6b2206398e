"""Where the databases of contract tests are made."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.postgresql import Databases

MIGRATED = "migrated"
"""The PostgreSQL database that others are copied from."""


class Place(Protocol):
    """Where databases of one kind are made. ``create`` returns an address."""

    def create(self, *, migrated: bool) -> str: ...


@dataclass(frozen=True)
class SqlitePlace:
    directory: Path
    template: Path

    def create(self, *, migrated: bool) -> str:
        path = self.directory / "deskhand.db"
        if migrated:
            shutil.copyfile(self.template, path)
        return str(path)


class PostgresqlPlace:
    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._names: list[str] = []

    def create(self, *, migrated: bool) -> str:
        name = self._databases.create(MIGRATED if migrated else "template0")
        self._names.append(name)
        return self._databases.cluster.url(name)

    def drop_all(self) -> None:
        for name in self._names:
            self._databases.drop(name)
