"""Watching an execution while it happens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.screens import RECORD_STATUSES, ExecutionScreen, machine_row
from tests.e2e.workflows import Workflows, gate, in_sequence

pytestmark = pytest.mark.e2e

COLOURS = ("NOT_REACHED", "RUNNING", "SUCCEEDED")
# The header, the slider, the graph with its pane, and the heading of the lists below them.
AREAS = (".page-header", ".scrubber", ".execution-body", ".events-header")
# Taken only when something fails.
NEVER_REACHED = ("Explain rejection", "Send invoice", "Begin compensation", "Order cancelled")


def test_one_click_starts_orders_and_its_states_change_colour_to_the_end(
    page: Page, screen: ExecutionScreen
) -> None:
    page.add_init_script(RECORD_STATUSES)
    page.goto("/")
    machine_row(page, "orders").get_by_test_id("start-execution").click()
    screen.wait_for_graph()
    screen.expect_end("SUCCEEDED")

    seen = screen.seen()
    # Nothing goes back, and on however slow a machine somebody who looks sees something happen.
    for shown in seen.values():
        assert shown == [status for status in COLOURS if status in shown], seen
    pauses = ("Pause before reserving", "Pause before payment", "Pause before saving")
    assert any(seen[pause][-2:] == ["RUNNING", "SUCCEEDED"] for pause in pauses), seen
    assert seen["Order complete"][0] == "NOT_REACHED"
    assert seen["Order complete"][-1] == "SUCCEEDED"
    for state in NEVER_REACHED:
        assert seen[state] == ["NOT_REACHED"]

    live = screen.statuses()
    count = screen.events_received()
    screen.reload()
    screen.expect_end("SUCCEEDED")
    assert screen.statuses() == live
    assert screen.events_received() == count


def test_a_reload_in_the_middle_shows_the_same_picture_and_goes_on(
    screen: ExecutionScreen, workflows: Workflows
) -> None:
    each = in_sequence(Look_at_it={"Type": "Pass"})
    execution = workflows.start_with_gates(
        in_sequence(
            Prepare={"Type": "Pass", "Result": [1, 2, 3], "ResultPath": "$.items"},
            Each_item={
                "Type": "Map",
                "ItemsPath": "$.items",
                "ItemProcessor": each,
                "ResultPath": None,
            },
            Hold={**gate("middle")},
            Rest={"Type": "Wait", "Seconds": 1},
            Finish={"Type": "Pass"},
        ),
        "middle",
    )
    known = workflows.wait_until_entered(execution, "Hold")
    screen.open(execution.path)
    screen.expect_state("Hold", "RUNNING")
    expect(screen.event_count).to_have_attribute("data-count", str(known))
    before = screen.statuses()
    assert before == {
        "Prepare": "SUCCEEDED",
        "Each item": "SUCCEEDED",
        "Look at it": "SUCCEEDED",
        "Hold": "RUNNING",
        "Rest": "NOT_REACHED",
        "Finish": "NOT_REACHED",
    }

    screen.reload()
    screen.expect_state("Hold", "RUNNING")
    expect(screen.event_count).to_have_attribute("data-count", str(known))
    assert screen.statuses() == before
    expect(screen.connection).to_have_attribute("data-connection", "live")

    workflows.open("middle")
    screen.expect_state("Rest", "RUNNING")
    screen.expect_end("SUCCEEDED")
    assert set(screen.statuses().values()) == {"SUCCEEDED"}
    assert screen.events_received() == len(workflows.history(execution))


def test_nothing_moves_while_an_execution_is_loaded(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    """Of one that runs and of one that failed: what stands where before its events are there."""
    running = workflows.start_with_gates(in_sequence(Hold=gate("middle")), "middle")
    workflows.wait_until_entered(running, "Hold")
    bad = {"StartAt": "Bad", "States": {"Bad": {"Type": "Fail", "Error": "E"}}}
    failed = workflows.start(workflows.create(bad), {})
    workflows.wait_for_end(failed)
    held: list[Route] = []
    is_held = True
    page.route("**/events/**", lambda route: held.append(route) if is_held else route.continue_())
    for execution in (running, failed):
        is_held = True
        page.goto(execution.path)
        # The rows that not every execution has are there as soon as it is known.
        row = page.locator(".debug-bar" if execution is running else ".failure-banner")
        row.and_(page.locator("[data-testid=loading] *")).wait_for()
        before = [page.locator(each).bounding_box() for each in AREAS]
        is_held = False
        while held:
            held.pop(0).continue_()
        screen.wait_for_graph()
        expect(page.get_by_test_id("loading")).to_have_count(0)
        page.get_by_test_id("event-row").first.wait_for()
        assert [page.locator(each).bounding_box() for each in AREAS] == before
    workflows.open("middle")


def test_what_has_ended_never_looks_as_if_it_ran(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    """Its history comes in pieces: while the second one is on its way, the first says it runs."""
    each = {"Type": "Map", "ItemsPath": "$", "ItemProcessor": in_sequence(Look={"Type": "Pass"})}
    execution = workflows.start(workflows.create(in_sequence(Each=each)), list(range(300)))
    assert workflows.wait_for_end(execution) == "SUCCEEDED"
    held: list[Route] = []
    page.route("**/events/?after=200&*", lambda route: held.append(route))
    page.goto(execution.path)
    expect(screen.event_count).to_have_attribute("data-count", "200")
    expect(screen.status).to_have_attribute("data-status", "SUCCEEDED")
    expect(page.get_by_test_id("stop-execution")).to_have_count(0)
    expect(page.locator(".debug-bar")).to_have_count(0)
    expect(page.get_by_test_id("scrubber")).to_contain_text("200 events…")
    for route in held:
        route.continue_()
    screen.expect_end("SUCCEEDED")
    expect(page.get_by_test_id("scrubber")).to_contain_text("1,206 events")
    expect(page.get_by_test_id("event-row").first).to_have_attribute("data-event-id", "1")


def test_a_list_is_followed_until_somebody_scrolls_back(
    page: Page, screen: ExecutionScreen, workflows: Workflows
) -> None:
    items = {"Type": "Pass", "Result": list(range(20)), "ResultPath": "$.items"}
    work = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": in_sequence(Work={"Type": "Pass"}),
        "ResultPath": None,
    }
    definition = in_sequence(Items=items, Work_on_them=work, Last_gate=gate("last"))
    execution = workflows.start_with_gates(definition, "last")
    workflows.wait_until_entered(execution, "Last gate")
    screen.open(execution.path)
    rows = page.locator(".events-rows")
    page.get_by_role("button", name="Following").wait_for()
    expect(rows.get_by_text("Last gate").first).to_be_in_viewport()

    # Where there is room for more the list stays at its end, and follows it.
    before = rows.evaluate("(box) => [box.clientHeight, box.scrollTop]")
    page.get_by_role("separator", name="Height of the lists below the graph").press("ArrowUp")
    page.wait_for_function(
        "([height, top]) => { const box = document.querySelector('.events-rows');"
        " return box.clientHeight > height && box.scrollTop < top; }",
        arg=before,
    )
    expect(page.get_by_role("button", name="Following")).to_be_visible()

    rows.evaluate("(box) => { box.scrollTop = 0; }")
    expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    expect(rows.get_by_text("Execution started").first).to_be_in_viewport()
    workflows.open("last")
    screen.expect_end("SUCCEEDED")
    expect(rows.get_by_text("Execution started").first).to_be_in_viewport()
