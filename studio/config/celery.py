"""The Celery application. Its messages are hints; executions.tasks says what they start."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import (
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutdown,
    worker_shutting_down,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")

app = Celery("stepwell")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery would close the slot's connection before and after each task, and a hint is a task: a new
# connection costs more than most of what is done with one. ``executions.tasks`` notices a dead one.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize
app.autodiscover_tasks(["executions"])

TURNS_QUEUE = "turns"


@worker_process_init.connect
def _start_poller_in_child(**_: Any) -> None:
    """In a prefork worker each child looks at the database by itself."""
    _start_poller()


@worker_ready.connect
def _start_poller_in_threads(sender: Any, **_: Any) -> None:
    """In a worker of threads there are no children: the one process looks."""
    if "thread" in type(sender.pool).__module__:
        _start_poller()


@worker_shutting_down.connect
@worker_shutdown.connect
@worker_process_shutdown.connect
def _take_on_nothing_new(**_: Any) -> None:
    """Told to stop, or given up: the process lives on until its threads are through."""
    from executions.runtime import ending

    ending.announce()


def _start_poller() -> None:
    # Imported here because this module is imported before Django's applications are ready.
    from executions.actions import (
        alias_moves,
        approvals,
        outgoing_messages,
        replays,
        review_work,
    )
    from executions.actions.state_machines import remove_deleted_state_machines
    from executions.actions.triggers import worker as triggers
    from executions.runtime import poller, retention
    from studio.actions.audit_chain import seal_entries
    from studio.actions.sessions import remove_expired_sessions
    from studio.config import tuning

    tuning.settle_memory()

    queues = tuple(queue for queue in app.amqp.queues.consume_from if queue != TURNS_QUEUE)
    poller.start(
        queues,
        chores=(
            remove_deleted_state_machines,
            retention.remove_expired,
            remove_expired_sessions,
            seal_entries,
            approvals.close_abandoned,
            # Replays compute: a worker that only takes turns leaves them alone.
            *((replays.resume, review_work.resume) if queues else ()),
            alias_moves.carry_on,
            outgoing_messages.remove_old,
        ),
        map_run_queues=tuple(app.amqp.queues.consume_from),
    )
    if queues:
        # What it does waits for others: a worker that only takes turns leaves it alone.
        triggers.start()
