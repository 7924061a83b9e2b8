"""The page of an execution alone: painting, panning, bursts, long lists, a Map of thousands."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from benchmarks.browser.figures import percentile
from benchmarks.browser.stand_in import Served, StandIn
from benchmarks.browser.window import (
    at_rest,
    elements_each,
    fitted,
    panned,
    pressed,
    rested,
    scrolled,
    since_data,
    window,
)
from benchmarks.browser.written import branching, burst, histories, many_items

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from benchmarks.browser.figures import Table

EVENTS, PER_SECOND, SECONDS, ITEMS = 25_000, 1000, 10, 5000


def measure(part: str, table: Table) -> None:
    """Serve, open, measure one of ``MEASURES``, print."""
    server = StandIn(
        {
            "small": Served(branching(4), burst(100, 4)),
            "still": Served(branching(), histories(1)),
            "burst": Served(branching(), burst(PER_SECOND * (SECONDS + 6)), PER_SECOND),
            "long": Served(branching(), histories(EVENTS)),
            "items": Served(*many_items(ITEMS)),
        }
    )
    threading.Thread(target=server.run, daemon=True).start()
    server.ready.wait()
    with window(f"http://127.0.0.1:{server.port}") as page:
        page.goto("about:blank")
        times = rested(page)
        rate = 1000 * len(times) / sum(times)
        table.line(f"{part}: an empty page on this machine", f"{rate:.1f} frames/s")
        table.line("  p95 / worst frame", _frames(times))
        MEASURES[part](page, table)


def _opened(page: Page, name: str, more: str = "") -> None:
    """Open an execution and wait until its first cards are painted."""
    page.goto(f"/executions/bench/{name}{more}")
    page.wait_for_function("window.firsts.card > 0")


def _opening(page: Page, table: Table) -> None:
    _opened(page, "small")
    painted = float(page.evaluate("() => window.firsts.card"))
    table.most("execution, 100 states: opened to first paint", painted, 1000)
    table.most("  opened until it answers at once", max(painted, at_rest(page)), 1000)


def _graph(page: Page, table: Table) -> None:
    states = _states_of(branching())
    _opened(page, "still")
    paint = since_data(page, "card", "/events/")
    table.most(f"{states} states: data to first paint (start view)", paint, 500)
    table.frames("  pan, start view", panned(page))
    table.most("  all of them mounted and painted (fit)", fitted(page, states), 500)
    table.most("  elements of the graph a state", elements_each(page), 12, "elements")
    table.frames("  pan, all in view", panned(page))


def _burst(page: Page, table: Table) -> None:
    for view in ("start view, following", "all in view", "the table below", "the timeline below"):
        below = view.split()[1] if view.endswith("below") else ""
        _opened(page, "burst", f"?below={below}" if below else "")
        if view == "all in view":
            fitted(page, _states_of(branching()))
        page.wait_for_function("document.querySelectorAll('[data-status=RUNNING]').length > 3")
        times = rested(page, SECONDS)
        what = f"{PER_SECOND} events/s for {SECONDS} s, {view}"
        table.least(what, 1000 * len(times) / sum(times), 55, "frames/s")
        table.line("  p95 / worst frame", _frames(times))


def _long(page: Page, table: Table) -> None:
    _opened(page, "long")
    rows = since_data(page, "row", "/events/")
    table.most(f"{EVENTS} events: data to first rows", rows, 300)
    opened = page.evaluate("window.firsts.row")
    table.line("  first rows, from the opening", f"{opened:.0f} ms")
    page.wait_for_selector(f'[data-testid=event-count][data-count="{EVENTS}"]')
    table.line("  all loaded, from the opening", f"{page.evaluate('performance.now()'):.0f} ms")
    table.frames("  scrolling", scrolled(page, ".events-rows"))
    elements = page.evaluate("document.querySelector('.events').getElementsByTagName('*').length")
    table.most("  elements of the list", elements, 400, "elements")
    _lists(page, table)
    stepped: list[float] = page.evaluate(
        """async () => {
          const took = [];
          for (let n = 0; n < 40; n++) {
            const begin = performance.now();
            window.dispatchEvent(new KeyboardEvent('keydown', { key: '[' }));
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            took.push(performance.now() - begin);
          }
          return took;
        }"""
    )
    table.line("  a step back with [ to its paint: p95", f"{percentile(stepped, 0.95):.0f} ms")


def _items(page: Page, table: Table) -> None:
    _opened(page, "items")
    paint = since_data(page, "card", "/events/")
    table.most(f"a Map of {ITEMS} items: data to first paint", paint, 500)
    last = page.locator("[data-testid=map-iterations]").first
    page.wait_for_function(
        "(items) => document.querySelector('[data-testid=map-iterations]')"
        "?.dataset.succeeded === String(items)",
        arg=ITEMS,
    )
    last.wait_for()
    table.line(
        "  all of them counted, from the opening", f"{page.evaluate('performance.now()'):.0f} ms"
    )
    _lists(page, table)
    page.locator("[data-testid=tree-fold] svg").first.click()
    table.frames("  scrolling the table, all items open", scrolled(page, ".tree-grid"))


def _lists(page: Page, table: Table) -> None:
    timeline = pressed(page, "[data-testid=below-timeline]", "[data-segment]")
    table.line("  from the events to the timeline", f"{timeline:.0f} ms")
    rows = pressed(page, "[data-testid=below-table]", "[data-column=status]")
    table.line("  from the timeline to the table", f"{rows:.0f} ms")


def _frames(times: list[float]) -> str:
    return f"{percentile(times, 0.95):.1f} / {max(times):.0f} ms"


MEASURES = {
    "opening": _opening,
    "graph": _graph,
    "burst": _burst,
    "long": _long,
    "items": _items,
}


def _states_of(scope: dict[str, Any]) -> int:
    """How many states there are, at any depth."""
    return sum(
        1
        + sum(map(_states_of, state.get("Branches", [])))
        + (_states_of(state["ItemProcessor"]) if "ItemProcessor" in state else 0)
        for state in scope["States"].values()
    )
