"""What a person does in the designer: with the mouse, or without."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 140
"""Fields and buttons between any two places of the page."""


def spot_selector(before: str, after: str, kind: str = "next") -> str:
    """A "+" on a line: between which states it stands, and what the line means."""
    return f'[data-testid=spot][data-from="{before}"][data-to="{after}"][data-kind="{kind}"]'


def any_spot(before: str, after: str) -> str:
    """A "+" on a line, whatever the line means: it may stand for several rules."""
    return f'[data-testid=spot][data-from="{before}"][data-to="{after}"]'


class Designer:
    """The designer's page, in a tester's words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, name: str) -> None:
        self.page.goto(f"/state-machines/{name}/edit")
        self.page.get_by_test_id("designer").wait_for()
        # CodeMirror has come, too.
        self.page.locator("[data-testid=code-pane] .cm-content").wait_for()

    def open_with(self, name: str, definition: dict[str, Any]) -> None:
        """Open a draft and give it a definition, through the file chooser."""
        self.open(name)
        text = json.dumps(definition, indent=2).encode()
        file = {"name": "it.asl.json", "mimeType": "application/json", "buffer": text}
        self.page.get_by_test_id("open-file").set_input_files([file])  # type: ignore[list-item]
        self.card(definition["StartAt"]).wait_for()

    def card(self, name: str) -> Locator:
        return self.page.locator(f'[data-testid=state-card][data-state-name="{name}"]')

    def spot(self, before: str, after: str, kind: str = "next") -> Locator:
        return self.page.locator(spot_selector(before, after, kind)).first

    def drag(self, item: str, spot: Locator) -> None:
        source = self.page.locator(f'[data-testid=palette-item][data-item="{item}"]')
        source.scroll_into_view_if_needed()
        start, end = source.bounding_box(), spot.bounding_box()
        assert start is not None
        assert end is not None
        mouse = self.page.mouse
        mouse.move(start["x"] + 40, start["y"] + 15)
        mouse.down()
        mouse.move(start["x"] + 80, start["y"] + 40, steps=3)
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
        self.page.locator(".landing-line").wait_for()
        mouse.up()

    def insert_after_selected(self, search: str) -> None:
        self.page.keyboard.press("a")
        self.page.get_by_test_id("insert-search").fill(search)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_test_id("graph")).to_be_focused()

    def selected(self, name: str) -> None:
        """Wait until the inspector is about a state."""
        expect(self.page.get_by_test_id("inspector")).to_have_attribute("data-state-name", name)

    def saved(self) -> None:
        expect(self.page.get_by_test_id("save-status")).to_have_attribute("data-save", "saved")

    def draft(self, name: str) -> dict[str, object]:
        answer = self.page.request.get(f"/api/drafts/{name}/")
        assert answer.ok
        definition: dict[str, object] = json.loads(answer.json()["definition"])
        return definition


class Hands(Designer):
    """Ways to do the same things; the mouse's and the keyboard's are below."""

    def insert(self, item: str, label: str, spot: str) -> None:
        """Put an item of the palette where a "+" is; it is selected then."""
        raise NotImplementedError

    def select(self, name: str) -> None:
        """Have a state's fields in the inspector."""
        raise NotImplementedError

    def fill(self, field: str, text: str, which: int = 0) -> None:
        """Write into a field of the inspector."""
        raise NotImplementedError

    def choose(self, field: str, label: str, which: int = 0) -> None:
        """Choose from a list of the inspector, by what it shows."""
        raise NotImplementedError

    def press(self, button: str) -> None:
        """Press a button of the inspector."""
        raise NotImplementedError

    def publish(self) -> None:
        """Create the state machine."""
        raise NotImplementedError

    def fields(self) -> dict[str, str]:
        """The fields of the state that are one text each, and what they say."""
        said: dict[str, str] = self.page.locator("[data-testid^=field-]").evaluate_all(
            "fields => Object.fromEntries(fields.map((each) => [each.dataset.testid, each.value]))"
        )
        return said


