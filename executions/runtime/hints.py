"""Hints through Celery: "there may be work". Never needed, only faster than waiting for a poll.

A Celery message costs about a millisecond and a look at Valkey a tenth of one, so at most one
hint of a kind is under way: it is marked in Valkey when sent and unmarked by whoever takes it up,
*before* looking, so that work which arrives later sends its own. A worker that finds more than
it can take sends the next hint. A mark left behind by a lost message goes by itself.
"""

from __future__ import annotations

import contextlib
import logging
import time
from functools import lru_cache

import redis
from celery import current_app
from django.conf import settings

MARK_MILLISECONDS = 500
EXPRESS = "express"
"""What hints of Express executions are marked as: they travel on the queue of tasks."""
REPLAYS = "replays"
"""The same for replays."""
REVIEWS = "reviews"
"""The same for what proposals ask for: checks, mails, calls of webhooks."""
BROKEN_SECONDS = 1.0
"""After a broker that did not answer, for how long nobody tries again; the pollers carry on."""

_log = logging.getLogger(__name__)
_broken_until = 0.0


@lru_cache(maxsize=1)
def valkey() -> redis.Redis:
    """The process's connections for questions that are answered at once."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def executions_ready() -> None:
    """Executions have messages that are due."""
    _send("executions.tasks.drain_executions", "turns")


def tasks_queued(queue: str = "tasks") -> None:
    """Tasks wait on ``queue``."""
    _send("executions.tasks.drain_tasks", queue)


def map_runs_ready() -> None:
    """There is something to do for a Map Run, or a part of one waits."""
    for queue in ("turns", "tasks"):
        _send("executions.tasks.drain_map_runs", queue, map_run_mark(queue))


def map_run_mark(queue: str) -> str:
    """What hints of Map Runs that travel on ``queue`` are marked as."""
    return f"{queue}.map-runs"


def express_started() -> None:
    """An Express execution waits for a worker."""
    _send("executions.tasks.run_express", "tasks", EXPRESS)


def replays_asked() -> None:
    """Replays wait for a worker."""
    _send("executions.tasks.run_replays", "tasks", REPLAYS)


def review_work_waits() -> None:
    """A check of a proposal, a mail or a call of a webhook waits for a worker."""
    _send("executions.tasks.work_for_reviews", "tasks", REVIEWS)


def taken_up(queue: str) -> None:
    """The hint for ``queue`` has arrived: the next one may be sent. Call before looking."""
    with contextlib.suppress(redis.RedisError):
        valkey().delete(f"stepwell:hint:{queue}")


def _send(task: str, queue: str, mark: str = "") -> None:
    global _broken_until  # noqa: PLW0603 - one breaker a process
    if time.monotonic() < _broken_until:
        return
    try:
        if valkey().set(f"stepwell:hint:{mark or queue}", "1", nx=True, px=MARK_MILLISECONDS):
            current_app.send_task(task, kwargs={"queue": queue}, queue=queue)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises
        _broken_until = time.monotonic() + BROKEN_SECONDS
        _log.warning("hint for %s not sent (%s): pollers find the work", queue, error)
