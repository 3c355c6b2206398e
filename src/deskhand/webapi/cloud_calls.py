"""The addresses of cloud flows: triggers that are called, actions called back. Source: cloud-flows 2.2."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskhand.cloudflows.actions.http import CALLED_BACK
from deskhand.cloudflows.addresses import ROOT
from deskhand.cloudflows.answers import RunAnswer, answer_of, read_answer
from deskhand.cloudflows.called import Called, answers
from deskhand.cloudflows.declare import Firing
from deskhand.cloudflows.errors import CloudFlowError, CloudFlowNotFound
from deskhand.cloudflows.firing import Starter
from deskhand.cloudflows.http.bodies import body_member, encode_body
from deskhand.cloudflows.http.errors import HttpError
from deskhand.cloudflows.http.headers import find_header
from deskhand.cloudflows.json_schema import validate
from deskhand.cloudflows.runstate import RunState
from deskhand.cloudflows.runtime import CloudFlows
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import new_id, parse_id
from deskhand.entities.declare import AccessRight
from deskhand.entities.workflow import Workflow
from deskhand.orchestrator.parents import signal
from deskhand.records.security import require_access, require_privilege
from deskhand.records.service import find
from deskhand.store.database import Transaction
from deskhand.wdl.definition import Trigger, member, walk
from deskhand.wdl.values import Value
from deskhand.webapi.addresses import base_url
from deskhand.webapi.auth import Authenticator
from deskhand.webapi.bodies import read_body
from deskhand.webapi.cloud_answers import CloudAnswers
from deskhand.webapi.errors import meaning_of
from deskhand.webapi.refusals import BodyTooLarge
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_LOG = logging.getLogger(__name__)

_CALLS_AT_ONCE = 16
_RETRY_SECONDS = "15"
_OWN_QUERIES = frozenset({"api-version", "sp", "sv", "sig", "code", "se"})
_NOT_SENT = frozenset({"content-length", "transfer-encoding", "connection", "date", "server", "set-cookie"})
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class CallRefused(CloudFlowError):
    """A call of a flow's address was refused; the code says why.

    ``DirectApiAuthorizationRequired``: the signature is missing or is not this address's; copy the whole
    address again. ``TriggerRequestMethodNotValid``, ``TriggerRelativePathNotValid`` and
    ``TriggerInputSchemaMismatch``: the call does not fit what the trigger takes.
    """

    code = "DH6520"

    def __init__(self, service_code: str, http_status: int, message: str) -> None:
        super().__init__(message)
        self.refusal_code = service_code
        self.refusal_status = http_status


class CloudCalls:
    """Answers calls of flows' addresses.

    Args:
        services: What requests are answered with.
        workers: Where transactions run.
        flows: What runs cloud flows.
    """

    def __init__(self, services: Services, workers: Workers, flows: CloudFlows) -> None:
        self._services = services
        self._workers = workers
        self._flows = flows
        self._authenticator = Authenticator(services, workers)
        self._answers = CloudAnswers(workers, services.wakeups, flows.seals)
        self._threads = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="web-cloud")

    def routes(self) -> list[Route]:
        """Return the routes of calls."""
        trigger = f"{ROOT}/workflows/{{workflow}}/triggers/{{trigger}}/paths/invoke"
        return [
            Route(trigger, self._answering(self._invoke), methods=_METHODS),
            Route(f"{trigger}/{{path:path}}", self._answering(self._invoke), methods=_METHODS),
            Route(f"{ROOT}/runs/{{run}}/response", self._answering(self._response), methods=["GET"]),
            Route(
                f"{ROOT}/runs/{{run}}/actions/{{action}}/callback",
                self._answering(self._callback),
                methods=["GET", "POST"],
            ),
        ]

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answering(self, handle: Any) -> Any:
        async def answer(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except Exception as error:
                return refusal(error)
            return response

        return answer

    async def _invoke(self, request: Request) -> Response:
        workflow_id = parse_id(request.path_params["workflow"])
        if workflow_id is None:
            raise CloudFlowNotFound(request.path_params["workflow"])
        called = await self._in_thread(
            partial(self._flows.launcher.read, workflow_id, request.path_params["trigger"])
        )
        user_id = await self._caller(request, called)
        assert called.trigger is not None, "a trigger was named"
        parameters = _check_address(request, called.trigger)
        body = await read_body(request.receive, request.headers, self._flows.settings.http_body_max_bytes)
        firing = _firing(request, body, parameters)
        _check_schema(called.trigger, firing)
        awaits = answers(called.program) and called.trigger.split_on is None
        starter = Starter(user_id, awaits_answer=awaits)
        runs = await self._in_thread(partial(self._flows.launcher.start, called, firing, starter))
        headers = _run_headers(called, runs)
        if not awaits or len(runs) != 1:
            return Response(status_code=202, headers=headers)
        if _is_asynchronous(called):
            return Response(status_code=202, headers=headers | self._location(request, runs[0]))
        return await self._await_answer(runs[0], headers)

    async def _caller(self, request: Request, called: Called) -> UUID:
        """Return as whom a flow is called: its owner by a signed address, or whoever signed in."""
        flow = called.flow
        assert called.trigger is not None, "a trigger was named"
        signature = request.query_params.get("sig", "")
        if self._flows.addresses.opens_trigger(
            signature, flow.workflow_id, called.trigger.name, flow.address_key
        ):
            return flow.owner.user_id
        if signature or "authorization" not in request.headers:
            raise CallRefused(
                "DirectApiAuthorizationRequired",
                401,
                "The request must be authenticated only by Shared Access scheme, or by a bearer token of "
                "somebody who may run the flow.",
            )
        address = base_url(request.scope, request.headers, self._services)
        principal = await self._authenticator.authenticate(request.headers, address)

        def check(tx: Transaction) -> None:
            require_privilege(principal, Workflow, AccessRight.READ)
            row = find(tx, Workflow, flow.workflow_id, columns=())
            require_access(tx, principal, Workflow, row, AccessRight.READ)

        await self._workers.read(check)
        return principal.user_id

    async def _await_answer(self, run: RunState, headers: Mapping[str, str]) -> Response:
        """Wait for a run's Response, for as long as callers are kept waiting."""
        known = answer_of(run)
        if known.outputs is None and not known.is_over:
            try:
                known = await self._answers.wait(run.id, self._flows.settings.cloudflow_answer_seconds)
            except TimeoutError:
                message = "The client application timed out waiting for a response from service."
                raise CallRefused("GatewayTimeout", 504, message) from None
        return _as_response(known, headers)

    def _location(self, request: Request, run: RunState) -> dict[str, str]:
        signature = self._flows.addresses.signer.sign("response", str(run.id))
        address = base_url(request.scope, request.headers, self._services)
        return {
            "Location": f"{address}{ROOT}/runs/{run.id}/response?sig={signature}",
            "Retry-After": _RETRY_SECONDS,
        }

    async def _response(self, request: Request) -> Response:
        """Answer who asks for the result of a call that was accepted."""
        run_id = parse_id(request.path_params["run"])
        signature = request.query_params.get("sig", "")
        if run_id is None or not self._flows.addresses.signer.accepts(signature, "response", str(run_id)):
            raise CallRefused("AuthorizationFailed", 401, "The address is not complete, or not this run's.")
        known = await self._read_answer(run_id)
        if known is None:
            raise CallRefused("WorkflowRunNotFound", 404, f"The workflow run '{run_id}' could not be found.")
        if known.outputs is None and not known.is_over:
            headers = {"Location": str(request.url), "Retry-After": _RETRY_SECONDS}
            return Response(status_code=202, headers=headers)
        return _as_response(known, {"x-ms-workflow-run-id": known.run_name})

    async def _callback(self, request: Request) -> Response:
        """Take the call that an action of a run waits for."""
        run_id = parse_id(request.path_params["run"])
        action_id = parse_id(request.path_params["action"])
        signature = request.query_params.get("sig", "")
        if run_id is None or action_id is None:
            raise CallRefused("WorkflowRunActionNotFound", 404, "The address is no callback address.")
        if not self._flows.addresses.opens_callback(signature, run_id, action_id):
            raise CallRefused(
                "AuthorizationFailed", 401, "The address is not complete, or not this action's."
            )
        body = await read_body(request.receive, request.headers, self._flows.settings.http_body_max_bytes)
        payload = _message(request, body)
        seal = self._flows.seals.seal

        def tell(tx: Transaction) -> bool:
            return signal(
                tx,
                run_id,
                action_id,
                CALLED_BACK,
                seal=lambda signal_id: seal(payload, signal_id, "payload") or b"",
            )

        told = await self._workers.write(tell)
        if not told:
            raise CallRefused("WorkflowRunNotFound", 404, "The run has ended, or is not there.")
        return Response(status_code=200)

    async def _read_answer(self, run_id: UUID) -> RunAnswer | None:
        return await self._workers.read(lambda tx: read_answer(tx, run_id, self._flows.seals))

    async def _in_thread(self, function: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)


