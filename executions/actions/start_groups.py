"""Starts that arrive together share a commit: each is answered after the one that holds it.

A commit, its round trips and the thread that waits for it cost many times what a start costs
itself. While one commit is on its way the next starts gather, so a lone start waits for nobody and
many at once become cheaper. What is not plain (a version or an alias, a name that is taken, an
Express state machine, none at all) is left to ``start_execution``, which decides everything.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from executions.actions.executions import (
    StartedExecution,
    check_input,
    check_trace_header,
    start_execution,
)
from executions.runtime import drain
from executions.runtime.connection import DATABASE_AWAY, transaction
from executions.runtime.first_turn import NewExecution, take_first_turns
from executions.runtime.turn import Report
from studio import arns
from studio.actions.names import check_name

LARGEST_GROUP = 32
"""Starts that share a commit; their first turns are taken between its two round trips."""
MAX_WAITING = 512
"""Starts that may wait for their commit; what comes on top is told to come again."""

# As in ``start_execution``; a row is missing where that one must decide. Each name comes once.
_START_TOGETHER = """
WITH machine AS (
    SELECT w.machine, m.id, r.id AS revision_id, r.role_arn, m.logging_configuration,
           w.name, w.input, w.trace_header
    FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])
         AS w(machine, name, input, trace_header)
    JOIN studio_statemachine m ON m.name = w.machine
    JOIN studio_statemachinerevision r ON r.id = m.current_id
    WHERE m.status = 'ACTIVE' AND m.type = 'STANDARD'
    ORDER BY m.id, w.name FOR KEY SHARE OF m
), started AS (
    INSERT INTO executions_execution (
        state_machine_id, revision_id, name, status, input, trace_header, started_at, version,
        last_event_id, snapshot, failed_turns)
    SELECT id, revision_id, name, 'RUNNING', input, trace_header, now(), 0, 0, '', 0 FROM machine
    ON CONFLICT (state_machine_id, name) DO NOTHING
    RETURNING id, state_machine_id, name, started_at
)
SELECT machine.machine, machine.name, started.id, started.started_at, machine.revision_id,
       machine.role_arn, machine.logging_configuration, extract(epoch FROM now())::float8
FROM started JOIN machine ON machine.id = started.state_machine_id AND machine.name = started.name
"""

_log = logging.getLogger(__name__)


class TooManyStarts(Exception):
    """More starts wait than may; nothing has been stored."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """A start that waits for its commit, and who waits for its answer."""

    state_machine: str
    name: str
    input: str
    trace_header: str
    qualifier: str | None
    answer: asyncio.Future[StartedExecution]

    @property
    def key(self) -> tuple[str, str]:
        return self.state_machine, self.name


class StartGroups:
    """The starts of one process: gathered on its event loop, committed by one thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="starts")
        self._lock = threading.Lock()
        self._waiting: deque[_Wanted] = deque()
        self._is_working = False

    async def start(
        self,
        state_machine: str,
        *,
        input: str | None = None,  # noqa: A002 - AWS's name
        name: str | None = None,
        trace_header: str = "",
        qualifier: str | None = None,
    ) -> StartedExecution:
        """Start an execution as ``start_execution`` does, its errors included.

        Raises:
            TooManyStarts: there is no room for it now.
        """
        if name is not None:
            check_name(name)
        if input is not None:
            check_input(input)
        check_trace_header(trace_header)
        answer = asyncio.get_running_loop().create_future()
        wanted = _Wanted(
            state_machine,
            str(uuid.uuid4()) if name is None else name,
            "{}" if input is None else input,
            trace_header,
            qualifier,
            answer,
        )
        with self._lock:
            if len(self._waiting) >= MAX_WAITING:
                raise TooManyStarts
            self._waiting.append(wanted)
            if not self._is_working:
                self._is_working = True
                self._thread.submit(self._work)
        started: StartedExecution = await answer
        return started

    def _work(self) -> None:
        """Commit group after group until no start waits."""
        try:
            while group := self._next_group():
                try:
                    _answer_group(group)
                except Exception:  # noqa: BLE001 - as when an event loop closed meanwhile
                    _log.exception("%d starts were not answered", len(group))
        finally:
            # Back to the pool; one that broke is replaced there.
            connection.close()

    def _next_group(self) -> list[_Wanted]:
        with self._lock:
            group: dict[tuple[str, str], _Wanted] = {}
            for wanted in islice(self._waiting, LARGEST_GROUP):
                if wanted.key in group:
                    break  # The second of a name must find what the first has stored.
                group[wanted.key] = wanted
            for _ in group:
                self._waiting.popleft()
            self._is_working = bool(group)
            return list(group.values())


