"""Celery's entry points. Each is a hint that says "look now"; none carries state."""

from __future__ import annotations

from celery import shared_task

from executions.runtime import drain


@shared_task(name="executions.tasks.drain_executions")
def drain_executions(queue: str) -> None:
    """Advance executions that have messages due."""
    drain.drain_executions(queue)


@shared_task(name="executions.tasks.drain_tasks")
def drain_tasks(queue: str) -> None:
    """Perform tasks that wait on ``queue``."""
    drain.drain_tasks(queue)
