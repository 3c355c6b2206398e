"""How the portal's files are served."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web_server import LiveServer, serving

INDEX = '<!doctype html><script type="module" src="/assets/a-1.js" nonce="__DESKHAND_NONCE__"></script>'
SCRIPT = b"console.log('portal')" * 100
PACKED = gzip.compress(SCRIPT, mtime=0)
DEEP_LINKS = [
    "/",
    "/index.html",
    "/signed-in?code=x",
    "/e/default/desktopflows/1?tab=runs",
    "/e/default/runs/a.b",
]


@pytest.fixture(scope="module")
def built(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("portal")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text(INDEX)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets/a-1.js").write_bytes(SCRIPT)
    (folder / "assets/a-1.js.gz").write_bytes(PACKED)
    (folder / "assets/a-1.js.br").write_bytes(b"as if by brotli")
    (folder.parent / "outside.txt").write_text("nobody's business")
    with serving(server, portal=folder) as live:
        yield live


@pytest.mark.parametrize("target", DEEP_LINKS)
def test_every_page_is_the_index_with_a_nonce_of_its_own(built: LiveServer, target: str) -> None:
    first, second = built.send("GET", target), built.send("GET", target)
    nonces = [re.findall(rb'nonce="([^"]+)"', one.body)[0].decode() for one in (first, second)]

    assert nonces[0] != nonces[1]
    assert "__DESKHAND" not in first.body.decode()
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["content-security-policy"] == (
        f"default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonces[0]}'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"as if by brotli"),
        ("gzip", "gzip", PACKED),
        ("br;q=0, gzip", "gzip", PACKED),
        ("identity", None, SCRIPT),
    ],
    ids=["brotli", "gzip", "no brotli", "as it is"],
)
def test_a_hashed_file_is_kept_for_ever_in_the_form_that_the_caller_takes(
    built: LiveServer, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = built.send("GET", "/assets/a-1.js", headers={"Accept-Encoding": accepted})

    assert answer.status == 200
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.body == body


def test_a_file_that_the_browser_has_is_not_sent_again(built: LiveServer) -> None:
    first = built.send("GET", "/favicon.svg")
    again = built.send("GET", "/favicon.svg", headers={"If-None-Match": first.headers["etag"]})

    assert (first.status, first.headers["cache-control"]) == (200, "no-cache")
    assert (again.status, again.body) == (304, b"")


def test_head_tells_as_much_as_get_and_sends_nothing(built: LiveServer) -> None:
    headers = {"Accept-Encoding": "identity"}
    answer = built.send("HEAD", "/assets/a-1.js", headers=headers)

    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", str(len(SCRIPT)))


@pytest.mark.parametrize(
    "target",
    [
        "/assets/gone-2.js",
        "/api/portal/nothing",
        "/api/data/v1/x",
        "/nobody/.well-known/nothing",
        "/nobody/oauth2/v2.0/nothing",
    ],
)
def test_what_is_not_there_is_not_a_page(built: LiveServer, target: str) -> None:
    answer = built.send("GET", target)

    assert answer.status in (401, 404)
    assert b"<!doctype" not in answer.body


@pytest.mark.parametrize(
    "target",
    ["/../outside.txt", "/assets/../../outside.txt", "/%2e%2e/outside.txt", "/assets/..%2f..%2foutside.txt"],
)
def test_nothing_outside_of_the_build_is_served(built: LiveServer, target: str) -> None:
    assert b"nobody's business" not in built.send("GET", target).body


def test_other_methods_do_not_reach_the_portal(built: LiveServer) -> None:
    assert built.send("POST", "/e/default/home", b"").status == 404
    assert built.send("GET", "/api/agent/v1/claim").status == 405


def test_a_clone_without_a_build_says_how(server: LiveServer, tmp_path: Path) -> None:
    with serving(server, portal=tmp_path) as live:
        answer = live.send("GET", "/")

    assert answer.status == 503
    assert b"make setup" in answer.body
