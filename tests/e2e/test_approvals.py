"""A person decides, and the workflow goes on: from the inbox, and by the link of a mail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ORDERS
from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import Workflows

pytestmark = pytest.mark.e2e

ASK = "Approve the charge"


def saga_with_a_person() -> dict[str, Any]:
    """The example orders, in which somebody agrees before anything is charged."""
    orders: dict[str, Any] = json.loads((ORDERS / "definition.asl.json").read_text())
    states = orders["States"]
    states[ASK] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::approval:request.waitForTaskToken",
        "TimeoutSeconds": 3600,
        "Parameters": {
            "Title": "Charge this order?",
            "Question": "Look at the address first.",
            "Context": {"E-mail.$": "$.order.email"},
            "Form": [
                {"Name": "limit", "Label": "Up to", "Type": "number", "Required": True},
                {"Name": "why", "Label": "Why", "Type": "choice", "Choices": ["known", "checked"]},
            ],
        },
        "ResultPath": "$.approval",
        "Catch": [
            {
                "ErrorEquals": ["States.ALL"],
                "ResultPath": "$.problem",
                "Next": "Begin compensation",
            }
        ],
        "Next": "Choose payment",
    }
    states["Pause before payment"]["Next"] = ASK
    return orders


def order() -> dict[str, Any]:
    return {**json.loads((ORDERS / "input.json").read_text()), "paceSeconds": 0}


def test_an_approval_resumes_the_saga(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(saga_with_a_person())
    execution = workflows.start(machine, order())
    screen.open(execution.path)
    screen.expect_state(ASK, "RUNNING")
    screen.select(ASK)
    note = page.get_by_test_id("approval-note")
    note.get_by_test_id("approval-link").click()
    pane = page.get_by_test_id("approval")
    expect(pane).to_contain_text("ada@example.com")
    expect(pane.get_by_test_id("approve")).to_be_disabled()
    pane.get_by_label("Up to").fill("5e")
    expect(pane.get_by_label("Up to")).to_have_attribute("aria-invalid", "true")
    expect(pane.get_by_test_id("approve")).to_be_disabled()
    pane.get_by_label("Up to").fill("5000")
    pane.get_by_label("Why").select_option("checked")
    pane.get_by_test_id("approval-reason").fill("Called them")
    pane.get_by_test_id("approve").click()
    expect(page.get_by_test_id("approval-outcome")).to_contain_text("Approved by admin")
    pane.get_by_test_id("approval-execution").click()
    screen.expect_end("SUCCEEDED")
    screen.expect_state("Charge card", "SUCCEEDED")
    expect(note).to_have_attribute("data-by", "admin")
    expect(note).to_contain_text("Called them")
    output = screen.tab("output")
    expect(output).to_contain_text("checked")


def test_a_rejection_compensates_and_the_inbox_is_empty_again(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(saga_with_a_person())
    execution = workflows.start(machine, order())
    page.goto("/")
    count = page.get_by_test_id("approvals-link")
    expect(count).not_to_have_attribute("data-count", "0")
    count.click()
    row = page.get_by_test_id("approval-row").filter(has_text=execution.name)
    row.click()
    page.get_by_test_id("approval-reason").fill("Nobody answers there")
    page.get_by_test_id("reject").click()
    expect(page.get_by_test_id("approval-outcome")).to_contain_text("Rejected by admin")
    expect(row).to_have_count(0)
    page.get_by_test_id("show-decided").click()
    expect(row).to_be_visible()
    screen.open(execution.path)
    screen.expect_end("FAILED")
    screen.expect_state(ASK, "CAUGHT")
    screen.expect_state("Release item", "SUCCEEDED")
