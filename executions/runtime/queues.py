"""Which queue an attempt waits on: that of the workers here, its activity's, its function's."""

from __future__ import annotations

from functools import lru_cache

from studio import arns

TASKS = "tasks"
"""What Celery workers of this installation perform."""
_ACTIVITY = "activity:"


@lru_cache(maxsize=4096)
def queue_of(resource: str) -> str:
    """The queue of attempts at a Task's Resource."""
    try:
        return activity_queue(arns.parse_activity_arn(resource))
    except arns.InvalidStatesArn:
        return TASKS


def activity_queue(name: str) -> str:
    """The queue of the activity ``name``: only GetActivityTask takes from it."""
    return _ACTIVITY + name


def function_queue(name: str) -> str:
    """The queue of the limited function ``name``."""
    return f"function:{name}"


def is_for_workers_outside(queue: str) -> bool:
    """Whether it is an activity's queue."""
    return queue.startswith(_ACTIVITY)
