"""Callbacks against a real PostgreSQL: in time, too late, twice, and at the same moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from executions.actions.task_tokens import (
    send_task_failure,
    send_task_heartbeat,
    send_task_success,
)
from executions.errors import InvalidOutput, TaskDoesNotExist, TaskTimedOut
from executions.integration import Failed, Submitted, TaskOutcome, TaskRequest
from executions.interpreter.task_token import TokenSubject, make_task_token, read_task_token
from executions.models import Execution, InboxMessage, Task
from executions.runtime import drain, performance
from executions.runtime.connection import transaction
from executions.runtime.invariants import check_invariants
from studio.errors import InvalidToken
from tests.conformance.clock import Clock
from tests.conftest import MakeMachine, StartExecution, event_types, history

pytestmark = pytest.mark.django_db(transaction=True)

INVOKE = "arn:aws:states:::lambda:invoke.waitForTaskToken"
START = 4_000_000_000.0  # After the moment at which fixtures say that executions start.


class Outside:
    """Somebody who is given tokens; ``on_call`` is what happens during the call."""

    lost_error = "Lambda.ServiceException"

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.outcome: TaskOutcome = Submitted('{"sent":true}')
        self.on_call: Callable[[str], None] = lambda token: None

    def perform(self, request: TaskRequest) -> TaskOutcome:
        token = json.loads(request.parameters)["Payload"]["token"]
        self.tokens.append(token)
        self.on_call(token)
        return self.outcome


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    integration = Outside()
    monkeypatch.setattr(performance, "integration_for", lambda _: integration)
    return integration


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock(START)
    yield clock
    clock.remove()


Wait = Callable[..., Execution]


@pytest.fixture
def wait(make_machine: MakeMachine, start: StartExecution, outside: Outside) -> Wait:
    """Starts an execution and lets it come to where it waits for its token."""

    def begin(top: dict[str, object] | None = None, **fields: object) -> Execution:
        task = {
            "Type": "Task",
            "Resource": INVOKE,
            "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}},
            "End": True,
            **fields,
        }
        execution = start(make_machine({**(top or {}), "StartAt": "T", "States": {"T": task}}))
        drain.drain_executions()
        drain.drain_tasks()
        return execution

    return begin


def after_turns(execution: Execution) -> Execution:
    drain.drain_executions()
    execution.refresh_from_db()
    assert check_invariants() == []
    return execution


def test_a_token_brings_the_result(wait: Wait, outside: Outside) -> None:
    execution = wait()
    row = Task.objects.get()
    assert row.status == "SUBMITTED"
    assert row.lease_until is None
    assert outside.tokens[0].encode() not in bytes(row.token_hash)
    assert check_invariants() == []

    send_task_success(outside.tokens[0], '{"paid": 1.50}')

    assert not Task.objects.exists()
    assert after_turns(execution).status == "SUCCEEDED"
    assert json.loads(execution.output or "") == {"paid": 1.5}
    assert event_types(execution)[2:7] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
    ]
    assert history(execution)[5]["taskSucceededEventDetails"]["output"] == '{"paid": 1.50}'


def test_a_failure_needs_no_error_and_no_cause(wait: Wait, outside: Outside) -> None:
    execution = wait()
    send_task_failure(outside.tokens[0], None, None)
    assert after_turns(execution).status == "FAILED"
    assert (execution.error, execution.cause) == (None, None)


def test_another_attempt_has_another_token(wait: Wait, outside: Outside, clock: Clock) -> None:
    execution = wait(Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}])
    send_task_failure(outside.tokens[0], "Busy", "come again")
    assert after_turns(execution).status == "RUNNING"
    clock.turn(START + 1)
    drain.drain_executions()
    drain.drain_tasks()
    first, second = outside.tokens
    assert first != second
    with pytest.raises(TaskTimedOut):
        send_task_success(first, "1")
    send_task_success(second, "2")
    assert after_turns(execution).output == "2"


def test_an_attempt_is_ended_once(wait: Wait, outside: Outside) -> None:
    execution = wait()
    token = outside.tokens[0]
    send_task_success(token, "1")
    late: list[Callable[[], None]] = [
        lambda: send_task_success(token, "2"),
        lambda: send_task_failure(token, "E", None),
        lambda: send_task_heartbeat(token),
    ]
    for call in late:
        with pytest.raises(TaskTimedOut) as refused:
            call()
        assert refused.value.message == ("Task Timed Out: 'Provided task does not exist anymore'")
    assert after_turns(execution).output == "1"


def test_what_is_no_token_or_no_json_is_refused(wait: Wait, outside: Outside) -> None:
    execution = wait()
    for garbage in ("x", "é", "AAAA", "\ud800", outside.tokens[0] + "!", "a" * 2049):
        with pytest.raises(InvalidToken, match="Invalid Token: 'Invalid token'"):
            send_task_success(garbage, "1")
    for text in ("", "{", "nope"):
        with pytest.raises(InvalidOutput, match="Invalid Output: "):
            send_task_success(outside.tokens[0], text)
    assert after_turns(execution).status == "RUNNING"
    send_task_success(outside.tokens[0], "1")
    assert after_turns(execution).status == "SUCCEEDED"


def test_a_token_that_was_never_given_is_told_from_one_that_is_over(
    wait: Wait, outside: Outside
) -> None:
    execution = wait()
    subject = read_task_token(outside.tokens[0])
    assert subject is not None
    arn, task = subject
    nobody = arn.replace(execution.name, "nobody")
    forged = [
        (arn, task),  # The right attempt, and another secret.
        (arn, task - 1),  # An event that is no attempt's.
        (arn, task + 100),  # No event yet.
        (arn, 10**15),
        (nobody, task),
        (arn.replace("us-east-1", "eu-west-1"), task),
        ("orders", task),
    ]
    for number, (of, attempt) in enumerate(forged):
        token = make_task_token(TokenSubject(of, attempt), bytes([number]) * 32)
        for call in (
            lambda token=token: send_task_success(token, "1"),
            lambda token=token: send_task_failure(token, None, None),
            lambda token=token: send_task_heartbeat(token),
        ):
            with pytest.raises(TaskDoesNotExist) as refused:
                call()
            assert refused.value.message == ("Task Does Not Exist: 'Provided task does not exist'")
    assert after_turns(execution).status == "RUNNING"
    send_task_success(outside.tokens[0], r'"\u0000"')
    with pytest.raises(TaskTimedOut):
        send_task_success(outside.tokens[0], "1")
    assert after_turns(execution).status == "SUCCEEDED"
    with pytest.raises(TaskTimedOut):
        send_task_success(outside.tokens[0], "1")


def test_the_function_itself_may_send_the_token_back(wait: Wait, outside: Outside) -> None:
    outside.on_call = lambda token: send_task_success(token, '"early"')
    execution = after_turns(wait())
    assert execution.output == '"early"'
    assert not InboxMessage.objects.exists()


def test_a_function_that_fails_ends_the_wait(wait: Wait, outside: Outside) -> None:
    outside.outcome = Failed("Broken", "no token was sent")
    execution = after_turns(wait())
    assert execution.error == "Broken"
    with pytest.raises(TaskTimedOut):
        send_task_success(outside.tokens[0], "1")


def test_an_answer_given_in_time_wins_over_the_time_out(
    wait: Wait, outside: Outside, clock: Clock
) -> None:
    execution = wait(TimeoutSeconds=60, HeartbeatSeconds=30)
    clock.turn(START + 29)
    send_task_success(outside.tokens[0], "1")
    # As if the answer's row had been written just after the turn read the inbox.
    answer = InboxMessage.objects.get(command="TaskSucceeded")
    InboxMessage.objects.filter(pk=answer.pk).delete()
    clock.turn(START + 61)
    drain.drain_executions()
    execution.refresh_from_db()
    assert execution.status == "RUNNING"
    answer.save(force_insert=True)
    assert after_turns(execution).output == "1"


def test_a_time_out_that_is_due_refuses_though_no_turn_has_seen_it(
    wait: Wait, outside: Outside, clock: Clock
) -> None:
    execution = wait(TimeoutSeconds=60)
    clock.turn(START + 60)
    with pytest.raises(TaskTimedOut):
        send_task_success(outside.tokens[0], "1")
    assert after_turns(execution).error == "States.Timeout"


def test_an_execution_whose_time_is_over_takes_no_answer(
    wait: Wait, outside: Outside, clock: Clock
) -> None:
    execution = wait({"TimeoutSeconds": 60})
    clock.turn(START + 60)
    with pytest.raises(TaskTimedOut):
        send_task_failure(outside.tokens[0], "E", None)
    assert after_turns(execution).status == "TIMED_OUT"


def test_heartbeats_keep_an_attempt_alive(wait: Wait, outside: Outside, clock: Clock) -> None:
    execution = wait(HeartbeatSeconds=5)
    for seconds in (4, 6, 8):
        clock.turn(START + seconds)
        send_task_heartbeat(outside.tokens[0])
        assert after_turns(execution).status == "RUNNING"
    for seconds in (9, 11, 12):
        clock.turn(START + seconds)
        assert after_turns(execution).status == "RUNNING"
    assert InboxMessage.objects.filter(key__startswith="heartbeat:").count() == 1
    clock.turn(START + 13)
    with pytest.raises(TaskTimedOut):
        send_task_heartbeat(outside.tokens[0])
    assert after_turns(execution).error == "States.Timeout"
    assert event_types(execution)[-2:] == ["TaskTimedOut", "ExecutionFailed"]


def test_of_racing_callbacks_exactly_one_wins(wait: Wait, outside: Outside) -> None:
    execution = wait(TimeoutSeconds=600)
    ready = threading.Barrier(6)
    won: list[int] = []
    lost: list[int] = []

    def call(number: int) -> None:
        ready.wait()
        try:
            send_task_success(outside.tokens[0], str(number))
            won.append(number)
        except TaskTimedOut:
            lost.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert len(lost) == 5
    assert after_turns(execution).output == str(won[0])


def test_a_callback_waits_for_the_turn_that_times_the_attempt_out(
    wait: Wait, outside: Outside
) -> None:
    wait(TimeoutSeconds=600)
    refused: list[bool] = []

    def call() -> None:
        try:
            send_task_success(outside.tokens[0], "1")
        except TaskTimedOut:
            refused.append(True)
        finally:
            connections.close_all()

    caller = threading.Thread(target=call)
    with transaction() as cursor:
        # What a turn does with a time-out that is due: lock, then remove.
        cursor.execute("SELECT 1 FROM executions_task FOR UPDATE")
        cursor.fetchall()
        caller.start()
        caller.join(0.3)
        assert caller.is_alive()
        cursor.execute("DELETE FROM executions_task")
    caller.join()
    assert refused == [True]
    assert not InboxMessage.objects.filter(command="TaskSucceeded").exists()
