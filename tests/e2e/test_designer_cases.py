"""Test cases and breakpoints in the designer, and workflows that begin from an execution."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designing import Designer
from tests.e2e.screens import ExecutionScreen
from tests.e2e.test_accessibility import Examination, examination
from tests.e2e.test_designer_data import draft
from tests.e2e.workflows import Workflows, in_sequence, wait_until

__all__ = ["examination"]

pytestmark = pytest.mark.e2e

PASSES = {"First": {"Type": "Pass"}, "Second": {"Type": "Pass", "Result": {"done": True}}}


@pytest.fixture
def designer(page: Page) -> Designer:
    return Designer(page)


def write(page: Page, field: str, text: str) -> None:
    box = page.get_by_test_id(field)
    box.fill(text)
    box.blur()


def run_on_mocks(page: Page, designer: Designer, name: str) -> None:
    """Run a draft that lacks a mock, then make it, and run to the end."""
    draft(page, designer, name)
    page.get_by_test_id("below-data").click()
    page.get_by_test_id("graph").focus()
    page.keyboard.press("Escape")
    write(page, "run-input", '{"number": 12}')
    page.get_by_test_id("run-draft").click()
    run = page.get_by_test_id("draft-run")
    expect(run).to_have_attribute("data-stop", "NO_RESULT")
    # It does not run: nothing says what it gives.
    expect(designer.card("Charge")).to_have_attribute("data-status", "NOT_REACHED")
    page.get_by_test_id("make-mock").click()
    expect(page.get_by_test_id("mock-result")).to_be_focused()
    write(page, "mock-result", '{"Payload": {"reference": "r-1"}}')
    page.get_by_test_id("run-draft").click()
    expect(run).to_have_attribute("data-status", "SUCCEEDED")


def test_a_run_of_the_draft_becomes_a_test_case(
    page: Page, designer: Designer, examination: Examination
) -> None:
    name = "cases-saved"
    run_on_mocks(page, designer, name)
    page.get_by_test_id("stages").wait_for()
    examination.look()
    page.get_by_test_id("save-run").click()
    examination.look()
    page.get_by_test_id("case-name").fill("all goes well")
    page.get_by_test_id("case-save").click()
    page.get_by_test_id("below-tests").click()
    row = page.locator('[data-testid=case-row][data-case="all goes well"]')
    page.get_by_test_id("run-cases").click()
    expect(row).to_have_attribute("data-verdict", "passed")
    examination.look()

    # The draft does something else now: the difference is shown.
    designer.card("Charge").click()
    write(page, "field-ResultPath", "$.receipt")
    page.get_by_test_id("run-cases").click()
    expect(row).to_have_attribute("data-verdict", "failed")
    unmet = page.get_by_test_id("unmet")
    expect(unmet.first).to_have_attribute("data-what", "output")
    expect(page.get_by_test_id("cases-summary")).to_have_attribute("data-failed", "1")
    examination.look()

    # That is meant, so the test is changed.
    row.get_by_test_id("case-edit").click()
    output = page.get_by_test_id("case-output")
    output.fill(output.input_value().replace('"payment"', '"receipt"'))
    page.get_by_test_id("case-save").click()
    expect(page.get_by_test_id("case-save")).to_have_count(0)
    row.get_by_test_id("case-run").click()
    expect(row).to_have_attribute("data-verdict", "passed")
    row.get_by_test_id("case-delete").click()
    row.get_by_test_id("case-delete-sure").click()
    expect(row).to_have_count(0)
    examination.verdict()


def test_a_finished_execution_becomes_a_test_case_with_one_click(
    page: Page, designer: Designer, workflows: Workflows, screen: ExecutionScreen
) -> None:
    machine = workflows.create(in_sequence(**PASSES))
    execution = workflows.start(machine, {"number": 1})
    assert workflows.wait_for_end(execution) == "SUCCEEDED"
    screen.open(execution.path)
    page.get_by_test_id("record-test").click()
    expect(page.get_by_test_id("record-test")).to_have_text("Saved as a test")
    designer.open(machine)
    page.get_by_test_id("below-tests").click()
    row = page.locator(f'[data-testid=case-row][data-case="{execution.name}"]')
    row.get_by_test_id("case-run").click()
    expect(row).to_have_attribute("data-verdict", "passed")


def test_a_run_of_the_draft_pauses_at_breakpoints(page: Page, designer: Designer) -> None:
    run_on_mocks(page, designer, "pausing")
    designer.card("Charge").click()
    # On the card by its dot, in the inspector by a box: both are the same breakpoints.
    page.keyboard.press("F9")
    before = page.get_by_test_id("pause-before")
    expect(before).to_be_checked()
    after = page.get_by_test_id("pause-after")
    after.click()
    expect(after).to_be_checked()
    dot = designer.card("Charge").get_by_test_id("breakpoint-dot")
    expect(dot).to_have_attribute("data-after", "set")
    page.get_by_test_id("run-draft").click()
    run = page.get_by_test_id("draft-run")
    expect(run).to_have_attribute("data-status", "PAUSED")
    mark = designer.card("Charge").get_by_test_id("paused-mark")
    expect(mark).to_have_attribute("data-where", "before")
    page.get_by_test_id("continue-run").click()
    expect(mark).to_have_attribute("data-where", "after")
    page.get_by_test_id("continue-run").click()
    expect(run).to_have_attribute("data-status", "SUCCEEDED")

    def kept() -> list[str]:
        answer = page.request.get("/api/breakpoints/pausing/").json()
        return sorted(each["where"] for each in answer["breakpoints"])

    wait_until(lambda: kept() == ["after", "before"])

    # A new name keeps them.
    write(page, "state-name", "Take the money")
    dot = designer.card("Take the money").get_by_test_id("breakpoint-dot")
    expect(dot).to_have_attribute("data-before", "set")


def test_a_workflow_begins_from_an_execution(
    page: Page, designer: Designer, workflows: Workflows, screen: ExecutionScreen
) -> None:
    machine = workflows.create(in_sequence(**PASSES))
    execution = workflows.start(machine, {"number": 1})
    assert workflows.wait_for_end(execution) == "SUCCEEDED"
    screen.open(execution.path)
    page.get_by_test_id("show-definition").click()
    page.get_by_test_id("begin-from-execution").click()
    page.get_by_test_id("new-name").wait_for()
    page.get_by_test_id("from-submit").click()
    page.get_by_test_id("designer").wait_for()
    expect(designer.card("Second")).to_be_visible()
    # Settings are kept with the draft: a killed tab loses none.
    page.get_by_test_id("setting-type").select_option("EXPRESS")
    designer.saved()
    page.reload()
    expect(page.get_by_test_id("setting-type")).to_have_value("EXPRESS")
    sample = page.get_by_test_id("setting-sample")
    assert json.loads(sample.input_value()) == {"number": 1}
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("publish")).to_have_text("Publish")
    made = page.request.get("/api/state-machines/my-workflow/").json()
    assert (made["type"], json.loads(made["sampleInput"])) == ("EXPRESS", {"number": 1})