def refusal(error: Exception) -> Response:
    """Return an error in the form of the management API. Source: cloud-flows 7.3."""
    status, code, message = meaning_of_refusal(error)
    if status >= 500 and not isinstance(error, CallRefused):
        _LOG.error("a call of a cloud flow failed", exc_info=error)
    return JSONResponse({"error": {"code": code, "message": message}}, status)


def meaning_of_refusal(error: Exception) -> tuple[int, str, str]:
    """Return what an error is to a caller: the HTTP status, the service's code, the message."""
    if isinstance(error, CallRefused):
        return error.refusal_status, error.refusal_code, error.message
    if isinstance(error, CloudFlowError):
        return error.http_status, error.service_code, error.message
    if isinstance(error, BodyTooLarge):
        return 413, "RequestEntityTooLarge", error.message
    if isinstance(error, ClientDisconnect):
        return 499, "ClientClosedRequest", "The caller hung up."
    if isinstance(error, HttpError):
        return 400, "InvalidRequestContent", error.message
    if isinstance(error, DeskhandError):
        found = meaning_of(error)
        return found.status, _GENERAL_CODES.get(found.status, "BadRequest"), error.message
    return 500, "InternalServerError", "Encountered internal server error; the log says more."


_GENERAL_CODES = {
    401: "AuthorizationFailed",
    403: "Forbidden",
    404: "NotFound",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}


