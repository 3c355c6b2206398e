"""One window of the portal, as tests use it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, Response, expect

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "portal" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / "build" / "screenshots"
ENVIRONMENT = "/e/default"
_TELL_OF_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
_READ_CLIPBOARD = """
async ([part, until]) => {
  for (;;) {
    const text = await navigator.clipboard.readText();
    if (text.includes(part) || performance.now() > until) return text;
    await new Promise(requestAnimationFrame);
  }
}"""
SLOWER = float(os.environ.get("DESKHAND_SLOWER_BROWSER", "1"))
"""How many times slower pages run; what is asked for too early shows itself then."""
SIZES = {"wide": (1440, 900), "middle": (1024, 768), "narrow": (640, 900)}


@dataclass
class Album:
    """The pictures of a journey: ``build/screenshots/<journey>/NN-step.png``."""

    folder: Path
    page: Page
    count: int = 0

    def keep(self, step: str, page: Page | None = None) -> None:
        """Keep a picture of a step; of the journey's own window unless another is given."""
        self.count += 1
        (page or self.page).screenshot(path=self.folder / f"{self.count:02}-{step}.png")


@dataclass
class Screen:
    """A page, and what went wrong on it.

    Attributes:
        page: The page.
        base: The server's address.
        mishaps: Errors that the page logged or threw.
        sizes: Bytes that each script came over the network with.
    """

    page: Page
    base: str
    mishaps: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    @classmethod
    @contextlib.contextmanager
    def opened(
        cls, browser: Browser, base: str, *, theme: str = "light", size: str = "wide"
    ) -> Iterator[Screen]:
        """Open a window of its own; fail on leaving if an error was logged or thrown in it."""
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base)
        context.add_init_script(_TELL_OF_VIOLATIONS)
        screen = cls(context.new_page(), base)
        screen._watch(screen.page)
        context.on("page", screen._watch)
        try:
            yield screen
        finally:
            context.close()
        assert screen.mishaps == [], screen.mishaps

    def _watch(self, page: Page) -> None:
        if SLOWER > 1:
            debugger = page.context.new_cdp_session(page)
            debugger.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("pageerror", lambda error: self.mishaps.append(f"thrown: {error}"))
        page.on("console", lambda told: self._heard(told.type, told.text))
        page.on("dialog", self._refuse)
        page.on("response", self._measure)

    def _refuse(self, dialog: Dialog) -> None:
        """Close a dialog of the browser; nothing but leaving what is not saved may open one."""
        if dialog.type != "beforeunload":
            self.mishaps.append(f"{dialog.type}: {dialog.message}")
        dialog.accept()

    def _heard(self, kind: str, text: str) -> None:
        # The browser logs refused requests by itself; what a page makes of a refusal is for tests to see.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.mishaps.append(text)

    def _measure(self, response: Response) -> None:
        if response.url.endswith(".js") and "content-length" in response.headers:
            self.sizes[response.url] = int(response.headers["content-length"])

    def open(self, path: str, heading: str | None = None) -> None:
        """Open a page of the environment, and wait for its title."""
        self.page.goto(f"{self.base}{path if path.startswith('/') else f'{ENVIRONMENT}/{path}'}")
        title = self.page.get_by_role("heading", level=1)
        (title.filter(has_text=heading) if heading else title).first.wait_for()

    def settle(self) -> None:
        """Wait until nothing is loading any more."""
        expect(self.page.get_by_label("Loading…")).to_have_count(0)

    def copied(self, part: str) -> str:
        """Return what is on the clipboard, once it holds a part or after 30 seconds."""
        until = self.page.evaluate("performance.now() + 30_000")
        return str(self.page.evaluate(_READ_CLIPBOARD, [part, until]))

    def shoot(self, name: str) -> None:
        """Keep a picture of the window under ``build/screenshots``."""
        path = SHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def album(self, journey: str) -> Album:
        """Begin the pictures of a journey anew."""
        folder = SHOTS / journey
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return Album(folder, self.page)

    def audit(self) -> list[str]:
        """Return what an automated audit finds against accessibility: rule, what it is about, where."""
        # Through the debugger, not the page: its policy lets no other script in, and is to stay so.
        self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found: dict[str, Any] = self.page.evaluate(
            f"axe.run({{exclude: ['[data-tabster-dummy]']}}, {json.dumps(options)})"
        )
        return [
            f"{one['id']}: {one['help']}: {node['target']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
