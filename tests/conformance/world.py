"""Where a conformance case is run, and what it saw there.

A World starts an execution, answers its Tasks from the case's script, turns a clock by hand, and
gives what a client could see. The pure machine is one World; ``runtime_world`` has the durable
runtime and ``wire_world`` boto3 in front of a server, on the same files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from executions.interpreter.advance import advance, begin
from executions.interpreter.history import encode_event
from executions.interpreter.messages import (
    CancelTask,
    CancelTimer,
    Continue,
    FireTimer,
    RedriveExecution,
    RedriveMapRun,
    ScheduleTask,
    SetTimer,
    StartExecution,
    StartMapRun,
    StopExecution,
    StopMapRun,
    TaskFailed,
    TaskHeartbeat,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
)
from executions.interpreter.program import compile_program
from executions.interpreter.state import Identity
from studio.asl.expressions.timestamps import epoch_seconds
from studio.asl.parse import parse
from tests.conformance.map_runs import Execution, MapRun
from tests.conformance.script import Case, Script
from tests.executions.interpreter.stepping import Stepper, breakpoints_everywhere

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.messages import Command, Transition

REGION = "us-east-1"
ACCOUNT = "123456789012"
MACHINE = "conformance"
EXECUTION = "case"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/conformance"
CLOCK = "2024-05-20T18:00:00Z"
"""When an execution starts, unless its case says otherwise."""


@dataclass
class Outcome:
    """What a client can see of an execution: its end, and its history in AWS's wire form."""

    status: str
    output: str | None
    error: str | None
    cause: str | None
    elapsed_seconds: float
    events: list[dict[str, Any]]
    requests: list[dict[str, Any]] = field(default_factory=list)


class World(Protocol):
    """Somewhere to run a case."""

    def run(self, case: Case) -> Outcome:
        """Run the case's execution until it ends, or until nothing more can happen."""
        ...


class MachineWorld:
    """The pure machine with a hand-turned clock: an hour's Wait takes no time.

    ``stepping``: with breakpoints before and after each state, and continued at each of them.
    """

    def __init__(self, *, stepping: bool = False) -> None:
        self._outcomes: dict[int, Outcome] = {}
        self._stepping = stepping

    def run(self, case: Case) -> Outcome:
        """Run a case, once."""
        if id(case) not in self._outcomes:
            self._outcomes[id(case)] = _Session(case, stepping=self._stepping).run()
        return self._outcomes[id(case)]


class _Session:
    """An execution in a MachineWorld, and the children of its Map Runs.

    An agenda of commands, each with its moment and the execution it is for.
    """

    def __init__(self, case: Case, *, stepping: bool = False) -> None:
        self.advance: Callable[..., Transition] = Stepper() if stepping else advance
        program = compile_program(parse(json.dumps(case["definition"])))
        self.missing = {
            arn
            for arn in program.activities
            if arn.rpartition(":")[2] in case.get("missingActivities", ())
        }
        self.script = Script(case)
        self.started = self.now = epoch_seconds(case.get("clock", CLOCK))
        state = begin(
            program,
            Identity(
                f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{MACHINE}:{EXECUTION}",
                EXECUTION,
                ROLE,
                f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{MACHINE}",
                MACHINE,
            ),
        )
        if stepping:
            state = replace(state, debugger=breakpoints_everywhere(program))
        self.own = Execution(program, state)
        self.redrives = list(case.get("redrives", ()))
        self.agenda: list[tuple[float, int, str, Command, Execution]] = []
        self.count = 0
        self.plan(self.now, "start", StartExecution(self.now, "seed", input_of(case)))
        if "stop" in case:
            stop = case["stop"]
            at = self.now + stop["after"]
            command = StopExecution(at, "seed", stop.get("error"), stop.get("cause"))
            self.plan(at, "stop", command)

    def plan(self, at: float, key: str, command: Command, to: Execution | None = None) -> None:
        self.count += 1
        self.agenda.append((at, self.count, key, command, to or self.own))

    def forget(self, key: str, to: Execution) -> None:
        self.agenda = [entry for entry in self.agenda if entry[2] != key or entry[4] is not to]

    def run(self) -> Outcome:
        own = self.own
        while self.agenda and own.state.status == "RUNNING":
            entry = min(self.agenda, key=lambda entry: entry[:2])
            self.agenda.remove(entry)
            self.now = entry[0]
            self.tell(entry[3], entry[4])
            if own.state.status != "RUNNING" and self.redrives:
                self.end_children()
                at = self.now + self.redrives.pop(0).get("after", 0)
                self.now = at
                self.agenda = []
                self.tell(RedriveExecution(at, "redrive", at), own)
        state = own.state
        return Outcome(
            state.status,
            state.output,
            state.error,
            state.cause,
            round(state.now - self.started, 3),
            own.events,
            self.script.requests,
        )

    def end_children(self) -> None:
        """Let what was stopped come to its end before a redrive."""
        for _, _, _, command, to in sorted(self.agenda, key=lambda entry: entry[1]):
            if to is not self.own and isinstance(command, StopExecution):
                self.tell(command, to)

    def tell(self, command: Command, to: Execution) -> None:
        more = True
        while more:
            transition = self.advance(
                to.program, to.state, command, missing_activities=self.missing
            )
            to.state = transition.state
            to.events.extend(json.loads(encode_event(event)) for event in transition.events)
            for effect in transition.effects:
                match effect:
                    case ScheduleTask():
                        self.answer(effect, to)
                    case SetTimer(timer, at):
                        self.plan(at, timer, FireTimer(at, f"seed{self.count}", timer), to)
                    case CancelTask(task):
                        self.forget(f"task:{task}", to)
                    case CancelTimer(timer):
                        self.forget(timer, to)
                    case StartMapRun():
                        to.runs[effect.run] = MapRun(self, to, effect)
                        to.runs[effect.run].go_on()
                    case StopMapRun(run):
                        to.runs[run].stop()
                    case RedriveMapRun(run):
                        to.runs[run].redrive()
            more = transition.more
            command = Continue(self.now, "seed")
        if to.run is not None and to.state.status != "RUNNING":
            to.run.go_on()

    def answer(self, request: ScheduleTask, to: Execution) -> None:
        """Plan what the script says of the next attempt of this state."""
        key = f"task:{request.task}"
        for said in self.script.answers(request.state_name, request.parameters):
            at = self.now + said.after
            command: Command
            match said.kind:
                case "started":
                    command = TaskStarted(at, "seed", request.task, said.worker)
                case "heartbeat":
                    command = TaskHeartbeat(at, "seed", request.task, at)
                case "submitted":
                    command = TaskSubmitted(at, "seed", request.task, said.text)
                case "succeeded":
                    command = TaskSucceeded(at, "seed", request.task, said.text)
                case "failed":
                    command = TaskFailed(at, "seed", request.task, said.error, said.cause)
            self.plan(at, key, command, to)


def input_of(case: Case) -> str:
    """The text that the case's execution is started with."""
    return (
        case["inputText"]
        if "inputText" in case
        else json.dumps(case.get("input", {}), ensure_ascii=False)
    )
