"""The example that works on pictures shows what it made."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens import ExecutionScreen, machine_row

pytestmark = pytest.mark.e2e

LOADED = "(picture) => picture.complete && picture.naturalWidth > 0"


def test_the_contact_sheet_is_shown(page: Page, screen: ExecutionScreen) -> None:
    page.goto("/")
    machine_row(page, "images").get_by_test_id("start-execution").click()
    screen.wait_for_graph()
    screen.expect_end("SUCCEEDED")
    # Without a selection the pane is about the whole execution.
    pictures = (
        page.get_by_test_id("execution-summary").get_by_test_id("pictures").get_by_role("img")
    )
    expect(pictures.first).to_be_visible()
    handle = pictures.first.element_handle()
    page.wait_for_function(LOADED, arg=handle)

    screen.select("Contact sheet")
    screen.tab("output")
    sheet = screen.pane.get_by_test_id("pictures").get_by_role("img").first
    sheet.scroll_into_view_if_needed()
    page.wait_for_function(LOADED, arg=sheet.element_handle())
