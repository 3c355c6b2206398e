"""How a request says who sends it, and where access tokens come from."""

import base64
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from deskhand.cloudflows.http.authentication import (
    Authentication,
    Authorization,
    ManagedIdentity,
    authenticate,
    read_authentication,
)
from deskhand.cloudflows.http.certificates import ClientCertificate
from deskhand.cloudflows.http.errors import (
    AuthenticationRefused,
    ConnectionFailed,
    ManagedIdentityMissing,
    RequestRefused,
    TokenRefused,
)
from deskhand.cloudflows.http.requests import Request, read_url
from deskhand.cloudflows.http.responses import Response
from deskhand.cloudflows.http.tokens import (
    PUBLIC_AUTHORITY,
    ClientCredentials,
    ServiceCredentials,
    TokenSource,
    token_request,
)
from deskhand.core.settings import Settings
from tests.clock import StillClock

REQUEST = Request("GET", read_url("https://api.example/", "uri"), {"authorization": "old", "A": "b"})
CREDENTIALS = ClientCredentials(PUBLIC_AUTHORITY, "contoso.example", "https://vault.example", "id", "s3cret")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Authority:
    """Answers requests for tokens, each with a new one that holds an hour."""

    answers: list[Response] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.asked.append(request)
        granted = {"access_token": f"token{len(self.asked)}", "expires_in": "3600"}
        return self.answers.pop(0) if self.answers else Response(200, {}, json.dumps(granted).encode())


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture
def tokens(authority: Authority, clock: StillClock) -> TokenSource:
    return TokenSource(authority, clock, Settings())


@pytest.mark.parametrize(
    ("value", "authentication"),
    [
        (None, None),
        ({}, None),
        ({"type": "None"}, None),
        (
            {"type": "basic", "UserName": "u", "password": "ü"},
            Authorization(f"Basic {base64.b64encode('u:ü'.encode()).decode()}"),
        ),
        ({"type": "Basic", "username": "key"}, Authorization("Basic a2V5Og==")),
        ({"type": "Raw", "value": "Bearer t"}, Authorization("Bearer t")),
        ({"type": "Raw", "scheme": "ApiKey", "parameter": "t"}, Authorization("ApiKey t")),
        (
            {"type": "ClientCertificate", "pfx": "cGZ4", "password": "w"},
            ClientCertificate(b"pfx", "w"),
        ),
        ({"type": "ManagedServiceIdentity", "audience": "a", "identity": "x"}, ManagedIdentity("a")),
        (
            {
                "type": "ActiveDirectoryOAuth",
                "tenant": "contoso.example",
                "audience": "https://vault.example",
                "clientId": "id",
                "secret": "s3cret",
            },
            CREDENTIALS,
        ),
        (
            {
                "type": "ActiveDirectoryOAuth",
                "authority": "https://login.example/",
                "tenant": "t",
                "audience": "a",
                "clientId": "id",
                "pfx": "cGZ4",
                "password": "w",
            },
            ClientCredentials("https://login.example/", "t", "a", "id", ClientCertificate(b"pfx", "w")),
        ),
    ],
)
def test_each_type_is_read(value: Any, authentication: Authentication) -> None:
    assert read_authentication(value) == authentication


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("Basic", "it is no object"),
        ({"username": "u"}, "its member ‘type’ is missing or empty"),
        (
            {"type": "QueryString"},
            "‘QueryString’ is no type of a request; known are None, Basic, ClientCertificate, "
            "ActiveDirectoryOAuth, ManagedServiceIdentity, Raw",
        ),
        ({"type": "Basic", "password": "p"}, "its member ‘username’ is missing or empty"),
        ({"type": "Basic", "username": {"a": 1}}, "its member ‘username’ is no text"),
        ({"type": "Raw"}, "its member ‘value’ is missing or empty"),
        ({"type": "ClientCertificate", "pfx": "!"}, "‘pfx’ is no base64 text of a certificate"),
        ({"type": "ClientCertificate", "pfx": "A" * 200_000}, "‘pfx’ is no base64 text of a certificate"),
        (
            {"type": "ActiveDirectoryOAuth", "tenant": "t", "audience": "a", "clientId": "i"},
            "its member ‘secret’ is missing or empty",
        ),
        ({"type": "ManagedServiceIdentity"}, "its member ‘audience’ is missing or empty"),
    ],
)
def test_what_is_incomplete_or_unknown_is_refused(value: Any, problem: str) -> None:
    with pytest.raises(AuthenticationRefused) as refused:
        read_authentication(value)
    assert refused.value.problem == problem


