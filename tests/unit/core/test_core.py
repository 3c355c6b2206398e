from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from deskhand.core.clock import from_wire, to_wire
from deskhand.core.errors import did_you_mean
from deskhand.core.ids import parse_id, stable_id
from deskhand.core.log import MASK, SecretMask


def test_instants_are_written_as_dataverse_writes_them() -> None:
    moment = datetime(2026, 3, 1, 9, 4, 41, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert to_wire(moment) == "2026-03-01T08:04:41Z"
    assert from_wire("2026-03-01T09:04:41+01:00") == datetime(2026, 3, 1, 8, 4, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["{6F0D2C1E-4B6E-4a52-9d2e-0f6f5a3b1c11}", "6f0d2c1e-4b6e-4a52-9d2e-0f6f5a3b1c11"]
)
def test_ids_are_read_with_or_without_braces(text: str) -> None:
    assert parse_id(text) == UUID("6f0d2c1e-4b6e-4a52-9d2e-0f6f5a3b1c11")


@pytest.mark.parametrize("text", ["", "6f0d2c1e", "6f0d2c1e4b6e4a529d2e0f6f5a3b1c11", "not an id"])
def test_other_texts_are_no_ids(text: str) -> None:
    assert parse_id(text) is None


def test_a_stable_id_depends_on_the_name_alone() -> None:
    assert stable_id("privilege", "prvReadWorkflow") == stable_id("privilege", "prvreadworkflow")
    assert stable_id("privilege", "a") != stable_id("privilege", "b")


def test_the_nearest_name_is_suggested() -> None:
    assert did_you_mean("endcoding", ["File", "Encoding"]) == "; did you mean ‘Encoding’?"
    assert did_you_mean("zzz", ["File", "Encoding"]) == ""


def test_registered_secrets_never_reach_a_handler() -> None:
    mask = SecretMask()
    mask.add(["hunter22", "abc"])
    record = logging.LogRecord("x", logging.INFO, "", 0, "password %s, not %s", ("hunter22", "abc"), None)
    assert mask.filter(record)
    assert record.getMessage() == f"password {MASK}, not abc"
