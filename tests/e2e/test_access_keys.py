"""Access keys in the browser: made, used by a program, revoked."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def test_a_key_is_made_used_and_revoked(page: Page, base_url: str) -> None:
    page.goto("/")
    page.get_by_test_id("access-keys-link").click()
    expect(page.get_by_role("heading", name="Access keys")).to_be_visible()
    page.get_by_test_id("create-key").click()
    page.get_by_test_id("create-submit").click()
    key_id = page.get_by_test_id("new-key-id").inner_text()
    secret = page.get_by_test_id("new-key-secret").inner_text()
    page.get_by_test_id("secret-kept").click()

    row = page.locator(f'[data-testid="access-key"][data-key="{key_id}"]')
    expect(row).to_contain_text("Never used")
    expect(page.get_by_text(secret)).to_have_count(0)
    sfn = client(base_url, key_id, secret)
    assert sfn.list_state_machines()["stateMachines"]
    page.reload()
    expect(row).to_contain_text("Used just now")

    row.get_by_test_id("revoke-key").click()
    page.get_by_test_id("revoke-submit").click()
    expect(row).to_have_attribute("data-revoked", "true")
    until = time.monotonic() + 20
    while (refusal := refusal_of(sfn)) is None:
        assert time.monotonic() < until
        time.sleep(0.2)
    assert refusal == "UnrecognizedClientException"
    sfn.close()


def refusal_of(sfn: Any) -> str | None:
    try:
        sfn.list_state_machines()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None


def client(url: str, key_id: str, secret: str) -> Any:
    return boto3.client(
        "stepfunctions",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
    )
