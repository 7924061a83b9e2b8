"""Each invariant: an offender is planted, and the check names it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from executions.integration import Failed, Submitted, Succeeded, TaskOutcome, TaskRequest
from executions.models import Execution, HistoryChunk, InboxMessage, Task
from executions.runtime import drain, performance
from executions.runtime.invariants import INVARIANTS, check_invariants
from studio.models import StateMachine
from tests.conftest import MakeMachine, StartExecution, history
from tests.executions.runtime.working import work

pytestmark = pytest.mark.django_db(transaction=True)

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:anything"
DOCUMENT = Path(__file__).parents[3] / "docs" / "explanation" / "invariants.md"

EACH = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Pay",
                "States": {"Pay": {"Type": "Task", "Resource": LAMBDA, "End": True}},
            },
            "Next": "Rest",
        },
        "Rest": {"Type": "Wait", "Seconds": 0, "End": True},
    },
}
ASK = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}},
            "End": True,
        }
    },
}
NAP = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}}}
MANY = {
    "StartAt": "Many",
    "States": {
        "Many": {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Keep",
                "States": {"Keep": {"Type": "Pass", "End": True}},
            },
            "End": True,
        },
    },
}
FAIL = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "No", "Cause": "Because"}}}


class Outside:
    """Accepts what waits for a token, fails no task, and takes its time over none."""

    lost_error = "Lost"

    def perform(self, request: TaskRequest) -> TaskOutcome:
        if "waitForTaskToken" in request.resource:
            return Submitted("{}")
        return Failed("Boom", None) if request.parameters == "0" else Succeeded('"paid"')


class Stored:
    """One execution of each kind, as the runtime leaves them."""

    def __init__(
        self,
        done: Execution,
        asking: Execution,
        asleep: Execution,
        failed: Execution,
        mapped: Execution,
    ) -> None:
        self.done, self.asking, self.asleep, self.failed = done, asking, asleep, failed
        self.mapped = mapped

    @property
    def child(self) -> Execution:
        """The one child of the Map Run."""
        return Execution.objects.select_related("state_machine").get(map_run_id__isnull=False)


@pytest.fixture
def stored(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> Stored:
    monkeypatch.setattr(performance, "integration_for", lambda _: Outside())
    executions = Stored(
        start(make_machine(EACH), [1, 2]),
        start(make_machine(ASK)),
        start(make_machine(NAP)),
        start(make_machine(FAIL)),
        start(make_machine(MANY), [1]),
    )
    work()
    for each in vars(executions).values():
        each.refresh_from_db()
    statuses = [each.status for each in vars(executions).values()]
    assert statuses == ["SUCCEEDED", "RUNNING", "RUNNING", "FAILED", "SUCCEEDED"]
    assert check_invariants() == []
    return executions


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def edit(execution: Execution, old: str, new: str, count: int = 1) -> None:
    """Write something else into a stored history."""
    for chunk in HistoryChunk.objects.filter(execution_id=execution.pk).order_by("first_id"):
        if re.search(old, chunk.events):
            events = re.sub(old, new, chunk.events, count=count)
            HistoryChunk.objects.filter(pk=chunk.pk).update(events=events)
            return
    pytest.fail(f"no {old} in the history")


def first(execution: Execution, kind: str) -> int:
    """The id of the first event of a type."""
    return int(next(event["id"] for event in history(execution) if event["type"] == kind))


def message(execution: Execution, command: str, key: str = "", age: str = "0 s") -> None:
    sql(
        "INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)"
        " VALUES (%s, now() - %s::interval, %s, %s, '')",
        execution.pk,
        age,
        command,
        key,
    )


def task(execution: Execution, number: int, **values: Any) -> None:
    Task.objects.create(
        **{
            "execution_id": execution.pk,
            "task": number,
            "attempt": 0,
            "state_name": "S",
            "resource": LAMBDA,
            "parameters": "{}",
            "created_at": execution.started_at,
            **values,
        }
    )


def lose_last_event(stored: Stored) -> None:
    sql("UPDATE executions_execution SET last_event_id = 99 WHERE id = %s", stored.asleep.pk)


def leave_a_gap_between_chunks(stored: Stored) -> None:
    sql(
        "UPDATE executions_historychunk SET last_id = last_id + 1"
        " WHERE execution_id = %s AND first_id = 1",
        stored.asleep.pk,
    )


def follow_a_later_event(stored: Stored) -> None:
    edit(stored.asleep, r'"id":2,"previousEventId":0', '"id":2,"previousEventId":2')


def leave_twice(stored: Stored) -> None:
    edit(stored.done, r"MapStateStarted\",\"id\":(\d+),\"previousEventId\":2,.*", _exit_of_each)


def _exit_of_each(match: re.Match[str]) -> str:
    exit_ = '"stateExitedEventDetails":{"name":"Each","output":"[]"}}'
    return f'MapStateExited","id":{match[1]},"previousEventId":2,{exit_}'


def never_leave(stored: Stored) -> None:
    edit(stored.done, r'"type":"WaitStateExited"', '"type":"EvaluationFailed"')


def end_in_the_middle(stored: Stored) -> None:
    edit(stored.done, r'"type":"MapStateStarted"', '"type":"ExecutionFailed"')


def end_otherwise(stored: Stored) -> None:
    edit(stored.failed, r'"type":"ExecutionFailed"', '"type":"ExecutionAborted"')


def count_a_redrive(stored: Stored) -> None:
    sql("UPDATE executions_execution SET redrive_count = 1 WHERE id = %s", stored.failed.pk)


def forget_what_to_redrive(stored: Stored) -> None:
    sql("UPDATE executions_execution SET snapshot = '' WHERE id = %s", stored.failed.pk)


def accept_two_results(stored: Stored) -> None:
    edit(stored.done, r'"type":"LambdaFunctionStarted"', '"type":"LambdaFunctionFailed"')


def keep_an_answered_task(stored: Stored) -> None:
    task(stored.done, first(stored.done, "LambdaFunctionScheduled"))


def keep_a_used_token(stored: Stored) -> None:
    message(stored.asking, "TaskSucceeded", str(Task.objects.get().task))


def share_a_token(stored: Stored) -> None:
    sql("DROP INDEX task_by_token")
    token = Task.objects.get().token_hash
    task(stored.asking, 99, token_hash=bytes(token))


def lose_every_message(stored: Stored) -> None:
    InboxMessage.objects.all().delete()


def list_what_is_not_paused(stored: Stored) -> None:
    sql(
        "INSERT INTO executions_pausedexecution (execution_id, since, by, state, frames)"
        " VALUES (%s, now(), 'ada', 'Nap', 1)",
        stored.asleep.pk,
    )


def lose_a_task(stored: Stored) -> None:
    Task.objects.all().delete()


def lose_a_child(stored: Stored) -> None:
    nested = "arn:aws:states:::states:startExecution.sync:2"
    sql("UPDATE executions_task SET resource = %s", nested)


def lose_a_job(stored: Stored) -> None:
    sql("UPDATE executions_task SET resource = %s", "arn:aws:states:::glue:startJobRun.sync")


def ask_nobody(stored: Stored) -> None:
    approval = "arn:aws:states:::approval:request.waitForTaskToken"
    sql("UPDATE executions_task SET resource = %s", approval)


def shrink_a_fence(stored: Stored) -> None:
    sql("UPDATE executions_task SET fence = -1")


def forget_turns(stored: Stored) -> None:
    sql("UPDATE executions_execution SET version = 1 WHERE id = %s", stored.done.pk)


def keep_an_old_snapshot(stored: Stored) -> None:
    sql(
        "UPDATE executions_execution SET snapshot = replace(snapshot, '\"Nap\"', '\"Nip\"')"
        " WHERE id = %s",
        stored.asleep.pk,
    )


def give_another_output(stored: Stored) -> None:
    sql("UPDATE executions_execution SET output = '7' WHERE id = %s", stored.done.pk)


def keep_work_of_a_closed_execution(stored: Stored) -> None:
    message(stored.done, "StopExecution", age="2 minutes")


def keep_a_message_of_nobody(stored: Stored) -> None:
    stored.asking.pk = 4711
    message(stored.asking, "TaskSucceeded", "5", age="2 minutes")


def fire_early(stored: Stored) -> None:
    sql(
        "UPDATE studio_statemachinerevision SET definition ="
        " replace(definition, '\"Seconds\": 0', '\"Seconds\": 60') WHERE id = %s",
        stored.done.revision_id,
    )


def name_two_alike(stored: Stored) -> None:
    sql("ALTER TABLE executions_execution DROP CONSTRAINT execution_name_per_state_machine")
    again = Execution.objects.get(pk=stored.asleep.pk)
    again.pk = None
    again.save()


def go_on_in_a_state_that_was_left(stored: Stored) -> None:
    started = first(stored.done, "MapStateStarted")
    edit(
        stored.done,
        r'"ExecutionSucceeded","id":(\d+),"previousEventId":\d+',
        rf'"EvaluationFailed","id":\1,"previousEventId":{started}',
    )


def begin_an_item_twice(stored: Stored) -> None:
    edit(stored.done, r'(MapIterationStarted.*"index":)1', r"\g<1>0")


def lose_an_item(stored: Stored) -> None:
    edit(stored.done, r'"length":2', '"length":3')


def start_an_attempt_twice(stored: Stored) -> None:
    edit(stored.done, r'"type":"LambdaFunctionSucceeded"', '"type":"LambdaFunctionStarted"')


def start_without_a_lease(stored: Stored) -> None:
    sql("UPDATE executions_task SET status = 'STARTED'")


def hold_a_submitted_task(stored: Stored) -> None:
    sql("UPDATE executions_task SET lease_until = now()")


# The invariant, what offends it, the execution that is named, and how it is.
PLANTED: dict[str, tuple[Callable[[Stored], None], str, str]] = {
    "I1 history ids are 1..n without a gap": (
        lose_last_event,
        "asleep",
        "the history has events 1..2, 2 in all; the row says 99",
    ),
    "I1 each chunk begins where the one before ended": (
        leave_a_gap_between_chunks,
        "asleep",
        "the chunk of events 1..3 has 2",
    ),
    "I1 each event follows an earlier one": (
        follow_a_later_event,
        "asleep",
        "event 2, WaitStateEntered, follows event 2",
    ),
    "I2 each state is left once, after it was entered": (
        leave_twice,
        "done",
        "event 19 leaves Each, which had not been entered",
    ),
    "I2 a state that was not left is live, or was given up": (
        never_leave,
        "done",
        "event 20 entered Rest, which is neither left nor live",
    ),
    "I3 an end is the last event, or ExecutionRedriven follows": (
        end_in_the_middle,
        "done",
        "event 3 is ExecutionFailed, and event 4 is MapIterationStarted",
    ),
    "I3 a closed execution ends with its terminal event": (
        end_otherwise,
        "failed",
        "FAILED, and the last event, 3, is ExecutionAborted",
    ),
    "I3 a redrive follows each end of an execution but the last": (
        count_a_redrive,
        "failed",
        "redriven 1 times",
    ),
    "I3 what a redrive would go on with is kept": (
        forget_what_to_redrive,
        "failed",
        "FAILED, snapshot of 0 characters",
    ),
    "I4 an attempt has one result": (
        accept_two_results,
        "done",
        r"events \d+, \d+ are results of the attempt of event \d+",
    ),
    "I4 an attempt that waits for its result has none": (
        keep_an_answered_task,
        "done",
        r"task \d+ is QUEUED, and event \d+, LambdaFunctionSucceeded, is its result",
    ),
    "I5 a token that was used is gone": (
        keep_a_used_token,
        "asking",
        "the token of task 3 can still be used",
    ),
    "I5 a token stands for one attempt": (
        share_a_token,
        "asking",
        "2 tasks have the token of task 3",
    ),
    "I6 a running execution has something to wait for": (
        lose_every_message,
        "asleep",
        "RUNNING without a message, a timer or a task",
    ),
    "I6 what a state waits for is on its way": (
        lose_a_task,
        "asking",
        "Ask, entered with event 2, waits for task 3, which is not there",
    ),
    "I6 a task that waits for an execution has one that runs": (
        lose_a_child,
        "asking",
        "task 3 waits for an execution that does not run",
    ),
    "I6 a task that waits for a job has one that is looked at": (
        lose_a_job,
        "asking",
        "task 3 waits for a job that nobody looks at",
    ),
    "I6 a task that waits for a person has its question in the inbox": (
        ask_nobody,
        "asking",
        "task 3 waits for a decision that nobody can make",
    ),
    "I6 what is paused is listed": (
        list_what_is_not_paused,
        "asleep",
        "0 branches are paused, and 1 are listed",
    ),
    "I7 a task that was taken has a fence": (
        shrink_a_fence,
        "asking",
        "task 3 is SUBMITTED with fence -1",
    ),
    "I8 version counts the committed turns that left a history": (
        forget_turns,
        "done",
        "chunks after 1 turns",
    ),
    "I9 the snapshot says what the history says": (
        keep_an_old_snapshot,
        "asleep",
        "Nip is live since event 2, which is WaitStateEntered of Nap",
    ),
    "I9 the row says what the last event says": (
        give_another_output,
        "done",
        "the output, the error or the cause is not that of event 22",
    ),
    "I10 a closed execution has no live task or message": (
        keep_work_of_a_closed_execution,
        "done",
        "StopExecution , is there",
    ),
    "I10 nothing is left of an execution that was removed": (
        keep_a_message_of_nobody,
        "",
        "TaskSucceeded 5",
    ),
    "I11 no timer fired early": (fire_early, "done", "event 21 left Rest 0 s after"),
    "I12 one execution for each name of a state machine": (
        name_two_alike,
        "asleep",
        "2 executions are named",
    ),
    "I13 nothing goes on in a state that was left, redriven or not": (
        go_on_in_a_state_that_was_left,
        "done",
        "event 22, EvaluationFailed, is of the state that event 19 left",
    ),
    "I14 each item of a Map is begun once and ends once": (
        begin_an_item_twice,
        "done",
        "iteration 0 of event 3: begun 2 times, done 1 times",
    ),
    "I14 a Map that succeeded has a result for each item": (
        lose_an_item,
        "done",
        "2 of 3 items succeeded",
    ),
    "I15 an attempt is started once": (start_an_attempt_twice, "done", "start the attempt of"),
    "I15 a started task has a lease": (
        start_without_a_lease,
        "asking",
        "task 3 is STARTED with no lease",
    ),
    "I15 a submitted task waits for its token, and no worker holds it": (
        hold_a_submitted_task,
        "asking",
        "task 3 is SUBMITTED without a token, or leased",
    ),
}


PLANTED |= {
    "I17 the counts of a Map Run are those of its children": (
        lambda _: sql("UPDATE executions_maprun SET succeeded = 9"),
        "mapped",
        "unsuccessful: 1, 0, 9, 0; there are 1, 0, 1, 0",
    ),
    "I17 each item of a Map Run was given to one child": (
        lambda _: sql("UPDATE executions_maprun SET position = 2"),
        "mapped",
        "the run of event 4 has read 2 items, its 1 children have 1",
    ),
    "I18 what belongs to a Map Run has one": (
        lambda _: sql("DELETE FROM executions_maprun"),
        "child",
        "child 0 of run",
    ),
    "I18 a Map Run that runs is waited for, and one that is left has an execution": (
        lambda _: sql("UPDATE executions_maprun SET status = 'RUNNING'"),
        "mapped",
        "the run of event 4 is RUNNING, its execution SUCCEEDED",
    ),
    "I18 a Map Run with something to do is on its way": (
        lambda _: sql("UPDATE executions_maprun SET is_settled = false"),
        "mapped",
        "nobody will look at it",
    ),
}


@pytest.mark.parametrize("invariant", PLANTED)
def test_an_offender_is_named(stored: Stored, invariant: str) -> None:
    plant, offender, detail = PLANTED[invariant]
    arn = getattr(stored, offender).arn if offender else None
    try:
        plant(stored)
        found = [each for each in check_invariants() if each.invariant == invariant]
        assert {each.arn for each in found} == {arn}, list(map(str, check_invariants()))
        assert any(re.search(detail, each.detail) for each in found), found
    finally:
        _mend_tables()


def _mend_tables() -> None:
    sql("DELETE FROM executions_execution")
    sql("DELETE FROM executions_task")
    sql("DELETE FROM executions_pausedexecution")
    sql(
        "CREATE UNIQUE INDEX IF NOT EXISTS task_by_token ON executions_task (token_hash)"
        " WHERE token_hash IS NOT NULL"
    )
    sql(
        "DO $$ BEGIN ALTER TABLE executions_execution ADD CONSTRAINT"
        " execution_name_per_state_machine UNIQUE (state_machine_id, name);"
        " EXCEPTION WHEN duplicate_table OR duplicate_object THEN NULL; END $$"
    )


def test_every_invariant_has_an_offender() -> None:
    assert list(PLANTED) != []
    assert set(PLANTED) == set(INVARIANTS)


def test_the_command_names_offenders_and_fails(stored: Stored) -> None:
    said = io.StringIO()
    call_command("check_invariants", stdout=said)
    assert said.getvalue() == f"{len(INVARIANTS)} invariants hold\n"
    give_another_output(stored)
    with pytest.raises(CommandError, match="1 violations"):
        call_command("check_invariants", stdout=said)
    assert f"{stored.done.arn}: I9 the row says what the last event says: " in said.getvalue()


def test_more_executions_than_a_batch(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("executions.runtime.invariants.BATCH", 2)
    machine: StateMachine = make_machine(NAP)
    executions = [start(machine) for _ in range(5)]
    drain.drain_executions()
    sql("UPDATE executions_execution SET last_event_id = 9 WHERE id = %s", executions[-1].pk)
    sql("UPDATE executions_execution SET last_event_id = 9 WHERE id = %s", executions[0].pk)
    wrong = {each.execution_id for each in check_invariants()}
    assert wrong == {executions[0].pk, executions[-1].pk}


def test_the_documentation_tells_of_every_invariant() -> None:
    text = DOCUMENT.read_text()
    rows = re.findall(r"^\| I(\d+) \|", text, re.MULTILINE)
    assert [int(number) for number in rows] == list(range(1, 19))
    listed = re.findall(r"^- (I\d+ .*)$", text, re.MULTILINE)
    assert sorted(listed) == sorted(INVARIANTS)
