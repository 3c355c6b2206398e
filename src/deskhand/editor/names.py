"""Which variables stand in a row. Source: experience 4.1, robin 13."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

from deskhand.robin.nodes import (
    Input,
    LoopForEach,
    LoopFrom,
    Name,
    Node,
    Output,
    PowerFxLiteral,
    Script,
    UnparsedLiteral,
    Unreadable,
)
from deskhand.robin.walking import walk

_WORD = re.compile(r"[^\W\d]\w*")


def names_in(node: Node) -> tuple[str, ...]:
    """Return the names that a node itself holds; of a text that nothing reads, every word may be one."""
    match node:
        case Name(name=name) | LoopForEach(variable=name) | LoopFrom(variable=str(name)):
            return (name,)
        case Input(name=name) | Output(name=name):
            return (name,)
        case PowerFxLiteral(source=text) | UnparsedLiteral(text=text) | Unreadable(text=text):
            return tuple(_WORD.findall(text))
        case _:
            return ()


def names_by_line(script: Script) -> Mapping[int, list[str]]:
    """Return the names in the rows of a flow by the lines on which they stand, in the order of the text."""
    found: dict[int, list[str]] = {}
    for node in walk(*script.body, *script.functions):
        for name in names_in(node):
            found.setdefault(node.span.line, []).append(name)
    return found


def distinct(lines: Mapping[int, list[str]], first: int, end: int) -> tuple[str, ...]:
    """Return the names on some lines, each once in its first spelling."""
    named = chain.from_iterable(lines.get(line, ()) for line in range(first, end))
    return tuple({name.casefold(): name for name in reversed(list(named))}.values())[::-1]
