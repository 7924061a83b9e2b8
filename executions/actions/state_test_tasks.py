"""The Task of a TestState without a mock: performed once, for real, for five minutes at most."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from executions.integration import Failed, Submitted, Succeeded, TaskRequest
from executions.runtime.tested_tasks.processes import Processes

if TYPE_CHECKING:
    from executions.interpreter.inspection.inspection import Inspection
    from executions.interpreter.messages import ScheduleTask

LONGEST_TEST_SECONDS = 300.0
"""How long AWS lets a test take."""

_processes = Processes()


async def perform_tested_task(
    inspection: Inspection, task: ScheduleTask, reveal_secrets: bool | None = None
) -> None:
    """Have the attempt performed as an execution's would be, once, and report how it ended.

    Unless ``reveal_secrets`` is None, the inspection is also told what an HTTP Task has sent and
    got.

    On the event loop of the web server, which it never holds up. What takes longer than the
    state's TimeoutSeconds, or than ``LONGEST_TEST_SECONDS``, ends as States.Timeout.

    Raises:
        TooManyTasks: there is no room for it now; it has not begun.
    """
    seconds = min(task.timeout_seconds or LONGEST_TEST_SECONDS, LONGEST_TEST_SECONDS)
    identity = inspection.identity
    request = TaskRequest(
        execution_arn=identity.execution_arn,
        state_machine_arn=identity.state_machine_arn,
        state_name=task.state_name,
        task=task.task,
        attempt=task.attempt,
        resource=task.resource,
        parameters=task.parameters,
        deadline=time.time() + seconds,
        idempotency_key=f"{identity.execution_name}:{task.task}",
        role_arn=identity.role_arn,
        assumed_role_arn=task.assumed_role_arn or "",
    )
    try:
        outcome, trace = await _processes.perform(request, seconds, reveal_secrets)
    except TimeoutError:
        await asyncio.to_thread(inspection.task_failed, "States.Timeout", None)
        return
    inspection.note_trace(trace)
    # On a thread: Retry, Catch and what follows the result may be expressions that compute.
    match outcome:
        case Succeeded(output) | Submitted(output):
            await asyncio.to_thread(inspection.task_succeeded, output)
        case Failed(error, cause):
            await asyncio.to_thread(inspection.task_failed, error, cause)