class Mouse(Hands):
    """Drags and clicks."""

    def insert(self, item: str, label: str, spot: str) -> None:
        self.page.get_by_role("button", name="Fit into view").click()
        self.page.mouse.move(700, 120)
        self.settled()
        self.drag(item, self.page.locator(spot).first)

    def settled(self) -> None:
        """Wait until the view stands still: a drop is meant for where a thing is seen."""
        self.page.wait_for_function(
            """() => {
              const now = document.querySelector('.sheet-plane').style.transform;
              const still = window.lastView === now;
              window.lastView = now;
              return still;
            }""",
            polling="raf",
        )

    def select(self, name: str) -> None:
        if not self.page.get_by_test_id("outline").count():
            self.page.get_by_role("button", name="Outline of the states").click()
        row = f'[data-testid=outline-row][data-state-name="{name}"]'
        self.page.locator(row).click()
        self.selected(name)

    def fill(self, field: str, text: str, which: int = 0) -> None:
        box = self.page.get_by_test_id(field).nth(which)
        box.fill(text)
        box.blur()

    def choose(self, field: str, label: str, which: int = 0) -> None:
        self.page.get_by_test_id(field).nth(which).select_option(label=label)

    def press(self, button: str) -> None:
        self.page.get_by_test_id(button).click()

    def publish(self) -> None:
        self.page.get_by_test_id("publish").click()


class Keyboard(Hands):
    """Keys only: the mouse stays where it is."""

    def tab_to(self, selector: str, which: int = 0) -> None:
        """Tab, forwards or backwards, to an element."""
        self.page.locator(selector).nth(which).wait_for(state="attached")
        # How many stops there are on the way; asking after each of them would take as long again.
        stops = """([selector, which]) => {
          const wanted = document.querySelectorAll(selector)[which];
          const now = document.activeElement;
          if (!wanted || wanted === now) return 0;
          const back = now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING;
          const between = (each) => back
            ? each.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING
              && wanted.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING
            : now.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING
              && each.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING;
          const stops = 'a[href], button, input, select, textarea, [tabindex], [contenteditable]';
          const count = [...document.querySelectorAll(stops)].filter((each) =>
            each.tabIndex >= 0 && !each.matches(':disabled') && each.checkVisibility()
            && between(each)).length;
          return back ? -1 - count : 1 + count;
        }"""
        pressed = 0
        while pressed < MOST_TABS:
            way: int = self.page.evaluate(stops, [selector, which])
            if way == 0:
                return
            for _ in range(abs(way)):
                self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
            pressed += abs(way)
        at = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"{selector} cannot be reached with Tab. The focus is at {at}.")

    def to_canvas(self) -> None:
        """Leave a field or a list for the canvas."""
        canvas = self.page.get_by_test_id("graph")
        if self.page.evaluate("document.activeElement.closest('[data-testid=inspector]')"):
            self.page.keyboard.press("Escape")
        else:
            self.tab_to("[data-testid=graph]")
        expect(canvas).to_be_focused()

    def insert(self, item: str, label: str, spot: str) -> None:
        self.to_canvas()
        beside_it = re.findall(r'data-(?:from|to)="([^"]+)"', spot)
        if beside_it and not self.page.locator(spot).count():
            # Out of view: going to a state brings what is around it.
            self.select(beside_it[0])
            self.to_canvas()
        self.page.locator(spot).first.wait_for()
        if not self.page.locator(f"{spot}[tabindex='0']").count():
            beside = self.page.locator(spot).first
            self.select(beside.get_attribute("data-from") or beside.get_attribute("data-to") or "")
            self.to_canvas()
        self.tab_to(spot)
        self.page.keyboard.press("Enter")
        self.page.locator("[data-testid=insert-search]:focus").wait_for()
        self.page.keyboard.insert_text(label)
        option = self.page.locator("[data-testid=insert-option][aria-selected=true]")
        expect(option).to_contain_text(re.compile(label.split(" ")[0], re.IGNORECASE))
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_test_id("graph")).to_be_focused()

    def select(self, name: str) -> None:
        self.to_canvas()
        self.page.keyboard.press("o")
        self.page.locator("[data-testid=outline-row]:focus").wait_for()
        way: int = self.page.evaluate(
            """(name) => {
              const rows = [...document.querySelectorAll('[data-testid=outline-row]')];
              const now = rows.indexOf(document.activeElement);
              return rows.findIndex(({ dataset }) => dataset.stateName === name) - now;
            }""",
            name,
        )
        for _ in range(abs(way)):
            self.page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
        self.page.keyboard.press("Enter")
        self.selected(name)
        self.page.locator("[data-testid=state-name]:focus").wait_for()

    def into_inspector(self) -> None:
        """Go to the fields of what is selected."""
        if not self.page.evaluate("document.activeElement.closest('[data-testid=inspector]')"):
            self.to_canvas()
            self.page.keyboard.press("Enter")
            self.page.locator("[data-testid=state-name]:focus").wait_for()

    def fill(self, field: str, text: str, which: int = 0) -> None:
        self.into_inspector()
        self.tab_to(f"[data-testid='{field}']", which)
        if self.page.evaluate("document.activeElement.value !== ''"):
            self.page.keyboard.press("Control+a")
        if text:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.press("Delete")
        self.page.keyboard.press("Tab")

    def choose(self, field: str, label: str, which: int = 0) -> None:
        self.into_inspector()
        self.tab_to(f"[data-testid='{field}']", which)
        box = self.page.get_by_test_id(field).nth(which)
        way: int = box.evaluate(
            """(box, label) =>
              [...box.options].findIndex((each) => each.text === label) - box.selectedIndex""",
            label,
        )
        self.page.keyboard.press("Space")
        for _ in range(abs(way)):
            self.page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
        self.page.keyboard.press("Enter")
        expect(box.locator("option:checked")).to_have_text(label)

    def press(self, button: str) -> None:
        self.into_inspector()
        self.tab_to(f"[data-testid='{button}']")
        self.page.keyboard.press("Enter")

    def publish(self) -> None:
        self.to_canvas()
        self.tab_to("[data-testid=publish]")
        self.page.keyboard.press("Enter")


