"""Trees → addresses and query options, in one canonical spelling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from urllib.parse import quote

from deskhand.odata import nodes


def print_path(path: nodes.ResourcePath) -> str:
    """Return an address, percent-encoded."""
    return quote("/".join(_segment(segment) for segment in path.segments), safe="/(),='$@:{}")


def print_query(query: nodes.Query) -> str:
    """Return a query string, percent-encoded; empty without options."""
    return "&".join(f"{name}={quote(text, safe=_PLAIN)}" for name, text in _options(query))


_PLAIN = "(),='$@:/*[]"


def print_condition(condition: nodes.Condition) -> str:
    """Return a filter's text, as it stands in ``$filter`` before encoding."""
    match condition:
        case nodes.Junction():
            parts = (_grouped(one) for one in condition.conditions)
            return f" {condition.connective} ".join(parts)
        case nodes.Negation():
            return f"not {_negated(condition.condition)}"
        case nodes.Comparison():
            return f"{_operand(condition.left)} {condition.comparator} {_operand(condition.right)}"
        case nodes.Membership():
            return f"{_operand(condition.operand)} in ({','.join(map(_value, condition.items))})"
        case nodes.Call():
            return _call(condition)
        case nodes.Property() | nodes.Boolean():
            return _operand(condition)


def _options(query: nodes.Query) -> Iterator[tuple[str, str]]:
    if query.select is not None:
        yield "$select", ",".join(map(_operand, query.select)) or "*"
    if query.filter is not None:
        yield "$filter", print_condition(query.filter)
    if query.order:
        yield "$orderby", ",".join(map(_order_term, query.order))
    if query.top is not None:
        yield "$top", str(query.top)
    if query.count:
        yield "$count", "true"
    for name, value in query.aliases:
        yield name, _value(value)
    if query.skiptoken is not None:
        yield "$skiptoken", query.skiptoken


def _segment(segment: nodes.Segment) -> str:
    name = f"{segment.namespace}.{segment.name}" if segment.namespace else segment.name
    return name if segment.arguments is None else f"{name}({_arguments(segment.arguments)})"


def _arguments(arguments: tuple[nodes.Argument, ...]) -> str:
    return ",".join(
        f"{argument.name}={_value(argument.value)}" if argument.name else _value(argument.value)
        for argument in arguments
    )


def _order_term(term: nodes.OrderTerm) -> str:
    descending = term.direction is nodes.Direction.DESCENDING
    return f"{_operand(term.operand)} {term.direction}" if descending else _operand(term.operand)


def _grouped(condition: nodes.Condition) -> str:
    text = print_condition(condition)
    return f"({text})" if isinstance(condition, nodes.Junction) else text


def _negated(condition: nodes.Condition) -> str:
    text = print_condition(condition)
    plain = isinstance(condition, nodes.Call | nodes.Negation | nodes.Property | nodes.Boolean)
    return text if plain else f"({text})"


def _call(call: nodes.Call) -> str:
    name = f"{call.namespace}.{call.name}" if call.namespace else call.name
    return f"{name}({','.join(map(_operand, call.operands)) or _arguments(call.arguments)})"


def _operand(operand: nodes.Operand) -> str:
    return "/".join(operand.path) if isinstance(operand, nodes.Property) else _value(operand)


def _value(value: nodes.Value | nodes.Alias) -> str:
    match value:
        case nodes.Null():
            return "null"
        case nodes.Boolean():
            return str(value.value).lower()
        case nodes.Number():
            return _number(value.value)
        case nodes.Text():
            return "'" + value.value.replace("'", "''") + "'"
        case nodes.Guid():
            return str(value.value)
        case nodes.Instant():
            return value.value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case nodes.Day():
            return value.value.isoformat()
        case nodes.Collection():
            return f"[{','.join(map(_value, value.items))}]"
        case nodes.Alias():
            return value.name


def _number(value: Decimal) -> str:
    return format(value, "f")
