"""boto3 in front of a real server as a World: what the runtime world does, over HTTP.

State machines are created, executions started, stopped and read back by boto3; the harness drives
them in its own process, on the same database and by the same clock.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tests.conformance.runtime_world import Played, RuntimeWorld, T
from tests.conformance.world import ACCOUNT, EXECUTION, REGION, ROLE, Outcome, input_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from tests.conformance.script import Answer


class WireWorld(RuntimeWorld):
    """Plays cases through this boto3 client."""

    def __init__(self, client: Any) -> None:
        super().__init__()
        self._client = client

    def start(self, played: Played) -> None:
        for activity in played.activities:
            self._client.create_activity(name=activity)
        machine = self._client.create_state_machine(
            name=played.machine, definition=played.definition, roleArn=ROLE
        )
        played.arn = self._client.start_execution(
            stateMachineArn=machine["stateMachineArn"], name=EXECUTION, input=input_of(played.case)
        )["executionArn"]

    def stop(self, played: Played) -> None:
        stop = {key: each for key, each in played.case["stop"].items() if key != "after"}
        self._client.stop_execution(executionArn=played.arn, **stop)

    def redrive(self, played: Played) -> None:
        self._client.redrive_execution(executionArn=played.arn)

    def take_up(self, activity: str, worker: str | None) -> str:
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:activity:{activity}"
        given = self._client.get_activity_task(
            activityArn=arn, **({} if worker is None else {"workerName": worker})
        )
        return str(given["taskToken"])

    def report(self, token: str, answer: Answer) -> None:
        with suppress(self._client.exceptions.TaskTimedOut):
            match answer.kind:
                case "heartbeat":
                    self._client.send_task_heartbeat(taskToken=token)
                case "succeeded":
                    self._client.send_task_success(taskToken=token, output=answer.text)
                case _:
                    said = {"error": answer.error, "cause": answer.cause}
                    given = {name: each for name, each in said.items() if each is not None}
                    self._client.send_task_failure(taskToken=token, **given)

    def look(self, played: Sequence[Played]) -> None:
        """A client reads each by itself."""

    def see(self, played: Played) -> Outcome:
        described = self._client.describe_execution(executionArn=played.arn)
        pages = self._client.get_paginator("get_execution_history").paginate(
            executionArn=played.arn
        )
        events = [
            {**event, "timestamp": _seconds(event["timestamp"])}
            for page in pages
            for event in page["events"]
        ]
        error = described.get("error")
        if described["status"] == "TIMED_OUT":
            # Only the event names it.
            assert error is None
            error = events[-1]["executionTimedOutEventDetails"]["error"]
        return self.outcome(
            played,
            described["status"],
            described.get("output"),
            error,
            described.get("cause"),
            events,
        )

    def map(self, do: Callable[[Played], T], played: Sequence[Played]) -> Iterable[T]:
        """Several requests at once: the server works while this process reads answers."""
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(do, played))


def _seconds(moment: datetime) -> float:
    return round(moment.timestamp(), 3)
