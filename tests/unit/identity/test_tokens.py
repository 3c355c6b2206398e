"""Issuing and checking tokens."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt

from deskhand.core.settings import Settings
from deskhand.identity.errors import TokenRefused
from deskhand.identity.keyring import KeyRing
from deskhand.identity.tokens import Claims, TokenService
from tests.clock import StillClock

TENANT = UUID("0a1b2c3d-0000-4000-8000-000000000001")
CLIENT = UUID("0a1b2c3d-0000-4000-8000-000000000002")
USER = UUID("0a1b2c3d-0000-4000-8000-000000000003")
TOKEN = UUID("0a1b2c3d-0000-4000-8000-000000000004")
HOST = "https://rpa.example.org"
START = datetime(2026, 3, 1, 8, 4, 11, tzinfo=UTC)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(START)


@pytest.fixture
def keyring(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path)


@pytest.fixture
def tokens(keyring: KeyRing, clock: StillClock) -> TokenService:
    return TokenService(keyring, Settings(), clock, TENANT)


def _signed(keyring: KeyRing, **changes: Any) -> str:
    """Return a delegated token that is acceptable but for the changes; null removes a claim."""
    moment = int(START.timestamp())
    claims = {
        "iss": f"{HOST}/{TENANT}/v2.0",
        "aud": HOST,
        "nbf": moment,
        "exp": moment + 60,
        "jti": "j",
        "oid": str(USER),
        "upn": "ada@example.org",
        "scp": "user_impersonation",
    } | changes
    key = keyring.signing[-1]
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": key.id}, kept, key.key, algorithms=["ES256"])


def _payload(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return payload


def test_an_application_token_says_who_for_what_and_how_long(tokens: TokenService) -> None:
    token = tokens.issue_application_token(HOST, HOST + "/", CLIENT, USER)
    payload = _payload(token.text)

    assert token.expires_in == 3599
    assert UUID(payload.pop("jti"))
    assert payload == {
        "iss": f"{HOST}/{TENANT}/v2.0",
        "aud": f"{HOST}/",
        "oid": str(USER),
        "sub": str(USER),
        "tid": str(TENANT),
        "appid": str(CLIENT),
        "azp": str(CLIENT),
        "iat": int(START.timestamp()),
        "nbf": int(START.timestamp()),
        "exp": int(START.timestamp()) + 3599,
    }


def test_an_application_token_is_read_back(tokens: TokenService) -> None:
    token = tokens.issue_application_token(HOST, HOST, CLIENT, USER)
    claims = tokens.verify(token.text, HOST)

    assert claims == Claims(
        token_id=claims.token_id,
        not_before=START,
        expires=START + timedelta(seconds=3599),
        api_token=False,
        delegated=False,
        object_id=USER,
        user_name=None,
        application_id=CLIENT,
    )


def test_an_api_token_works_under_any_address(tokens: TokenService) -> None:
    text = tokens.issue_api_token(TOKEN, USER, START + timedelta(days=90))
    expected = Claims(
        token_id=str(TOKEN),
        not_before=START,
        expires=START + timedelta(days=90),
        api_token=True,
        delegated=True,
        object_id=USER,
        user_name=None,
        application_id=None,
    )

    assert tokens.verify(text, HOST) == expected
    assert tokens.verify(text, "http://127.0.0.1:8430") == expected


@pytest.mark.parametrize("audience", [HOST, HOST + "/", ["https://other.example", HOST]])
def test_the_organisations_url_is_the_audience_with_or_without_slash(
    tokens: TokenService, keyring: KeyRing, audience: object
) -> None:
    assert tokens.verify(_signed(keyring, aud=audience), HOST).object_id == USER


def test_a_configured_audience_is_accepted(keyring: KeyRing, clock: StillClock) -> None:
    settings = Settings(token_audiences="https://rpa.api.example.org/ api://deskhand")
    tokens = TokenService(keyring, settings, clock, TENANT)

    assert tokens.verify(_signed(keyring, aud="https://rpa.api.example.org"), HOST).delegated
    assert tokens.verify(_signed(keyring, aud="api://deskhand"), HOST).delegated


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": f"https://elsewhere.example/{TENANT}/v2.0"}, "another issuer made it"),
        ({"iss": "urn:deskhand"}, f"it is not meant for {HOST}"),
        ({"aud": "https://elsewhere.example"}, f"it is not meant for {HOST}"),
        ({"aud": None}, f"it is not meant for {HOST}"),
        ({"scp": "User.Read"}, "its scope is not user_impersonation"),
        ({"scp": None}, "it names neither a scope nor an application"),
        ({"exp": None}, "it has no exp"),
        ({"nbf": "yesterday"}, "it has no nbf"),
        ({"exp": 1e300}, "its exp is no instant"),
    ],
)
def test_a_token_with_wrong_claims_is_refused(
    tokens: TokenService, keyring: KeyRing, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenRefused) as caught:
        tokens.verify(_signed(keyring, **changes), HOST)

    assert caught.value.reason == reason


def test_a_token_is_refused_once_it_has_expired_even_if_it_was_known(
    tokens: TokenService, keyring: KeyRing, clock: StillClock
) -> None:
    text = _signed(keyring)
    tokens.verify(text, HOST)

    clock.advance(89)
    tokens.verify(text, HOST)
    clock.advance(1)
    with pytest.raises(TokenRefused, match="it has expired"):
        tokens.verify(text, HOST)


def test_a_token_is_refused_before_it_is_valid(
    tokens: TokenService, keyring: KeyRing, clock: StillClock
) -> None:
    clock.advance(-31)

    with pytest.raises(TokenRefused, match="it is not valid yet"):
        tokens.verify(_signed(keyring), HOST)


def _unsigned() -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{head}.e30."


@pytest.mark.parametrize("text", ["", "a.b.c", "é.b.c", "x" * 20_000, _unsigned()])
def test_rubbish_is_refused(tokens: TokenService, text: str) -> None:
    with pytest.raises(TokenRefused):
        tokens.verify(text, HOST)


def test_a_token_signed_elsewhere_is_refused(tokens: TokenService, tmp_path: Path) -> None:
    stranger = KeyRing.open(tmp_path / "elsewhere")

    with pytest.raises(TokenRefused, match="it was not signed by this server"):
        tokens.verify(_signed(stranger), HOST)


def test_a_changed_token_is_refused(tokens: TokenService, keyring: KeyRing) -> None:
    head, payload, signature = _signed(keyring).split(".")
    other = _signed(keyring, oid=str(CLIENT)).split(".")[1]

    with pytest.raises(TokenRefused, match="it was not signed by this server"):
        tokens.verify(f"{head}.{other}.{signature}", HOST)
    assert payload != other


def test_tokens_of_both_keys_are_good_after_rotation(tokens: TokenService, keyring: KeyRing) -> None:
    before = _signed(keyring)
    keyring.rotate("signing")

    assert tokens.verify(before, HOST).object_id == USER
    assert tokens.verify(_signed(keyring), HOST).object_id == USER
    assert [key["kid"] for key in tokens.public_keys()] == [key.id for key in keyring.signing]


def test_a_key_that_another_process_added_is_looked_for_at_intervals(
    tokens: TokenService, tmp_path: Path, clock: StillClock
) -> None:
    theirs = KeyRing.open(tmp_path)
    theirs.rotate("signing")
    text = _signed(theirs)

    with pytest.raises(TokenRefused):
        tokens.verify(text, HOST)
    clock.advance(5)
    assert tokens.verify(text, HOST).object_id == USER


def test_published_keys_hold_no_private_part(tokens: TokenService) -> None:
    (key,) = tokens.public_keys()

    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


@pytest.mark.parametrize(
    ("resource", "accepted"), [(HOST, True), (HOST + "/", True), ("https://elsewhere.example", False)]
)
def test_tokens_are_issued_for_this_organisation_only(
    tokens: TokenService, resource: str, accepted: bool
) -> None:
    assert tokens.is_audience(resource, HOST) is accepted
