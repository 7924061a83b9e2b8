"""The page of triggers and that of connections: made, tried, called, removed."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ROLE

pytestmark = pytest.mark.e2e

PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})


@pytest.fixture
def machine(sfn: Any) -> str:
    """A state machine of this test's own."""
    sfn.create_state_machine(name="triggered", definition=PASS, roleArn=ROLE, publish=True)
    return "triggered"


def section(page: Page, name: str) -> Any:
    return page.get_by_test_id(name)


def test_triggers_are_made_tried_and_used(page: Page, machine: str, sfn: Any) -> None:
    page.goto(f"/state-machines/{machine}")
    page.get_by_test_id("triggers").click()
    expect(page.get_by_role("heading", name=f"Triggers of {machine}")).to_be_visible()
    for none in ("No schedule yet.", "No rule yet.", "No endpoint:", "Nobody is told"):
        expect(page.get_by_text(none)).to_be_visible()

    # A schedule shows its times before it is made, and says what is wrong with an expression.
    page.get_by_test_id("add-schedules").click()
    page.get_by_role("textbox", name="Name").fill("mornings")
    page.get_by_label("Time zone").select_option("UTC")
    times = page.get_by_test_id("next-times")
    expect(times.locator("time")).to_have_count(5)
    page.get_by_label("When").fill("cron(0 7 * * *)")
    expect(times).to_contain_text("It takes six")
    page.get_by_label("When").fill("rate(1 minute)")
    expect(times.locator("time")).to_have_count(5)
    page.get_by_test_id("schedule-submit").click()
    schedule = section(page, "schedules").get_by_test_id("schedule")
    expect(schedule).to_contain_text("rate(1 minute)")

    # A rule is tried on an event, and takes one that is posted.
    page.get_by_test_id("add-rules").click()
    page.get_by_role("textbox", name="Name").fill("large")
    page.get_by_test_id("rule-test").click()
    verdict = page.get_by_test_id("rule-verdict")
    expect(verdict).to_contain_text("It matches.")
    page.get_by_label("An event to try it on").fill('{"source": "shop.orders"}')
    page.get_by_test_id("rule-test").click()
    expect(verdict).to_have_text("It does not match.")
    page.get_by_test_id("rule-submit").click()
    rule = section(page, "rules").get_by_test_id("rule")
    expect(rule).to_contain_text("large")

    # It is edited: another pattern, a template for the input, a version to start.
    page.get_by_label("Edit the rule large").click()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("large")
    page.get_by_label("Input", exact=True).select_option(
        label="A template with values of the event"
    )
    page.get_by_label("What is started").select_option(label="Version 1")
    page.get_by_test_id("rule-test").click()
    expect(verdict).to_contain_text('"amount": 30')
    page.get_by_test_id("rule-submit").click()
    expect(rule).to_contain_text("starts 1")
    page.get_by_label("Edit the rule large").click()
    expect(page.get_by_label("Input", exact=True)).to_have_value("template")
    expect(page.get_by_label("What is started")).to_have_value("1")
    page.get_by_role("button", name="Cancel").click()

    # So is the schedule.
    page.get_by_label("Edit the schedule mornings").click()
    page.get_by_label("Input (JSON)").fill('{"edited": true}')
    page.get_by_test_id("schedule-submit").click()
    expect(page.get_by_test_id("schedule-submit")).to_have_count(0)

    # An endpoint's secret is shown once; a call with it starts an execution.
    page.get_by_test_id("add-endpoints").click()
    page.get_by_label("What it is for").fill("the shop")
    page.get_by_test_id("endpoint-submit").click()
    address = page.get_by_test_id("made-address").inner_text()
    secret = page.get_by_test_id("made-secret").inner_text()
    page.get_by_test_id("secret-kept").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_label("Edit the endpoint the shop").click()
    page.get_by_label("What it is for").fill("the web shop")
    page.get_by_test_id("endpoint-submit").click()
    expect(section(page, "endpoints").get_by_test_id("endpoint")).to_contain_text("the web shop")
    request = urllib.request.Request(
        address,
        b'{"total": 3}',
        {
            "Authorization": f"Bearer {secret}",
            "Content-Type": "application/json",
            "Idempotency-Key": "called",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 202
        started = json.load(answer)["executionArn"]
    given = json.loads(sfn.describe_execution(executionArn=started)["input"])
    assert given["body"] == {"total": 3}

    # What the schedule started appears by itself, and leads to the execution.
    start = section(page, "starts").get_by_test_id("start").first
    expect(start).to_contain_text("by mornings")
    start.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/executions/{machine}/mornings-"))
    page.go_back()

    # Turned off it is shown as off; removing is asked first.
    page.get_by_label("Turn off the schedule mornings").click()
    expect(page.get_by_label("Turn on the schedule mornings")).to_be_visible()
    page.get_by_label("Remove the schedule mornings").click()
    page.get_by_test_id("remove-submit").click()
    expect(page.get_by_text("No schedule yet.")).to_be_visible()


def test_connections_are_made_and_their_secrets_never_shown(page: Page) -> None:
    page.goto("/")
    page.get_by_test_id("connections-link").click()
    expect(page.get_by_text("No connection yet")).to_be_visible()
    page.get_by_test_id("add-connection").click()
    page.get_by_label("Name", exact=True).fill("prices")
    page.get_by_label("Header").fill("X-Key")
    page.get_by_label("Value").fill("the-secret-value")
    page.get_by_test_id("connection-submit").click()
    row = page.get_by_test_id("connection")
    expect(row).to_contain_text("connection/prices/")
    page.reload()
    expect(row).to_contain_text("API key")
    assert "the-secret-value" not in page.content()

    # It is tried out; this machine's own addresses are none that may be called.
    page.get_by_label("Test prices").click()
    page.get_by_label("Address (https)").fill("https://127.0.0.1/prices")
    page.get_by_test_id("connection-test").click()
    tested = page.get_by_test_id("connection-tested")
    expect(tested).to_contain_text("A request was made: https://127.0.0.1/prices")
    expect(tested.locator("li")).to_have_attribute("data-good", "false")
    assert "the-secret-value" not in page.content()
    page.get_by_role("button", name="Close", exact=True).last.click()
    page.get_by_label("Remove prices").click()
    page.get_by_test_id("remove-submit").click()
    expect(page.get_by_text("No connection yet")).to_be_visible()
