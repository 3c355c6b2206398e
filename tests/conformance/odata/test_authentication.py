"""Tokens: the challenge, the token endpoint, what is accepted. Source: dataverse-api 13."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msal
import pytest
import requests

from tests.web_server import Answer, LiveServer


def _ask(server: LiveServer, form: dict[str, str], path: str = "oauth2/v2.0/token", **headers: str) -> Answer:
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    target = f"/{server.installation.organization_id}/{path}"
    return server.send("POST", target, urlencode(form).encode(), sent)


@pytest.fixture(scope="module")
def client(server: LiveServer) -> dict[str, str]:
    application, secret = server.application("client", "Desktop Flows Runner")
    return {"client_id": str(application.application_id), "client_secret": secret}


def _grant(server: LiveServer, client: dict[str, str], **changes: str) -> dict[str, str]:
    return {"grant_type": "client_credentials", "scope": f"{server.url}/.default", **client, **changes}


def _who_am_i(server: LiveServer, token: str) -> Answer:
    return server.call("WhoAmI", token=token)


# The challenge


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer x.y.z"}],
)
@pytest.mark.parametrize("path", ["", "workflows", "nothing/of/this/exists", "workflows?$filter=)"])
def test_a_call_without_a_good_token_is_told_where_to_get_one(
    server: LiveServer, headers: dict[str, str], path: str
) -> None:
    answer = server.send("GET", f"/api/data/v9.2/{path}", headers=headers)

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == (
        f"Bearer authorization_uri={server.url}/{server.installation.organization_id}/oauth2/authorize, "
        f"resource_id={server.url}/"
    )
    assert answer.headers["odata-version"] == "4.0"
    assert answer.error["code"] == "0x8004a100"


def test_an_expired_token_is_challenged(server: LiveServer) -> None:
    answer = _who_am_i(server, server.api_token(days=-1))

    assert answer.status == 401
    assert answer.error["message"] == "The bearer token was refused: it has expired. Ask for a new one."
    assert answer.headers["www-authenticate"].startswith("Bearer authorization_uri=")


def test_the_schemes_name_is_read_in_any_case(server: LiveServer) -> None:
    headers = {"Authorization": f"bearer {server.api_token()}"}

    assert server.send("GET", "/api/data/v9.2/WhoAmI", headers=headers).status == 200


def test_a_disabled_or_unknown_user_is_no_member(server: LiveServer) -> None:
    token = server.services.tokens.issue_application_token(server.url, server.url, UUID(int=1), UUID(int=2))
    answer = _who_am_i(server, token.text)

    assert answer.status == 403
    assert answer.error == {"code": "0x80072560", "message": "The user is not a member of the organization."}


# The token endpoint


@pytest.mark.parametrize("suffix", ["/.default", "//.default", "/.default openid profile offline_access"])
def test_a_client_gets_a_token_for_the_organisation(
    server: LiveServer, client: dict[str, str], suffix: str
) -> None:
    answer = _ask(server, _grant(server, client, scope=server.url + suffix))
    token = answer.json()

    assert answer.status == 200
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3599)
    assert _who_am_i(server, token["access_token"]).status == 200


@pytest.mark.parametrize("resource", ["", "/"])
def test_the_older_endpoint_takes_a_resource(
    server: LiveServer, client: dict[str, str], resource: str
) -> None:
    form = {"grant_type": "client_credentials", "resource": server.url + resource, **client}
    token = _ask(server, form, "oauth2/token").json()["access_token"]

    assert _who_am_i(server, token).status == 200


def test_a_client_may_name_itself_by_http_basic(server: LiveServer, client: dict[str, str]) -> None:
    credentials = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    answer = _ask(server, _grant(server, {}), Authorization=f"Basic {credentials}")

    assert _who_am_i(server, answer.json()["access_token"]).status == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": str(UUID(int=3))}, 401, "invalid_client"),
        ({"client_id": "no id"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "https://elsewhere.example/.default"}, 400, "invalid_scope"),
        ({"scope": "user_impersonation"}, 400, "invalid_scope"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "", "resource": "https://elsewhere.example"}, 400, "invalid_request"),
    ],
)
def test_a_bad_request_is_refused_as_the_standard_says(
    server: LiveServer, client: dict[str, str], changes: dict[str, str], status: int, error: str
) -> None:
    answer = _ask(server, _grant(server, client, **changes))

    assert (answer.status, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) is (status == 401)


def test_a_wrong_secret_and_an_unknown_client_get_the_same_answer(
    server: LiveServer, client: dict[str, str]
) -> None:
    wrong = _ask(server, _grant(server, client, client_secret="wrong"))
    unknown = _ask(server, _grant(server, client, client_id=str(UUID(int=3))))

    assert wrong.body == unknown.body


def test_no_token_is_issued_without_credentials_or_with_two(
    server: LiveServer, client: dict[str, str]
) -> None:
    none = _ask(server, _grant(server, {}))
    both = _ask(server, _grant(server, client), Authorization="Basic YTpi")

    assert (none.status, none.json()["error"]) == (401, "invalid_client")
    assert (both.status, both.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", "application/json"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"a=%ff%fe\xff", "application/x-www-form-urlencoded"),
        (b"a=" + b"b" * 70_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=b" % n for n in range(200)), "application/x-www-form-urlencoded"),
    ],
)
def test_an_unreadable_form_is_refused(server: LiveServer, body: bytes, content_type: str) -> None:
    target = f"/{server.installation.organization_id}/oauth2/v2.0/token"
    answer = server.send("POST", target, body, {"Content-Type": content_type})

    assert (answer.status, answer.json()["error"]) == (400, "invalid_request")


def test_another_tenant_is_unknown(server: LiveServer, client: dict[str, str]) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode(_grant(server, client)).encode()
    answer = server.send("POST", f"/{UUID(int=1)}/oauth2/v2.0/token", form, headers)

    assert (answer.status, answer.json()["error"]) == (400, "invalid_request")


# Discovery


@pytest.mark.parametrize("path", [".well-known", "v2.0/.well-known"])
def test_the_discovery_document(server: LiveServer, path: str) -> None:
    tenant = f"{server.url}/{server.installation.organization_id}"
    answer = server.send("GET", f"/{server.installation.organization_id}/{path}/openid-configuration")

    assert answer.json() == {
        "issuer": f"{tenant}/v2.0",
        "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
        "token_endpoint": f"{tenant}/oauth2/v2.0/token",
        "end_session_endpoint": f"{tenant}/oauth2/v2.0/logout",
        "jwks_uri": f"{tenant}/discovery/v2.0/keys",
        "scopes_supported": [f"{server.url}/.default", "offline_access", "openid", "profile"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "prompt_values_supported": ["none", "login", "select_account"],
        "claims_supported": ["sub", "oid", "tid", "name", "preferred_username", "auth_time", "nonce", "sid"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_parameter_supported": False,
    }


def test_the_published_keys_are_public(server: LiveServer) -> None:
    answer = server.send("GET", f"/{server.installation.organization_id}/discovery/v2.0/keys")

    assert answer.json() == {"keys": server.services.tokens.public_keys()}
    assert all("d" not in key for key in answer.json()["keys"])


# MSAL, over TLS


@pytest.fixture
def session(tls_server: LiveServer) -> Iterator[requests.Session]:
    with requests.Session() as opened:
        # A machine's own bundle of authorities would stand before this one.
        opened.trust_env = False
        opened.verify = str(tls_server.authority)
        yield opened


@pytest.mark.parametrize("version", ["", "/v2.0"])
def test_msal_gets_a_token_from_the_discovery_document(
    tls_server: LiveServer, session: requests.Session, version: str
) -> None:
    application, secret = tls_server.application(f"msal{len(version)}", "Desktop Flows Runner")
    confidential = msal.ConfidentialClientApplication(
        str(application.application_id),
        client_credential=secret,
        oidc_authority=f"{tls_server.url}/{tls_server.installation.organization_id}{version}",
        http_client=session,
    )

    result: dict[str, Any] = confidential.acquire_token_for_client([f"{tls_server.url}/.default"])

    assert result["token_type"] == "Bearer"
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    answer = session.get(f"{tls_server.root}WhoAmI()", headers=headers, timeout=30)
    assert answer.json() == {
        "@odata.context": f"{tls_server.root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse",
        "BusinessUnitId": str(tls_server.installation.business_unit_id),
        "UserId": str(application.user_id),
        "OrganizationId": str(tls_server.installation.organization_id),
    }


def test_msal_is_told_of_a_wrong_secret(tls_server: LiveServer, session: requests.Session) -> None:
    application, _ = tls_server.application("msal-wrong")
    confidential = msal.ConfidentialClientApplication(
        str(application.application_id),
        client_credential="wrong",
        oidc_authority=f"{tls_server.url}/{tls_server.installation.organization_id}",
        http_client=session,
    )

    result: dict[str, Any] = confidential.acquire_token_for_client([f"{tls_server.url}/.default"])

    assert result["error"] == "invalid_client"
