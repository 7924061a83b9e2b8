"""Executions that live long: over changes of the software, jumps of the clock, in great numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from executions.integration import Succeeded, TaskOutcome, TaskRequest
from executions.interpreter.state import decode, encode
from executions.models import Execution, HistoryChunk, InboxMessage, Task
from executions.runtime import drain, leases, performance, statements
from executions.runtime.invariants import check_invariants
from executions.runtime.turn import take_turn
from studio.models import StateMachine
from tests.conformance.clock import Clock
from tests.conftest import MakeMachine, StartExecution, event_types, history
from tests.executions.runtime.test_turn import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)

SNAPSHOTS = sorted((Path(__file__).parents[1] / "interpreter" / "snapshots").glob("*.json"))
BEGIN = 1_700_000_000.0
DAY = 86_400.0
NAP: dict[str, Any] = {
    "StartAt": "Nap",
    "States": {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}},
}


class Outside:
    """Whatever is called says the same."""

    lost_error = "Lambda.ServiceException"

    def perform(self, request: TaskRequest) -> TaskOutcome:
        return Succeeded(json.dumps(request.state_name))


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (performance, leases):
        monkeypatch.setattr(module, "integration_for", lambda _: Outside())


@pytest.fixture
def begin(start: StartExecution) -> StartExecution:
    """Starts an execution by the hand-turned clock: a new row's own default knows another."""

    def by_the_clock(machine: StateMachine) -> Execution:
        execution = start(machine)
        with connection.cursor() as cursor:
            for column, table in (("started_at", "execution"), ("visible_at", "inboxmessage")):
                cursor.execute(f"UPDATE executions_{table} SET {column} = now()")
        return execution

    return by_the_clock


@pytest.fixture
def clock(db: None) -> Iterator[Clock]:
    hand_turned = Clock(BEGIN)
    yield hand_turned
    hand_turned.remove()


def work() -> None:
    while drain.drain_executions() + drain.drain_tasks():
        pass


# --- another release ----------------------------------------------------------------------------


@pytest.mark.parametrize("file", SNAPSHOTS, ids=lambda file: file.stem)
def test_what_an_earlier_release_began_goes_on(
    file: Path, clock: Clock, outside: None, make_machine: MakeMachine
) -> None:
    """Rows as that release left them: a Parallel with a retry, a long Wait and half of a Map."""
    stored = json.loads(file.read_text())
    machine = make_machine(stored["definition"])
    machine.name = "machine"
    machine.save()
    events = stored["events"]
    execution = Execution.objects.create(
        state_machine=machine,
        revision=machine.current,
        name="one",
        input='{"items":[1,2,3]}',
        version=3,
        last_event_id=events[-1]["id"],
        snapshot=stored["snapshot"],
    )
    HistoryChunk.objects.create(
        execution_id=execution.pk,
        first_id=1,
        last_id=events[-1]["id"],
        events="\n".join(json.dumps({"timestamp": BEGIN, **each}) for each in events),
    )
    for task in stored["tasks"]:
        Task.objects.create(
            execution_id=execution.pk,
            task=task,
            attempt=0,
            state_name="Pack",
            resource=FUNCTION,
            parameters="{}",
            created_at=execution.started_at,
        )
    with connection.cursor() as cursor:
        for timer, at in stored["timers"].items():
            cursor.execute(
                "INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)"
                " VALUES (%s, to_timestamp(%s), 'FireTimer', %s, '')",
                (execution.pk, at, timer),
            )
    for seconds in (2, 6, 3599.9):
        clock.turn(BEGIN + seconds)
        work()
        execution.refresh_from_db()
        assert execution.status == "RUNNING"
        # From its next turn on it is stored in today's form.
        assert encode(decode(execution.snapshot)) == execution.snapshot
    clock.turn(BEGIN + 3600)
    work()
    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"
    assert json.loads(execution.output or "") == [
        "Pay",
        {"items": [1, 2, 3]},
        ["packed", "Pack", "Pack"],
    ]
    assert not InboxMessage.objects.exists()


def test_today_s_form_is_among_those_that_are_read() -> None:
    """Whoever changes the form stores the one before, and this one anew: decision 0019."""
    file = next(each for each in SNAPSHOTS if each.stem == "today")
    snapshot = json.loads(file.read_text())["snapshot"]
    assert encode(decode(snapshot)) == snapshot


# --- the clock ----------------------------------------------------------------------------------


def test_a_clock_that_jumps_forwards_loses_nothing(
    clock: Clock, make_machine: MakeMachine, begin: StartExecution
) -> None:
    executions = [begin(make_machine(NAP)) for _ in range(3)]
    clock.turn(BEGIN + 60)
    work()
    clock.turn(BEGIN + 400 * DAY)
    work()
    for execution in executions:
        execution.refresh_from_db()
        assert execution.status == "SUCCEEDED"
        assert event_types(execution).count("WaitStateExited") == 1
    assert check_invariants() == []


