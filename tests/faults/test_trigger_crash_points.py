"""A crash before and after every commit of what triggers do: one execution each, nothing lost.

The client repeats what was not answered, as senders of events and callers of hooks do; the worker
has a successor. What waits for a dead worker's turn to run out is due at once here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from executions.actions import executions
from executions.actions.executions import start_execution
from executions.actions.triggers import endpoints, rules, schedules, starts, status_events
from executions.actions.triggers.endpoint_calls import Call, begin_call
from executions.actions.triggers.events import accept_events, new_event
from executions.errors import ExecutionAlreadyExists
from executions.models import (
    Event,
    EventRule,
    Execution,
    Schedule,
    StatusChange,
    TriggeredStart,
    Webhook,
    WebhookDelivery,
)
from executions.runtime import drain, quick_turn, turn
from executions.runtime.claimed import kept_states
from executions.runtime.invariants import check_invariants
from tests.faults.crashes import FAULTS, Commits, Died, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.models import StateMachine
    from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
MODULES = (turn, drain, starts)
NOW = datetime(2027, 1, 31, 9, 0, 30, tzinfo=UTC)
MOST_LIVES = 20

_PASS_TIME = "UPDATE executions_triggeredstart SET due_at = now() WHERE due_at IS NOT NULL"


class Strikes(Commits):
    """Counts, and strikes at, the commits of Django's transactions, too."""

    def commit(self) -> None:
        """What Django gets in place of its own."""
        raw: Any = connection.connection
        row = raw.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()
        struck = False
        if row[0] is not None:
            self.count += 1
            struck = self.count == self._at
        if struck and self.fault == "before":
            raw.rollback()
            raise Died
        raw.commit()
        if struck and self.fault == "after":
            raise Died
        if struck:
            raise OperationalError("the answer to the commit was lost")


def live(monkeypatch: pytest.MonkeyPatch, strikes: Strikes, act: Callable[[], Any]) -> None:
    """Let the client act and the worker work, with successors, until nothing is left to do."""
    with monkeypatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "transaction", strikes.transaction)
        patch.setattr(quick_turn, "single_statement", strikes.transaction)
        patch.setattr(executions, "runtime_transaction", strikes.transaction)
        patch.setattr(connections["default"], "_commit", strikes.commit)
        answered = False
        for _ in range(MOST_LIVES):
            try:
                if not answered:
                    act()
                    answered = True
                while (
                    schedules.serve_schedules()
                    + status_events.publish()
                    + starts.perform_starts()
                    + drain.drain_executions()
                ):
                    pass
            except (Died, psycopg.OperationalError, OperationalError) as interruption:
                if isinstance(interruption, Died):
                    kept_states.clear()
                with connection.cursor() as cursor:
                    cursor.execute(_PASS_TIME)
                continue
            return
    pytest.fail("it comes to no end")


def strike_everywhere(
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[], Callable[[], Any]],
    check: Callable[[], None],
    fault: Fault,
    least: int,
) -> None:
    """Strike at each commit in turn, each time from a clean beginning."""
    plain = Strikes()
    live(monkeypatch, plain, prepare())
    check()
    assert plain.count >= least
    for at in range(1, plain.count + 1):
        clean()
        strikes = Strikes(at, fault)
        live(monkeypatch, strikes, prepare())
        assert strikes.count >= at, "nothing was struck"
        check()
    assert [str(each) for each in check_invariants()] == []


def clean() -> None:
    """Forget what the run before has made, but not the state machines."""
    tables = (TriggeredStart, EventRule, Schedule, Webhook, WebhookDelivery, Event, StatusChange)
    for model in tables:
        model.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM executions_historychunk")
        cursor.execute("DELETE FROM executions_inboxmessage")
        cursor.execute("DELETE FROM executions_execution")


def one_execution(machine: StateMachine) -> Execution:
    """The only one, which has ended well; its start is told of as it is."""
    execution = Execution.objects.get(state_machine=machine)
    assert execution.status == "SUCCEEDED"
    return execution


