"""Turns against a real PostgreSQL: what is committed, what is refused, what a crash leaves."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections, transaction

from executions.integration import Failed, Succeeded, TaskOutcome, TaskRequest
from executions.interpreter.messages import ScheduleTask
from executions.models import Execution, HistoryChunk, InboxMessage, Task
from executions.runtime import drain, performance, turn
from executions.runtime.claimed import Advanced, Claimed
from executions.runtime.inbox import stop_execution, task_succeeded
from executions.runtime.invariants import check_invariants
from executions.runtime.outcomes import Outcome
from tests.conftest import MakeMachine, StartExecution, event_types, history

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
TASK: dict[str, Any] = {
    "StartAt": "T",
    "States": {"T": {"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": 60, "End": True}},
}
LOOP = {
    "StartAt": "Begin",
    "States": {
        "Begin": {"Type": "Pass", "Result": {"i": 0}, "Next": "More?"},
        "More?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.i", "NumericLessThan": 30, "Next": "Count"}],
            "Default": "Done",
        },
        "Count": {
            "Type": "Pass",
            "Parameters": {"i.$": "States.MathAdd($.i, 1)"},
            "Next": "More?",
        },
        "Done": {"Type": "Succeed"},
    },
}


class Answers:
    """An integration that answers what it is told to."""

    lost_error = "Lambda.ServiceException"

    def __init__(self, outcome: TaskOutcome) -> None:
        self.outcome = outcome
        self.requests: list[TaskRequest] = []

    def perform(self, request: TaskRequest) -> TaskOutcome:
        self.requests.append(request)
        return self.outcome


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Stands for the world outside."""
    integration = Answers(Succeeded('{"done":true}'))
    monkeypatch.setattr(performance, "integration_for", lambda _: integration)
    return integration


def test_an_execution_runs_to_its_end_in_one_commit(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(PASS), {"order": 7})

    report = turn.take_turn()

    execution.refresh_from_db()
    assert report.closed == [execution.id]
    assert (execution.status, execution.output) == ("SUCCEEDED", '{"order":7}')
    assert execution.version == 1
    assert execution.stopped_at is not None
    assert execution.snapshot == ""
    assert event_types(execution) == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert not InboxMessage.objects.exists()
    assert check_invariants() == []


def test_many_executions_share_a_commit(make_machine: MakeMachine, start: StartExecution) -> None:
    machine = make_machine(PASS)
    executions = [start(machine, {"n": n}) for n in range(20)]

    assert len(turn.take_turn().closed) == 20

    for n, execution in enumerate(executions):
        execution.refresh_from_db()
        assert execution.output == f'{{"n":{n}}}'
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM executions_execution")
        assert cursor.fetchone() == (1,)


def test_a_long_run_is_cut_into_turns_and_goes_on(
    make_machine: MakeMachine,
    start: StartExecution,
    settings: pytest.FixtureRequest,
) -> None:
    settings.TURN_EVENTS = 10  # type: ignore[attr-defined]
    execution = start(make_machine(LOOP))

    first = turn.take_turn()

    assert first.more
    execution.refresh_from_db()
    assert execution.status == "RUNNING"
    drain.drain_executions()
    execution.refresh_from_db()
    assert (execution.status, execution.output) == ("SUCCEEDED", '{"i":30}')
    assert execution.version > 5
    assert [event["id"] for event in history(execution)] == list(
        range(1, execution.last_event_id + 1)
    )
    assert check_invariants() == []


def test_a_task_is_performed_and_its_result_goes_on(
    make_machine: MakeMachine, start: StartExecution, answers: Answers
) -> None:
    execution = start(make_machine(TASK), {"order": 7})
    drain.drain_executions()
    assert Task.objects.get().status == "QUEUED"

    assert drain.drain_tasks() == 1

    execution.refresh_from_db()
    assert (execution.status, execution.output) == ("SUCCEEDED", '{"done":true}')
    request = answers.requests[0]
    assert request.parameters == '{"order":7}'
    assert request.execution_arn == execution.arn
    assert request.deadline is not None
    assert not Task.objects.exists()
    assert not InboxMessage.objects.exists()
    assert event_types(execution)[2:5] == [
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
    ]
    assert check_invariants() == []


