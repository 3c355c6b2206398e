"""Actions in the order that they run in."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.wdl.definition import read_definition
from deskhand.wdl.ordering import in_run_order


def after(*names: str) -> dict[str, Any]:
    return {"type": "Compose", "runAfter": {name: ["Succeeded"] for name in names}}


@pytest.mark.parametrize(
    ("actions", "order"),
    [
        ({"C": after("b"), "A": after(), "B": after("A")}, "ABC"),
        ({"D": after("B", "C"), "C": after("A"), "B": after("A"), "A": after()}, "ACBD"),
        ({"B": after(), "A": after()}, "BA"),
        ({"B": after("elsewhere"), "A": after()}, "BA"),
        ({"B": after("A"), "C": after(), "A": after("B")}, "BCA"),
        ({}, ""),
    ],
)
def test_actions_follow_what_they_run_after(actions: Any, order: str) -> None:
    definition = read_definition({"actions": actions})
    assert "".join(one.name for one in in_run_order(definition.actions)) == order
