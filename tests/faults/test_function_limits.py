"""The worker is killed while a fan-out calls a function that may run five times at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.config.embedded.stack import Stack
from tests.faults.installation import client_of, run_command, running_stack
from tests.faults.test_activity_workers import start, wait_for_end

pytestmark = pytest.mark.faults

ITEMS = 120
AT_ONCE = 5
FUNCTION = """
import json, os, time
from pathlib import Path

NOTES = Path({notes!r})


def note(**what):
    # One write, appended: processes may share the file.
    with NOTES.open("a") as file:
        file.write(json.dumps({{"at": time.time(), "process": os.getpid(), **what}}) + "\\n")


def {name}(event, context):
    call = context.aws_request_id
    note(call=call, kind="began")
    time.sleep(0.1)
    note(call=call, kind="ended")
    return event
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes.jsonl"


@pytest.fixture
def stack(tmp_path: Path, notes: Path) -> Iterator[Stack]:
    """An installation with a limited function and a free one."""
    folder = tmp_path / "functions"
    folder.mkdir()
    (folder / "charge.py").write_text(FUNCTION.format(notes=str(notes), name="handler"))
    (folder / "weigh.py").write_text("def handler(event, context):\n    return event\n")
    (folder / "limits.toml").write_text(f"[charge]\nreserved_concurrency = {AT_ONCE}\n")
    with running_stack(tmp_path, STEPWELL_FUNCTIONS=str(folder)) as running:
        yield running


def test_no_kill_makes_room_for_a_sixth_call(stack: Stack, notes: Path) -> None:
    client = client_of(stack)
    charge = {
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
        "Retry": [
            {"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1, "MaxAttempts": 9}
        ],
        "End": True,
    }
    each = {
        "Type": "Map",
        "ItemProcessor": {"StartAt": "Charge", "States": {"Charge": charge}},
        "End": True,
    }
    weigh = {**charge, "Resource": charge["Resource"].replace("charge", "weigh")}  # type: ignore[attr-defined]
    machines = {
        name: client.create_state_machine(
            name=name,
            definition=json.dumps({"StartAt": "S", "States": {"S": state}}),
            roleArn="arn:aws:iam::123456789012:role/tests",
        )["stateMachineArn"]
        for name, state in (("charges", each), ("weighs", weigh))
    }
    items = client.start_execution(
        stateMachineArn=machines["charges"], input=json.dumps(list(range(ITEMS)))
    )["executionArn"]
    killed: dict[int, float] = {}
    for number in range(2):
        wait_for_calls(notes, calls_begun(notes) + 2 * AT_ONCE)
        # Others are served while a hundred calls wait for their slots.
        assert wait_for_end(client, start(client, machines["weighs"], number))["status"] == (
            "SUCCEEDED"
        )
        assert client.describe_execution(executionArn=items)["status"] == "RUNNING"
        pid = stack.kill("tasks")
        killed[pid] = time.time()
        stack.wait_ready("tasks", after=pid, within=60)
    ended = wait_for_end(client, items)
    assert ended["status"] == "SUCCEEDED", ended
    assert json.loads(ended["output"]) == list(range(ITEMS))

    assert 1 < most_at_once(notes, killed) <= AT_ONCE
    assert run_command(stack, "check_invariants").endswith("invariants hold\n")


def calls_begun(notes: Path) -> int:
    """How many calls have begun so far."""
    return notes.read_text().count('"kind": "began"') if notes.exists() else 0


def wait_for_calls(notes: Path, count: int) -> None:
    """Wait until so many calls have begun; a dead worker's slots are free after their leases."""
    until = time.monotonic() + 120
    while calls_begun(notes) < count:
        assert time.monotonic() < until, calls_begun(notes)
        time.sleep(0.02)


def most_at_once(notes: Path, killed: dict[int, float]) -> int:
    """How many calls ran at the same time; those of a killed process ended when it did."""
    lines = [json.loads(line) for line in notes.read_text().splitlines()]
    ends = {line["call"]: line["at"] for line in lines if line["kind"] == "ended"}
    began = [line for line in lines if line["kind"] == "began"]
    assert len(began) >= ITEMS
    changes = [(line["at"], 1) for line in began]
    changes += [(ends.get(line["call"]) or killed[line["process"]], -1) for line in began]
    now = most = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    assert now == 0
    return most
