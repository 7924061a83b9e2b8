"""Rules that start what they listen to, by whatever way around, come to an end that says why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connections

from executions.actions.executions import start_execution
from executions.actions.triggers import rules, starts, status_events
from executions.actions.triggers.events import accept_events, new_event
from executions.models import EventRule, Execution, TriggeredStart
from executions.runtime.express import execution, rows
from executions.runtime.express.execution import run
from studio.models import StateMachine
from tests.conftest import MakeMachine
from tests.executions.runtime.working import work

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
OWN = "arn:aws:states:::states:startExecution"
SDK = "arn:aws:states:::aws-sdk:sfn:startExecution"
MOST_ROUNDS = 40


@pytest.fixture(autouse=True)
def _no_connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads that perform Express executions' tasks stay; their connections must not."""
    monkeypatch.setattr(execution, "close_old_connections", connections.close_all)


def settle() -> None:
    """Do what workers do until nothing is left to do; a loop that is not ended fails the test."""
    for _ in range(MOST_ROUNDS):
        work()
        taken = rows.take(10)
        for each in taken:
            run(each.start)
        rows.take(0, finished=taken)
        if not (taken or status_events.publish() + starts.perform_starts()):
            return
    pytest.fail("executions go on starting executions")


def listens(target: StateMachine, to: StateMachine) -> None:
    pattern = {
        "source": ["aws.states"],
        "detail": {"status": ["SUCCEEDED"], "stateMachineArn": [to.arn]},
    }
    given = {"name": f"rule-{target.pk}", "pattern": json.dumps(pattern)}
    rules.save_rule(EventRule(state_machine=target), given)


def hops_of(machine: StateMachine) -> list[int]:
    found = Execution.objects.filter(state_machine=machine, map_run_id=None)
    return sorted(found.values_list("hops", flat=True))


def test_a_rule_that_starts_its_own_state_machine(make_machine: MakeMachine, settings: Any) -> None:
    settings.EVENT_HOPS = 3
    machine = make_machine(PASS)
    listens(machine, machine)
    start_execution(machine.name)
    settle()

    assert hops_of(machine) == [0, 1, 2, 3]
    refused = TriggeredStart.objects.get(status="FAILED")
    assert refused.hops == 4
    assert refused.error.startswith("TooManyHops: 3 executions were started by events already")
    assert "STEPWELL_EVENT_HOPS" in refused.error
    assert (refused.due_at, refused.attempts, refused.execution_arn) == (None, 0, "")
    assert refused.event is not None

    # Whoever starts it themselves begins anew.
    start_execution(machine.name)
    settle()
    assert hops_of(machine) == [0, 0, 1, 1, 2, 2, 3, 3]


def starting(resource: str, target: StateMachine) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": resource,
        "Parameters": {"StateMachineArn": target.arn, "Input": {}},
        "End": True,
    }
    return {"StartAt": "Start", "States": {"Start": task}}


def in_a_map(kind: str, definition: dict[str, Any]) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    state = {
        "Type": "Map",
        "Label": "Each",
        "ItemProcessor": {"ProcessorConfig": config, **definition},
        "End": True,
    }
    first = {"Type": "Pass", "Result": [1], "Next": "Each"}
    return {"StartAt": "First", "States": {"First": first, "Each": state}}


@pytest.mark.parametrize(
    ("resource", "around"),
    [
        (OWN, "STANDARD"),
        (SDK, "STANDARD"),
        (OWN, "EXPRESS"),
        (SDK, "EXPRESS"),
        (OWN, "children STANDARD"),
        (OWN, "children EXPRESS"),
        (SDK, "children EXPRESS"),
    ],
)
def test_a_loop_by_way_of_a_task(
    make_machine: MakeMachine, settings: Any, resource: str, around: str
) -> None:
    """What a Task starts has the hops of its own execution: it cannot wash them off."""
    settings.EVENT_HOPS = 2
    first = make_machine(PASS)
    definition = starting(resource, first)
    if around.startswith("children"):
        definition = in_a_map(around.partition(" ")[2], definition)
    second = make_machine(definition)
    if around == "EXPRESS":
        StateMachine.objects.filter(pk=second.pk).update(type="EXPRESS")
    listens(second, first)
    start_execution(first.name)
    settle()

    assert hops_of(first) == [0, 1, 2]
    assert TriggeredStart.objects.get(status="FAILED").error.startswith("TooManyHops")


def test_an_event_of_somebody_elses_is_the_first_hop(
    make_machine: MakeMachine, settings: Any
) -> None:
    settings.EVENT_HOPS = 1
    machine = make_machine(PASS)
    given = {"name": "rule", "pattern": '{"source": ["shop"]}'}
    rules.save_rule(EventRule(state_machine=machine), given)
    accept_events([new_event(source="shop", detail_type="Placed", detail={})])
    settle()
    assert hops_of(machine) == [1]
