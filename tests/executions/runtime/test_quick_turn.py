"""Turns in one statement: taken where all is as expected, and undone where anything is not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.db import connection, connections, transaction

from executions.integration import Succeeded, TaskOutcome, TaskRequest
from executions.interpreter.messages import ScheduleTask
from executions.models import Execution, InboxMessage, LogDelivery, Task
from executions.runtime import drain, moments, performance, read_states, reports, turn
from executions.runtime.claimed import kept_states
from executions.runtime.inbox import stop_execution, task_succeeded
from executions.runtime.invariants import check_invariants
from executions.runtime.outcomes import Outcome, StartedTask
from executions.runtime.quick_turn import take_quick_turn
from studio.models import StateMachine
from tests.conftest import MakeMachine, StartExecution, event_types, history

pytestmark = pytest.mark.django_db(transaction=True)

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
STEPS: dict[str, Any] = {
    "StartAt": "T0",
    "TimeoutSeconds": 600,
    "States": {
        f"T{i}": {
            "Type": "Task",
            "Resource": FUNCTION,
            "TimeoutSeconds": 60,
            **({"Next": f"T{i + 1}"} if i < 4 else {"End": True}),
        }
        for i in range(5)
    },
}
LOGGING = (
    '{"level":"ALL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":'
    '{"logGroupArn":"arn:aws:logs:us-east-1:123456789012:log-group:orders:*"}}]}'
)


@pytest.fixture(autouse=True)
def _a_slow_machine_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "TRUSTED_SECONDS", 600.0)
    monkeypatch.setattr(drain, "SLOT_SECONDS", 600.0)


@pytest.fixture
def step(make_machine: MakeMachine, start: StartExecution) -> StartedTask:
    """The first of five steps, begun."""
    start(make_machine(STEPS))
    drain.drain_executions()
    (started,), _ = performance.claim_tasks("tasks")
    InboxMessage.objects.filter(command="TaskStarted").delete()  # Due after a tenth of a second.
    return started


def outcome_of(started: StartedTask) -> Outcome:
    return Outcome(started, task_succeeded(started.task, '{"done":true}'))


def quickly(
    outcomes: list[Outcome], keep: Callable[[ScheduleTask], bool] | None
) -> turn.Report | None:
    """What a quick turn leaves to do that has reported all; None where it has done nothing."""
    report, rest = take_quick_turn(outcomes, keep)
    assert list(rest) in ([], outcomes)
    return None if rest else report


def stop_it() -> None:
    """A message that somebody has left for the execution."""
    execution = Execution.objects.get()
    stop = stop_execution("Enough", None)
    InboxMessage.objects.create(
        execution_id=execution.id, visible_at=execution.started_at, **asdict(stop)
    )


def keep_all(effect: ScheduleTask) -> bool:
    return True


def test_a_step_is_one_statement(step: StartedTask) -> None:
    report = quickly([outcome_of(step)], keep_all)

    assert report is not None
    (following,) = report.started
    row = Task.objects.get()
    assert (row.id, row.status, row.fence) == (following.id, "STARTED", 1)
    assert following == replace(
        step,
        id=row.id,
        fence=1,
        task=row.task,
        state_name="T1",
        parameters='{"done":true}',
        deadline=following.deadline,
        announced=False,
    )
    assert following.deadline == pytest.approx(row.deadline.timestamp())
    assert check_invariants() == []


def test_a_task_that_is_not_kept_is_queued(step: StartedTask) -> None:
    report = quickly([outcome_of(step)], None)

    assert report is not None
    assert (report.started, report.queued) == ([], True)
    assert Task.objects.get().status == "QUEUED"


def test_time_goes_on_and_is_never_ahead_of_the_database(step: StartedTask) -> None:
    for _ in range(4):
        report = quickly([outcome_of(step)], keep_all)
        assert report is not None
        (step,) = report.started
        kept = kept_states.latest(step.execution_id)
        assert kept is not None
        ours = kept.moment.now
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM now())::float8")
            assert kept.state.now <= ours <= cursor.fetchone()[0]
    report = quickly([outcome_of(step)], keep_all)
    assert report is not None
    assert (report.started, report.closed) == ([], [step.execution_id])

    execution = Execution.objects.get()
    times = [event["timestamp"] for event in history(execution)]
    assert times == sorted(times)
    assert execution.status == "SUCCEEDED"
    assert not InboxMessage.objects.exists()  # Not even the machine's time-out.
    assert kept_states.latest(execution.id) is None
    assert check_invariants() == []


def ending(step: StartedTask) -> StartedTask:
    """The last of the five."""
    for _ in range(4):
        report = quickly([outcome_of(step)], keep_all)
        assert report is not None
        (step,) = report.started
    return step


def test_an_end_that_a_parent_is_told_of_is_an_ordinary_turns(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    start(make_machine(STEPS))
    Execution.objects.update(parent_id=10**9, parent_task=3, parent_form="sync")
    drain.drain_executions()
    (step,), _ = performance.claim_tasks("tasks")
    InboxMessage.objects.filter(command="TaskStarted").delete()
    step = ending(step)
    undone(step)
    turn.take_turn(outcomes=[outcome_of(step)])
    assert Execution.objects.get().status == "SUCCEEDED"


def test_an_end_undoes_nothing_where_a_message_has_come(step: StartedTask) -> None:
    step = ending(step)
    stop_it()
    undone(step)
    assert InboxMessage.objects.filter(command="StopExecution").exists()


def claimed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> StartedTask:
    """A quick task whose execution another process has advanced."""
    kept_states.clear()
    monkeypatch.setattr(performance._durations, "expected", lambda _: 0.0)
    (step,), _ = performance.claim_tasks("tasks")
    InboxMessage.objects.filter(command="TaskStarted").delete()
    return step


def test_who_takes_up_a_quick_task_knows_its_execution(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(make_machine(STEPS))
    drain.drain_executions()
    made = kept_states.latest(Execution.objects.get().id)
    step = claimed_elsewhere(monkeypatch)
    read = kept_states.latest(step.execution_id)
    assert made is not None
    assert read is not None
    assert (read.execution.again(), read.state) == (
        replace(made.execution, snapshot=Execution.objects.get().snapshot),
        made.state,
    )
    assert quickly([outcome_of(step)], keep_all) is not None
    assert check_invariants() == []


def test_what_was_read_counts_for_nothing_when_the_execution_has_gone_on(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(make_machine(STEPS))
    drain.drain_executions()
    step = claimed_elsewhere(monkeypatch)
    Execution.objects.update(version=7)
    undone(step)


def test_a_large_state_is_not_read_with_each_of_its_tasks(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(make_machine(STEPS), {"text": "x" * read_states.MOST_BYTES})
    drain.drain_executions()
    step = claimed_elsewhere(monkeypatch)
    assert kept_states.latest(step.execution_id) is None


def test_what_was_told_long_ago_is_asked_anew(
    step: StartedTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = moments.clock()
    monkeypatch.setattr(moments, "clock", lambda: now + moments.TRUSTED_SECONDS)
    assert quickly([outcome_of(step)], keep_all) is None


def undone(step: StartedTask) -> None:
    """A quick turn is tried and leaves no trace."""
    before = history(Execution.objects.get())
    assert quickly([outcome_of(step)], keep_all) is None
    assert history(Execution.objects.get()) == before


def test_an_attempt_that_is_not_ours_any_more(step: StartedTask) -> None:
    Task.objects.update(fence=step.fence + 1)
    undone(step)
    assert Task.objects.get().fence == step.fence + 1


def test_an_execution_that_another_process_advanced(step: StartedTask) -> None:
    Execution.objects.update(version=7)
    undone(step)
    assert Task.objects.get().id == step.id


def test_an_outcome_that_is_reported_again(step: StartedTask) -> None:
    kept = kept_states.latest(step.execution_id)
    assert kept is not None
    assert quickly([outcome_of(step)], keep_all) is not None
    kept_states.put(kept)  # As if the answer to the commit had been lost.
    undone(step)


def test_a_message_that_is_due_is_applied_first(step: StartedTask) -> None:
    stop_it()
    undone(step)
    turn.take_turn(outcomes=[outcome_of(step)])
    assert event_types(Execution.objects.get())[-1] == "ExecutionAborted"


def test_a_row_that_another_turn_holds_is_not_waited_for(step: StartedTask) -> None:
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Execution.objects.select_for_update(no_key=True).get()
            locked.set()
            release.wait(30)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert locked.wait(30)
    try:
        undone(step)
    finally:
        release.set()
        thread.join()
    assert quickly([outcome_of(step)], keep_all) is not None


def test_logging_that_was_switched_on_counts_from_the_next_turn(step: StartedTask) -> None:
    StateMachine.objects.update(logging_configuration=LOGGING)
    undone(step)
    turn.take_turn(outcomes=[outcome_of(step)])
    assert LogDelivery.objects.count() == 1


def test_of_a_group_only_what_is_known(make_machine: MakeMachine, start: StartExecution) -> None:
    machine = make_machine(STEPS)
    for _ in range(3):
        start(machine)
    drain.drain_executions()
    steps = {}
    while claimed := performance.claim_tasks("tasks")[0]:
        steps.update((each.execution_id, each) for each in claimed)
    InboxMessage.objects.filter(command="TaskStarted").delete()
    going_on, last, unknown = sorted(steps)
    steps[last] = ending(steps[last])
    kept_states.forget(unknown)

    report, rest = take_quick_turn([outcome_of(each) for each in steps.values()], keep_all)

    assert [each.execution_id for each in report.started] == [going_on]
    assert report.closed == [last]
    assert {each.started.execution_id for each in rest} == {unknown}
    turn.take_turn(outcomes=rest, keep=keep_all)
    assert Execution.objects.get(id=last).status == "SUCCEEDED"
    assert event_types(Execution.objects.get(id=unknown))[-1] == "LambdaFunctionScheduled"
    assert check_invariants() == []


def test_a_slot_goes_from_step_to_step(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Answers:
        lost_error = "Lambda.ServiceException"

        def perform(self, request: TaskRequest) -> TaskOutcome:
            return Succeeded(request.parameters)

    quick = []

    def counting(*arguments: Any) -> tuple[turn.Report, Sequence[Outcome]]:
        report, rest = take_quick_turn(*arguments)
        quick.append(not rest)
        return report, rest

    monkeypatch.setattr(performance, "integration_for", lambda _: Answers())
    monkeypatch.setattr(performance._durations, "expected", lambda _: 0.0)
    monkeypatch.setattr(reports, "take_quick_turn", counting)
    executions = [start(make_machine(STEPS), {"number": number}) for number in range(3)]
    drain.drain_executions()
    assert drain.drain_tasks() == 15

    assert quick == [True] * 5
    for number, execution in enumerate(executions):
        execution.refresh_from_db()
        assert (execution.status, execution.output) == ("SUCCEEDED", f'{{"number":{number}}}')
        assert execution.version == 6
    assert check_invariants() == []
