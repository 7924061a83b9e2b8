"""A hundred executions replayed on a changed definition, on the page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ARN, ROLE
from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import Workflows

pytestmark = pytest.mark.e2e

TIMES = 100


def definition(limit: int) -> dict[str, Any]:
    rule = {"Variable": "$.sum", "NumericGreaterThan": limit, "Next": "Large"}
    return {
        "StartAt": "Size",
        "States": {
            "Size": {"Type": "Choice", "Choices": [rule], "Default": "Small"},
            "Small": {"Type": "Pass", "Next": "Book"},
            "Large": {"Type": "Pass", "Next": "Check credit"},
            "Check credit": {"Type": "Pass", "Result": "checked", "Next": "Book"},
            "Book": {"Type": "Pass", "End": True},
        },
    }


def test_of_a_hundred_exactly_those_diverge_that_should(
    page: Page, screen: ExecutionScreen, workflows: Workflows, sfn: Any
) -> None:
    machine = workflows.create(definition(50))
    started = {workflows.start(machine, {"sum": n}).name: n for n in range(TIMES)}
    sfn.update_state_machine(
        stateMachineArn=f"{ARN}:stateMachine:{machine}",
        definition=json.dumps(definition(80)),
        roleArn=ROLE,
    )
    page.goto(f"/state-machines/{machine}")
    page.get_by_test_id("what-if").click()
    expect(page.get_by_test_id("what-if-against")).to_have_value("current")
    page.get_by_test_id("what-if-ask").click()
    expect(page.get_by_test_id("what-if-progress")).to_have_attribute("data-done", str(TIMES))
    expected = {name for name, n in started.items() if 50 < n <= 80}
    counts = page.get_by_test_id("verdict-count")
    diverging = counts.and_(page.locator('[data-verdict="DIVERGES"]'))
    expect(diverging).to_have_attribute("data-count", str(len(expected)))
    rows = page.get_by_test_id("replay-row")
    expect(rows).to_have_count(TIMES)
    diverging.click()
    expect(rows).to_have_count(len(expected))
    names = rows.evaluate_all("rows => rows.map(({ dataset }) => dataset.name)")
    assert set(names) == expected

    # One of them: both ways on one graph, and where they part.
    rows.first.click()
    replay = page.get_by_test_id("replay")
    first = replay.get_by_test_id("divergence").first
    expect(first).to_have_attribute("data-kind", "PATH")
    expect(first).to_contain_text("Size: goes on with Small, not Large")
    expect(screen.card("Size")).to_have_attribute("data-diverges", "true")
    expect(screen.card("Small")).to_have_attribute("data-path", "replayed")
    expect(screen.card("Large")).to_have_attribute("data-path", "recorded")
    expect(screen.card("Check credit")).to_have_attribute("data-path", "recorded")
    expect(screen.card("Book")).to_have_attribute("data-path", "both")


def test_a_fork_begins_with_a_past_state_and_an_edited_input(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(definition(50))
    execution = workflows.start(machine, {"sum": 7})
    screen.open(execution.path)
    screen.expect_end("SUCCEEDED")
    screen.select("Size")
    page.get_by_test_id("fork").click()
    field = page.get_by_test_id("fork-input")
    expect(field).to_have_value('{\n  "sum": 7\n}')
    field.fill('{"sum": 70}')
    page.get_by_test_id("fork-submit").click()
    expect(page).to_have_url(re.compile(f"/{machine}-fork-"))
    screen.expect_end("SUCCEEDED")
    screen.expect_state("Check credit", "SUCCEEDED")
