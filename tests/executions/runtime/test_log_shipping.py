"""Log events in CloudWatch Logs: at least once, and nothing waits for a service that is away."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from executions.integrations.aws.cloudwatch_logs import (
    MOST_BYTES,
    CloudWatchLogs,
    NotPut,
    batches,
)
from executions.integrations.aws.connections import Connections
from executions.models import Execution, LogDelivery
from executions.runtime import drain, event_log, express_log, log_shipping, poller
from studio.actions.configurations import LogGroup
from studio.models import StateMachine
from tests.conftest import MakeMachine, StartExecution, history

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@pytest.fixture
def cloudwatch(aws: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Any]:
    """Log events go to moto's CloudWatch Logs; a client of it."""
    settings.EVENT_LOG = event_log.CLOUDWATCH
    found = Connections()
    logs = CloudWatchLogs(found)
    for module in (log_shipping, express_log):
        monkeypatch.setattr(module, "cloudwatch_logs", lambda: logs)
    monkeypatch.setattr(log_shipping, "_away_until", {})
    client = boto3.client("logs", region_name="us-east-1", endpoint_url=aws)
    for group in client.describe_log_groups()["logGroups"]:
        client.delete_log_group(logGroupName=group["logGroupName"])
    yield client
    for each in (client, *found._clients.values()):
        each.close()


def logging_to(machine: StateMachine, group: str) -> StateMachine:
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*"
    destination = {"cloudWatchLogsLogGroup": {"logGroupArn": arn}}
    machine.logging_configuration = json.dumps(
        {"level": "ALL", "includeExecutionData": True, "destinations": [destination]}
    )
    machine.save()
    return machine


def run(execution: Execution) -> Execution:
    drain.drain_executions()
    execution.refresh_from_db()
    return execution


def logged(client: Any, group: str) -> list[dict[str, Any]]:
    return [
        json.loads(event["message"])
        for stream in client.describe_log_streams(logGroupName=group)["logStreams"]
        for event in client.get_log_events(
            logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True
        )["events"]
    ]


def test_events_come_into_the_log_group_of_the_destination(
    make_machine: MakeMachine, start: StartExecution, cloudwatch: Any
) -> None:
    cloudwatch.create_log_group(logGroupName="/states/one")
    execution = run(start(logging_to(make_machine(PASS), "/states/one")))

    assert log_shipping.ship() == 1

    seen = logged(cloudwatch, "/states/one")
    assert [(e["id"], e["type"]) for e in seen] == [
        (str(e["id"]), e["type"]) for e in history(execution)
    ]
    assert {e["execution_arn"] for e in seen} == {execution.arn}
    assert LogDelivery.objects.count() == 0


def test_a_group_that_is_missing_holds_up_no_other(
    make_machine: MakeMachine, start: StartExecution, cloudwatch: Any
) -> None:
    cloudwatch.create_log_group(logGroupName="/states/there")
    run(start(logging_to(make_machine(PASS), "/states/missing")))
    run(start(logging_to(make_machine(PASS), "/states/there")))

    assert log_shipping.ship() == 1

    assert len(logged(cloudwatch, "/states/there")) == 4
    waiting = LogDelivery.objects.get()
    assert waiting.attempts == 1
    assert log_shipping.ship() == 0  # It is not due.

    cloudwatch.create_log_group(logGroupName="/states/missing")
    log_shipping._away_until.clear()
    LogDelivery.objects.update(due_at="2020-01-01T00:00:00Z")
    assert log_shipping.ship() == 1
    assert len(logged(cloudwatch, "/states/missing")) == 4


def test_a_process_that_dies_after_it_took_events_leaves_them_to_another(
    make_machine: MakeMachine,
    start: StartExecution,
    cloudwatch: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloudwatch.create_log_group(logGroupName="/states/one")
    run(start(logging_to(make_machine(PASS), "/states/one")))

    def die() -> Any:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(log_shipping, "cloudwatch_logs", die)
        with pytest.raises(SystemExit):
            log_shipping.ship()
    assert LogDelivery.objects.count() == 1

    LogDelivery.objects.update(due_at="2020-01-01T00:00:00Z")  # Two minutes later.
    assert log_shipping.ship() == 1
    assert len(logged(cloudwatch, "/states/one")) == 4


def test_the_poller_does_not_wait_for_the_service(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EVENT_LOG = event_log.CLOUDWATCH
    asked: list[Callable[[], object]] = []
    own = poller._Poller(("tasks",))
    monkeypatch.setattr(own._shipper, "submit", lambda work: asked.append(work) or _Never())

    own._deliver_log()
    own._deliver_log()

    assert len(asked) == 1  # The second look finds the first one's shipping under way.


class _Never:
    """A future that is not done before the test is over."""

    def add_done_callback(self, _: object) -> None:
        return


def test_express_executions_hand_their_events_over(
    cloudwatch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(express_log.threading.Thread, "start", lambda _: None)
    cloudwatch.create_log_group(logGroupName="/states/express")
    now = str(int(time.time() * 1000))
    lines = [json.dumps({"id": number, "event_timestamp": now}) for number in ("1", "2")]
    waiting = express_log.Waiting()
    waiting.add(LogGroup("/states/gone", "us-east-1"), lines)
    waiting.add(LogGroup("/states/express", "us-east-1"), lines)

    waiting.flush()

    assert [event["id"] for event in logged(cloudwatch, "/states/express")] == ["1", "2"]
    # What was not taken waits for the next time.
    assert [group.name for group, _ in waiting._events] == ["/states/gone"]


def test_what_waits_takes_no_more_memory_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(express_log, "MOST_CHARACTERS", 100)
    monkeypatch.setattr(express_log.threading.Thread, "start", lambda _: None)
    waiting = express_log.Waiting()
    for number in range(50):
        waiting.add(LogGroup("/states/express", ""), [f"{number:010}"])
    assert [events[0] for _, events in waiting._events] == [f"{n:010}" for n in range(40, 50)]


def test_without_credentials_the_log_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(NotPut, match="AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"):
        CloudWatchLogs(Connections()).put("/states/one", "us-east-1", ["{}"])


def test_batches_keep_the_limits_of_the_service() -> None:
    day = 24 * 3600 * 1000
    lines = [
        json.dumps({"event_timestamp": str(at), "text": "x" * size})
        for at, size in [(day * 3, 10), (0, 400_000), (1, 400_000), (2, 400_000)]
    ]
    found = list(batches(lines))
    assert [[event["timestamp"] for event in batch] for batch in found] == [[0, 1], [2], [day * 3]]
    assert all(sum(len(e["message"]) + 26 for e in batch) <= MOST_BYTES for batch in found)
    many = [json.dumps({"event_timestamp": "1"})] * 10_001
    assert [len(batch) for batch in batches(many)] == [10_000, 1]
