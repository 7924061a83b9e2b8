"""Runs a definition on the real interpreter and the real integrations, without the runtime.

Time is turned by hand: when nothing is being performed, the clock jumps to the next timer, so a
retry after 8 seconds costs none. Tasks are performed by threads, side by side, as workers do.
"""

import json
import random
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from executions.integration import Failed, Integration, Succeeded, TaskOutcome, TaskRequest
from executions.interpreter.advance import advance, begin
from executions.interpreter.history import encode_events
from executions.interpreter.messages import (
    CancelTimer,
    Command,
    Continue,
    FireTimer,
    HistoryEvent,
    ScheduleTask,
    SetTimer,
    StartExecution,
    TaskFailed,
    TaskSucceeded,
)
from executions.interpreter.program import compile_program
from executions.interpreter.state import ExecutionState, Identity
from studio.asl.parse import parse

ACCOUNT = "arn:aws:states:us-east-1:123456789012"


@dataclass
class Run:
    """An execution that has ended."""

    state: ExecutionState
    events: list[dict[str, Any]]

    @property
    def output(self) -> Any:
        return json.loads(self.state.output or "null")

    def entered(self) -> list[str]:
        """The names of the states that were entered, in their order."""
        return [
            event["stateEnteredEventDetails"]["name"]
            for event in self.events
            if event["type"].endswith("StateEntered")
        ]

    def count(self, kind: str) -> int:
        return sum(event["type"] == kind for event in self.events)


class World:
    """Executions of one machine."""

    def __init__(
        self, definition: Path, integration_for: Callable[[str], Integration], workers: int = 4
    ) -> None:
        self.program = compile_program(parse(definition.read_text()))
        self.name = definition.parent.name
        self.integration_for = integration_for
        self.pool = ThreadPoolExecutor(workers)

    def close(self) -> None:
        self.pool.shutdown()

    def run(
        self,
        name: str,
        value: Any,
        lose: Callable[[ScheduleTask], str | None] = lambda _: None,
    ) -> Run:
        """Run one execution to its end.

        ``lose`` decides for an attempt whether its worker dies: "before" its work, "after" it, or
        not at all (None).
        """
        identity = Identity(
            f"{ACCOUNT}:execution:{self.name}:{name}",
            name,
            "arn:aws:iam::123456789012:role/tests",
            f"{ACCOUNT}:stateMachine:{self.name}",
            self.name,
        )
        state = begin(self.program, identity)
        now = time.time()
        events: list[HistoryEvent] = []
        timers: dict[str, float] = {}
        running: dict[Future[Command], None] = {}
        commands: deque[Command] = deque([StartExecution(now, name, json.dumps(value))])
        while state.status == "RUNNING":
            if not commands and running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    del running[future]
                    commands.append(future.result())
            elif not commands:
                timer = min(timers, key=lambda each: timers[each])
                now = max(now, timers.pop(timer))
                commands.append(FireTimer(now, name, timer))
            transition = advance(self.program, state, commands.popleft())
            state = transition.state
            events += transition.events
            if transition.more:
                commands.append(Continue(now, name))
            for effect in transition.effects:
                if isinstance(effect, ScheduleTask):
                    future = self.pool.submit(self._perform, identity, effect, now, lose(effect))
                    running[future] = None
                elif isinstance(effect, SetTimer):
                    timers[effect.timer] = effect.at
                elif isinstance(effect, CancelTimer):
                    timers.pop(effect.timer, None)
        wait(running)
        return Run(state, [json.loads(line) for line in encode_events(events).splitlines()])

    def _perform(
        self, identity: Identity, effect: ScheduleTask, now: float, lost: str | None
    ) -> Command:
        integration = self.integration_for(effect.resource)
        request = TaskRequest(
            execution_arn=identity.execution_arn,
            state_machine_arn=identity.state_machine_arn,
            state_name=effect.state_name,
            task=effect.task,
            attempt=effect.attempt,
            resource=effect.resource,
            parameters=effect.parameters,
            deadline=None,
            idempotency_key=f"{identity.execution_arn}:{effect.task}",
        )
        outcome: TaskOutcome = Failed(integration.lost_error, "The worker was lost.")
        if lost != "before":
            outcome = integration.perform(request)
        if lost is not None:
            outcome = Failed(integration.lost_error, "The worker was lost.")
        seed = str(random.random())
        match outcome:
            case Succeeded(output):
                return TaskSucceeded(now, seed, effect.task, output)
            case Failed(error, cause):
                return TaskFailed(now, seed, effect.task, error, cause)
