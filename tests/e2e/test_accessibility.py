"""axe finds nothing wrong with any page, in either theme."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from studio.config.embedded import install
from studio.config.embedded.roles import PROJECT
from tests.e2e.installation import ORDERS
from tests.e2e.screens import ExecutionScreen, machine_row
from tests.e2e.workflows import Workflows, gate, in_sequence

pytestmark = pytest.mark.e2e

AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
"""The second is what the browser of the tests is set to."""


@cache
def axe() -> str:
    """axe-core as eslint's accessibility rules bring it."""
    install.frontend_packages()
    return AXE.read_text()


class Examination:
    """What axe has found on the pages of one test."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._problems: dict[str, None] = {}

    def look(self, beside: str = "") -> None:
        """Examine the page as it is now, without the elements that a selector is for.

        In both themes: it follows the system's, so what is open stays open.
        """
        for theme in THEMES:
            self._page.emulate_media(color_scheme=theme)
            self._page.wait_for_function(
                "(theme) => document.documentElement.classList.contains('dark')"
                " === (theme === 'dark')",
                arg=theme,
            )
            self._look(theme, beside)

    def _look(self, theme: str, beside: str) -> None:
        # A colour half-way between two is nobody's colour.
        self._page.evaluate(
            "Promise.all(document.getAnimations()"
            ".filter((each) => each.effect.getComputedTiming().endTime < Infinity)"
            ".map((each) => each.finished.catch(() => null)))"
        )
        # Not a script element: the page's policy forbids one.
        if not self._page.evaluate("'axe' in window"):
            self._page.evaluate(f"() => {{ {axe()} }}")
        found: list[dict[str, Any]] = self._page.evaluate(
            "(beside) => axe.run({include: document, ...(beside && {exclude: beside})},"
            " {resultTypes: ['violations']}).then(({ violations }) => violations)",
            beside,
        )
        for rule in found:
            for node in rule["nodes"]:
                where = f"{theme}, {' '.join(map(str, node['target']))}"
                text = f"{rule['id']}: {where}\n  {node['html'][:160]}\n  {node['failureSummary']}"
                self._problems[text] = None

    def verdict(self) -> None:
        """Fail with everything that was found."""
        if self._problems:
            pytest.fail("\n".join(self._problems), pytrace=False)


@pytest.fixture
def examination(page: Page) -> Examination:
    return Examination(page)


def test_a_chosen_theme_is_kept(page: Page) -> None:
    document = page.locator("html")
    page.goto("/")
    expect(document).not_to_have_class("dark")
    page.get_by_role("button", name="Dark theme").click()
    # The pages that the server draws have it too.
    for address in ("/", "/decide/nobody-signed-this/"):
        page.goto(address)
        expect(document).to_have_class("dark")
        assert brightness(page) < 60
    page.goto("/")
    page.get_by_role("button", name="Light theme").click()
    page.emulate_media(color_scheme="dark")
    page.reload()
    page.get_by_test_id("machine-row").first.wait_for()
    expect(document).not_to_have_class("dark")
    assert brightness(page) > 200


def brightness(page: Page) -> float:
    """Of the page's background, from 0 to 255."""
    shown: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (int(each) for each in re.findall(r"\d+", shown)[:3])
    return (red + green + blue) / 3


@pytest.mark.browser_context_args(storage_state=None)
def test_signing_in(page: Page, examination: Examination) -> None:
    page.goto("/sign-in/")
    examination.look()
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    examination.look()
    examination.verdict()


def test_the_list_and_its_start_dialog(page: Page, examination: Examination) -> None:
    page.goto("/")
    row = machine_row(page, "orders")
    row.wait_for()
    examination.look()
    row.get_by_test_id("start-with").click()
    page.get_by_test_id("start-input").fill('{"broken": ')
    expect(page.get_by_test_id("start-problem")).not_to_be_empty()
    examination.look()
    examination.verdict()


def test_a_state_machine(page: Page, workflows: Workflows, examination: Examination) -> None:
    execution = workflows.start("orders", {})
    workflows.wait_for_end(execution)
    page.goto("/state-machines/orders")
    page.get_by_test_id("execution-row").first.wait_for()
    page.get_by_test_id("state-card").first.wait_for()
    examination.look()
    examination.verdict()


def test_a_running_execution(
    page: Page, screen: ExecutionScreen, workflows: Workflows, examination: Examination
) -> None:
    execution = workflows.start_with_gates(in_sequence(Hold=gate("middle")), "middle")
    screen.open(execution.path)
    screen.expect_state("Hold", "RUNNING")
    screen.select("Hold")
    examination.look()
    page.get_by_test_id("stop-execution").click()
    page.get_by_test_id("stop-error").wait_for()
    examination.look()
    workflows.open("middle")
    examination.verdict()


def test_a_failed_execution(
    page: Page, screen: ExecutionScreen, workflows: Workflows, examination: Examination
) -> None:
    order = json.loads((ORDERS / "inputs" / "payment-declined.json").read_text())
    execution = workflows.start("orders", {**order, "paceSeconds": 0})
    assert workflows.wait_for_end(execution) == "FAILED"
    screen.open(execution.path)
    screen.expect_end("FAILED")
    examination.look()
    screen.select("Charge card")
    for tab in ("error", "retries", "input", "definition", "events"):
        screen.tab(tab)
        examination.look()
    examination.verdict()
