"""Those who use the installation while it is struck: they start, answer, work, redrive and stop.

They remember what they were told; afterwards that must be so.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from tests.faults.chaos.machines import ACTIVITY, MACHINE, Kind, kinds
from tests.faults.installation import ROLE, client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from studio.config.embedded.stack import Stack

STARTERS = 4
PAUSE = 0.4
"""Seconds between two starts of a starter, on average."""


@dataclass
class Known:
    """What the clients were told. ``offences``: what they should never have been told."""

    started: dict[str, Kind] = field(default_factory=dict)
    express: set[str] = field(default_factory=set)
    sync: dict[str, str | None] = field(default_factory=dict)
    offences: list[str] = field(default_factory=list)


class Clients:
    """All of them, as threads. ``starting`` counts the starts that are under way."""

    def __init__(self, stack: Stack, folder: Path, seed: int) -> None:
        self.known = Known()
        self.starting = 0
        self._stack, self._folder, self._seed = stack, folder, seed
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._all_started = threading.Event()
        # A request that is not answered is given up early: the process may have been stopped.
        patient = {"connect_timeout": 2, "read_timeout": 6, "max_pool_connections": 32}
        self._client = client_of(stack, **patient, retries={"max_attempts": 2})
        self._once = client_of(stack, **patient, retries={"total_max_attempts": 1})
        self._polling = client_of(
            stack, connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1}
        )
        self._number = 0
        self._pool = ThreadPoolExecutor(STARTERS + 8, thread_name_prefix="client")
        self._asked: set[str] = set()

    # --- before and after ------------------------------------------------------------------------

    def create(self) -> None:
        """Create the state machines and the activity."""
        self._client.create_activity(name="work")
        for name, kind in kinds(self._folder, 0).items():
            if kind.definition is not None:
                self._client.create_state_machine(
                    name=name,
                    definition=json.dumps(kind.definition),
                    roleArn=ROLE,
                    type="EXPRESS" if kind.is_express else "STANDARD",
                )

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have all of them at work; nothing new is started once the block is left."""
        starters = [self._pool.submit(self._start, each) for each in range(STARTERS)]
        others: list[Callable[[], None]] = [self._answer, self._work, self._redrive, self._call]
        self._others = [self._pool.submit(self._again_and_again, each) for each in others]
        try:
            yield
        finally:
            self._all_started.set()
            for each in starters:
                each.result()

    def close(self) -> None:
        """End those that carry on until everything has ended."""
        self._closing.set()
        for each in self._others:
            each.result()
        self._pool.shutdown()

    # --- each of them ----------------------------------------------------------------------------

    def _start(self, starter: int) -> None:
        chance = random.Random(f"{self._seed} {starter}")
        while not self._all_started.is_set():
            with self._lock:
                self._number += 1
                number = self._number
            offered = kinds(self._folder, number)
            (name,) = chance.choices(list(offered), [each.weight for each in offered.values()])
            if number <= len(offered):
                name = list(offered)[number - 1]  # One of each kind to begin with.
            kind = offered[name]
            execution = f"{name}-{number}"
            self._until_told(execution, name, kind)
            if kind.is_express:
                self.known.express.add(execution)
            else:
                self.known.started[execution] = kind
            if kind.statuses == ("ABORTED",):
                self._until_stopped(name, execution)
            time.sleep(chance.uniform(0, 2 * PAUSE))

    def _until_told(self, execution: str, machine: str, kind: Kind) -> None:
        """Start an execution by its name, again and again, until somebody says that it is."""
        while not self._closing.is_set():
            self.starting += 1
            try:
                self._client.start_execution(
                    stateMachineArn=MACHINE + machine,
                    name=execution,
                    input=json.dumps(kind.input),
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
                    return  # The answer to an earlier try was lost, and it has ended since.
                self._judge(error)
            except BotoCoreError:
                pass
            else:
                return
            finally:
                self.starting -= 1
            time.sleep(0.2)

    def _until_stopped(self, machine: str, execution: str) -> None:
        arn = f"{MACHINE}{machine}:{execution}".replace(":stateMachine:", ":execution:")
        while not self._closing.is_set():
            try:
                self._client.stop_execution(executionArn=arn, error="Enough")
            except ClientError as error:
                self._judge(error)
            except BotoCoreError:
                pass
            else:
                return
            time.sleep(0.2)

    def _answer(self) -> None:
        """Bring every token back three times: one is accepted."""
        lines = (self._folder / "ledger").read_text().splitlines()
        for token in [line[6:] for line in lines if line.startswith("token ")]:
            if token in self._asked:
                continue
            told = 0
            for _ in range(3):
                try:
                    self._client.send_task_success(taskToken=token, output='{"answer": 42}')
                    told += 1
                except ClientError as error:
                    if error.response["Error"]["Code"] != "TaskTimedOut":
                        self._judge(error)
                        return
            if told > 1:
                self.known.offences.append(f"I5: a token was accepted {told} times: {token}")
            self._asked.add(token)
        time.sleep(0.2)

    def _work(self) -> None:
        """A worker of the activity."""
        task = self._polling.get_activity_task(activityArn=ACTIVITY, workerName="w")
        if "taskToken" not in task:
            return
        number = json.loads(task["input"])["number"]
        try:
            self._client.send_task_heartbeat(taskToken=task["taskToken"])
            self._client.send_task_success(
                taskToken=task["taskToken"], output=json.dumps({"done": number})
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "TaskTimedOut":
                self._judge(error)

    def _redrive(self) -> None:
        """Open the gates that executions have failed at, and let those go on."""
        page = self._client.list_executions(
            stateMachineArn=MACHINE + "gate", statusFilter="FAILED", maxResults=50
        )
        for execution in page["executions"]:
            number = execution["name"].partition("-")[2]
            (self._folder / f"gate-{number}").touch()
            try:
                self._client.redrive_execution(
                    executionArn=execution["executionArn"], clientToken=f"again-{number}"
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ExecutionNotRedrivable":
                    self._judge(error)
        time.sleep(0.5)

    def _call(self) -> None:
        """StartSyncExecution, once each: whatever happens it is not repeated."""
        if self._all_started.is_set():
            time.sleep(0.5)
            return
        name = f"sync-{uuid.uuid4().hex[:8]}"
        self.known.sync[name] = None
        answer = self._once.start_sync_execution(
            stateMachineArn=MACHINE + "quick", name=name, input='{"number": 4}'
        )
        self.known.sync[name] = answer["status"]
        if answer["status"] == "SUCCEEDED" and answer["output"] != "8":
            self.known.offences.append(f"{name} gave {answer['output']}")
        time.sleep(0.7)

    def _again_and_again(self, once: Callable[[], None]) -> None:
        while not self._closing.is_set():
            try:
                once()
            except ClientError as error:
                self._judge(error)
                time.sleep(0.2)
            except BotoCoreError:
                time.sleep(0.2)

    def _judge(self, error: ClientError) -> None:
        """Be told to come again is all that may happen to a client."""
        code = error.response["Error"]["Code"]
        if code not in ("ServiceUnavailable", "ThrottlingException"):
            operation = error.operation_name
            self.known.offences.append(f"a client was told {error} by {operation}")
