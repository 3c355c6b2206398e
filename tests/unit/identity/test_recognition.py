"""The short memory of who is behind a token."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from deskhand.identity.principals import Principal
from deskhand.identity.recognition import RecentPrincipals
from deskhand.identity.tokens import Claims
from tests.clock import StillClock

ID = UUID("0a1b2c3d-0000-4000-8000-000000000003")
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
API_TOKEN = Claims("a", MOMENT, MOMENT, True, True, ID, None, None)
APPLICATION = Claims("b", MOMENT, MOMENT, False, False, ID, None, ID)
PRINCIPAL = Principal(ID, "Ada", ID, ID, {}, 0)


def test_a_principal_is_remembered_for_five_seconds() -> None:
    clock = StillClock()
    recent = RecentPrincipals(clock)
    recent.put(APPLICATION, PRINCIPAL)

    clock.advance(4.9)
    assert recent.get(APPLICATION) is PRINCIPAL
    clock.advance(0.1)
    assert recent.get(APPLICATION) is None


def test_another_token_of_the_same_application_is_recognised() -> None:
    recent = RecentPrincipals(StillClock())
    recent.put(APPLICATION, PRINCIPAL)

    assert recent.get(replace(APPLICATION, token_id="c")) is PRINCIPAL


def test_another_api_token_of_the_same_user_is_not() -> None:
    recent = RecentPrincipals(StillClock())
    recent.put(API_TOKEN, PRINCIPAL)

    assert recent.get(API_TOKEN) is PRINCIPAL
    assert recent.get(replace(API_TOKEN, token_id="c")) is None
