"""What is lost on the way is fetched again: the page ends up with every event."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from studio.config.embedded.stack import Stack
from tests.e2e.screens import ExecutionScreen
from tests.e2e.workflows import WITHIN_SECONDS, Started, Workflows, gate, in_sequence

pytestmark = pytest.mark.e2e

# Something happens before, while and after the page is cut off.
THREE_PARTS = in_sequence(
    Begin={"Type": "Pass", "Result": list(range(12)), "ResultPath": "$.items"},
    First_gate=gate("first"),
    Busy={
        "Type": "Map",
        "ItemsPath": "$.items",
        "ResultPath": None,
        "ItemProcessor": in_sequence(Work={"Type": "Pass"}),
    },
    Second_gate=gate("second"),
    Finish={"Type": "Pass"},
)


def assert_nothing_is_missing(
    screen: ExecutionScreen, workflows: Workflows, execution: Started
) -> None:
    """The page has events 1..n, the same that GetExecutionHistory gives."""
    events = screen.events()
    assert [number for number, _ in events] == list(range(1, len(events) + 1))
    assert events == [(event["id"], event["type"]) for event in workflows.history(execution)]
    assert screen.events_received() == len(events)


class Wire:
    """The page's websocket, which can be cut and mended."""

    def __init__(self, page: Page) -> None:
        self.connections = 0
        self.is_cut = False
        self._open: list[WebSocketRoute] = []
        page.route_web_socket("**/stream/", self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        self.connections += 1
        if self.is_cut:
            route.close(code=1012)
        else:
            route.connect_to_server()
            self._open.append(route)

    def cut(self) -> None:
        """Break every connection, and those that are tried from now on."""
        self.is_cut = True
        while self._open:
            self._open.pop().close(code=1012)

    def mend(self) -> None:
        """Let the next attempt through."""
        self.is_cut = False


def test_a_lost_websocket_comes_back_without_a_gap(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    wire = Wire(page)
    execution = workflows.start_with_gates(THREE_PARTS, "first", "second")
    known = workflows.wait_until_entered(execution, "First gate")
    screen.open(execution.path)
    expect(screen.connection).to_have_attribute("data-connection", "live")
    screen.expect_state("First gate", "RUNNING")

    wire.cut()
    expect(screen.connection).to_have_attribute("data-connection", "reconnecting")
    expect(screen.connection).to_contain_text("Reconnecting")
    workflows.open("first")
    missed = workflows.wait_until_entered(execution, "Second gate")
    assert missed > known + 20
    # All that happened meanwhile passed this page by.
    assert screen.events_received() == known
    screen.expect_state("First gate", "RUNNING")

    wire.mend()
    expect(screen.connection).to_have_attribute("data-connection", "live")
    expect(screen.event_count).to_have_attribute("data-count", str(missed))
    screen.expect_state("Busy", "SUCCEEDED")
    screen.expect_state("Second gate", "RUNNING")
    assert wire.connections >= 2

    workflows.open("second")
    screen.expect_end("SUCCEEDED")
    assert_nothing_is_missing(screen, workflows, execution)


def test_messages_lost_on_a_connection_that_stays_up_are_asked_for_again(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    execution = workflows.start_with_gates(THREE_PARTS, "first", "second")
    known = workflows.wait_until_entered(execution, "First gate")
    lost: list[str | bytes] = []

    def lose_what_comes_first(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def tell(message: str | bytes) -> None:
            events = json.loads(message).get("events")
            if not lost and events and events[0]["id"] > known:
                lost.append(message)
            else:
                route.send(message)

        server.on_message(tell)

    page.route_web_socket("**/stream/", lose_what_comes_first)
    screen.open(execution.path)
    expect(screen.connection).to_have_attribute("data-connection", "live")
    workflows.open("first")
    # The second gate is closed: more is said after what is lost.
    until = time.monotonic() + WITHIN_SECONDS
    while not lost and time.monotonic() < until:
        page.wait_for_timeout(50)
    workflows.open("second")
    screen.expect_end("SUCCEEDED")
    assert lost
    assert_nothing_is_missing(screen, workflows, execution)


def test_the_web_server_dies_and_the_page_catches_up(
    page: Page, screen: ExecutionScreen, workflows: Workflows, stack: Stack
) -> None:
    execution = workflows.start_with_gates(THREE_PARTS, "first", "second")
    workflows.wait_until_entered(execution, "First gate")
    screen.open(execution.path)
    expect(screen.connection).to_have_attribute("data-connection", "live")

    pid = stack.kill("web")
    workflows.open("first")
    expect(screen.connection).to_have_attribute("data-connection", "reconnecting")
    stack.wait_ready("web", after=pid)
    # As a browser says when its network is back: the page need not wait out a long delay.
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(screen.connection).to_have_attribute("data-connection", "live")
    screen.expect_state("Second gate", "RUNNING")
    workflows.open("second")
    screen.expect_end("SUCCEEDED")
    assert_nothing_is_missing(screen, workflows, execution)


def test_valkey_dies_and_the_execution_still_ends_before_everybodys_eyes(
    screen: ExecutionScreen, workflows: Workflows, stack: Stack
) -> None:
    execution = workflows.start_with_gates(THREE_PARTS, "first", "second")
    workflows.wait_until_entered(execution, "First gate")
    screen.open(execution.path)
    expect(screen.connection).to_have_attribute("data-connection", "live")

    pid = stack.kill("valkey")
    workflows.open("first")
    workflows.open("second")
    screen.expect_end("SUCCEEDED")
    assert workflows.status(execution) == "SUCCEEDED"
    assert_nothing_is_missing(screen, workflows, execution)
    stack.wait_ready("valkey", after=pid)
    assert stack.failure is None

    # And whoever comes afterwards notices nothing.
    later = workflows.start(workflows.create(in_sequence(Only={"Type": "Pass"})), {})
    screen.open(later.path)
    screen.expect_end("SUCCEEDED")
