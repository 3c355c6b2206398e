"""What an import leaves in the database."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.entities.flowmachine import ConnectionReference as ReferenceTable
from deskhand.entities.storage import EnvironmentVariableDefinition
from deskhand.entities.storage import Solution as SolutionTable
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.identity.accounts import ensure_organization
from deskhand.server.importing import ImportReport, import_flows
from deskhand.server.listing import flow_row, list_flows
from deskhand.server.reading import Checked, check_text
from deskhand.server.references import UnboundReference, UnknownReference, bind_references
from deskhand.solutions.content import (
    CloudFlow,
    ConnectionReference,
    Content,
    DesktopFlow,
    EnvironmentVariable,
    Solution,
)
from deskhand.store.database import Database, Transaction

FLOW = UUID("6f3f0c56-76de-4b9f-a7a1-4b8d3f0f2b11")
CLOUD = UUID("0d9ef6cb-70cf-4ee7-8e4c-7b1f6d0c9a55")
ORDERS = Solution("Orders", "All orders", "1.2.0.3", managed=False)


def checked(content: Content) -> Checked:
    return Checked(content, tuple(check_text(flow) for flow in content.desktop_flows))


def text(definition: str, name: str = "Sums") -> Checked:
    return checked(Content(f"{name}.robin", desktop_flows=(DesktopFlow(None, name, definition=definition),)))


@pytest.fixture
def by(database: Database) -> UUID:
    return database.write(ensure_organization).administrator_id


def bring(database: Database, content: Checked, by: UUID, *, draft: bool = False) -> ImportReport:
    return database.write(lambda tx: import_flows(tx, content, by=by, draft=draft))


def definition(
    database: Database, workflow_id: UUID, state: ComponentState = ComponentState.PUBLISHED
) -> str | None:
    row = database.read(lambda tx: flow_row(tx, workflow_id, state))
    return None if row is None else row["definition"]


def test_a_text_is_replaced_by_the_next_one_of_its_name(database: Database, by: UUID) -> None:
    (first,) = bring(database, text("SET A TO 1\n"), by).flows
    (second,) = bring(database, text("SET A TO 2\n", "SUMS"), by).flows

    assert (first.is_new, second.is_new, second.workflow_id) == (True, False, first.workflow_id)
    assert definition(database, first.workflow_id) == "SET A TO 2\n"
    assert [row["name"] for row in database.read(list_flows)] == ["SUMS"]


def test_a_draft_stands_beside_what_is_published(database: Database, by: UUID) -> None:
    (flow,) = bring(database, text("SET A TO 1\n"), by).flows
    bring(database, text("SET A TO 2\n"), by, draft=True)

    assert definition(database, flow.workflow_id) == "SET A TO 1\n"
    assert definition(database, flow.workflow_id, ComponentState.UNPUBLISHED) == "SET A TO 2\n"


def test_a_new_flow_can_be_a_draft_alone(database: Database, by: UUID) -> None:
    (flow,) = bring(database, text("SET A TO 1\n"), by, draft=True).flows

    assert (flow.is_new, definition(database, flow.workflow_id)) == (True, None)
    assert [row["state"] for row in database.read(list_flows)] == ["draft"]


def test_a_solution_keeps_ids_and_replaces_itself(database: Database, by: UUID) -> None:
    content = Content(
        "Orders.zip",
        solution=ORDERS,
        desktop_flows=(DesktopFlow(FLOW, "Book", "All.", "SET A TO B\n"),),
        cloud_flows=(CloudFlow(CLOUD, "Nightly", "", "{}", 1),),
        environment_variables=(EnvironmentVariable("new_Url", "Url", "", 100000000, "x"),),
    )
    before = bring(database, checked(content), by)
    newer = replace(content, solution=replace(ORDERS, version="2.0.0.0"))
    after = bring(database, checked(newer), by)

    assert [(one.workflow_id, one.category, one.is_new) for one in before.flows] == [
        (FLOW, Category.DESKTOP_FLOW, True),
        (CLOUD, Category.MODERN_FLOW, True),
    ]
    assert [one.is_new for one in after.flows] == [False, False]
    assert before.flows[0].problems == (
        "Book.robin:1:10 DH2106 nothing in the flow gives a value to a variable ‘B’",
    )

    def counts(tx: Transaction) -> list[object]:
        tables = (Workflow, SolutionTable, EnvironmentVariableDefinition)
        return [tx.execute(sa.select(sa.func.count()).select_from(one.table)).scalar() for one in tables]

    assert database.read(counts) == [2, 1, 1]
    versions = database.read(lambda tx: tx.execute(sa.select(SolutionTable.c.version)).scalars().all())
    assert list(versions) == ["2.0.0.0"]


def test_a_failed_import_leaves_nothing(database: Database, by: UUID) -> None:
    good = DesktopFlow(FLOW, "Good", definition="SET A TO 1\n")
    content = checked(Content("Orders.zip", solution=ORDERS, desktop_flows=(good,)))

    def bring_and_fail(tx: Transaction) -> None:
        import_flows(tx, content, by=by)
        bind_references(tx, [("absent", "connection")], by=by)

    with pytest.raises(UnknownReference, match="There is no connection reference ‘absent’"):
        database.write(bring_and_fail)
    assert database.read(list_flows) == []


def test_references_wait_for_a_connection_and_keep_it(database: Database, by: UUID) -> None:
    content = checked(
        Content(
            "Orders.zip",
            solution=ORDERS,
            connection_references=(ConnectionReference("new_Flows", "Flows", "/apis/shared_uiflow"),),
        )
    )
    first = bring(database, content, by)
    database.write(lambda tx: bind_references(tx, [("NEW_flows", "4709ab8c")], by=by))
    again = bring(database, content, by)

    bound = database.read(lambda tx: tx.execute(sa.select(ReferenceTable.c.connectionid)).scalars().all())
    unbound = (UnboundReference("new_Flows", "/apis/shared_uiflow"),)
    assert (first.unbound, again.unbound, list(bound)) == (unbound, (), ["4709ab8c"])
