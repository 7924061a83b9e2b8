"""A worker in this process that dies, or loses its database's answer, at one chosen commit."""

from __future__ import annotations

import json
import time
import uuid
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from django.db import connection

from executions.actions import executions, nested_executions
from executions.integration import Failed, Succeeded, TaskOutcome, TaskRequest
from executions.integrations.registry import integration_for
from executions.models import Execution, InboxMessage, Task
from executions.runtime import connection as database
from executions.runtime import drain, leases, performance, quick_turn, reports, turn
from executions.runtime.claimed import kept_states
from executions.runtime.inbox import START, Message
from tests.conformance.clock import Clock, next_due
from tests.conftest import history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pytest

    from executions.integration import Integration
    from studio.models import StateMachine

Fault = Literal["before", "after", "answer lost"]
FAULTS: tuple[Fault, ...] = ("before", "after", "answer lost")
"""Dies with the commit undone; dies with it done; lives on with it done, told that it failed."""

LOST = "Lambda.ServiceException"
BEGIN = 1_700_000_000.0


class Died(BaseException):
    """The process is gone: nothing of the product catches this."""


class TooLong(BaseException):
    """The execution commits more often than is worth trying."""


class Commits:
    """Counts the commits that write, and strikes at one of them."""

    def __init__(self, at: int = 0, fault: Fault = "before", longest: int = 10**6) -> None:
        self.count = 0
        self._at, self.fault, self._longest = at, fault, longest

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        """What the runtime gets in place of its own."""
        struck = False
        with database.transaction() as cursor:
            yield cursor
            cursor.execute("SELECT pg_current_xact_id_if_assigned()")
            row = cursor.fetchone()
            if row is not None and row[0] is not None:
                self.count += 1
                struck = self.count == self._at
                if self.count > self._longest:
                    raise TooLong
            if struck and self.fault == "before":
                raise Died
        if struck and self.fault == "after":
            raise Died
        if struck:
            raise psycopg.OperationalError("the answer to the commit was lost")


@dataclass
class Outside:
    """The world outside: answers by what it is asked, and never the same attempt twice.

    Executions that Tasks start are no part of it.
    """

    lost_error = LOST
    lost: frozenset[int] = frozenset()
    """The tasks whose attempts fail as those of a dead worker do."""
    asked: list[str] = field(default_factory=list)

    def integration_for(self, resource: str) -> Integration:
        """What performs the Resource."""
        return integration_for(resource) if ":states:startExecution" in resource else self

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Give the same answer to the same question."""
        self.asked.append(request.idempotency_key)
        if request.task in self.lost:
            return Failed(
                LOST,
                f"The worker that performed {request.state_name!r} was lost before it could "
                "report; whether the call took effect is not known.",
            )
        question = f"{request.state_name} {request.attempt} {request.parameters}"
        match zlib.crc32(question.encode()) % 4:
            case 0:
                return Failed("Boom", question)
            case 1:
                return Succeeded('{"a":{"b":2},"b":1,"items":[1,2]}')
            case number:
                return Succeeded(json.dumps(number))


@dataclass(frozen=True)
class Ran:
    """What became of an execution, without the times: a dead worker costs some."""

    status: str
    output: str | None
    error: str | None
    cause: str | None
    events: list[dict[str, Any]]
    commits: int
    lost: frozenset[int]


def run(
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    machine: StateMachine,
    value: str,
    commits: Commits,
    lost: frozenset[int] = frozenset(),
    told: Sequence[Message] = (),
    when_idle: Callable[[Execution], bool] = lambda _: False,
) -> Ran:
    """Run an execution to its end on the durable runtime, with one worker and its successors.

    ``told`` is what it hears before it begins. ``when_idle`` is asked before the clock is turned:
    somebody may tell the execution something, and says so.
    """
    outside = Outside(lost)
    with monkeypatch.context() as patch:
        for module in (turn, drain, performance, leases):
            patch.setattr(module, "transaction", commits.transaction)
        patch.setattr(quick_turn, "single_statement", commits.transaction)
        patch.setattr(executions, "runtime_transaction", commits.transaction)
        for module in (performance, leases):
            patch.setattr(module, "integration_for", outside.integration_for)
        # Every task is begun by itself, in the order in which they were asked for.
        patch.setattr(performance._durations, "expected", lambda _: None)
        patch.setattr(time, "sleep", lambda _: None)
        # The thread that prolongs leases, and new connections, would read the machine's clock.
        for name in ("hold", "let_go"):
            patch.setattr(leases, name, lambda _: None)
        for module in (reports, nested_executions):
            patch.setattr(module, "forget_broken_connection", lambda: None)
        clock.turn(BEGIN)
        assert machine.current is not None
        execution = Execution.objects.create(
            state_machine=machine, revision=machine.current, name=uuid.uuid4().hex, input=value
        )
        for message in (*told, START):
            InboxMessage.objects.create(
                execution_id=execution.id,
                visible_at=execution.started_at,
                command=message.command,
                key=message.key,
                body=message.body,
            )
        with connection.cursor() as cursor:
            cursor.execute("UPDATE executions_execution SET started_at = now()")
            cursor.execute("UPDATE executions_inboxmessage SET visible_at = now()")
        try:
            given_up = work(clock, execution, when_idle)
        finally:
            InboxMessage.objects.all().delete()
            Task.objects.all().delete()
    execution.refresh_from_db()
    assert len(set(outside.asked)) == len(outside.asked), "an attempt was performed twice"
    events = [{k: v for k, v in e.items() if k != "timestamp"} for e in history(execution)]
    text = json.dumps(events).replace(execution.name, "NAME")
    return Ran(
        execution.status,
        (execution.output or "").replace(execution.name, "NAME"),
        execution.error,
        (execution.cause or "").replace(execution.name, "NAME"),
        json.loads(text),
        commits.count,
        given_up,
    )


def work(
    clock: Clock,
    execution: Execution,
    when_idle: Callable[[Execution], bool] = lambda _: False,
) -> frozenset[int]:
    """Do what the workers and the poller do; the tasks that were lost on the way."""
    given_up: set[int] = set()
    while True:
        try:
            moved = drain.drain_executions() + drain.drain_tasks()
        except (Died, psycopg.OperationalError) as interruption:
            if isinstance(interruption, Died):
                kept_states.clear()
            # Whatever it had begun and not reported is in nobody's hands; its lease runs out.
            begun = Task.objects.filter(status="STARTED").values_list("task", "resource")
            given_up.update(
                task for task, resource in begun if integration_for(resource).lost_error
            )
            with connection.cursor() as cursor:
                cursor.execute("UPDATE executions_task SET lease_until = now() - interval '1 s'")
            _expire()
            continue
        if moved:
            continue
        execution.refresh_from_db()
        if when_idle(execution):
            continue
        due = list(next_due())
        if execution.status != "RUNNING" or not due:
            return frozenset(given_up)
        clock.turn(due[0])


def _expire() -> None:
    """Look for leases as the poller does: again when the commit's answer did not come."""
    try:
        leases.expire_leases()
    except (Died, psycopg.OperationalError):
        leases.expire_leases()