def _check_address(request: Request, trigger: Trigger) -> dict[str, str]:
    """Check method and path, and return the parameters of the path. Source: cloud-flows 2.2."""
    inputs = trigger.inputs if isinstance(trigger.inputs, Mapping) else {}
    method = member(inputs, "method")
    if isinstance(method, str) and method and method.casefold() != request.method.casefold():
        raise CallRefused(
            "TriggerRequestMethodNotValid",
            405,
            f"The HTTP method for this request is not valid: expected '{method.upper()}' and actual "
            f"'{request.method}'.",
        )
    template = member(inputs, "relativePath")
    raw = bytes(request.scope["raw_path"]).decode("latin-1").partition("/paths/invoke")[2].strip("/")
    return _match(str(template or "").strip("/"), raw)


def _match(template: str, path: str) -> dict[str, str]:
    wanted, given = template.split("/"), path.split("/")
    parameters: dict[str, str] = {}
    fits = len(wanted) == len(given)
    for expected, actual in zip(wanted, given, strict=False):
        if expected.startswith("{") and expected.endswith("}") and actual:
            parameters[expected[1:-1]] = unquote(actual)
        else:
            fits = fits and expected == unquote(actual)
    if not fits:
        raise CallRefused(
            "TriggerRelativePathNotValid",
            404,
            f"The relative path '{unquote(path)}' does not match the trigger's '{template}'.",
        )
    return parameters


