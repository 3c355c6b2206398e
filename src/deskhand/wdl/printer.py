"""Trees → text, in one canonical spelling: ``parse(print(tree))`` is the same tree."""

from __future__ import annotations

import math

from deskhand.wdl import nodes


def print_expression(tree: nodes.Expression) -> str:
    """Return an expression's text, without a leading ``@``."""
    match tree:
        case nodes.Literal():
            return _literal(tree.value)
        case nodes.Call():
            return f"{tree.name}({', '.join(map(print_expression, tree.arguments))})"
        case nodes.Property():
            return f"{print_expression(tree.target)}{_step(tree)}.{tree.name}"
        case nodes.Index():
            key = print_expression(tree.key)
            return f"{print_expression(tree.target)}{'?' if tree.safe else ''}[{key}]"


def _step(tree: nodes.Property) -> str:
    if tree.safe:
        return "?"
    # A dot right after a whole number would belong to the number.
    return " " if isinstance(tree.target, nodes.Literal) and type(tree.target.value) is int else ""


def print_template(template: nodes.Template) -> str:
    """Return a string as it stands in a definition."""
    match template:
        case str():
            return _literal_string(template)
        case nodes.Whole():
            return f"@{print_expression(template.expression.tree)}"
        case nodes.Interpolated():
            return "".join(map(_part, template.parts))


def _part(part: str | nodes.Parsed) -> str:
    if isinstance(part, str):
        return part.replace("@{", "@@{")
    return f"@{{{print_expression(part.tree)}}}"


def _literal_string(text: str) -> str:
    if text.startswith("@") and len(text) > 1:
        return f"@{text}"
    return text.replace("@{", "@@{")


def _literal(value: str | int | float | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(value)
