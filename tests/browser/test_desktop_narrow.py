"""The designer of desktop flows in a window that has no room for its panes. Source: experience 4.1 and 7."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import signed_in
from tests.browser.test_desktop_designer import flow_id, open_designer
from tests.live import Deskhand


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_panes_are_drawn_over_the_workspace_and_put_away(
    browser: Browser, installation: Deskhand, tmp_path: Path, theme: str
) -> None:
    flow = flow_id(installation, f"Narrow {theme}", "SET Total TO 1\nSET Other TO Total\n", tmp_path)
    with signed_in(browser, installation, theme=theme, size="narrow") as screen:
        page = open_designer(screen, flow, f"Narrow {theme}")
        grid = page.get_by_role("treegrid", name="Actions of Main")
        expect(grid.get_by_role("row")).to_have_count(2)
        variables = page.get_by_role("region", name="Variables")
        search = page.get_by_role("searchbox", name="Search actions")
        expect(variables).to_be_hidden()
        expect(search).to_be_hidden()

        button = page.get_by_role("button", name="Variables, UI elements, images, versions")
        button.click()
        expect(variables).to_be_visible()
        expect(button).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("tab", name="Variables")).to_be_focused()
        screen.shoot(f"desktop-designer-side-drawn-{theme}")
        assert not (found := screen.audit()), "\n".join(found)
        page.keyboard.press("Escape")
        expect(variables).to_be_hidden()
        expect(button).to_be_focused()

        grid.focus()
        page.keyboard.press("Control+Alt+1")
        page.keyboard.type("current date")
        expect(search).to_have_value("current date")
        screen.shoot(f"desktop-designer-actions-drawn-{theme}")
        page.keyboard.press("F6")
        expect(search).to_be_hidden()
        expect(grid).to_be_focused()
        page.keyboard.press("F6")
        expect(variables).to_be_visible()
        grid.get_by_role("row").first.click(position={"x": 60, "y": 10})
        expect(variables).to_be_hidden()

        page.keyboard.press("Control+Alt+1")
        page.get_by_role("treeitem", name="Get current date").first.dblclick()
        expect(search).to_be_hidden()
        panel = page.get_by_role("region", name="Get current date and time")
        expect(panel).to_be_visible()
        screen.shoot(f"desktop-designer-panel-drawn-{theme}")
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(grid.get_by_role("row")).to_have_count(3)
