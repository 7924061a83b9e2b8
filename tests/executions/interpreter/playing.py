"""Plays an execution of the pure machine to its end, with outcomes a seed decides."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from executions.interpreter.advance import advance, begin
from executions.interpreter.messages import (
    CancelTask,
    CancelTimer,
    Continue,
    FireTimer,
    RedriveExecution,
    ScheduleTask,
    SetTimer,
    StartExecution,
    StopExecution,
    TaskFailed,
    TaskHeartbeat,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
)
from executions.interpreter.redrive import REDRIVABLE
from executions.interpreter.state import Identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.debugging.debugger import Debugger
    from executions.interpreter.messages import Command, HistoryEvent, Transition
    from executions.interpreter.program import Program
    from executions.interpreter.state import ExecutionState

IDENTITY = Identity(
    "arn:aws:states:us-east-1:123456789012:execution:machine:one",
    "one",
    "arn:aws:iam::123456789012:role/role",
    "arn:aws:states:us-east-1:123456789012:stateMachine:machine",
    "machine",
)
START = 1_700_000_000.0
OUTPUTS = ['{"a": 1, "b": 2, "items": [1, 2]}', "null", "[]", '"text"', "not json"]
MAX_COMMANDS = 60
MAX_REDRIVES = 2


@dataclass
class Play:
    """What one execution was told, and what came of it."""

    state: ExecutionState
    now: float = START
    events: list[HistoryEvent] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    tasks: dict[int, ScheduleTask] = field(default_factory=dict)
    timers: dict[str, float] = field(default_factory=dict)

    def take(self, transition: Transition) -> None:
        """Keep what a Transition says, as the runtime does."""
        self.state = transition.state
        self.events.extend(transition.events)
        for effect in transition.effects:
            match effect:
                case ScheduleTask():
                    self.tasks[effect.task] = effect
                case CancelTask(task):
                    self.tasks.pop(task, None)
                case SetTimer(timer, at):
                    self.timers[timer] = at
                case CancelTimer(timer):
                    self.timers.pop(timer, None)


def play(
    program: Program,
    text: str,
    seed: int,
    budget: int = 1000,
    between: Callable[[ExecutionState], ExecutionState] = lambda state: state,
    by: Callable[..., Transition] = advance,
    debugger: Debugger | None = None,
) -> Play:
    """Run an execution until it ends, waits for nothing, or has had ``MAX_COMMANDS`` commands.

    One that ends badly is redriven now and then.

    ``between`` is applied to the state before each command; ``by`` applies the commands.
    """
    chance = random.Random(seed)
    play = Play(replace(begin(program, IDENTITY), debugger=debugger))
    command: Command | None = StartExecution(START, f"seed{seed}", text)
    while command is not None and len(play.commands) < MAX_COMMANDS:
        play.commands.append(command)
        transition = by(program, between(play.state), command, budget)
        play.take(transition)
        while transition.more:
            transition = by(program, between(play.state), Continue(play.now, command.seed), budget)
            play.take(transition)
        command = _next_command(play, chance)
    return play


def _next_command(play: Play, chance: random.Random) -> Command | None:
    seed = f"seed{chance.random()}"
    roll = chance.random()
    if play.state.status != "RUNNING":
        again = play.state.status in REDRIVABLE and play.state.redrive_count < MAX_REDRIVES
        if not again or roll < 0.5:
            return None
        play.now += 5
        return RedriveExecution(play.now, seed, play.now)
    if roll < 0.02:
        return StopExecution(play.now, seed, "Stopped", None)
    if play.tasks and (roll < 0.8 or not play.timers):
        task = chance.choice(sorted(play.tasks))
        kind = chance.choice(
            ["started", "heartbeat", "submitted", "succeeded", "succeeded", "failed"]
        )
        if kind == "started":
            return TaskStarted(play.now, seed, task)
        if kind == "heartbeat":
            play.now += 1
            return TaskHeartbeat(play.now, seed, task, play.now)
        if kind == "submitted":
            return TaskSubmitted(play.now, seed, task, "{}")
        del play.tasks[task]
        if kind == "succeeded":
            return TaskSucceeded(play.now, seed, task, chance.choice(OUTPUTS))
        error = chance.choice(["Boom", "States.Timeout", "Other", None])
        return TaskFailed(play.now, seed, task, error, chance.choice([None, "why \udcff"]))
    if play.timers:
        timer = min(play.timers, key=lambda name: (play.timers[name], name))
        play.now = max(play.now, play.timers.pop(timer))
        return FireTimer(play.now, seed, timer)
    return None
