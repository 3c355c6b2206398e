"""A real server with a real agent, and a real browser that tolerates no error on the way.

A page that logs an error, throws one, or breaks its content security policy fails the test that opened it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.screen import Screen
from tests.live import Deskhand, deskhand_up

ROOT = Path(__file__).resolve().parent.parent.parent
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


expect.set_options(timeout=30_000)  # how long a busy machine may take to show what is expected


@pytest.fixture(scope="session")
def built() -> None:
    """Build the portal, if its sources changed."""
    subprocess.run([sys.executable, str(ROOT / "tools" / "portal.py")], check=True)


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a browser without a window."""
    chromium = shutil.which("chromium")
    assert chromium, "the browser is missing; on Debian: apt install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file of tests: while its driver has an event loop, no other test could start one."""
    with running_browser() as started:
        yield started


@pytest.fixture(scope="module")
def installation(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deskhand]:
    with deskhand_up(tmp_path_factory.mktemp("portal") / "data") as running:
        yield running


@pytest.fixture
def screen(browser: Browser, installation: Deskhand) -> Iterator[Screen]:
    """A window of a person who is signed in as the administrator and sees Home."""
    with signed_in(browser, installation) as opened:
        yield opened


@contextlib.contextmanager
def signed_in(
    browser: Browser, installation: Deskhand, name: str = "admin", *, theme: str = "light", size: str = "wide"
) -> Iterator[Screen]:
    """Open a window of a person who is signed in, at Home."""
    with Screen.opened(browser, f"http://127.0.0.1:{installation.port}", theme=theme, size=size) as opened:
        opened.page.goto(opened.base + sign_in_path(installation, name))
        opened.page.get_by_role("heading", name="Home", level=1).wait_for()
        yield opened


@pytest.fixture(scope="module")
def anna(installation: Deskhand) -> str:
    """The sign-in name of somebody who makes flows, besides the administrator."""
    installation.command("user", "add", "anna", "--full-name", "Anna Kovač", "--role", "Environment Maker")
    return "anna"


def sign_in_path(installation: Deskhand, name: str = "admin") -> str:
    """Return the path of a fresh one-time link."""
    found = re.search(r"/start\?code=\S+", installation.command("user", "link", name))
    assert found
    return found.group()
