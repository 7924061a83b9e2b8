"""An execution in time: bars, the tree of what ran, and the page as it was at an earlier event."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import WEIGH_PARCEL, Workflows, gate, in_sequence

pytestmark = pytest.mark.e2e

PARCEL = {"number": 1, "kilograms": 2}


def weighing() -> dict[str, object]:
    """Two parcels are weighed one after the other; then the execution waits at a gate."""
    each = in_sequence(Weigh={"Type": "Task", "Resource": WEIGH_PARCEL})
    return in_sequence(
        Prepare={"Type": "Pass", "Result": [PARCEL, PARCEL], "ResultPath": "$.parcels"},
        Each_parcel={
            "Type": "Map",
            "ItemsPath": "$.parcels",
            "MaxConcurrency": 1,
            "ItemProcessor": each,
            "ResultPath": None,
        },
        Hold=gate("middle"),
        Finish={"Type": "Pass"},
    )


def test_the_lists_below_share_one_selection_and_the_page_goes_back_in_time(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    execution = workflows.start_with_gates(weighing(), "middle")
    known = workflows.wait_until_entered(execution, "Hold")
    screen.open(execution.path)
    screen.expect_state("Hold", "RUNNING")
    expect(screen.event_count).to_have_attribute("data-count", str(known))

    # The table: the second parcel's visit is chosen, and the pane is about it.
    page.get_by_test_id("below-table").click()
    rows = page.get_by_test_id("tree-row")
    second = rows.and_(page.locator("[data-kind=visit][data-name=Weigh]")).nth(1)
    second.click()
    expect(screen.pane).to_have_attribute("data-state-name", "Weigh")
    expect(screen.card("Weigh")).to_have_attribute("data-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(screen.pane).to_have_attribute("data-state-name", "Hold")

    # The timeline has the same chosen, with its bar.
    page.get_by_test_id("below-timeline").click()
    chosen = page.locator("[data-testid=tree-row][aria-selected=true]")
    expect(chosen).to_have_attribute("data-name", "Hold")
    expect(chosen.locator('[data-segment="running"]')).to_have_count(1)

    # Back to the start, with the slider and with a key.
    slider = page.get_by_test_id("scrubber-slider")
    slider.fill("2")
    screen.expect_state("Prepare", "RUNNING")
    screen.expect_state("Hold", "NOT_REACHED")
    page.keyboard.press("]")
    screen.expect_state("Prepare", "SUCCEEDED")

    # What happens meanwhile does not pull the page out of the past; a reload stays there, too.
    workflows.open("middle")
    workflows.wait_for_end(execution)
    expect(page.get_by_test_id("connection-status")).to_have_attribute(
        "data-connection", "complete"
    )
    screen.expect_state("Finish", "NOT_REACHED")
    expect(page).to_have_url(re.compile("[?&]at=3"))
    screen.reload()
    screen.expect_state("Finish", "NOT_REACHED")

    page.get_by_test_id("scrubber-present").click()
    screen.expect_state("Finish", "SUCCEEDED")
    screen.expect_end("SUCCEEDED")
