"""AWS's operation for workers of activities. A dict at the end names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.actions import activity_tasks

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from executions.runtime.activities import ActivityTask
    from studio.aws.protocol import Members, Operation


def get_activity_task(request: Members) -> Coroutine[Any, Any, Members]:
    """GetActivityTask: checked here, then waiting on the event loop."""
    return _answer(
        activity_tasks.get_activity_task(request["activityArn"], request.get("workerName"))
    )


async def _answer(waiting: Coroutine[Any, Any, ActivityTask | None]) -> Members:
    task = await waiting
    # No task is no token, as at AWS: the worker asks again.
    return {} if task is None else {"taskToken": task.token, "input": task.input}


OPERATIONS: dict[str, Operation] = {"GetActivityTask": get_activity_task}
