"""State machines and executions that tests need, made and read through boto3."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.e2e.installation import ARN, ROLE

PASS_GATE = f"{ARN.replace(':states:', ':lambda:')}:function:pass_gate"
WEIGH_PARCEL = f"{ARN.replace(':states:', ':lambda:')}:function:weigh_parcel"

WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Started:
    """An execution, by its ARN and by its address in the browser."""

    arn: str
    machine: str
    name: str

    @property
    def path(self) -> str:
        return f"/executions/{self.machine}/{self.name}"


class Workflows:
    """What a test starts, and what boto3 says of it."""

    def __init__(self, sfn: Any, gates: Path) -> None:
        self.sfn = sfn
        self._gates = gates

    def create(self, definition: dict[str, Any], prefix: str = "story") -> str:
        """Create a state machine; its name."""
        name = f"{prefix}-{uuid.uuid4().hex[:8]}"
        self.sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        return name

    def start(self, machine: str, execution_input: Any, name: str | None = None) -> Started:
        """Start an execution of a state machine."""
        name = name or f"story-{uuid.uuid4().hex[:8]}"
        answer = self.sfn.start_execution(
            stateMachineArn=f"{ARN}:stateMachine:{machine}",
            name=name,
            input=json.dumps(execution_input),
        )
        return Started(answer["executionArn"], machine, name)

    def start_with_gates(self, definition: dict[str, Any], *gates: str) -> Started:
        """Create and start; the input names a closed gate's file under each of the names."""
        given = {gate: {"gate": str(self._gates / gate)} for gate in gates}
        return self.start(self.create(definition), given)

    def open(self, gate: str) -> None:
        """Let an execution go on."""
        (self._gates / gate).touch()

    def history(self, execution: Started) -> list[dict[str, Any]]:
        """All events, oldest first."""
        pages = self.sfn.get_paginator("get_execution_history").paginate(executionArn=execution.arn)
        return [event for page in pages for event in page["events"]]

    def status(self, execution: Started) -> str:
        """RUNNING, SUCCEEDED, …"""
        return str(self.sfn.describe_execution(executionArn=execution.arn)["status"])

    def wait_for_end(self, execution: Started) -> str:
        """The status in which the execution ended."""
        wait_until(lambda: self.status(execution) != "RUNNING")
        return self.status(execution)

    def wait_until_entered(self, execution: Started, state: str) -> int:
        """Wait until a Task's work has been scheduled; how many events there are then."""

        def events() -> int:
            history = self.history(execution)
            entered = [
                event["id"]
                for event in history
                if event.get("stateEnteredEventDetails", {}).get("name") == state
            ]
            # Entered, scheduled, started: then nothing more comes until the gate opens.
            return len(history) if entered and history[-1]["id"] >= entered[-1] + 2 else 0

        return wait_until(events)


def wait_until(condition: Callable[[], Any]) -> Any:
    """Ask until the answer is true; the answer.

    Only for what no page shows: on a page, wait with ``expect``.
    """
    until = time.monotonic() + WITHIN_SECONDS
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < until, f"still not so after {WITHIN_SECONDS} s"
        time.sleep(0.05)


def in_sequence(**states: dict[str, Any]) -> dict[str, Any]:
    """A definition whose states follow one another; underscores in names become spaces."""
    named = {name.replace("_", " "): dict(state) for name, state in states.items()}
    names = list(named)
    for name, following in pairwise(names):
        named[name]["Next"] = following
    named[names[-1]]["End"] = True
    return {"StartAt": names[0], "States": named}


def gate(name: str) -> dict[str, Any]:
    """A Task that holds the execution until the test opens the gate of that name."""
    return {
        "Type": "Task",
        "Resource": PASS_GATE,
        "InputPath": f"$.{name}",
        "ResultPath": None,
        "TimeoutSeconds": 120,
    }