def build_orders(hands: Hands, wanted: dict[str, Any]) -> None:
    """Draw the example *orders* on an empty canvas: its states, their lines, then their fields."""
    states: dict[str, dict[str, Any]] = wanted["States"]

    def put(item: str, name: str, spot: str, label: str = "") -> None:
        hands.insert(item, label or item, spot)
        if hands.page.get_by_test_id("state-name").input_value() != name:
            hands.fill("state-name", name)
        hands.selected(name)

    def after(name: str) -> str:
        return spot_selector(name, "")

    # The way on which all goes well.
    put("Validate order", "Validate order", ".spot-empty")
    put("Wait", "Pause before reserving", after("Validate order"), "wait lets")
    put("Map", "Reserve items", after("Pause before reserving"), "map does")
    put("Reserve item", "Reserve item", ".spot-empty")
    put("Wait", "Pause before payment", after("Reserve items"), "wait lets")
    put("Charge card", "Charge card", after("Pause before payment"))
    put("Wait", "Pause before saving", after("Charge card"), "wait lets")
    put("Save order", "Save order", after("Pause before saving"))
    put("Parallel", "Tell everybody", after("Save order"), "parallel does")
    put("Confirm order", "Confirm order", ".spot-empty")
    put("Count sale", "Count sale", ".spot-empty")
    put("Pass", "Order complete", after("Tell everybody"), "pass reshapes")

    # What is wrong with an order ends it before anything was touched.
    hands.select("Validate order")
    hands.press("add-catcher")
    hands.choose("catcher-next", "Order complete")
    caught = spot_selector("Validate order", "Order complete", "catch")
    put("Pass", "Explain rejection", caught, "pass reshapes")
    put("Fail", "Order rejected", spot_selector("Explain rejection", "Order complete"), "fail ends")

    # What fails later is undone.
    hands.select("Reserve items")
    hands.press("add-catcher")
    hands.choose("catcher-next", "Order complete")
    put(
        "Begin compensation",
        "Begin compensation",
        spot_selector("Reserve items", "Order complete", "catch"),
    )
    undo = spot_selector("Begin compensation", "Order complete")
    put("Map", "Undo each step", undo, "map does")
    put("Release item", "Release item", ".spot-empty")
    put("Choice", "What to undo", spot_selector("", "Release item"), "choice goes")
    # A line that stands for a rule and the default leads both through what is inserted on it.
    put("Refund payment", "Refund payment", any_spot("What to undo", "Release item"))
    hands.select("What to undo")
    hands.choose("choice-default", "Release item")
    hands.select("Refund payment")
    hands.choose("state-next", "end")
    put("Cancel order", "Cancel order", spot_selector("Undo each step", "Order complete"))
    put("Tell customer", "Tell customer", spot_selector("Cancel order", "Order complete"))
    end = spot_selector("Tell customer", "Order complete")
    put("Fail", "Order cancelled", end, "fail ends")

    # Three ways to pay, and one that the shop does not know.
    choice = spot_selector("Pause before payment", "Charge card")
    put("Choice", "Choose payment", choice, "choice goes")
    ways = ["Charge card", "Send invoice", "Redeem voucher", "Unknown payment method"]
    for index, (before, name) in enumerate(pairwise(ways)):
        if index > 0:
            hands.select("Choose payment")
            hands.press("add-rule")
        item, typed = (name, name) if index < 2 else ("Pass", "pass reshapes")
        put(item, name, any_spot("Choose payment", before), typed)
        hands.select("Choose payment")
        hands.choose("rule-next", before, index)
        hands.select(name)
        hands.choose("state-next", "Pause before saving" if index < 2 else "Begin compensation")

    write_fields(hands, states)


