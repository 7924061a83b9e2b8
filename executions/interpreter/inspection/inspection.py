"""One state run by itself: from its input to where it would go on, and everything in between."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from executions.interpreter.frame import ChildrenWait, Frame, TimerWait
from executions.interpreter.inspection.inspected_turn import InspectedTurn
from executions.interpreter.inspection.map_preparation import DataSet, MapPreparation
from executions.interpreter.inspection.place import find_place
from executions.interpreter.inspection.stages import Stages
from executions.interpreter.map_runs import THRESHOLD_EXCEEDED
from executions.interpreter.messages import ScheduleTask
from executions.interpreter.payload import Payload
from executions.interpreter.program import compile_program
from executions.interpreter.retry import Failure
from executions.interpreter.state import ExecutionState
from executions.interpreter.states.map_state import CompiledMap
from executions.interpreter.states.parallel_state import CompiledParallel
from studio.asl import json_text
from studio.asl.definition import MapState
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from executions.interpreter.inspection.place import Place
    from executions.interpreter.program import Program
    from executions.interpreter.state import Identity
    from executions.interpreter.states.parent_state import CompiledParent
    from executions.interpreter.variables import Variables
    from studio.asl.definition import Definition

_ENTERED = 2
"""The id that the entry's event has in a real execution's first state; causes show it."""


@dataclass(frozen=True, slots=True)
class Mock:
    """What the state's work is said to give: ``result`` (JSON text), or else an error."""

    result: str | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the state is entered with.

    ``input`` is JSON text. ``context`` takes the place of the context object. ``retry_count`` is
    how often the Retrier that answers has been used. ``data_set`` says what an ItemReader reads,
    ``failed_iterations`` how many of a Map's iterations have failed. ``now`` is in seconds.
    """

    identity: Identity
    input: str
    now: float
    seed: str
    variables: Variables | None = None
    context: dict[str, Any] | None = None
    retry_count: int = 0
    data_set: DataSet
    failed_iterations: int | None = None


class Inspection:
    """A test of one state. ``run`` it; what ``run`` asks for, report; then read ``answer``."""

    def __init__(self, definition: Definition, name: str, setting: Setting) -> None:
        """Prepare the test of the state ``name``. Raises LookupError where there is none."""
        program = compile_program(definition)
        place = find_place(definition, program, name)
        if place is None:
            raise LookupError(name)
        self._place = place
        self._setting = setting
        self._input = Payload.of_text(setting.input)
        self._stages = Stages(place.state, place.compiled)
        self._limits: dict[str, Any] = {}
        self._trace: dict[str, dict[str, str]] = {}
        self._turn = _begin(program, place, setting, self._input)
        self._frame = self._turn.draft(len(place.around))

    @property
    def identity(self) -> Identity:
        """The execution that the test is said to be."""
        return self._setting.identity

    def run(self, mock: Mock | None) -> ScheduleTask | None:
        """Run the state. Gives the attempt to perform where it is a Task and nothing is mocked.

        For Map and Parallel states a ``mock`` stands for all that runs inside them; without one
        the test ends where their children would begin, and has no status.
        """
        compiled, turn, frame = self._place.compiled, self._turn, self._frame
        if isinstance(compiled, CompiledMap):
            self._run_map(compiled, mock)
        elif isinstance(compiled, CompiledParallel):
            self._run_parallel(compiled, mock)
        else:
            compiled.run(turn, frame)
        if isinstance(frame.wait, TimerWait) and turn.found.status is None:
            frame.wait = None
            compiled.timer_fired(turn, frame)
        task = next((each for each in turn.effects if isinstance(each, ScheduleTask)), None)
        if task is None or turn.found.status is not None:
            return None
        if mock is None:
            return task
        if mock.result is not None:
            self.task_succeeded(mock.result)
        else:
            self.task_failed(mock.error, mock.cause)
        return None

    def task_succeeded(self, output: str) -> None:
        """Take the result of the Task, JSON text."""
        with suppress(json_text.InvalidJson):  # The state fails for it.
            self._stages.record("result", Payload(json_text.loads(output)))
        self._place.compiled.task_succeeded(self._turn, self._frame, output)

    def task_failed(self, error: str | None, cause: str | None) -> None:
        """Take the failure of the Task; Retry and Catch answer it."""
        self._place.compiled.task_failed(self._turn, self._frame, error, cause)

    def note_trace(self, trace: dict[str, dict[str, str]]) -> None:
        """Show what an HTTP Task has sent and got: ``request`` and ``response``."""
        self._trace = trace

    def answer(self) -> dict[str, Any]:
        """Give the members of TestState's answer, ``inspectionData`` among them."""
        found = self._turn.found
        output = found.output
        if output is self._input:
            output = output.compact
        answer = {
            "status": found.status,
            "output": None if output is None else output.text,
            "error": found.error,
            "cause": found.cause,
            "nextState": found.next_state,
            "inspectionData": self._inspection_data(),
        }
        return {name: value for name, value in answer.items() if value is not None}

    def _inspection_data(self) -> dict[str, Any]:
        found = self._turn.found
        data: dict[str, Any] = {
            "input": self._input.text,
            **self._stages.shown(self._input),
            **self._limits,
            **self._trace,
        }
        if found.variables is not None and found.variables.payloads:
            data["variables"] = json_text.dumps(found.variables.values)
        details = {
            "retryIndex": found.retry_index,
            "retryBackoffIntervalSeconds": (
                None if found.retry_seconds is None else round(found.retry_seconds)
            ),
            "catchIndex": found.catch_index,
        }
        shown = {name: value for name, value in details.items() if value is not None}
        if shown:
            data["errorDetails"] = shown
        return data

    def _run_parallel(self, compiled: CompiledParallel, mock: Mock | None) -> None:
        try:
            compiled.input_flow.apply(self._turn, self._frame)
        except StatesError as error:
            self._turn.fail_runtime(self._frame, compiled, error)
            return
        self._end_parent(compiled, mock)

    def _run_map(self, compiled: CompiledMap, mock: Mock | None) -> None:
        state = self._place.state
        assert isinstance(state, MapState)
        turn, frame, setting = self._turn, self._frame, self._setting
        map_ = MapPreparation(turn, frame, state, compiled, self._stages, setting.data_set)
        self._limits = map_.limits
        failed = setting.failed_iterations
        if map_.failure is not None:
            turn.fail(frame, compiled, map_.failure)
            return
        if failed is not None and map_.items is not None and failed > len(map_.items):
            raise ValueError(
                "Map iteration failure count must be less than or equal to the number of Map "
                "iterations."
            )
        has_result = mock is not None and mock.result is not None
        if has_result and failed is not None and map_.exceeds_threshold(failed):
            compiled.children_failed(turn, frame, THRESHOLD_EXCEEDED)
            return
        self._end_parent(compiled, mock)

    def _end_parent(self, compiled: CompiledParent, mock: Mock | None) -> None:
        """End a Map or Parallel state with what is said to come out of it."""
        if mock is None:
            return
        turn, frame = self._turn, self._frame
        if mock.result is None:
            compiled.children_failed(turn, frame, Failure(mock.error, mock.cause))
            return
        result = Payload.of_text(mock.result)
        self._stages.record("result", result)
        compiled.leave(turn, frame, result, compiled.next)


