"""Redriving from the page, and from a parent to its child and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ARN
from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import WEIGH_PARCEL, Workflows, in_sequence

pytestmark = pytest.mark.e2e

SLEEP = {"Type": "Wait", "Seconds": 3600}


def test_a_failed_execution_is_redriven_and_its_page_goes_live_again(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(
        in_sequence(
            Prepare={"Type": "Pass"},
            # The parcel has no weight: the function fails, each time.
            Weigh={"Type": "Task", "Resource": WEIGH_PARCEL, "InputPath": "$.parcel"},
        )
    )
    execution = workflows.start(machine, {"parcel": {}})
    screen.open(execution.path)
    screen.expect_end("FAILED")
    before = screen.events_received()
    expect(page.get_by_test_id("redrives")).to_have_count(0)

    for count in (1, 2):
        page.get_by_test_id("redrive-execution").click()
        page.get_by_test_id("redrive-submit").click()
        expect(page.get_by_test_id("redrives")).to_have_attribute("data-count", str(count))
        expect(page.get_by_test_id("event-count")).not_to_have_attribute("data-count", str(before))
        screen.expect_end("FAILED")
        before = screen.events_received()

    assert [kind for _, kind in screen.events()].count("ExecutionRedriven") == 2
    assert screen.statuses() == {"Prepare": "SUCCEEDED", "Weigh": "FAILED"}


def test_what_somebody_else_redrives_is_seen(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    execution = workflows.start(workflows.create(in_sequence(Sleep=SLEEP)), {})
    workflows.sfn.stop_execution(executionArn=execution.arn)
    screen.open(execution.path)
    screen.expect_end("ABORTED")

    workflows.sfn.redrive_execution(executionArn=execution.arn)

    expect(screen.status).to_have_attribute("data-status", "RUNNING")
    expect(screen.connection).to_have_attribute("data-connection", "live")
    screen.expect_state("Sleep", "RUNNING")
    expect(page.get_by_test_id("redrive-execution")).to_have_count(0)
    workflows.sfn.stop_execution(executionArn=execution.arn)
    screen.expect_end("ABORTED")
    expect(page.get_by_test_id("redrive-execution")).to_be_visible()


def test_from_a_parent_to_its_child_and_back(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    child = workflows.create(in_sequence(Sleep=SLEEP), "child")
    parent = workflows.start(
        workflows.create(
            in_sequence(
                Ask_another={
                    "Type": "Task",
                    "Resource": "arn:aws:states:::states:startExecution.sync:2",
                    "Parameters": {"StateMachineArn": f"{ARN}:stateMachine:{child}"},
                }
            ),
            "parent",
        ),
        {},
    )
    screen.open(parent.path)
    screen.select("Ask another")

    link = screen.pane.get_by_test_id("child-execution")
    expect(link).to_have_attribute("data-status", "RUNNING")
    link.click()
    screen.wait_for_graph()
    screen.expect_state("Sleep", "RUNNING")
    back = page.get_by_test_id("parent-execution")
    expect(back).to_contain_text(parent.name)
    back.click()
    screen.expect_state("Ask another", "RUNNING")

    page.get_by_test_id("stop-execution").click()
    page.get_by_test_id("stop-submit").click()
    screen.expect_end("ABORTED")
    screen.select("Ask another")
    expect(link).to_have_attribute("data-status", "ABORTED")
