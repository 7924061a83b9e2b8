"""Machines that start executions of others, and what tests look at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from executions.actions.executions import get_execution, start_execution
from executions.models import Execution
from executions.runtime import drain
from studio.models import StateMachine
from tests.conftest import history

START = "arn:aws:states:::states:startExecution"
PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"b": 2}, "End": True}}}
WAIT = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 600, "End": True}}}
FAIL = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Boom", "Cause": "bang"}}}


def parent_of(child: StateMachine, form: str = "", **fields: Any) -> dict[str, Any]:
    """A definition whose only Task starts ``child``."""
    parameters = {"StateMachineArn": child.arn, "Input.$": "$", **fields.pop("Parameters", {})}
    task = {
        "Type": "Task",
        "Resource": START + form,
        "Parameters": parameters,
        "End": True,
        **fields,
    }
    return {"StartAt": "Child", "States": {"Child": task}}


def work() -> None:
    """Do all that can be done now, as workers do."""
    while drain.drain_executions() + drain.drain_tasks():
        pass


def begin(machine: StateMachine, text: str = '{"a": 1}') -> Execution:
    """Start an execution and let it come as far as it can."""
    started = start_execution(machine.name, input=text)
    work()
    return get_execution(started.arn)


def child_of(parent: Execution) -> Execution:
    return Execution.objects.select_related("state_machine").get(parent_id=parent.pk)


def details(execution: Execution, kind: str) -> dict[str, Any]:
    """The details of the history's only event of this type."""
    (event,) = (each for each in history(execution) if each["type"] == kind)
    (found,) = (value for name, value in event.items() if name.endswith("EventDetails"))
    assert isinstance(found, dict)
    return found


def stopped_by(parent: Execution) -> str:
    return (
        f"The Task state in AWS Step Functions execution [{parent.arn}] which was managing this "
        "resource was aborted"
    )


def milliseconds(moment: datetime | None) -> int:
    assert moment is not None
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000) // 1000
