"""Thirty parcels in a Map: counted by status, and looked at one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import WEIGH_PARCEL, Workflows

pytestmark = pytest.mark.e2e

# Every tenth is too heavy, beginning with the fourth.
PARCELS = [{"number": n, "kilograms": 25 if n % 10 == 3 else 1 + n % 7} for n in range(30)]
HEAVY = [3, 13, 23]


def definition(**weigh: Any) -> dict[str, Any]:
    """Weigh each parcel; ``weigh`` says what happens to one that is too heavy."""
    states: dict[str, Any] = {
        "Weigh": {"Type": "Task", "Resource": WEIGH_PARCEL, "End": True, **weigh}
    }
    if "Catch" in weigh:
        states["Set aside"] = {"Type": "Pass", "End": True}
    return {
        "StartAt": "Each parcel",
        "States": {
            "Each parcel": {
                "Type": "Map",
                "ItemsPath": "$.parcels",
                "MaxConcurrency": 6,
                "ItemProcessor": {"StartAt": "Weigh", "States": states},
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Send nothing"}],
                "Next": "Send",
            },
            "Send nothing": {"Type": "Pass", "End": True},
            "Send": {"Type": "Pass", "End": True},
        },
    }


def test_items_that_fail_and_are_caught_are_counted_and_selected(
    screen: ExecutionScreen, workflows: Workflows
) -> None:
    machine = workflows.create(
        definition(
            Catch=[{"ErrorEquals": ["TooHeavy"], "ResultPath": "$.problem", "Next": "Set aside"}]
        )
    )
    execution = workflows.start(machine, {"parcels": PARCELS})
    screen.open(execution.path)
    screen.expect_end("SUCCEEDED")

    counts = screen.card("Each parcel").get_by_test_id("map-iterations")
    expect(counts).to_have_attribute("data-total", "30")
    expect(counts).to_have_attribute("data-succeeded", "30")
    expect(counts).to_have_attribute("data-failed", "0")
    expect(counts).to_have_attribute("data-running", "0")
    # Together the items say that something was caught somewhere.
    screen.expect_state("Set aside", "SUCCEEDED")
    expect(screen.card("Set aside")).to_contain_text(str(len(HEAVY)))

    picker = (
        screen.card("Each parcel").get_by_test_id("map-iteration-picker").get_by_role("combobox")
    )
    picker.select_option("13")
    screen.expect_state("Weigh", "CAUGHT")
    screen.expect_state("Set aside", "SUCCEEDED")
    screen.select("Weigh")
    expect(screen.tab("input")).to_contain_text("number:13")
    expect(screen.tab("error").get_by_test_id("error-cause")).to_have_text(
        "Parcel 13 weighs 25 kg."
    )

    picker.select_option("14")
    screen.expect_state("Weigh", "SUCCEEDED")
    screen.expect_state("Set aside", "NOT_REACHED")
    expect(screen.tab("input")).to_contain_text("number:14")
    expect(screen.tab("output")).to_contain_text("postage:5")

    # The address says which item: what one sends to a colleague shows the same.
    screen.reload()
    screen.expect_end("SUCCEEDED")
    expect(picker).to_have_value("14")
    expect(screen.pane).to_have_attribute("data-state-name", "Weigh")
    expect(screen.tab("output")).to_contain_text("postage:5")

    output = json.loads(workflows.sfn.describe_execution(executionArn=execution.arn)["output"])
    assert [n for n, parcel in enumerate(output) if "problem" in parcel] == HEAVY


def test_an_item_that_nobody_catches_fails_and_the_others_are_given_up(
    screen: ExecutionScreen, workflows: Workflows
) -> None:
    execution = workflows.start(workflows.create(definition()), {"parcels": PARCELS})
    screen.open(execution.path)
    screen.expect_end("SUCCEEDED")
    assert screen.statuses() == {
        "Each parcel": "CAUGHT",
        "Weigh": "FAILED",
        "Send nothing": "SUCCEEDED",
        "Send": "NOT_REACHED",
    }
    counts = screen.card("Each parcel").get_by_test_id("map-iterations")
    expect(counts).to_have_attribute("data-total", "30")
    expect(counts).to_have_attribute("data-failed", "1")
    expect(counts).to_have_attribute("data-running", "0")
    picker = (
        screen.card("Each parcel").get_by_test_id("map-iteration-picker").get_by_role("combobox")
    )
    picker.select_option("3")
    screen.expect_state("Weigh", "FAILED")
    screen.select("Weigh")
    expect(screen.tab("error").get_by_test_id("error-name")).to_have_text("TooHeavy")
