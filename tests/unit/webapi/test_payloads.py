"""JSON bodies of writes as values of columns."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

import deskhand.entities.tables
from deskhand.core.errors import DeskhandError
from deskhand.entities.workqueue import WorkQueueItem
from deskhand.records.errors import PropertyReadOnly, UndeclaredProperty, WrongValueType
from deskhand.webapi.payloads import read_row

ROW = UUID("0a1b2c3d-0000-4000-8000-000000000001")

assert deskhand.entities.tables.REGISTRY


def test_values_are_read_as_their_columns_hold_them() -> None:
    content = {
        "@odata.type": "#Microsoft.Dynamics.CRM.workqueueitem",
        "workqueueitemid": str(ROW).upper(),
        "workqueueid@odata.bind": f"/workqueues({ROW})",
        "delayuntil": "2026-03-01T10:00:00+02:00",
        "expirydate": "2026-03-01",
        "name@OData.Community.Display.V1.FormattedValue": "passed over",
        "name": "first",
        "input": None,
        "priority": 100,
        "createdon": "passed over",
    }

    assert read_row(content, WorkQueueItem) == {
        "workqueueitemid": ROW,
        "workqueueid": ROW,
        "delayuntil": datetime(2026, 3, 1, 8, tzinfo=UTC),
        "expirydate": datetime(2026, 3, 1, tzinfo=UTC),
        "name": "first",
        "input": None,
        "priority": 100,
    }


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("nothing", 1, UndeclaredProperty),
        ("Name", "a", UndeclaredProperty),
        ("queueposition", 1, UndeclaredProperty),
        ("workqueueid", str(ROW), UndeclaredProperty),
        ("_workqueueid_value", str(ROW), PropertyReadOnly),
        ("WorkQueueId@odata.bind", f"/workqueues({ROW})", UndeclaredProperty),
        ("workqueueitemid", "a", WrongValueType),
        ("delayuntil", "soon", WrongValueType),
        ("delayuntil", "0001-01-01T00:00:00+14:00", WrongValueType),
    ],
)
def test_what_no_column_holds_is_refused(name: str, value: Any, error: type[DeskhandError]) -> None:
    with pytest.raises(error):
        read_row({name: value}, WorkQueueItem)
