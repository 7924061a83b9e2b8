"""What holds for every definition, input and row of outcomes."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions.interpreter import advance as machine
from executions.interpreter.advance import advance
from executions.interpreter.history import encode_event, encode_events
from executions.interpreter.messages import (
    FireTimer,
    RedriveExecution,
    StartExecution,
    TaskHeartbeat,
    TaskSucceeded,
    Transition,
)
from executions.interpreter.program import compile_program
from executions.interpreter.state import decode, encode
from studio.asl.parse import parse
from tests.executions.interpreter.definitions import definitions, inputs
from tests.executions.interpreter.playing import MAX_COMMANDS, Play, play

if TYPE_CHECKING:
    from executions.interpreter.messages import Command
    from executions.interpreter.program import Program
    from executions.interpreter.state import ExecutionState

ENDINGS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"}

seeds = st.integers(0, 2**32)
settle = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def short_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops come to their end at 400 events instead of 25,000."""
    monkeypatch.setattr(machine, "EVENT_LIMIT", 400)


@settings(settle, max_examples=500)
@given(definitions(), inputs, seeds)
def test_every_history_is_well_formed(definition: str, value: object, seed: int) -> None:
    played = play(compile_program(parse(definition)), json.dumps(value), seed)
    check_the_end(played)
    check_the_events(played)
    check_states_are_left(played)
    check_late_commands_give_nothing(compile_program(parse(definition)), played)


def check_the_end(played: Play) -> None:
    """An execution ends, or waits for something."""
    if played.state.status == "RUNNING":
        assert len(played.commands) == MAX_COMMANDS
        assert played.tasks or played.timers
        assert not played.state.runnable
    else:
        # What did not succeed keeps where a redrive goes on; a full history has no room for it.
        could_go_on = played.state.status != "SUCCEEDED" and played.state.last_event_id < 400
        assert bool(played.state.frames) == could_go_on
        assert not played.tasks
        assert not played.timers


def check_the_events(played: Play) -> None:
    """Ids are 1..n, links point back, time runs forwards, the end comes last.

    An end that is not the last is one that a redrive follows, and a redrive follows nothing else.
    """
    events = played.events
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert all(event.previous_event_id < event.id for event in events)
    assert played.state.last_event_id == len(events) <= 400
    stamps = [event.timestamp for event in events]
    assert stamps == sorted(stamps)
    redriven = [event.id for event in events if event.type == "ExecutionRedriven"]
    endings = [event.id for event in events if event.type in ENDINGS]
    last = [] if played.state.status == "RUNNING" else [len(events)]
    assert endings == [number - 1 for number in redriven] + last
    assert played.state.redrive_count == len(redriven)
    for event, line in zip(events, encode_events(events).split("\n"), strict=True):
        assert line == encode_event(event)
        written = json.loads(line)
        assert (written["id"], written["type"]) == (event.id, event.type)


def check_states_are_left(played: Play) -> None:
    """Every state entered is left, or its frame is live, or something failed."""
    entered: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for event in played.events:
        if event.type.endswith(("StateEntered", "StateExited")):
            (details,) = json.loads(f"{{{event.details}}}").values()
            (entered if event.type.endswith("Entered") else left)[details["name"]] += 1
    assert not left - entered
    live = Counter(frame.state for frame in played.state.frames.values())
    assert not live - (entered - left)
    failed = [event for event in played.events if event.type.endswith(("Failed", "Aborted"))]
    if played.state.status == "SUCCEEDED" and not failed:
        assert entered == left


def check_late_commands_give_nothing(program: Program, played: Play) -> None:
    """What has been answered once is not answered again."""
    waited_for = {getattr(frame.wait, "task", None) for frame in played.state.frames.values()}
    late = [
        command
        for command in played.commands
        if isinstance(command, StartExecution)
        or ("task" in vars_of(command) and vars_of(command)["task"] not in waited_for)
        or ("timer" in vars_of(command) and vars_of(command)["timer"] not in played.timers)
        or (played.state.status != "RUNNING" and not isinstance(command, RedriveExecution))
    ]
    nobodys: list[Command] = [
        FireTimer(played.now, "seed", "wait:9999"),
        FireTimer(played.now, "seed", "timeout:no number"),
        TaskSucceeded(played.now, "seed", 9999, "{}"),
        TaskHeartbeat(played.now, "seed", 9999, played.now),
    ]
    if played.state.status == "RUNNING":
        nobodys.append(RedriveExecution(played.now, "seed", played.now))
    for command in [*late, *nobodys]:
        transition = advance(program, played.state, command)
        assert transition == Transition(played.state, [], [])
        assert transition.state is played.state


def vars_of(command: object) -> dict[str, object]:
    return dataclasses.asdict(command)  # type: ignore[call-overload, no-any-return]


@settings(settle, max_examples=250)
@given(definitions(), inputs, seeds, st.integers(1, 7))
def test_a_history_depends_on_the_commands_alone(
    definition: str, value: object, seed: int, budget: int
) -> None:
    text = json.dumps(value)
    program = compile_program(parse(definition))
    whole = play(program, text, seed)
    end = encode(whole.state)

    again = play(compile_program(parse(definition)), text, seed)
    assert again.events == whole.events
    assert encode(again.state) == end

    stored = play(program, text, seed, between=through_a_snapshot)
    assert stored.events == whole.events
    assert encode(stored.state) == end

    split = play(program, text, seed, budget=budget)
    assert split.events == whole.events
    assert encode(split.state) == end


def through_a_snapshot(state: ExecutionState) -> ExecutionState:
    again = decode(encode(state))
    assert again == state
    assert encode(again) == encode(state)
    return again


@settings(settle, max_examples=100)
@given(definitions(), inputs, seeds)
def test_arguments_are_not_changed(definition: str, value: object, seed: int) -> None:
    states: list[tuple[ExecutionState, str, ExecutionState]] = []

    def watched(state: ExecutionState) -> ExecutionState:
        states.append((state, encode(state), copy.deepcopy(state)))
        return state

    play(compile_program(parse(definition)), json.dumps(value), seed, between=watched)
    for state, text, before in states:
        assert state == before
        assert encode(state) == text
