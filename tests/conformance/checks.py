"""What a World has shown of a case, held against the case and against the pure machine."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.conformance.world import MachineWorld, Outcome
from tests.emptying import empty_tables, vacuum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.script import Case

SEEDED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|A[Q-Za-f][A-Za-z0-9_-]{100,}"
)
"""A version 4 UUID, or a task token."""


def check_expected(outcome: Outcome, case: Case) -> None:
    """Compare with what the case expects."""
    expected = case["expect"]
    assert outcome.status == expected["status"], (outcome.error, outcome.cause)
    for key, seen in seen_by_key(outcome).items():
        if key in expected:
            assert seen == expected[key], key
    if "events" in expected:
        check_events(outcome.events, expected["events"])


def check(outcome: Outcome, case: Case, machine: MachineWorld) -> None:
    """Compare with the pure machine, whatever the case expects, and with that."""
    check_same(outcome, machine.run(case), drawn=case.get("drawnTimes", False))
    check_expected(outcome, case)


def cases_to_play(request: pytest.FixtureRequest) -> list[Case]:
    """The cases of this file that this test run has: a World with a database plays all at once."""
    items = [
        item
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.path == request.path
        and item.name.startswith("test_case[")
    ]
    # One test that asks for the test database is enough: the others read what was seen there, and
    # a transaction around each of a thousand takes long.
    items[0].add_marker(pytest.mark.django_db)
    return [item.callspec.params["case"] for item in items]


@contextmanager
def emptied_tables() -> Iterator[None]:
    """What is committed here is no other test's concern."""
    vacuum(connection)
    try:
        yield
    finally:
        empty_tables(connection)
        connection.close()


def check_same(seen: Outcome, pure: Outcome, *, drawn: bool) -> None:
    """Whatever a case expects: the whole product shows what the machine alone does.

    ``drawn``: chance decides how long something takes, so only times may differ.
    """
    ours, other = comparable(seen, drawn), comparable(pure, drawn)
    for event, wanted in zip(ours["events"], other["events"], strict=False):
        assert event == wanted
    assert ours == other


def comparable(outcome: Outcome, drawn: bool) -> dict[str, Any]:
    """Leave out what comes of a turn's seed: UUIDs, task tokens and, perhaps, times."""
    found = asdict(outcome)
    if drawn:
        del found["elapsed_seconds"]
        for event in found["events"]:
            del event["timestamp"]
    shown: dict[str, Any] = json.loads(SEEDED.sub("<drawn>", json.dumps(found)))
    return shown


def seen_by_key(outcome: Outcome) -> dict[str, Any]:
    return {
        "output": None if outcome.output is None else json.loads(outcome.output),
        "outputText": outcome.output,
        "error": outcome.error,
        "cause": outcome.cause,
        "elapsedSeconds": outcome.elapsed_seconds,
        "eventCount": len(outcome.events),
        "requests": outcome.requests,
    }


def check_events(seen: list[dict[str, Any]], expected: list[str | dict[str, Any]]) -> None:
    """Compare type by type; where the case gives an object, all of its members are compared."""
    wanted = [each if isinstance(each, str) else each["type"] for each in expected]
    assert [event["type"] for event in seen] == wanted
    for event, each in zip(seen, expected, strict=True):
        if isinstance(each, dict):
            assert contains(event, each), f"{event} does not hold {each}"


def contains(seen: Any, expected: Any) -> bool:
    if isinstance(expected, dict) and isinstance(seen, dict):
        return all(key in seen and contains(seen[key], expected[key]) for key in expected)
    return bool(seen == expected)
