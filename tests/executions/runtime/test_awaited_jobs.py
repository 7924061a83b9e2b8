"""Jobs that Tasks wait for: looked at by whoever, ended once, stopped where nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from executions.integration import (
    Failed,
    JobNotSeen,
    Submitted,
    Succeeded,
    TaskOutcome,
    TaskRequest,
)
from executions.models import AwaitedJob, Execution, InboxMessage, Task
from executions.runtime import awaited_jobs, drain, leases, performance, poller, turn
from executions.runtime.inbox import stop_execution, task_failed
from executions.runtime.invariants import check_invariants
from executions.runtime.outcomes import Outcome, message_of
from tests.conftest import MakeMachine, StartExecution, event_types, history

pytestmark = pytest.mark.django_db(transaction=True)

RESOURCE = "arn:aws:states:::glue:startJobRun.sync"
JOB: dict[str, Any] = {
    "StartAt": "Run",
    "States": {
        "Run": {
            "Type": "Task",
            "Resource": RESOURCE,
            "Parameters": {"JobName": "nightly"},
            "TimeoutSeconds": 3600,
            "End": True,
        }
    },
}


class Service:
    """A service whose jobs are what the test says they are."""

    def __init__(self) -> None:
        self.lost_error: str | None = "States.TaskFailed"
        self.answer: TaskOutcome = Submitted('{"JobRunId":"jr_1"}', '{"run":"jr_1"}')
        self.seen: TaskOutcome | Exception | None = None
        self.not_stopped: Exception | None = None
        self.performed: list[TaskRequest] = []
        self.looked: list[str] = []
        self.stopped: list[str] = []

    def perform(self, request: TaskRequest) -> TaskOutcome:
        self.performed.append(request)
        return self.answer

    def look(self, resource: str, job: str) -> TaskOutcome | None:
        assert resource == RESOURCE
        self.looked.append(job)
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen

    def stop(self, resource: str, job: str) -> None:
        assert resource == RESOURCE
        self.stopped.append(job)
        if self.not_stopped is not None:
            raise self.not_stopped


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service = Service()
    for module in (performance, awaited_jobs, leases):
        monkeypatch.setattr(module, "integration_for", lambda _: service)
    return service


@pytest.fixture
def waiting(make_machine: MakeMachine, start: StartExecution, service: Service) -> Execution:
    """An execution whose Task has begun its job."""
    execution = start(make_machine(JOB))
    drain.drain_executions()
    drain.drain_tasks()
    assert event_types(execution)[-1] == "TaskSubmitted"
    assert check_invariants() == []
    return execution


def due() -> None:
    """The next look's moment has come."""
    AwaitedJob.objects.update(look_at=timezone.now() - timedelta(seconds=1))


def ended(execution: Execution) -> Execution:
    drain.drain_executions()
    execution.refresh_from_db()
    return execution


def test_a_task_ends_when_its_job_has(waiting: Execution, service: Service) -> None:
    AwaitedJob.objects.update(look_at=timezone.now() + timedelta(hours=1))
    assert awaited_jobs.look() == 0  # It is not due yet.
    assert 3000 < (awaited_jobs.next_look() or 0) <= 3600
    due()
    assert awaited_jobs.look() == 1
    assert waiting.status == ended(waiting).status == "RUNNING"

    service.seen = Succeeded('{"JobRunState":"SUCCEEDED"}')
    due()
    assert awaited_jobs.look() == 1

    assert (ended(waiting).status, waiting.output) == ("SUCCEEDED", '{"JobRunState":"SUCCEEDED"}')
    assert service.looked == ['{"run":"jr_1"}'] * 2
    assert event_types(waiting)[2:6] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
    ]
    submitted = history(waiting)[4]["taskSubmittedEventDetails"]
    assert submitted["output"] == '{"JobRunId":"jr_1"}'
    assert submitted["resource"] == "startJobRun.sync"
    assert AwaitedJob.objects.count() == Task.objects.count() == 0
    assert awaited_jobs.next_look() is None
    assert service.stopped == []
    assert check_invariants() == []


def test_a_failed_job_fails_its_task(waiting: Execution, service: Service) -> None:
    service.seen = Failed("States.TaskFailed", '{"JobRunState":"FAILED"}')
    due()
    awaited_jobs.look()
    assert (ended(waiting).status, waiting.error) == ("FAILED", "States.TaskFailed")
    assert AwaitedJob.objects.count() == 0


