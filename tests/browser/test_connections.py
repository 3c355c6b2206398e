"""Keep a password as a credential, make a connection that signs in with it, and bind a reference to that."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen

SECRET = "hunter2-and-more"


def new_mail_connection(page: Page, name: str) -> None:
    page.get_by_role("button", name="New connection", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="New connection")
    dialog.get_by_role("combobox", name="Connector").click()
    page.get_by_role("option", name="Mail", exact=True).click()
    dialog.get_by_role("textbox", name="Name for people").fill(name)


@pytest.fixture
def credential(screen: Screen) -> None:
    page = screen.page
    screen.open("credentials", "Credentials")
    page.get_by_role("row", name="Mailbox").or_(page.get_by_text("No credentials")).first.wait_for()
    if page.get_by_role("row", name="Mailbox").count():
        return
    expect(page.get_by_text("The password is never shown.")).to_be_visible()
    page.get_by_role("button", name="New credential").first.click()
    dialog = page.get_by_role("dialog", name="New credential")
    dialog.get_by_role("button", name="Create credential").click()
    expect(dialog.get_by_text("It is needed.")).to_have_count(2)
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Mailbox")
    dialog.get_by_role("textbox", name="User name").fill("robot")
    dialog.get_by_label("Password").fill(SECRET)
    screen.shoot("credential-new")
    dialog.get_by_role("button", name="Create credential").click()
    expect(page.get_by_role("row", name="Mailbox")).to_be_visible()


def test_a_connection_signs_in_with_a_credential(screen: Screen, credential: None) -> None:
    page = screen.page
    screen.open("connections", "Connections")
    new_mail_connection(page, "Outgoing mail")
    dialog = page.get_by_role("dialog", name="New connection")
    dialog.get_by_role("textbox", name="Mail address").fill("robot@example.org")
    dialog.get_by_role("textbox", name="Server that sends (SMTP)").fill("127.0.0.1")
    dialog.get_by_role("button", name="Take Password from a credential").click()
    dialog.get_by_role("combobox", name="Credential for Password").click()
    page.get_by_role("option", name="Mailbox").click()
    screen.shoot("connection-with-credential")
    assert screen.audit() == []
    dialog.get_by_role("button", name="Create connection").click()

    page.get_by_role("row", name="Outgoing mail").press("Enter")
    expect(page.get_by_role("heading", name="Outgoing mail", level=1)).to_be_visible()
    expect(page.get_by_text("from the credential ‘Mailbox’")).to_be_visible()
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Error")
    expect(page.get_by_text("127.0.0.1").first).to_be_visible()
    screen.shoot("connection")
    assert SECRET not in page.content()

    page.get_by_role("button", name="Edit").click()
    edit = page.get_by_role("dialog", name="Edit ‘Outgoing mail’")
    edit.get_by_role("textbox", name="Name for people").fill("Mail that goes out")
    edit.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Mail that goes out", level=1)).to_be_visible()
    expect(page.get_by_text("from the credential ‘Mailbox’")).to_be_visible()

    screen.open("credentials", "Credentials")
    expect(page.get_by_role("row", name="Mailbox")).to_contain_text("Mail that goes out")
    page.get_by_role("row", name="Mailbox").focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Rotate…").click()
    rotate = page.get_by_role("dialog", name="New password for ‘Mailbox’")
    expect(rotate.get_by_text("1 connection signs in with it from now on.")).to_be_visible()
    rotate.get_by_label("Password").fill("another-one")
    rotate.get_by_role("button", name="Set password").click()
    expect(rotate).to_have_count(0)
    page.get_by_role("row", name="Mailbox").focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Delete").click()
    confirm = page.get_by_role("alertdialog")
    expect(confirm.get_by_text("1 connection signs in with it and will fail:")).to_be_visible()
    expect(confirm.get_by_text("Mail that goes out")).to_be_visible()
    confirm.get_by_role("button", name="Cancel").click()


def test_a_reference_is_bound_and_its_connection_replaced(screen: Screen) -> None:
    page = screen.page
    screen.open("connections", "Connections")
    for name in ("Old mail", "New mail"):
        new_mail_connection(page, name)
        dialog = page.get_by_role("dialog", name="New connection")
        dialog.get_by_role("textbox", name="Mail address").fill("robot@example.org")
        dialog.get_by_role("textbox", name="Server that sends (SMTP)").fill("mail.example.org")
        dialog.get_by_role("button", name="Create connection").click()
        expect(page.get_by_role("row", name=name)).to_be_visible()

    page.get_by_role("tab", name="Connection references").click()
    page.get_by_role("button", name="New connection reference").first.click()
    dialog = page.get_by_role("dialog", name="New connection reference")
    dialog.get_by_role("textbox", name="Name in flows").fill("new_invoices")
    dialog.get_by_role("combobox", name="Connector").click()
    page.get_by_role("option", name="Mail", exact=True).click()
    dialog.get_by_role("textbox", name="Name for people").fill("Mail of invoices")
    dialog.get_by_role("button", name="Create connection reference").click()
    row = page.get_by_role("row", name="Mail of invoices")
    expect(row).to_contain_text("Not bound")

    row.focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Bind…").click()
    bind = page.get_by_role("dialog", name="Bind ‘Mail of invoices’")
    bind.get_by_role("combobox", name="Connection").click()
    page.get_by_role("option", name="Old mail (admin)").click()
    bind.get_by_role("button", name="Bind").click()
    expect(row).to_contain_text("Old mail")
    screen.shoot("connection-references")

    page.get_by_role("tab", name="Connections").click()
    page.get_by_role("row", name="Old mail").press("Enter")
    page.get_by_role("button", name="Delete").click()
    confirm = page.get_by_role("alertdialog")
    expect(confirm.get_by_text("Mail of invoices")).to_be_visible()
    confirm.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Replace in flows…").click()
    replace = page.get_by_role("dialog", name="Replace ‘Old mail’ in flows")
    replace.get_by_role("combobox", name="Replace it by").click()
    page.get_by_role("option", name="New mail (admin)").click()
    replace.get_by_role("button", name="Bind 1 reference anew").click()
    expect(page.get_by_text("1 reference is bound to ‘New mail’.")).to_be_visible()
    bound = page.get_by_role("region", name="Connection references")
    expect(bound).to_contain_text("No connection reference is bound to it.")