def _answer_group(group: list[_Wanted]) -> None:
    """Start a group with one commit; what that cannot decide goes on one by one."""
    started: dict[tuple[str, str], StartedExecution] = {}
    report = Report()
    try:
        started, report = _start_together(group)
    except DATABASE_AWAY as error:
        # Whether it was committed is not known: nothing may be started again under these names.
        connection.close()
        _settle([(wanted, error) for wanted in group])
        return
    except Exception:  # noqa: BLE001 - nothing was stored; one of them spoils it for the others
        _log.exception("%d executions are started one by one", len(group))
    _settle([(wanted, started[wanted.key]) for wanted in group if wanted.key in started])
    try:
        drain.tell(report)
    except Exception:  # noqa: BLE001 - only a hint: pollers find the work
        _log.exception("workers were not told of %d executions", len(started))
    for wanted in group:
        if wanted.key not in started:
            _settle([(wanted, _start_alone(wanted))])


def _start_together(
    group: list[_Wanted],
) -> tuple[dict[tuple[str, str], StartedExecution], Report]:
    """What could be started, by state machine and name, and what that leaves to do."""
    group = [wanted for wanted in group if wanted.qualifier is None]
    inputs = {wanted.key: wanted.input for wanted in group}
    started: dict[tuple[str, str], StartedExecution] = {}
    new: list[NewExecution] = []
    if not group:
        return started, Report()
    with transaction() as cursor:
        columns = zip(
            *((w.state_machine, w.name, w.input, w.trace_header) for w in group), strict=True
        )
        cursor.execute(_START_TOGETHER, [list(column) for column in columns], prepare=True)
        for machine, name, row_id, started_at, revision, role_arn, logs, now in cursor.fetchall():
            arn = arns.execution_arn(machine, name)
            started[machine, name] = StartedExecution(arn, name, started_at)
            text = inputs[machine, name]
            new.append(NewExecution(row_id, revision, text, machine, name, role_arn, logs, now))
        report = take_first_turns(cursor, new)
    return started, report


def _start_alone(wanted: _Wanted) -> StartedExecution | Exception:
    try:
        return start_execution(
            wanted.state_machine,
            name=wanted.name,
            input=wanted.input,
            trace_header=wanted.trace_header,
            qualifier=wanted.qualifier,
        )
    except Exception as error:  # noqa: BLE001 - the caller's, as if it had called itself
        return error


def _settle(answers: list[tuple[_Wanted, StartedExecution | Exception]]) -> None:
    """Answer on the event loops that wait, which one call wakes."""
    for loop in {wanted.answer.get_loop() for wanted, _ in answers}:
        own = [each for each in answers if each[0].answer.get_loop() is loop]
        loop.call_soon_threadsafe(_tell_callers, own)


def _tell_callers(answers: list[tuple[_Wanted, StartedExecution | Exception]]) -> None:
    for wanted, answer in answers:
        if wanted.answer.done():
            continue  # The client went away; what was started goes on.
        if isinstance(answer, Exception):
            wanted.answer.set_exception(answer)
        else:
            wanted.answer.set_result(answer)
