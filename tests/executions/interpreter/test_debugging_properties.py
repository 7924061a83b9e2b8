"""What a debugger may not change, whatever the definition, the input and the outcomes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executions.interpreter import advance as machine
from executions.interpreter.debugging.debugger import Debugger
from executions.interpreter.frame import PauseWait
from executions.interpreter.program import compile_program
from executions.interpreter.state import encode
from studio.asl.parse import parse
from tests.executions.interpreter.definitions import definitions, inputs
from tests.executions.interpreter.playing import play
from tests.executions.interpreter.stepping import Stepper, breakpoints_everywhere
from tests.executions.interpreter.test_machine_properties import (
    check_states_are_left,
    check_the_end,
    check_the_events,
    seeds,
    settle,
    through_a_snapshot,
)

if TYPE_CHECKING:
    from executions.interpreter.state import ExecutionState


@pytest.fixture(autouse=True)
def short_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops come to their end at 400 events instead of 25,000."""
    monkeypatch.setattr(machine, "EVENT_LIMIT", 400)


def undebugged(state: ExecutionState) -> str:
    """Leave out what the debugger keeps: of frames that an end found paused, that they were."""
    frames = {}
    for number, frame in state.frames.items():
        frames[number] = frame
        if isinstance(frame.wait, PauseWait):
            frames[number] = frame.copy()
            frames[number].wait = None
    return encode(replace(state, debugger=None, frames=frames))


@settings(settle, max_examples=120)
@given(definitions(), inputs, seeds)
def test_pausing_everywhere_changes_no_event(definition: str, value: object, seed: int) -> None:
    program = compile_program(parse(definition))
    text = json.dumps(value)
    plain = play(program, text, seed, budget=10_000)
    stepper = Stepper()
    stepped = play(
        program, text, seed, budget=10_000, by=stepper, debugger=breakpoints_everywhere(program)
    )
    assert stepped.events == plain.events
    assert stepped.commands == plain.commands
    assert stepped.timers == plain.timers
    assert stepped.tasks == plain.tasks
    assert undebugged(stepped.state) == undebugged(plain.state)
    assert stepper.pauses


@settings(settle, max_examples=60)
@given(definitions(), inputs, seeds)
def test_a_debugger_that_pauses_nowhere_changes_nothing(
    definition: str, value: object, seed: int
) -> None:
    program = compile_program(parse(definition))
    text = json.dumps(value)
    plain = play(program, text, seed, budget=50)
    elsewhere = breakpoints_everywhere(program)
    elsewhere = Debugger(
        tuple(replace(each, condition="{% false %}") for each in elsewhere.breakpoints)
    )
    watched = play(program, text, seed, budget=50, between=through_a_snapshot, debugger=elsewhere)
    assert watched.events == plain.events
    assert undebugged(watched.state) == undebugged(plain.state)


@settings(settle, max_examples=60)
@given(definitions(), inputs, seeds, st.integers(1, 7))
def test_pauses_survive_restarts_and_small_turns(
    definition: str, value: object, seed: int, budget: int
) -> None:
    program = compile_program(parse(definition))
    text = json.dumps(value)
    stored = play(
        program,
        text,
        seed,
        by=Stepper(through_a_snapshot, budget),
        debugger=breakpoints_everywhere(program),
    )
    check_the_events(stored)
    check_states_are_left(stored)
    check_the_end(stored)
