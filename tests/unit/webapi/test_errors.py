"""The border between errors and HTTP."""

from __future__ import annotations

import json
import logging
from importlib import import_module
from uuid import UUID

import pytest
from starlette.requests import ClientDisconnect

from deskhand.core.errors import DeskhandError, error_classes
from deskhand.entities.workflow import Workflow
from deskhand.records.errors import ObjectDoesNotExist
from deskhand.webapi.errors import MEANINGS, UNEXPECTED, error_reply, meaning_of
from deskhand.webapi.preferences import Preferences
from deskhand.webapi.refusals import MethodNotSupported, TooManyRequests

REQUEST = UUID("5d2e8c7a-1f4b-4a39-9a55-0b7d6f1c2e90")
ROOMS = ("identity", "odata", "records", "orchestrator", "messages", "webapi", "store")

NEVER_ANSWERED = {
    # What a start or a command meets.
    "KeyUnreadable",
    "UnknownRole",
    "UserExists",
    "UnknownApiToken",
    "NotInitialized",
    "DatabaseAddressUnknown",
    "SchemaTooNew",
    # What the token endpoint answers in OAuth's own form.
    "ClientRefused",
    "OAuthError",
    # What people who sign in read on a page, or the portal in its own table.
    "AuthorizationRefused",
    "FormForged",
    "LastAdministrator",
    "LinkRefused",
    "NotDebugged",
    "PasswordTooWeak",
    "PasswordWrong",
    "RunNotPaused",
    "SignInRefused",
    "TooManyAttempts",
    "TooManyCommands",
    "TooManyStreams",
    "UnknownUser",
    "UserDisabled",
    # What agents are answered, in their own table.
    "RegistrationRefused",
    "MachineKeyRefused",
    "AgentVersionRefused",
    # What stands in a run's row, not in an answer.
    "NoCandidateMachine",
    # What the sender of callbacks meets.
    "CallbackAddressForbidden",
    "DeliveryFailed",
    # Faults: unexpected answers are right for them.
    "SealBroken",
    "SealingKeyMissing",
    "ReadOnlyTransaction",
    "StatementFailedBefore",
    "WriteWouldWaitForItself",
}


def _declared() -> set[type[DeskhandError]]:
    import_module("deskhand.webapi.app")  # every room that a request can pass declares its errors
    rooms = tuple(f"deskhand.{room}." for room in ROOMS)
    return {one for one in error_classes() if one.__module__.startswith(rooms)}


def test_every_error_that_a_request_can_meet_has_a_status_and_a_code() -> None:
    without = {one.__name__ for one in _declared() if not any(base in MEANINGS for base in one.__mro__)}

    assert without == NEVER_ANSWERED


def test_codes_are_hexadecimal_and_lower_case() -> None:
    for meaning in MEANINGS.values():
        assert meaning.code == f"0x{int(meaning.code, 16):08x}"
        assert 400 <= meaning.status <= 503


def test_our_own_codes_are_unique() -> None:
    codes = [one.code for one in _declared()]

    assert sorted(codes) == sorted(set(codes))


def test_an_error_becomes_an_answer() -> None:
    reply = error_reply(ObjectDoesNotExist(Workflow, REQUEST), REQUEST, Preferences())

    assert (reply.status, dict(reply.headers)) == (
        404,
        {"Content-Type": "application/json; odata.metadata=minimal", "Deskhand-Error": "DH1101"},
    )
    assert json.loads(reply.body) == {
        "error": {"code": "0x80040217", "message": f"workflow With Id = {REQUEST} Does Not Exist"}
    }


def test_what_helps_the_caller_go_on_stands_in_the_headers() -> None:
    throttled = error_reply(TooManyRequests(5, 42), REQUEST, Preferences())
    refused = error_reply(MethodNotSupported("PUT", ("GET", "HEAD")), REQUEST, Preferences())

    assert throttled.headers["Retry-After"] == "42"
    assert refused.headers["Allow"] == "GET, HEAD"


def test_a_caller_who_hung_up_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        error_reply(ClientDisconnect(), REQUEST, Preferences())

    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("INFO", f"request {REQUEST}: the caller hung up")
    ]


def test_a_subclass_means_what_its_base_means() -> None:
    class Special(ObjectDoesNotExist):
        code = "DH1101"

    assert meaning_of(Special(Workflow, REQUEST)) == MEANINGS[ObjectDoesNotExist]
    assert meaning_of(ValueError()) is UNEXPECTED
