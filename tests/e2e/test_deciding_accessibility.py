"""axe finds nothing wrong where somebody decides: inbox, signed link, Map Run, what-if."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import signing
from playwright.sync_api import Page, expect

from studio.config.embedded.stack import Stack
from tests.e2e.installation import ARN, ROLE
from tests.e2e.screens import ExecutionScreen
from tests.e2e.test_accessibility import Examination
from tests.e2e.test_approvals import ASK, order, saga_with_a_person
from tests.e2e.test_map_runs import DEFINITION as MAP_RUN
from tests.e2e.test_what_if import definition
from tests.e2e.workflows import Started, Workflows, wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture
def examination(page: Page) -> Examination:
    return Examination(page)


@pytest.fixture
def asked(workflows: Workflows) -> Started:
    """An execution that waits for somebody to decide."""
    execution = workflows.start(workflows.create(saga_with_a_person()), order())
    wait_until(lambda: any(e["type"] == "TaskSubmitted" for e in workflows.history(execution)))
    return execution


def approval_of(page: Page, execution: Started) -> int:
    """The number of what an execution asks."""

    def found() -> int | None:
        answer = page.request.get("/api/approvals/?limit=100").json()
        of = [a["id"] for a in answer["results"] if a["execution"]["name"] == execution.name]
        return of[0] if of else None

    return int(wait_until(found))


def test_the_inbox(
    page: Page, screen: ExecutionScreen, asked: Started, examination: Examination
) -> None:
    page.goto("/approvals")
    row = page.get_by_test_id("approval-row").filter(has_text=asked.name)
    row.wait_for()
    examination.look()
    row.click()
    page.get_by_test_id("approval-reason").fill("No")
    examination.look()
    page.get_by_test_id("reject").click()
    page.get_by_test_id("approval-outcome").wait_for()
    page.get_by_test_id("show-decided").click()
    row.wait_for()
    examination.look()
    screen.open(asked.path)
    screen.select(ASK)
    page.get_by_test_id("approval-note").wait_for()
    examination.look()
    examination.verdict()


def test_the_signed_link(
    page: Page, stack: Stack, asked: Started, examination: Examination
) -> None:
    said = {"approval": approval_of(page, asked), "address": "boss@example.com"}
    secret = stack.environment["STEPWELL_SECRET_KEY"]
    link = f"/decide/{signing.dumps(said, key=secret, salt='stepwell.approval')}/"
    page.goto(link)
    page.get_by_role("heading", name="Charge this order?").wait_for()
    examination.look()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("alert").wait_for()
    examination.look()
    page.get_by_label("Reason").fill("Too dear")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".decided")).to_contain_text("Rejected by boss@example.com")
    examination.look()
    page.goto("/decide/nobody-signed-this/")
    page.get_by_role("heading", name="There is nothing to decide here").wait_for()
    examination.look()
    examination.verdict()


def test_a_map_run(
    page: Page, screen: ExecutionScreen, workflows: Workflows, examination: Examination
) -> None:
    execution = workflows.start(workflows.create(MAP_RUN), {"items": list(range(12))})
    screen.open(execution.path)
    screen.expect_state("Each", "RUNNING")
    screen.select("Each")
    page.get_by_test_id("map-run-link").click()
    expect(page.get_by_test_id("child-row")).to_have_count(6)
    examination.look()
    page.get_by_test_id("run-maxConcurrency").fill("0")
    examination.look()
    page.get_by_test_id("run-execution").click()
    screen.wait_for_graph()
    workflows.sfn.stop_execution(executionArn=execution.arn)
    screen.expect_end("ABORTED")
    examination.verdict()


def test_a_question_and_its_replay(
    page: Page, workflows: Workflows, sfn: Any, examination: Examination
) -> None:
    machine = workflows.create(definition(50))
    ended = [workflows.start(machine, {"sum": n}) for n in (7, 70)]
    assert {workflows.wait_for_end(each) for each in ended} == {"SUCCEEDED"}
    sfn.update_state_machine(
        stateMachineArn=f"{ARN}:stateMachine:{machine}",
        definition=json.dumps(definition(80)),
        roleArn=ROLE,
    )
    page.goto(f"/state-machines/{machine}/what-if")
    page.get_by_test_id("what-if-ask").wait_for()
    examination.look()
    page.get_by_test_id("what-if-ask").click()
    expect(page.get_by_test_id("what-if-progress")).to_have_attribute("data-done", "2")
    page.locator('[data-testid="replay-row"][data-verdict="DIVERGES"]').click()
    page.get_by_test_id("replay-graph").locator("[data-path=recorded]").first.wait_for()
    page.get_by_test_id("divergence").first.wait_for()
    examination.look()
    examination.verdict()


def test_what_is_paused(
    page: Page, screen: ExecutionScreen, workflows: Workflows, examination: Examination
) -> None:
    page.goto("/executions?paused=true")
    page.get_by_test_id("filter-pausedBy").wait_for()
    examination.look()
    page.goto("/state-machines/orders")
    page.get_by_test_id("start-under-debugger").click()
    screen.wait_for_graph()
    page.get_by_test_id("debug-where").wait_for()
    name = page.url.split("?")[0].rsplit("/", 1)[1]
    page.goto("/executions?paused=true")
    page.locator(f'[data-testid="found-row"][data-name="{name}"]').wait_for()
    examination.look()
    workflows.sfn.stop_execution(executionArn=f"{ARN}:execution:orders:{name}")
    examination.verdict()
