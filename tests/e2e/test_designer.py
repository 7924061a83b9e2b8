"""The designer: a workflow built by dragging and by keyboard, undone, and not lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.designing import Designer
from tests.e2e.installation import ARN, ROLE
from tests.e2e.test_accessibility import Examination, examination

__all__ = ["examination"]

pytestmark = pytest.mark.e2e


@pytest.fixture
def designer(page: Page) -> Designer:
    return Designer(page)


def test_built_by_dragging_and_run(page: Page, designer: Designer) -> None:
    # A drop is meant for where a thing is seen: nothing glides.
    page.emulate_media(reduced_motion="reduce")
    designer.open("dragged")
    designer.drag("Pass", designer.spot("", ""))
    designer.card("Pass").wait_for()
    designer.drag("Parallel", designer.spot("Pass", ""))
    designer.card("Parallel").wait_for()
    for cards in (3, 4):
        designer.drag("Wait", page.locator(".spot-empty").first)
        expect(page.get_by_test_id("state-card")).to_have_count(cards)
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("publish")).to_have_text("Publish")
    machine = page.request.get("/api/state-machines/dragged/").json()
    definition = json.loads(machine["definition"])
    assert list(definition["States"]) == ["Pass", "Parallel"]
    page.goto("/state-machines/dragged")
    page.get_by_test_id("start-execution").click()
    expect(page.get_by_test_id("execution-status")).to_have_attribute("data-status", "SUCCEEDED")


def test_a_blank_workflow_greets_and_leads_to_its_first_execution(
    page: Page, designer: Designer
) -> None:
    designer.open("first-of-all")
    greeting = page.get_by_test_id("greeting")
    expect(greeting.get_by_role("heading")).to_be_visible()
    publish = page.get_by_test_id("publish")
    expect(publish).to_be_disabled()
    page.get_by_test_id("below-problems").click()
    expect(page.get_by_text("What is wrong with the workflow is listed here.")).to_be_visible()
    page.get_by_test_id("graph").focus()
    designer.insert_after_selected("wait lets")
    designer.card("Wait").wait_for()
    expect(greeting).to_have_count(0)
    expect(page.get_by_text("No problems.")).to_be_visible()
    publish.focus()
    page.keyboard.press("Enter")
    # The keyboard goes on from what is to be done next.
    start = page.get_by_test_id("start-with")
    expect(start).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_test_id("start-input").fill('{"tea": true}')
    page.get_by_test_id("start-submit").click()
    expect(page.get_by_test_id("execution-status")).to_have_attribute("data-status", "SUCCEEDED")


def test_built_by_keyboard_alone(page: Page, designer: Designer) -> None:
    designer.open("typed")
    page.get_by_test_id("graph").focus()
    designer.insert_after_selected("pass reshapes")
    designer.insert_after_selected("wait lets")
    page.keyboard.press("ArrowUp")
    designer.insert_after_selected("choice")
    page.keyboard.press("Control+d")
    designer.saved()
    states = designer.draft("typed")["States"]
    assert isinstance(states, dict)
    assert list(states) == ["Pass", "Choice", "Choice 2", "Wait"]
    for _ in range(4):
        page.keyboard.press("Control+z")
    expect(page.get_by_test_id("state-card")).to_have_count(0)
    for _ in range(4):
        page.keyboard.press("Control+Shift+Z")
    expect(page.get_by_test_id("state-card")).to_have_count(4)


def test_one_undo_for_code_and_canvas(page: Page, designer: Designer) -> None:
    designer.open("interleaved")
    page.get_by_test_id("graph").focus()
    designer.insert_after_selected("pass reshapes")
    code = page.locator("[data-testid=code-pane] .cm-content")
    code.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("x")
    expect(page.get_by_test_id("broken-note")).to_be_visible()
    expect(designer.card("Pass")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("broken-note")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(designer.card("Pass")).to_have_count(0)
    page.keyboard.press("Control+Shift+Z")
    expect(designer.card("Pass")).to_be_visible()


def test_a_draft_survives_a_killed_tab(
    context: BrowserContext, page: Page, designer: Designer
) -> None:
    designer.open("survivor")
    page.route("**/api/drafts/**", lambda route: route.abort())
    page.get_by_test_id("graph").focus()
    designer.insert_after_selected("pass reshapes")
    designer.card("Pass").wait_for()
    page.close(run_before_unload=False)
    again = Designer(context.new_page())
    again.open("survivor")
    expect(again.card("Pass")).to_be_visible()
    again.saved()


def test_settings_and_a_version(page: Page, designer: Designer, sfn: Any) -> None:
    designer.open("configured")
    page.get_by_test_id("setting-type").select_option("EXPRESS")
    page.get_by_test_id("setting-tracing").check()
    tags = page.get_by_test_id("setting-tags")
    tags.fill("team=shop")
    tags.blur()
    page.get_by_test_id("graph").focus()
    designer.insert_after_selected("pass reshapes")
    designer.card("Pass").wait_for()
    page.get_by_test_id("publish-more").click()
    page.get_by_test_id("publish-version").click()
    page.get_by_test_id("version-description").fill("The first that works")
    page.get_by_test_id("version-submit").click()
    publish = page.get_by_test_id("publish")
    expect(publish).to_have_text("Publish")
    expect(publish).to_be_disabled()
    arn = f"{ARN}:stateMachine:configured"
    machine = sfn.describe_state_machine(stateMachineArn=arn)
    assert machine["type"] == "EXPRESS"
    assert machine["tracingConfiguration"] == {"enabled": True}
    assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "shop"}]
    [version] = sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    described = sfn.describe_state_machine(stateMachineArn=version["stateMachineVersionArn"])
    assert described["description"] == "The first that works"

    # What is changed of them is kept in the draft, though the text is as it was.
    page.get_by_test_id("graph").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("setting-type")).to_have_text("EXPRESS")
    role = page.get_by_test_id("setting-role")
    role.fill(ROLE)
    role.press("Enter")
    tags.fill("team=post")
    tags.blur()
    expect(publish).to_be_enabled()
    designer.saved()
    page.reload()
    expect(role).to_have_value(ROLE)
    expect(tags).to_have_value("team=post")
    # A role is published as a text is, and makes a revision.
    # The button rests while it works, too: what tells the end is the answer.
    with page.expect_response(
        lambda answer: (
            answer.request.method == "PUT" and "/api/state-machines/" in answer.url and answer.ok
        )
    ):
        publish.click()
    expect(publish).to_be_disabled()
    changed = sfn.describe_state_machine(stateMachineArn=arn)
    assert changed["roleArn"] == ROLE
    assert changed["tracingConfiguration"] == {"enabled": True}
    assert changed["revisionId"] != machine.get("revisionId")  # The first has none at AWS.
    assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "post"}]


def test_axe_finds_nothing(page: Page, designer: Designer, examination: Examination) -> None:
    page.goto("/new")
    page.get_by_test_id("template").first.wait_for()
    examination.look()
    designer.open("orders")
    page.get_by_test_id("setting-role").wait_for()
    examination.look()
    designer.card("Validate order").click()
    expect(page.get_by_test_id("inspector")).to_have_attribute("data-state-name", "Validate order")
    examination.look()
    page.get_by_test_id("graph").focus()
    page.keyboard.press("a")
    page.get_by_test_id("insert-search").wait_for()
    examination.look()
    examination.verdict()
