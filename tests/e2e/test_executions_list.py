"""Executions found by their filters, and many stopped and redriven at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.workflows import Workflows, in_sequence

pytestmark = pytest.mark.e2e

SLEEP = {"Type": "Wait", "Seconds": 3600}


def row(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid="found-row"][data-name="{name}"]')


def test_found_stopped_and_redriven(page: Page, workflows: Workflows) -> None:
    machine = workflows.create(in_sequence(Sleep=SLEEP))
    first, second = (workflows.start(machine, {"order": f"no-{n}"}) for n in (1, 2))
    page.goto(f"/executions?machine={machine}")
    expect(page.get_by_test_id("found-row")).to_have_count(2)

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
    page.get_by_test_id("bulk-stop").click()
    page.get_by_test_id("bulk-submit").click()
    outcomes = page.locator('[data-testid="bulk-row"][data-outcome="done"]')
    expect(outcomes).to_have_count(2)
    page.get_by_test_id("bulk-close").click()
    assert {workflows.wait_for_end(each) for each in (first, second)} == {"ABORTED"}

    running = page.locator('[data-testid="status-choice"][data-status="RUNNING"]')
    aborted = page.locator('[data-testid="status-choice"][data-status="ABORTED"]')
    expect(aborted).to_have_attribute("data-count", "2")
    aborted.click()
    row(page, first.name).get_by_role("checkbox").check()
    page.get_by_test_id("bulk-redrive").click()
    page.get_by_test_id("bulk-submit").click()
    expect(outcomes).to_have_count(1)
    page.get_by_test_id("bulk-close").click()
    expect(running).to_have_attribute("data-count", "1")
    assert workflows.status(first) == "RUNNING"
    workflows.sfn.stop_execution(executionArn=first.arn)
