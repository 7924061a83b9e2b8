"""Runs every case of ``cases/`` in a World and compares what it expects with what is seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.world import Case, MachineWorld, Outcome, World

FOLDER = Path(__file__).parent / "cases"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.fixture
def world() -> World:
    return MachineWorld()


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, world: World) -> None:
    outcome = world.run(case)
    expected = case["expect"]
    assert outcome.status == expected["status"], (outcome.error, outcome.cause)
    for key, seen in seen_by_key(outcome).items():
        if key in expected:
            assert seen == expected[key], key
    if "events" in expected:
        check_events(outcome.events, expected["events"])


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


def test_titles_are_unique() -> None:
    titles = [parameter.id for parameter in CASES]
    assert len(set(titles)) == len(titles)
