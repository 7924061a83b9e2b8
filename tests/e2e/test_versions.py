"""The versions page: what changed, in the graph, in words and as text."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ROLE
from tests.e2e.test_accessibility import Examination, examination

__all__ = ["examination"]

pytestmark = pytest.mark.e2e

FIRST = {
    "Comment": "Books a trip",
    "StartAt": "Search",
    "States": {
        "Search": {"Type": "Pass", "Next": "Reserve"},
        "Reserve": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "reserve"},
            "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 3}],
            "Next": "Charge",
        },
        "Charge": {"Type": "Pass", "Result": {"paid": True}, "Next": "Both"},
        "Both": {
            "Type": "Parallel",
            "End": True,
            "Branches": [
                {"StartAt": "Mail", "States": {"Mail": {"Type": "Pass", "End": True}}},
                {"StartAt": "Ticket", "States": {"Ticket": {"Type": "Pass", "End": True}}},
            ],
        },
    },
}


def later() -> dict[str, Any]:
    """Charge is gone, Mail is called Thank, Confirm is new, Reserve tries more often."""
    changed: Any = deepcopy(FIRST)
    states = changed["States"]
    del states["Charge"]
    states["Reserve"]["Retry"][0]["MaxAttempts"] = 5
    states["Reserve"]["Next"] = "Confirm"
    states["Confirm"] = {"Type": "Wait", "Seconds": 5, "Next": "Both"}
    branch = states["Both"]["Branches"][0]
    branch["StartAt"] = "Thank"
    branch["States"] = {"Thank": {"Type": "Pass", "End": True}}
    return changed  # type: ignore[no-any-return]


@pytest.fixture
def trips(sfn: Any) -> str:
    """A state machine of two versions, with an alias on the first."""
    name = f"trips-{uuid4().hex[:8]}"
    machine = sfn.create_state_machine(
        name=name,
        roleArn=ROLE,
        definition=json.dumps(FIRST),
        publish=True,
        versionDescription="As it was sold",
    )
    sfn.create_state_machine_alias(
        name="live",
        routingConfiguration=[
            {"stateMachineVersionArn": machine["stateMachineVersionArn"], "weight": 100}
        ],
    )
    sfn.update_state_machine(
        stateMachineArn=machine["stateMachineArn"], definition=json.dumps(later()), publish=True
    )
    return name


def open_versions(page: Page, name: str) -> None:
    page.goto(f"/state-machines/{name}")
    page.get_by_test_id("versions").click()
    page.get_by_test_id("changes").wait_for()


def expect_marks(page: Page, marks: dict[str, str]) -> None:
    """Wait until exactly these cards of the graph say what changed of them."""
    for name, change in marks.items():
        card = page.locator(f'[data-testid=state-card][data-state-name="{name}"]')
        expect(card).to_have_attribute("data-change", change)
    expect(page.locator("[data-testid=state-card][data-change]")).to_have_count(len(marks))


def choose(page: Page, side: str) -> None:
    """Choose one of the pair. The address has it first: check() would look before it is shown."""
    radio = page.get_by_role("radio", name=side)
    radio.click()
    expect(radio).to_be_checked()


def test_what_changed_is_told_in_words_and_shown_in_the_graph(page: Page, trips: str) -> None:
    open_versions(page, trips)
    expect(page.get_by_test_id("changes").get_by_role("listitem")).to_have_text(
        [
            "✎Mail is now called Thank",
            "+Wait Confirm added",
            "\N{MINUS SIGN}Pass Charge removed",
            "△Retry of Reserve: MaxAttempts 3 → 5",
            "△Reserve goes to Confirm instead of Charge",
        ]
    )
    expect_marks(
        page,
        {"Reserve": "CHANGED", "Confirm": "ADDED", "Charge": "REMOVED", "Thank": "RENAMED"},
    )
    page.get_by_role("button", name="Wait Confirm added").click()
    expect(page.locator('[data-testid=state-card][data-state-name="Confirm"]')).to_have_attribute(
        "data-selected", "true"
    )
    rows = page.get_by_test_id("revision")
    expect(rows.nth(0)).to_contain_text("Version 2")
    expect(rows.nth(1)).to_contain_text("live")
    expect(rows.nth(1)).to_contain_text("As it was sold")


def test_any_two_are_compared_and_the_address_says_which(page: Page, trips: str) -> None:
    open_versions(page, trips)
    choose(page, "With version 1")
    choose(page, "Compare version 2")
    expect(page.get_by_test_id("changes")).to_contain_text("Pass Charge added")
    page.reload()
    expect(page.get_by_role("radio", name="With version 1")).to_be_checked()
    choose(page, "Compare version 1")
    expect(page.get_by_text("These say the same")).to_be_visible()


def test_the_texts_stand_side_by_side(page: Page, trips: str) -> None:
    open_versions(page, trips)
    page.get_by_role("button", name="Text").click()
    text = page.get_by_test_id("text-comparison")
    expect(text.locator(".cm-changedText").first).to_be_visible()
    expect(text.get_by_role("textbox", name="After")).to_contain_text("Confirm")


def test_one_s_own_draft_is_compared_with_what_it_changes(page: Page, trips: str) -> None:
    page.goto(f"/state-machines/{trips}/edit")
    page.locator("[data-testid=code-pane] .cm-content").wait_for()
    page.locator('[data-testid=state-card][data-state-name="Confirm"]').click()
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("save-status")).to_have_attribute("data-save", "saved")
    open_versions(page, trips)
    expect(page.get_by_test_id("revision").first).to_contain_text("Your draft")
    expect(page.get_by_test_id("changes")).to_contain_text("Wait Confirm removed")


def test_axe_finds_nothing(page: Page, trips: str, examination: Examination) -> None:
    open_versions(page, trips)
    examination.look()
    page.get_by_role("button", name="Text").click()
    page.locator(".cm-changedText").first.wait_for()
    examination.look()
    examination.verdict()
