"""One Express execution from its start to its end: the machine's other loop.

Nothing is read from the database or written to it on the way. What dies with the process is gone:
whoever started the execution decides whether it is run again.
"""

from __future__ import annotations

import logging
import math
import os
import queue
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import close_old_connections

from executions.integration import TaskRequest
from executions.interpreter.advance import advance, begin
from executions.interpreter.log_events import log_events
from executions.interpreter.messages import CancelTask, CancelTimer, ScheduleTask, SetTimer
from executions.interpreter.program import EXPRESS_SECONDS, Program, compile_program
from executions.interpreter.state import Identity
from executions.runtime import event_log
from executions.runtime.ending import ProcessEnds
from executions.runtime.inbox import CONTINUE, START, Message, to_command
from executions.runtime.performance import attempt
from executions.runtime.programs import program_of_revision
from studio import arns
from studio.asl.parse import parse
from studio.sensitive_fields import marks_of

if TYPE_CHECKING:
    from executions.interpreter.messages import Effect, HistoryEvent

TASK_THREADS = 64
"""Tasks that all Express executions of one process have performed at once; others wait."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExpressStart:
    """An execution that is to run, with all that it takes; texts as they are stored."""

    state_machine: str
    name: str
    run: str
    role_arn: str
    definition: str
    input: str
    logging_configuration: str
    # A Map Run's child begins with a scope of its parent's program.
    revision: int = 0
    scope: int = 0
    hops: int = 0
    sensitive_fields: str = ""

    @property
    def arn(self) -> str:
        """The execution's ARN."""
        return arns.express_execution_arn(self.state_machine, self.name, self.run)


@dataclass(frozen=True, slots=True)
class ExpressEnd:
    """How an execution ended. Times are in seconds since the epoch, to the millisecond."""

    status: str
    output: str | None
    error: str | None
    cause: str | None
    started_at: float
    stopped_at: float


def run(start: ExpressStart) -> ExpressEnd:
    """Run an execution; it takes at most five minutes and the step that is being made then.

    A fault of ours is logged, and ends the execution as ``States.Runtime``.

    Raises:
        ProcessEnds: the execution has not ended, and will not in this process.
    """
    began = clock()
    try:
        return _Run(start).to_the_end()
    except ProcessEnds:
        raise
    except Exception as fault:  # noqa: BLE001 - logged, and told to the caller
        _log.exception("the Express execution %s failed by a fault of ours", start.arn)
        cause = f"Stepwell could not go on with the execution: {fault!r}"
        return ExpressEnd("FAILED", None, "States.Runtime", cause, began, clock())


def clock() -> float:
    """This process's clock in seconds since the epoch, to the millisecond."""
    return math.floor(time.time() * 1000) / 1000


class _Run:
    """An execution under way: its state, its timers, and the outcomes that come in."""

    def __init__(self, start: ExpressStart) -> None:
        self._start = start
        self._program = (
            program_of_revision(start.revision, start.scope, is_express=True)
            if start.scope
            else _program(start.definition)
        )
        self._log = event_log.log_of(start.logging_configuration)
        self._timers: dict[str, float] = {}
        self._tasks: set[int] = set()
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._ends_at = math.inf

    def to_the_end(self) -> ExpressEnd:
        start = self._start
        state = begin(
            self._program,
            Identity(
                execution_arn=start.arn,
                execution_name=start.name,
                role_arn=start.role_arn,
                state_machine_arn=arns.state_machine_arn(start.state_machine),
                state_machine_name=arns.short_name(start.state_machine),
            ),
        )
        seed = os.urandom(16).hex()
        began = clock()
        self._ends_at = began + (self._program.timeout_seconds or EXPRESS_SECONDS)
        message, number = START, 0
        try:
            while True:
                # No two commands share a seed, and the clock may not go back.
                now = max(clock(), state.now)
                command = to_command(message, now, f"{seed}:{number}", start.input)
                transition = advance(self._program, state, command, settings.TURN_EVENTS)
                state = transition.state
                self._write_log(transition.events)
                if state.status != "RUNNING":
                    break
                self._carry_out(transition.effects, now)
                message = self._next_message(transition.more)
                number += 1
        finally:
            # What still waits for a thread is not begun any more.
            self._tasks.clear()
        return ExpressEnd(
            state.status, state.output, state.error, state.cause, began, max(clock(), state.now)
        )

    def _write_log(self, events: list[HistoryEvent]) -> None:
        if not (self._log.is_on and events):
            return
        lines = log_events(events, self._log.level, self._start.arn, 0)
        try:
            event_log.write(self._log.group, lines, marks_of(self._start.sensitive_fields))
        except OSError as error:
            # Nothing keeps them for a second try, as nothing keeps the execution.
            _log.warning("log events of %s are lost: %s", self._start.arn, error)

    def _carry_out(self, effects: list[Effect], now: float) -> None:
        cancelled = {effect.task for effect in effects if isinstance(effect, CancelTask)}
        for effect in effects:
            match effect:
                case ScheduleTask():
                    if effect.task not in cancelled:
                        self._begin(effect, now)
                case CancelTask(task):
                    self._tasks.discard(task)
                case SetTimer(timer, at):
                    self._timers[timer] = at
                case CancelTimer(timer):
                    self._timers.pop(timer, None)

    def _begin(self, effect: ScheduleTask, scheduled_at: float) -> None:
        self._tasks.add(effect.task)
        try:
            _performers().submit(self._perform, effect, scheduled_at)
        except RuntimeError as error:
            # Python takes on nothing once its main thread is through, while others still run.
            raise ProcessEnds(str(error)) from error

    def _perform(self, effect: ScheduleTask, scheduled_at: float) -> None:
        """On a thread of its own: perform an attempt, unless nobody waits for it any more."""
        if effect.task not in self._tasks:
            return
        self._messages.put(Message("TaskStarted", str(effect.task)))
        deadline = self._ends_at
        if effect.timeout_seconds is not None:
            deadline = min(deadline, scheduled_at + effect.timeout_seconds)
        try:
            message = attempt(
                TaskRequest(
                    execution_arn=self._start.arn,
                    state_machine_arn=arns.state_machine_arn(self._start.state_machine),
                    state_name=effect.state_name,
                    task=effect.task,
                    attempt=effect.attempt,
                    resource=effect.resource,
                    parameters=effect.parameters,
                    deadline=deadline,
                    idempotency_key=f"{self._start.run}:{effect.task}",
                    role_arn=self._start.role_arn,
                    assumed_role_arn=effect.assumed_role_arn or "",
                    hops=self._start.hops,
                )
            )
        finally:
            close_old_connections()
        self._messages.put(message)

    def _next_message(self, more: bool) -> Message:
        """Wait for what comes next: a timer that is due before all, then outcomes."""
        while True:
            timer = min(self._timers, key=self._timers.__getitem__)  # the time-out is always set
            left = self._timers[timer] - clock()
            if left <= 0:
                del self._timers[timer]
                return Message("FireTimer", timer)
            try:
                return self._messages.get(block=not more, timeout=left)
            except queue.Empty:
                if more:
                    return CONTINUE


@lru_cache(maxsize=256)
def _program(definition: str) -> Program:
    return compile_program(parse(definition), is_express=True)


@lru_cache(maxsize=1)
def _performers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(TASK_THREADS, thread_name_prefix="express-task")
