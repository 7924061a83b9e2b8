"""Every conformance case that comes to an end repeats itself, replayed on its own definition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from executions.interpreter.rehearsal.replay import replay
from executions.interpreter.state import Identity
from studio.asl.parse import parse
from tests.conformance.case_files import CASES
from tests.conformance.world import ACCOUNT, EXECUTION, MACHINE, REGION, ROLE, MachineWorld

if TYPE_CHECKING:
    from tests.conformance.script import Case

IDENTITY = Identity(
    f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{MACHINE}:{EXECUTION}",
    EXECUTION,
    ROLE,
    f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{MACHINE}",
    MACHINE,
)


def is_recorded(case: Case) -> bool:
    """No history holds which activities are missing, nor the result of a distributed Map."""
    return "missingActivities" not in case and not is_distributed(case)


def is_distributed(case: Case) -> bool:
    return '"DISTRIBUTED"' in json.dumps(case)


@pytest.mark.parametrize("case", [each for each in CASES if is_recorded(each.values[0])])
def test_a_case_repeats_itself(case: Case) -> None:
    outcome = MachineWorld().run(case)
    if outcome.status == "RUNNING":
        return
    definition = parse(json.dumps(case["definition"]))
    events = [json.dumps(event) for event in outcome.events]
    replayed = replay(events, IDENTITY, definition, definition)
    assert (replayed.verdict, replayed.divergences) == ("SAME", [])
    kinds = [json.loads(event)["type"] for event in replayed.end.events]
    assert kinds == [event["type"] for event in outcome.events]


def test_a_distributed_map_cannot_be_replayed_and_that_is_said() -> None:
    title = "A distributed Map runs a child for each item and gives their outputs"
    case = next(each.values[0] for each in CASES if each.values[0]["title"].startswith(title))
    outcome = MachineWorld().run(case)
    definition = parse(json.dumps(case["definition"]))
    events = [json.dumps(event) for event in outcome.events]
    replayed = replay(events, IDENTITY, definition, definition)
    assert replayed.verdict == "UNREPEATABLE"
    assert replayed.divergences[-1].kind == "NO_RESULT"
    assert "DISTRIBUTED" in replayed.divergences[-1].message
