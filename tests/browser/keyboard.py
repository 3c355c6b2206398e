"""Using the portal by keyboard alone, and seeing at each step where the focus is."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from playwright.sync_api import Browser, FloatRect, Locator, Page

# Where motion is reduced, what changes with the focus still takes until the next frame.
_FOCUSED = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const one = document.activeElement;
  if (one === null || one === document.body) return null;
  const named = one.getAttribute('aria-label') ?? one.textContent ?? '';
  const about = `${one.tagName.toLowerCase()} ‘${named.trim().slice(0, 60)}’`;
  const box = one.getBoundingClientRect();
  const x = Math.max(0, box.x - 5), y = Math.max(0, box.y - 5);
  const right = Math.min(innerWidth, box.right + 5), bottom = Math.min(innerHeight, box.bottom + 5);
  return {about, x, y, width: right - x, height: bottom - y};
}"""
_CHANGED = """async ([before, after]) => {
  const pixels = async (text) => {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height).data;
  };
  const light = (data, at) => [0.2126, 0.7152, 0.0722].reduce((sum, share, channel) => {
    const part = data[at + channel] / 255;
    return sum + share * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0.05);
  const [one, other] = [await pixels(before), await pixels(after)];
  let changed = 0;
  for (let at = 0; at < one.length; at += 4) {
    const [low, high] = [light(one, at), light(other, at)].sort((left, right) => left - right);
    if (high / low >= 3) changed += 1;
  }
  return changed;
}"""
MOST_TABS = 80


@dataclass
class Keyboard:
    """A keyboard that knows where the focus is.

    Where ``Tab`` leaves an element, the element has to look different from before: as many pixels as its
    shorter side is long change with a contrast of 3:1 (WCAG 2.2, 2.4.13).

    Attributes:
        page: Where it types.
        unseen: What had the focus and did not show it.
    """

    page: Page
    browser: Browser
    unseen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._scale = self.browser.new_page()
        self.to_front()

    def to_front(self) -> None:
        """Bring the page to the front: a window behind another shows no focus."""
        self.page.bring_to_front()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def is_at(self, wanted: Locator) -> bool:
        """Tell whether something has the focus, whichever window is in front."""
        return bool(wanted.evaluate("one => one === document.activeElement"))

    def where(self) -> str:
        """Say what has the focus."""
        return str((self.page.evaluate(_FOCUSED) or {"about": "nothing"})["about"])

    def tab_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Go on with ``Tab`` until something has the focus, which every stop on the way must show."""
        wanted.wait_for()
        passed = []
        for _ in range(MOST_TABS):
            if self.is_at(wanted):
                return
            passed.append(self._step(key))
        raise AssertionError(f"{key} never comes to {wanted}: {passed}")

    def choose(self, field: Locator, option: str) -> None:
        """Choose an option of a dropdown that has the focus."""
        self.press("Enter")
        active = self.page.locator("[role=option][data-activedescendant]")
        for _ in range(MOST_TABS):
            if option in (active.first.text_content() or ""):
                self.press("Enter")
                return
            self.press("ArrowDown")
        raise AssertionError(f"no option of {field} is called {option}")

    def _step(self, key: str) -> str:
        place = self.page.evaluate(_FOCUSED)
        if place is None:
            self.press(key)
            return "nothing"
        about = str(place.pop("about"))
        if place["width"] <= 0 or place["height"] <= 0:
            self.unseen.append(f"{about} is out of sight")
            self.press(key)
            return about
        before = self._picture(place)
        self.press(key)
        changed = self._scale.evaluate(_CHANGED, [before, self._picture(place)])
        if changed < min(place["width"], place["height"]) - 10:
            self.unseen.append(f"{about} shows its focus by {changed} pixels")
        return about

    def _picture(self, place: FloatRect) -> str:
        return base64.b64encode(self.page.screenshot(clip=place, animations="disabled")).decode()
