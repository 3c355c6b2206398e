"""Which row an address means."""

from typing import Any
from uuid import UUID

import pytest

import deskhand.entities.tables
from deskhand.entities.workflow import Workflow
from deskhand.entities.workqueue import WorkQueue, WorkQueueItem
from deskhand.odata.parser import parse_path
from deskhand.records.references import AlternateKey, RowReference
from deskhand.webapi.refusals import BindingUnreadable, MalformedPath, NoSuchKey
from deskhand.webapi.row_keys import bound_row, row_reference

ROW = UUID("0a1b2c3d-0000-4000-8000-000000000001")
ITEM_KEY = AlternateKey(WorkQueueItem, (("workqueueid", ROW), ("uniqueidbyqueue", "it's")))

assert deskhand.entities.tables.REGISTRY


@pytest.mark.parametrize(
    ("address", "reference"),
    [
        (f"workqueueitems({ROW})", ROW),
        (f"workqueueitems({{{str(ROW).upper()}}})", ROW),
        (f"workqueueitems(workqueueitemid={ROW})", ROW),
        (f"workqueueitems(_workqueueid_value={ROW},uniqueidbyqueue='it''s')", ITEM_KEY),
        (f"workqueueitems(workqueueid='{ROW}',uniqueidbyqueue='it''s')", ITEM_KEY),
    ],
)
def test_a_row_is_meant_by_id_or_by_key(address: str, reference: RowReference) -> None:
    (segment,) = parse_path(address).segments
    assert row_reference(segment, WorkQueueItem) == reference


@pytest.mark.parametrize(
    ("address", "error", "message"),
    [
        ("workqueueitems()", MalformedPath, "‘workqueueitems’ is no id"),
        ("workqueueitems(5)", MalformedPath, "‘workqueueitems’ is no id"),
        ("workqueueitems(nothing='a')", MalformedPath, "‘workqueueitems’ is no id"),
        ("workqueueitems(workqueueitemid='a')", NoSuchKey, r"\(workqueueitemid\) is no alternate key"),
        (f"workqueueitems(workqueueid={ROW})", NoSuchKey, r"by \(workqueueid,uniqueidbyqueue\)\."),
        (f"workqueueitems(workqueueid={ROW},uniqueidbyqueue=null)", MalformedPath, "is no id"),
        (f"workqueueitems(workqueueid={ROW},uniqueidbyqueue=5)", MalformedPath, "is no id"),
        (f"workqueueitems(workqueueid={ROW},uniqueidbyqueue=@p1)", MalformedPath, "is no id"),
    ],
)
def test_what_means_no_row_is_refused(address: str, error: type[Exception], message: str) -> None:
    (segment,) = parse_path(address).segments
    with pytest.raises(error, match=message):
        row_reference(segment, WorkQueueItem)


def test_a_table_without_keys_says_so() -> None:
    (segment,) = parse_path("workflows(name='a')").segments
    with pytest.raises(NoSuchKey, match="Address a row by its id only"):
        row_reference(segment, Workflow)


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        (None, None),
        (f"/workqueues({ROW})", ROW),
        (f"https://rpa.example.org/api/data/v9.2/workqueues({ROW})", ROW),
        ("workqueues(workqueuekey='a')", AlternateKey(WorkQueue, (("workqueuekey", "a"),))),
    ],
)
def test_a_body_names_a_row_by_its_address(value: str | None, reference: RowReference | None) -> None:
    assert bound_row(value, "workqueueid@odata.bind", WorkQueueItem, WorkQueue) == reference


@pytest.mark.parametrize(
    "value",
    [
        "",
        "$1",
        5,
        [],
        f"workqueues({ROW})/name",
        f"workflows({ROW})",
        "workqueues",
        "workqueues(",
        "x" * 70_000,
    ],
)
def test_what_names_no_row_of_the_table_is_refused(value: Any) -> None:
    with pytest.raises(
        BindingUnreadable, match=r"is no row of workqueues; write it like '/workqueues\(<id>\)'"
    ):
        bound_row(value, "workqueueid@odata.bind", WorkQueueItem, WorkQueue)
