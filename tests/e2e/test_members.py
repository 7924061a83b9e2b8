"""Members in the browser: somebody is added, signs in, and may do what the role is for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.config.embedded.stack import FirstAccount, Stack
from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.designing import Designer
from tests.e2e.installation import account_of, running_stack
from tests.e2e.screens import sign_in

pytestmark = pytest.mark.e2e


def page_of(browser: Browser, stack: Stack) -> Page:
    context = browser.new_context(base_url=stack.url)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return context.new_page()


def test_a_member_is_added_and_may_do_what_the_role_is_for(
    browser: Browser, tmp_path: Path
) -> None:
    # Of its own: who else belongs to the workspace, and who may be the last admin, counts here.
    with running_stack(tmp_path / "var") as stack:
        page = page_of(browser, stack)
        page.goto("/")
        sign_in(page, account_of(stack))
        hers = page_of(browser, stack)
        add_and_remove(page, hers)
        for each in (hers, page):
            each.context.close()


def add_and_remove(page: Page, hers: Page) -> None:
    page.get_by_test_id("members-link").click()
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    expect(page.get_by_test_id("member")).to_have_count(1)

    page.get_by_test_id("add-member").click()
    page.get_by_label("Name of the account").fill("grace")
    page.get_by_test_id("add-submit").click()
    expect(page.get_by_text("There is no account grace")).to_be_visible()
    page.get_by_test_id("add-submit").click()
    password = page.get_by_test_id("new-password").inner_text()
    page.get_by_test_id("secret-kept").click()
    row = page.locator('[data-testid="member"][data-member="grace"]')
    expect(row).to_contain_text("Never signed in")

    hers.goto("/members")
    sign_in(hers, FirstAccount("grace", password, "", ""))
    expect(hers.get_by_test_id("member")).to_have_count(2)
    expect(hers.get_by_test_id("add-member")).to_be_disabled()
    expect(hers.get_by_test_id("role")).to_have_count(0)

    reads_the_designer(hers)
    row.get_by_test_id("role").select_option("admin")
    expect(row.get_by_test_id("role")).to_have_value("admin")
    hers.goto("/members")
    expect(hers.get_by_test_id("add-member")).to_be_enabled()
    hers.get_by_test_id("account-link").click()
    expect(hers.get_by_test_id("own-role")).to_have_text("admin")

    row.get_by_test_id("remove-member").click()
    page.get_by_test_id("remove-submit").click()
    expect(page.get_by_test_id("member")).to_have_count(1)
    # The last admin stays, and the page says why.
    page.get_by_test_id("role").select_option("viewer")
    expect(page.get_by_text("A workspace needs an admin")).to_be_visible()
    expect(page.get_by_test_id("role")).to_have_value("admin")


def reads_the_designer(page: Page) -> None:
    """A viewer sees all of a workflow, changes nothing, and is told why."""
    writes: list[str] = []
    page.on("request", lambda each: writes.append(each.url) if each.method == "PUT" else None)
    designer = Designer(page)
    designer.open("orders")
    expect(page.get_by_test_id("locked-note")).to_contain_text("Your role may read workflows")
    expect(page.get_by_test_id("palette-item")).to_have_count(0)
    expect(page.get_by_test_id("spot")).to_have_count(0)
    expect(page.get_by_test_id("publish")).to_be_disabled()
    expect(page.get_by_test_id("publish")).to_have_attribute("title", re.compile("Your role may"))
    designer.card("Validate order").click()
    expect(page.get_by_test_id("inspector")).to_have_attribute("data-state-name", "Validate order")
    expect(page.get_by_test_id("state-name")).to_be_disabled()
    page.get_by_test_id("graph").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("status").filter(has_text="Your role may read")).to_be_visible()
    expect(designer.card("Validate order")).to_be_visible()
    page.locator("[data-testid=code-pane] .cm-content").click()
    page.keyboard.type("x")
    expect(page.get_by_test_id("broken-note")).to_have_count(0)
    assert writes == []
