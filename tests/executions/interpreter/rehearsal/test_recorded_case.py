"""Executions that have ended become the cases that repeat them."""

from __future__ import annotations

import json

import pytest

from executions.interpreter.rehearsal.cases import run_case
from executions.interpreter.rehearsal.recorded_case import NotRepeatable, recorded_case
from studio.asl.parse import parse
from tests.conformance.case_files import CASES
from tests.conformance.checks import SEEDED
from tests.conformance.script import Case
from tests.conformance.world import MachineWorld
from tests.executions.interpreter.rehearsal.test_replays_of_cases import IDENTITY, is_recorded

CLOCKED = ("StartTime", "EnteredTime", "$now", "$millis", "Timestamp", "Heartbeat")
"""What depends on when it is run; a mock knows no signs of life either."""


def repeatable(case: Case) -> bool:
    """Without what another moment, another draw or an outside hand decides."""
    text = json.dumps(case)
    return is_recorded(case) and not (
        {"missingActivities", "stop", "redrives", "clock"} & case.keys()
        or any(each in text for each in CLOCKED)
        or any(each in text for each in ("UUID", "uuid", "random", "Random", "Task.Token"))
    )


@pytest.mark.parametrize("case", [each for each in CASES if repeatable(each.values[0])])
def test_a_case_made_of_an_execution_passes(case: Case) -> None:
    outcome = MachineWorld().run(case)
    if outcome.status == "RUNNING" or SEEDED.search(outcome.output or ""):
        return
    definition = parse(json.dumps(case["definition"]))
    made = recorded_case([json.dumps(event) for event in outcome.events], definition)
    result = run_case(definition, made, IDENTITY, 1_700_000_000.0)
    assert (result.end.stop, result.unmet) == (None, [])
    assert result.passed


def test_iterations_that_gave_the_same_are_one_mock() -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Retry": [{"ErrorEquals": ["Busy"]}],
        "End": True,
    }
    processor = {"StartAt": "Pay", "States": {"Pay": state}}
    machine = {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "MaxConcurrency": 1,
                "ItemProcessor": processor,
                "End": True,
            }
        },
    }
    definition = parse(json.dumps(machine))

    def record(answers: list[dict[str, object]]) -> dict[str, object]:
        case = {"definition": machine, "input": [1, 2], "tasks": {"Pay": answers}}
        outcome = MachineWorld().run(case)
        events = [json.dumps(event) for event in outcome.events]
        return recorded_case(events, definition).as_document()["mocks"]

    assert record([{"output": 1}, {"output": 1}]) == {"Pay": {"0": {"Return": 1}}}
    assert record([{"error": "Busy"}, {"output": 1}, {"output": 2}]) == {
        "Pay[0]": {"0": {"Throw": {"Error": "Busy"}}, "1": {"Return": 1}},
        "Pay[1]": {"0": {"Return": 2}},
    }


def test_what_was_done_to_an_execution_from_outside_is_no_case() -> None:
    nap = {"StartAt": "N", "States": {"N": {"Type": "Wait", "Seconds": 9, "End": True}}}
    outcome = MachineWorld().run({"definition": nap, "stop": {"after": 1}})
    events = [json.dumps(event) for event in outcome.events]
    with pytest.raises(NotRepeatable, match="stopped"):
        recorded_case(events, parse(json.dumps(nap)))
    with pytest.raises(NotRepeatable, match="not ended"):
        recorded_case(events[:2], parse(json.dumps(nap)))
