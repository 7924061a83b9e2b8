"""Somebody debugs executions on their page: steps, edits, breakpoints, and workers that die."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from studio.config.embedded.stack import Stack
from tests.e2e.debugging import edit, expect_paused, start_to_debug
from tests.e2e.installation import ARN, ORDERS
from tests.e2e.screens import ExecutionScreen
from tests.e2e.test_accessibility import Examination
from tests.e2e.workflows import PASS_GATE, Started, Workflows, in_sequence, wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture
def examination(page: Page) -> Examination:
    return Examination(page)


def order() -> Any:
    given = json.loads((ORDERS / "input.json").read_text())
    return {**given, "paceSeconds": 0}


def test_an_order_is_stepped_through_and_takes_another_branch(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    start_to_debug(page, "orders", order())
    screen.wait_for_graph()
    expect_paused(page, "Validate order")
    expect(screen.pane).to_have_attribute("data-state-name", "Validate order")
    # Over the function, the wait and the whole Map, by key and by button.
    page.keyboard.press("F10")
    expect_paused(page, "Pause before reserving")
    page.keyboard.press("F10")
    expect_paused(page, "Reserve items")
    page.get_by_test_id("debug-over").click()
    expect_paused(page, "Pause before payment")
    page.keyboard.press("F10")
    expect_paused(page, "Choose payment")
    screen.expect_state("Choose payment", "RUNNING")

    shown = json.loads(page.get_by_test_id("edit-input").input_value())
    assert shown["order"]["payment"]["method"] == "card"
    shown["order"]["payment"]["method"] = "by barter"
    edit(page, "input", json.dumps(shown))
    edits = page.locator('[data-testid="debugger-record"][data-edit]')
    expect(edits).to_have_count(1)
    expect(edits).to_contain_text("by barter")
    page.keyboard.press("F10")
    expect_paused(page, "Unknown payment method")
    screen.expect_state("Charge card", "NOT_REACHED")
    page.keyboard.press("F8")
    screen.expect_end("FAILED")
    screen.expect_state("Order cancelled", "FAILED")
    expect(page.get_by_test_id("debug-bar")).to_have_count(0)

    # The history is AWS's, and what was done is told beside it.
    machine, name = page.url.split("?")[0].split("/")[-2:]
    arn = f"{ARN}:execution:{machine}:{name}"
    history = workflows.history(Started(arn, machine, name))
    assert [event["id"] for event in history] == list(range(1, len(history) + 1))
    entered = [
        e["stateEnteredEventDetails"]["name"] for e in history if "stateEnteredEventDetails" in e
    ]
    assert "Unknown payment method" in entered
    assert "Charge card" not in entered
    page.keyboard.press("Escape")
    summary = page.get_by_test_id("execution-summary")
    expect(summary.locator('[data-action="InputEdited"]')).to_contain_text("at Choose payment")


def each_item(gate: Path) -> dict[str, Any]:
    """A Map whose items wait one after the other at a gate, and are packed then."""
    return {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "MaxConcurrency": 1,
                "ItemProcessor": in_sequence(
                    Wait_for_gate={
                        "Type": "Task",
                        "Resource": PASS_GATE,
                        "Parameters": {"gate": str(gate)},
                        "ResultPath": None,
                    },
                    Pack={"Type": "Pass"},
                ),
                "End": True,
            }
        },
    }


def test_a_breakpoint_is_added_to_a_map_in_flight(
    page: Page, screen: ExecutionScreen, workflows: Workflows, tmp_path: Path
) -> None:
    machine = workflows.create(each_item(tmp_path / "gate"))
    execution = workflows.start(machine, {"items": [7, 8, 9]})
    workflows.wait_until_entered(execution, "Wait for gate")
    screen.open(execution.path)
    screen.select("Pack")
    page.get_by_test_id("graph").press("F9")
    dot = screen.card("Pack").get_by_test_id("breakpoint-dot")
    expect(dot).to_have_attribute("data-before", "set")
    # What is refused stays where it was typed, with the reason beneath it.
    condition = page.get_by_test_id("condition-before")
    condition.fill('{"Variable": "$", "NumericGreaterThan": 7')
    page.get_by_test_id("condition-before-set").click()
    expect(condition).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_test_id("debug-pane").get_by_role("alert")).to_contain_text("Choice rule")
    expect(condition).to_have_value('{"Variable": "$", "NumericGreaterThan": 7')
    condition.fill('{"Variable": "$", "NumericGreaterThan": 7}')
    condition.press("Enter")
    expect(condition).to_have_attribute("aria-invalid", "false")
    expect(dot).to_have_attribute("data-before", "conditional")

    (tmp_path / "gate").touch()
    expect_paused(page, "Pack")
    expect(page.get_by_test_id("debug-where")).to_contain_text("1 of Each")
    edit(page, "input", '"eight"')
    expect(page.locator('[data-testid="debugger-record"][data-edit]')).to_have_count(1)
    page.get_by_test_id("debug-continue").click()
    expect(page.get_by_test_id("debug-where")).to_contain_text("2 of Each")
    page.get_by_test_id("skip-state").click()
    page.get_by_test_id("skip-result").fill('"not packed"')
    page.get_by_test_id("skip-submit").click()
    screen.expect_end("SUCCEEDED")
    output = workflows.sfn.describe_execution(executionArn=execution.arn)["output"]
    assert json.loads(output) == [7, "eight", "not packed"]


def test_steps_go_into_the_branch_and_the_item_that_were_chosen(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    def branch(name: str) -> dict[str, Any]:
        return in_sequence(**{name: {"Type": "Pass"}})

    each = {"Type": "Map", "ItemsPath": "$", "ItemProcessor": branch("Pack")}
    both = {"Type": "Parallel", "Branches": [branch("Pay"), branch("Ship")], "ResultPath": None}
    start_to_debug(page, workflows.create(in_sequence(Both=both, Each=each)), [7, 8, 9])
    screen.wait_for_graph()
    expect_paused(page, "Both")
    page.get_by_test_id("debug-child").select_option(label="branch 2: Ship")
    page.get_by_test_id("debug-into").click()
    expect_paused(page, "Ship")
    screen.expect_state("Pay", "SUCCEEDED")
    expect(page.get_by_test_id("debug-child")).to_have_count(0)
    page.keyboard.press("Shift+F11")
    expect_paused(page, "Each")
    index = page.get_by_test_id("debug-child")
    index.fill("none")
    expect(index).to_have_attribute("aria-invalid", "true")
    index.fill("2")
    index.press("Enter")
    expect_paused(page, "Pack")
    expect(page.get_by_test_id("debug-where")).to_contain_text("2 of Each")
    expect(page.get_by_test_id("edit-input")).to_have_value("9")
    page.keyboard.press("F8")
    screen.expect_end("SUCCEEDED")


def test_all_workers_die_while_it_is_paused(
    page: Page, screen: ExecutionScreen, workflows: Workflows, stack: Stack
) -> None:
    machine = workflows.create(
        in_sequence(
            First={"Type": "Pass"}, Second={"Type": "Wait", "Seconds": 1}, Third={"Type": "Pass"}
        )
    )
    start_to_debug(page, machine, {"n": 1})
    screen.wait_for_graph()
    expect_paused(page, "First")
    workers = {role: stack.kill(role) for role in ("turns", "tasks")}
    for role, pid in workers.items():
        stack.wait_ready(role, after=pid)
    expect_paused(page, "First")

    page.goto(f"/state-machines/{machine}?status=paused")
    badge = page.get_by_test_id("paused-badge")
    expect(badge).to_have_attribute("data-by", "admin")
    page.get_by_test_id("execution-row").click()
    screen.wait_for_graph()
    edit(page, "input", '{"n": 2}')
    expect(page.locator('[data-testid="debugger-record"][data-edit]')).to_have_count(1)
    page.get_by_test_id("debug-continue").click()
    screen.expect_end("SUCCEEDED")
    name = page.url.split("?")[0].rsplit("/", 1)[1]
    arn = f"{ARN}:execution:{machine}:{name}"
    assert workflows.sfn.describe_execution(executionArn=arn)["output"] == '{"n":2}'
    page.goto(f"/state-machines/{machine}?status=paused")
    expect(page.get_by_test_id("empty-state")).to_be_visible()


def test_a_wait_for_the_next_attempt_is_cut_short_and_a_state_fails(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3600, "MaxAttempts": 1}]
    work = {
        "Type": "Task",
        "Resource": PASS_GATE.replace("pass_gate", "weigh_parcel"),
        "Retry": retry,
    }
    execution = workflows.start(
        workflows.create(in_sequence(Weigh=work)), {"number": 1, "kilograms": 30}
    )
    wait_until(lambda: any("Failed" in e["type"] for e in workflows.history(execution)))
    screen.open(execution.path)
    screen.select("Weigh")
    # Live, in the pane's list of attempts, looked back at and loaded anew: one moment.
    in_debugger = page.get_by_test_id("debug-pane").get_by_test_id("retry-due")
    expect(in_debugger).to_have_text(re.compile(r"in (60|59) min"))
    due = in_debugger.get_attribute("data-at") or ""
    on_card = screen.card("Weigh").get_by_test_id("card-retry-due")
    expect(on_card).to_have_text(re.compile(r"retries in (60|59) min"))
    screen.tab("retries").click()
    in_list = page.get_by_role("tabpanel").get_by_test_id("retry-due")
    expect(in_list).to_have_attribute("data-at", due)
    page.reload()
    expect(in_list).to_have_attribute("data-at", due)
    page.keyboard.press("{")
    expect(page.get_by_test_id("scrubber-present")).to_be_visible()
    expect(in_list).to_have_attribute("data-at", due)
    page.get_by_test_id("scrubber-present").click()
    page.get_by_test_id("retry-now").click()
    screen.expect_end("FAILED")
    expect(page.locator('[data-action="RetriedNow"]')).to_have_count(1)


def test_axe_finds_nothing_while_it_is_paused(
    page: Page, screen: ExecutionScreen, examination: Examination
) -> None:
    page.goto("/state-machines/orders")
    screen.card("Validate order").hover()
    page.get_by_test_id("breakpoint-dot").wait_for()
    examination.look()
    start_to_debug(page, "orders", order())
    screen.wait_for_graph()
    expect_paused(page, "Validate order")
    page.get_by_test_id("skip-state").click()
    examination.look()
    page.get_by_test_id("fail-state").click()
    page.get_by_test_id("breakpoint-after").click()
    page.get_by_test_id("condition-after").wait_for()
    examination.look()
    page.get_by_test_id("stop-execution").click()
    page.get_by_test_id("stop-submit").click()
    screen.expect_end("ABORTED")
    examination.look()
    examination.verdict()