def test_a_quick_task_is_started_in_the_commit_that_made_it(
    make_machine: MakeMachine, start: StartExecution, answers: Answers
) -> None:
    start(make_machine(TASK))
    keep_all = lambda effect: isinstance(effect, ScheduleTask)  # noqa: E731

    report = turn.take_turn(keep=keep_all)

    assert [task.fence for task in report.started] == [1]
    assert Task.objects.get().status == "STARTED"
    assert not report.queued


def test_a_result_is_accepted_once(
    make_machine: MakeMachine, start: StartExecution, answers: Answers
) -> None:
    execution = start(make_machine(TASK))
    drain.drain_executions()
    (started,), _ = performance.claim_tasks("tasks")
    outcome = Outcome(started, task_succeeded(started.task, '"first"'))
    again = Outcome(started, task_succeeded(started.task, '"again"'))

    assert turn.take_turn(outcomes=[outcome]).closed == [execution.id]
    assert turn.take_turn(outcomes=[again]).advanced == []

    execution.refresh_from_db()
    assert execution.output == '"first"'


def test_a_result_beyond_the_budget_waits_for_the_next_turn(
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
    settings: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(performance, "_durations", performance._Durations())
    task = {"Type": "Task", "Resource": FUNCTION, "End": True}
    branches = [{"StartAt": name, "States": {name: task}} for name in ("Left", "Right")]
    both = {
        "StartAt": "B",
        "States": {"B": {"Type": "Parallel", "Branches": branches, "End": True}},
    }
    execution = start(make_machine(both))
    drain.drain_executions()
    claimed = [performance.claim_tasks("tasks")[0] for _ in range(2)]
    outcomes = [Outcome(task, task_succeeded(task.task, "1")) for (task,) in claimed]
    assert all(outcome.started.announced for outcome in outcomes)
    settings.TURN_EVENTS = 1  # type: ignore[attr-defined]

    turn.take_turn(outcomes=outcomes)
    assert InboxMessage.objects.filter(command="TaskSucceeded").count() == 1
    drain.drain_executions()

    execution.refresh_from_db()
    assert (execution.status, execution.output) == ("SUCCEEDED", "[1,1]")
    assert check_invariants() == []


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 0, 1)])
def test_siblings_that_end_together_end_in_the_order_given(
    make_machine: MakeMachine,
    start: StartExecution,
    monkeypatch: pytest.MonkeyPatch,
    order: tuple[int, ...],
) -> None:
    monkeypatch.setattr(performance, "_durations", performance._Durations())
    task = TASK["States"]["T"]
    siblings = [{"StartAt": f"T{n}", "States": {f"T{n}": task}} for n in sorted(order)]
    parallel = {"P": {"Type": "Parallel", "Branches": siblings, "End": True}}
    execution = start(make_machine({"StartAt": "P", "States": parallel}))
    drain.drain_executions()
    tasks = [performance.claim_tasks("tasks")[0][0] for _ in order]
    ordered = [tasks[number] for number in order]
    outcomes = [Outcome(task, task_succeeded(task.task, f'"{task.task}"')) for task in ordered]

    turn.take_turn(outcomes=[*outcomes, Outcome(ordered[0], task_succeeded(0, '"twice"'))])

    succeeded = [each for each in history(execution) if each["type"] == "LambdaFunctionSucceeded"]
    outputs = [each["lambdaFunctionSucceededEventDetails"]["output"] for each in succeeded]
    assert outputs == [f'"{task.task}"' for task in ordered]


def test_a_result_with_an_old_fence_is_refused(
    make_machine: MakeMachine, start: StartExecution, answers: Answers
) -> None:
    execution = start(make_machine(TASK))
    drain.drain_executions()
    (started,), _ = performance.claim_tasks("tasks")
    Task.objects.update(fence=started.fence + 1)

    turn.take_turn(outcomes=[Outcome(started, task_succeeded(started.task, '"late"'))])

    execution.refresh_from_db()
    assert execution.status == "RUNNING"
    assert Task.objects.exists()