def test_a_clock_that_jumps_backwards_fires_nothing_early(
    clock: Clock, make_machine: MakeMachine, begin: StartExecution
) -> None:
    execution = begin(make_machine(NAP))
    work()
    due = BEGIN + 3600
    for moment in (BEGIN + 3000, BEGIN - 30 * DAY, BEGIN - 1, due - 0.002):
        clock.turn(moment)
        work()
        execution.refresh_from_db()
        assert execution.status == "RUNNING", moment
    clock.turn(due)
    work()
    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"
    assert check_invariants() == []


def test_time_never_runs_backwards_in_a_history(
    clock: Clock, outside: None, make_machine: MakeMachine, begin: StartExecution
) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]
    task = {"Type": "Task", "Resource": FUNCTION, "Retry": retry, "Next": "Nap"}
    definition = {"StartAt": "Pay", "States": {"Pay": task, **NAP["States"]}}
    execution = begin(make_machine(definition))
    clock.turn(BEGIN + DAY)
    work()
    clock.turn(BEGIN)
    work()
    clock.turn(BEGIN + DAY + 3599)
    work()
    execution.refresh_from_db()
    assert execution.status == "RUNNING"
    clock.turn(BEGIN + DAY + 3600)
    work()
    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"
    stamps = [event["timestamp"] for event in history(execution)]
    assert stamps == sorted(stamps)
    assert check_invariants() == []


def test_a_worker_outlives_a_jump_as_a_lost_one_does(
    clock: Clock, outside: None, make_machine: MakeMachine, begin: StartExecution
) -> None:
    """A jump forwards ends every lease: the attempt fails as lost, and Retry decides."""
    retry = [{"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1}]
    task = {"Type": "Task", "Resource": FUNCTION, "Retry": retry, "End": True}
    execution = begin(make_machine({"StartAt": "Pay", "States": {"Pay": task}}))
    drain.drain_executions()
    (started,), _ = performance.claim_tasks("tasks")
    outcome = performance.perform(started)
    clock.turn(BEGIN + DAY)
    assert leases.expire_leases() == 1
    take_turn(outcomes=[outcome])  # Refused: the attempt has been given up.
    work()
    clock.turn(BEGIN + DAY + 1)
    work()
    execution.refresh_from_db()
    assert (execution.status, execution.output) == ("SUCCEEDED", '"Pay"')
    assert event_types(execution).count("LambdaFunctionSucceeded") == 1
    assert check_invariants() == []


# --- great numbers ------------------------------------------------------------------------------


def plan_of(statement: str, parameters: tuple[Any, ...]) -> dict[str, Any]:
    """How PostgreSQL carries a statement out, and what it touches."""
    with connection.cursor() as cursor:
        raw = cursor.connection.cursor()
        raw.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters)
        plan: dict[str, Any] = raw.fetchone()[0][0]["Plan"]
        return plan


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan] + [each for part in plan.get("Plans", ()) for each in nodes(part)]


LOOKS: dict[str, tuple[Any, ...]] = {
    statements.WAITING_WORK: (["tasks"],),
    statements.ANYTHING_DUE: (),
    statements.CLAIM_READY: (32,),
    statements.EXPIRED_LEASES: (),
    statements.QUEUED_TASKS: (False, "tasks", 32),
}


def test_a_hundred_thousand_that_sleep_cost_a_look_nothing(make_machine: MakeMachine) -> None:
    """What the pollers ask all day finds its rows by an index and reads a few pages."""
    machine = make_machine(NAP)
    assert machine.current is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO executions_execution (state_machine_id, revision_id, name, status, input,"
            " version, last_event_id, snapshot, trace_header, failed_turns)"
            " SELECT %s, %s, 'sleeps-' || n, 'RUNNING', '{}', 1, 2, '{}', '', 0"
            " FROM generate_series(1, 100000) n",
            (machine.pk, machine.current.pk),
        )
        cursor.execute(
            "INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)"
            " SELECT id, now() + (id % 10000 + 3600) * interval '1 s', 'FireTimer', 'wait:2', ''"
            " FROM executions_execution"
        )
        cursor.execute("ANALYZE executions_execution, executions_inboxmessage, executions_task")
    tables = ("executions_inboxmessage", "executions_execution")
    for statement, parameters in LOOKS.items():
        plan = plan_of(statement, parameters)
        scans = [(n["Node Type"], n.get("Relation Name")) for n in nodes(plan)]
        assert not [s for s in scans if s[0] == "Seq Scan" and s[1] in tables], statement
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 60, statement
