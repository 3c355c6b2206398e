"""Signing in with a browser, for the portal and for MSAL. Source: dataverse-api 13.3, RFC 6749, RFC 7636."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msal
import pytest
import requests
import sqlalchemy as sa

from deskhand.entities.signing_in import AuditEvent, AuthorizationCode, RefreshToken, SignInSession
from deskhand.identity.passwords import new_password_hash, set_password
from deskhand.identity.sessions import create_link_code
from deskhand.identity.users import set_disabled
from tests.sign_in_browser import Browser, PortalClient, answer_of, hidden_fields, trust
from tests.web_server import LiveServer

PASSWORD = "correct horse battery"

BrowserMaker = Callable[..., Browser]


@pytest.fixture
def open_browser() -> Iterator[BrowserMaker]:
    opened: list[Browser] = []

    def make(server: LiveServer) -> Browser:
        opened.append(Browser(server))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def _user(server: LiveServer, name: str, *roles: str) -> UUID:
    user_id = server.user(name, *(roles or ("Environment Maker",)))
    hashed = new_password_hash(PASSWORD, name)
    server.database.write(lambda tx: set_password(tx, user_id, hashed))
    return user_id


def _signed_in(server: LiveServer, browser: Browser, name: str) -> requests.Response:
    page = browser.get("/sign-in")
    answer = browser.sign_in(page, f"{name}@example.org", PASSWORD)
    assert answer.status_code == 303, answer.text
    return answer


# The whole way


def test_a_person_signs_in_and_the_portal_gets_tokens(
    tls_server: LiveServer, open_browser: BrowserMaker
) -> None:
    user_id = _user(tls_server, "whole-way")
    browser, client = open_browser(tls_server), PortalClient(tls_server)

    page = browser.get(client.address(login_hint="whole-way@example.org"))
    answer = answer_of(browser.sign_in(page, "whole-way@example.org", PASSWORD))
    tokens = client.exchange(answer["code"])

    assert answer == {"code": answer["code"], "state": client.state, "iss": _issuer(tls_server)}
    assert tokens.headers["cache-control"] == "no-store"
    content = tokens.json()
    assert content == {
        "token_type": "Bearer",
        "expires_in": 3599,
        "ext_expires_in": 3599,
        "scope": client.known["scope"],
        "access_token": content["access_token"],
        "refresh_token": content["refresh_token"],
        "id_token": content["id_token"],
    }
    assert tls_server.call("WhoAmI", token=content["access_token"]).json()["UserId"] == str(user_id)
    claims = _claims(content["id_token"])
    assert (claims["aud"], claims["nonce"], claims["sub"], claims["preferred_username"]) == (
        client.known["clientId"],
        client.nonce,
        str(user_id),
        "whole-way@example.org",
    )


@pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
def test_msal_signs_a_person_in_with_a_code(tls_server: LiveServer, open_browser: BrowserMaker) -> None:
    user_id = _user(tls_server, "msal-person")
    known = PortalClient(tls_server).known
    with requests.Session() as session:
        trust(session, tls_server)
        public = msal.PublicClientApplication(
            known["clientId"], oidc_authority=_issuer(tls_server), http_client=session
        )
        scopes = [f"{tls_server.url}/.default"]
        flow: Any = public.initiate_auth_code_flow(scopes, redirect_uri=known["redirectUri"])
        browser = open_browser(tls_server)
        page = browser.get(flow["auth_uri"])
        answer = answer_of(browser.sign_in(page, "msal-person@example.org", PASSWORD))

        result: Any = public.acquire_token_by_auth_code_flow(flow, answer)
        assert tls_server.call("WhoAmI", token=result["access_token"]).json()["UserId"] == str(user_id)

        (account,) = public.get_accounts()
        renewed: Any = public.acquire_token_silent(scopes, account, force_refresh=True)
        assert renewed["token_source"] == "identity_provider"
        assert tls_server.call("WhoAmI", token=renewed["access_token"]).json()["UserId"] == str(user_id)


def test_a_browser_that_is_signed_in_gets_a_code_without_a_page(
    server: LiveServer, open_browser: BrowserMaker
) -> None:
    _user(server, "silent")
    browser, client = open_browser(server), PortalClient(server)

    before = answer_of(browser.get(client.address(prompt="none")))
    _signed_in(server, browser, "silent")
    after = client.exchange(client.code(browser))

    assert before == {
        "error": "login_required",
        "error_description": "Nobody is signed in.",
        "state": client.state,
        "iss": _issuer(server),
    }
    assert after.status_code == 200


def test_prompt_login_asks_somebody_who_is_signed_in(server: LiveServer, open_browser: BrowserMaker) -> None:
    _user(server, "again")
    browser, client = open_browser(server), PortalClient(server)
    _signed_in(server, browser, "again")

    page = browser.get(client.address(prompt="login"))
    answer = answer_of(browser.sign_in(page, "again@example.org", PASSWORD))

    assert page.status_code == 200
    assert client.exchange(answer["code"]).status_code == 200


# The page


def test_the_page_escapes_what_it_shows_and_forbids_the_rest(
    server: LiveServer, open_browser: BrowserMaker
) -> None:
    hostile = "\"><script>alert(1)</script><b x='"
    page = open_browser(server).get(PortalClient(server).address(login_hint=hostile, state=hostile))

    assert "<script" not in page.text
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    expected = {
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    assert {name: page.headers[name] for name in expected} == expected


@pytest.mark.parametrize("tls", [True, False])
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(
    server: LiveServer, tls_server: LiveServer, open_browser: BrowserMaker, tls: bool
) -> None:
    live = tls_server if tls else server
    name = f"cookies-{tls}"
    _user(live, name)
    answer = _signed_in(live, open_browser(live), name)
    tenant = live.installation.organization_id.hex[:8]

    (cookie,) = [one for one in answer.raw.headers.getlist("set-cookie") if "-session-" in one]
    attributes = {one.strip().lower() for one in cookie.split(";")[1:]}
    assert cookie.startswith(f"{'__Host-' if tls else ''}deskhand-session-{tenant}=")
    assert attributes == {"httponly", "samesite=strict", "path=/", "max-age=86400"} | (
        {"secure"} if tls else set()
    )


# Who may not


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("refused@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("without@example.org", PASSWORD),
        ("disabled@example.org", PASSWORD),
    ],
)
def test_every_refusal_reads_the_same(
    server: LiveServer, open_browser: BrowserMaker, name: str, password: str
) -> None:
    if name.startswith("refused"):
        _user(server, "refused")
        server.user("without", "Environment Maker")
        disabled = _user(server, "disabled")
        server.database.write(lambda tx: set_disabled(tx, disabled, True))
    browser = open_browser(server)

    answer = browser.sign_in(browser.get("/sign-in"), name, password)

    assert answer.status_code == 403
    assert "The name or the password is wrong." in answer.text
    assert "-session-" not in answer.headers.get("set-cookie", "")


def test_guessing_is_slowed_down_even_for_the_right_password(
    server: LiveServer, open_browser: BrowserMaker
) -> None:
    _user(server, "guessed")
    browser = open_browser(server)
    page = browser.get("/sign-in")

    tried = [browser.sign_in(page, "guessed@example.org", f"guess {number}") for number in range(6)]
    right = browser.sign_in(page, "Guessed@example.org", PASSWORD)

    assert [one.status_code for one in tried[:5]] == [403] * 5
    assert {right.status_code, tried[5].status_code} == {429}
    assert int(right.headers["retry-after"]) >= 1


def test_a_form_from_elsewhere_is_refused(server: LiveServer, open_browser: BrowserMaker) -> None:
    _user(server, "forged")
    victim, attacker = open_browser(server), open_browser(server)
    own, stolen = victim.get("/sign-in"), attacker.get("/sign-in")
    fields = {"name": "forged@example.org", "password": PASSWORD}

    answers = [
        victim.post("/sign-in", {**hidden_fields(own), **fields, "csrf": hidden_fields(stolen)["csrf"]}),
        victim.post("/sign-in", {"request": "", **fields}),
        open_browser(server).post("/sign-in", {**hidden_fields(own), **fields}),
    ]

    assert [one.status_code for one in answers] == [400] * 3
    assert all("deskhand-session" not in one.headers.get("set-cookie", "") for one in answers)


def test_a_session_is_never_one_that_the_browser_brought(
    server: LiveServer, open_browser: BrowserMaker
) -> None:
    _user(server, "fixed")
    browser = open_browser(server)
    name = f"deskhand-session-{server.installation.organization_id.hex[:8]}"
    browser.session.cookies.set(name, "chosen-by-somebody-else", domain="127.0.0.1", path="/")

    _signed_in(server, browser, "fixed")
    first = browser.session.cookies.get(name)
    _signed_in(server, browser, "fixed")

    assert first not in ("chosen-by-somebody-else", browser.session.cookies.get(name))


def test_signing_in_anew_ends_the_session_before(server: LiveServer, open_browser: BrowserMaker) -> None:
    user_id = _user(server, "replaced")
    browser = open_browser(server)
    _signed_in(server, browser, "replaced")
    _signed_in(server, browser, "replaced")

    query = sa.select(sa.func.count()).where(SignInSession.c.systemuserid == user_id)
    assert server.database.read(lambda tx: tx.execute(query).scalar_one()) == 1


# Where codes go


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/signed-in"},
        {"redirect_uri": "{base}/signed-in/../../evil"},
        {"redirect_uri": "{base}.evil.example/signed-in"},
        {"redirect_uri": "{base}/signed-in?next=https://evil.example"},
        {"redirect_uri": "{base}/signed-in#x"},
        {"redirect_uri": "{base}@evil.example/signed-in"},
        {"redirect_uri": "//evil.example/signed-in"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "{base}/Signed-in"},
        {"redirect_uri": None},
        {"client_id": "0a1b2c3d-0000-4000-8000-000000000001"},
        {"client_id": None},
    ],
)
def test_nothing_is_sent_to_an_address_or_client_that_is_not_known(
    server: LiveServer, open_browser: BrowserMaker, changes: dict[str, str | None]
) -> None:
    filled = {name: value and value.replace("{base}", server.url) for name, value in changes.items()}
    answer = open_browser(server).get(PortalClient(server).address(**filled))

    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert answer.headers["deskhand-error"] == "DH1550"


def test_a_redirect_address_that_stands_twice_is_refused(
    server: LiveServer, open_browser: BrowserMaker
) -> None:
    client = PortalClient(server)
    answer = open_browser(server).get(f"{client.address()}&redirect_uri=https%3A%2F%2Fevil.example")

    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "https://elsewhere.example/.default"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"nonce": "n" * 501}, "invalid_request"),
    ],
)
def test_a_known_client_is_told_at_its_own_address(
    server: LiveServer, open_browser: BrowserMaker, changes: dict[str, str | None], error: str
) -> None:
    client = PortalClient(server)
    answer = open_browser(server).get(client.address(**changes))

    assert answer.headers["location"].startswith(f"{server.url}/signed-in?")
    told = answer_of(answer)
    assert (told["error"], told["state"]) == (error, client.state)


# Codes and refresh tokens


@pytest.fixture
def renewable(server: LiveServer, open_browser: BrowserMaker) -> tuple[PortalClient, Browser]:
    client, browser = PortalClient(server), open_browser(server)
    name = f"renewable-{client.state[:8]}"
    _user(server, name)
    _signed_in(server, browser, name)
    return client, browser


def test_a_code_that_comes_twice_ends_what_it_was_exchanged_for(
    renewable: tuple[PortalClient, Browser],
) -> None:
    client, browser = renewable
    code = client.code(browser)
    first = client.exchange(code).json()

    replayed = client.exchange(code)

    assert (replayed.status_code, replayed.json()["error"]) == (400, "invalid_grant")
    assert client.renew(first["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_code_works_only_with_its_verifier_and_one_guess_spends_it(
    renewable: tuple[PortalClient, Browser],
) -> None:
    client, browser = renewable
    code = client.code(browser)

    wrong = client.exchange(code, code_verifier="x" * 43)
    late = client.exchange(code)

    assert (wrong.json()["error"], late.json()["error"]) == ("invalid_grant", "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://evil.example/"}, "invalid_grant"),
        ({"client_id": "0a1b2c3d-0000-4000-8000-000000000001"}, "unauthorized_client"),
        ({"code_verifier": ""}, "invalid_request"),
    ],
)
def test_a_code_is_for_one_client_and_one_address(
    renewable: tuple[PortalClient, Browser], changes: dict[str, str], error: str
) -> None:
    client, browser = renewable

    assert client.exchange(client.code(browser), **changes).json()["error"] == error


def test_an_old_code_does_not_work(server: LiveServer, renewable: tuple[PortalClient, Browser]) -> None:
    client, browser = renewable
    code = client.code(browser)
    digest = hashlib.sha256(code.encode()).hexdigest()
    aged = sa.update(AuthorizationCode.table).where(AuthorizationCode.c.codehash == digest)
    server.database.write(lambda tx: tx.execute(aged.values(expireson=tx.now)) and None)

    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_refresh_tokens_rotate_and_a_stolen_one_ends_them_all(
    renewable: tuple[PortalClient, Browser],
) -> None:
    client, browser = renewable
    first = client.exchange(client.code(browser)).json()
    second = client.renew(first["refresh_token"]).json()
    third = client.renew(second["refresh_token"]).json()

    reused = client.renew(second["refresh_token"])
    after = client.renew(third["refresh_token"])

    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    assert (reused.json()["error"], after.json()["error"]) == ("invalid_grant", "invalid_grant")


def test_neither_codes_nor_tokens_are_kept_readable(
    server: LiveServer, renewable: tuple[PortalClient, Browser]
) -> None:
    client, browser = renewable
    code = client.code(browser)
    refresh_token = client.exchange(code).json()["refresh_token"]

    files = list(server.services.database._path.parent.glob("deskhand.db*"))  # type: ignore[attr-defined]
    kept = b"".join(one.read_bytes() for one in files if one.is_file())
    assert code.encode() not in kept
    assert refresh_token.encode() not in kept
    assert PASSWORD.encode() not in kept


# Signing out


def test_signing_out_ends_the_session_and_every_token_of_it(
    server: LiveServer, renewable: tuple[PortalClient, Browser]
) -> None:
    client, browser = renewable
    tokens = client.exchange(client.code(browser)).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    answer = server.send("DELETE", "/api/portal/session", headers=headers)

    assert answer.status == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert client.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert answer_of(browser.get(client.address(prompt="none")))["error"] == "login_required"
    left = sa.select(sa.func.count()).select_from(RefreshToken.table)
    mine = RefreshToken.c.signinsessionid == UUID(_claims(tokens["access_token"])["sid"])
    assert server.database.read(lambda tx: tx.execute(left.where(mine)).scalar_one()) == 0


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "{base}.evil.example/"])
def test_signing_out_leads_nowhere_else(
    server: LiveServer, renewable: tuple[PortalClient, Browser], target: str
) -> None:
    client, browser = renewable
    query = urlencode({"post_logout_redirect_uri": target.replace("{base}", server.url)})
    tenant = server.installation.organization_id

    answer = browser.get(f"/{tenant}/oauth2/v2.0/logout?{query}")

    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert answer_of(browser.get(client.address(prompt="none")))["error"] == "login_required"


def test_a_disabled_user_is_signed_out_everywhere(server: LiveServer, open_browser: BrowserMaker) -> None:
    user_id = _user(server, "goes")
    browser, client = open_browser(server), PortalClient(server)
    _signed_in(server, browser, "goes")
    tokens = client.exchange(client.code(browser)).json()

    server.database.write(lambda tx: set_disabled(tx, user_id, True))

    assert client.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert answer_of(browser.get(client.address(prompt="none")))["error"] == "login_required"


# Links


def _link(server: LiveServer, user_id: UUID) -> str:
    return server.database.write(lambda tx: create_link_code(tx, user_id))


def test_a_link_signs_in_once(server: LiveServer, open_browser: BrowserMaker) -> None:
    user_id = server.user("linked", "Environment Maker")
    code = _link(server, user_id)
    browser, client = open_browser(server), PortalClient(server)

    looked = browser.session.head(f"{server.url}/start?code={code}", timeout=30)
    first = browser.get(f"/start?code={code.lower().replace('-', '')}")
    second = open_browser(server).get(f"/start?code={code}")

    assert looked.status_code == 400
    assert (first.status_code, first.headers["location"]) == (303, "/")
    assert (second.status_code, second.headers["deskhand-error"]) == (400, "DH1543")
    assert client.exchange(client.code(browser)).status_code == 200


def test_whoever_came_by_link_sets_a_password(server: LiveServer, open_browser: BrowserMaker) -> None:
    user_id = server.user("sets", "Environment Maker")
    browser, client = open_browser(server), PortalClient(server)
    browser.get(f"/start?code={_link(server, user_id)}")
    token = client.exchange(client.code(browser)).json()["access_token"]

    def put(**body: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return server.send("PUT", "/api/portal/session/password", json.dumps(body).encode(), headers)

    assert put(password="short").error["code"] == "DH1540"
    assert put(password=PASSWORD).status == 204
    assert put(password="another long one").error["code"] == "DH1544"
    assert put(password="another long one", current=PASSWORD).status == 204
    other = open_browser(server)
    answer = other.sign_in(other.get("/sign-in"), "sets@example.org", "another long one")
    assert answer.status_code == 303
    assert answer_of(browser.get(client.address(prompt="none"))).get("code")


def test_the_log_tells_who_signed_in(server: LiveServer, open_browser: BrowserMaker) -> None:
    user_id = _user(server, "logged")
    _signed_in(server, open_browser(server), "logged")

    c = AuditEvent.c
    query = sa.select(c.username, c.action, c.details, c.address).where(c.systemuserid == user_id)
    rows = server.database.read(lambda tx: tx.execute(query).all())
    assert rows == [("logged@example.org", "signed in", '{"method": "password"}', "127.0.0.1")]


def test_the_portal_is_told_how_to_begin(server: LiveServer) -> None:
    tenant = server.installation.organization_id
    answer = server.send("GET", "/api/portal/sign-in")

    assert answer.json() == {
        "tenantId": str(tenant),
        "clientId": answer.json()["clientId"],
        "redirectUri": f"{server.url}/signed-in",
        "authorizeUrl": f"{server.url}/{tenant}/oauth2/v2.0/authorize",
        "tokenUrl": f"{server.url}/{tenant}/oauth2/v2.0/token",
        "scope": f"{server.url}/user_impersonation openid profile offline_access",
    }


def _issuer(server: LiveServer) -> str:
    return f"{server.url}/{server.installation.organization_id}/v2.0"


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims
