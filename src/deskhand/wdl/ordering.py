"""What comes before what on a list of actions. Source: cloud-flows 1.1 and 1.8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from deskhand.wdl.definition import Action

_MOST_CIRCLES = 20
"""Circles that are told of on one list of actions; mending them shows any others."""


@dataclass(frozen=True, slots=True)
class Order:
    """What comes before what on one list of actions.

    Attributes:
        bits: One bit for each action, by its identity.
        before: For each action the bits of those that it follows, directly or not.
        circular: The identities of actions that come after themselves; then the others have no order.
    """

    bits: Mapping[int, int]
    before: Mapping[int, int]
    circular: frozenset[int]

    def has_before(self, action: Action, other: Action) -> bool:
        """Return whether an action follows another one."""
        return bool(self.circular) or bool(self.before[id(action)] & self.bits.get(id(other), 0))


def order_of(level: Mapping[str, Action]) -> Order:
    """Return the order of a list of actions; names are matched in any case."""
    by_fold, graph = _graph(level)
    bits = {id(action): 1 << place for place, action in enumerate(level.values())}
    circular = frozenset(id(by_fold[name]) for name in _circles(graph))
    before = dict.fromkeys(bits, 0)
    for name in () if circular else TopologicalSorter(graph).static_order():
        for one in graph[name]:
            known = id(by_fold[one])
            before[id(by_fold[name])] |= before[known] | bits[known]
    return Order(bits, before, circular)


def _circles(graph: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the names that stand in circles, one circle after the other."""
    left = dict(graph)
    for _ in range(_MOST_CIRCLES):
        try:
            TopologicalSorter({name: [one for one in left[name] if one in left] for name in left}).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            for name in dict.fromkeys(circle):
                yield name
                del left[name]
        else:
            return


def in_run_order(level: Mapping[str, Action]) -> list[Action]:
    """Return the actions of a list so that each follows those it runs after, as people read them.

    Actions that nothing orders keep the order of the document, and so do all where some run in a circle.
    """
    by_fold, graph = _graph(level)
    sorter = TopologicalSorter(dict.fromkeys(graph, ()))
    for name, before in graph.items():
        sorter.add(name, *before)
    try:
        return [by_fold[name] for name in sorter.static_order()]
    except CycleError:
        return list(level.values())


def _graph(level: Mapping[str, Action]) -> tuple[dict[str, Action], dict[str, list[str]]]:
    by_fold = {name.casefold(): action for name, action in level.items()}
    graph = {
        name: [one.casefold() for one in action.run_after if one.casefold() in by_fold]
        for name, action in by_fold.items()
    }
    return by_fold, graph