def test_pauses_grow_up_to_a_minute(waiting: Execution) -> None:
    pauses = []
    for _ in range(14):
        due()
        before = timezone.now()
        awaited_jobs.look()
        job = AwaitedJob.objects.get()
        pauses.append(round((job.look_at - before).total_seconds()))
    assert pauses[0] < pauses[5] < pauses[9]
    assert pauses[-1] == pytest.approx(awaited_jobs.LONGEST_PAUSE, abs=5)


def test_a_worker_that_dies_while_it_looks_costs_a_pause(
    waiting: Execution, service: Service
) -> None:
    class Killed(BaseException):
        pass

    service.seen = Killed()  # type: ignore[assignment]

    def die(_: str, __: str) -> None:
        raise Killed

    service.look, look = die, service.look  # type: ignore[method-assign]
    due()
    with pytest.raises(Killed):
        awaited_jobs.look()
    assert awaited_jobs.look() == 0  # Nobody else yet.
    service.look = look  # type: ignore[method-assign]
    service.seen = Succeeded("{}")
    due()
    awaited_jobs.look()
    assert ended(waiting).status == "SUCCEEDED"


def test_whoever_comes_second_with_an_end_is_not_heard(
    waiting: Execution, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    due()
    service.seen = Succeeded('{"by":"the slow one"}')
    slow = service.look

    def look(resource: str, job: str) -> TaskOutcome | None:
        # While this worker asks, its time is over, and another one takes the job and ends it.
        monkeypatch.setattr(service, "look", lambda _, __: Succeeded('{"by":"the other"}'))
        due()
        awaited_jobs.look()
        return slow(resource, job)

    monkeypatch.setattr(service, "look", look)
    awaited_jobs.look()
    assert InboxMessage.objects.filter(command="TaskSucceeded").count() == 1
    assert ended(waiting).output == '{"by":"the other"}'


def test_a_service_that_is_away_is_asked_again(waiting: Execution, service: Service) -> None:
    service.seen = JobNotSeen(Failed("Glue.SdkClientException", "no route"), lasting=False)
    for _ in range(awaited_jobs.FAULTS_BELIEVED + 3):
        due()
        awaited_jobs.look()
    assert ended(waiting).status == "RUNNING"
    service.seen = Succeeded("{}")
    due()
    awaited_jobs.look()
    assert ended(waiting).status == "SUCCEEDED"


def test_a_lasting_refusal_is_believed_at_last(waiting: Execution, service: Service) -> None:
    service.seen = JobNotSeen(Failed("Glue.AccessDeniedException", "not you"), lasting=True)
    for number in range(awaited_jobs.FAULTS_BELIEVED):
        assert ended(waiting).status == "RUNNING", number
        due()
        awaited_jobs.look()
    assert (ended(waiting).error, waiting.cause) == ("Glue.AccessDeniedException", "not you")


def test_a_job_is_stopped_with_its_execution(waiting: Execution, service: Service) -> None:
    service.not_stopped = JobNotSeen(Failed("Glue.SdkClientException", "away"), lasting=False)
    message = stop_execution("Enough", None)
    InboxMessage.objects.create(
        execution_id=waiting.id,
        visible_at=timezone.now(),
        command=message.command,
        key=message.key,
        body=message.body,
    )
    assert ended(waiting).status == "ABORTED"
    assert awaited_jobs.next_look() == 0.0
    awaited_jobs.look()
    assert AwaitedJob.objects.get().stopping  # The service was away: once more.
    service.not_stopped = None
    due()
    awaited_jobs.look()
    assert service.stopped == ['{"run":"jr_1"}'] * 2
    assert service.looked == []
    assert AwaitedJob.objects.count() == 0
    assert check_invariants() == []


def test_a_job_is_stopped_when_its_task_times_out(waiting: Execution, service: Service) -> None:
    InboxMessage.objects.filter(command="FireTimer").update(visible_at=timezone.now())
    assert (ended(waiting).status, waiting.error) == ("FAILED", "States.Timeout")
    assert "TaskTimedOut" in event_types(waiting)
    awaited_jobs.next_look()
    awaited_jobs.look()
    assert service.stopped == ['{"run":"jr_1"}']


def test_what_cannot_be_stopped_is_given_up(waiting: Execution, service: Service) -> None:
    service.not_stopped = JobNotSeen(Failed("Glue.SdkClientException", "away"), lasting=False)
    Task.objects.all().delete()
    awaited_jobs.next_look()
    for _ in range(awaited_jobs.STOPS):
        due()
        awaited_jobs.look()
    assert len(service.stopped) == awaited_jobs.STOPS
    assert AwaitedJob.objects.count() == 0


def begun(make_machine: MakeMachine, start: StartExecution) -> tuple[Execution, Outcome]:
    """An execution whose call is answered, by a worker that has not said so yet."""
    execution = start(make_machine(JOB))
    drain.drain_executions()
    (started,), _ = performance.claim_tasks("tasks")
    return execution, performance.perform(started)


def test_a_job_of_an_attempt_that_was_given_up_is_stopped(
    make_machine: MakeMachine, start: StartExecution, service: Service
) -> None:
    execution, outcome = begun(make_machine, start)
    Task.objects.update(lease_until=timezone.now())
    assert leases.expire_leases() == 1
    assert ended(execution).status == "FAILED"

    turn.take_turn(outcomes=[outcome])  # The worker was only slow.

    assert awaited_jobs.next_look() == 0.0
    awaited_jobs.look()
    assert service.stopped == ['{"run":"jr_1"}']
    assert AwaitedJob.objects.count() == 0


def test_a_call_that_may_be_repeated_is(
    make_machine: MakeMachine, start: StartExecution, service: Service
) -> None:
    service.lost_error = None
    execution, late = begun(make_machine, start)
    Task.objects.update(lease_until=timezone.now())
    leases.expire_leases()
    (started,), _ = performance.claim_tasks("tasks")
    again = performance.perform(started)
    # The same job: the slow worker's report must neither be stored nor stop it.
    turn.take_turn(outcomes=[late])
    assert AwaitedJob.objects.count() == 0
    turn.take_turn(outcomes=[again])
    turn.take_turn(outcomes=[again])  # Its commit's answer was lost: reported twice.
    assert AwaitedJob.objects.count() == 1
    assert len({request.idempotency_key for request in service.performed}) == 1
    service.seen = Succeeded("{}")
    due()
    awaited_jobs.look()
    assert ended(execution).status == "SUCCEEDED"
    assert event_types(execution).count("TaskSubmitted") == 1
    assert service.stopped == []
    assert check_invariants() == []


def test_an_answer_that_is_a_failure_begins_no_job(
    make_machine: MakeMachine, start: StartExecution, service: Service
) -> None:
    service.answer = Failed("Glue.EntityNotFoundException", "no such job")
    execution = start(make_machine(JOB))
    drain.drain_executions()
    drain.drain_tasks()
    assert (ended(execution).status, execution.error) == ("FAILED", "Glue.EntityNotFoundException")
    assert AwaitedJob.objects.count() == 0


def test_a_fault_of_ours_holds_up_no_other_job(waiting: Execution, service: Service) -> None:
    service.seen = ZeroDivisionError("ours")
    due()
    assert awaited_jobs.look() == 1
    service.seen = Succeeded("{}")
    due()
    awaited_jobs.look()
    assert ended(waiting).status == "SUCCEEDED"


class AtOnce:
    """Does on this thread what it is given."""

    def submit(self, work: Callable[[], None]) -> Future[None]:
        work()
        done: Future[None] = Future()
        done.set_result(None)
        return done


def test_a_poller_sees_to_it(waiting: Execution, service: Service) -> None:
    service.seen = Succeeded("{}")
    first = AwaitedJob.objects.get()
    AwaitedJob.objects.bulk_create(
        AwaitedJob(
            execution_id=first.execution_id,
            task=1000 + number,
            resource=RESOURCE,
            job="{}",
            look_at=timezone.now(),
        )
        for number in range(2 * awaited_jobs.BATCH)
    )
    due()
    asking = poller._Poller(("tasks",))
    asking._lookers = AtOnce()  # type: ignore[assignment]
    assert asking._look_at_jobs() == 0.0
    assert not AwaitedJob.objects.exists()
    assert asking._look_at_jobs() is None
    assert ended(waiting).status == "SUCCEEDED"
    # Nobody waited for the others: they were stopped, not looked at.
    assert len(service.stopped) == 2 * awaited_jobs.BATCH
    assert service.looked == ['{"run":"jr_1"}']


def test_messages_of_outcomes() -> None:
    assert message_of(5, Failed("E", "c")) == task_failed(5, "E", "c")
