"""A task that this process performs, and how it ended."""

from __future__ import annotations

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome
from executions.interpreter.value import value
from executions.runtime.inbox import Message, task_failed, task_submitted, task_succeeded


@value
class StartedTask:
    """A task row that was committed as STARTED for this process.

    ``fence`` is what an outcome must present. ``deadline`` is in seconds since the epoch.
    ``announced``: a TaskStarted message lies in the inbox, in case the task takes long.
    ``slot``: the FunctionSlot it has, where its function is limited.
    """

    id: int
    execution_id: int
    fence: int
    task: int
    attempt: int
    state_name: str
    resource: str
    parameters: str
    deadline: float | None
    machine_name: str
    execution_name: str
    role_arn: str
    assumed_role_arn: str
    announced: bool = False
    slot: int | None = None


@value
class Outcome:
    """What to tell the execution about a started task, and the job that it waits for now."""

    started: StartedTask
    message: Message
    job: str | None = None


def message_of(task: int, outcome: TaskOutcome) -> Message:
    """The message that tells how an attempt ended, or that its call was answered."""
    match outcome:
        case Succeeded(output):
            return task_succeeded(task, output)
        case Submitted(output):
            return task_submitted(task, output)
        case Failed(error, cause):
            return task_failed(task, error, cause)
