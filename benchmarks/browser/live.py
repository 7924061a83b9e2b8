"""From a commit of the engine to the paint, while 50 executions run.

An event's time is the moment at which its turn began, before the commit: what is measured here is
a little more than what the budget is of. A paint is the second frame after the page has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.browser.executed import Machine, rounds, wait_for_all
from benchmarks.browser.figures import percentile

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from benchmarks.browser.figures import Table
    from studio.config.embedded.stack import FirstAccount

EXECUTIONS, SECONDS = 50, 40

# Milliseconds since the epoch at which the page had been sent so many events, and had painted them.
PAINTS = """
window.receipts = [];
const now = () => performance.timeOrigin + performance.now();
window.WebSocket = class extends WebSocket {
  constructor(...rest) {
    super(...rest);
    this.addEventListener('message', ({ data }) => {
      const told = /"lastEventId":([0-9]+)/.exec(data);
      if (told) window.receipts.push([Number(told[1]), now()]);
    });
  }
};
window.paints = [];
let known = 0;
new MutationObserver(() => {
  const shown = Number(document.querySelector('[data-testid=event-count]')?.dataset.count ?? 0);
  if (shown <= known) return;
  known = shown;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.paints.push([shown, now()]);
  }));
}).observe(document, { subtree: true, childList: true, attributeFilter: ['data-count'] });
"""


# With the Pass and the Choice some six events a second.
TICK = ("Tick", {"Type": "Wait", "Seconds": 1})


def measure(page: Page, url: str, account: FirstAccount, table: Table) -> None:
    """Watch one of them for as long as it runs."""
    machine = Machine(url, account, "bench-live", rounds(TICK))
    for number in range(EXECUTIONS):
        machine.start(f"e{number}", SECONDS)
    page.add_init_script(PAINTS)
    page.goto(f"/executions/{machine.name}/e{EXECUTIONS - 1}")
    page.get_by_test_id("event-row").first.wait_for()
    # What had happened before the page was there is no news.
    before = int(page.get_by_test_id("event-count").get_attribute("data-count") or 0)
    wait_for_all(page)
    paints: list[tuple[int, float]] = page.evaluate("window.paints")
    receipts: list[tuple[int, float]] = page.evaluate("window.receipts")
    events: list[dict[str, Any]] = page.evaluate(
        """async () => {
          const address = `/api${location.pathname}/events/?limit=1000`;
          return (await (await fetch(address)).json()).events;
        }"""
    )
    news = events[before:]
    sent = [_first(receipts, event) - event["timestamp"] * 1000 for event in news]
    drawn = [_first(paints, event) - _first(receipts, event) for event in news]
    took = [_first(paints, event) - event["timestamp"] * 1000 for event in news]
    what = f"commit to paint of {len(took)} events, {EXECUTIONS} executions running"
    table.line(f"{what}: p50", f"{percentile(took, 0.5):.0f} ms")
    table.most("  p95", percentile(took, 0.95), 250)
    table.line("  worst", f"{max(took):.0f} ms")
    table.line("  commit to receipt: p50", f"{percentile(sent, 0.5):.0f} ms")
    table.line("  commit to receipt: p95", f"{percentile(sent, 0.95):.0f} ms")
    table.line("  receipt to paint: p50", f"{percentile(drawn, 0.5):.0f} ms")
    table.most("  receipt to paint: p95", percentile(drawn, 0.95), 50)


def _first(moments: list[tuple[int, float]], event: dict[str, Any]) -> float:
    """When the first of them was that counted the event."""
    return next(at for count, at in moments if count >= event["id"])
