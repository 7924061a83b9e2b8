"""A long history on a whole installation: the server's part of its first rows and the page's."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from benchmarks.client import Client

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from benchmarks.browser.figures import Table
    from studio.config.embedded.stack import FirstAccount

ROUNDS = 6_200
"""Of four events each, which is nearly as many as a history may have."""
PATIENCE_SECONDS = 120

# Milliseconds, since the page was asked for where they are moments.
MOMENTS = """
() => {
  const asked = performance.getEntriesByType('resource')
    .filter(({ name }) => /[/]api[/]executions[/].*[/]events[/]/.test(name));
  const [first] = asked;
  return {
    server: first.responseStart - first.requestStart,
    answered: first.responseEnd,
    rows: window.firsts.row,
    pages: asked.length,
    every: asked.reduce((sum, each) => sum + each.responseStart - each.requestStart, 0),
    scripts: Math.max(...performance.getEntriesByType('resource')
      .filter(({ name, responseEnd }) => name.endsWith('.js') && responseEnd < first.responseEnd)
      .map(({ responseEnd }) => responseEnd)),
  };
}
"""


def counting() -> dict[str, Any]:
    """A Pass and a Choice, round and round."""
    more = {"Variable": "$.left", "NumericGreaterThan": 0, "Next": "Count"}
    left = {"left.$": "States.MathAdd($.left, -1)"}
    return {
        "StartAt": "Count",
        "States": {
            "Count": {"Type": "Pass", "Parameters": left, "Next": "More?"},
            "More?": {"Type": "Choice", "Choices": [more], "Default": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }


def measure(page: Page, url: str, account: FirstAccount, table: Table) -> None:
    """Run it to its end, then open it."""
    client = Client(url, account.access_key_id, account.secret_access_key)
    machine = client.call(
        "CreateStateMachine",
        name="bench-history",
        definition=json.dumps(counting()),
        roleArn="arn:aws:iam::123456789012:role/bench",
    )["stateMachineArn"]
    text = json.dumps({"left": ROUNDS})
    arn = client.call("StartExecution", stateMachineArn=machine, name="long", input=text)
    until = time.monotonic() + PATIENCE_SECONDS
    while client.call("DescribeExecution", executionArn=arn["executionArn"])["status"] == "RUNNING":
        if time.monotonic() > until:
            raise TimeoutError("the execution does not end")
        time.sleep(0.5)
    for turn in ("first", "second"):
        page.goto("/executions/bench-history/long")
        page.wait_for_function("() => window.firsts.row > 0")
        page.wait_for_selector(
            "[data-testid=connection-status][data-connection=complete]", state="attached"
        )
        all_there = page.evaluate("performance.now()")
        told = page.evaluate(MOMENTS)
        events = page.get_by_test_id("event-count").get_attribute("data-count")
        table.line(f"a history of {events} events, {turn} opening", f"{told['pages']} pages")
        table.line("  scripts loaded, from the opening", f"{told['scripts']:.0f} ms")
        table.line("  server: its first page of events", f"{told['server']:.0f} ms")
        table.most("  page: from that to the first rows", told["rows"] - told["answered"], 300)
        table.line("  first rows, from the opening", f"{told['rows']:.0f} ms")
        table.line("  server: all pages", f"{told['every']:.0f} ms")
        table.line("  all loaded, from the opening", f"{all_there:.0f} ms")
