"""What lists of runs and repetitions are searched by: ``$filter`` → conditions. Source: cloud-flows 7.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from deskhand.cloudflows.firing import run_name_stem
from deskhand.cloudflows.history_errors import FilterRefused
from deskhand.entities.flowrun import FlowRun, FlowRunProperty
from deskhand.odata import nodes
from deskhand.odata.errors import QueryMalformed, QueryNotSupported, QueryTooLarge
from deskhand.odata.filters import parse_filter

Clause = sa.ColumnElement[bool]
Compare = Callable[[nodes.Comparator, nodes.Literal], Clause]

_R, _P = FlowRun.c, FlowRunProperty.c
_TICK = timedelta(microseconds=1)
_TRACKED = "trackedproperties"
_MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


def run_conditions(text: str | None) -> list[Clause]:
    """Return the conditions of a filter of runs: status, startTime, clientTrackingId, tracked properties.

    Raises:
        FilterRefused: It cannot be read, or asks for something else.
    """
    return _conditions(
        text,
        {
            "status": lambda comparator, value: _text(_R.status, comparator, value),
            "clienttrackingid": lambda comparator, value: _text(_R.clienttrackingid, comparator, value),
            "starttime": _begun,
        },
    )


def status_conditions(text: str | None, column: sa.ColumnElement[Any]) -> list[Clause]:
    """Return the conditions of a filter by status alone.

    Raises:
        FilterRefused: It cannot be read, or asks for something else.
    """
    return _conditions(text, {"status": lambda comparator, value: _text(column, comparator, value)})


def status_test(text: str | None) -> Callable[[str], bool]:
    """Return what tests a status by a filter, where that is no column.

    Raises:
        FilterRefused: It cannot be read, or asks for something else.
    """
    if text is None or not text.strip():
        return lambda status: True
    return _test(_parsed(text))


def _test(condition: nodes.Condition) -> Callable[[str], bool]:
    match condition:
        case nodes.Junction():
            tests = [_test(one) for one in condition.conditions]
            join = all if condition.connective is nodes.Connective.AND else any
            return lambda status: join(test(status) for test in tests)
        case nodes.Comparison(
            comparator=nodes.Comparator.EQUAL | nodes.Comparator.NOT_EQUAL as comparator,
            left=nodes.Property(path=(name,)),
            right=nodes.Text(value=wanted),
        ) if name.casefold() == "status":
            return lambda status: (status == wanted) is (comparator is nodes.Comparator.EQUAL)
    raise FilterRefused("only the status is compared here, with ‘eq’ or ‘ne’ and a text in quotes.")


def _conditions(text: str | None, known: Mapping[str, Compare]) -> list[Clause]:
    if text is None or not text.strip():
        return []
    return [_clause(_parsed(text), known)]


def _parsed(text: str) -> nodes.Condition:
    try:
        return parse_filter(text, "$filter")
    except (QueryMalformed, QueryNotSupported, QueryTooLarge) as error:
        raise FilterRefused(error.message) from error


def _clause(condition: nodes.Condition, known: Mapping[str, Compare]) -> Clause:
    match condition:
        case nodes.Junction():
            join = sa.and_ if condition.connective is nodes.Connective.AND else sa.or_
            return join(*(_clause(one, known) for one in condition.conditions))
        case nodes.Comparison(left=nodes.Property() as name, right=value):
            return _compare(name, condition.comparator, value, known)
        case nodes.Comparison(left=value, right=nodes.Property() as name):
            mirrored = nodes.Comparator(_MIRRORED.get(condition.comparator, condition.comparator))
            return _compare(name, mirrored, value, known)
    raise FilterRefused("only comparisons joined by ‘and’ and ‘or’ are.")


def _compare(
    name: nodes.Property, comparator: nodes.Comparator, value: nodes.Operand, known: Mapping[str, Compare]
) -> Clause:
    if isinstance(value, nodes.Property | nodes.Alias):
        raise FilterRefused("a property is compared with a value.")
    if len(name.path) == 2 and name.path[0].casefold() == _TRACKED and "starttime" in known:
        return _tracked(name.path[1], comparator, value)
    compare = known.get(name.path[0].casefold()) if len(name.path) == 1 else None
    if compare is None:
        raise FilterRefused(f"there is no property ‘{'/'.join(name.path)}’.")
    return compare(comparator, value)


def _text(column: sa.ColumnElement[Any], comparator: nodes.Comparator, value: nodes.Literal) -> Clause:
    if not isinstance(value, nodes.Text):
        raise FilterRefused("a text is compared with a text in quotes.")
    if comparator is nodes.Comparator.EQUAL:
        return column == value.value
    if comparator is nodes.Comparator.NOT_EQUAL:
        return column != value.value
    raise FilterRefused(f"texts are not compared with ‘{comparator}’.")


def _begun(comparator: nodes.Comparator, value: nodes.Literal) -> Clause:
    """Compare when runs began by their names, which hold that: so the list's own order serves it."""
    moment = _moment(value)
    match comparator:
        case nodes.Comparator.GREATER_OR_EQUAL:
            return _R.name < run_name_stem(moment - _TICK)
        case nodes.Comparator.GREATER:
            return _R.name < run_name_stem(moment)
        case nodes.Comparator.LESS_OR_EQUAL:
            return _R.name >= run_name_stem(moment)
        case nodes.Comparator.LESS:
            return _R.name >= run_name_stem(moment - _TICK)
    raise FilterRefused(f"times are not compared with ‘{comparator}’.")


def _moment(value: nodes.Literal) -> datetime:
    if isinstance(value, nodes.Instant):
        return value.value
    if isinstance(value, nodes.Day):
        return datetime(value.value.year, value.value.month, value.value.day, tzinfo=UTC)
    raise FilterRefused("a time is written like 2026-03-01T08:00:00Z.")


def _tracked(name: str, comparator: nodes.Comparator, value: nodes.Literal) -> Clause:
    if comparator is not nodes.Comparator.EQUAL:
        raise FilterRefused("a tracked property is compared with ‘eq’.")
    found = sa.select(_P.flowrunid).where(_P.name == name, _P.value == _written(value))
    return _R.flowrunid.in_(found)


def _written(value: nodes.Literal) -> str:
    match value:
        case nodes.Text():
            return value.value
        case nodes.Number() | nodes.Boolean() | nodes.Guid():
            return str(value.value)
    raise FilterRefused("a tracked property is compared with a text, a number or a truth value.")
