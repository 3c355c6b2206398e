"""The border between errors and HTTP: class → status and Dataverse code, in one table.

Source: dataverse-api 7.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import ClientDisconnect

from deskhand.cloudflows.errors import CloudFlowError
from deskhand.core.errors import DeskhandError
from deskhand.identity import errors as identity
from deskhand.messages import errors as messages
from deskhand.odata import errors as odata
from deskhand.orchestrator import errors as orchestrator
from deskhand.records import errors as records
from deskhand.store import errors as store
from deskhand.webapi import refusals
from deskhand.webapi.preferences import Preferences
from deskhand.webapi.replies import Reply, json_reply

_LOG = logging.getLogger(__name__)

_HELP_LINK = "Microsoft.PowerApps.CDS.HelpLink"
_TRACE_TEXT = "Microsoft.PowerApps.CDS.TraceText"
_INNER_MESSAGE = "Microsoft.PowerApps.CDS.InnerError.Message"
_HELP = "https://go.microsoft.com/fwlink/?linkid=2195293"
_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error is to a client.

    Attributes:
        status: The HTTP status.
        code: The Dataverse code.
    """

    status: int
    code: str


BAD_QUERY = Meaning(400, "0x80060888")
BAD_PAYLOAD = Meaning(400, "0x80048d19")
INVALID_ARGUMENT = Meaning(400, "0x80040203")
REFUSED_BY_RULE = Meaning(400, "0x80040265")
INVALID_TICKET = Meaning(401, "0x8004a100")
PRIVILEGE_DENIED = Meaning(403, "0x80040220")
ACCESS_DENIED = Meaning(403, "0x80048306")
NOT_A_MEMBER = Meaning(403, "0x80072560")
ROW_MISSING = Meaning(404, "0x80040217")
SEGMENT_MISSING = Meaning(404, "0x8006088a")
TOO_MANY_REQUESTS = Meaning(429, "0x80072322")
UNEXPECTED = Meaning(500, "0x80040216")
NOT_BUILT = Meaning(501, "0x8006088a")
UNAVAILABLE = Meaning(503, "0x80044150")

