"""Execution roles in the browser: suggested, mended, saved, removed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ROLE

pytestmark = pytest.mark.e2e

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/late"


def machine(sfn: Any, name: str) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": QUEUE, "MessageBody": "late"},
        "End": True,
    }
    definition = json.dumps({"StartAt": "Tell", "States": {"Tell": task}})
    sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE)


def test_a_role_is_suggested_saved_changed_and_removed(page: Page, sfn: Any) -> None:
    machine(sfn, "late-orders")
    page.goto("/")
    page.get_by_test_id("execution-roles-link").click()
    expect(page.get_by_role("heading", name="No execution roles yet")).to_be_visible()

    page.get_by_test_id("new-role").click()
    page.get_by_label("Name", exact=True).fill("late-orders")
    page.get_by_label("What a state machine needs").fill("late-orders")
    page.get_by_test_id("suggest-policy").click()
    policy = page.get_by_label("Policy")
    expect(policy).to_have_value(
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "sqs:SendMessage",
                        "Resource": ["arn:aws:sqs:us-east-1:123456789012:late"],
                    }
                ],
            },
            indent=2,
        )
    )
    page.get_by_test_id("save-role").click()
    row = page.locator('[data-testid="role"][data-role="late-orders"]')
    expect(row).to_contain_text("Allows sqs:SendMessage")

    row.get_by_role("button", name="late-orders").click()
    policy.fill('{"Statement": [{"Effect": "Perhaps", "Action": "sqs:*", "Resource": "*"}]}')
    page.get_by_test_id("save-role").click()
    expect(
        page.get_by_role("alert").filter(has_text="Effect must be Allow or Deny")
    ).to_be_visible()
    policy.fill('{"Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}')
    page.get_by_test_id("save-role").click()
    expect(row).to_contain_text("Allows nothing; denies sqs:*")

    row.get_by_test_id("remove-role").click()
    page.get_by_test_id("remove-submit").click()
    expect(row).to_have_count(0)
