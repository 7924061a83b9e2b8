"""The designer's inspector: every field of a state, and what is said of it at the field."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designing import Designer

pytestmark = pytest.mark.e2e

QUERY = "{% $states.input.total > 1000 and $states.input.customer.grade = 'new' %}"
JSONATA: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Large?",
    "States": {
        "Large?": {
            "Type": "Choice",
            "Choices": [
                {"Condition": QUERY, "Assign": {"large": True}, "Next": "Check"},
                {"Condition": "{% $states.input.total < 0 %}", "Next": "Done"},
            ],
            "Default": "Done",
        },
        "Check": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "validate_order"},
            "TimeoutSeconds": 30,
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}


@pytest.fixture
def designer(page: Page) -> Designer:
    return Designer(page)


def test_all_that_a_state_in_jsonata_says_is_seen(page: Page, designer: Designer) -> None:
    designer.open_with("all-seen", JSONATA)
    designer.card("Large?").click()
    designer.selected("Large?")
    # What a rule sets is there where it is written, and folded away where it is not.
    assigned = page.get_by_test_id("rule-Assign")
    expect(assigned.nth(0)).to_be_visible()
    expect(assigned.nth(1)).to_be_hidden()
    page.get_by_text("When it holds").nth(1).click()
    assigned.nth(1).fill('{"large": false}')
    assigned.nth(1).blur()
    designer.saved()
    states: Any = designer.draft("all-seen")["States"]
    assert [rule["Assign"] for rule in states["Large?"]["Choices"]] == [
        {"large": True},
        {"large": False},
    ]
    # A field is as high as its text.
    for field in page.locator(".inspector textarea").all():
        if field.is_visible():
            assert field.evaluate("(box) => box.scrollHeight - box.clientHeight") <= 0
    # A state of a workflow in JSONata has no other language to choose.
    expect(page.get_by_test_id("state-query-language")).to_have_count(0)

    designer.card("Check").click()
    designer.selected("Check")
    # Advice is not shown as an error.
    errors = page.get_by_test_id("retrier-errors")
    expect(errors).to_have_attribute("data-advice", "true")
    expect(errors).to_have_attribute("aria-invalid", "false")
    errors.fill("")
    errors.blur()
    expect(errors).to_have_attribute("aria-invalid", "true")


def test_one_state_of_a_workflow_in_paths_is_written_in_jsonata(
    page: Page, designer: Designer
) -> None:
    definition = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
    designer.open_with("one-in-jsonata", definition)
    designer.card("Only").click()
    page.get_by_test_id("state-query-language").select_option("JSONata")
    page.get_by_test_id("field-Output").fill("{% $states.input.total %}")
    page.get_by_test_id("field-Output").blur()
    expect(page.get_by_test_id("field-OutputPath")).to_have_count(0)
    designer.saved()
    states: Any = designer.draft("one-in-jsonata")["States"]
    assert states["Only"] == {
        "Type": "Pass",
        "End": True,
        "QueryLanguage": "JSONata",
        "Output": "{% $states.input.total %}",
    }


def test_data_begin_with_the_sample_input(page: Page, designer: Designer) -> None:
    definition = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
    designer.open_with("sampled", definition)
    sample = page.get_by_test_id("setting-sample")
    sample.fill('{"total": 12}')
    sample.blur()
    page.get_by_test_id("below-data").click()
    expect(page.get_by_test_id("run-input")).to_have_value('{"total": 12}')
    page.get_by_test_id("run-draft").click()
    expect(page.get_by_test_id("draft-run")).to_have_attribute("data-status", "SUCCEEDED")
    expect(page.get_by_test_id("data-panel")).to_contain_text('"total":12')
    page.get_by_test_id("clear-run").click()
    designer.card("Only").click()
    expect(page.get_by_test_id("trial-input")).to_have_value('{"total": 12}')
