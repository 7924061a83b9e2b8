"""Tokens, webhooks, sensitive fields in the browser; axe finds nothing wrong with their pages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import Examination
from tests.e2e.workflows import Workflows, wait_until

pytestmark = pytest.mark.e2e

PASS = {"StartAt": "Keep", "States": {"Keep": {"Type": "Pass", "End": True}}}


@pytest.fixture
def examination(page: Page) -> Examination:
    return Examination(page)


def test_a_token_is_made_used_and_revoked(
    page: Page, base_url: str, examination: Examination, playwright: Any
) -> None:
    name = "report"
    page.goto("/access-keys")
    page.get_by_test_id("create-token").click()
    page.get_by_test_id("token-name").fill(name)
    examination.look()
    page.get_by_test_id("create-token-submit").click()
    token = page.get_by_test_id("new-token").inner_text()
    examination.look()
    page.get_by_test_id("secret-kept").click()
    row = page.get_by_test_id("api-token").filter(has_text=name)
    row.wait_for()
    examination.look()
    examination.verdict()

    program = playwright.request.new_context(
        base_url=base_url, extra_http_headers={"Authorization": f"Bearer {token}"}
    )
    assert program.get("/api/state-machines/").status == 200
    row.get_by_test_id("revoke-token").click()
    page.get_by_test_id("revoke-token-submit").click()
    expect(row).to_have_attribute("data-revoked", "true")
    program.dispose()


def test_webhooks_are_made_and_edited(
    page: Page, workflows: Workflows, examination: Examination
) -> None:
    machine = workflows.create(PASS)
    for place, section, row_id, submit in (
        ("triggers", "webhooks", "webhook", "webhook-submit"),
        ("webhooks", "review-webhooks", "review-webhook", "review-webhook-submit"),
    ):
        page.goto(f"/state-machines/{machine}/{place}")
        page.get_by_test_id(f"add-{section}").click()
        page.get_by_label("Address").fill("https://one.example/hook")
        examination.look()
        page.get_by_test_id(submit).click()
        expect(page.get_by_test_id("made-secret")).not_to_be_empty()
        examination.look()
        page.get_by_test_id("secret-kept").click()
        row = page.get_by_test_id(row_id)
        row.get_by_role("button", name="Edit the webhook").click()
        expect(page.get_by_label("Address")).to_have_value("https://one.example/hook")
        page.get_by_label("Address").fill("https://me:pw@two.example/hook")
        page.get_by_test_id(submit).click()
        expect(page.get_by_role("alert")).to_contain_text("credentials")
        page.get_by_label("Address").fill("https://two.example/hook")
        page.get_by_test_id(submit).click()
        expect(row).to_contain_text("https://two.example/hook")
        examination.look()
    examination.verdict()


def test_sensitive_fields_are_written_and_published(
    page: Page, workflows: Workflows, examination: Examination
) -> None:
    machine = workflows.create(PASS)
    page.goto(f"/state-machines/{machine}/edit")
    fields = page.get_by_test_id("setting-sensitive")
    fields.fill("$.\ntoken")
    fields.blur()
    expect(page.get_by_text("Write the name of a key, or a path")).to_be_visible()
    examination.look()
    fields.fill("$.card.number\ntoken")
    fields.blur()
    examination.look()
    examination.verdict()
    publish = page.get_by_test_id("publish")
    expect(publish).to_be_enabled()
    publish.click()
    address = f"/api/state-machines/{machine}/"
    wait_until(lambda: page.request.get(address).json()["sensitiveFields"])
    shown = page.request.get(address).json()
    assert shown["sensitiveFields"] == ["$.card.number", "token"]
