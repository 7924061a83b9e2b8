"""Whatever an execution was, replayed on its own definition it repeats itself."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions.interpreter import advance as machine
from executions.interpreter.history import encode_event
from executions.interpreter.program import compile_program
from executions.interpreter.rehearsal.replay import replay
from studio.asl.parse import parse
from tests.executions.interpreter.definitions import definitions, inputs
from tests.executions.interpreter.playing import IDENTITY, play

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
@given(definitions(), inputs, st.integers(0, 2**32))
def test_its_own_definition_repeats_it(definition: str, value: object, seed: int) -> None:
    read = parse(definition)
    played = play(compile_program(read), json.dumps(value), seed)
    if played.state.status == "RUNNING":
        return
    events = [encode_event(event) for event in played.events]
    replayed = replay(events, IDENTITY, read, read)
    assert (replayed.verdict, replayed.divergences) == ("SAME", [])
    assert [json.loads(each)["type"] for each in replayed.end.events] == [
        event.type for event in played.events
    ]
