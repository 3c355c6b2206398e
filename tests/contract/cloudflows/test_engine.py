"""Runs on a database: loops at the same time, children, concurrency control."""

from __future__ import annotations

from typing import Any

from tests.cloud_runs import after
from tests.contract.cloudflows.servers import House


def initialize(name: str, kind: str) -> dict[str, Any]:
    return {"type": "InitializeVariable", "inputs": {"variables": [{"name": name, "type": kind}]}}


def wait(seconds: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Wait", "inputs": {"interval": {"count": seconds, "unit": "Second"}}, **members}


def test_two_iterations_at_the_same_time_count_one_variable_a_thousand_times_exactly(house: House) -> None:
    count = {
        "type": "Until",
        "expression": "@equals(iterationIndexes('Again'), 499)",
        "limit": {"count": 1000},
        "actions": {
            "Count": {"type": "IncrementVariable", "inputs": {"name": "n"}},
            "Rest": wait(0, runAfter=after("Count")),
        },
    }
    flow_id = house.flow(
        {
            "Init": initialize("n", "integer"),
            "Both": {
                "type": "Foreach",
                "foreach": [1, 2],
                "actions": {"Again": count},
                "runtimeConfiguration": {"concurrency": {"repetitions": 2}},
                "runAfter": after("Init"),
            },
        },
        outputs={"n": {"type": "Int", "value": "@variables('n')"}},
    )

    with house.server() as server:
        (run,) = server.call(flow_id)
        (row,) = house.finish(server, run.id)
        counted = [one.outputs["body"]["value"] for one in house.records(server, run.id)["Count"]]  # type: ignore[index,call-overload]

    assert (row["status"], row["outputs"]) == ("Succeeded", '{"n":{"type":"Int","value":1000}}')
    assert sorted(counted) == list(range(1, 1001))
