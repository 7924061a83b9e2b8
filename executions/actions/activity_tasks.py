"""Tasks of activities, as workers outside ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.runtime.activity_polls import polls
from studio.actions.activities import get_activity
from studio.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from executions.runtime.activities import ActivityTask


def get_activity_task(arn: str, worker: str | None) -> Coroutine[Any, Any, ActivityTask | None]:
    """Check a worker's request; what is given waits for the task, on the event loop.

    ``worker`` is the name that the history shows. The task is given to this caller alone, and its
    TimeoutSeconds and HeartbeatSeconds count from then on, whether or not the answer arrives. None
    where no task came within ``settings.ACTIVITY_POLL_SECONDS``.

    Raises:
        InvalidArn, ActivityDoesNotExist: it is no ARN of an activity, or there is none.
        ValidationException: the worker's name cannot be kept.
        ActivityWorkerLimitExceeded: too many wait already; raised while waiting.
    """
    if worker is not None and "\0" in worker:
        raise ValidationException(message="Invalid worker name")
    return _wait(get_activity(arn).name, worker)


async def _wait(activity: str, worker: str | None) -> ActivityTask | None:
    return await polls().next_task(activity, worker)
