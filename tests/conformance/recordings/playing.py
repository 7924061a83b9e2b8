"""Plays a recorded execution on the pure machine: its tasks are answered as they were recorded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from executions.interpreter.advance import advance, begin
from executions.interpreter.history import encode_event
from executions.interpreter.log_events import LogLevel, log_events
from executions.interpreter.messages import (
    CancelTask,
    CancelTimer,
    Continue,
    FireTimer,
    ScheduleTask,
    SetTimer,
    StartExecution,
    StartMapRun,
    TaskFailed,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
)
from executions.interpreter.program import compile_program
from executions.interpreter.state import Identity, decode, encode
from studio.asl.parse import parse
from tests.conformance.recordings.played_runs import PlayedRuns
from tests.conformance.recordings.reading import RecordedExecution

if TYPE_CHECKING:
    from executions.interpreter.messages import Command, HistoryEvent
    from tests.conformance.recordings.reading import Event, Recording

_ANSWER = re.compile(
    r"(?:Task|LambdaFunction|Activity)(Started|Submitted|Succeeded|Failed|TimedOut)"
)
_ATTEMPT_TIMERS = ("timeout", "heartbeat")
_OVER_THE_LIMIT = json.dumps("a" * 257 * 1024)
_MOST_COMMANDS = 500
_START = 1_700_000_000.0


def play(execution: RecordedExecution) -> list[Event]:
    """Give the history our machine writes. Raises InvalidDefinition where we refuse it."""
    return _Player(execution).play()


def play_logs(recording: Recording) -> list[Event]:
    """Give the log events of a recording's executions, one execution after the other."""
    given = recording.logging_configuration()
    level = LogLevel(given.get("level", "OFF"), given.get("includeExecutionData", False))
    machines = recording.machines()
    found: list[Event] = []
    for start in recording.starts():
        (machine,) = machines.values()
        player = _Player(RecordedExecution(machine, start, []))
        player.play()
        lines = log_events(player.history, level, player.state.identity.execution_arn, 0)
        found += [json.loads(line) for line in lines]
    return found


class _Player:
    def __init__(self, execution: RecordedExecution) -> None:
        self.recorded = {
            event["id"]: event for event in execution.events if isinstance(event["id"], int)
        }
        self.answers = [
            (match.group(1), event)
            for event in execution.events
            if (match := _ANSWER.fullmatch(event["type"]))
        ]
        arn = execution.start["stateMachineArn"]
        name = execution.start.get("name", "execution")
        self.program = compile_program(parse(execution.definition))
        self.state = begin(
            self.program,
            Identity(
                f"{arn.replace(':stateMachine:', ':execution:')}:{name}",
                name,
                execution.machine["roleArn"],
                arn,
                execution.machine["name"],
            ),
        )
        self.input = execution.start.get("input", "{}")
        self.now = _START
        self.history: list[HistoryEvent] = []
        self.events: list[Event] = []
        self.timers: dict[str, float] = {}
        self.tasks: dict[int, ScheduleTask] = {}
        self.runs = PlayedRuns(execution, self.program, self.state)

    def play(self) -> list[Event]:
        more = self.tell(StartExecution(self.now, "seed", self.input))
        for _ in range(_MOST_COMMANDS):
            if self.state.status != "RUNNING":
                break
            if more:
                more = self.tell(Continue(self.now, "seed"))
            elif (end := self.runs.next_end(self.now)) is not None:
                more = self.tell(end)
            elif self.tasks and self.answers:
                more = self.tell(self.next_answer())
            else:
                waiting = [
                    timer
                    for timer in self.timers
                    if not timer.startswith((*_ATTEMPT_TIMERS, "exec"))
                ]
                if not waiting:
                    break
                more = self.tell(self.fire(min(waiting, key=lambda timer: self.timers[timer])))
        return self.events

    def tell(self, command: Command) -> bool:
        transition = advance(self.program, self.state, command)
        self.state = decode(encode(transition.state))
        assert self.state == transition.state
        self.history += transition.events
        self.events += [json.loads(encode_event(event)) for event in transition.events]
        for effect in transition.effects:
            match effect:
                case SetTimer(timer, at):
                    self.timers[timer] = at
                case CancelTimer(timer):
                    self.timers.pop(timer, None)
                case ScheduleTask():
                    self.tasks[effect.task] = effect
                case CancelTask(task):
                    self.tasks.pop(task, None)
                case StartMapRun():
                    self.runs.start(effect, self.state)
        return transition.more

    def fire(self, timer: str) -> Command:
        self.now = max(self.now, self.timers.pop(timer))
        return FireTimer(self.now, "seed", timer)

    def next_answer(self) -> Command:
        kind, event = self.answers.pop(0)
        task = self.task_of(event)
        details: dict[str, Any] = next(
            (value for key, value in event.items() if key.endswith("EventDetails")), {}
        )
        if kind == "Started":
            return TaskStarted(self.now, "seed", task, details.get("workerName"))
        if kind == "Submitted":
            return TaskSubmitted(self.now, "seed", task, _text(details["output"]))
        self.tasks.pop(task, None)
        if kind == "TimedOut":
            timers = [timer for timer in self.timers if timer.endswith(f":{task}")]
            return self.fire(min(timers, key=lambda timer: self.timers[timer]))
        if kind == "Succeeded":
            return TaskSucceeded(self.now, "seed", task, _text(details["output"]))
        if details.get("error") == "States.DataLimitExceeded":
            return TaskSucceeded(self.now, "seed", task, _OVER_THE_LIMIT)
        cause = details.get("cause")
        if isinstance(cause, dict):
            # A function's own error keeps its text; a service's answer is written compactly.
            cause = _text(cause) if "resourceType" in details else json.dumps(cause)
        return TaskFailed(self.now, "seed", task, details.get("error"), cause)

    def task_of(self, event: Event) -> int:
        """Give the attempt an answer belongs to: the Scheduled event it goes back to."""
        at: Event | None = event
        while at is not None and not at["type"].endswith("Scheduled"):
            at = self.recorded.get(at["previousEventId"])
        return at["id"] if at is not None and at["id"] in self.tasks else max(self.tasks)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
