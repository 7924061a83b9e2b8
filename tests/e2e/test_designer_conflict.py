"""A draft of a workflow that somebody has published meanwhile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designing import Designer
from tests.e2e.test_accessibility import Examination, examination

__all__ = ["examination"]

pytestmark = pytest.mark.e2e


def published(comment: str) -> str:
    """Give a definition with a comment."""
    states = {"Only": {"Type": "Pass", "End": True}}
    return json.dumps({"Comment": comment, "StartAt": "Only", "States": states})


def test_both_are_compared_and_one_is_chosen(
    page: Page, sfn: Any, examination: Examination
) -> None:
    name = "moved-base"
    designer = Designer(page)
    role = "arn:aws:iam::123456789012:role/r"
    arn = sfn.create_state_machine(name=name, roleArn=role, definition=published("The first"))[
        "stateMachineArn"
    ]
    designer.open(name)
    comment = page.get_by_label("Comment")
    comment.fill("Mine")
    comment.blur()
    designer.saved()
    sfn.update_state_machine(stateMachineArn=arn, definition=published("Theirs"))

    designer.open(name)
    conflict = page.get_by_test_id("base-moved")
    expect(conflict).to_be_visible()
    expect(comment).to_have_value("Mine")
    examination.look()
    page.get_by_test_id("compare-with-base").click()
    expect(page.locator("main")).to_contain_text("Theirs")
    expect(page.locator("main")).to_contain_text("Mine")
    expect(page.locator("main")).to_contain_text(
        "What your draft would change in what is published"
    )
    examination.look()
    page.get_by_test_id("to-the-draft").click()
    expect(conflict).to_be_visible()

    designer.open(name)
    conflict.get_by_role("button", name="Keep my draft").click()
    expect(conflict).to_have_count(0)
    designer.saved()
    sfn.update_state_machine(stateMachineArn=arn, definition=published("Theirs again"))
    designer.open(name)
    conflict.get_by_role("button", name="Take what is published").click()
    expect(conflict).to_have_count(0)
    expect(comment).to_have_value("Theirs again")
    page.get_by_test_id("graph").focus()
    page.keyboard.press("Control+z")
    expect(comment).to_have_value("Mine")
    examination.verdict()


def test_axe_finds_nothing_in_the_greeting(page: Page, examination: Examination) -> None:
    Designer(page).open("blank-greeting")
    page.get_by_test_id("greeting").get_by_role("heading").wait_for()
    examination.look()
    examination.verdict()
