"""Executions found by their filters, and many stopped and redriven at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.debugging import expect_paused, start_to_debug
from tests.e2e.installation import ARN
from tests.e2e.workflows import Workflows, in_sequence

pytestmark = pytest.mark.e2e

SLEEP = {"Type": "Wait", "Seconds": 3600}


def row(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid="found-row"][data-name="{name}"]')


def test_what_is_paused_and_by_whom(page: Page, workflows: Workflows) -> None:
    machine = workflows.create(in_sequence(Sleep=SLEEP))
    running = workflows.start(machine, {})
    start_to_debug(page, machine, {})
    expect_paused(page, "Sleep")
    name = page.url.split("?")[0].rsplit("/", 1)[1]

    page.goto(f"/executions?machine={machine}")
    badge = row(page, name).get_by_test_id("paused-badge")
    expect(badge).to_have_attribute("data-by", "admin")
    expect(badge).to_have_attribute("data-state-name", "Sleep")
    expect(row(page, running.name).get_by_test_id("paused-badge")).to_have_count(0)
    choice = page.get_by_test_id("paused-choice")
    expect(choice).to_have_attribute("data-count", "1")
    choice.click()
    expect(row(page, running.name)).to_have_count(0)
    page.get_by_test_id("filter-pausedBy").fill("adm")
    expect(page).to_have_url(re.compile("pausedBy=adm"))
    # The address brings the filter back, and a name that paused nothing finds nothing.
    page.reload()
    expect(page.get_by_test_id("paused-choice")).to_have_attribute("aria-pressed", "true")
    expect(row(page, name)).to_be_visible()
    expect(page.get_by_test_id("found-row")).to_have_count(1)
    page.get_by_test_id("filter-pausedBy").fill("nobody")
    expect(page.get_by_test_id("empty-state")).to_be_visible()
    page.get_by_test_id("paused-choice").click()
    expect(page.get_by_test_id("found-row")).to_have_count(2)
    for arn in (running.arn, f"{ARN}:execution:{machine}:{name}"):
        workflows.sfn.stop_execution(executionArn=arn)
    expect(page.get_by_test_id("paused-badge")).to_have_count(0)


def test_found_stopped_and_redriven(page: Page, workflows: Workflows) -> None:
    machine = workflows.create(in_sequence(Sleep=SLEEP))
    first, second = (workflows.start(machine, {"order": f"no-{n}"}) for n in (1, 2))
    page.goto(f"/executions?machine={machine}")
    expect(page.get_by_test_id("found-row")).to_have_count(2)

    # What an address says wrong is as if it were not said.
    page.goto(f"/executions?machine={machine}&status=BROKEN&since=never&version=-1")
    expect(page.get_by_test_id("found-row")).to_have_count(2)
    page.goto(f"/executions?machine={machine}")

    # A text in the input finds one, and the address says so.
    page.get_by_test_id("filter-input").fill("no-2")
    expect(page.get_by_test_id("found-row")).to_have_count(1)
    expect(row(page, second.name)).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("found-row")).to_have_count(1)
    page.get_by_test_id("filter-input").fill("")
    expect(page.get_by_test_id("found-row")).to_have_count(2)

    # One has ended behind the page's back: it gets an outcome of its own.
    page.get_by_test_id("choose-all").click()
    expect(page.get_by_test_id("chosen-count")).to_have_text("2 chosen")
    # By keyboard: thinking better of it leaves chosen what was, and the focus where it was.
    page.get_by_test_id("bulk-stop").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("bulk-stop")).to_be_focused()
    expect(page.get_by_test_id("chosen-count")).to_have_text("2 chosen")
    page.get_by_test_id("bulk-stop").press("Enter")
    page.get_by_test_id("stop-error").fill("Orders.Recalled")
    page.get_by_test_id("stop-cause").fill("The catalogue was wrong")
    page.get_by_test_id("bulk-submit").click()
    outcomes = page.locator('[data-testid="bulk-row"][data-outcome="done"]')
    expect(outcomes).to_have_count(2)
    page.get_by_test_id("bulk-close").press("Enter")
    # Nothing is chosen now, so what it was opened from is gone.
    expect(page.get_by_test_id("found")).to_be_focused()
    assert {workflows.wait_for_end(each) for each in (first, second)} == {"ABORTED"}
    told = workflows.sfn.describe_execution(executionArn=second.arn)
    assert (told["error"], told["cause"]) == ("Orders.Recalled", "The catalogue was wrong")

    running = page.locator('[data-testid="status-choice"][data-status="RUNNING"]')
    aborted = page.locator('[data-testid="status-choice"][data-status="ABORTED"]')
    expect(aborted).to_have_attribute("data-count", "2")
    aborted.click()
    # Another list has nothing chosen.
    expect(aborted).to_have_attribute("aria-pressed", "true")
    row(page, first.name).get_by_role("checkbox").check()
    page.get_by_test_id("bulk-redrive").click()
    # What the server could not do is tried again where it is told.
    busy = {"code": "ServiceUnavailable", "message": "Not now"}
    page.route("**/redrive/", lambda route: route.fulfill(status=503, json=busy), times=1)
    page.get_by_test_id("bulk-submit").click()
    expect(page.locator('[data-testid="bulk-row"][data-outcome="failed"]')).to_have_count(1)
    page.get_by_test_id("bulk-again").click()
    expect(outcomes).to_have_count(1)
    page.get_by_test_id("bulk-close").click()
    expect(running).to_have_attribute("data-count", "1")
    assert workflows.status(first) == "RUNNING"
    workflows.sfn.stop_execution(executionArn=first.arn)