def test_no_secret_shows_in_a_repr() -> None:
    certificate = ClientCertificate(b"s3cret", "s3cret")
    shown = [Authorization("s3cret"), certificate, CREDENTIALS, replace(CREDENTIALS, proof=certificate)]
    assert "s3cret" not in repr(shown)


def test_the_value_replaces_the_flow_s_own_header(tokens: TokenSource) -> None:
    assert authenticate(REQUEST, None, tokens) == REQUEST
    assert authenticate(REQUEST, Authorization("Basic x"), tokens) == replace(
        REQUEST, headers={"A": "b", "Authorization": "Basic x"}
    )


def test_a_value_with_a_line_break_is_refused(tokens: TokenSource) -> None:
    with pytest.raises(RequestRefused, match="line break or control character in header ‘Authorization’"):
        authenticate(REQUEST, Authorization("Bearer x\r\nX: y"), tokens)


def test_a_certificate_goes_with_the_connection(tokens: TokenSource) -> None:
    certificate = ClientCertificate(b"pfx", "")
    assert authenticate(REQUEST, certificate, tokens) == replace(REQUEST, certificate=certificate)


def test_a_token_is_asked_for_once_until_shortly_before_it_ends(
    authority: Authority, tokens: TokenSource, clock: StillClock
) -> None:
    sent = authenticate(REQUEST, CREDENTIALS, tokens)
    assert sent.header("Authorization") == "Bearer token1"
    clock.advance(54 * 60 + 59)
    assert tokens.token(CREDENTIALS) == "token1"
    clock.advance(1)
    assert tokens.token(CREDENTIALS) == "token2"
    (first, _) = authority.asked
    assert first.body is not None
    assert (first.method, str(first.url), first.follows_redirects, parse_qs(first.body.decode())) == (
        "POST",
        "https://login.microsoftonline.com/contoso.example/oauth2/token",
        False,
        {
            "grant_type": ["client_credentials"],
            "client_id": ["id"],
            "resource": ["https://vault.example"],
            "client_secret": ["s3cret"],
        },
    )


def test_other_credentials_get_another_token(authority: Authority, tokens: TokenSource) -> None:
    given = [
        tokens.token(replace(CREDENTIALS, **change))
        for change in (
            {}, {"proof": "other"}, {"tenant": "t"}, {"audience": "a"}, {"client_id": "i"},
            {"authority": "https://login.example"},
        )
    ]  # fmt: skip
    assert given == ["token1", "token2", "token3", "token4", "token5", "token6"]


def test_a_service_of_any_make_gives_tokens_at_its_own_address(
    authority: Authority, tokens: TokenSource
) -> None:
    credentials = ServiceCredentials("https://id.example/oauth/token", "id", "s3cret", "orders.read")
    assert [tokens.token(credentials), tokens.token(credentials)] == ["token1", "token1"]
    assert tokens.token(replace(credentials, scope="")) == "token2"
    first, second = (parse_qs((one.body or b"").decode()) for one in authority.asked)
    assert str(authority.asked[0].url) == "https://id.example/oauth/token"
    assert not authority.asked[0].follows_redirects
    assert first == {**second, "scope": ["orders.read"]}
    assert second == {
        "grant_type": ["client_credentials"],
        "client_id": ["id"],
        "client_secret": ["s3cret"],
    }
    assert "s3cret" not in repr(credentials)


