"""Log events of durable executions: written after the commit, at least once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from executions.models import Execution, LogDelivery
from executions.runtime import drain, event_log, log_files, poller
from studio.models import StateMachine
from tests.conftest import MakeMachine, StartExecution, history

pytestmark = pytest.mark.django_db(transaction=True)

GROUP = "/aws/vendedlogs/states/orders"
PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
FAIL = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.EVENT_LOG = str(tmp_path)
    return tmp_path


def logging_to(machine: StateMachine, level: str, *, data: bool = False) -> StateMachine:
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}:*"
    machine.logging_configuration = json.dumps(
        {
            "level": level,
            "includeExecutionData": data,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}],
        }
    )
    machine.save()
    return machine


def logged(folder: Path) -> list[dict[str, Any]]:
    file = folder / "aws/vendedlogs/states/orders.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def run(execution: Execution) -> Execution:
    drain.drain_executions()
    execution.refresh_from_db()
    return execution


def test_every_event_is_logged_once_it_is_history(
    make_machine: MakeMachine, start: StartExecution, folder: Path
) -> None:
    execution = run(start(logging_to(make_machine(PASS), "ALL", data=True), {"a": 1}))
    assert logged(folder) == []

    assert event_log.deliver() == 1

    seen = logged(folder)
    assert [(e["id"], e["type"], e["previous_event_id"]) for e in seen] == [
        (str(e["id"]), e["type"], str(e["previousEventId"])) for e in history(execution)
    ]
    assert [e["event_timestamp"] for e in seen] == [
        str(round(e["timestamp"] * 1000)) for e in history(execution)
    ]
    assert {e["execution_arn"] for e in seen} == {execution.arn}
    assert seen[1]["details"]["input"] == '{"a":1}' or seen[1]["details"]["input"] == '{"a": 1}'
    assert list(seen[0]) == [
        *("id", "type", "details", "previous_event_id"),
        *("event_timestamp", "execution_arn", "redrive_count"),
    ]
    assert event_log.deliver() == 0
    assert LogDelivery.objects.count() == 0


def test_what_is_marked_is_in_no_log_event(
    make_machine: MakeMachine, start: StartExecution, folder: Path
) -> None:
    machine = logging_to(make_machine(PASS), "ALL", data=True)
    machine.sensitive_fields = '["$.card.number"]'
    machine.save()
    run(start(machine, {"card": {"number": "4111", "name": "J"}}))
    event_log.deliver()
    seen = logged(folder)
    assert json.loads(seen[0]["details"]["input"]) == {"card": {"number": "********", "name": "J"}}
    assert "4111" not in str(seen)


def test_without_execution_data_no_payload_is_written(
    make_machine: MakeMachine, start: StartExecution, folder: Path
) -> None:
    run(start(logging_to(make_machine(PASS), "ALL"), {"secret": "s3cr3t"}))
    event_log.deliver()
    assert len(logged(folder)) == 4
    assert "s3cr3t" not in json.dumps(logged(folder))


def test_a_level_chooses_and_off_costs_no_row(
    make_machine: MakeMachine, start: StartExecution, folder: Path
) -> None:
    run(start(logging_to(make_machine(FAIL), "FATAL")))
    run(start(make_machine(PASS)))
    run(start(logging_to(make_machine(PASS), "OFF")))
    assert LogDelivery.objects.count() == 1
    event_log.deliver()
    assert [e["type"] for e in logged(folder)] == ["ExecutionFailed"]


def test_events_that_could_not_be_written_are_written_later(
    make_machine: MakeMachine, start: StartExecution, folder: Path, settings: Any
) -> None:
    run(start(logging_to(make_machine(PASS), "ALL")))
    (folder / "file").touch()
    settings.EVENT_LOG = str(folder / "file")  # No folder can be made there.
    with pytest.raises(NotADirectoryError):
        event_log.deliver()

    settings.EVENT_LOG = str(folder)
    assert event_log.deliver() == 1
    assert len(logged(folder)) == 4


def test_a_log_that_cannot_be_written_holds_up_no_execution(
    make_machine: MakeMachine, start: StartExecution, folder: Path, settings: Any
) -> None:
    (folder / "file").touch()
    settings.EVENT_LOG = str(folder / "file")
    run(start(logging_to(make_machine(PASS), "ALL")))
    waiting = start(make_machine(PASS))

    poller._Poller(()).look()

    waiting.refresh_from_db()
    assert waiting.status == "SUCCEEDED"
    assert LogDelivery.objects.count() == 1


def test_standard_output_is_a_destination_too(
    make_machine: MakeMachine,
    start: StartExecution,
    settings: Any,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    settings.EVENT_LOG = "-"
    run(start(logging_to(make_machine(PASS), "ALL")))
    event_log.deliver()
    assert capfdbinary.readouterr().out.count(b'"execution_arn"') == 4


@pytest.mark.parametrize("group", ["../../etc/passwd", "/./../x", "///", "a/../../b"])
def test_no_log_group_leads_out_of_the_folder(group: str, folder: Path) -> None:
    assert log_files.file_of(group).resolve().is_relative_to(folder.resolve())


def test_a_file_that_has_grown_is_rotated_and_loses_nothing(folder: Path, settings: Any) -> None:
    settings.EVENT_LOG_BYTES, settings.EVENT_LOG_FILES = 25, 2
    for number in range(8):
        log_files.append("/orders", b'{"number": %d}\n' % number)

    kept = ["orders.jsonl.2", "orders.jsonl.1"]
    assert sorted(file.name for file in folder.glob("orders*")) == sorted(kept)
    numbers = [
        json.loads(line)["number"]
        for name in kept
        for line in (folder / name).read_text().splitlines()
    ]
    assert numbers == [4, 5, 6, 7]


def test_files_are_never_rotated_where_that_is_said(folder: Path, settings: Any) -> None:
    settings.EVENT_LOG_BYTES = 0
    for _ in range(3):
        log_files.append("/orders", b"{}\n")
    assert [file.name for file in folder.glob("orders*")] == ["orders.jsonl"]
