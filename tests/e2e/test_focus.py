"""What closes gives the focus back to where it was, and never takes it from where it went since."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.designing import Designer
from tests.e2e.screens import close_by_key
from tests.e2e.workflows import in_sequence

pytestmark = pytest.mark.e2e

DEFINITION = in_sequence(Weigh={"Type": "Pass"}, Send={"Type": "Pass"})

# The focus goes on in the moment in which the thing is gone: no person is faster.
GO_ON_AT_ONCE = """(closing) => {
  window.after = new Promise((done) => {
    new MutationObserver((_, observer) => {
      if (closing.isConnected) return;
      observer.disconnect();
      document.querySelector('[data-testid=graph]').focus();
      // Behind whatever the closing has left to be done.
      setTimeout(() => setTimeout(() => done(document.activeElement.dataset.testid)), 0);
    }).observe(document, { subtree: true, childList: true });
  });
}"""


@pytest.fixture
def opened(page: Page) -> Designer:
    """The designer with a state selected."""
    designer = Designer(page)
    designer.open_with("focused", DEFINITION)
    designer.card("Weigh").click()
    designer.selected("Weigh")
    return designer


def help_of_a_field(page: Page) -> tuple[Locator, Locator]:
    """Open a popover; its button, and the popover."""
    button = page.get_by_role("button", name="About OutputPath", exact=True)
    button.click()
    return button, page.get_by_test_id("field-help")


def a_menu(page: Page) -> tuple[Locator, Locator]:
    """Open a menu; its button, and the menu."""
    button = page.get_by_role("button", name="Export")
    button.click()
    return button, page.get_by_role("menu")


def a_dialog(page: Page) -> tuple[Locator, Locator]:
    """Open a dialog; where the focus was, and the dialog."""
    graph = page.get_by_test_id("graph")
    graph.focus()
    page.keyboard.press("?")
    return graph, page.get_by_role("dialog", name="Keyboard shortcuts")


def a_dialog_from_a_menu(page: Page) -> tuple[Locator, Locator]:
    """Open a dialog by a menu's item; the menu's button, and the dialog."""
    button = page.get_by_test_id("publish-more")
    button.click()
    page.get_by_test_id("publish-version").click()
    return button, page.get_by_role("dialog", name="Publish a version")


OPENINGS = [help_of_a_field, a_menu, a_dialog, a_dialog_from_a_menu]


def test_it_is_given_back(page: Page, opened: Designer) -> None:
    for opening in OPENINGS:
        opener, shown = opening(page)
        close_by_key(shown)
        expect(opener).to_be_focused()


@pytest.mark.parametrize("opening", OPENINGS)
def test_it_is_not_taken_from_where_it_went_since(
    page: Page, opened: Designer, opening: Callable[[Page], tuple[Locator, Locator]]
) -> None:
    _, shown = opening(page)
    shown.wait_for()
    shown.evaluate(GO_ON_AT_ONCE)
    page.keyboard.press("Escape")
    assert page.evaluate("window.after") == "graph"


@pytest.mark.parametrize("opening", [help_of_a_field, a_menu])
def test_a_press_on_a_field_closes_what_is_open_and_goes_to_the_field(
    page: Page, opened: Designer, opening: Callable[[Page], tuple[Locator, Locator]]
) -> None:
    _, shown = opening(page)
    shown.wait_for()
    field = page.get_by_test_id("field-OutputPath")
    field.click()
    expect(shown).to_have_count(0)
    page.keyboard.type("$.grams")
    expect(field).to_have_value("$.grams")


def test_renaming_by_the_menu_of_a_state_goes_to_its_name(page: Page, opened: Designer) -> None:
    page.get_by_test_id("graph").focus()
    page.keyboard.press("m")
    menu = page.get_by_test_id("state-menu")
    menu.get_by_role("menuitem", name="Rename").click()
    expect(menu).to_have_count(0)
    page.keyboard.type("Put on the scales")
    page.keyboard.press("Enter")
    expect(opened.card("Put on the scales")).to_be_visible()
