"""Take the documentation's pictures anew: execution.png, execution-dark.png, designer.png.

    .venv/bin/python -m tests.e2e.take_pictures

An order whose card processor does not answer is photographed while it waits for the next attempt;
its workflow is photographed in the designer, with a state selected.
"""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from studio.config.embedded.roles import PROJECT
from studio.config.embedded.stack import FirstAccount, Stack
from tests.e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, PATIENCE_MS
from tests.e2e.installation import ORDERS, account_of, boto3_client, running_stack
from tests.e2e.screens import ExecutionScreen, sign_in
from tests.e2e.workflows import Workflows

FOLDER = PROJECT / "docs" / "images"
MOST_BYTES = 200_000
PICTURES = {"light": ("execution.png", "order-1042"), "dark": ("execution-dark.png", "order-1043")}


def main() -> None:
    """Take every picture on an installation of their own."""
    expect.set_options(timeout=PATIENCE_MS)
    with (
        tempfile.TemporaryDirectory(prefix="stepwell-pictures-") as folder,
        running_stack(Path(folder) / "var") as stack,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS) as browser,
    ):
        for theme, (file, name) in PICTURES.items():
            keep(file, photograph(browser, stack, theme, name))
        keep("designer.png", photograph_designer(browser, stack.url, account_of(stack)))


def keep(file: str, picture: bytes) -> None:
    """Put a picture where the documentation looks for it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / file).write_bytes(picture)
    print(f"{FOLDER / file}: {len(picture):,} bytes")


def photograph(browser: Browser, stack: Stack, theme: str, name: str) -> bytes:
    """Start an order and catch it between the third and the fourth attempt to charge the card."""
    context = browser.new_context(
        base_url=stack.url,
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
    )
    try:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto("/")
        sign_in(page, account_of(stack))
        page.get_by_test_id("machine-row").first.wait_for()
        order = json.loads((ORDERS / "inputs" / "processor-down.json").read_text())
        with boto3_client(stack) as sfn:
            workflows = Workflows(sfn, Path())
            execution = workflows.start("orders", {**order, "paceSeconds": 1}, name)
            screen = ExecutionScreen(page)
            screen.open(execution.path)
            screen.card("Charge card").get_by_test_id("card-retry-due").wait_for()
            # The view has followed the execution to here; selecting must not change it.
            screen.card("Charge card").click()
            retries = screen.tab("retries")
            failed = retries.locator('[data-testid="attempt"][data-status="FAILED"]')
            expect(failed).to_have_count(3)
            page.mouse.move(0, 0)
            picture = page.screenshot()
            assert workflows.status(execution) == "RUNNING"
            workflows.sfn.stop_execution(executionArn=execution.arn)
    finally:
        context.close()
    return small(picture)


def photograph_designer(browser: Browser, url: str, account: FirstAccount) -> bytes:
    """The workflow of the orders in the designer, the state that reserves an item selected."""
    context = browser.new_context(
        base_url=url, viewport={"width": 1280, "height": 800}, color_scheme="light", locale="en-GB"
    )
    try:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto("/")
        sign_in(page, account)
        page.get_by_test_id("machine-row").first.wait_for()
        page.goto("/state-machines/orders/edit")
        page.locator("[data-testid=code-pane] .cm-content").wait_for()
        page.locator('[data-testid=state-card][data-state-name="Reserve item"]').click()
        expect(page.get_by_test_id("inspector")).to_have_attribute(
            "data-state-name", "Reserve item"
        )
        page.mouse.move(0, 0)
        page.wait_for_timeout(1000)  # The view glides, and the code's scroll position settles.
        return small(page.screenshot())
    finally:
        context.close()


def small(picture: bytes) -> bytes:
    """The same picture with few enough colours for a README."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    out = io.BytesIO()
    image.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    assert out.tell() <= MOST_BYTES, f"{out.tell():,} bytes are too many"
    return out.getvalue()


if __name__ == "__main__":
    main()
