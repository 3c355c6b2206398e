"""Every node below a node, whatever its kind."""

from __future__ import annotations

import typing
from collections.abc import Container, Iterable, Iterator

from deskhand.robin.nodes import Node


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node, in the order of the text."""
    for name in _HOLDING[node.__class__]:
        value = getattr(node, name)
        if value.__class__ is tuple:
            for item in value:
                if isinstance(item, Node):
                    yield item
        elif isinstance(value, Node):
            yield value


def walk(*roots: Node, but: Container[int] = ()) -> Iterator[Node]:
    """Yield nodes and all that is below them, in the order of the text; takes no recursion.

    Args:
        roots: Where to begin.
        but: The ids of nodes to leave out, with all that is below them.
    """
    waiting: list[Node] = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if but and id(node) in but:
            continue
        yield node
        # The next to look at is the last: what children() yields, written out backwards, for flows are large.
        for name in reversed(_HOLDING[node.__class__]):
            value = getattr(node, name)
            if value.__class__ is tuple:
                waiting += [item for item in reversed(value) if isinstance(item, Node)]
            elif isinstance(value, Node):
                waiting.append(value)


def walk_all(roots: Iterable[Node]) -> Iterator[Node]:
    """Yield what :func:`walk` yields for several nodes."""
    return walk(*roots)


class _Holding(dict[type[Node], tuple[str, ...]]):
    """The fields of each kind of node that may hold nodes, in the order of the text."""

    def __missing__(self, kind: type[Node]) -> tuple[str, ...]:
        hints = typing.get_type_hints(kind)
        found = tuple(name for name in kind.__dataclass_fields__ if _may_be_node(hints[name]))
        self[kind] = found
        return found


_HOLDING = _Holding()


def _may_be_node(hint: object) -> bool:
    if isinstance(hint, type):
        return issubclass(hint, Node)
    return any(_may_be_node(one) for one in typing.get_args(hint))
