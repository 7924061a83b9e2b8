"""Who may see anything at all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from studio.config.embedded.stack import Stack
from tests.e2e.installation import account_of
from tests.e2e.screens import machine_row, sign_in

pytestmark = pytest.mark.e2e


@pytest.mark.browser_context_args(storage_state=None)
def test_a_visitor_signs_in_and_finds_both_examples(page: Page, stack: Stack) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/sign-in/"))

    sign_in(page, account_of(stack), password="not the password")
    expect(page.get_by_role("alert")).to_contain_text("correct")
    expect(page).to_have_url(re.compile(r"/sign-in/"))

    sign_in(page, account_of(stack))
    for example in ("orders", "images"):
        expect(machine_row(page, example)).to_be_visible()
    expect(page.get_by_role("heading", name="State machines")).to_be_visible()


@pytest.mark.browser_context_args(storage_state=None)
def test_signing_in_leads_back_to_where_one_wanted_to_go(page: Page, stack: Stack) -> None:
    page.goto("/state-machines/orders?status=FAILED")
    sign_in(page, account_of(stack))
    expect(page).to_have_url(f"{stack.url}/state-machines/orders?status=FAILED")


@pytest.mark.browser_context_args(storage_state=None)
def test_signing_out_ends_it(page: Page, stack: Stack) -> None:
    page.goto("/")
    sign_in(page, account_of(stack))
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/sign-in/"))
    page.goto("/state-machines/orders")
    expect(page).to_have_url(re.compile(r"/sign-in/"))
