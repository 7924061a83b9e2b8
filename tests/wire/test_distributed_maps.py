"""Distributed Maps by boto3: what runs is shown, changed, listed, stopped and redriven."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.runtime.invariants import check_invariants
from tests.executions.runtime.working import work
from tests.wire.conftest import COMMITTED

pytestmark = COMMITTED

ROLE = "arn:aws:iam::123456789012:role/anything"


def map_of(processor: dict[str, Any], kind: str = "STANDARD", **fields: Any) -> str:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    state = {
        "Type": "Map",
        "Label": "Cells",
        "ItemProcessor": {"ProcessorConfig": config, **processor},
        "End": True,
        **fields,
    }
    return json.dumps({"StartAt": "Each", "States": {"Each": state}})


NAP = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}}}
CHECK = {
    "StartAt": "Check",
    "States": {
        "Check": {
            "Type": "Choice",
            "Choices": [{"Variable": "$", "NumericLessThan": 0, "Next": "Bad"}],
            "Default": "Good",
        },
        "Good": {"Type": "Pass", "End": True},
        "Bad": {"Type": "Fail", "Error": "Below", "Cause": "zero"},
    },
}


def begin(sfn: Any, definition: str, items: list[Any]) -> tuple[str, str]:
    """Start an execution of a new machine and work; its ARN and its run's."""
    machine = sfn.create_state_machine(name="orders", definition=definition, roleArn=ROLE)
    arn = sfn.start_execution(
        stateMachineArn=machine["stateMachineArn"], name="one", input=json.dumps(items)
    )["executionArn"]
    work()
    (run,) = sfn.list_map_runs(executionArn=arn)["mapRuns"]
    return arn, run["mapRunArn"]


