"""Everything can be reached without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens import ExecutionScreen, close_by_key
from tests.e2e.workflows import Workflows, in_sequence

pytestmark = pytest.mark.e2e

# More stops than any page has before its graph.
MOST_STOPS = 40


def tab_to(page: Page, test_id: str) -> None:
    """Press Tab until that element has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.dataset.testid") == test_id:
            return
    pytest.fail(f"{test_id} is not reached with {MOST_STOPS} presses of Tab")


def test_a_state_is_found_and_inspected(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(
        in_sequence(Above={"Type": "Pass"}, Middle={"Type": "Pass"}, Below={"Type": "Pass"})
    )
    execution = workflows.start(machine, {"some": "input"})
    screen.open(execution.path)
    screen.expect_end("SUCCEEDED")

    tab_to(page, "graph")
    page.keyboard.press("ArrowDown")
    expect(screen.pane).to_have_attribute("data-state-name", "Above")
    page.keyboard.press("ArrowDown")
    expect(screen.pane).to_have_attribute("data-state-name", "Middle")
    expect(screen.card("Middle")).to_have_attribute("data-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(screen.pane).to_have_attribute("data-state-name", "Middle")

    page.keyboard.press("Enter")
    expect(screen.pane).to_be_focused()
    page.keyboard.press("Tab")
    expect(screen.pane.get_by_test_id("fork")).to_be_focused()
    page.keyboard.press("Tab")
    expect(screen.pane.get_by_role("tab", selected=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(screen.pane.get_by_test_id("tab-output")).to_have_attribute("aria-selected", "true")

    page.keyboard.press("Escape")
    expect(screen.pane).to_have_count(0)
    expect(page.get_by_test_id("execution-summary")).to_be_visible()


def test_a_question_mark_shows_the_shortcuts(page: Page) -> None:
    page.goto("/")
    page.get_by_test_id("machine-row").first.wait_for()
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_be_visible()
    expect(shortcuts).to_contain_text("Escape")
    close_by_key(shortcuts)
    page.keyboard.press("/")
    expect(page.get_by_test_id("machine-search")).to_be_focused()


def test_a_state_machine_is_started_from_the_list(page: Page, screen: ExecutionScreen) -> None:
    page.goto("/?search=orders")
    page.get_by_test_id("machine-row").first.wait_for()
    # Others have the word in their name, too, and may stand before it.
    tab_to(page, "start-execution")
    while page.evaluate("document.activeElement.dataset.machine") != "orders":
        tab_to(page, "start-execution")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/executions/orders/"))
    screen.wait_for_graph()
    screen.expect_end("SUCCEEDED")
