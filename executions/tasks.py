"""Celery's entry points. Each is a hint that says "look now"; none carries state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task

from executions.actions import replays, review_work
from executions.runtime import drain, hints
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection
from executions.runtime.express import rows
from executions.runtime.map_runs import work

if TYPE_CHECKING:
    from collections.abc import Callable


@shared_task(name="executions.tasks.drain_executions")
def drain_executions(queue: str) -> None:
    """Advance executions that have messages due."""
    _look(drain.drain_executions, queue)


@shared_task(name="executions.tasks.drain_tasks")
def drain_tasks(queue: str) -> None:
    """Perform tasks that wait on ``queue``."""
    _look(drain.drain_tasks, queue)


@shared_task(name="executions.tasks.drain_map_runs")
def drain_map_runs(queue: str) -> None:
    """Work at Map Runs of ``queue``."""
    _look(work.drain_map_runs, queue)


@shared_task(name="executions.tasks.run_express")
def run_express(queue: str) -> None:
    """Run Express executions that wait."""
    hints.taken_up(hints.EXPRESS)
    rows.nudge()


@shared_task(name="executions.tasks.run_replays")
def run_replays(queue: str) -> None:
    """Replay executions that wait for it."""
    hints.taken_up(hints.REPLAYS)
    replays.nudge()


@shared_task(name="executions.tasks.work_for_reviews")
def work_for_reviews(queue: str) -> None:
    """Make checks of proposals, send mails, call webhooks."""
    hints.taken_up(hints.REVIEWS)
    review_work.nudge()


def _look(drain_queue: Callable[[str], int], queue: str) -> None:
    """Look for work; twice, where the slot's connection is from before PostgreSQL was restarted.

    What a look has begun is stored or nobody's: a second one finds what there is to do.
    """
    try:
        drain_queue(queue)
    except DATABASE_AWAY:
        forget_broken_connection()
        drain_queue(queue)