MEANINGS: Mapping[type[Exception], Meaning] = {
    identity.TokenRefused: INVALID_TICKET,
    identity.UserNotMember: NOT_A_MEMBER,
    records.ObjectDoesNotExist: ROW_MISSING,
    records.PrivilegeDenied: PRIVILEGE_DENIED,
    records.AccessDenied: ACCESS_DENIED,
    records.OwnerNeedsNoShare: REFUSED_BY_RULE,
    records.UnknownColumn: BAD_QUERY,
    records.ValueMismatch: BAD_QUERY,
    records.QueryMeaningless: BAD_QUERY,
    records.SkipTokenInvalid: BAD_QUERY,
    records.UndeclaredProperty: BAD_PAYLOAD,
    records.WrongValueType: BAD_PAYLOAD,
    records.TextTooLong: Meaning(400, "0x80044331"),
    records.OptionOutOfRange: Meaning(400, "0x8004431a"),
    records.NumberOutOfRange: Meaning(400, "0x8004432f"),
    records.StatusNotOfState: Meaning(400, "0x80048408"),
    records.OperationNotSupported: Meaning(405, "0x80040800"),
    records.PropertyReadOnly: BAD_PAYLOAD,
    records.ColumnRequired: INVALID_ARGUMENT,
    records.KeyDoesNotExist: Meaning(404, "0x80060891"),
    records.IdMismatch: BAD_PAYLOAD,
    records.QueueNotActive: REFUSED_BY_RULE,
    records.QueueSchemaFixed: REFUSED_BY_RULE,
    records.ItemStatusRefused: REFUSED_BY_RULE,
    records.ItemInProcessing: REFUSED_BY_RULE,
    records.DuplicateRecord: Meaning(412, "0x80040237"),
    records.VersionMismatch: Meaning(412, "0x80060882"),
    messages.BadPayload: BAD_PAYLOAD,
    messages.InvalidParameter: INVALID_ARGUMENT,
    messages.NotShareable: REFUSED_BY_RULE,
    messages.ShareWithNobody: INVALID_ARGUMENT,
    messages.InputsTooLarge: INVALID_ARGUMENT,
    messages.InputsMalformed: INVALID_ARGUMENT,
    messages.NoDesktopFlow: INVALID_ARGUMENT,
    messages.FlowSuspended: REFUSED_BY_RULE,
    messages.FlowHasActiveRuns: REFUSED_BY_RULE,
    messages.RunNotFinished: REFUSED_BY_RULE,
    messages.DesktopFlowTextRefused: REFUSED_BY_RULE,
    messages.FlowCategoryRefused: INVALID_ARGUMENT,
    messages.ClientDataMalformed: INVALID_ARGUMENT,
    messages.FlowBornActive: REFUSED_BY_RULE,
    messages.ImpersonationRefused: PRIVILEGE_DENIED,
    orchestrator.RunAlreadyFinished: REFUSED_BY_RULE,
    orchestrator.InputMismatch: INVALID_ARGUMENT,
    orchestrator.InputMissing: INVALID_ARGUMENT,
    orchestrator.MachineGroupNotFound: REFUSED_BY_RULE,
    orchestrator.GroupIsEmpty: REFUSED_BY_RULE,
    orchestrator.BelongsToGroup: REFUSED_BY_RULE,
    orchestrator.MachineRuns: REFUSED_BY_RULE,
    orchestrator.GroupInUse: REFUSED_BY_RULE,
    orchestrator.MachineNameTaken: REFUSED_BY_RULE,
    orchestrator.RunRateExceeded: TOO_MANY_REQUESTS,
    orchestrator.QueueFull: TOO_MANY_REQUESTS,
    orchestrator.ConnectionNotFound: ROW_MISSING,
    orchestrator.ConnectionNotUsable: ACCESS_DENIED,
    orchestrator.ConnectionReferenceNotFound: ROW_MISSING,
    orchestrator.ConnectionReferenceUnbound: REFUSED_BY_RULE,
    orchestrator.CallbackUrlRefused: INVALID_ARGUMENT,
    CloudFlowError: REFUSED_BY_RULE,
    odata.QueryMalformed: BAD_QUERY,
    odata.QueryOptionUnknown: BAD_QUERY,
    odata.QueryOptionRepeated: BAD_QUERY,
    odata.QueryTooLarge: BAD_QUERY,
    odata.QueryNotSupported: NOT_BUILT,
    refusals.BadHost: BAD_QUERY,
    refusals.UnknownSegment: SEGMENT_MISSING,
    refusals.UnknownProperty: BAD_QUERY,
    refusals.UnsupportedQueryOption: BAD_QUERY,
    refusals.MalformedPath: BAD_QUERY,
    refusals.NoValue: BAD_QUERY,
    refusals.NoSuchKey: BAD_QUERY,
    refusals.BindingUnreadable: BAD_PAYLOAD,
    refusals.TooManyTargets: INVALID_ARGUMENT,
    refusals.MethodNotSupported: Meaning(405, "0x80060888"),
    refusals.BodyTooLarge: Meaning(413, "0x80040216"),
    refusals.UnsupportedMediaType: Meaning(415, "0x80060888"),
    refusals.MalformedBody: BAD_PAYLOAD,
    refusals.NotBuiltYet: NOT_BUILT,
    refusals.ImpersonationNotSupported: PRIVILEGE_DENIED,
    refusals.TokenMissing: INVALID_TICKET,
    refusals.TooManyRequests: TOO_MANY_REQUESTS,
    refusals.TooMuchExecution: Meaning(429, "0x80072321"),
    store.DatabaseUnreachable: UNAVAILABLE,
    store.DatabaseClosed: UNAVAILABLE,
    store.CommitFailed: UNAVAILABLE,
    store.CommitUncertain: Meaning(500, "0x80044150"),
}
"""Every error that may reach a client; a subclass means what its base means."""


def meaning_of(error: BaseException) -> Meaning:
    """Return what an error is to a client; one that nobody foresaw is :data:`UNEXPECTED`."""
    known = (MEANINGS[one] for one in type(error).__mro__ if one in MEANINGS)
    return next(known, UNEXPECTED)


def error_reply(error: Exception, request_id: UUID, preferences: Preferences) -> Reply:
    """Return the answer that tells of an error, and log what a client must not see.

    Args:
        error: What went wrong.
        request_id: Ties the answer to the log.
        preferences: Whether the answer is to be annotated.
    """
    meaning = meaning_of(error)
    if meaning is UNEXPECTED:
        _log_unexpected(error, request_id)
    message = _message(error, meaning, request_id)
    content = {"code": meaning.code, "message": message}
    details = {_HELP_LINK: _HELP, _TRACE_TEXT: f"Request {request_id}", _INNER_MESSAGE: message}
    content |= {f"@{name}": text for name, text in details.items() if preferences.includes(name)}
    return json_reply({"error": content}, meaning.status, _headers(error, meaning))


def _message(error: Exception, meaning: Meaning, request_id: UUID) -> str:
    if meaning is UNEXPECTED:
        return f"An unexpected error occurred. The server's log tells more under request {request_id}."
    return str(error)


def _headers(error: Exception, meaning: Meaning) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, DeskhandError) and meaning is not UNEXPECTED:
        headers["Deskhand-Error"] = error.code
    if isinstance(error, refusals.MethodNotSupported):
        headers["Allow"] = ", ".join(error.allowed)
    if meaning.status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", _RETRY_SECONDS))
    return headers


def _log_unexpected(error: Exception, request_id: UUID) -> None:
    if isinstance(error, ClientDisconnect):
        _LOG.info("request %s: the caller hung up", request_id)
    else:
        _LOG.error("request %s failed", request_id, exc_info=error)
