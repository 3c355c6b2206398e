"""Rows → JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Workflow
from deskhand.records.serialize import (
    FORMATTED_VALUE,
    Shape,
    readable_columns,
    row_writer,
    selected_shape,
    to_value,
    whole_row,
)
from deskhand.webapi.preferences import Preferences

ID = UUID("5D2E8C7A-1F4B-4A39-9A55-0B7D6F1C2E90")
MOMENT = datetime(2026, 3, 1, 8, 4, 11, 999_999, tzinfo=UTC)


def _shape(*names: str) -> Shape:
    return selected_shape(FlowSession, [FlowSession.columns[name] for name in names])


PLAIN = Preferences()


def _write(shape: Shape, preferences: Preferences = PLAIN, **values: Any) -> dict[str, Any]:
    row = dict.fromkeys(FlowSession.columns) | {"flowsessionid": ID, "versionnumber": 1276122} | values
    includes = preferences.includes if preferences.annotations else None
    return row_writer(shape, includes, {ID: "Invoice entry"})(row)


def test_a_row_has_its_tag_then_what_was_selected_then_its_key() -> None:
    row = _write(_shape("statuscode", "startedon"), statuscode=4, startedon=MOMENT)

    assert list(row.items()) == [
        ("@odata.etag", 'W/"1276122"'),
        ("statuscode", 4),
        ("startedon", "2026-03-01T08:04:11Z"),
        ("flowsessionid", "5d2e8c7a-1f4b-4a39-9a55-0b7d6f1c2e90"),
    ]


def test_a_selected_key_stays_in_its_place() -> None:
    assert list(_write(_shape("flowsessionid", "name"))) == ["@odata.etag", "flowsessionid", "name"]


def test_a_column_selected_twice_is_shown_once() -> None:
    shape = _shape("name", "name")

    assert shape.context == "flowsessions(name)"
    assert list(_write(shape)) == ["@odata.etag", "name", "flowsessionid"]


def test_the_context_names_what_was_selected_and_no_more() -> None:
    assert (
        _shape("statuscode", "regardingobjectid").context
        == "flowsessions(statuscode,_regardingobjectid_value)"
    )
    assert whole_row(FlowSession).context == "flowsessions"


def test_the_whole_row_has_every_column_that_clients_may_see() -> None:
    row = _write(whole_row(FlowSession))

    assert len(row) == len(readable_columns(FlowSession)) + 1
    assert not {"sealedinputs", "fencingtoken", "leaseexpireson", "requestedby"} & set(row)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (5, 5),
        (2.5, 2.5),
        ("ü", "ü"),
        (ID, "5d2e8c7a-1f4b-4a39-9a55-0b7d6f1c2e90"),
        (MOMENT, "2026-03-01T08:04:11Z"),
        (MOMENT.astimezone(timezone(timedelta(hours=5))), "2026-03-01T08:04:11Z"),
    ],
)
def test_values(value: object, expected: object) -> None:
    assert to_value(value) == expected


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("statuscode", 10, "TimedOut"),
        ("statuscode", 99, "99"),
        ("startedon", MOMENT, "3/1/2026 8:04 AM"),
        ("startedon", datetime(2026, 12, 31, 0, 5, tzinfo=UTC), "12/31/2026 12:05 AM"),
        ("startedon", datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "12/31/2026 11:59 PM"),
        ("runduration", 1_069_462, "1,069,462"),
        ("machinepercentcpuusage", 12.345, "12.35"),
        ("regardingobjectid", ID, "Invoice entry"),
    ],
)
def test_formatted_values(column: str, value: object, expected: str) -> None:
    api_name = FlowSession.columns[column].api_name
    row = _write(_shape(column), Preferences(None, (FORMATTED_VALUE,)), **{column: value})

    assert row[f"{api_name}@{FORMATTED_VALUE}"] == expected


def test_what_is_null_or_has_no_other_form_is_not_annotated() -> None:
    row = _write(_shape("name", "statuscode", "machineid"), Preferences(None, ("*",)), name="x")

    assert [name for name in row if "@" in name[1:]] == []


def test_a_lookup_to_a_row_without_a_name_has_no_formatted_value() -> None:
    row = _write(_shape("machineid"), Preferences(None, ("*",)), machineid=UUID(int=1))

    assert list(row) == [
        "@odata.etag",
        "_machineid_value@Microsoft.Dynamics.CRM.associatednavigationproperty",
        "_machineid_value@Microsoft.Dynamics.CRM.lookuplogicalname",
        "_machineid_value",
        "flowsessionid",
    ]
    assert row["_machineid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"] == "MachineId"


def test_the_key_of_a_flow_is_its_public_id() -> None:
    shape = selected_shape(Workflow, [Workflow.columns["name"]])

    assert [column.name for column in shape.columns] == ["name", "workflowid"]
