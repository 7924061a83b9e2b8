"""Performing tasks: claim, call the integration, know how long it usually takes."""

from __future__ import annotations

import itertools
import logging
import math
import threading
import time
from collections import deque
from operator import attrgetter
from typing import TYPE_CHECKING

from django.conf import settings

from executions.integration import Failed, Submitted, TaskOutcome, TaskRequest
from executions.integrations.aws.caller import calling_as
from executions.integrations.registry import integration_for
from executions.runtime import function_limits, statements
from executions.runtime.connection import transaction
from executions.runtime.ending import ProcessEnds
from executions.runtime.function_limits import limited_function, limited_functions
from executions.runtime.outcomes import Outcome, StartedTask, message_of
from executions.runtime.permissions import caller_of, refusal_of
from executions.runtime.queues import TASKS
from executions.runtime.read_states import keep_states, send_look
from studio import arns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import psycopg

    from executions.interpreter.messages import ScheduleTask
    from executions.runtime.inbox import Message

QUICK_SECONDS = 0.004
"""A resource that usually answers within this is started in batches and kept by its slot."""
BATCH_SECONDS = 0.02
"""How much expected work one slot keeps to itself; the rest is left to others."""
LEAST_SECONDS = 0.0002
"""What a task is taken to cost its slot at least, with all that is done about it."""
CANDIDATES = 32
LATEST = 8
"""Attempts at a resource by which its next one is judged."""

_log = logging.getLogger(__name__)


class _Durations:
    """How long attempts at each resource took lately, in seconds.

    Three of four of the latest took no longer than what is expected. On a busy machine any call
    is now and then interrupted for longer than a quick one takes: that alone makes none slow.
    """

    def __init__(self) -> None:
        self._by_resource: dict[str, deque[float]] = {}
        self._expected: dict[str, float] = {}
        self._lock = threading.Lock()

    def record(self, resource: str, seconds: float) -> None:
        with self._lock:
            latest = self._by_resource.setdefault(resource, deque(maxlen=LATEST))
            latest.append(seconds)
            self._expected[resource] = sorted(latest)[math.ceil(len(latest) * 0.75) - 1]

    def expected(self, resource: str) -> float | None:
        return self._expected.get(resource)

    def quick(self) -> dict[str, float]:
        """The resources that are known to be quick, and what is expected of each."""
        with self._lock:
            return {
                resource: seconds
                for resource, seconds in self._expected.items()
                if seconds <= QUICK_SECONDS
            }


_durations = _Durations()


class _QuickWork:
    """The little work that a slot takes on at once: tasks that are known to be quick."""

    def __init__(self) -> None:
        self._left = BATCH_SECONDS

    def takes(self, resource: str) -> bool:
        """Whether a task of this resource is quick and fits, and is counted from now on."""
        expected = _durations.expected(resource)
        if expected is None or expected > QUICK_SECONDS or expected > self._left:
            return False
        self._left -= max(expected, LEAST_SECONDS)
        return True

    def room_for(self, seconds: float) -> int:
        """How many more tasks fit of which each takes so long."""
        return int(self._left / max(seconds, LEAST_SECONDS))

    def took(self, resource: str) -> None:
        """Count a task that was taken on already."""
        self._left -= max(_durations.expected(resource) or 0.0, LEAST_SECONDS)


class Keeper:
    """Decides which new tasks a slot performs itself right after the turn that made them.

    Only ones known to be quick, and only as many as fit its small budget: a task that is kept is
    STARTED, and if this process dies its attempt counts as lost. None of a function with limits.
    """

    def __init__(self) -> None:
        self._work = _QuickWork()
        self._limited = limited_functions()

    def __call__(self, effect: ScheduleTask) -> bool:
        """Whether the slot keeps this task."""
        if limited_function(effect.resource, effect.parameters, self._limited) is not None:
            return False
        return self._work.takes(effect.resource)

    def takes_up(self) -> tuple[list[str], int]:
        """What the slot takes up beside what it keeps: of which resources, and how many at most.

        Nothing where functions have limits, which are enforced where tasks are claimed.
        """
        if self._limited or function_limits.are_known():
            return [], 0
        quick = _durations.quick()
        room = self._work.room_for(max(quick.values())) if quick else 0
        return list(quick), max(0, min(room, CANDIDATES))

    def took_up(self, started: Sequence[StartedTask]) -> None:
        """Count what was taken up."""
        for task in started:
            self._work.took(task.resource)


