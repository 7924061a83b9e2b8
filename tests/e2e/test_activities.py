"""An activity in the browser: it waits for a worker, is taken up, and is done."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import Workflows

pytestmark = pytest.mark.e2e


def test_a_card_says_that_it_waits_for_a_worker_and_the_pane_who_came(
    screen: ExecutionScreen, workflows: Workflows
) -> None:
    activity = workflows.sfn.create_activity(name="weigh-by-hand")["activityArn"]
    machine = workflows.create(
        {
            "StartAt": "Weigh",
            "States": {"Weigh": {"Type": "Task", "Resource": activity, "End": True}},
        }
    )
    execution = workflows.start(machine, {"parcel": 7})
    screen.open(execution.path)
    expect(screen.card("Weigh")).to_contain_text("waiting for a worker")
    screen.select("Weigh")
    attempt = screen.tab("retries").get_by_test_id("attempt")
    expect(attempt).to_contain_text("waiting for a worker for")

    given = workflows.sfn.get_activity_task(activityArn=activity, workerName="ada")
    expect(screen.card("Weigh")).to_contain_text("activity weigh-by-hand")
    expect(attempt).to_contain_text("by ada")
    workflows.sfn.send_task_success(taskToken=given["taskToken"], output='{"grams": 412}')
    screen.expect_end("SUCCEEDED")
    expect(screen.tab("output")).to_contain_text("412")
