"""Express executions and the death of what runs them: begun again, or FAILED and never repeated."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from studio.config.embedded.stack import Stack
from tests.faults.installation import ROLE, client_of, kill_all_workers

pytestmark = pytest.mark.faults

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/naps:*"
LOG = "log/executions/aws/vendedlogs/states/naps.jsonl"


def create_naps(client: Any) -> str:
    nap = {"Type": "Wait", "Seconds": 5, "End": True}
    answer = client.create_state_machine(
        name="naps",
        definition=json.dumps({"StartAt": "Nap", "States": {"Nap": nap}}),
        roleArn=ROLE,
        type="EXPRESS",
        loggingConfiguration={
            "level": "ALL",
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": GROUP}}],
        },
    )
    return str(answer["stateMachineArn"])


def wait_for_log(stack: Stack, kind: str, seconds: float = 60) -> list[str]:
    """The types of all log events once one of this kind is there."""
    file = stack.data / LOG
    until = time.monotonic() + seconds
    while True:
        lines = file.read_text().splitlines() if file.exists() else []
        types = [json.loads(line)["type"] for line in lines]
        if kind in types:
            return types
        assert time.monotonic() < until, types
        time.sleep(0.05)


def test_a_lost_worker_s_execution_is_run_again_from_its_beginning(stack: Stack) -> None:
    client = client_of(stack)
    client.start_execution(stateMachineArn=create_naps(client))
    wait_for_log(stack, "ExecutionStarted")
    kill_all_workers(stack)
    assert wait_for_log(stack, "ExecutionSucceeded") == [
        "ExecutionStarted",
        "WaitStateEntered",
        "ExecutionStarted",
        "WaitStateEntered",
        "WaitStateExited",
        "ExecutionSucceeded",
    ]


def test_a_lost_process_s_execution_has_failed_and_is_not_repeated(stack: Stack) -> None:
    client = client_of(stack)
    arn = create_naps(client)
    with ThreadPoolExecutor(1) as caller:
        answer = caller.submit(client.start_sync_execution, stateMachineArn=arn)
        wait_for_log(stack, "ExecutionStarted")
        for child in psutil.Process(stack.processes["web"]).children():
            os.kill(child.pid, signal.SIGKILL)
    assert (answer.result()["status"], answer.result()["error"]) == ("FAILED", "States.Runtime")
    again = client.start_sync_execution(stateMachineArn=arn)
    assert again["status"] == "SUCCEEDED"
    assert wait_for_log(stack, "ExecutionSucceeded").count("ExecutionStarted") == 2
