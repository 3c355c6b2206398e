"""What other sites, other people and whoever reads a log can do with the portal: nothing."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.cloud_designer import portal, stored
from tests.browser.conftest import sign_in_path, signed_in
from tests.browser.screen import Screen
from tests.live import ApiClient, Deskhand

PASSWORD = "kind-otter-7421-lamp"
TOKEN = re.compile(r"eyJ[\w-]{20,}|dht_\w+")
"""How access tokens and tokens of the API begin."""


@contextmanager
def foreign_site(pages: dict[str, str]) -> Iterator[str]:
    """Serve pages at another origin; what it is called by names the host differently, too."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = pages.get(self.path, "").encode()
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def client(installation: Deskhand) -> ApiClient:
    return installation.client("web safety")


def names_of_flows(client: ApiClient) -> set[str]:
    return {one["name"] for one in portal(client, "GET", "desktopflows")["items"]}


ATTACK = """<!doctype html><title>elsewhere</title><script>
const target = %s;
const calls = [
  ["GET", "/api/portal/session"], ["POST", "/api/portal/desktopflows"], ["DELETE", "/api/portal/session"],
  ["GET", "/api/data/v9.2/workflows"], ["POST", "/api/data/v9.2/workflows"],
];
(async () => {
  const told = [];
  for (const [method, path] of calls) {
    for (const type of ["application/json", "text/plain"]) {
      for (const mode of ["cors", "no-cors"]) {
        if (mode === "no-cors" && method === "DELETE") continue;
        const body = method === "POST" ? JSON.stringify({name: "Forged"}) : undefined;
        const headers = {"Content-Type": type};
        try {
          const answer = await fetch(target + path, {method, mode, headers, body, credentials: "include"});
          told.push([method, path, type, mode, answer.type, answer.status, await answer.text()]);
        } catch { told.push([method, path, type, mode, "refused"]); }
      }
    }
  }
  window.told = told;
})();
</script>"""
FORM = """<!doctype html><title>elsewhere</title>
<form method=post enctype="text/plain" action="%s/api/portal/desktopflows">
<input name='{"name": "Forged", "text": "' value='"}'></form>
<script>document.forms[0].submit()</script>"""


def test_another_site_cannot_act_for_who_is_signed_in(screen: Screen, client: ApiClient) -> None:
    before = names_of_flows(client)
    with foreign_site({"/calls": ATTACK % json.dumps(screen.base), "/form": FORM % screen.base}) as site:
        other = screen.page.context.new_page()
        other.goto(f"{site}/calls")
        other.wait_for_function("window.told !== undefined")
        told = other.evaluate("window.told")
        assert len(told) == 18
        assert {one[4] for one in told} <= {"refused", "opaque"}
        with other.expect_response(lambda answer: "/api/portal/desktopflows" in answer.url) as sent:
            other.goto(f"{site}/form")
        assert sent.value.status in (400, 401, 403, 415)
        other.close()
    # What was refused is logged by the browser as an error of the other site.
    screen.mishaps.clear()
    assert names_of_flows(client) == before
    screen.page.reload()
    expect(screen.page.get_by_role("heading", name="Home", level=1)).to_be_visible()


def test_another_site_gets_no_code_by_asking_for_a_sign_in(screen: Screen) -> None:
    known = screen.page.request.get(f"{screen.base}/api/portal/sign-in").json()
    with foreign_site({"/": "<!doctype html><title>elsewhere</title>"}) as site:
        other = screen.page.context.new_page()
        address = (
            f"{known['authorizeUrl']}?client_id={known['clientId']}&response_type=code&scope=openid"
            f"&state=s&nonce=n&code_challenge={'c' * 43}&code_challenge_method=S256&redirect_uri={site}/"
        )
        answer = other.goto(address)
        assert answer is not None
        assert answer.status == 400
        assert urlsplit(other.url).netloc == urlsplit(screen.base).netloc
        other.close()
    screen.mishaps.clear()


