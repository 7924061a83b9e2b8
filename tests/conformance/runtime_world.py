"""The durable runtime as a World: real PostgreSQL, real turns, a clock turned by hand.

All cases of a test run are played together: their executions share turns and commits, as they do
in production, and the clock goes on only when none of them has anything to do.
"""

from __future__ import annotations

import heapq
import json
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from executions.actions.executions import get_execution, start_execution, stop_execution
from executions.actions.redrive import redrive_execution
from executions.actions.task_tokens import (
    send_task_failure,
    send_task_heartbeat,
    send_task_success,
)
from executions.errors import TaskTimedOut
from executions.interpreter.task_token import read_task_token
from executions.models import Execution, HistoryChunk, InboxMessage, Task
from executions.runtime import drain
from executions.runtime.activities import hand_out
from executions.runtime.inbox import (
    Message,
    task_failed,
    task_heartbeat,
    task_started,
    task_succeeded,
)
from executions.runtime.map_runs.work import drain_map_runs
from executions.runtime.map_runs.writes import QUEUES
from executions.runtime.outcomes import Outcome as TaskOutcome
from executions.runtime.performance import claim_tasks
from executions.runtime.turn import take_turn
from studio.actions.activities import create_activity
from studio.actions.state_machines import create_state_machine
from studio.asl.expressions.timestamps import epoch_seconds
from tests.conformance.clock import Clock, next_due
from tests.conformance.script import Answer, Script
from tests.conformance.world import CLOCK, EXECUTION, MACHINE, ROLE, Outcome, input_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from executions.runtime.outcomes import StartedTask
    from tests.conformance.script import Case

T = TypeVar("T")
_ACTIVITY = re.compile(r":activity:([^\s:\"]+)")
_LIFE_SIGNS = ("started", "heartbeat", "submitted")


@dataclass
class Played:
    """A case that is being played, or why it cannot be."""

    case: Case
    machine: str
    script: Script
    arn: str = ""
    execution_id: int = 0
    redrives: list[float] = field(default_factory=list)
    problem: Exception | None = None

    @property
    def definition(self) -> str:
        """The case's definition; its activities are its own, though all are played together."""
        return _ACTIVITY.sub(rf":activity:{self.machine}.\1", json.dumps(self.case["definition"]))

    @property
    def activities(self) -> set[str]:
        """The names of the activities that are there."""
        missing = {f"{self.machine}.{name}" for name in self.case.get("missingActivities", ())}
        return set(_ACTIVITY.findall(self.definition)) - missing


@dataclass
class GivenTask:
    """A task of an activity: nobody's at first, then of whoever has its token."""

    execution_id: int
    task: int
    activity: str
    token: str = ""


@dataclass(order=True)
class Planned:
    """Something the outside is to say: the answer of a task, a redrive, or a stop."""

    at: float
    number: int
    played: Played = field(compare=False)
    started: StartedTask | GivenTask | None = field(compare=False, default=None)
    answer: Answer | None = field(compare=False, default=None)
    is_redrive: bool = field(compare=False, default=False)