def claim_tasks(queue: str) -> tuple[list[StartedTask], bool]:
    """Take tasks from ``queue``: several that are known to be quick, or one that is not.

    Claiming and starting are one commit: the row says STARTED before the outside call, and a
    worker that dies in between costs an attempt, never a double call. Every second time a task of
    a function with limits comes first, if one may start.

    Returns the started tasks and whether others still wait.
    """
    limited = limited_functions()
    if not function_limits.are_known():
        return _claim_any(queue, limited)
    started: list[StartedTask] = []
    others_wait = False
    if next(_claims) % 2:
        started, others_wait = _claim_limited(queue)
    if not started:
        started, others_wait = _claim_any(queue, limited)
    if not started:
        # What has just been moved to a queue of its own may be the first there.
        started, others_wait = _claim_limited(queue)
    return started, others_wait


_claims = itertools.count()


def _claim_any(queue: str, limited: frozenset[str]) -> tuple[list[StartedTask], bool]:
    """Claim what has no limits; on the way, tasks of limited functions go to their own queues."""
    while True:
        states: psycopg.Cursor[tuple[Any, ...]] | None = None
        started: list[StartedTask] = []
        with transaction() as cursor:
            cursor.execute(statements.QUEUED_TASKS, (bool(limited), queue, CANDIDATES))
            candidates = cursor.fetchall()
            chosen: list[int] = []
            moved: list[tuple[int, str]] = []
            work, is_quick = _QuickWork(), True
            for task_id, resource, parameters in candidates:
                function = limited_function(resource, parameters, limited)
                if function is not None:
                    moved.append((task_id, function))
                elif work.takes(resource):
                    chosen.append(task_id)
                else:
                    # One that may take long is begun alone.
                    is_quick = bool(chosen)
                    chosen = chosen or [task_id]
                    break
            if moved:
                function_limits.move(cursor, moved)
            if chosen:
                if is_quick:
                    states = send_look(cursor, chosen)
                started = _start(cursor, chosen)
        if states is not None:
            keep_states(states)
        if started or not moved:
            return started, len(candidates) > len(chosen)


def _claim_limited(queue: str) -> tuple[list[StartedTask], bool]:
    """Claim one task of a function with limits, where that may be called now."""
    if queue != TASKS:
        return [], False
    with transaction() as cursor:
        taken = function_limits.take_limited(cursor)
        if taken is None:
            return [], False
        return _start(cursor, [taken.task], taken.slot), taken.more


def _start(
    cursor: psycopg.Cursor[tuple[Any, ...]], chosen: list[int], slot: int | None = None
) -> list[StartedTask]:
    announce = len(chosen) == 1
    cursor.execute(statements.START_TASKS, (settings.TASK_LEASE_SECONDS, chosen))
    started = [StartedTask(*(*row, announce, slot)) for row in cursor.fetchall()]
    # An UPDATE gives its rows as its plan comes by them.
    started.sort(key=attrgetter("id"))
    if announce:
        cursor.execute(statements.ANNOUNCE_START, (started[0].execution_id, str(started[0].task)))
    return started


def perform(started: StartedTask) -> Outcome:
    """Perform one attempt; the caller holds its lease.

    A bug of ours becomes States.Runtime, with its text.

    Raises:
        ProcessEnds: there will be no outcome.
    """
    request = TaskRequest(
        execution_arn=arns.execution_arn(started.machine_name, started.execution_name),
        state_machine_arn=arns.state_machine_arn(started.machine_name),
        state_name=started.state_name,
        task=started.task,
        attempt=started.attempt,
        resource=started.resource,
        parameters=started.parameters,
        deadline=started.deadline,
        idempotency_key=f"{started.execution_id}:{started.task}",
        execution_id=started.execution_id,
        role_arn=started.role_arn,
        assumed_role_arn=started.assumed_role_arn,
    )
    outcome = _outcome_of(request)
    job = outcome.job if isinstance(outcome, Submitted) else None
    return Outcome(started, message_of(request.task, outcome), job)


def attempt(request: TaskRequest) -> Message:
    """Perform one attempt and give the message that tells how it ended.

    A bug of ours becomes States.Runtime, with its text.

    Raises:
        ProcessEnds: there will be no outcome.
    """
    return message_of(request.task, _outcome_of(request))


def _outcome_of(request: TaskRequest) -> TaskOutcome:
    began = time.perf_counter()
    try:
        # What a Task reaches here belongs to the account of its execution.
        with arns.acting_in(arns.account_in(request.execution_arn)):
            outcome: TaskOutcome | None = refusal_of(request)
            if outcome is None:
                with calling_as(caller_of(request.acting_role_arn)):
                    outcome = integration_for(request.resource).perform(request)
    except ProcessEnds:
        raise
    except Exception as error:  # noqa: BLE001 - logged, and told to the workflow
        _log.exception("integration for %s failed", request.resource)
        outcome = Failed("States.Runtime", f"Stepwell could not perform the task: {error!r}")
    _durations.record(request.resource, time.perf_counter() - began)
    return outcome