@pytest.mark.parametrize("path", ["/e/default", "/sign-in", "/start?code=AAAA-BBBB", "/signed-in"])
def test_no_page_can_be_put_into_a_frame(screen: Screen, path: str) -> None:
    frame = f'<!doctype html><title>elsewhere</title><iframe src="{screen.base}{path}"></iframe>'
    with foreign_site({"/": frame}) as site:
        other = screen.page.context.new_page()
        with other.expect_event("console", lambda told: "frame" in told.text.lower()):
            other.goto(site)
        (inside,) = [one for one in other.frames if one.parent_frame is not None]
        inside.wait_for_url("chrome-error://**")
        other.close()
    screen.mishaps.clear()


def test_signing_in_leaves_no_secret_in_addresses_storage_or_the_log(
    browser: Browser, installation: Deskhand, client: ApiClient
) -> None:
    secrets: set[str] = set()
    addresses: list[str] = []
    referers: list[str] = []

    def heard(request: Request) -> None:
        addresses.append(request.url)
        referers.append(request.headers.get("referer", ""))
        if bearer := request.headers.get("authorization", "").removeprefix("Bearer "):
            secrets.add(bearer)

    user = portal(client, "POST", "users", {"signInName": "careful", "roles": ["Environment Maker"]})["id"]
    portal(client, "PUT", f"users/{user}/password", {"password": PASSWORD})
    with Screen.opened(browser, f"http://127.0.0.1:{installation.port}") as screen:
        page = screen.page
        page.on("request", heard)
        page.goto(screen.base)
        page.get_by_label("Name").fill("careful")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Home", level=1).wait_for()
        for path in ("desktopflows", "runs", "cloudflows", "/settings"):
            screen.open(path)
        page.go_back()
        assert secrets
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        history = page.evaluate("[location.href, document.referrer]")
        held = {one["value"] for one in page.context.cookies()}
    log = installation.log("up")
    for secret in secrets | {PASSWORD}:
        assert secret not in kept
        assert secret not in log
        assert all(secret not in one for one in [*addresses, *referers, *history])
    assert not TOKEN.search(kept)
    assert not TOKEN.search(log)
    assert all(one not in kept and one not in log for one in held)
    assert all("code=" not in one for one in [*referers, *history])
    codes = {one.partition("code=")[2].partition("&")[0] for one in addresses if "/signed-in?code=" in one}
    assert codes
    assert all(code not in log for code in codes)


def test_a_link_is_not_in_the_log_and_works_once(screen: Screen, installation: Deskhand) -> None:
    path = sign_in_path(installation)
    code = path.partition("code=")[2]
    screen.page.goto(screen.base + path)
    screen.page.get_by_role("heading", name="Home", level=1).wait_for()
    assert "code=" not in screen.page.url
    assert code not in installation.log("up")
    screen.page.goto(screen.base + path)
    expect(screen.page.get_by_role("heading")).to_contain_text("did not work")


def test_the_address_of_a_trigger_is_shown_to_who_may_change_the_flow(
    browser: Browser, screen: Screen, installation: Deskhand, client: ApiClient
) -> None:
    actions = {"Compose": {"type": "Compose", "inputs": 1, "runAfter": {}}}
    flow = stored(
        client,
        "Called from outside",
        {"triggers": {"manual": {"type": "Request", "kind": "Http"}}, "actions": actions},
    )
    portal(client, "PUT", f"cloudflows/{flow}/state", {"on": True})
    screen.open(f"cloudflows/{flow}", "Called from outside")
    screen.page.get_by_role("button", name="Show the address").click()
    shown = screen.page.get_by_text("sig=")
    expect(shown).to_be_visible()
    signature = re.findall(r"sig=([\w-]+)", shown.inner_text())[0]
    assert signature not in installation.log("up")

    portal(client, "POST", "users", {"signInName": "curious", "roles": ["Environment Maker"]})
    with signed_in(browser, installation, "curious") as other:
        other.page.goto(f"{other.base}/e/default/cloudflows/{flow}")
        expect(other.page.get_by_role("button", name="Try again")).to_be_visible()
        assert signature not in other.page.content()