def some(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def test_a_run_and_its_children(sfn: Any) -> None:
    arn, run_arn = begin(sfn, map_of(CHECK, ToleratedFailurePercentage=50), [1, -1, 2])
    assert run_arn.startswith("arn:aws:states:us-east-1:123456789012:mapRun:orders/Cells:")
    (listed,) = sfn.list_map_runs(executionArn=arn)["mapRuns"]
    assert listed["executionArn"] == arn
    assert listed["stateMachineArn"].endswith(":stateMachine:orders")
    run = sfn.describe_map_run(mapRunArn=run_arn)
    assert (run["status"], run["maxConcurrency"], run["redriveCount"]) == ("SUCCEEDED", 0, 0)
    assert (run["toleratedFailurePercentage"], run["toleratedFailureCount"]) == (50.0, 0)
    assert run["startDate"] <= run["stopDate"]
    assert some(run["itemCounts"]) == {"succeeded": 2, "failed": 1, "total": 3}
    assert some(run["executionCounts"]) == {"succeeded": 2, "failed": 1, "total": 3}

    children = sfn.list_executions(mapRunArn=run_arn)["executions"]
    assert [child["status"] for child in children] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert {child["itemCount"] for child in children} == {1}
    assert {child["mapRunArn"] for child in children} == {run_arn}
    assert {child["stateMachineArn"] for child in children} == {
        f"{listed['stateMachineArn']}/Cells"
    }
    (failed,) = sfn.list_executions(mapRunArn=run_arn, statusFilter="FAILED")["executions"]
    child = sfn.describe_execution(executionArn=failed["executionArn"])
    assert child["executionArn"].startswith(f"{arn.rpartition(':')[0]}/Cells:")
    assert (child["input"], child["error"], child["cause"]) == ("-1", "Below", "zero")
    assert (child["mapRunArn"], child["redriveStatus"]) == (run_arn, "REDRIVABLE_BY_MAP_RUN")
    events = sfn.get_execution_history(executionArn=failed["executionArn"])["events"]
    assert [events[0]["type"], events[-1]["type"]] == ["ExecutionStarted", "ExecutionFailed"]
    described = sfn.describe_state_machine_for_execution(executionArn=failed["executionArn"])
    assert (described["mapRunArn"], described["label"]) == (run_arn, "Cells")
    with pytest.raises(ClientError, match="ExecutionNotRedrivable"):
        sfn.redrive_execution(executionArn=failed["executionArn"])
    # They are no executions of the state machine itself.
    own = sfn.list_executions(stateMachineArn=listed["stateMachineArn"])["executions"]
    assert [each["executionArn"] for each in own] == [arn]
    pages = sfn.get_paginator("list_executions").paginate(
        mapRunArn=run_arn, PaginationConfig={"PageSize": 2}
    )
    assert [len(page["executions"]) for page in pages] == [2, 1]
    assert check_invariants() == []


def test_a_run_that_goes_on_is_changed(sfn: Any) -> None:
    arn, run_arn = begin(sfn, map_of(NAP, MaxConcurrency=2), [1, 2, 3, 4, 5])
    counts = sfn.describe_map_run(mapRunArn=run_arn)["executionCounts"]
    assert some(counts) == {"pending": 3, "running": 2, "total": 5}
    sfn.update_map_run(mapRunArn=run_arn, maxConcurrency=4, toleratedFailureCount=1)
    work()
    run = sfn.describe_map_run(mapRunArn=run_arn)
    assert (run["maxConcurrency"], run["toleratedFailureCount"]) == (4, 1)
    assert some(run["executionCounts"]) == {"pending": 1, "running": 4, "total": 5}

    # A stopped child has neither failed nor timed out: the run goes on.
    children = sfn.list_executions(mapRunArn=run_arn, statusFilter="RUNNING")["executions"]
    sfn.stop_execution(executionArn=children[0]["executionArn"], error="Enough")
    work()
    counts = sfn.describe_map_run(mapRunArn=run_arn)["executionCounts"]
    assert some(counts) == {"running": 4, "aborted": 1, "total": 5}

    sfn.stop_execution(executionArn=arn)
    work()
    run = sfn.describe_map_run(mapRunArn=run_arn)
    assert run["status"] == "ABORTED"
    assert some(run["itemCounts"]) == {"aborted": 5, "total": 5}
    with pytest.raises(ClientError, match="ValidationException"):
        sfn.update_map_run(mapRunArn=run_arn, maxConcurrency=1)
    assert check_invariants() == []

    sfn.redrive_execution(executionArn=arn)
    work()
    run = sfn.describe_map_run(mapRunArn=run_arn)
    assert (run["status"], run["redriveCount"]) == ("RUNNING", 1)
    assert some(run["executionCounts"]) == {"running": 4, "pendingRedrive": 1, "total": 5}
    waiting = sfn.list_executions(mapRunArn=run_arn, statusFilter="PENDING_REDRIVE")
    assert len(waiting["executions"]) == 1
    redriven = sfn.list_executions(mapRunArn=run_arn, redriveFilter="REDRIVEN")
    assert len(redriven["executions"]) == 4
    assert check_invariants() == []


def test_express_children(sfn: Any) -> None:
    arn, run_arn = begin(sfn, map_of(CHECK, "EXPRESS", ToleratedFailureCount=1), [*range(600), -1])
    described = sfn.describe_execution(executionArn=arn)
    assert described["status"] == "SUCCEEDED", described
    output = json.loads(described["output"])
    assert output[:600] == list(range(600))
    assert (output[600]["Status"], output[600]["Error"]) == ("FAILED", "Below")
    run = sfn.describe_map_run(mapRunArn=run_arn)
    assert some(run["executionCounts"]) == {"succeeded": 600, "failed": 1, "total": 601}
    with pytest.raises(ClientError, match="StateMachineTypeNotSupported"):
        sfn.list_executions(mapRunArn=run_arn)
    assert check_invariants() == []


def exported(sfn: Any, arn: str, folder: Path) -> dict[str, list[Any]]:
    """What an execution's run has written, by the group; every file is named by its manifest."""
    (run,) = sfn.list_map_runs(executionArn=arn)["mapRuns"]
    written = folder / "results" / run["mapRunArn"].rpartition(":")[2]
    manifest = json.loads((written / "manifest.json").read_text())
    return {
        group: [
            each
            for file in files
            for each in json.loads((folder / "results" / file["Key"]).read_text())
        ]
        for group, files in manifest["ResultFiles"].items()
    }


@pytest.mark.parametrize(("kind", "in_parts"), [("STANDARD", 0), ("EXPRESS", 249)])
def test_what_never_began_is_written_as_pending(
    sfn: Any, settings: Any, tmp_path: Path, kind: str, in_parts: int
) -> None:
    settings.OBJECTS = str(tmp_path)
    (tmp_path / "results").mkdir()
    writer = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "results"},
    }
    # An Express part is run to its end: what no part was made for is what never begins.
    items = [0] * in_parts + [-1, *range(1, 4)]
    definition = map_of(CHECK, kind, ResultWriter=writer, MaxConcurrency=1)
    arn, run_arn = begin(sfn, definition, items)
    assert sfn.describe_map_run(mapRunArn=run_arn)["status"] == "FAILED"
    found = exported(sfn, arn, tmp_path)
    assert [each["Error"] for each in found["FAILED"]] == ["Below"]
    pending = [(each["Status"], each["Input"]) for each in found["PENDING"]]
    assert pending == [("PENDING", str(item)) for item in range(1, 4)]
    assert not {"ExecutionArn", "StartDate", "StopDate"} & found["PENDING"][0].keys()
    assert len(found["SUCCEEDED"]) == in_parts
    assert check_invariants() == []
