"""axe finds nothing wrong with the lists below the graph, the past, and the page of executions."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.e2e.installation import ORDERS
from tests.e2e.screens import ExecutionScreen
from tests.e2e.test_accessibility import Examination
from tests.e2e.workflows import Workflows

pytestmark = pytest.mark.e2e


def test_looking_back(page: Page, screen: ExecutionScreen, workflows: Workflows) -> None:
    order = json.loads((ORDERS / "inputs" / "payment-declined.json").read_text())
    execution = workflows.start("orders", {**order, "paceSeconds": 0})
    assert workflows.wait_for_end(execution) == "FAILED"
    examination = Examination(page)
    for below in ("timeline", "table"):
        screen.open(f"{execution.path}?below={below}")
        page.get_by_test_id("tree-row").first.click()
        examination.look()
    screen.tab("stages")
    page.get_by_test_id("scrubber-slider").fill("20")
    page.get_by_test_id("scrubber-present").wait_for()
    examination.look()
    page.get_by_test_id("show-definition").click()
    page.get_by_test_id("definition-ran").wait_for()
    examination.look()
    page.goto("/executions")
    page.get_by_test_id("found-row").first.wait_for()
    page.get_by_test_id("choose-all").click()
    examination.look()
    page.get_by_test_id("bulk-redrive").click()
    page.get_by_test_id("bulk-row").first.wait_for()
    examination.look()
    examination.verdict()


def test_more_executions_than_a_page_lists(page: Page, workflows: Workflows) -> None:
    nothing = {"StartAt": "Nothing", "States": {"Nothing": {"Type": "Succeed"}}}
    machine = workflows.create(nothing)
    for _ in range(101):
        execution = workflows.start(machine, {})
    assert workflows.wait_for_end(execution) == "SUCCEEDED"
    examination = Examination(page)
    page.goto(f"/executions?machine={machine}")
    page.get_by_role("button", name="Look further back").wait_for()
    examination.look()
    examination.verdict()
