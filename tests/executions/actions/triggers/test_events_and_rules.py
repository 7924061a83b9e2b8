"""From events to executions: rules, changes of status, and what happens twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from executions.actions.executions import start_execution
from executions.actions.triggers import removal, rules, starts, status_events
from executions.actions.triggers.events import InvalidEntry, accept_events, new_event
from executions.errors import ExecutionLimitExceeded, TriggerAlreadyExists
from executions.models import (
    Event,
    EventRule,
    Execution,
    StatusChange,
    TriggeredStart,
    Webhook,
    WebhookDelivery,
)
from executions.runtime import drain
from studio.errors import StateMachineDoesNotExist, ValidationException
from studio.models import StateMachine
from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
FAIL = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "because"}}}
ORDERS = {"source": ["shop.orders"]}


def rule_on(machine: StateMachine, pattern: Any = ORDERS, **given: Any) -> EventRule:
    fields = {"name": "rule", "pattern": json.dumps(pattern), **given}
    return rules.save_rule(EventRule(state_machine=machine), fields)


def event(event_id: str | None = None, **detail: Any) -> Any:
    return new_event(
        source="shop.orders", detail_type="Order Placed", detail=detail, event_id=event_id
    )


def executions_of(machine: StateMachine) -> list[Execution]:
    return list(Execution.objects.filter(state_machine=machine))


def run(machine: StateMachine) -> None:
    start_execution(machine.name)
    drain.drain_executions()


def test_an_event_that_matches_starts_an_execution_with_it(make_machine: MakeMachine) -> None:
    machine, other = make_machine(PASS), make_machine(PASS)
    rule_on(machine)
    rule_on(other, {"source": ["somebody.else"]})

    (accepted,) = accept_events([event(total=3)])
    assert (accepted.repeated, accepted.starts) == (False, 1)
    assert starts.perform_starts() == 1

    (execution,) = executions_of(machine)
    given = json.loads(execution.input)
    assert given["detail"] == {"total": 3}
    assert given["id"] == accepted.event_id
    assert given["detail-type"] == "Order Placed"
    assert executions_of(other) == []
    done = TriggeredStart.objects.get()
    assert (done.status, done.execution_arn, done.due_at) == ("STARTED", execution.arn, None)
    assert starts.perform_starts() == 0


def test_an_event_that_is_posted_again_starts_nothing_again(make_machine: MakeMachine) -> None:
    rule_on(make_machine(PASS))
    (first,) = accept_events([event("order-7")])
    (second,) = accept_events([event("order-7", changed=True)])
    assert (first.starts, second.starts, second.repeated) == (1, 0, True)
    assert TriggeredStart.objects.count() == 1


def test_a_worker_that_died_after_the_start_started_it_once(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    rule_on(machine)
    accept_events([event()])
    starts.perform_starts()
    # As if it had died before it could write the end down, and a minute had passed.
    TriggeredStart.objects.update(status="PENDING", due_at=timezone.now(), execution_arn="")
    assert starts.perform_starts() == 1
    (execution,) = executions_of(machine)
    assert TriggeredStart.objects.get().execution_arn == execution.arn


def test_what_fails_is_kept_and_says_why(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    rule_on(machine, name="broken", input_template='{"a": <id>', input_paths={"id": "$.id"})
    rule_on(machine, name="gone", input_text='{"a": 1}')
    accept_events([event()])
    StateMachine.objects.update(status="DELETING")
    starts.perform_starts()
    found = {start.rule.name: start for start in TriggeredStart.objects.all() if start.rule}
    assert found["broken"].error.startswith("InvalidInput: What the template gives is not JSON")
    assert found["gone"].error.startswith("StateMachineDeleting:")
    assert {start.status for start in found.values()} == {"FAILED"}


def test_what_cannot_be_started_now_is_started_later(
    make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = make_machine(PASS)
    rule_on(machine)
    accept_events([event()])

    def full(*_: Any, **__: Any) -> Any:
        raise ExecutionLimitExceeded

    with monkeypatch.context() as patched:
        patched.setattr(starts, "start_execution", full)
        starts.perform_starts()
    waiting = TriggeredStart.objects.get()
    assert waiting.status == "PENDING"
    assert waiting.due_at is not None
    assert waiting.due_at > timezone.now() - timedelta(seconds=60)
    TriggeredStart.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    starts.perform_starts()
    assert len(executions_of(machine)) == 1


def test_a_disabled_rule_takes_nothing(make_machine: MakeMachine) -> None:
    rule_on(make_machine(PASS), is_enabled=False)
    assert accept_events([event()])[0].starts == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "with space"}, "A name has"),
        ({"pattern": "{}"}, "at least one field"),
        ({"input_path": "x"}, "no JSONPath"),
        ({"input_text": "{}", "input_path": "$"}, "one of input"),
    ],
)
def test_what_is_no_rule_is_refused(
    make_machine: MakeMachine, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationException, match=said):
        rule_on(make_machine(PASS), **given)
    assert EventRule.objects.count() == 0


def test_a_rules_target_and_name_must_be_right(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    with pytest.raises(StateMachineDoesNotExist):
        rule_on(machine, qualifier="7")
    rule_on(machine)
    with pytest.raises(TriggerAlreadyExists):
        rule_on(machine)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"source": ""}, "Source is required"),
        ({"source": "aws.s3"}, "must not begin with"),
        ({"detail_type": ""}, "DetailType is required"),
        ({"detail": [1]}, "JSON object"),
        ({"event_id": "a b"}, "id has"),
        ({"detail": {"a": "x" * 300_000}}, "larger than"),
        ({"detail": {"a": "\0"}}, "NUL"),
    ],
)
def test_what_is_no_event_is_refused(entry: dict[str, Any], said: str) -> None:
    good: dict[str, Any] = {"source": "s", "detail_type": "t", "detail": {}}
    with pytest.raises(InvalidEntry, match=said):
        new_event(**(good | entry))


def test_ten_events_at_once_are_enough() -> None:
    with pytest.raises(ValidationException):
        accept_events([event() for _ in range(11)])
    with pytest.raises(ValidationException):
        accept_events([])


def test_where_nobody_listens_nothing_is_put_down(make_machine: MakeMachine) -> None:
    run(make_machine(PASS))
    assert StatusChange.objects.count() == 0


def test_a_time_out_is_told_without_an_error(make_machine: MakeMachine) -> None:
    run(make_machine(PASS))
    execution = Execution.objects.get()
    change = StatusChange(
        execution_id=execution.pk,
        status="TIMED_OUT",
        redrive_count=0,
        error="States.Timeout",
        changed_at=timezone.now(),
    )
    detail = status_events.status_event(change, execution).detail
    assert (detail["status"], detail["error"], detail["cause"]) == ("TIMED_OUT", None, None)
    change.status = "FAILED"
    assert status_events.status_event(change, execution).detail["error"] == "States.Timeout"


def test_a_rule_hears_how_executions_of_others_end(make_machine: MakeMachine) -> None:
    watched, target = make_machine(FAIL), make_machine(PASS)
    rule_on(target, {"source": ["aws.states"], "detail": {"status": ["FAILED"]}})
    run(watched)

    assert sorted(StatusChange.objects.values_list("status", flat=True)) == ["FAILED", "RUNNING"]
    assert status_events.publish() == 2
    assert StatusChange.objects.count() == 0
    assert starts.perform_starts() == 1

    (execution,) = executions_of(target)
    told = json.loads(execution.input)
    ended = Execution.objects.get(state_machine=watched)
    assert told["source"] == "aws.states"
    assert told["detail-type"] == "Step Functions Execution Status Change"
    assert told["resources"] == [ended.arn]
    assert ended.stopped_at is not None
    assert told["detail"] == {
        "executionArn": ended.arn,
        "stateMachineArn": watched.arn,
        "name": ended.name,
        "status": "FAILED",
        "startDate": round(ended.started_at.timestamp() * 1000),
        "stopDate": round(ended.stopped_at.timestamp() * 1000),
        "input": "{}",
        "output": None,
        "inputDetails": {"included": True},
        "outputDetails": None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "REDRIVABLE",
        "redriveStatusReason": None,
        "error": "E",
        "cause": "because",
    }


def test_webhooks_hear_of_their_own_state_machine_only(make_machine: MakeMachine) -> None:
    watched, other = make_machine(PASS), make_machine(PASS)
    Webhook.objects.create(state_machine=watched, url="https://a.example", encrypted_secret="")
    ends = Webhook.objects.create(
        state_machine=watched,
        url="https://b.example",
        encrypted_secret="",
        statuses=["SUCCEEDED", "FAILED"],
    )
    run(watched)
    run(other)
    status_events.publish()

    told = [
        (delivery.webhook.url[8], json.loads(delivery.event.text)["detail"])
        for delivery in WebhookDelivery.objects.order_by("id")
    ]
    seen = [(hook, detail["status"]) for hook, detail in told]
    assert seen == [("a", "RUNNING"), ("a", "SUCCEEDED"), ("b", "SUCCEEDED")]
    assert {detail["stateMachineArn"] for _, detail in told} == {watched.arn}
    # An event of the beginning says nothing of the end, though the execution has ended meanwhile.
    began = told[0][1]
    assert (began["stopDate"], began["output"], began["outputDetails"]) == (None, None, None)
    assert told[1][1]["output"] == "{}"
    assert ends.is_enabled


def test_large_payloads_are_left_out_of_events(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)
    Webhook.objects.create(state_machine=machine, url="https://a.example", encrypted_secret="")
    start_execution(machine.name, input=json.dumps("x" * 150_000))
    drain.drain_executions()
    status_events.publish()
    began, ended = (json.loads(event.text)["detail"] for event in Event.objects.order_by("id"))
    assert began["inputDetails"] == {"included": True}
    assert (ended["input"], ended["inputDetails"]) == (None, {"included": False})
    assert ended["outputDetails"] == {"included": True}


def test_what_is_old_and_over_goes(make_machine: MakeMachine, settings: Any) -> None:
    machine = make_machine(PASS)
    rule_on(machine)
    accept_events([event("done"), event("waits")])
    old = datetime(2020, 1, 1, tzinfo=UTC)
    Event.objects.update(received_at=old)
    TriggeredStart.objects.update(created_at=old)
    TriggeredStart.objects.filter(event__event_id="done").update(due_at=None, status="STARTED")
    settings.EVENT_RETENTION_DAYS = 0
    assert removal.remove_old() == 0
    settings.EVENT_RETENTION_DAYS = 7
    removal.remove_old()
    assert [event.event_id for event in Event.objects.all()] == ["waits"]
    assert TriggeredStart.objects.count() == 1
