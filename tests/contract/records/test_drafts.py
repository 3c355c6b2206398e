"""Draft and published flows: the table of dataverse-api 9.9, for every way of reading."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from deskhand.entities.workflow import ComponentState, Workflow
from deskhand.odata.nodes import Query
from deskhand.odata.parser import parse_query
from deskhand.records import service
from deskhand.records.drafts import publish, save_draft
from deskhand.records.errors import ObjectDoesNotExist
from deskhand.store.database import Database, Transaction
from tests.contract.records.people import ADA

READS = ADA.reads(Workflow)
Seen = tuple[str, int] | None
"""A flow's name and whether that is a draft; None for a flow that is not there."""


def create_published(tx: Transaction) -> UUID:
    return service.create(tx, Workflow, {"name": "published"}, by=ADA.id)


def create_unpublished(tx: Transaction) -> UUID:
    values = {"name": "draft", "componentstate": ComponentState.UNPUBLISHED}
    return service.create(tx, Workflow, values, by=ADA.id)


def create_changed(tx: Transaction) -> UUID:
    flow = create_published(tx)
    save_draft(tx, Workflow, flow, {"name": "draft"}, by=ADA.id)
    return flow


def by_id(tx: Transaction, flow: UUID, *, include_unpublished: bool) -> Seen:
    try:
        row = service.retrieve(tx, READS, Workflow, flow, include_unpublished=include_unpublished)
    except ObjectDoesNotExist:
        return None
    return row["name"], row["componentstate"]


def by_list(tx: Transaction, flow: UUID, *, include_unpublished: bool) -> Seen:
    page = service.retrieve_multiple(tx, READS, Workflow, Query(), include_unpublished=include_unpublished)
    rows = [(row["name"], row["componentstate"]) for row in page.rows if row["workflowid"] == flow]
    assert len(rows) == service.count(tx, READS, Workflow, Query(), include_unpublished=include_unpublished)
    return rows[0] if rows else None


@pytest.mark.parametrize("read", [by_id, by_list])
@pytest.mark.parametrize(
    ("create", "without_header", "with_header"),
    [
        (create_unpublished, None, ("draft", 1)),
        (create_published, ("published", 0), ("published", 0)),
        (create_changed, ("published", 0), ("draft", 1)),
    ],
)
def test_a_reader_sees_the_version_that_it_asks_for(
    database: Database,
    create: Callable[[Transaction], UUID],
    read: Callable[..., Seen],
    without_header: Seen,
    with_header: Seen,
) -> None:
    flow = database.write(create)
    seen = [
        database.read(lambda tx, header=header: read(tx, flow, include_unpublished=header))
        for header in (False, True)
    ]
    assert seen == [without_header, with_header]


def test_a_filter_is_applied_to_the_version_that_is_seen(database: Database) -> None:
    database.write(create_changed)
    query = parse_query("$filter=name eq 'published'")

    def names(*, include_unpublished: bool) -> list[str]:
        page = database.read(
            lambda tx: service.retrieve_multiple(
                tx, READS, Workflow, query, include_unpublished=include_unpublished
            )
        )
        return [row["name"] for row in page.rows]

    assert (names(include_unpublished=False), names(include_unpublished=True)) == (["published"], [])


def test_a_draft_is_changed_in_place(database: Database) -> None:
    flow = database.write(create_changed)
    database.write(lambda tx: save_draft(tx, Workflow, flow, {"description": "again"}, by=ADA.id))
    draft = database.read(lambda tx: service.retrieve(tx, READS, Workflow, flow, include_unpublished=True))
    assert (draft["name"], draft["description"], draft["componentstate"]) == ("draft", "again", 1)


def test_a_change_of_the_flow_itself_leaves_its_draft_alone(database: Database) -> None:
    flow = database.write(create_changed)
    database.write(lambda tx: service.update(tx, Workflow, flow, {"name": "renamed"}, by=ADA.id))
    assert database.read(lambda tx: by_id(tx, flow, include_unpublished=False)) == ("renamed", 0)
    assert database.read(lambda tx: by_id(tx, flow, include_unpublished=True)) == ("draft", 1)


@pytest.mark.parametrize("create", [create_unpublished, create_changed])
def test_publishing_puts_the_draft_in_the_published_place(
    database: Database, create: Callable[[Transaction], UUID]
) -> None:
    flow = database.write(create)
    database.write(lambda tx: publish(tx, Workflow, flow, by=ADA.id))
    for header in (False, True):
        seen = database.read(lambda tx, header=header: by_id(tx, flow, include_unpublished=header))
        assert seen == ("draft", 0)


def test_publishing_without_a_draft_changes_nothing(database: Database) -> None:
    flow = database.write(create_published)
    before = database.read(lambda tx: service.find(tx, Workflow, flow))
    database.write(lambda tx: publish(tx, Workflow, flow, by=ADA.id))
    assert database.read(lambda tx: service.find(tx, Workflow, flow)) == before


def test_deleting_a_flow_deletes_every_version(database: Database) -> None:
    flow = database.write(create_changed)
    database.write(lambda tx: service.delete(tx, Workflow, flow))
    assert database.read(lambda tx: by_id(tx, flow, include_unpublished=True)) is None


def test_a_flow_that_is_not_there_has_no_draft(database: Database) -> None:
    flow = uuid4()
    for use in (
        lambda tx: save_draft(tx, Workflow, flow, {"name": "draft"}, by=ADA.id),
        lambda tx: publish(tx, Workflow, flow, by=ADA.id),
    ):
        with pytest.raises(ObjectDoesNotExist):
            database.write(use)
