"""A long history on a whole installation: the server's part of its first rows and the page's."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.browser.executed import Machine, rounds, wait_for_all

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
      .filter(({ name }) => /[/](main|execution-page|event-list)-[^/]*[.]js$/.test(name))
      .map(({ responseEnd }) => responseEnd)),
  };
}
"""


def measure(page: Page, url: str, account: FirstAccount, table: Table) -> None:
    """Run it to its end, then open it."""
    machine = Machine(url, account, "bench-history", rounds())
    execution = machine.start("long", ROUNDS)
    until = time.monotonic() + PATIENCE_SECONDS
    while machine.status(execution) == "RUNNING":
        if time.monotonic() > until:
            raise TimeoutError("the execution does not end")
        time.sleep(0.5)
    for turn in ("first", "second"):
        page.goto(f"/executions/{machine.name}/long")
        page.wait_for_function("() => window.firsts.row > 0")
        wait_for_all(page)
        all_there = page.evaluate("performance.now()")
        told = page.evaluate(MOMENTS)
        events = page.get_by_test_id("event-count").get_attribute("data-count")
        table.line(f"a history of {events} events, {turn} opening", f"{told['pages']} pages")
        table.line("  scripts loaded, from the opening", f"{told['scripts']:.0f} ms")
        table.line("  server: its first page of events", f"{told['server']:.0f} ms")
        there = max(told["scripts"], told["answered"])
        table.most("  page: from both to the first rows", told["rows"] - there, 300)
        table.line("  first rows, from the opening", f"{told['rows']:.0f} ms")
        table.line("  server: all pages", f"{told['every']:.0f} ms")
        table.line("  all loaded, from the opening", f"{all_there:.0f} ms")
