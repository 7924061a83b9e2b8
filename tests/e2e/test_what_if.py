"""A hundred executions replayed on a changed definition, on the page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.installation import ARN, ROLE
from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import Workflows, in_sequence

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
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"/state-machines/{machine}")
    page.get_by_test_id("what-if").click()
    expect(page.get_by_test_id("what-if-against")).to_have_value("current")
    expect(page.get_by_test_id("what-if-against")).to_be_enabled()
    assert failed == []
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


def test_ones_draft_is_asked_of_executions_that_were(page: Page, workflows: Workflows) -> None:
    machine = workflows.create(definition(50))
    small, large = (workflows.start(machine, {"sum": n}) for n in (7, 70))
    assert {workflows.wait_for_end(each) for each in (small, large)} == {"SUCCEEDED"}
    page.goto(f"/state-machines/{machine}/edit")
    page.locator("[data-testid=code-pane] .cm-content").wait_for()
    check = page.locator('[data-testid=state-card][data-state-name="Check credit"]')
    check.click()
    page.keyboard.press("Delete")
    expect(check).to_have_count(0)
    expect(page.get_by_test_id("save-status")).to_have_attribute("data-save", "saved")

    page.goto(f"/state-machines/{machine}/what-if")
    expect(page.get_by_test_id("what-if-against")).to_have_value("draft")
    page.get_by_test_id("what-if-ask").click()
    expect(page.get_by_test_id("what-if-progress")).to_have_attribute("data-done", "2")

    def replayed(name: str) -> Locator:
        return page.locator(f'[data-testid="replay-row"][data-name="{name}"]')

    expect(replayed(small.name)).to_have_attribute("data-verdict", "SAME")
    expect(replayed(large.name)).to_have_attribute("data-verdict", "DIVERGES")
    replayed(large.name).click()
    first = page.get_by_test_id("replay").get_by_test_id("divergence").first
    expect(first).to_contain_text("Large: goes on with Book, not Check credit")


def test_forks_of_an_iteration_and_of_a_branch_go_on_alone(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    def branch(*names: str) -> dict[str, Any]:
        return in_sequence(**{name: {"Type": "Pass"} for name in names})

    each = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": branch("Weigh", "Pack")}
    both = {"Type": "Parallel", "Branches": [branch("Pay"), branch("Ship", "Tell")]}
    machine = workflows.create(in_sequence(Each={**each, "ResultPath": None}, Both=both))
    execution = workflows.start(machine, {"items": [7, 8, 9]})
    screen.open(f"{execution.path}?below=table")
    screen.expect_end("SUCCEEDED")
    rows = page.get_by_test_id("tree-row").and_(page.locator('[data-kind="visit"]'))
    rows.and_(page.locator('[data-name="Pack"]')).nth(1).click()
    page.get_by_test_id("fork").click()
    expect(page.get_by_role("dialog")).to_contain_text("The rest of this branch or iteration")
    expect(page.get_by_test_id("fork-input")).to_have_value("8")
    page.get_by_test_id("fork-input").fill("80")
    page.get_by_test_id("fork-submit").click()
    expect(page).to_have_url(re.compile(f"/{machine}-fork-"))
    screen.expect_end("SUCCEEDED")
    expect(screen.card("Pack")).to_have_count(1)
    expect(screen.card("Weigh")).to_have_count(0)
    expect(page.get_by_test_id("execution-summary")).to_contain_text("80")

    screen.open(execution.path)
    screen.select("Ship")
    page.get_by_test_id("fork").click()
    page.get_by_test_id("fork-submit").click()
    expect(page).to_have_url(re.compile(f"/{machine}-fork-"))
    screen.expect_end("SUCCEEDED")
    screen.expect_state("Tell", "SUCCEEDED")
    expect(screen.card("Pay")).to_have_count(0)
