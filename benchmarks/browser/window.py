"""A window of a browser, and what is done in it to be measured.

Frames are those of a headless Chromium that draws without a graphics card: slower than a person's,
and slower still on a machine that does other work meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

PATIENCE_MS = 180_000
"""How long something may take before the whole run is given up."""
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


@contextmanager
def window(base_url: str) -> Iterator[Page]:
    """Open a page of a usual size; what throws in it is printed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        page = browser.new_page(
            base_url=base_url,
            viewport={"width": 1440, "height": 900},
            # A glide would be measured as time to paint.
            reduced_motion="reduce",
        )
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(FIRSTS)
        page.on("pageerror", lambda error: print("error in the page:", error))
        yield page
        browser.close()


def since_data(page: Page, what: str, address: str) -> float:
    """Milliseconds from the first answer of an address to the paint of something's first."""
    page.wait_for_function("(what) => window.firsts[what] > 0", arg=what)
    return float(
        page.evaluate(
            """([what, address]) => window.firsts[what] -
                 Math.min(...performance.getEntriesByType('resource')
                   .filter(({ name }) => name.includes(address))
                   .map(({ responseEnd }) => responseEnd))""",
            [what, address],
        )
    )


def at_rest(page: Page) -> float:
    """Wait until nothing has held the page up for half a second; when that began, as it counts."""
    return float(
        page.evaluate(
            """() => new Promise((done) => {
              let busy = 0;
              const note = (list) => {
                for (const each of list.getEntries()) busy = each.startTime + each.duration;
              };
              new PerformanceObserver(note).observe({ type: 'longtask', buffered: true });
              const begin = performance.now();
              const look = () => {
                const now = performance.now();
                if ((now - begin > 500 && now - busy > 500) || now - begin > 60_000) done(busy);
                else setTimeout(look, 50);
              };
              look();
            })"""
        )
    )


def rested(page: Page, seconds: float = 2) -> list[float]:
    """Do nothing."""
    times: list[float] = page.evaluate(f"() => ({FRAMES})({seconds * 1000}, () => undefined)")
    return times


def panned(page: Page) -> list[float]:
    """Drag the canvas with the mouse for three seconds."""
    times: list[float] = page.evaluate(
        f"""() => {{
          const pane = document.querySelector('.sheet');
          const box = pane.getBoundingClientRect();
          const at = (type, n) => (type === 'pointerdown' ? pane : window).dispatchEvent(
            new PointerEvent(type, {{ bubbles: true, cancelable: true, view: window, buttons: 1,
              pointerId: 1, pointerType: 'mouse', isPrimary: true,
              clientX: box.left + box.width / 2 + 160 * Math.sin(n / 14),
              clientY: box.top + box.height / 2 + 120 * Math.cos(n / 14) }}));
          at('pointerdown', 0);
          return ({FRAMES})(3000, (n) => at('pointermove', n)).finally(() => at('pointerup', 0));
        }}"""
    )
    return times


def zoomed(page: Page) -> list[float]:
    """Turn the wheel to and fro for three seconds."""
    times: list[float] = page.evaluate(
        f"""() => {{
          const pane = document.querySelector('.sheet');
          const box = pane.getBoundingClientRect();
          return ({FRAMES})(3000, (n) => pane.dispatchEvent(new WheelEvent('wheel', {{
            bubbles: true, cancelable: true, view: window,
            clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
            deltaY: Math.floor(n / 20) % 2 ? 30 : -30 }})));
        }}"""
    )
    return times


def scrolled(page: Page, box: str, by: int = 90) -> list[float]:
    """Scroll through a list from its start for four seconds."""
    times: list[float] = page.evaluate(
        f"""([selector, by]) => {{
          const box = document.querySelector(selector);
          box.dispatchEvent(new WheelEvent('wheel', {{ bubbles: true }}));
          box.scrollTop = 0;
          return ({FRAMES})(4000, () => {{ box.scrollTop += by; }});
        }}""",
        [box, by],
    )
    return times


def fitted(page: Page, states: int) -> float:
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
            states,
        )
    )


def elements_each(page: Page) -> float:
    """Elements of the graph for every state in it."""
    return float(
        page.evaluate(
            """() => {
              const all = document.querySelector('.graph').getElementsByTagName('*').length;
              return all / document.querySelectorAll('[data-testid=state-card]').length;
            }"""
        )
    )


def pressed(page: Page, selector: str, until: str) -> float:
    """Click; milliseconds until something is there and painted."""
    return float(
        page.evaluate(
            """([selector, until]) => new Promise((done) => {
              const begin = performance.now();
              const look = () => document.querySelector(until)
                ? requestAnimationFrame(() => done(performance.now() - begin))
                : requestAnimationFrame(look);
              document.querySelector(selector).click();
              requestAnimationFrame(look);
            })""",
            [selector, until],
        )
    )
