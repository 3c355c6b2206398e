"""What every endpoint has: a route, a description, types; and what errors mean to pages."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from deskhand.core.errors import DeskhandError, error_classes
from deskhand.entities.flowsession import FlowSessionStatus
from deskhand.pages.declare import ENDPOINTS as DECLARED
from deskhand.pages.declare import PageContext, Place, endpoint
from deskhand.pages.errors import BadParameter
from deskhand.pages.home import SAMPLE_FLOW
from deskhand.pages.library import ENDPOINTS
from deskhand.pages.openapi import document, member_docs
from deskhand.pages.statuses import OPEN, RunStatus, desktop_status
from deskhand.webapi.errors import MEANINGS
from deskhand.webapi.portal_api import _STATUSES

ROOT = Path(__file__).resolve().parents[3]


def test_every_endpoint_is_described() -> None:
    described = document(ENDPOINTS.values(), "1.0")
    operations = [one for path in described["paths"].values() for one in path.values()]

    assert len(operations) == len(ENDPOINTS)
    assert all(one["summary"].endswith(".") for one in operations)
    assert len({one["operationId"] for one in operations}) == len(operations)
    json.dumps(described)


def test_every_name_of_a_shape_is_one_shape() -> None:
    described = document(ENDPOINTS.values(), "1.0")
    references = {text.split('"')[0] for text in json.dumps(described).split("#/components/schemas/")[1:]}

    assert references <= set(described["components"]["schemas"])


def test_a_parameter_without_a_line_is_refused() -> None:
    def quiet(context: PageContext, *, loud: int = 1) -> None:
        """Do nothing."""

    with pytest.raises(TypeError, match="parameter loud has no line"):
        endpoint("GET", "/quiet")(quiet)


def test_a_member_without_a_line_is_refused() -> None:
    @dataclass
    class Quiet:
        """A shape."""

        loud: int

    with pytest.raises(TypeError, match="loud"):
        member_docs(Quiet)


def test_an_endpoint_is_declared_once() -> None:
    first = next(iter(DECLARED.values()))

    with pytest.raises(TypeError, match="declared twice"):
        endpoint(first.method, first.path)(first.function)


def test_parameters_are_read_from_where_they_stand() -> None:
    declared = ENDPOINTS["GET", "/desktopruns/{run_id}/actions"]
    run_id = UUID("0a1b2c3d-0000-4000-8000-000000000001")

    assert {one.wire_name: one.place for one in declared.parameters} == {
        "runId": Place.PATH,
        "after": Place.QUERY,
        "before": Place.QUERY,
        "loop": Place.QUERY,
        "inRound": Place.QUERY,
        "closed": Place.QUERY,
        "problems": Place.QUERY,
        "subflow": Place.QUERY,
        "action": Place.QUERY,
        "status": Place.QUERY,
        "level": Place.QUERY,
        "search": Place.QUERY,
        "limit": Place.QUERY,
    }
    assert declared.read({"run_id": str(run_id)}, {"after": "3", "before": ""}, None) == {
        "run_id": run_id,
        "after": 3,
    }
    with pytest.raises(BadParameter, match="‘afer’ is not a parameter"):
        declared.read({"run_id": str(run_id)}, {"afer": "3"}, None)


def test_no_get_writes() -> None:
    assert [one.path for one in ENDPOINTS.values() if one.method == "GET" and one.writes] == []


def test_every_error_of_the_pages_has_a_status() -> None:
    rooms = ("deskhand.pages.",)
    ours = {one for one in error_classes(DeskhandError) if one.__module__.startswith(rooms)}

    assert {one.__name__ for one in ours if one not in _STATUSES and one not in MEANINGS} == set()


def test_every_status_has_a_word() -> None:
    words = {
        one: desktop_status({"statuscode": one.value, "leaseexpireson": None, "cancelrequestedon": None})
        for one in FlowSessionStatus
    }

    assert words[FlowSessionStatus.CANCELLED] is RunStatus.CANCELED
    assert {one for one, word in words.items() if word in OPEN} == {
        FlowSessionStatus.NOT_SPECIFIED,
        FlowSessionStatus.PAUSED,
        FlowSessionStatus.RUNNING,
        FlowSessionStatus.WAITING,
        FlowSessionStatus.SUSPENDED,
    }


def test_the_first_sample_is_the_one_that_ships() -> None:
    shipped = tomllib.loads((ROOT / "samples/hello/flow.toml").read_text())

    assert UUID(shipped["id"]) == SAMPLE_FLOW
