"""What people wait for in the portal, in a real browser: lists, designers, keys, the first page's weight.

    python -m benchmarks.portal [ROUNDS]

The store holds a hundred thousand runs, all made from one that a machine really did. Times begin with the
navigation, so they hold everything: the page, its scripts, signing in by the browser's session, the question
to the server, and drawing. The browser keeps what it may; the first visit is told apart. How smoothly the
machine can scroll at all is measured beside the designer, on a page with as many rows and nothing else.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import sqlalchemy as sa
from playwright.sync_api import Page

from deskhand.core.ids import new_id
from deskhand.entities.flowsession import FlowSession, FlowSessionStatus
from deskhand.server.installation import Installation
from deskhand.store.database import Transaction
from tests.browser.cloud_designer import made, portal
from tests.browser.conftest import running_browser, sign_in_path
from tests.browser.screen import ROOT, Screen
from tests.live import Deskhand, deskhand_up

RUNS = 100_000
ACTIONS = 2_000
HELLO = "0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001"
LATENCY_MS = 1_000
LONG_FRAME_MS = 50
PLAIN = "as many plain rows are scrolled"
_BATCH = 5_000
_ENDS = (FlowSessionStatus.SUCCEEDED,) * 8 + (FlowSessionStatus.FAILED, FlowSessionStatus.CANCELLED)
_ROWS = "() => document.querySelectorAll('[role=grid] [role=row]').length > 10 && performance.now()"
_ACTIONS = "() => document.querySelectorAll('[role=treegrid] [role=row]').length > 10 && performance.now()"
_SCROLL = """() => new Promise((resolve) => {
  const grid = document.querySelector('[role=treegrid]');
  const reaches = (one) => one === null || one.scrollHeight > one.clientHeight + 1000;
  let scroller = grid;
  while (!reaches(scroller)) scroller = scroller.parentElement;
  const frames = [];
  let before = performance.now();
  const step = (now) => {
    frames.push(now - before);
    before = now;
    scroller.scrollTop += 300;
    if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) resolve(frames.slice(1));
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
_PLAIN_ROWS = """count => {
  const row = (_, at) => `<div style="height: 51px; border-bottom: 1px solid">Set variable<br>V${at}</div>`;
  const rows = Array.from({ length: count }, row).join('');
  document.body.innerHTML = `<div role="treegrid" style="height: 600px; overflow: auto">${rows}</div>`;
}"""
_KEYS = """() => {
  window.waits = [];
  const painted = (event) => window.waits.push(performance.now() - event.timeStamp);
  addEventListener('keydown', (event) => requestAnimationFrame(() => setTimeout(() => painted(event))), true);
}"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and what it may be at most."""

    name: str
    value: float
    limit: float | None
    unit: str

    @property
    def is_kept(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"(limit: <= {self.limit:g} {self.unit})"
        return f"{self.name:56} {self.value:8.1f} {self.unit:6} {limit}{'' if self.is_kept else '  EXCEEDED'}"


def store_runs(tx: Transaction, run_id: object, first: int) -> None:
    """Store some runs more, each as the one that was done, at other times and with other ends."""
    row = (
        tx.execute(sa.select(FlowSession.table).where(FlowSession.c.flowsessionid == run_id)).mappings().one()
    )
    version = tx.next_version()
    tx.execute(
        sa.insert(FlowSession.table), [_earlier(row, at, version) for at in range(first, first + _BATCH)]
    )


def _earlier(row: sa.RowMapping, at: int, version: int) -> dict[str, object]:
    moved = timedelta(seconds=25 * (at + 1))
    times = {name: row[name] - moved for name in ("createdon", "modifiedon", "startedon", "completedon")}
    known = {"flowsessionid": new_id(), "versionnumber": version, "statuscode": int(_ENDS[at % len(_ENDS)])}
    return {**row, **times, **known}


def fill(installation: Deskhand) -> None:
    """Do one run, and store as many as are wanted."""
    client = installation.client("bench")
    run = client.run_flow(HELLO, installation.connection_name()).json()["flowsessionId"]
    client.wait_until_final(run)
    installation.stop()
    with Installation.open(installation.data) as opened:
        found = sa.select(FlowSession.c.flowsessionid)
        run_id = opened.database.read(lambda tx: tx.execute(found).scalar_one())
        for first in range(0, RUNS, _BATCH):
            opened.database.write(partial(store_runs, run_id=run_id, first=first))
    installation.up()


def opened(page: Page, address: str, shown: str, rounds: int) -> list[float]:
    """Return how long an address takes until it shows what is wanted, round by round, in milliseconds."""
    found = []
    for _ in range(rounds + 1):
        page.goto("about:blank")
        page.goto(address, wait_until="commit")
        found.append(float(page.wait_for_function(shown, polling="raf").json_value()))
    return found


def scrolled(page: Page, what: str, limit: float | None) -> list[Figure]:
    """Scroll what is open from its begin to its end, as fast as frames come."""
    frames = [float(one) for one in page.evaluate(_SCROLL)]
    late = sum(1 for one in frames if one > LONG_FRAME_MS)
    return [
        Figure(f"{what}, {len(frames)} frames: median", median(frames), None, "ms"),
        Figure(f"{what}: longest frame", max(frames), None, "ms"),
        Figure(f"{what}: frames of more than {LONG_FRAME_MS} ms", late, limit, "frames"),
    ]


def typed(page: Page) -> list[float]:
    """Type a sentence into the field that has the focus while the server is far away; wait for each paint."""
    session = page.context.new_cdp_session(page)
    far = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", far)
    page.evaluate(_KEYS)
    text = "a sentence that goes on for a while"
    page.keyboard.type(text)
    page.wait_for_function("count => window.waits.length >= count", arg=len(text))
    session.send("Network.emulateNetworkConditions", {**far, "latency": 0})
    return [float(one) for one in page.evaluate("window.waits")]


def first_page(screen: Screen) -> float:
    """Return what the scripts of the first page weigh, compressed with gzip, in kilobytes."""
    built = ROOT / "src" / "deskhand" / "portal" / "assets"
    return sum((built / f"{url.rpartition('/')[2]}.gz").stat().st_size for url in screen.sizes) / 1_000


def measure(screen: Screen, installation: Deskhand, rounds: int) -> list[Figure]:
    """Return every figure."""
    page, client = screen.page, installation.client("bench")
    figures = [Figure("scripts of the first page, gzip", first_page(screen), 350, "kB")]

    cold, *warm = opened(page, f"{screen.base}/e/default/runs", _ROWS, rounds)
    figures.append(Figure(f"Desktop flow runs, {RUNS:,} stored, first visit", cold, None, "ms"))
    figures.append(Figure(f"Desktop flow runs, {RUNS:,} stored", median(warm), 1_000, "ms"))

    text = "".join(f"SET V{at} TO $'''text {at}'''\n" for at in range(ACTIONS))
    long = portal(client, "POST", "desktopflows", {"name": "Long", "text": text})["id"]
    cold, *warm = opened(page, f"{screen.base}/e/default/desktopflows/{long}/edit", _ACTIONS, rounds)
    figures.append(Figure(f"desktop flow of {ACTIONS:,} actions, first visit", cold, None, "ms"))
    figures.append(Figure(f"desktop flow of {ACTIONS:,} actions", median(warm), 1_500, "ms"))
    figures += scrolled(page, "it is scrolled", 0)
    page.goto("about:blank")
    page.evaluate(_PLAIN_ROWS, ACTIONS)
    figures += scrolled(page, PLAIN, None)

    short = made(client, "Short")
    screen.open(f"cloudflows/{short}/edit", "Short")
    page.locator("[data-card]").filter(has_text="Compose").click()
    page.get_by_role("textbox", name="Inputs").click()
    waits = typed(page)
    name = f"key to paint, cloud-flow designer, server {LATENCY_MS} ms away, p95"
    figures.append(Figure(name, quantiles(waits, n=20)[-1], 100, "ms"))
    screen.open(f"desktopflows/{long}/edit", "Long")
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_role("textbox", name="Text of Main").click()
    waits = typed(page)
    name = f"key to paint, desktop-flow designer, server {LATENCY_MS} ms away, p95"
    figures.append(Figure(name, quantiles(waits, n=20)[-1], 100, "ms"))
    return figures


def main(rounds: int) -> int:
    """Print every figure; fail where one is beyond its limit."""
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-bench-") as name,
        deskhand_up(Path(name) / "data") as running,
    ):
        fill(running)
        base = f"http://127.0.0.1:{running.port}"
        with running_browser() as browser, Screen.opened(browser, base) as screen:
            screen.page.goto(base + sign_in_path(running))
            screen.page.get_by_role("heading", name="Home", level=1).wait_for()
            figures = measure(screen, running, rounds)
            for figure in figures:
                print(figure, flush=True)
            if any(one.name.startswith(PLAIN) and one.unit == "frames" and one.value for one in figures):
                print(f"This machine draws frames of more than {LONG_FRAME_MS} ms whatever is scrolled now.")
    return 0 if all(figure.is_kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
