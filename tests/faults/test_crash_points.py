"""A crash before and after every commit, and every commit's answer lost: the end is the same.

Definitions are drawn by hypothesis; what is random in them is made plain, so that runs can be
compared event for event. An attempt that a worker had begun when it died is lost, and fails: such
a run must equal the one in which just that attempt failed so.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from executions.interpreter import advance as machine
from executions.runtime.invariants import check_invariants
from tests.conformance.clock import Clock
from tests.executions.interpreter.definitions import LAMBDA, RESOURCES, definitions, inputs
from tests.faults.crashes import BEGIN, FAULTS, Commits, TooLong, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST = 14
"""Commits of an execution; each costs three runs."""

ORDER: dict[str, Any] = {
    "StartAt": "Both",
    "TimeoutSeconds": 3600,
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Pay",
                    "States": {
                        "Pay": {
                            "Type": "Task",
                            "Resource": LAMBDA,
                            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
                            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Unpaid"}],
                            "End": True,
                        },
                        "Unpaid": {"Type": "Pass", "End": True},
                    },
                },
                {
                    "StartAt": "Rest",
                    "States": {"Rest": {"Type": "Wait", "Seconds": 7, "End": True}},
                },
            ],
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Pack",
                "States": {"Pack": {"Type": "Task", "Resource": LAMBDA, "End": True}},
            },
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
            "End": True,
        },
        "Sorry": {"Type": "Pass", "End": True},
    },
}


@pytest.fixture
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """A clock turned by hand; and loops that end at 400 events instead of 25,000."""
    monkeypatch.setattr(machine, "EVENT_LIMIT", 400)
    hand_turned = Clock(BEGIN)
    yield hand_turned
    hand_turned.remove()


def test_an_order(clock: Clock, make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_every_commit(clock, make_machine, monkeypatch, ORDER, '[{"a":1},2]', 40) > 7


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(definitions(), inputs)
def test_generated_definitions(
    clock: Clock,
    make_machine: MakeMachine,
    monkeypatch: pytest.MonkeyPatch,
    definition: str,
    value: object,
) -> None:
    assume('"Task"' in definition or '"Wait"' in definition)
    for resource in RESOURCES[2:]:  # Somebody else would have to answer these.
        definition = definition.replace(f'"{resource}"', f'"{LAMBDA}"')
    definition = re.sub(r"\$uuid\(\)|\$random\(\)", "0.5", definition)
    definition = definition.replace("States.UUID()", "$.b").replace('"FULL"', '"NONE"')
    plain = json.loads(definition)
    check_every_commit(clock, make_machine, monkeypatch, plain, json.dumps(value), LONGEST)


def check_every_commit(
    clock: Clock,
    make_machine: MakeMachine,
    monkeypatch: pytest.MonkeyPatch,
    definition: dict[str, Any],
    value: str,
    longest: int,
) -> int:
    """Strike at every commit in every way; how many commits there are."""
    stored = make_machine(definition)
    try:
        whole = run(monkeypatch, clock, stored, value, Commits(longest=longest))
    except TooLong:
        assume(condition=False)
    assert whole.status != "RUNNING"
    for at in range(1, whole.commits + 1):
        for fault in FAULTS:
            struck = run(monkeypatch, clock, stored, value, Commits(at, fault))
            expected = whole
            if struck.lost:
                expected = run(monkeypatch, clock, stored, value, Commits(), struck.lost)
            where = f"{fault} commit {at} of {whole.commits}"
            assert struck.events == expected.events, where
            assert struck.status == expected.status, where
            assert (struck.output, struck.error, struck.cause) == (
                expected.output,
                expected.error,
                expected.cause,
            ), where
    assert check_invariants() == []
    return whole.commits
