"""The page of the audit trail: found, opened, filtered by its address, taken away."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import ROLE

pytestmark = pytest.mark.e2e


def test_what_was_done_is_found_and_taken_away(page: Page, sfn: Any) -> None:
    name = f"audited-{uuid.uuid4().hex[:8]}"
    definition = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    arn = sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)[
        "stateMachineArn"
    ]
    sfn.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "blue"}])

    page.goto("/")
    page.get_by_test_id("audit-link").click()
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()
    page.get_by_test_id("filter-subject").fill(name)
    entries = page.get_by_test_id("audit-entry")
    expect(entries).to_have_count(2)
    expect(page).to_have_url(f"/audit?subject={name}")
    page.get_by_test_id("filter-action").select_option("resource.tag")
    expect(entries).to_have_count(1)
    entry = entries.first
    expect(entry).to_contain_text("tagged")
    entry.locator("summary").click()
    expect(entry).to_contain_text('{"team":"blue"}')
    expect(entry).to_contain_text(arn)

    with page.expect_download() as waiting:
        page.get_by_test_id("export-jsonl").click()
    lines = waiting.value.path().read_text().splitlines()
    assert [json.loads(line)["subject"] for line in lines] == [arn]

    page.reload()
    expect(entries).to_have_count(1)
    # What an address says wrong is as if it were not said.
    page.goto(f"/audit?subject={name}&after=never&action=%7B%7D&actor=%5B1%5D")
    expect(entries).to_have_count(2)
    page.get_by_test_id("filter-actor").fill("nobody-of-this-name")
    expect(page.get_by_test_id("empty-state")).to_contain_text("Nothing matches")
    page.get_by_test_id("clear").click()
    expect(entries.first).to_be_visible()