def every_state(states: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The states of all scopes by name."""
    found: dict[str, dict[str, Any]] = {}
    for name, state in states.items():
        found[name] = state
        for scope in [*state.get("Branches", []), state.get("ItemProcessor", {"States": {}})]:
            found |= every_state(scope["States"])
    return found


def write_fields(hands: Hands, states: dict[str, Any]) -> None:
    """Say in the inspector what every state does, with its catchers and the rules of Choices."""
    for name, state in every_state(states).items():
        hands.select(name)
        # From the top of the inspector to its end: the way of whoever goes with Tab.
        if "Comment" in state:
            hands.fill("state-comment", state["Comment"])
        if state["Type"] == "Wait":
            hands.choose("wait-form", "for seconds from the input")
            hands.fill("wait-value", state["SecondsPath"])
        for index, rule in enumerate(state.get("Choices", [])):
            hands.fill("rule-variable", rule["Variable"], index)
            hands.choose("rule-operator", "is the text", index)
            hands.fill("rule-value", rule["StringEquals"], index)
        for field, before in hands.fields().items():
            value = state.get(field.removeprefix("field-"))
            text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
            if before != text and (before == "" or text == "" or not same_json(before, text)):
                hands.fill(field, text)
        # One with all of its retriers; the others have the same.
        if name == "Charge card":
            write_retriers(hands, state["Retry"])
        for index, catcher in enumerate(state.get("Catch", [])):
            if hands.page.get_by_test_id("catcher").count() == index:
                hands.press("add-catcher")
            hands.fill("catcher-errors", ", ".join(catcher["ErrorEquals"]), index)
            hands.choose("catcher-next", catcher["Next"], index)
            hands.fill("catcher-ResultPath", catcher["ResultPath"], index)


def write_retriers(hands: Hands, retry: list[dict[str, Any]]) -> None:
    """Add retriers with all their numbers."""
    for index, retrier in enumerate(retry):
        hands.press("add-retrier")
        hands.fill("retrier-errors", ", ".join(retrier["ErrorEquals"]), index)
        for field in ("IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds"):
            hands.fill(f"retrier-{field}", str(retrier.get(field, "")), index)


def same_json(one: str, other: str) -> bool:
    """Whether two texts say the same, as JSON or letter by letter."""
    try:
        return bool(json.loads(one) == json.loads(other))
    except json.JSONDecodeError:
        return one == other
