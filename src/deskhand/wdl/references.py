"""What the expressions of a definition name: actions, loops, scopes, variables. Source: cloud-flows 1.8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deskhand.wdl import nodes
from deskhand.wdl.templates import parse_template
from deskhand.wdl.values import Value


@dataclass(frozen=True, slots=True)
class Reference:
    """One call that names something: ``outputs('Compose')``.

    Attributes:
        function: The function's name in lower case.
        name: What it names.
    """

    function: str
    name: str


def strings_of(value: Value) -> Iterator[str]:
    """Yield every string and every key of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings_of(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from strings_of(one)


def references_of(template: nodes.Template) -> Iterator[Reference]:
    """Yield what the expressions of a string name by a literal."""
    for tree in trees_of(template):
        for call in calls_of(tree):
            first = call.arguments[0] if call.arguments else None
            if isinstance(first, nodes.Literal) and isinstance(first.value, str):
                yield Reference(call.name.lower(), first.value)


def trees_of(template: nodes.Template) -> Iterator[nodes.Expression]:
    """Yield the expressions of a string."""
    if isinstance(template, nodes.Whole):
        yield template.expression.tree
    elif isinstance(template, nodes.Interpolated):
        yield from (part.tree for part in template.parts if isinstance(part, nodes.Parsed))


def references_in(value: Value) -> Iterator[Reference]:
    """Yield what the expressions of a JSON value name.

    Raises:
        ExpressionError: An expression cannot be read.
    """
    for text in strings_of(value):
        yield from references_of(parse_template(text))


def calls_of(tree: nodes.Expression) -> Iterator[nodes.Call]:
    """Yield the calls of an expression, outer ones first."""
    match tree:
        case nodes.Call():
            yield tree
            for argument in tree.arguments:
                yield from calls_of(argument)
        case nodes.Property():
            yield from calls_of(tree.target)
        case nodes.Index():
            yield from calls_of(tree.target)
            yield from calls_of(tree.key)
        case nodes.Literal():
            return
