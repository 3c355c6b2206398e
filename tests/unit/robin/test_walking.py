"""Walking passes by no node, and takes them in the order of the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from hypothesis import given

from deskhand.robin.nodes import Node, Script
from deskhand.robin.walking import children, walk
from tests.unit.robin.script_strategies import scripts
from tests.unit.robin.test_round_trip import PATIENT


def looked_through(node: Node) -> Iterator[Node]:
    """Yield a node and what stands in whatever field of it, the slow way."""
    yield node
    for one in fields(node):
        value = getattr(node, one.name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Node):
                yield from looked_through(item)


@PATIENT
@given(scripts())
def test_every_node_is_found_in_order(script: Script) -> None:
    wanted = list(map(id, looked_through(script)))

    assert list(map(id, walk(script))) == wanted
    assert list(map(id, children(script))) == [
        id(one) for one in walk(script) if any(one is child for child in children(script))
    ]


@PATIENT
@given(scripts())
def test_what_is_left_out_is_left_out_with_all_below_it(script: Script) -> None:
    for body in script.body[:1]:
        left_out = set(map(id, looked_through(body)))
        wanted = [id(one) for one in looked_through(script) if id(one) not in left_out]

        assert list(map(id, walk(script, but={id(body)}))) == wanted
