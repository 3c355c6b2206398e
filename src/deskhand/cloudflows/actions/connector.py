"""Actions of connectors: OpenApiConnection, ApiConnection, their webhook forms. Source: cloud-flows 3.11.

An operation is built in, described by a custom connector's document, or redirected to an HTTP address; it is
looked for in this order. Those that are not built in are sent in a call of their own, which alone sees the
connection's secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from deskhand.cloudflows.actions.http import CALLED_BACK, answered_call, failed_call, workflow_headers
from deskhand.cloudflows.custom_calls import not_implemented, request_of
from deskhand.cloudflows.declare import (
    NOTHING,
    OPERATIONS,
    ActionFailed,
    Answered,
    Call,
    Done,
    Due,
    Field,
    Group,
    Operation,
    Outcome,
    Signalled,
    Started,
    Step,
    Wait,
    action,
)
from deskhand.cloudflows.http.continuation import next_poll, poll_request
from deskhand.cloudflows.http.paging import gather
from deskhand.cloudflows.http.requests import Request, with_workflow_headers
from deskhand.cloudflows.http.responses import Response
from deskhand.cloudflows.paging import least_items
from deskhand.cloudflows.usage import OperationUse, api_name, operation_of
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value

_FIELDS = (Field("inputs/parameters", "Parameters", type="object"),)


@dataclass(frozen=True, slots=True)
class _Exchange:
    """What was sent and what was answered; never journaled, since a request may hold secrets."""

    request: Request
    response: Response


def _operation(use: OperationUse | None) -> Operation | None:
    return None if use is None else OPERATIONS.get((api_name(use.api).lower(), use.operation.lower()))


def _release(step: Step, tx: Transaction) -> Callable[[], Any] | None:
    operation = _operation(operation_of(step.action, step.run.connections))
    return operation.release(step, tx) if operation and operation.release else None


def _call(step: Step, *, calls_back: bool = False) -> Outcome:
    if step.given is NOTHING:
        step.give(_evaluated(step))
    use = operation_of(step.action, step.run.connections)
    operation = _operation(use)
    if operation is not None:
        return operation.advance(step)
    if use is None:
        raise not_implemented(use)
    return _call_elsewhere(step, use, calls_back=calls_back)


def _call_elsewhere(step: Step, use: OperationUse, *, calls_back: bool) -> Outcome:
    match step.event:
        case Answered(value=_Exchange() as exchange):
            return _answered(step, exchange, calls_back=calls_back)
        case Answered(error=ActionFailed() as failure):
            raise failure
        case Answered(error=error) if error is not None:
            return failed_call(error)
        case Signalled(kind=kind, payload=payload) if kind == CALLED_BACK:
            return _called_back(step, payload)
        case Due() | Started() if "poll" in step.state:
            return Call(_sender(step, use, calls_back=calls_back, poll=step.state["poll"]))
        case _:
            return Call(_sender(step, use, calls_back=calls_back))


def _sender(
    step: Step, use: OperationUse, *, calls_back: bool, poll: str | None = None
) -> Callable[[], _Exchange]:
    """Return what sends the request; whatever of the step that needs is taken from it now."""
    services = step.services
    callback_url = services.callback_url(step.run.id, step.tracking_id) if calls_back else None
    make = partial(request_of, services, step.run, use, _parameters(step.given), callback_url)
    headers, least, most_bytes = workflow_headers(step), least_items(step), step.settings.http_body_max_bytes

    def send() -> _Exchange:
        request = with_workflow_headers(make(), headers)
        request = request if poll is None else poll_request(request, poll)
        response = services.http.send(request)
        if least and response.status == 200:
            response = gather(services.http.send, request, response, least, most_bytes)
        return _Exchange(request, response)

    return send


def _parameters(given: Value) -> Mapping[str, Value]:
    parameters = member(given, "parameters") if isinstance(given, Mapping) else None
    return parameters if isinstance(parameters, Mapping) else {}


def _answered(step: Step, exchange: _Exchange, *, calls_back: bool) -> Outcome:
    if not any(one.casefold() == "disableasyncpattern" for one in step.action.options):
        poll = next_poll(exchange.request, exchange.response, step.now)
        if poll is not None:
            step.state["poll"] = str(poll.request.url)
            return Wait(step.now + poll.wait)
    if calls_back and exchange.response.status < 300:
        return Done(outputs=step.state["early"]) if "early" in step.state else _subscribed(step)
    return answered_call(step, exchange.response)


def _subscribed(step: Step) -> Wait:
    step.state["subscribed"] = True
    return Wait()


def _called_back(step: Step, payload: Value) -> Outcome:
    """Take the call that the action waits for; it may come before the answer to the request."""
    if "subscribed" in step.state:
        return Done(outputs=payload)
    step.state["early"] = payload
    return Wait()


def _evaluated(step: Step) -> Value:
    """Evaluate the inputs but for the authentication, which means nothing here (cloud-flows 2.2)."""
    inputs = step.action.inputs
    if not isinstance(inputs, Mapping):
        return step.evaluate(inputs)
    return step.evaluate({name: value for name, value in inputs.items() if name.lower() != "authentication"})


@action(
    "OpenApiConnection",
    title="Connector",
    group=Group.CONNECTORS,
    fields=_FIELDS,
    retried=True,
    limited=True,
    release=_release,
)
def open_api_connection(step: Step) -> Outcome:
    """Use an operation of a connector."""
    return _call(step)


@action(
    "OpenApiConnectionWebhook",
    title="Connector that calls back",
    group=Group.CONNECTORS,
    fields=_FIELDS,
    retried=True,
    limited=True,
    called_back=True,
    release=_release,
)
def open_api_connection_webhook(step: Step) -> Outcome:
    """Use an operation of a connector that answers when somebody has acted."""
    return _call(step, calls_back=True)


@action(
    "ApiConnection",
    title="Connector of Logic Apps",
    group=Group.CONNECTORS,
    retried=True,
    limited=True,
    release=_release,
)
def api_connection(step: Step) -> Outcome:
    """Use an operation of a connector, named by its method and path."""
    return _call(step)


@action(
    "ApiConnectionWebhook",
    title="Connector of Logic Apps that calls back",
    group=Group.CONNECTORS,
    retried=True,
    limited=True,
    called_back=True,
    release=_release,
)
def api_connection_webhook(step: Step) -> Outcome:
    """Use an operation of a connector, named by its method and path, that answers when somebody has acted."""
    return _call(step, calls_back=True)
