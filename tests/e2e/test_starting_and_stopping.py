"""Starting with an input of one's own, and stopping."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ORDERS
from tests.e2e.screens import ExecutionScreen, machine_row
from tests.e2e.workflows import Started, Workflows, in_sequence

pytestmark = pytest.mark.e2e


def test_an_execution_is_stopped_with_an_error_and_a_cause(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(
        in_sequence(Sleep={"Type": "Wait", "Seconds": 3600}, Wake={"Type": "Pass"})
    )
    execution = workflows.start(machine, {})
    screen.open(execution.path)
    screen.expect_state("Sleep", "RUNNING")

    page.get_by_test_id("stop-execution").click()
    page.get_by_test_id("stop-error").fill("Operator.Changed")
    page.get_by_test_id("stop-cause").fill("The shop closes early today.")
    page.get_by_test_id("stop-submit").click()
    screen.expect_end("ABORTED")
    assert screen.statuses() == {"Sleep": "ABORTED", "Wake": "NOT_REACHED"}
    summary = page.get_by_test_id("execution-summary")
    expect(summary.get_by_test_id("error-name")).to_have_text("Operator.Changed")
    expect(summary.get_by_test_id("error-cause")).to_have_text("The shop closes early today.")
    expect(page.get_by_test_id("stop-execution")).to_have_count(0)
    assert screen.events()[-1][1] == "ExecutionAborted"

    last = workflows.history(execution)[-1]
    assert last["type"] == "ExecutionAborted"
    assert last["executionAbortedEventDetails"] == {
        "error": "Operator.Changed",
        "cause": "The shop closes early today.",
    }


def test_broken_json_is_refused_in_the_dialog_and_good_input_runs(
    page: Page, screen: ExecutionScreen
) -> None:
    page.goto("/")
    machine_row(page, "orders").get_by_test_id("start-with").click()
    field = page.get_by_test_id("start-input")
    # What the example brings is there to be changed.
    assert json.loads(field.input_value()) == json.loads((ORDERS / "input.json").read_text())

    field.fill('{"order": {')
    expect(page.get_by_test_id("start-problem")).to_contain_text("JSON")
    expect(page.get_by_test_id("start-submit")).to_be_disabled()

    order = json.loads((ORDERS / "inputs" / "voucher.json").read_text())
    field.fill(json.dumps({**order, "paceSeconds": 0}))
    expect(page.get_by_test_id("start-problem")).to_be_empty()
    name = f"paid-by-voucher-{uuid.uuid4().hex[:8]}"
    page.get_by_test_id("start-name").fill(name)
    page.get_by_test_id("start-submit").click()
    expect(page).to_have_url(re.compile(rf"/executions/orders/{name}$"))
    screen.wait_for_graph()
    screen.expect_end("SUCCEEDED")
    screen.expect_state("Redeem voucher", "SUCCEEDED")
    screen.expect_state("Charge card", "NOT_REACHED")


def test_what_the_server_refuses_is_said_in_the_dialog(page: Page, workflows: Workflows) -> None:
    machine = workflows.create(in_sequence(Only={"Type": "Pass"}))
    first = workflows.start(machine, {})
    workflows.wait_for_end(first)
    page.goto(f"/state-machines/{machine}")
    page.get_by_test_id("start-with").click()
    field = page.get_by_test_id("start-input")
    problem = page.get_by_test_id("start-problem")

    # 300 KiB; AWS allows 256 KiB.
    field.fill(json.dumps({"text": "x" * (300 * 1024)}))
    page.get_by_test_id("start-submit").click()
    expect(problem).to_contain_text(re.compile("262144|length|size|large", re.IGNORECASE))

    field.fill('{"other": "input"}')
    page.get_by_test_id("start-name").fill(first.name)
    page.get_by_test_id("start-submit").click()
    expect(problem).to_contain_text("already exist", ignore_case=True)
    assert len(executions_of(workflows, first)) == 1


def executions_of(workflows: Workflows, execution: Started) -> list[str]:
    """Names of all executions of the same state machine."""
    arn = execution.arn.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]
    answer = workflows.sfn.list_executions(stateMachineArn=arn)
    return [each["name"] for each in answer["executions"]]
