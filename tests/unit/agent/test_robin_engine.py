"""Flows that are compiled ahead."""

from __future__ import annotations

from uuid import UUID

import pytest

from deskhand.agent.engine import FlowRefused
from deskhand.agent.robin_engine import KEPT_FLOWS, RobinEngine, load
from deskhand.protocol.messages import Flow


@pytest.fixture(scope="module")
def loaded() -> RobinEngine:
    return load()


@pytest.fixture
def engine(loaded: RobinEngine) -> RobinEngine:
    return RobinEngine(loaded._catalog)


def flow(name: str, definition: str = "SET Answer TO 42\n") -> Flow:
    return Flow(UUID(int=1), name, definition)


def test_a_flow_is_kept_with_its_text(engine: RobinEngine) -> None:
    assert not engine.keeps(flow("Sum"))
    engine.keep(flow("Sum"))
    assert engine.keeps(flow("Sum"))
    assert not engine.keeps(flow("Sum", "SET Answer TO 43\n"))
    assert not engine.keeps(flow("Total"))


def test_a_kept_flow_is_not_compiled_again(engine: RobinEngine) -> None:
    engine.keep(flow("Sum"))
    first, second = (engine.prepare(flow("Sum"), {}, "en-US") for _ in range(2))
    assert first.program is second.program


def test_a_new_text_takes_the_place_of_the_old_one(engine: RobinEngine) -> None:
    engine.keep(flow("Sum"))
    engine.keep(flow("Sum", "SET Answer TO 43\n"))
    assert not engine.keeps(flow("Sum"))
    assert engine.keeps(flow("Sum", "SET Answer TO 43\n"))


def test_the_flow_that_was_kept_first_makes_room(engine: RobinEngine) -> None:
    for number in range(KEPT_FLOWS + 1):
        engine.keep(flow(str(number)))
    assert [number for number in range(KEPT_FLOWS + 1) if not engine.keeps(flow(str(number)))] == [0]


def test_a_flow_with_errors_is_not_kept(engine: RobinEngine) -> None:
    with pytest.raises(FlowRefused):
        engine.keep(flow("Sum", "SET Answer TO\n"))
    assert not engine.keeps(flow("Sum", "SET Answer TO\n"))


def test_an_input_that_does_not_fit_refuses_a_kept_flow(engine: RobinEngine) -> None:
    text = (
        "@INPUT Given : { 'Description': '', 'FriendlyName': 'Given', 'Type': 'Numeric', "
        "'IsOptional': False }\nSET Answer TO Given\n"
    )
    engine.keep(flow("Sum", text))
    with pytest.raises(FlowRefused) as caught:
        engine.prepare(flow("Sum", text), {"Given": "many"}, "en-US")
    assert "the flow ‘Sum’ cannot begin" in caught.value.error.message
