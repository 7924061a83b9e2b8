"""Data in the designer: what is offered, what flows through a state, and a draft run on mocks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designing import Designer

pytestmark = pytest.mark.e2e

DEFINITION: dict[str, Any] = {
    "StartAt": "Prepare",
    "States": {
        "Prepare": {
            "Type": "Pass",
            "Parameters": {"order": {"id.$": "$.number", "paid": False}},
            "Next": "Charge",
        },
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "charge_card", "Payload.$": "$.order"},
            "TimeoutSeconds": 30,
            "ResultSelector": {"reference.$": "$.Payload.reference"},
            "ResultPath": "$.payment",
            "End": True,
        },
    },
}


@pytest.fixture
def designer(page: Page) -> Designer:
    return Designer(page)


def draft(page: Page, designer: Designer, name: str) -> None:
    """Open a draft with the definition, through the file chooser."""
    designer.open(name)
    text = json.dumps(DEFINITION, indent=2).encode()
    file = {"name": "charge.asl.json", "mimeType": "application/json", "buffer": text}
    page.get_by_test_id("open-file").set_input_files([file])  # type: ignore[list-item]
    designer.card("Charge").click()


def test_fields_offer_what_earlier_states_make(page: Page, designer: Designer) -> None:
    draft(page, designer, "offered")
    field = page.get_by_test_id("field-OutputPath")
    field.press_sequentially("$.o")
    offered = page.get_by_test_id("suggestion")
    expect(offered).to_have_text(["$.order", "$.order.id", "$.order.paid"])
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("$.order.id")
    field.press("Enter")
    expect(field).to_be_focused()
    designer.saved()
    states: Any = designer.draft("offered")["States"]
    assert states["Charge"]["OutputPath"] == "$.order.id"


def test_each_stage_is_shown_and_a_draft_is_run_on_saved_mocks(
    page: Page, designer: Designer
) -> None:
    draft(page, designer, "tried")
    page.get_by_test_id("below-data").click()
    status = page.get_by_test_id("trial-status")
    given = page.get_by_test_id("trial-input")
    given.fill('{"order": {"id": 7}}')
    given.blur()
    expect(status).to_have_attribute("data-status", "WAITING")
    page.get_by_test_id("mock-choice").select_option("typed")
    result = page.get_by_test_id("mock-result")
    result.fill('{"Payload": {"reference": "r-1"}}')
    result.blur()
    expect(status).to_have_attribute("data-status", "SUCCEEDED")
    output = page.locator('[data-stage="Output"]')
    expect(output).to_contain_text("r-1")
    # An edit of the state is seen at once.
    path = page.get_by_test_id("field-ResultPath")
    path.fill("$.receipt")
    path.blur()
    expect(output).to_contain_text("receipt")

    page.get_by_test_id("mock-name").fill("charged")
    page.get_by_test_id("mock-save").click()
    expect(page.get_by_test_id("mock-choice")).to_have_value("saved:charged")
    [mock] = page.request.get("/api/state-machines/tried/mocks/").json()["results"]
    assert (mock["state"], mock["name"]) == ("Charge", "charged")

    page.get_by_test_id("graph").focus()
    page.keyboard.press("Escape")
    whole = page.get_by_test_id("run-input")
    whole.fill('{"number": 12}')
    whole.blur()
    page.get_by_test_id("run-draft").click()
    run = page.get_by_test_id("draft-run")
    expect(run).to_have_attribute("data-status", "SUCCEEDED")
    for name in ("Prepare", "Charge"):
        expect(designer.card(name)).to_have_attribute("data-status", "SUCCEEDED")
    page.get_by_test_id("clear-run").click()
    expect(run).to_have_count(0)


@pytest.mark.parametrize("kind", ["SVG", "PNG", "JSON", "YAML"])
def test_exports(page: Page, designer: Designer, kind: str) -> None:
    designer.open("orders")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=f"Export as {kind}").click()
    content = download.value.path().read_bytes()
    begins = {"SVG": b"<svg ", "PNG": b"\x89PNG", "JSON": b"{", "YAML": b"Comment: "}[kind]
    assert content.startswith(begins)
    assert len(content) > 5_000
