"""What somebody who debugs does, and sees of where it is paused."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect


def start_to_debug(page: Page, machine: str, execution_input: Any) -> None:
    """Start under the debugger, as the dialog does it."""
    page.goto(f"/state-machines/{machine}")
    page.get_by_test_id("start-with").click()
    page.get_by_test_id("start-input").fill(json.dumps(execution_input))
    page.get_by_test_id("start-debug").click()


def expect_paused(page: Page, state: str) -> None:
    """Wait until the bar is about a pause at this state."""
    expect(page.get_by_test_id("debug-where")).to_have_attribute("data-state-name", state)


def edit(page: Page, edited: str, text: str) -> None:
    """Give what is paused another input or output, or other variables."""
    page.get_by_test_id(f"edit-{edited}").fill(text)
    page.get_by_test_id(f"edit-{edited}-save").click()