class RuntimeWorld:
    """Runs cases that were played beforehand, all together."""

    def __init__(self) -> None:
        self._outcomes: dict[int, Outcome | Exception] = {}
        self._agenda: list[Planned] = []
        self._seen: set[int] = set()
        self._count = 0
        self._clock: Clock | None = None
        self._executions: dict[int, Execution] = {}
        self._chunks: dict[int, list[str]] = {}

    @property
    def clock(self) -> Clock:
        assert self._clock is not None
        return self._clock

    def run(self, case: Case) -> Outcome:
        """Give what came of a case; raises what kept it from being played."""
        outcome = self._outcomes[id(case)]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def play(self, cases: Sequence[Case]) -> None:
        """Play all of these; a clock cannot run for two that begin at different times."""
        for clock in sorted({each.get("clock", CLOCK) for each in cases}):
            same = [each for each in cases if each.get("clock", CLOCK) == clock]
            self._play_all(epoch_seconds(clock), same)

    # --- what a client does ---------------------------------------------------------------------

    def start(self, played: Played) -> None:
        """Create the case's state machine and start its execution."""
        for activity in played.activities:
            create_activity(activity)
        create_state_machine(name=played.machine, definition=played.definition, role_arn=ROLE)
        text = input_of(played.case)
        played.arn = start_execution(played.machine, input=text, name=EXECUTION).arn

    def stop(self, played: Played) -> None:
        """Stop the case's execution."""
        stop = played.case["stop"]
        stop_execution(get_execution(played.arn), stop.get("error"), stop.get("cause"))

    def redrive(self, played: Played) -> None:
        """Redrive the case's execution."""
        redrive_execution(played.arn)

    def look(self, played: Sequence[Played]) -> None:
        """Prepare to see what came of all of these: one query for many."""
        numbers = [each.execution_id for each in played]
        self._executions = Execution.objects.in_bulk(numbers)
        self._chunks = defaultdict(list)
        chunks = HistoryChunk.objects.filter(execution_id__in=numbers).order_by("first_id")
        for chunk in chunks:
            self._chunks[chunk.execution_id].append(chunk.events)

    def see(self, played: Played) -> Outcome:
        """Read back what a client could."""
        execution = self._executions[played.execution_id]
        text = "[" + ",".join(self._chunks[execution.pk]).replace("\n", ",") + "]"
        return self.outcome(
            played,
            execution.status,
            execution.output,
            execution.error,
            execution.cause,
            json.loads(text),
        )

    def map(self, do: Callable[[Played], T], played: Sequence[Played]) -> Iterable[T]:
        """Have something done for each case by itself."""
        return map(do, played)

    # --- the play -------------------------------------------------------------------------------

    def _play_all(self, now: float, cases: Sequence[Case]) -> None:
        self._clock = Clock(now)
        self._seen.clear()
        try:
            played = [
                Played(
                    case,
                    f"{MACHINE}-{number:04}",
                    Script(case),
                    redrives=[each.get("after", 0.0) for each in case.get("redrives", ())],
                )
                for number, case in enumerate(cases)
            ]
            for _ in self.map(self._start, played):
                pass
            for each in played:
                self._find(each)
            by_execution = {each.execution_id: each for each in played}
            self._until_nothing_happens(by_execution)
            self.look(played)
            for each, outcome in zip(played, self.map(self._see, played), strict=True):
                self._outcomes[id(each.case)] = outcome
        finally:
            self._agenda.clear()
            self._clock.remove()

    def _start(self, played: Played) -> None:
        try:
            self.start(played)
        except Exception as problem:
            played.problem = problem

    def _find(self, played: Played) -> None:
        if played.problem is not None:
            return
        played.execution_id = get_execution(played.arn).pk
        if "stop" in played.case:
            self._plan(self.clock.now + played.case["stop"]["after"], played)

    def _see(self, played: Played) -> Outcome | Exception:
        if played.problem is not None:
            return played.problem
        try:
            return self.see(played)
        except Exception as problem:
            return problem

    def _plan(
        self,
        at: float,
        played: Played,
        started: StartedTask | GivenTask | None = None,
        answer: Answer | None = None,
        *,
        is_redrive: bool = False,
    ) -> None:
        self._count += 1
        planned = Planned(at, self._count, played, started, answer, is_redrive)
        heapq.heappush(self._agenda, planned)

    def _until_nothing_happens(self, by_execution: dict[int, Played]) -> None:
        while True:
            drain.drain_executions()
            while sum(drain_map_runs(queue) for queue in QUEUES):
                drain.drain_executions()
            self._take_up_tasks(by_execution)
            if self._tell_what_is_due():
                continue
            if self._plan_redrives(by_execution):
                continue
            moments = [*next_due(), *(each.at for each in self._agenda[:1])]
            if not moments:
                return
            self.clock.turn(min(moments))

    def _take_up_tasks(self, by_execution: dict[int, Played]) -> None:
        """Begin every task that waits, and plan what the script says of it."""
        others_wait = True
        while others_wait:
            tasks, others_wait = claim_tasks("tasks")
            for started in tasks:
                # A child of a Map Run is an execution of the case's state machine and a label.
                machine = started.machine_name.partition("/")[0]
                played = next(each for each in by_execution.values() if each.machine == machine)
                try:
                    answers = played.script.answers(started.state_name, started.parameters)
                except AssertionError as problem:
                    played.problem = problem
                    continue
                for answer in answers:
                    self._plan(self.clock.now + answer.after, played, started, answer)
        # Optional, and a matter of time: here a task is begun when its outcome says so.
        InboxMessage.objects.filter(command="TaskStarted").delete()
        self._find_tasks_of_activities(by_execution)

    def _find_tasks_of_activities(self, by_execution: dict[int, Played]) -> None:
        """Plan who takes up the tasks that wait for workers outside, and what those say."""
        waiting = Task.objects.filter(queue__startswith="activity:", status="QUEUED")
        for row in waiting.exclude(pk__in=self._seen).order_by("pk"):
            self._seen.add(row.pk)
            played = by_execution[row.execution_id]
            given = GivenTask(row.execution_id, row.task, row.queue.removeprefix("activity:"))
            try:
                answers = played.script.answers(row.state_name, row.parameters)
            except AssertionError as problem:
                played.problem = problem
                continue
            if answers and answers[0].kind != "started":
                answers.insert(0, Answer("started", answers[0].after))
            for answer in answers:
                self._plan(self.clock.now + answer.after, played, given, answer)

    def _plan_redrives(self, by_execution: dict[int, Played]) -> bool:
        """Plan the next redrive of each execution that has ended; whether there was any."""
        planned = {each.played.execution_id for each in self._agenda if each.is_redrive}
        waiting = [
            number
            for number, played in by_execution.items()
            if played.redrives and number not in planned
        ]
        ended = Execution.objects.filter(pk__in=waiting).exclude(status="RUNNING")
        numbers = list(ended.values_list("pk", flat=True))
        for number in numbers:
            played = by_execution[number]
            self._agenda = [each for each in self._agenda if each.played is not played]
            heapq.heapify(self._agenda)
            self._plan(self.clock.now + played.redrives.pop(0), played, is_redrive=True)
        return bool(numbers)

    def _tell_what_is_due(self) -> bool:
        """Say what is due, one thing for each execution in one turn; whether there was any."""
        told: dict[int, Planned] = {}
        later: list[Planned] = []
        while self._agenda and self._agenda[0].at <= self.clock.now:
            planned = heapq.heappop(self._agenda)
            if planned.played.execution_id in told:
                later.append(planned)
            else:
                told[planned.played.execution_id] = planned
        for planned in later:
            heapq.heappush(self._agenda, planned)
        outcomes = []
        for planned in told.values():
            if planned.is_redrive:
                self.redrive(planned.played)
            elif planned.started is None or planned.answer is None:
                self.stop(planned.played)
            elif isinstance(planned.started, GivenTask):
                self._work(planned.started, planned.answer)
            elif planned.answer.kind in _LIFE_SIGNS:
                self._put(planned.started, self._life_sign(planned.started.task, planned.answer))
            else:
                outcomes.append(
                    TaskOutcome(planned.started, _message(planned.started.task, planned.answer))
                )
        if outcomes:
            take_turn(outcomes=outcomes)
        return bool(told)

    def _work(self, given: GivenTask, answer: Answer) -> None:
        """Do what a worker of an activity does; it may be too late for it."""
        if answer.kind == "started":
            mine = Task.objects.filter(execution_id=given.execution_id, task=given.task)
            if not mine.exists():
                return  # The execution has gone on without anybody.
            given.token = self.take_up(given.activity, answer.worker)
            subject = read_task_token(given.token)
            assert subject is not None
            assert subject.task == given.task, "another task of the activity was older"
        elif given.token:
            self.report(given.token, answer)

    def take_up(self, activity: str, worker: str | None) -> str:
        """Be given the oldest task of an activity; its token."""
        return hand_out({activity: [worker]})[activity][0].token

    def report(self, token: str, answer: Answer) -> None:
        """Say what a worker says of its task."""
        with suppress(TaskTimedOut):
            match answer.kind:
                case "heartbeat":
                    send_task_heartbeat(token)
                case "succeeded":
                    send_task_success(token, answer.text)
                case _:
                    send_task_failure(token, answer.error, answer.cause)

    def _life_sign(self, task: int, answer: Answer) -> Message:
        if answer.kind == "started":
            return task_started(task, answer.worker)
        if answer.kind == "heartbeat":
            return task_heartbeat(task, self.clock.now)
        return Message("TaskSubmitted", str(task), answer.text)

    def _put(self, started: StartedTask, message: Message) -> None:
        InboxMessage.objects.create(
            execution_id=started.execution_id,
            visible_at=Execution.objects.get(pk=started.execution_id).started_at,
            command=message.command,
            key=message.key,
            body=message.body,
        )

    def outcome(
        self,
        played: Played,
        status: str,
        output: str | None,
        error: str | None,
        cause: str | None,
        events: list[dict[str, Any]],
    ) -> Outcome:
        """Put an Outcome together; the state machine gets the name that cases know it by."""

        def named(value: Any) -> Any:
            text = json.dumps(value).replace(f":activity:{played.machine}.", ":activity:")
            return json.loads(text.replace(played.machine, MACHINE))

        elapsed = events[-1]["timestamp"] - events[0]["timestamp"] if events else 0.0
        return Outcome(
            status,
            named(output),
            named(error),
            named(cause),
            round(elapsed, 3),
            named(events),
            named(played.script.requests),
        )


def _message(task: int, answer: Answer) -> Message:
    if answer.kind == "succeeded":
        return task_succeeded(task, answer.text)
    return task_failed(task, answer.error, answer.cause)
