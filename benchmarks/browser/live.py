"""From a commit of the engine to the paint, while 50 executions run.

An event's time is the moment at which its turn began, before the commit: what is measured here is
a little more than what the budget is of. A paint is the second frame after the page has changed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.browser.figures import percentile
from benchmarks.client import Client

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from benchmarks.browser.figures import Table
    from studio.config.embedded.stack import FirstAccount

EXECUTIONS, SECONDS = 50, 40
PREFIX = "arn:aws:states:us-east-1:123456789012"

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


def ticking() -> dict[str, Any]:
    """A Wait of a second, a Pass and a Choice, round and round: six events a second."""
    more = {"Variable": "$.left", "NumericGreaterThan": 0, "Next": "Tick"}
    left = {"left.$": "States.MathAdd($.left, -1)"}
    return {
        "StartAt": "Tick",
        "States": {
            "Tick": {"Type": "Wait", "Seconds": 1, "Next": "Count"},
            "Count": {"Type": "Pass", "Parameters": left, "Next": "More?"},
            "More?": {"Type": "Choice", "Choices": [more], "Default": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }


def measure(page: Page, url: str, account: FirstAccount, table: Table) -> None:
    """Watch one of them for as long as it runs."""
    client = Client(url, account.access_key_id, account.secret_access_key)
    machine = client.call(
        "CreateStateMachine",
        name="bench-live",
        definition=json.dumps(ticking()),
        roleArn="arn:aws:iam::123456789012:role/bench",
    )["stateMachineArn"]
    for number in range(EXECUTIONS):
        left = json.dumps({"left": SECONDS})
        client.call("StartExecution", stateMachineArn=machine, name=f"e{number}", input=left)
    page.add_init_script(PAINTS)
    page.goto(f"/executions/bench-live/e{EXECUTIONS - 1}")
    page.get_by_test_id("event-row").first.wait_for()
    # What had happened before the page was there is no news.
    before = int(page.get_by_test_id("event-count").get_attribute("data-count") or 0)
    # Once all is there it says nothing more, so that it cannot be seen.
    page.wait_for_selector(
        "[data-testid=connection-status][data-connection=complete]", state="attached"
    )
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
