"""Every node below a node, whatever its kind."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from deskhand.robin.nodes import Node


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node, in the order of the text."""
    for name in node.__dataclass_fields__:  # what fields() looks through, several times as fast
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif value.__class__ is tuple:
            for item in value:
                if isinstance(item, Node):
                    yield item


def walk(*roots: Node, but: Container[int] = ()) -> Iterator[Node]:
    """Yield nodes and all that is below them, in the order of the text; takes no recursion.

    Args:
        roots: Where to begin.
        but: The ids of nodes to leave out, with all that is below them.
    """
    waiting: list[Node] = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if id(node) in but:
            continue
        yield node
        waiting.extend(reversed(list(children(node))))


def walk_all(roots: Iterable[Node]) -> Iterator[Node]:
    """Yield what :func:`walk` yields for several nodes."""
    return walk(*roots)
