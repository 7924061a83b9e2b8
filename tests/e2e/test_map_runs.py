"""The page of a Map Run: live counts, children by status, and settings that are changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import Workflows

pytestmark = pytest.mark.e2e

DEFINITION = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "Label": "Cells",
            "ItemsPath": "$.items",
            "MaxConcurrency": 5,
            "ToleratedFailurePercentage": 90,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Check",
                "States": {
                    "Check": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$", "NumericEquals": 3, "Next": "Bad"}],
                        "Default": "Nap",
                    },
                    "Nap": {"Type": "Wait", "Seconds": 3600, "End": True},
                    "Bad": {"Type": "Fail", "Error": "Three"},
                },
            },
            "End": True,
        }
    },
}


def test_a_run_is_watched_and_changed(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(DEFINITION)
    execution = workflows.start(machine, {"items": list(range(40))})
    screen.open(execution.path)
    screen.expect_state("Each", "RUNNING")
    screen.select("Each")
    page.get_by_test_id("map-run-link").click()

    counts = page.get_by_test_id("execution-counts").get_by_test_id("run-count")

    def expect_count(status: str, number: int) -> None:
        expect(counts.and_(page.locator(f'[data-status="{status}"]'))).to_have_attribute(
            "data-count", str(number)
        )

    expect_count("RUNNING", 5)
    expect_count("FAILED", 1)
    rows = page.get_by_test_id("child-row")
    expect(rows).to_have_count(6)
    page.get_by_test_id("run-maxConcurrency").fill("9")
    page.get_by_test_id("run-settings-save").click()
    expect_count("RUNNING", 9)
    expect(page.get_by_test_id("run-maxConcurrency")).to_have_value("9")
    expect(rows).to_have_count(10)

    page.get_by_test_id("execution-counts").get_by_role("button", name="Failed").click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_have_attribute("data-number", "3")
    expect(rows.first).to_contain_text("Three")
    rows.first.get_by_role("link").click()
    screen.expect_end("FAILED")
    screen.expect_state("Bad", "FAILED")

    page.go_back()
    page.get_by_test_id("run-execution").click()
    page.get_by_test_id("stop-execution").click()
    page.get_by_test_id("stop-submit").click()
    screen.expect_end("ABORTED")
