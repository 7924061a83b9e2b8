"""The loop of a rehearsal: an agenda of commands, and a clock that jumps from one to the next."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from executions.interpreter.advance import advance, begin
from executions.interpreter.history import EVENT_LIMIT, encode_event
from executions.interpreter.messages import (
    Continue,
    FireTimer,
    ScheduleTask,
    SetTimer,
    StartExecution,
    StartMapRun,
)
from executions.interpreter.rehearsal.outside import (
    AskedTask,
    AskedTimer,
    Planned,
    Unanswered,
)
from executions.interpreter.rehearsal.places import place_of

if TYPE_CHECKING:
    from executions.interpreter.frame import Frame
    from executions.interpreter.messages import Command, Effect
    from executions.interpreter.program import Program
    from executions.interpreter.rehearsal.outside import Outside
    from executions.interpreter.rehearsal.places import Place
    from executions.interpreter.state import ExecutionState, Identity


@dataclass(slots=True)
class Stop:
    """Why a rehearsal did not come to the execution's end.

    ``reason`` is NO_RESULT (nobody says what a task at ``place`` gives), NOTHING_MORE (it waits for
    what never comes) or TOO_MANY_EVENTS.
    """

    reason: str
    place: Place | None
    message: str


@dataclass(slots=True)
class Rehearsed:
    """How it ended: RUNNING where ``stop`` says why. ``events`` are JSON objects, as stored."""

    status: str
    output: str | None
    error: str | None
    cause: str | None
    elapsed_seconds: float
    events: list[str] = field(default_factory=list)
    stop: Stop | None = None


def rehearse(
    program: Program, identity: Identity, text: str, outside: Outside, now: float, seed: str
) -> Rehearsed:
    """Run an execution with the input ``text`` from ``now`` on, as far as ``outside`` answers.

    Pure, and as long as the definition makes it: a loop goes on for 25,000 events, the caller
    bounds the time that this takes. One ``seed`` serves all commands, so that what is drawn by lot
    depends on how far the execution has come, and on nothing else.
    """
    return _Rehearsal(program, identity, outside, now, seed).run(text)


class _Rehearsal:
    def __init__(
        self, program: Program, identity: Identity, outside: Outside, now: float, seed: str
    ) -> None:
        self._program = program
        self._outside = outside
        self._started = self._now = now
        self._seed = seed
        self._count = 0
        self._state: ExecutionState = begin(program, identity)
        self._agenda: list[tuple[float, int, int, Planned]] = []
        self._attempts: Counter[Place] = Counter()
        self._events: list[str] = []
        self._stop: Stop | None = None

    def run(self, text: str) -> Rehearsed:
        for planned in self._outside.beginning(self._program):
            self._plan(planned)
        self._tell(StartExecution(self._now, self._seed, text))
        while self._stop is None and self._agenda:
            at, _, _, planned = heapq.heappop(self._agenda)
            self._now = max(self._now, at)
            self._tell(planned.make(self._now, self._seed))
        state = self._state
        if state.status == "RUNNING" and self._stop is None:
            self._stop = self._nothing_more()
        return Rehearsed(
            state.status,
            state.output,
            state.error,
            state.cause,
            round(state.now - self._started, 3),
            self._events,
            self._stop,
        )

    def _plan(self, planned: Planned) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (planned.at, planned.order, self._count, planned))

    def _tell(self, command: Command) -> None:
        more = True
        while more and self._stop is None:
            transition = advance(self._program, self._state, command)
            self._state = transition.state
            self._events.extend(encode_event(event) for event in transition.events)
            if transition.state.status == "RUNNING":
                for effect in transition.effects:
                    self._take(effect)
            if len(self._events) > EVENT_LIMIT:  # Of an Express execution; others end by then.
                self._stop = Stop(
                    "TOO_MANY_EVENTS", None, f"It had more than {EVENT_LIMIT} events."
                )
            more = transition.more
            command = Continue(self._now, self._seed)

    def _take(self, effect: Effect) -> None:
        match effect:
            case ScheduleTask():
                frame = self._state.waiting_frame(effect.task)
                if frame is not None:  # else it was called off within the same turn
                    self._ask(effect, frame)
            case StartMapRun(run=run):
                frame = self._state.waiting_frame(run)
                if frame is not None:
                    self._run_map(run, frame)
            case SetTimer(name, at):
                self._set_timer(name, at)
            case _:
                pass  # What is called off and comes all the same gives nothing.

    def _ask(self, task: ScheduleTask, frame: Frame) -> None:
        place = place_of(self._state, frame)
        number = self._attempts[place]
        self._attempts[place] += 1
        try:
            answers = self._outside.answer(AskedTask(place, number, task, frame, self._now))
        except Unanswered as problem:
            if self._stop is None:
                self._stop = Stop("NO_RESULT", place, str(problem))
            return
        for planned in answers:
            self._plan(planned)

    def _run_map(self, run: int, frame: Frame) -> None:
        place = place_of(self._state, frame)
        number = self._attempts[place]
        self._attempts[place] += 1
        try:
            answers = self._outside.run_map(place, number, run, self._now)
        except Unanswered as problem:
            if self._stop is None:
                self._stop = Stop("NO_RESULT", place, str(problem))
            return
        for planned in answers:
            self._plan(planned)

    def _set_timer(self, name: str, at: float) -> None:
        kind, _, number = name.partition(":")
        waited_for: int | str = int(number) if kind in ("timeout", "heartbeat") else name
        frame = self._state.waiting_frame(waited_for)
        place = None if frame is None else place_of(self._state, frame)
        if frame is None and name != "execution":
            return  # Called off within the same turn.
        when = self._outside.fire(AskedTimer(name, at, place, frame, self._now), self._program)
        if when is not None:
            self._plan(Planned(*when, lambda now, seed: FireTimer(now, seed, name)))

    def _nothing_more(self) -> Stop:
        waiting = [frame for frame in self._state.frames.values() if frame.wait is not None]
        leaf = max(waiting, key=lambda frame: frame.id, default=None)
        place = None if leaf is None else place_of(self._state, leaf)
        return Stop("NOTHING_MORE", place, f"State {place} waits for what never comes.")
