"""The designer with 100, 500 and 1,000 states."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.browser.figures import percentile
from benchmarks.browser.window import at_rest, elements_each, panned, rested, zoomed

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from benchmarks.browser.figures import Table


def definition(states: int) -> dict[str, Any]:
    """So many states, three scopes deep: a Parallel of chains that each hold a Map."""

    def chain(names: list[str]) -> dict[str, Any]:
        following: list[str | None] = [*names[1:], None]
        return {
            "StartAt": names[0],
            "States": {
                name: {"Type": "Pass", **({"Next": after} if after else {"End": True})}
                for name, after in zip(names, following, strict=True)
            },
        }

    branches = []
    for number in range(states // 25):
        scope = chain([f"Pass {number}-{step}" for step in range(12)])
        last = scope["States"][f"Pass {number}-11"]
        del last["End"]
        last["Next"] = f"Each {number}"
        inner = chain([f"Inner {number}-{step}" for step in range(12)])
        each = {"Type": "Map", "ItemProcessor": inner, "End": True}
        scope["States"][f"Each {number}"] = each
        branches.append(scope)
    every = {"Type": "Parallel", "Branches": branches, "End": True}
    return {"StartAt": "All", "States": {"All": every}}


def opened(page: Page, name: str, states: int) -> None:
    """Save a draft of so many states and open it."""
    token = next(each["value"] for each in page.context.cookies() if each["name"] == "csrftoken")
    page.request.put(
        f"/api/drafts/{name}/",
        data={"definition": json.dumps(definition(states), indent=2), "follows": 0},
        headers={"X-CSRFToken": token, "Referer": page.url},
    )
    page.goto(f"/state-machines/{name}/edit")
    page.wait_for_function("() => window.firsts.card > 0")


def _opening(page: Page, table: Table) -> None:
    opened(page, "bench-100", 100)
    painted = float(page.evaluate("() => window.firsts.card"))
    table.most("designer, 100 states: opened to first paint", painted, 1000)
    table.most("  opened until it answers at once", max(painted, at_rest(page)), 1000)
    opened(page, "bench-1000", 1000)
    paint = float(
        page.evaluate(
            """() => window.firsts.card - Math.max(...performance.getEntriesByType('resource')
                 .filter(({ name }) => name.includes('/api/drafts/'))
                 .map(({ responseEnd }) => responseEnd))"""
        )
    )
    table.most("designer, 1,000 states: data to first paint", paint, 500)


def _frames(page: Page, table: Table) -> None:
    page.goto("about:blank")
    empty = rested(page)
    shown = f"{percentile(empty, 0.95):.1f} / {max(empty):.0f} ms"
    table.line("an empty page: p95 / worst frame", shown)
    page.goto("/")
    opened(page, "bench-1000", 1000)
    table.line("designer, 1,000 states:", "")
    page.locator(".cm-content").wait_for()
    at_rest(page)
    table.frames("  pan, start view", panned(page))
    table.frames("  zoom, start view", zoomed(page))
    page.get_by_test_id("graph").focus()
    page.keyboard.press("0")
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid=state-card]').length >= 900"
    )
    table.most("  elements of the graph a state, all in view", elements_each(page), 12, "elements")
    table.frames("  pan, all in view", panned(page))
    at_rest(page)
    table.frames("  zoom, all in view", zoomed(page))


def _diagnostics(page: Page, table: Table) -> None:
    opened(page, "bench-500", 500)
    page.locator(".cm-content").wait_for()
    page.get_by_test_id("below-problems").click()
    page.keyboard.press("Escape")
    page.get_by_test_id("graph").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    field = page.get_by_test_id("field-OutputPath")
    for text, what in (("wrong", "come"), ("$", "are gone")):
        field.fill(text)
        at_rest(page)
        took = page.evaluate(
            """(problems) => new Promise((done) => {
              const begin = performance.now();
              const shown = () => document.querySelector(
                '[data-testid=below-problems] .card-count') !== null;
              const look = () => (shown() === problems)
                ? requestAnimationFrame(() => done(performance.now() - begin))
                : requestAnimationFrame(look);
              document.activeElement.blur();
              requestAnimationFrame(look);
            })""",
            text == "wrong",
        )
        table.most(f"designer, 500 states: an edit until diagnostics {what}", float(took), 300)


PARTS = {"opening": _opening, "frames": _frames, "diagnostics": _diagnostics}
