"""Snapshots: what an old release wrote is read, and nothing that is over is waited for."""

from __future__ import annotations

import json
from typing import Any

from executions.interpreter.advance import advance
from executions.interpreter.frame import TaskWait
from executions.interpreter.messages import (
    FireTimer,
    RedriveExecution,
    ScheduleTask,
    TaskFailed,
    TaskHeartbeat,
    TaskSucceeded,
)
from executions.interpreter.state import decode, encode
from tests.executions.interpreter.playing import START
from tests.executions.interpreter.test_machine import FUNCTION, machine, start, task, types

# As a release wrote it that knew only whether there were timers, not how many seconds they had.
OLD = (
    '{"v":1,"identity":{"execution_arn":"arn:aws:states:us-east-1:123456789012:execution:machine'
    ':one","execution_name":"one","role_arn":"arn:aws:iam::123456789012:role/role",'
    '"state_machine_arn":"arn:aws:states:us-east-1:123456789012:stateMachine:machine",'
    '"state_machine_name":"machine"},"status":"RUNNING","startedAt":1700000000.0,'
    '"now":1700000000.0,"lastEventId":3,"nextFrame":1,"redriveCount":0,"redrivenAt":null,'
    '"input":0,"frames":[{"id":0,"parent":null,"scope":0,"index":0,"state":"S","input":0,'
    '"enteredId":2,"enteredAt":1700000000.0,"lastId":3,"item":null,"retries":null,"wait":{"for":'
    '"task","task":3,"started":false,"submitted":false,"has_timeout":true,"has_heartbeat":true,'
    '"token":null},"variables":null,"began":[2,0]}],"runnable":[],"output":null,"error":null,'
    '"cause":null,"breakpoints":[],"paused":false,"variables":[],"payloads":["{}"]}'
)
PROGRAM = machine(S=task(TimeoutSeconds=60, HeartbeatSeconds=20))


def test_an_attempt_of_an_old_snapshot_can_succeed() -> None:
    turn = advance(PROGRAM, decode(OLD), TaskSucceeded(START + 1, "s", 3, "1"))
    assert turn.state.status == "SUCCEEDED"
    assert len(turn.effects) == 2  # both timers are called off


def test_an_attempt_of_an_old_snapshot_times_out() -> None:
    for timer, seconds in (("timeout:3", 60), ("heartbeat:3", 20)):
        turn = advance(PROGRAM, decode(OLD), FireTimer(START + seconds, "s", timer))
        assert "LambdaFunctionTimedOut" in types(turn)
        assert turn.state.error == "States.Timeout"


def test_an_old_snapshot_is_written_in_the_new_form() -> None:
    state = decode(OLD)
    assert state.waiting == {3: 0}
    assert decode(encode(state)) == state
    without = OLD.replace(
        '"has_timeout":true,"has_heartbeat":true', '"has_timeout":false,"has_heartbeat":false'
    )
    assert decode(without).frames[0].wait == TaskWait(3)
    with_token = OLD.replace('"token":null', '"token":"abc"')
    wait = decode(with_token).frames[0].wait
    assert isinstance(wait, TaskWait)
    assert wait.has_token


def test_frames_kept_for_a_redrive_wait_for_nothing() -> None:
    branches: list[dict[str, Any]] = [
        {"StartAt": name, "States": {name: task(TimeoutSeconds=60)}} for name in ("A", "B")
    ] + [{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": True}}}]
    program = machine(S={"Type": "Parallel", "Branches": branches, "End": True})
    begun = start(program)
    assert len(begun.state.waiting) == 3
    first, second = (each.task for each in begun.effects if isinstance(each, ScheduleTask))
    failed = advance(program, begun.state, TaskFailed(START + 1, "s", first, "E", None)).state
    assert failed.status == "FAILED"
    assert failed.frames
    assert failed.waiting == {}
    assert decode(encode(failed)) == failed
    late = advance(program, failed, TaskSucceeded(START + 2, "s", second, "1"))
    assert late.state is failed

    again = advance(program, failed, RedriveExecution(START + 5, "s", START + 5))
    asked = {each.task for each in again.effects if isinstance(each, ScheduleTask)}
    assert len(again.state.waiting) == 3
    assert asked < set(again.state.waiting)
    assert decode(encode(again.state)) == again.state
    assert not asked & {first, second}
    late = advance(program, again.state, TaskSucceeded(START + 6, "s", second, "1"))
    assert late.state is again.state


def test_a_heartbeat_that_came_before_puts_the_timer_off() -> None:
    program = machine(S=task(Resource=FUNCTION, HeartbeatSeconds=5))
    state = start(program).state
    heard = advance(program, state, TaskHeartbeat(START + 4, "s", 3, START + 4)).state
    assert advance(program, heard, FireTimer(START + 5, "s", "heartbeat:3")).state is heard
    ended = advance(program, heard, FireTimer(START + 9, "s", "heartbeat:3"))
    assert ended.state.error == "States.Timeout"
    older = advance(program, heard, TaskHeartbeat(START + 6, "s", 3, START + 3))
    assert older.state is heard
    assert json.loads(encode(heard))["frames"][0]["wait"]["heard_at"] == START + 4
