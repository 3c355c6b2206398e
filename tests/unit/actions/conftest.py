"""What the runtime lends an action, held still for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest


@dataclass
class LentContext:
    """An :class:`~deskhand.robin.catalog.ActionContext` whose clock stands still."""

    culture: str = "en-US"
    working_directory: str = "/flows"
    present: datetime = datetime(2026, 3, 1, 8, 4, 41, 250_000, timezone(timedelta(hours=1)))
    dynamic_outputs: dict[str, Any] = field(default_factory=dict)
    logged: list[tuple[str, str]] = field(default_factory=list)
    started: list[tuple[str, str | None, dict[str, Any], bool]] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    safe_stop: bool = False

    def now(self) -> datetime:
        return self.present

    def log(self, level: str, message: str) -> None:
        self.logged.append((level, message))

    def run_flow(
        self, flow_id: str, name: str | None, inputs: Mapping[str, Any], wait: bool
    ) -> dict[str, Any]:
        self.started.append((flow_id, name, dict(inputs), wait))
        return self.outputs

    def is_safe_stop_requested(self) -> bool:
        return self.safe_stop


@pytest.fixture
def context() -> LentContext:
    return LentContext()


@pytest.fixture
def german_context() -> LentContext:
    return LentContext(culture="de-DE")
