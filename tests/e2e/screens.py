"""What a person sees and does, by the names that the front end promises to keep."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from studio.config.embedded.stack import FirstAccount

ENDED = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")

# Every status that a card ever showed, in order, as the page changes and not as a test looks.
RECORD_STATUSES = """
window.seen = {};
const note = () => {
  for (const card of document.querySelectorAll('[data-testid=state-card][data-status]')) {
    const list = (window.seen[card.dataset.stateName] ??= []);
    if (list.at(-1) !== card.dataset.status) list.push(card.dataset.status);
  }
};
new MutationObserver(note).observe(document, {
  subtree: true, childList: true, attributes: true, attributeFilter: ['data-status'],
});
"""


def sign_in(page: Page, account: FirstAccount, password: str | None = None) -> None:
    """Fill in the form and send it."""
    page.get_by_label("User name").fill(account.username)
    page.get_by_label("Password").fill(account.password if password is None else password)
    page.get_by_role("button", name="Sign in").click()


def close_by_key(opened: Locator) -> None:
    """Press Escape for a dialog, a menu or a popover; they listen once they have the focus."""
    opened.and_(opened.page.locator(":focus-within")).wait_for()
    opened.page.keyboard.press("Escape")
    opened.wait_for(state="detached")


def machine_row(page: Page, machine: str) -> Locator:
    """A state machine in the list of all."""
    return page.locator(f'[data-testid="machine-row"][data-machine="{machine}"]')


class ExecutionScreen:
    """One execution: its graph, the pane beside it, the events below it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pane = page.get_by_test_id("inspection-pane")
        self.status = page.get_by_test_id("execution-status")
        self.connection = page.get_by_test_id("connection-status")
        self.event_count = page.get_by_test_id("event-count")

    def open(self, path: str) -> None:
        """Go to an execution and wait for its graph."""
        self.page.goto(path)
        self.wait_for_graph()

    def reload(self) -> None:
        """Fetch everything anew."""
        self.page.reload()
        self.wait_for_graph()

    def wait_for_graph(self) -> None:
        """Wait until the cards are there, with their colours."""
        self.page.locator('[data-testid="state-card"][data-status]').first.wait_for()

    def card(self, state: str) -> Locator:
        """A state in the graph."""
        return self.page.locator(f'[data-testid="state-card"][data-state-name="{state}"]')

    def expect_state(self, state: str, status: str) -> None:
        """Wait until a state shows a status."""
        expect(self.card(state)).to_have_attribute("data-status", status)

    def expect_end(self, status: str) -> None:
        """Wait until the execution has ended so and the page has every event."""
        expect(self.status).to_have_attribute("data-status", status)
        expect(self.connection).to_have_attribute("data-connection", "complete")

    def statuses(self) -> dict[str, str]:
        """What each state of the graph shows now."""
        shown: dict[str, str] = self.page.get_by_test_id("state-card").evaluate_all(
            "cards => Object.fromEntries("
            "cards.map(({ dataset }) => [dataset.stateName, dataset.status]))"
        )
        return shown

    def seen(self) -> dict[str, list[str]]:
        """What each state has shown since the page was opened; see RECORD_STATUSES."""
        seen: dict[str, list[str]] = self.page.evaluate("window.seen")
        return seen

    def events_received(self) -> int:
        """How many events the page says it has."""
        return int(self.event_count.get_attribute("data-count") or 0)

    def select(self, state: str) -> None:
        """Click a state, wherever the view is; the pane is about it then."""
        self.page.get_by_role("button", name="Fit into view").click()
        # A container's middle belongs to the states inside it.
        self.card(state).locator(".card-name").first.click()
        expect(self.pane).to_have_attribute("data-state-name", state)

    def tab(self, name: str) -> Locator:
        """Turn to a tab of the pane; what it shows."""
        self.pane.get_by_test_id(f"tab-{name}").click()
        return self.pane.get_by_role("tabpanel")

    def events(self) -> list[tuple[int, str]]:
        """Id and type of every event, read from the list by scrolling through it."""
        rows: list[Any] = self.page.evaluate(
            """async () => {
              const box = document.querySelector('.events-rows');
              const read = new Map();
              const painted = () => new Promise((done) =>
                requestAnimationFrame(() => requestAnimationFrame(done)));
              for (let top = 0; ; top += Math.max(40, box.clientHeight / 2)) {
                box.scrollTop = top;
                await painted();
                for (const { dataset } of box.querySelectorAll('[data-testid=event-row]')) {
                  read.set(Number(dataset.eventId), dataset.eventType);
                }
                if (top > box.scrollHeight) return [...read].sort(([a], [b]) => a - b);
              }
            }"""
        )
        return [(int(number), str(kind)) for number, kind in rows]
