"""Pages that nothing which happens meanwhile can repeat, shift or shorten. Source: dataverse-api 3.7."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskhand.entities.declare import Depth
from deskhand.entities.flowsession import FlowSession
from deskhand.odata.nodes import Query
from deskhand.odata.parser import parse_query
from deskhand.records import service
from deskhand.records.errors import SkipTokenInvalid
from deskhand.records.lists import Page
from deskhand.store.database import Database, Transaction
from tests.clock import StillClock
from tests.contract.records.people import ADA, BOB

START = StillClock().now()
ORDERS = (
    "",
    "name",
    "name desc",
    "errorcode",
    "errorcode desc",
    "startedon desc,errorcode",
    "errorcode,startedon desc,statuscode",
    "machinepercentcpuusage desc",
    "flowsessionid desc",
)


def add_runs(database: Database, *names: str, by: Any = ADA) -> None:
    def create(tx: Transaction) -> None:
        for index, name in enumerate(names):
            values = {
                "name": name,
                "errorcode": None if index % 3 == 0 else f"E{index % 2}",
                "startedon": None if index % 4 == 0 else START + timedelta(microseconds=index // 2),
                "machinepercentcpuusage": None if index % 5 == 0 else index / 7,
            }
            service.create(tx, FlowSession, values, by=by.id)

    database.write(create)


def pages(
    database: Database, query: Query, page_size: int, between: Callable[[int], None] | None = None
) -> Iterator[Page]:
    """Walk through a list as a client does, only the first request naming the page size."""
    reads = ADA.reads(FlowSession)
    page = database.read(
        lambda tx: service.retrieve_multiple(tx, reads, FlowSession, query, page_size=page_size)
    )
    yield page
    number = 0
    while page.next_token is not None:
        number += 1
        if between is not None:
            between(number)
        following = replace(query, skiptoken=page.next_token)
        page = database.read(
            lambda tx, following=following: service.retrieve_multiple(tx, reads, FlowSession, following)
        )
        yield page


def names(page: Page) -> list[str]:
    return [row["name"] for row in page.rows]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_together_are_the_list(database: Database, order: str) -> None:
    add_runs(database, *(f"Run {number:02}" if number % 2 else f"run {number:02}" for number in range(23)))
    query = parse_query(f"$orderby={order}" if order else "")
    whole = [name for page in pages(database, query, 5_000) for name in names(page)]
    assert len(whole) == len(set(whole)) == 23
    some = list(pages(database, query, 4))
    assert [len(page.rows) for page in some] == [4, 4, 4, 4, 4, 3]
    assert [name for page in some for name in names(page)] == whole


def test_a_list_that_ends_with_a_full_page_has_no_empty_one_behind_it(database: Database) -> None:
    add_runs(database, "a", "b", "c", "d")
    some = list(pages(database, parse_query("$orderby=name"), 2))
    assert [names(page) for page in some] == [["a", "b"], ["c", "d"]]


def test_rows_inserted_meanwhile_repeat_and_shift_nothing(database: Database) -> None:
    add_runs(database, "b", "d", "f", "h", "j")

    def insert(page: int) -> None:
        add_runs(database, *(f"a{page}", f"e{page}"))

    some = list(pages(database, parse_query("$orderby=name"), 2, insert))
    assert [names(page) for page in some] == [["b", "d"], ["e1", "f"], ["h", "j"]]


def test_rows_deleted_meanwhile_shorten_no_page(database: Database) -> None:
    add_runs(database, "a", "b", "c", "d", "e", "f")

    def delete_the_last_seen(_: int) -> None:
        def delete(tx: Transaction) -> None:
            query = parse_query("$filter=name eq 'b'")
            for row in service.retrieve_multiple(tx, ADA.reads(FlowSession), FlowSession, query).rows:
                service.delete(tx, FlowSession, row["flowsessionid"])

        database.write(delete)

    some = list(pages(database, parse_query("$orderby=name"), 2, delete_the_last_seen))
    assert [names(page) for page in some] == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_rows_out_of_reach_shorten_no_page(database: Database) -> None:
    add_runs(database, "a", "c", "e", "g", by=BOB)
    add_runs(database, "b", "d", "f", by=ADA)
    reads = BOB.reads(FlowSession, Depth.BASIC)
    query = parse_query("$orderby=name&$count=true")
    first = database.read(lambda tx: service.retrieve_multiple(tx, reads, FlowSession, query, page_size=3))
    second = database.read(
        lambda tx: service.retrieve_multiple(
            tx, reads, FlowSession, replace(query, skiptoken=first.next_token)
        )
    )
    assert (names(first), names(second)) == (["a", "c", "e"], ["g"])
    assert (first.count, second.count, second.next_token) == (4, 4, None)


@pytest.mark.parametrize(
    ("top", "page_size", "expected"),
    [
        (3, 5, [["a", "b", "c"]]),
        (5, 5, [["a", "b", "c", "d", "e"]]),
        (5, 2, [["a", "b"], ["c", "d"], ["e"]]),
        (4, 2, [["a", "b"], ["c", "d"]]),
        (99, 4, [["a", "b", "c", "d"], ["e", "f"]]),
    ],
)
def test_top_limits_the_whole_list(
    database: Database, top: int, page_size: int, expected: list[list[str]]
) -> None:
    add_runs(database, "a", "b", "c", "d", "e", "f")
    query = parse_query(f"$orderby=name&$top={top}")
    assert [names(page) for page in pages(database, query, page_size)] == expected


def test_a_token_may_be_used_again_and_differs_from_page_to_page(database: Database) -> None:
    add_runs(database, *"abcdefg")
    query = parse_query("$orderby=name")
    once, again = (list(pages(database, query, 2)) for _ in range(2))
    assert once == again
    tokens = [page.next_token for page in once]
    assert len(set(tokens)) == len(tokens) == 4


def _token(*content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


ID = "6f0d2c1e-4b6e-4a52-9d2e-0f6f5a3b1c11"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "ä",
        "!!!!",
        "bm90IGpzb24",
        _token(),
        _token(2, None, "name,flowsessionid"),
        _token(2, None, "name,flowsessionid", ["a"]),
        _token(2, None, "name,flowsessionid", ["a", None]),
        _token(2, None, "name,flowsessionid", ["a", "no id"]),
        _token(2, None, "name,flowsessionid", [5, ID]),
        _token(2, None, "-name,flowsessionid", ["a", ID]),
        _token(0, None, "name,flowsessionid", ["a", ID]),
        _token(5_001, None, "name,flowsessionid", ["a", ID]),
        _token(True, None, "name,flowsessionid", ["a", ID]),
        _token("2", None, "name,flowsessionid", ["a", ID]),
        _token(2, -1, "name,flowsessionid", ["a", ID]),
        _token(2, None, "name,flowsessionid", {"a": ID}),
        base64.urlsafe_b64encode(b"[" * 50_000).decode(),
    ],
)
def test_a_token_of_somebody_elses_making_is_refused(database: Database, token: str) -> None:
    query = replace(parse_query("$orderby=name"), skiptoken=token)
    with pytest.raises(SkipTokenInvalid, match="is not one of this list's"):
        database.read(lambda tx: service.retrieve_multiple(tx, ADA.reads(FlowSession), FlowSession, query))


def test_a_token_of_ours_is_accepted_by_the_same_rules(database: Database) -> None:
    add_runs(database, "a", "b", "c")
    last = "ffffffff-ffff-4fff-bfff-ffffffffffff"
    query = replace(
        parse_query("$orderby=name"), skiptoken=_token(2, None, "name,flowsessionid", ["a", last])
    )
    page = database.read(lambda tx: service.retrieve_multiple(tx, ADA.reads(FlowSession), FlowSession, query))
    assert (names(page), page.next_token) == (["b", "c"], None)
