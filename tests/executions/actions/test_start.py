"""Starting: one of many at once wins, and nothing is stored by halves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from executions.actions.executions import StartedExecution, get_execution, start_execution
from executions.models import Execution, InboxMessage
from executions.runtime import drain, first_turn
from executions.runtime.invariants import check_invariants
from tests.conftest import MakeMachine, event_types

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
WAIT = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": True}}}


@pytest.mark.django_db(transaction=True)
def test_the_same_start_many_times_at_once(make_machine: MakeMachine) -> None:
    machine = make_machine(WAIT)

    def start(_: int) -> StartedExecution:
        try:
            return start_execution(machine.name, name="one", input="{}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        started = list(threads.map(start, range(24)))
    assert len(set(started)) == 1
    assert Execution.objects.count() == InboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_short_execution_has_ended_when_its_start_is_answered(make_machine: MakeMachine) -> None:
    started = start_execution(make_machine(PASS).name, input='{"order": 7}')

    execution = get_execution(started.arn)
    assert (execution.status, execution.output) == ("SUCCEEDED", '{"order":7}')
    assert execution.version == 1
    assert event_types(execution)[-1] == "ExecutionSucceeded"
    assert not InboxMessage.objects.exists()
    assert check_invariants() == []


@pytest.mark.django_db(transaction=True)
def test_a_start_goes_only_so_far(make_machine: MakeMachine, settings: Any) -> None:
    settings.FIRST_TURN_EVENTS = 10
    states = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(50)}
    chain = {"StartAt": "S0", "States": {**states, "S50": {"Type": "Succeed"}}}

    started = start_execution(make_machine(chain).name)

    execution = get_execution(started.arn)
    assert execution.status == "RUNNING"
    assert 10 <= execution.last_event_id < 15
    assert [message.command for message in InboxMessage.objects.all()] == ["Continue"]
    drain.drain_executions()
    assert get_execution(started.arn).status == "SUCCEEDED"
    assert check_invariants() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}", "End": True},
        {"Type": "Pass", "InputPath": "$..a", "End": True},
        {"Type": "Pass", "InputPath": "$[?(@.a == 1)]", "End": True},
    ],
)
def test_open_ended_expressions_are_left_to_the_workers(
    make_machine: MakeMachine, state: dict[str, Any]
) -> None:
    started = start_execution(make_machine({"StartAt": "A", "States": {"A": state}}).name)

    execution = get_execution(started.arn)
    assert (execution.status, execution.last_event_id) == ("RUNNING", 0)
    assert [message.command for message in InboxMessage.objects.all()] == ["StartExecution"]
    drain.drain_executions()
    assert get_execution(started.arn).status == "SUCCEEDED"


@pytest.mark.django_db(transaction=True)
def test_what_our_code_cannot_begin_is_left_to_the_workers(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug of ours")

    with monkeypatch.context() as broken:
        broken.setattr(first_turn, "advance_claimed", fail)
        started = start_execution(make_machine(PASS).name)

    assert get_execution(started.arn).status == "RUNNING"
    drain.drain_executions()
    assert get_execution(started.arn).status == "SUCCEEDED"
    assert check_invariants() == []


@pytest.mark.django_db(transaction=True)
def test_a_start_that_is_cut_off_before_its_commit_leaves_nothing(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    machine = make_machine(PASS)
    with monkeypatch.context() as broken:
        broken.setattr(first_turn, "write", die)
        with pytest.raises(Killed):
            start_execution(machine.name, name="one")

    assert not Execution.objects.exists()
    assert start_execution(machine.name, name="one").name == "one"
