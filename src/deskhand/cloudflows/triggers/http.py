"""Http and HttpWebhook: an address that is asked, and one that calls. Source: cloud-flows 2.5."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime

from deskhand.cloudflows.declare import (
    AUTOMATED,
    Field,
    Firing,
    Look,
    Problem,
    Seen,
    TriggerType,
    TriggerView,
    declare_trigger,
)
from deskhand.cloudflows.http.authentication import authenticate, read_authentication
from deskhand.cloudflows.http.continuation import location_of, poll_request, retry_after
from deskhand.cloudflows.http.errors import CallAborted, HttpError
from deskhand.cloudflows.http.requests import Request, read_request
from deskhand.cloudflows.http.responses import Response, status_name
from deskhand.cloudflows.retry import (
    LOGIC_APPS_DEFAULT,
    POWER_AUTOMATE_DEFAULT,
    RetryPolicy,
    delay,
    is_retried,
    read_retry_policy,
)
from deskhand.cloudflows.triggers.errors import SubscriptionRefused, TriggerInputsInvalid
from deskhand.cloudflows.triggers.recurrence import EVERY, begin_by_schedule, next_slot
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, find_key

_SANITIZED = "*sanitized*"
_GONE = (404, 410)
_LONGEST_ANSWER = 300
_REQUEST_FIELDS = (
    Field("inputs/uri", "URI", type="string", required=True),
    Field("inputs/method", "Method", required=True, options=("GET", "POST", "PUT", "PATCH", "DELETE")),
    Field("inputs/headers", "Headers", type="object"),
    Field("inputs/queries", "Queries", type="object"),
    Field("inputs/body", "Body"),
    Field("inputs/authentication", "Authentication", type="object"),
)


def _request(look: Look, inputs: Value) -> Request:
    """Return the request that inputs describe, with what authenticates it."""
    authentication = read_authentication(member(inputs, "authentication") if _is_object(inputs) else None)
    return authenticate(read_request(inputs, {}), authentication, look.services.tokens)


def _is_object(value: Value) -> bool:
    return isinstance(value, Mapping)


# Http: the trigger asks


def _begin_poll(view: TriggerView) -> datetime | None:
    _retry_policy(view, view.evaluate(view.trigger.inputs))
    return begin_by_schedule(view)


def _retry_policy(view: TriggerView, inputs: Value) -> RetryPolicy:
    default = POWER_AUTOMATE_DEFAULT if view.is_power_automate else LOGIC_APPS_DEFAULT
    configuration = member(view.trigger.source, "runtimeConfiguration")
    return read_retry_policy(inputs, configuration, default=default)


def _poll(look: Look) -> Seen:
    """Ask the address: 200 starts a run, 202 does not, anything else has failed."""
    inputs = look.evaluate(look.trigger.inputs)
    try:
        request = _request(look, inputs)
        if isinstance(look.cursor, Mapping):
            request = poll_request(request, look.cursor["location"])
        response = look.services.http.send(request)
        if response.status not in (200, 202):
            return _failed(look, inputs, response)
        firings = (Firing(response.outputs(), _shown(inputs)),) if response.status == 200 else ()
        location = location_of(request, response)
    except CallAborted:
        raise
    except HttpError as error:
        code = status_name(int(error.status))
        return _put_off(look, inputs, Problem(code, error.message), int(error.status), None)
    waits = retry_after(response, look.now)
    return Seen(
        due=next_slot(look) if waits is None else look.now + waits,
        cursor=None if location is None else {"location": str(location)},
        firings=firings,
        code=status_name(response.status),
        is_secret=True,
    )


def _shown(inputs: Value) -> Value:
    """Return the inputs without what authenticates."""
    key = find_key(inputs, "authentication") if isinstance(inputs, dict) else None
    return inputs if key is None else {**inputs, key: _SANITIZED}


def _failed(look: Look, inputs: Value, response: Response) -> Seen:
    code = status_name(response.status)
    message = f"Http request failed: the server answered with status code '{response.status}'."
    return _put_off(look, inputs, Problem(code, message), response.status, response)


def _put_off(look: Look, inputs: Value, problem: Problem, status: int, response: Response | None) -> Seen:
    """Ask again as the retry policy says; when that is exhausted, at the recurrence's next slot."""
    policy = _retry_policy(look, inputs)
    attempt = look.failures % (policy.count + 1) + 1
    asked = None if response is None else retry_after(response, look.now)
    wait = delay(policy, attempt, random.random, asked) if is_retried(status) else None
    slot = next_slot(look)
    soon = None if wait is None else look.now + wait
    return Seen(slot if soon is None or (slot is not None and slot < soon) else soon, problem=problem)


HTTP = declare_trigger(
    TriggerType(
        name="Http",
        title="HTTP",
        doc="Asks an HTTP address again and again, and starts a run when it answers with 200.",
        kind=AUTOMATED,
        fields=(
            *_REQUEST_FIELDS,
            *EVERY,
        ),
        begin=_begin_poll,
        look=_poll,
    )
)


# HttpWebhook: the trigger is called


def _begin_webhook(view: TriggerView) -> datetime | None:
    inputs = view.trigger.inputs
    subscribe = member(inputs, "subscribe") if isinstance(inputs, Mapping) else None
    if not isinstance(subscribe, Mapping) or member(subscribe, "uri") is None:
        raise TriggerInputsInvalid(view.trigger.name, "‘subscribe’ must be a request with a ‘uri’")
    return None


def _subscribe(look: Look) -> Value:
    """Subscribe, and remember how to unsubscribe: parameters may have other values by then."""
    inputs = look.evaluate(look.trigger.inputs)
    _send(look, member(inputs, "subscribe"))
    return {"unsubscribe": member(inputs, "unsubscribe")}


def _unsubscribe(look: Look) -> None:
    known = look.cursor if isinstance(look.cursor, Mapping) else look.evaluate(look.trigger.inputs)
    request = member(known, "unsubscribe")
    if isinstance(request, Mapping) and member(request, "uri") is not None:
        _send(look, request, accepted=_GONE)


def _send(look: Look, inputs: Value, accepted: tuple[int, ...] = ()) -> None:
    request = _request(look, inputs)
    response = look.services.http.send(request)
    if response.status >= 300 and response.status not in accepted:
        answer = response.body[:_LONGEST_ANSWER].decode("utf-8", "replace").strip()
        raise SubscriptionRefused(request.url.host, response.status, answer)


HTTP_WEBHOOK = declare_trigger(
    TriggerType(
        name="HttpWebhook",
        title="HTTP Webhook",
        doc="Tells an HTTP address where to call, and starts a run for each call until it is switched off.",
        kind=AUTOMATED,
        fields=(
            Field("inputs/subscribe", "Subscribe", type="object", required=True),
            Field("inputs/unsubscribe", "Unsubscribe", type="object"),
        ),
        begin=_begin_webhook,
        attach=_subscribe,
        detach=_unsubscribe,
        is_called=True,
    )
)
