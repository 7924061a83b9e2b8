"""The sheet under a graph: dragged, turned with the wheel, pinched, and pressed."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.e2e.designing import Designer

pytestmark = pytest.mark.e2e

FREE = (240, 60)
"""A place of the canvas of *orders* without a card, from its corner: pixels."""


@pytest.fixture
def designer(page: Page) -> Designer:
    opened = Designer(page)
    opened.open("orders")
    return opened


def box_of(card: Locator) -> FloatRect:
    """Where a card is on the screen."""
    box = card.bounding_box()
    assert box is not None
    return box


def free_place(page: Page) -> tuple[float, float]:
    """A point of the window where the sheet itself can be pressed."""
    corner = page.get_by_test_id("graph").bounding_box()
    assert corner is not None
    return corner["x"] + FREE[0], corner["y"] + FREE[1]


def test_neither_the_tools_nor_the_map_cover_a_state_at_the_start(
    page: Page, designer: Designer
) -> None:
    expect(designer.card("Validate order")).to_be_in_viewport(ratio=1)
    page.get_by_test_id("minimap").wait_for()
    covered = page.evaluate(
        """() => {
          const box = (each) => each.getBoundingClientRect();
          const sheet = box(document.querySelector('.sheet'));
          const over = [...document.querySelectorAll('.graph-tools, .minimap')].map(box);
          return [...document.querySelectorAll('.card, .container-header')].filter((card) => {
            const { left, right, top, bottom } = box(card);
            // What lies outside the sheet is not seen anyway.
            return over.some((it) => Math.max(it.left, sheet.left) < right
              && Math.min(it.right, sheet.right) > left
              && Math.max(it.top, sheet.top) < bottom
              && Math.min(it.bottom, sheet.bottom) > top
              && it.right > sheet.left);
          }).map((card) => card.textContent);
        }"""
    )
    assert covered == []


def test_the_name_of_a_wide_container_stays_in_sight(page: Page, designer: Designer) -> None:
    branches = [
        {"StartAt": f"B{n}", "States": {f"B{n}": {"Type": "Pass", "End": True}}} for n in range(12)
    ]
    wide = {"Type": "Parallel", "Branches": branches, "End": True}
    designer.open_with("a-wide-one", {"StartAt": "All at once", "States": {"All at once": wide}})
    name = designer.card("All at once").locator(".container-header .card-name")
    expect(name).to_be_in_viewport(ratio=1)
    name.click()
    designer.selected("All at once")
    # It is the header, and not where the container begins, that was looked for: nothing has moved.
    expect(designer.card("B6")).to_be_in_viewport()
    page.mouse.move(*free_place(page))
    page.mouse.down()
    page.mouse.move(700, 300, steps=4)
    page.mouse.up()
    expect(name).to_be_in_viewport(ratio=1)


def test_a_drag_moves_the_view_and_a_click_selects(page: Page, designer: Designer) -> None:
    card = designer.card("Validate order")
    card.click()
    designer.selected("Validate order")
    before = box_of(card)
    x, y = free_place(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.up()
    after = box_of(card)
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((40, 30), abs=0.5)
    # The end of a drag is no click: what was selected still is.
    designer.selected("Validate order")
    page.mouse.click(x, y)
    expect(page.get_by_test_id("inspector").get_by_role("heading", name="Workflow")).to_be_visible()


def test_the_wheel_zooms_about_the_pointer(page: Page, designer: Designer) -> None:
    card = designer.card("Validate order")
    before = box_of(card)
    page.mouse.move(before["x"], before["y"])
    page.mouse.wheel(0, -200)
    page.wait_for_function(
        """(width) => document.querySelector('[data-state-name="Validate order"]')
             .getBoundingClientRect().width > width * 1.2""",
        arg=before["width"],
    )
    after = box_of(card)
    assert after["width"] / before["width"] == pytest.approx(2**0.4, rel=0.01)
    assert (after["x"], after["y"]) == pytest.approx((before["x"], before["y"]), abs=1)


def test_two_fingers_zoom(page: Page, designer: Designer) -> None:
    card = designer.card("Validate order")
    before = box_of(card)
    x, y = free_place(page)
    session = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": at[0], "y": at[1], "id": index} for index, at in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (x, y), (x + 100, y))
    for apart in (110, 130, 150):
        fingers("touchMove", (x, y), (x + apart, y))
    fingers("touchEnd")
    page.wait_for_function(
        """(width) => document.querySelector('[data-state-name="Validate order"]')
             .getBoundingClientRect().width > width * 1.4""",
        arg=before["width"],
    )


def test_another_workflow_in_the_code_is_shown_from_its_start(
    page: Page, designer: Designer
) -> None:
    designer.open("another-workflow")
    code = page.locator("[data-testid=code-pane] .cm-content")

    def write(states: dict[str, object]) -> None:
        code.click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(json.dumps({"StartAt": next(iter(states)), "States": states}))

    row = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(12)}
    write({**row, "S12": {"Type": "Succeed"}})
    expect(designer.card("S0")).to_be_in_viewport(ratio=1)
    x, y = free_place(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, 4, steps=4)
    page.mouse.up()
    expect(designer.card("S0")).not_to_be_in_viewport(ratio=1)
    write({"Greet": {"Type": "Pass", "End": True}})
    expect(designer.card("Greet")).to_be_in_viewport(ratio=1)
