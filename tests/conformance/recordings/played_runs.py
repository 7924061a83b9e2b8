"""Map Runs of a recorded execution: its children run on the pure machine.

Their own histories were not recorded, so their tasks are answered by what the recording says of its
functions: all of them return their event.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from executions.interpreter.advance import advance
from executions.interpreter.messages import (
    Continue,
    FireTimer,
    MapRunFailed,
    MapRunSucceeded,
    ScheduleTask,
    SetTimer,
    StartMapRun,
    StopMapRun,
    TaskSucceeded,
)
from tests.conformance.map_runs import Execution, MapRun

if TYPE_CHECKING:
    from executions.interpreter.messages import Command
    from executions.interpreter.program import Program
    from executions.interpreter.state import ExecutionState
    from tests.conformance.recordings.reading import RecordedExecution

    End = MapRunSucceeded | MapRunFailed


class PlayedRuns:
    """The runs of one execution, which is played elsewhere and told how they end."""

    def __init__(
        self, execution: RecordedExecution, program: Program, state: ExecutionState
    ) -> None:
        self.now = 0.0
        self._recorded = execution
        self._own = Execution(program, state)
        self._planned: list[tuple[float, int, Command, Execution]] = []
        self._count = 0

    def start(self, effect: StartMapRun, state: ExecutionState) -> None:
        """Start a run of the execution, which is in this state."""
        self.now = state.now
        self._own.state = state
        MapRun(self, self._own, effect).go_on()

    def next_end(self, now: float) -> End | None:
        """Let children go on until a run of the execution ends; None where nothing is planned."""
        self.now = now
        while self._planned:
            entry = min(self._planned, key=lambda entry: entry[:2])
            self._planned.remove(entry)
            self.now, _, command, to = entry
            if to is self._own:
                assert isinstance(command, MapRunSucceeded | MapRunFailed)
                return command
            self.tell(command, to)
        return None

    def plan(self, at: float, key: str, command: Command, to: Execution) -> None:
        """Have a command delivered at a moment."""
        del key
        self._count += 1
        self._planned.append((at, self._count, command, to))

    def tell(self, command: Command, to: Execution) -> None:
        """Deliver a command at once."""
        more = True
        while more:
            transition = advance(to.program, to.state, command)
            to.state = transition.state
            for effect in transition.effects:
                match effect:
                    case ScheduleTask():
                        answer = self._answer(effect)
                        self.plan(
                            self.now, "", TaskSucceeded(self.now, "", effect.task, answer), to
                        )
                    case SetTimer(timer, at):
                        self.plan(at, "", FireTimer(at, "", timer), to)
                    case StartMapRun():
                        to.runs[effect.run] = MapRun(self, to, effect)
                        to.runs[effect.run].go_on()
                    case StopMapRun(run):
                        to.runs[run].stop()
            more = transition.more
            command = Continue(self.now, "")
        if to.run is not None and to.state.status != "RUNNING":
            to.run.go_on()

    def _answer(self, task: ScheduleTask) -> str:
        assert set(self._recorded.functions.values()) == {"returns its event"}
        if not task.resource.endswith(":states:::lambda:invoke"):
            return task.parameters
        event: Any = json.loads(task.parameters)["Payload"]
        return json.dumps({"ExecutedVersion": "$LATEST", "Payload": event, "StatusCode": 200})