def _begin(program: Program, place: Place, setting: Setting, given: Payload) -> InspectedTurn:
    """Make a turn whose last frame has entered the state; the frames before it are around it.

    Nobody says what the states around it were entered with, so it is the same input for all.
    """
    frames: dict[int, Frame] = {}
    inside: tuple[int | None, int, Payload | None] = (None, 0, None)
    for number, around in enumerate((*place.around, None)):
        parent, index, item = inside
        compiled = place.compiled if around is None else around.compiled
        scope = place.scope if around is None else around.scope
        frame = frames[number] = Frame(
            number,
            parent,
            scope.number,
            index,
            compiled.name,
            given,
            _ENTERED,
            setting.now,
            _ENTERED,
            item,
            variables=setting.variables,
        )
        if around is not None:
            is_map = isinstance(around.compiled, CompiledMap)
            count = 1 if is_map else around.child + 1
            frame.wait = ChildrenWait([None] * count, started=count, concurrency=count)
            inside = (number, around.child, given if is_map else None)
    base = ExecutionState(
        setting.identity,
        started_at=setting.now,
        now=setting.now,
        last_event_id=_ENTERED,
        next_frame=len(frames),
        input=given,
        frames=frames,
    )
    return InspectedTurn(
        program,
        base,
        setting.seed,
        retry_count=setting.retry_count,
        given_context=setting.context,
    )
