"""What the machine promises beyond what a conformance case can say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from executions.interpreter.advance import advance, begin
from executions.interpreter.frame import MapRunWait
from executions.interpreter.history import encode_events
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
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
    Transition,
)
from executions.interpreter.payload import SIZE_LIMIT, Payload, quote
from executions.interpreter.program import Program, compile_program
from executions.interpreter.retry import delay_before_retry
from executions.interpreter.state import decode, encode
from studio.asl.definition import Retrier
from studio.asl.parse import parse
from tests.executions.interpreter.playing import IDENTITY, START

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work"
SQS = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


def machine(**states: Any) -> Program:
    return compile_program(parse(json.dumps({"StartAt": next(iter(states)), "States": states})))


def start(program: Program, value: object = None, budget: int = 1000) -> Transition:
    command = StartExecution(START, "seed", json.dumps({} if value is None else value))
    return advance(program, begin(program, IDENTITY), command, budget)


def types(transition: Transition) -> list[str]:
    return [event.type for event in transition.events]


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": FUNCTION, "End": True, **fields}


def test_a_task_asks_for_its_attempt_and_its_timers() -> None:
    turn = start(machine(S=task(TimeoutSeconds=9)), {"a": 1})
    assert turn.effects == [
        ScheduleTask(3, "S", 0, FUNCTION, '{"a":1}', 9, None),
        SetTimer("timeout:3", START + 9),
    ]


def test_an_outcome_calls_the_timers_off() -> None:
    program = machine(S=task(TimeoutSeconds=9))
    turn = advance(program, start(program).state, TaskSucceeded(START, "s", 3, "1"))
    assert turn.effects == [CancelTimer("timeout:3")]
    assert turn.state.output == "1"


def test_a_time_out_calls_the_attempt_off() -> None:
    program = machine(S=task(TimeoutSeconds=9))
    turn = advance(program, start(program).state, FireTimer(START + 9, "s", "timeout:3"))
    assert turn.effects == [CancelTask(3)]
    late = advance(program, turn.state, TaskSucceeded(START + 10, "s", 3, "1"))
    assert late == Transition(turn.state, [], [])


def test_a_started_attempt_is_recorded_once() -> None:
    program = machine(S=task())
    turn = advance(program, start(program).state, TaskStarted(START, "s", 3))
    assert types(turn) == ["LambdaFunctionStarted"]
    again = advance(program, turn.state, TaskStarted(START, "s", 3))
    assert again == Transition(turn.state, [], [])
    done = advance(program, turn.state, TaskSucceeded(START, "s", 3, "1"))
    assert types(done)[0] == "LambdaFunctionSucceeded"


def test_only_what_reports_later_is_submitted() -> None:
    program = machine(S=task())
    assert not advance(program, start(program).state, TaskSubmitted(START, "s", 3, "{}")).events


def test_a_token_differs_for_each_attempt_and_goes_with_its_request() -> None:
    program = machine(
        S=task(
            Resource=SQS,
            Parameters={"QueueUrl": "q", "MessageBody": {"t.$": "$$.Task.Token"}},
            Retry=[{"ErrorEquals": ["States.ALL"]}],
        )
    )
    first = start(program)
    failed = advance(program, first.state, TaskFailed(START, "s", 3, "E", None))
    (timer,) = failed.effects
    assert timer == SetTimer("retry:2.1", START + 1)
    second = advance(program, failed.state, FireTimer(START + 1, "other", "retry:2.1"))
    tokens = []
    for turn in (first, second):
        (request,) = turn.effects
        assert isinstance(request, ScheduleTask)
        tokens.append(json.loads(request.parameters)["MessageBody"]["t"])
        assert request.token == tokens[-1]
        assert turn.state.waiting_frame(request.task) is not None
        assert tokens[-1] not in encode(turn.state)
    assert len(set(tokens)) == 2


def test_a_timer_of_an_earlier_retry_does_not_start_a_later_one() -> None:
    program = machine(S=task(Retry=[{"ErrorEquals": ["E"], "IntervalSeconds": 10}]))
    state = start(program).state
    state = advance(program, state, TaskFailed(START, "s", 3, "E", None)).state
    state = advance(program, state, FireTimer(START + 10, "s", "retry:2.1")).state
    failed = advance(program, state, TaskFailed(START + 10, "s", state.last_event_id, "E", None))
    again = advance(program, failed.state, FireTimer(START + 11, "s", "retry:2.1"))
    assert again == Transition(failed.state, [], [])


def test_ending_calls_off_what_is_still_wanted() -> None:
    wait = {"Type": "Wait", "Seconds": 60, "End": True}
    branches = [
        {"StartAt": "T", "States": {"T": task(TimeoutSeconds=5)}},
        {"StartAt": "W", "States": {"W": wait}},
    ]
    program = machine(S={"Type": "Parallel", "Branches": branches, "End": True})
    turn = advance(program, start(program).state, StopExecution(START, "s", None, None))
    assert turn.effects == [
        CancelTask(6),
        CancelTimer("timeout:6"),
        CancelTimer("wait:5"),
    ]
    assert types(turn) == ["ExecutionAborted"]


def test_time_never_runs_backwards() -> None:
    program = machine(S=task())
    turn = advance(program, start(program).state, TaskSucceeded(START - 100, "s", 3, "1"))
    assert {event.timestamp for event in turn.events} == {START}


def test_the_budget_leaves_the_rest_for_a_continue() -> None:
    states = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(50)}
    program = machine(**states, S50={"Type": "Pass", "End": True})
    turn = start(program, budget=10)
    assert turn.more
    assert 10 <= len(turn.events) <= 12
    repeated = advance(program, turn.state, StartExecution(START, "seed", "{}"), 10)
    assert repeated == Transition(turn.state, [], [], more=True)
    while turn.more:
        turn = advance(program, turn.state, Continue(START, "seed"), 10)
    assert turn.state.status == "SUCCEEDED"
    assert turn.state.last_event_id == 104


def test_frames_take_turns() -> None:
    def branch(name: str) -> dict[str, Any]:
        states = {f"{name}{i}": {"Type": "Pass", "Next": f"{name}{i + 1}"} for i in range(2)}
        states[f"{name}2"] = {"Type": "Pass", "End": True}
        return {"StartAt": f"{name}0", "States": states}

    branches = [branch("A"), branch("B")]
    turn = start(machine(S={"Type": "Parallel", "Branches": branches, "End": True}))
    entered = [
        json.loads(f"{{{event.details}}}")["stateEnteredEventDetails"]["name"]
        for event in turn.events
        if event.type == "PassStateEntered"
    ]
    assert entered == ["A0", "B0", "A1", "B1", "A2", "B2"]


@pytest.mark.parametrize(("count", "status"), [(6248, "SUCCEEDED"), (6249, "FAILED")])
def test_the_last_event_may_be_a_success(count: int, status: str) -> None:
    """A pass of the loop makes four events; before and after it there are eight."""
    again: dict[str, Any] = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.n", "NumericEquals": count, "Next": "E"}],
        "Default": "A",
    }
    add = {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "C"}
    program = machine(
        S={"Type": "Pass", "Result": {"n": 0}, "Next": "C"},
        C=again,
        A=add,
        E={"Type": "Pass", "End": True},
    )
    turn = start(program, budget=30_000)
    assert turn.state.last_event_id == 25_000
    assert turn.state.status == status


NEVER = {"Variable": "$.never", "IsPresent": True, "Next": "E"}
AGAIN: dict[str, Any] = {"Type": "Choice", "Choices": [NEVER], "Default": "A"}
INNER = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}


@pytest.mark.parametrize(
    "deepening",
    [
        {"Type": "Pass", "Parameters": {"x.$": "$"}, "Next": "C"},
        {"Type": "Parallel", "Branches": [INNER], "Next": "C"},
        {"Type": "Parallel", "Branches": [INNER], "ResultPath": "$.r", "Next": "C"},
    ],
)
def test_a_loop_that_nests_its_data_fails(deepening: dict[str, Any]) -> None:
    program = machine(A=deepening, C=AGAIN, E={"Type": "Succeed"})
    turn = start(program)
    while turn.more:
        turn = advance(program, decode(encode(turn.state)), Continue(START, "seed"))
    assert (turn.state.status, turn.state.error) == ("FAILED", "States.Runtime")
    assert "nested too deeply" in (turn.state.cause or "")


def test_a_catcher_that_overflows_does_not_catch_itself() -> None:
    catcher = {"ErrorEquals": ["States.DataLimitExceeded"], "ResultPath": "$.e", "Next": "C"}
    program = machine(S=task(ResultPath="$.r", Catch=[catcher]), C={"Type": "Pass", "End": True})
    state = start(program, {"x": "a" * (SIZE_LIMIT - 20)}).state
    turn = advance(program, state, TaskSucceeded(START, "s", 3, json.dumps("a" * 1000)))
    assert (turn.state.status, turn.state.error) == ("FAILED", "States.DataLimitExceeded")


def test_lone_surrogates_of_an_outcome_become_replacement_characters() -> None:
    program = machine(S=task())
    state = start(program).state
    turn = advance(program, state, TaskFailed(START, "s", 3, "E\ud800", "\udc00c"))
    assert (turn.state.error, turn.state.cause) == ("E\ufffd", "\ufffdc")
    encode_events(turn.events).encode()
    assert decode(encode(turn.state)) == turn.state


def test_a_snapshot_writes_a_shared_payload_once() -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}}
    branches = [json.loads(json.dumps(wait).replace('"W"', f'"W{index}"')) for index in range(10)]
    program = machine(S={"Type": "Parallel", "Branches": branches, "End": True})
    state = start(program, {"text": "a" * 1000}).state
    assert len(encode(state)) < 4000


def test_a_snapshot_of_another_version_is_refused() -> None:
    text = encode(start(machine(S=task())).state).replace('"v":1', '"v":2', 1)
    with pytest.raises(ValueError, match="version 2"):
        decode(text)


def test_jitter_is_drawn_from_the_seed() -> None:
    retrier = Retrier(error_equals=("E",), interval_seconds=10, jitter_strategy="FULL")
    delays = [delay_before_retry(retrier, 0, f"seed{i}") for i in range(200)]
    assert delays == [delay_before_retry(retrier, 0, f"seed{i}") for i in range(200)]
    assert all(0 <= delay <= 10 for delay in delays)
    assert min(delays) < 1
    assert max(delays) > 9


def test_backoff_never_overflows() -> None:
    retrier = Retrier(error_equals=("E",), backoff_rate=1e300, max_attempts=99)
    assert delay_before_retry(retrier, 90, "") == 31_536_000


@pytest.mark.parametrize(
    ("text", "exceeds"),
    [
        ('"' + "a" * (SIZE_LIMIT - 2) + '"', False),
        ('"' + "a" * (SIZE_LIMIT - 1) + '"', True),
        ('"' + "é" * (SIZE_LIMIT // 2 - 1) + '"', False),
        ('"' + "é" * (SIZE_LIMIT // 2) + '"', True),
    ],
)
def test_payloads_are_measured_in_bytes(text: str, exceeds: bool) -> None:
    assert Payload.of_text(text).exceeds_limit() is exceeds


def test_texts_are_quoted_as_json() -> None:
    text = 'a "quote", a \\ and a \n, é and \u2028'
    assert json.loads(quote(text)) == text


def distributed() -> Program:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    processor = {"ProcessorConfig": config, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    each = {"Type": "Map", "ItemProcessor": processor, "Catch": catch, "End": True}
    return machine(S=each, Caught={"Type": "Succeed"})


def test_a_map_run_is_redriven_a_thousand_times_at_most() -> None:
    program = distributed()
    begun = start(program, [1])
    state = advance(program, begun.state, StopExecution(START, "s", None, None)).state
    (frame,) = state.frames.values()
    assert isinstance(frame.wait, MapRunWait)
    last, none_left = frame.copy(), frame.copy()
    last.wait = replace(frame.wait, redrives=999)
    none_left.wait = replace(frame.wait, redrives=1000)

    again = advance(program, replace(state, frames={0: last}), RedriveExecution(START, "s", START))
    assert types(again) == ["ExecutionRedriven", "MapRunRedriven"]
    assert '"redriveCount":1000' in again.events[-1].details

    refused = replace(state, frames={0: none_left})
    for _ in range(2):  # Asking once more comes to the same.
        turn = advance(program, refused, RedriveExecution(START, "s", START))
        assert types(turn) == ["ExecutionRedriven", "ExecutionFailed"]
        assert (turn.state.status, turn.state.error) == ("FAILED", "States.Runtime")
        assert "redriven 1000 times" in (turn.state.cause or "")
        assert turn.effects == []
        refused = decode(encode(turn.state))
