"""The example *orders*, drawn on an empty canvas, is the example: and it runs to its end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designing import Hands, Keyboard, Mouse, build_orders
from tests.e2e.installation import ORDERS
from tests.e2e.workflows import Workflows

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("hands", "name"),
    [(Mouse, "orders-dragged"), (Keyboard, "orders-typed")],
    ids=["mouse", "keys"],
)
def test_orders_is_drawn_published_and_run(
    page: Page, workflows: Workflows, hands: type[Hands], name: str
) -> None:
    page.set_viewport_size({"width": 1800, "height": 1600})
    # The view goes at once to where it would glide, hundreds of times.
    page.emulate_media(reduced_motion="reduce")
    wanted = json.loads((ORDERS / "definition.asl.json").read_text())
    drawn = hands(page)
    drawn.open(name)
    build_orders(drawn, wanted)
    drawn.publish()
    expect(page.get_by_test_id("publish")).to_have_text("Publish")

    published = json.loads(page.request.get(f"/api/state-machines/{name}/").json()["definition"])
    assert published["States"]["Charge card"] == wanted["States"]["Charge card"]
    assert published | {"Comment": None} == without_retry(wanted) | {"Comment": None}

    order = json.loads((ORDERS / "input.json").read_text())
    execution = workflows.start(name, {**order, "paceSeconds": 0})
    assert workflows.wait_for_end(execution) == "SUCCEEDED"


def without_retry(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with the retriers of one state only: of the one that was given them."""
    kept: dict[str, Any] = {}
    for name, value in definition.items():
        if isinstance(value, dict):
            scope = name != "Charge card"
            kept[name] = without_retry(value) if scope else value
        elif isinstance(value, list) and name == "Branches":
            kept[name] = [without_retry(branch) for branch in value]
        elif name != "Retry":
            kept[name] = value
    return kept