def test_a_failure_ends_the_execution_with_its_error(
    make_machine: MakeMachine, start: StartExecution, answers: Answers
) -> None:
    answers.outcome = Failed("OutOfStock", "no more chairs")
    execution = start(make_machine(TASK))
    drain.drain_executions()
    drain.drain_tasks()

    execution.refresh_from_db()
    assert (execution.status, execution.error, execution.cause) == (
        "FAILED",
        "OutOfStock",
        "no more chairs",
    )


def test_two_workers_do_not_take_the_same_execution(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    machine = make_machine(PASS)
    for _ in range(40):
        start(machine)
    closed: list[int] = []

    def work() -> None:
        closed.extend(turn.take_turn().closed)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while report := turn.take_turn().closed:
        closed.extend(report)

    assert len(closed) == len(set(closed)) == 40
    assert set(Execution.objects.values_list("version", flat=True)) == {1}
    assert check_invariants() == []


def test_an_execution_held_elsewhere_is_passed_by(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    machine = make_machine(PASS)
    held, free = start(machine), start(machine)
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Execution.objects.select_for_update(no_key=True).get(pk=held.pk)
            locked.set()
            release.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait(10)
    try:
        assert turn.take_turn().closed == [free.id]
    finally:
        release.set()
        thread.join()
    assert turn.take_turn().closed == [held.id]


def test_a_slot_waits_a_moment_for_an_execution_that_is_held(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(PASS))
    locked = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Execution.objects.select_for_update(no_key=True).get(pk=execution.pk)
            locked.set()
            time.sleep(0.01)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait(10)
    assert drain.drain_executions() == 1
    thread.join()


def test_an_execution_that_our_code_cannot_advance_is_set_aside_alone(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = make_machine(PASS)
    poison, sound = start(machine), start(machine)
    advance = turn.advance_claimed

    def fail_for_one(execution: Claimed, *rest: Any) -> Advanced:
        if execution.id == poison.id:
            raise RuntimeError("a bug of ours")
        return advance(execution, *rest)

    monkeypatch.setattr(turn, "advance_claimed", fail_for_one)
    assert turn.take_turn().closed == [sound.id]

    poison.refresh_from_db()
    assert (poison.status, poison.failed_turns) == ("RUNNING", 1)
    assert turn.take_turn().advanced == []
    assert check_invariants() == []


def test_a_batch_that_cannot_be_written_is_tried_one_by_one(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = make_machine(PASS)
    poison, sound = start(machine), start(machine)
    advance = turn.advance_claimed

    def spoil(execution: Claimed, *rest: Any) -> Advanced:
        result = advance(execution, *rest)
        if execution.id == poison.id:
            # PostgreSQL's text refuses NUL: the statement fails for the whole batch.
            result.execution.id = execution.id
            result.events.append(result.events[-1]._replace(details='"\0":""'))
        return result

    monkeypatch.setattr(turn, "advance_claimed", spoil)

    turn.take_turn()

    sound.refresh_from_db()
    poison.refresh_from_db()
    assert sound.status == "SUCCEEDED"
    assert (poison.status, poison.failed_turns) == ("RUNNING", 1)
    assert check_invariants() == []


def test_stop_is_seen_by_the_caller(make_machine: MakeMachine, start: StartExecution) -> None:
    execution = start(
        make_machine(
            {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
        )
    )
    drain.drain_executions()
    assert InboxMessage.objects.get().command == "FireTimer"
    message = stop_execution("Enough", "closing time")
    InboxMessage.objects.create(
        execution_id=execution.id,
        visible_at=execution.started_at,
        command=message.command,
        body=message.body,
    )

    drain.advance_now(execution.id)

    execution.refresh_from_db()
    assert (execution.status, execution.error, execution.cause) == (
        "ABORTED",
        "Enough",
        "closing time",
    )
    assert not InboxMessage.objects.exists()
    assert check_invariants() == []


def test_a_message_for_a_closed_execution_is_dropped(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(PASS))
    drain.drain_executions()
    InboxMessage.objects.create(
        execution_id=execution.id, visible_at=execution.started_at, command="Continue"
    )

    drain.drain_executions()

    assert not InboxMessage.objects.exists()
    assert HistoryChunk.objects.filter(execution_id=execution.id).count() == 1