def test_a_services_secret_is_not_sent_in_clear(tokens: TokenSource) -> None:
    with pytest.raises(AuthenticationRefused, match="‘tokenUrl’ is no https address"):
        tokens.token(ServiceCredentials("http://id.example/token", "id", "s3cret"))


def test_many_tokens_do_not_fill_the_memory(authority: Authority, tokens: TokenSource) -> None:
    for number in range(1_100):
        tokens.token(replace(CREDENTIALS, client_id=str(number)))
    assert len(tokens._kept) <= 1_000
    assert tokens.token(replace(CREDENTIALS, client_id="1099")) == "token1100"


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (
            Response(
                401, {}, b'{"error":"invalid_client","error_description":"AADSTS7000215: no\\r\\nTrace: 1"}'
            ),
            "‘login.microsoftonline.com’ gave no access token: it answered 401 "
            "(invalid_client: AADSTS7000215: no Trace: 1).",
        ),
        (
            Response(502, {}, b"<html>"),
            "‘login.microsoftonline.com’ gave no access token: it answered 502 and no JSON.",
        ),
        (
            Response(302, {"Location": "https://evil.example/"}, b"[]"),
            "‘login.microsoftonline.com’ gave no access token: it answered 302.",
        ),
        (
            Response(200, {}, b'{"access_token": "x\\r\\ny"}'),
            "‘login.microsoftonline.com’ gave no access token: it answered 200.",
        ),
    ],
)
def test_a_refusal_is_told_in_the_authority_s_words(
    authority: Authority, tokens: TokenSource, response: Response, problem: str
) -> None:
    authority.answers = [response]
    with pytest.raises(TokenRefused) as refused:
        tokens.token(CREDENTIALS)
    assert refused.value.message == problem
    assert tokens.token(CREDENTIALS) == "token2"


def test_a_token_that_does_not_say_how_long_it_holds_is_not_kept(
    authority: Authority, tokens: TokenSource
) -> None:
    authority.answers = [Response(200, {}, b'{"access_token": "short"}')]
    assert [tokens.token(CREDENTIALS), tokens.token(CREDENTIALS)] == ["short", "token2"]


def test_an_authority_that_cannot_be_reached_is_no_refusal(clock: StillClock) -> None:
    class Unreachable:
        def send(self, request: Request) -> Response:
            raise ConnectionFailed(request.url.host, "refused")

    with pytest.raises(ConnectionFailed):
        TokenSource(Unreachable(), clock, Settings()).token(CREDENTIALS)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"tenant": "../evil"}, "its member ‘tenant’ is no id or name of a directory"),
        ({"authority": "http://login.example"}, "its member ‘authority’ is no https address"),
        (
            {"authority": "login"},
            "its member ‘authority’ is no absolute http or https address: ‘login/contoso.exa",
        ),
    ],
)
def test_credentials_that_cannot_be_used_are_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(AuthenticationRefused) as refused:
        token_request(replace(CREDENTIALS, **change), NOW)
    assert refused.value.problem.startswith(problem)


def test_an_application_of_the_settings_stands_in_for_a_managed_identity(
    authority: Authority, clock: StillClock, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    settings = Settings(
        managed_identity_tenant="t", managed_identity_client_id="own", managed_identity_secret_file=str(file)
    )
    source = TokenSource(authority, clock, settings)
    assert authenticate(REQUEST, ManagedIdentity("a"), source).header("Authorization") == "Bearer token1"
    assert authority.asked[0].body is not None
    assert parse_qs(authority.asked[0].body.decode())["client_id"] == ["own"]


@pytest.mark.parametrize(
    ("file", "problem"),
    [("", "no application is named"), ("/nowhere", "the file of its secret cannot be read")],
)
def test_without_such_an_application_the_call_is_refused(
    authority: Authority, clock: StillClock, file: str, problem: str
) -> None:
    settings = Settings(
        managed_identity_tenant="t", managed_identity_client_id="own", managed_identity_secret_file=file
    )
    with pytest.raises(ManagedIdentityMissing, match=problem):
        TokenSource(authority, clock, settings).own_token("a")
