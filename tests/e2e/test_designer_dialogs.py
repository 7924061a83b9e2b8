"""What opens over the designer: axe finds nothing in it, and what is performed is performed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.debugging import expect_paused
from tests.e2e.designing import Designer
from tests.e2e.screens import ExecutionScreen, close_by_key
from tests.e2e.test_accessibility import Examination, examination
from tests.e2e.workflows import Workflows, in_sequence

__all__ = ["examination"]

pytestmark = pytest.mark.e2e

WEIGH = "arn:aws:lambda:us-east-1:123456789012:function:weigh_parcel"
DEFINITION: dict[str, Any] = {
    "StartAt": "Weigh",
    "States": {
        "Weigh": {
            "Type": "Task",
            "Resource": WEIGH,
            "ResultPath": "$.postage",
            "TimeoutSeconds": 60,
            "Next": "Send",
        },
        "Send": {"Type": "Pass", "End": True},
    },
}
WRONG = json.loads(json.dumps(DEFINITION).replace('"Next": "Send"', '"Next": "Sent"'))


@pytest.fixture
def designer(page: Page) -> Designer:
    return Designer(page)


def draft(designer: Designer, name: str, definition: dict[str, Any]) -> None:
    """Open a draft with a definition, its first state selected."""
    designer.open_with(name, definition)
    designer.card("Weigh").click()
    designer.selected("Weigh")


def examined(examination: Examination, opened: Locator) -> None:
    """Examine the page with what has opened, and close that."""
    opened.wait_for()
    examination.look()
    close_by_key(opened)


def test_menus_and_dialogs(page: Page, designer: Designer, examination: Examination) -> None:
    draft(designer, "opened", DEFINITION)
    about = page.get_by_role("button", name="About Resource", exact=True)
    about.click()
    examined(examination, page.get_by_test_id("field-help"))
    expect(about).to_be_focused()

    page.get_by_test_id("graph").focus()
    page.keyboard.press("m")
    examined(examination, page.get_by_test_id("state-menu"))
    expect(page.get_by_test_id("graph")).to_be_focused()
    page.keyboard.press("?")
    examined(examination, page.get_by_role("dialog", name="Keyboard shortcuts"))
    page.get_by_role("button", name="Export").click()
    examined(examination, page.get_by_role("menu"))
    page.get_by_test_id("publish-more").click()
    page.get_by_test_id("publish-version").click()
    examined(examination, page.get_by_role("dialog"))

    page.get_by_test_id("below-data").click()
    page.get_by_test_id("perform").click()
    examined(examination, page.get_by_role("dialog"))
    page.get_by_test_id("below-tests").click()
    page.get_by_test_id("new-case").click()
    examined(examination, page.get_by_role("dialog"))
    examination.verdict()


def test_what_is_offered_and_what_is_wrong(
    page: Page, designer: Designer, examination: Examination
) -> None:
    draft(designer, "offering", DEFINITION)
    # Of a field of the inspector, and of the text.
    page.get_by_test_id("field-OutputPath").press_sequentially("$")
    page.get_by_test_id("suggestion").first.wait_for()
    examination.look()
    page.keyboard.press("Escape")
    page.locator("[data-testid=code-pane] .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Space")
    page.locator(".cm-tooltip-autocomplete").wait_for()
    # A list to scroll has to be reached by keys, but those of CodeMirror's go to the text.
    examination.look(beside="ul[aria-label=Completions]")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+f")
    page.locator(".cm-search").wait_for()
    examination.look()
    page.keyboard.press("Escape")

    draft(designer, "wrong", WRONG)
    page.get_by_test_id("below-problems").click()
    page.get_by_test_id("problems").wait_for()
    # Where it is wrong, too.
    field = page.get_by_test_id("state-next")
    expect(field).to_have_attribute("aria-invalid", "true")
    page.get_by_test_id("add-catcher").click()
    page.get_by_test_id("catcher-errors").fill("")
    page.get_by_test_id("catcher-errors").blur()
    expect(page.get_by_test_id("catcher-errors")).to_have_attribute("aria-invalid", "true")
    examination.look()
    page.locator("[data-testid=below-code]").click()
    page.locator("[data-testid=code-pane] .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("}")
    page.get_by_test_id("broken-note").wait_for()
    examination.look()
    examination.verdict()


def test_the_choice_of_an_execution_to_begin_from(
    page: Page, workflows: Workflows, examination: Examination
) -> None:
    machine = workflows.create(in_sequence(Only={"Type": "Pass"}))
    execution = workflows.start(machine, {})
    assert workflows.wait_for_end(execution) == "SUCCEEDED"
    page.goto(f"/new?machine={machine}&execution={execution.name}")
    expect(page.get_by_test_id("from-execution")).to_have_value(execution.name)
    examined(examination, page.get_by_role("dialog"))
    examination.verdict()


def test_a_state_is_performed_for_real_once_it_was_confirmed(
    page: Page, designer: Designer
) -> None:
    draft(designer, "performed", DEFINITION)
    page.get_by_test_id("below-data").click()
    given = page.get_by_test_id("trial-input")
    given.fill('{"number": 7, "kilograms": 5}')
    given.blur()
    status = page.get_by_test_id("trial-status")
    expect(status).to_have_attribute("data-status", "WAITING")
    page.get_by_test_id("perform").click()
    page.get_by_role("button", name="Do not call it").click()
    expect(status).to_have_attribute("data-status", "WAITING")
    page.get_by_test_id("perform").click()
    page.get_by_test_id("perform-submit").click()
    # What the function gave stands for it from now on.
    expect(status).to_have_attribute("data-status", "SUCCEEDED")
    result = page.get_by_test_id("mock-result")
    assert json.loads(result.input_value()) == {"number": 7, "postage": 13}
    expect(page.locator('[data-stage="Output"]')).to_contain_text("13")

    # What it fails with, too.
    given.fill('{"number": 8, "kilograms": 50}')
    given.blur()
    page.get_by_test_id("mock-choice").select_option("none")
    page.get_by_test_id("perform").click()
    page.get_by_test_id("perform-submit").click()
    expect(status).to_have_attribute("data-status", "FAILED")
    expect(status).to_contain_text("TooHeavy")


def test_what_is_published_is_debugged_from_the_designer(
    page: Page, designer: Designer, screen: ExecutionScreen
) -> None:
    draft(designer, "debugged", DEFINITION)
    page.get_by_test_id("graph").focus()
    page.keyboard.press("Escape")
    sample = page.get_by_test_id("setting-sample")
    sample.fill('{"number": 7, "kilograms": 5}')
    sample.blur()
    expect(page.get_by_test_id("start-under-debugger")).to_have_count(0)
    page.get_by_test_id("publish").click()
    designer.card("Send").click()
    designer.selected("Send")
    pause = page.get_by_test_id("pause-before")
    pause.click()  # check() would look before the box is drawn anew.
    expect(pause).to_be_checked()
    page.get_by_test_id("start-under-debugger").click()
    screen.wait_for_graph()
    expect_paused(page, "Weigh")
    page.keyboard.press("F8")
    # The breakpoint that was set in the designer.
    expect_paused(page, "Send")
    screen.expect_state("Weigh", "SUCCEEDED")
    page.keyboard.press("F8")
    screen.expect_end("SUCCEEDED")