def one_start(machine: StateMachine) -> TriggeredStart:
    """The only execution was wanted once, and that is over."""
    execution = one_execution(machine)
    start = TriggeredStart.objects.get()
    assert (start.status, start.execution_arn, start.due_at, start.error) == (
        "STARTED",
        execution.arn,
        None,
        "",
    )
    return start


@pytest.mark.parametrize("fault", FAULTS)
def test_an_event(make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    machine = make_machine(PASS)

    def prepare() -> Callable[[], Any]:
        given = {"name": "rule", "pattern": '{"source": ["shop"]}'}
        rules.save_rule(EventRule(state_machine=machine), given)
        event = new_event(source="shop", detail_type="Placed", detail={"n": 7}, event_id="order-7")
        return lambda: accept_events([event])

    def check() -> None:
        start = one_start(machine)
        assert start.event is not None
        assert json.loads(one_execution(machine).input)["detail"] == {"n": 7}

    strike_everywhere(monkeypatch, prepare, check, fault, least=4)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("days", [1, 4])
def test_a_time_of_a_schedule(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch, fault: Fault, days: int
) -> None:
    """The time that is due; or, where everything was down for days, the latest of those missed."""
    machine = make_machine(PASS)
    now = [NOW]
    monkeypatch.setattr(schedules, "_now", lambda: now[0])
    latest = datetime(2027, 1, 31, 7, tzinfo=UTC) + timedelta(days=days)

    def prepare() -> Callable[[], Any]:
        now[0] = NOW
        given = {"name": "mornings", "expression": "cron(0 7 * * ? *)"}
        schedules.save_schedule(Schedule(state_machine=machine), given)
        now[0] = latest + timedelta(seconds=1)
        return lambda: None

    def check() -> None:
        assert one_start(machine).scheduled_for == latest
        schedule = Schedule.objects.get()
        assert schedule.missed == days - 1
        assert schedule.next_at == latest + timedelta(days=1)

    strike_everywhere(monkeypatch, prepare, check, fault, least=4)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_of_a_hook(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    machine = make_machine(PASS)
    endpoint, secret = endpoints.create_endpoint(machine, "BEARER", "", {})
    headers = {"authorization": f"Bearer {secret}", "idempotency-key": "order-7"}
    answers = []

    def prepare() -> Callable[[], Any]:
        answers.clear()
        call = Call("POST", "/", "", headers, b'{"n": 7}')
        return lambda: answers.append(begin_call(endpoint.token, call))

    def check() -> None:
        execution = one_execution(machine)
        (answer,) = answers
        assert answer.status == 202
        assert json.loads(answer.body)["executionArn"] == execution.arn

    strike_everywhere(monkeypatch, prepare, check, fault, least=1)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_change_of_status_that_is_published(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """To a rule, which starts one execution, and to a webhook, which hears of it once."""
    watched, target = make_machine(PASS), make_machine(PASS)

    def prepare() -> Callable[[], Any]:
        pattern = {
            "source": ["aws.states"],
            "detail": {"status": ["SUCCEEDED"], "stateMachineArn": [watched.arn]},
        }
        given = {"name": "after", "pattern": json.dumps(pattern)}
        rules.save_rule(EventRule(state_machine=target), given)
        Webhook.objects.create(
            state_machine=watched,
            url="https://hears.example",
            encrypted_secret="",
            statuses=["SUCCEEDED"],
        )
        return begin

    def begin() -> None:
        with suppress(ExecutionAlreadyExists):  # which tells the client enough
            start_execution(watched.name, name="order-7")

    def check() -> None:
        start = one_start(target)
        ended = one_execution(watched)
        assert start.event is not None
        assert json.loads(start.event.text)["resources"] == [ended.arn]
        (delivery,) = WebhookDelivery.objects.all()
        assert delivery.event_id == start.event_id
        assert StatusChange.objects.count() == 0

    strike_everywhere(monkeypatch, prepare, check, fault, least=5)
