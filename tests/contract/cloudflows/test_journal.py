"""What a turn leaves in the journal."""

from __future__ import annotations

import sqlalchemy as sa

from deskhand.entities.flowrun import FlowRunProperty
from tests.contract.cloudflows.servers import House


def test_tracked_properties_of_an_action_that_a_transaction_ends_are_kept_once(house: House) -> None:
    house.flow({"Note": {"type": "Compose", "inputs": 1}}, name="Child")
    call = {
        "type": "Workflow",
        "inputs": {"host": {"workflowReferenceName": "Child"}},
        "trackedProperties": {"order": "@concat('A', '1')"},
    }
    flow_id = house.flow({"Call": call})
    with house.server() as server:
        (run,) = server.call(flow_id)
        house.finish(server, run.id)

    columns = FlowRunProperty.c
    query = sa.select(columns.flowrunid, columns.name, columns.value)
    assert house.database.read(lambda tx: tx.execute(query).all()) == [(run.id, "order", "A1")]
