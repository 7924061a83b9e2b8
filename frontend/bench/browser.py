"""What the execution page costs in a browser, beside its budgets.

    npm run build && ../.venv/bin/python bench/browser.py

Frames are those of a headless Chromium that draws without a graphics card: slower than a person's,
and slower still on a machine that does other work meanwhile.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from playwright.sync_api import Page, sync_playwright
from stand_in import History, StandIn, definition, history

EVENTS, PER_SECOND, SECONDS = 25_000, 1000, 10
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Notes when each thing is first in the page and painted: two frames later.
FIRSTS = """
window.firsts = {};
const wanted = { card: '[data-testid=state-card]', row: '[data-testid=event-row]' };
const watch = new MutationObserver(() => {
  for (const [name, selector] of Object.entries(wanted)) {
    if (name in window.firsts || !document.querySelector(selector)) continue;
    window.firsts[name] = null;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.firsts[name] = performance.now();
    }));
  }
});
watch.observe(document, { subtree: true, childList: true });
"""

# Times between frames, in milliseconds, while `move(n)` is called before each.
FRAMES = """
(ms, move) => new Promise((done) => {
  const times = [];
  const begin = performance.now();
  let last = begin;
  const frame = (now) => {
    times.push(now - last);
    last = now;
    if (now - begin > ms) done(times.slice(2));
    else { move(times.length); requestAnimationFrame(frame); }
  };
  requestAnimationFrame(frame);
})
"""


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


def report(what: str, measured: str, budget: str) -> None:
    """Print one line of the table."""
    print(f"{what:<58}{measured:>22}   {budget}", flush=True)


def opened(page: Page, address: str, name: str) -> None:
    """Open an execution and wait until its first cards are painted."""
    page.goto(f"{address}/executions/bench/{name}")
    page.wait_for_function("window.firsts.card > 0 && window.firsts.row > 0")


def since_data(page: Page, what: str) -> float:
    """Milliseconds from the first page of events to the paint of something."""
    return float(
        page.evaluate(
            """(what) => window.firsts[what] - Math.min(...performance.getEntriesByType('resource')
                 .filter(({ name }) => name.includes('/events/'))
                 .map(({ responseEnd }) => responseEnd))""",
            what,
        )
    )


def fitted(page: Page) -> float:
    """Show everything; milliseconds until all cards are painted."""
    return float(
        page.evaluate(
            """(states) => new Promise((done) => {
              const begin = performance.now();
              const look = () => {
                const cards = document.querySelectorAll('[data-testid=state-card]').length;
                if (cards < states) requestAnimationFrame(look);
                else requestAnimationFrame(() => done(performance.now() - begin));
              };
              window.dispatchEvent(new KeyboardEvent('keydown', { key: '0' }));
              requestAnimationFrame(look);
            })""",
            STATES,
        )
    )


def panned(page: Page) -> list[float]:
    """Drag the canvas with the mouse for three seconds."""
    return list(
        page.evaluate(
            f"""() => {{
              const pane = document.querySelector('.react-flow__pane');
              const box = pane.getBoundingClientRect();
              const at = (type, n) => (type === 'mousedown' ? pane : window).dispatchEvent(
                new MouseEvent(type, {{ bubbles: true, cancelable: true, view: window, buttons: 1,
                  clientX: box.left + box.width / 2 + 160 * Math.sin(n / 14),
                  clientY: box.top + box.height / 2 + 120 * Math.cos(n / 14) }}));
              at('mousedown', 0);
              return ({FRAMES})(3000, (n) => at('mousemove', n)).finally(() => at('mouseup', 0));
            }}"""
        )
    )


def measure(page: Page, address: str) -> None:
    """Take every figure in turn."""
    page.goto("about:blank")
    idle: list[float] = page.evaluate(f"() => ({FRAMES})(2000, () => undefined)")
    report("an empty page on this machine: p95 / worst frame", frames(idle), "")
    report(
        "  load of the machine, one minute", f"{os.getloadavg()[0]:.1f}", f"{os.cpu_count()} cores"
    )

    opened(page, address, "still")
    paint = since_data(page, "card")
    report(f"{STATES} states: data to first paint (start view)", f"{paint:.0f} ms", "500 ms")
    report("  pan, start view: p95 / worst frame", frames(panned(page)), "17 / 50 ms")
    report("  all of them mounted and painted (fit)", f"{fitted(page):.0f} ms", "500 ms")
    counts: dict[str, Any] = page.evaluate(
        """() => {
          const cards = [...document.querySelectorAll('.react-flow__node-card')];
          const all = document.querySelector('.graph').getElementsByTagName('*').length;
          const own = cards.map((card) => 1 + card.getElementsByTagName('*').length);
          const states = document.querySelectorAll('[data-testid=state-card]').length;
          return { most: Math.max(...own), all: all / states };
        }"""
    )
    each = f"{counts['most']} / {counts['all']:.1f}"
    report("  elements of a card / of the graph a state", each, "12")
    report("  pan, all in view: p95 / worst frame", frames(panned(page)), "17 / 50 ms")

    for view in ("start view, following", "all in view"):
        opened(page, address, "burst")
        if view == "all in view":
            fitted(page)
        page.wait_for_function("document.querySelectorAll('[data-status=RUNNING]').length > 3")
        times: list[float] = page.evaluate(f"() => ({FRAMES})({SECONDS * 1000}, () => undefined)")
        rate = len(times) / SECONDS
        seen = int(page.get_by_test_id("event-count").get_attribute("data-count") or 0)
        report(f"{PER_SECOND} events/s for {SECONDS} s, {view}", f"{rate:.1f} frames/s", "55")
        report("  p95 / worst frame; events shown", f"{frames(times)}; {seen}", "")

    opened(page, address, "long")
    report(f"{EVENTS} events: data to first rows", f"{since_data(page, 'row'):.0f} ms", "300 ms")
    page.wait_for_selector(f'[data-testid=event-count][data-count="{EVENTS}"]')
    loaded = float(page.evaluate("performance.now()"))
    report("  all loaded, from the opening of the page", f"{loaded:.0f} ms", "")
    scrolled: list[float] = page.evaluate(
        f"""() => {{
          const box = document.querySelector('.events-rows');
          box.dispatchEvent(new WheelEvent('wheel', {{ bubbles: true }}));
          box.scrollTop = 0;
          return ({FRAMES})(4000, () => {{ box.scrollTop += 90; }});
        }}"""
    )
    report("  scrolling: p95 / worst frame", frames(scrolled), "17 ms")
    elements = page.evaluate("document.querySelector('.events').getElementsByTagName('*').length")
    report("  elements of the list", str(elements), "400")


def frames(times: list[float]) -> str:
    """The 95th percentile and the worst."""
    return f"{p95(times):.1f} / {max(times):.0f} ms"


def states_of(scope: dict[str, Any]) -> int:
    """How many states there are, at any depth."""
    return sum(
        1
        + sum(map(states_of, state.get("Branches", [])))
        + (states_of(state["ItemProcessor"]) if "ItemProcessor" in state else 0)
        for state in scope["States"].values()
    )


STATES = states_of(definition())


def main() -> None:
    """Serve, open, measure, print."""
    burst = History()
    while len(burst.events) < PER_SECOND * (SECONDS + 5):
        burst.round()
    server = StandIn(burst.events, history(EVENTS), PER_SECOND)
    threading.Thread(target=server.run, daemon=True).start()
    server.ready.wait()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        # Reduced motion: a glide would be measured as time to paint.
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.add_init_script(FIRSTS)
        page.on("pageerror", lambda error: print("error in the page:", error))
        report("", "measured", "budget")
        measure(page, f"http://127.0.0.1:{server.port}")
        browser.close()


if __name__ == "__main__":
    main()
