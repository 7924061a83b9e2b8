"""The web server is killed while workers wait for tasks and report them."""

from __future__ import annotations

import json
import random
import threading
import time
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from studio.config.embedded.stack import Stack
from tests.faults.installation import client_of, run_command

pytestmark = pytest.mark.faults

EXECUTIONS = 60
WORKERS = 6
KILLS = 4


class Worker(threading.Thread):
    """A worker of an activity as the documentation has it, which asks again whatever happens."""

    def __init__(self, stack: Stack, arn: str, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._client = client_of(stack)
        self._arn = arn
        self.ends = threading.Event()
        self.tokens: list[str] = []

    def run(self) -> None:
        while not self.ends.is_set():
            try:
                given = self._client.get_activity_task(activityArn=self._arn, workerName=self.name)
                if token := given.get("taskToken"):
                    self.tokens.append(token)
                    time.sleep(random.uniform(0, 0.2))
                    self._client.send_task_success(taskToken=token, output=given["input"])
            except (BotoCoreError, ClientError):
                time.sleep(0.2)


def test_a_killed_web_server_loses_no_task_and_gives_none_to_two(stack: Stack) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    random.seed(seed)
    client = client_of(stack)
    activity = client.create_activity(name="dig")["activityArn"]
    task = {
        "Type": "Task",
        "Resource": activity,
        # What was handed to a client that never got the answer is taken back after this.
        "HeartbeatSeconds": 5,
        "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 20}],
        "End": True,
    }
    machine = client.create_state_machine(
        name="digs",
        definition=json.dumps({"StartAt": "Dig", "States": {"Dig": task}}),
        roleArn="arn:aws:iam::123456789012:role/tests",
    )["stateMachineArn"]
    workers = [Worker(stack, activity, f"worker-{number}") for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    executions: dict[str, int] = {}
    kills = sorted(random.sample(range(5, EXECUTIONS), KILLS))
    for number in range(EXECUTIONS):
        if number in kills:
            stack.kill("web")
        executions[start(client, machine, number)] = number
    try:
        for arn, number in executions.items():
            ended = wait_for_end(client, arn)
            assert (ended["status"], ended.get("output")) == ("SUCCEEDED", str(number)), ended
    finally:
        for worker in workers:
            worker.ends.set()
    given = [token for worker in workers for token in worker.tokens]
    assert len(given) == len(set(given))
    assert len(given) >= EXECUTIONS
    assert run_command(stack, "check_invariants").endswith("invariants hold\n")


def start(client: Any, machine: str, number: int) -> str:
    """Start an execution by a name of its own, again until it is answered."""
    until = time.monotonic() + 120
    while True:
        try:
            answer = client.start_execution(
                stateMachineArn=machine, name=f"n{number}", input=str(number)
            )
            return str(answer["executionArn"])
        except client.exceptions.ExecutionAlreadyExists:
            return machine.replace(":stateMachine:", ":execution:") + f":n{number}"
        except (BotoCoreError, ClientError):
            assert time.monotonic() < until
            time.sleep(0.2)


def wait_for_end(client: Any, arn: str) -> dict[str, Any]:
    until = time.monotonic() + 180
    while True:
        try:
            described = dict(client.describe_execution(executionArn=arn))
            if described["status"] != "RUNNING" or time.monotonic() > until:
                return described
        except (BotoCoreError, ClientError):
            assert time.monotonic() < until
        time.sleep(0.1)