def _firing(request: Request, body: bytes, parameters: Mapping[str, str]) -> Firing:
    outputs = _message(request, body)
    if parameters:
        outputs["relativePathParameters"] = dict(parameters)
    inputs: dict[str, Value] = {"method": request.method}
    return Firing(outputs, inputs)


def _message(request: Request, body: bytes) -> dict[str, Value]:
    """Return a request as a trigger's outputs; members without a value are absent."""
    message: dict[str, Value] = {"headers": _headers(request)}
    queries = _queries(request)
    if queries:
        message["queries"] = queries
    content_type = request.headers.get("content-type")
    if body or content_type:
        message |= body_member(body, content_type)
    return message


def _headers(request: Request) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        if name == "authorization":
            continue  # It opens more than this flow.
        spelled = (
            "-".join(part.capitalize() for part in name.split("-")) if not name.startswith("x-") else name
        )
        known = find_header(found, spelled)
        found[known or spelled] = f"{found[known]},{value}" if known else value
    return found


def _queries(request: Request) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in parse_qsl(request.url.query, keep_blank_values=True):
        if name not in _OWN_QUERIES:
            found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _check_schema(trigger: Trigger, firing: Firing) -> None:
    """Check the body where the trigger asks for that. Source: cloud-flows 2.1 (``operationOptions``)."""
    if not any(one.casefold() == "enableschemavalidation" for one in trigger.options):
        return
    schema = member(trigger.inputs, "schema") if isinstance(trigger.inputs, Mapping) else None
    outputs = firing.outputs
    errors = validate(outputs.get("body") if isinstance(outputs, dict) else None, schema or {})
    if errors:
        raise CallRefused(
            "TriggerInputSchemaMismatch",
            400,
            "The input body for trigger '{}' of type 'Request' did not match its schema definition. Error "
            "details: '{}'.".format(trigger.name, "; ".join(str(one["message"]) for one in errors[:5])),
        )


def _is_asynchronous(called: Called) -> bool:
    return any(
        option.casefold() == "asynchronous"
        for action in walk(called.program.definition.actions)
        if action.type.casefold() == "response"
        for option in action.options
    )


def _run_headers(called: Called, runs: list[RunState]) -> dict[str, str]:
    """Return the headers that tell a caller of the run. Source: cloud-flows 2.2."""
    trigger = called.trigger
    if not runs or (
        trigger and any(one.casefold() == "suppressworkflowheadersonresponse" for one in trigger.options)
    ):
        return {}
    run = runs[0]
    return {
        "x-ms-workflow-run-id": run.name,
        "x-ms-correlation-id": str(run.id),
        "x-ms-client-tracking-id": run.client_tracking_id,
        "x-ms-trigger-history-name": run.name,
        "x-ms-workflow-id": str(run.workflow_id),
        "x-ms-workflow-name": str(run.workflow_id),
        "x-ms-workflow-version": str(run.program.version_id),
        "x-ms-workflow-system-id": f"/workflows/{run.workflow_id}",
        "x-ms-tracking-id": str(run.id),
        "x-ms-request-id": str(new_id()),
    }


def _as_response(known: RunAnswer, headers: Mapping[str, str]) -> Response:
    if known.outputs is None:
        raise CallRefused(
            "NoResponse",
            502,
            "The server did not receive a response from an upstream server. Request tracking id "
            f"'{known.run_name}'.",
        )
    own = {
        name: value
        for name, value in (known.outputs.get("headers") or {}).items()
        if name.lower() not in _NOT_SENT
    }
    content_type = find_header(own, "Content-Type")
    body = encode_body(known.outputs.get("body"), own[content_type] if content_type else None)
    if body is not None:
        own[content_type or "Content-Type"] = body.content_type
    whole = {**headers, **{name: _sendable(value) for name, value in own.items()}}
    content = b"" if body is None else body.content
    return Response(content, known.outputs["statusCode"], whole)


def _sendable(value: str) -> str:
    """Return a header's value without what would end it, or begin another one."""
    return "".join(letter if " " <= letter != "\x7f" else " " for letter in value)
