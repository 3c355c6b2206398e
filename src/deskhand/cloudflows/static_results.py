"""Static results: what an action returns in place of being done. Source: cloud-flows 3.13."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from deskhand.cloudflows.declare import NOTHING, Done, Problem, Status
from deskhand.cloudflows.http.responses import status_name
from deskhand.cloudflows.program import Node
from deskhand.wdl.definition import Definition, member
from deskhand.wdl.values import Value, find_key

_STATUSES = {status.lower(): status for status in Status if status.is_final}
_NUMBERS: Mapping[str, int] = {status_name(one).lower(): int(one) for one in HTTPStatus}


def static_result(definition: Definition, node: Node) -> Done | None:
    """Return an action's static result if it has one that is enabled, or None."""
    options = node.configuration("staticResult", "staticResultOptions")
    if str(options).casefold() != "enabled":
        return None
    results = member(definition.source, "staticResults")
    found = (
        member(results, str(node.configuration("staticResult", "name")))
        if isinstance(results, Mapping)
        else None
    )
    return _done(found) if isinstance(found, Mapping) else Done()


def _done(result: Mapping[str, Value]) -> Done:
    status = _STATUSES.get(str(member(result, "status") or "").casefold(), Status.SUCCEEDED)
    outputs = _numbered(member(result, "outputs"))
    error = member(result, "error")
    code = member(result, "code")
    return Done(
        status=status,
        code=code if isinstance(code, str) else _code(outputs),
        outputs=NOTHING if outputs is None else outputs,
        problem=_problem(error) if isinstance(error, Mapping) else None,
    )


def _numbered(outputs: Value) -> Value:
    """Return outputs whose status code is a number, as those of a call are, where it was a name."""
    key = find_key(outputs, "statusCode") if isinstance(outputs, dict) else None
    if key is None or not isinstance(outputs[key], str):
        return outputs
    return {**outputs, key: _NUMBERS.get(outputs[key].lower(), outputs[key])}


def _code(outputs: Value) -> str:
    status = member(outputs, "statusCode") if isinstance(outputs, Mapping) else None
    if isinstance(status, int):
        return status_name(status)
    return status if isinstance(status, str) else "OK"


def _problem(error: Mapping[str, Value]) -> Problem:
    return Problem(str(member(error, "code") or ""), str(member(error, "message") or ""))
