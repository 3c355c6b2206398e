"""The chunk files under ``robin/run``: what flows do.

Below a chunk's flow stand lines that are no part of it:

- ``#< Name = literal`` gives an input;
- ``#> Name = literal`` says what a variable holds in the end;
- ``#> noted literal`` says what ``Test.Note`` was given, in order;
- ``#> fails Name at Subflow row: pattern`` says which error ends the flow, and where;
- ``#> exits code`` says with which code the flow ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deskhand.robin.literals import literal_value
from deskhand.robin.parser import parse_expression
from deskhand.robin.runtime import Failed, Outcome, RunEnvironment, Succeeded, compile_text, run
from tests.chunked_file import Chunk, read_chunks
from tests.clock import StillClock
from tests.robin_library import library

CHUNKS = list(read_chunks(Path(__file__).parent / "robin" / "run"))

_NAMED = re.compile(r"(\w+) = (.*)")
_FAILS = re.compile(r"fails (\w+) at (\w+) (\d+): (.*)")


@dataclass
class Expected:
    """What a chunk says of its run."""

    inputs: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    noted: list[Any] = field(default_factory=list)
    failure: tuple[str, str, int] | None = None
    message: str = ""
    exit_code: int | None = None

    def read(self, line: str) -> None:
        named, fails = _NAMED.fullmatch(line[3:]), _FAILS.fullmatch(line[3:])
        if line.startswith("#<") and named:
            self.inputs[named[1]] = value(named[2])
        elif fails:
            self.failure, self.message = (fails[1], fails[2], int(fails[3])), fails[4]
        elif line.startswith("#> noted "):
            self.noted.append(value(line.removeprefix("#> noted ")))
        elif line.startswith("#> exits "):
            self.exit_code = int(line.removeprefix("#> exits "))
        else:
            assert named, f"this line says nothing: {line}"
            self.variables[named[1]] = value(named[2])


def value(literal: str) -> Any:
    return None if literal == "nothing" else literal_value(parse_expression(literal))


def read(text: str) -> tuple[str, Expected]:
    """Return a chunk's flow, its variables declared as outputs, and what it says of its run."""
    expected = Expected()
    flow: list[str] = []
    for line in text.splitlines():
        if line.startswith(("#<", "#>")):
            expected.read(line)
        else:
            flow.append(line)
    declares = any(line.startswith("@OUTPUT") for line in flow)
    outputs = [] if declares else [f"@OUTPUT {name} : {{ 'Type': 'Any' }}" for name in expected.variables]
    return "\n".join([*flow, *outputs]) + "\n", expected


def outcome_of(flow: str, inputs: dict[str, Any], *, traced: bool) -> tuple[Outcome, list[Any]]:
    actions, notes = library()
    clock = StillClock()
    program = compile_text(flow, actions, traced=traced)
    environment = RunEnvironment(clock=clock, sleep=clock.advance)
    return run(program, inputs, environment), notes.noted


def typed(item: Any) -> Any:
    """Return a value with its types, so that ``1``, ``True`` and ``'1'`` differ."""
    if isinstance(item, dict):
        return ("object", [(key, typed(inner)) for key, inner in item.items()])
    if isinstance(item, list):
        return ("list", [typed(inner) for inner in item])
    return (type(item).__name__, item)


@pytest.mark.parametrize("traced", [False, True], ids=["plain", "traced"])
@pytest.mark.parametrize("chunk", CHUNKS, ids=lambda chunk: chunk.name)
def test_a_flow_does_what_its_chunk_says(chunk: Chunk, traced: bool) -> None:
    flow, expected = read(chunk.text)
    outcome, noted = outcome_of(flow, expected.inputs, traced=traced)
    if expected.failure is not None:
        assert isinstance(outcome, Failed), outcome
        assert outcome.place is not None
        where = (outcome.error_name, outcome.place.subflow, outcome.place.row)
        assert where == expected.failure
        assert re.search(expected.message, outcome.message), outcome.message
    else:
        assert isinstance(outcome, Succeeded), outcome
        assert typed(outcome.outputs) == typed(expected.variables)
    assert typed(noted) == typed(expected.noted)
    assert outcome.exit_code == expected.exit_code
