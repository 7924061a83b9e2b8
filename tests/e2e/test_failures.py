"""What a person finds out about an execution that went wrong."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.installation import ORDERS
from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import Started, Workflows

pytestmark = pytest.mark.e2e


def start_order(workflows: Workflows, file: str) -> Started:
    """Start *orders* with one of the example's inputs, without its pauses."""
    order = json.loads((ORDERS / "inputs" / file).read_text())
    return workflows.start("orders", {**order, "paceSeconds": 0})


def test_retries_are_read_one_by_one_and_the_last_one_helped(
    screen: ExecutionScreen, workflows: Workflows
) -> None:
    execution = start_order(workflows, "unstable-processor.json")
    screen.open(execution.path)
    screen.expect_end("SUCCEEDED")
    screen.select("Charge card")
    expect(screen.pane.get_by_test_id("state-status")).to_have_attribute("data-status", "SUCCEEDED")

    attempts = screen.tab("retries").get_by_test_id("attempt")
    expect(attempts).to_have_count(3)
    for call in (1, 2):
        attempt = attempts.nth(call - 1)
        expect(attempt).to_have_attribute("data-status", "FAILED")
        expect(attempt.get_by_test_id("error-name")).to_have_text("ProcessorUnavailable")
        expect(attempt.get_by_test_id("error-cause")).to_have_text(
            f"The card processor did not answer (call {call})."
        )
    expect(attempts.nth(2)).to_have_attribute("data-status", "SUCCEEDED")
    expect(attempts.nth(2).get_by_test_id("error-name")).to_have_count(0)


def test_a_declined_card_is_read_where_it_happened_and_where_it_ended(
    screen: ExecutionScreen, workflows: Workflows
) -> None:
    execution = start_order(workflows, "payment-declined.json")
    screen.open(execution.path)
    screen.expect_end("FAILED")
    expect(screen.page.get_by_test_id("execution-summary")).to_contain_text("PaymentDeclined")

    # Caught there, so that what had been reserved could be given back …
    screen.expect_state("Charge card", "CAUGHT")
    screen.select("Charge card")
    error = screen.tab("error")
    expect(error.get_by_test_id("error-name")).to_have_text("PaymentDeclined")
    expect(error.get_by_test_id("error-cause")).to_have_text(
        "The bank declined the card ending in 0002."
    )
    expect(screen.tab("retries").get_by_test_id("attempt")).to_have_count(1)
    expect(screen.tab("output")).to_contain_text("problem")
    screen.expect_state("Undo each step", "SUCCEEDED")
    screen.expect_state("Refund payment", "NOT_REACHED")

    # … and failed here.
    screen.expect_state("Order cancelled", "FAILED")
    screen.select("Order cancelled")
    error = screen.tab("error")
    expect(error.get_by_test_id("error-name")).to_have_text("PaymentDeclined")
    expect(error.get_by_test_id("error-cause")).to_contain_text("0002")

    # Who opens it later is shown the place.
    screen.open(execution.path)
    expect(screen.card("Order cancelled")).to_be_in_viewport()
    expect(screen.card("Validate order")).not_to_be_in_viewport()


def test_an_uncaught_error_fails_its_state_and_the_execution(
    screen: ExecutionScreen, workflows: Workflows
) -> None:
    function = "arn:aws:lambda:us-east-1:123456789012:function:weigh_parcel"
    execution = workflows.start(
        workflows.create(
            {
                "StartAt": "Weigh",
                "States": {
                    "Weigh": {
                        "Type": "Task",
                        "Resource": function,
                        "Retry": [
                            {"ErrorEquals": ["TooHeavy"], "IntervalSeconds": 1, "MaxAttempts": 2}
                        ],
                        "Next": "Send",
                    },
                    "Send": {"Type": "Pass", "End": True},
                },
            }
        ),
        {"number": 7, "kilograms": 31},
    )
    screen.open(execution.path)
    screen.expect_end("FAILED")
    assert screen.statuses() == {"Weigh": "FAILED", "Send": "NOT_REACHED"}
    screen.select("Weigh")
    # The error is what one wants to see first.
    expect(screen.pane.get_by_test_id("error-name")).to_have_text("TooHeavy")
    expect(screen.pane.get_by_test_id("error-cause")).to_have_text("Parcel 7 weighs 31 kg.")
    attempts = screen.tab("retries").get_by_test_id("attempt")
    expect(attempts).to_have_count(3)
    for nth in range(3):
        expect(attempts.nth(nth).get_by_test_id("error-name")).to_have_text("TooHeavy")
    last = workflows.history(execution)[-1]
    assert last["type"] == "ExecutionFailed"
    assert last["executionFailedEventDetails"]["error"] == "TooHeavy"


def test_what_a_long_execution_failed_with_is_said_before_its_history_has_come(
    page: Page, workflows: Workflows
) -> None:
    each = {"Each": {"Type": "Pass", "End": True}}
    states = {
        "All": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "Each", "States": each},
            "Next": "Broken",
        },
        "Broken": {"Type": "Fail", "Error": "Row.Bad", "Cause": "Row 600 has no price"},
    }
    execution = workflows.start(
        workflows.create({"StartAt": "All", "States": states}), list(range(600))
    )
    assert workflows.wait_for_end(execution) == "FAILED"
    is_held = True
    held: list[Route] = []
    page.route(
        re.compile("/events/.*after=[1-9]"),
        lambda route: held.append(route) if is_held else route.continue_(),
    )
    page.goto(f"{execution.path}?below=timeline")
    early = page.locator('.failure-banner[aria-busy="true"]')
    expect(early).to_have_text("Failed with Row.BadRow 600 has no price")
    # Nothing on the page still runs: not the graph, not the bars, not the clock above them.
    screen = ExecutionScreen(page)
    screen.expect_state("All", "UNTOLD")
    expect(page.get_by_test_id("graph")).to_have_attribute("aria-label", re.compile("Failed"))
    bars = page.get_by_role("treegrid", name="Timeline of what ran")
    expect(bars.locator('[data-segment="untold"]').first).to_be_visible()
    expect(bars.locator('[data-segment="running"]')).to_have_count(0)
    expect(page.locator('[data-status="RUNNING"]')).to_have_count(0)
    is_held = False
    for route in held:
        route.continue_()
    expect(page.get_by_test_id("failure-banner")).to_have_attribute("data-state-name", "Broken")
    expect(early).to_have_count(0)
    expect(page.locator('[data-status="UNTOLD"]')).to_have_count(0)
