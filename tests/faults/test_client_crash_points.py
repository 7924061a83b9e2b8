"""A crash around every commit of a life with clients in it: start, callback, redrive, removal.

A client whose request was not answered asks again, as boto3 does. Whatever died when, the history
is that of a life in which nothing did, and the name is free at the end.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection, transaction

from executions.actions.executions import start_execution
from executions.actions.redrive import redrive_execution
from executions.actions.task_tokens import send_task_success
from executions.errors import ExecutionAlreadyExists, TaskTimedOut
from executions.integration import Failed, Submitted, Succeeded, TaskOutcome, TaskRequest
from executions.models import Execution, ExpressExecution, HistoryChunk, InboxMessage, Task
from executions.runtime import drain, leases, performance, removal, reports, retention, turn
from executions.runtime.express import rows
from executions.runtime.invariants import check_invariants
from studio.models import StateMachine
from tests.conformance.clock import Clock
from tests.conftest import history
from tests.executions.interpreter.definitions import LAMBDA
from tests.faults.crashes import BEGIN, FAULTS, LOST, Commits, Died, Fault, Outside, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

DAY = 86_400.0
TOKEN = re.compile(r"[A-Za-z0-9_-]{90,}")
AGAIN = [{"ErrorEquals": [LOST], "IntervalSeconds": 1}]
LIFE: dict[str, Any] = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}},
            "Retry": AGAIN,
            "Next": "Rest",
        },
        "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Gate"},
        "Gate": {"Type": "Task", "Resource": LAMBDA, "Retry": AGAIN, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    },
}


class ClientCommits(Commits):
    """Strikes at what a client asks for, too: one commit each, whose numbers are kept."""

    def __init__(self, at: int = 0, fault: Fault = "before") -> None:
        super().__init__(at, fault)
        self.clients: set[int] = set()

    def told(self, operation: Callable[[], object]) -> None:
        """Ask until there is an answer."""
        while True:
            self.count += 1
            self.clients.add(self.count)
            struck = self.count == self._at
            try:
                with transaction.atomic():
                    operation()
                    if struck and self.fault == "before":
                        raise Died
                if not struck:
                    return
            except Died:
                continue


@dataclass
class Gate(Outside):
    """Hands tokens out, and keeps a gate shut until somebody opens it."""

    tokens: list[str] = field(default_factory=list)
    is_open: bool = False

    def integration_for(self, resource: str) -> Gate:
        return self

    def perform(self, request: TaskRequest) -> TaskOutcome:
        self.asked.append(request.idempotency_key)
        asks = request.resource.endswith("waitForTaskToken")
        token = json.loads(request.parameters)["Payload"]["token"] if asks else None
        if token is not None:
            self.tokens.append(token)
        if request.task in self.lost:
            return Failed(
                LOST,
                f"The worker that performed {request.state_name!r} was lost before it could "
                "report; whether the call took effect is not known.",
            )
        if token is not None:
            return Submitted("{}")
        return Succeeded('"through"') if self.is_open else Failed("Shut", None)


@dataclass(frozen=True)
class Lived:
    """What became of a life."""

    events: list[dict[str, Any]]
    output: str | None
    redrives: int
    commits: int
    lost: frozenset[int]


@pytest.fixture
def clock(db: None) -> Iterator[Clock]:
    """A clock turned by hand."""
    hand_turned = Clock(BEGIN)
    yield hand_turned
    hand_turned.remove()


def live(
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    machine: StateMachine,
    commits: ClientCommits,
    lost: frozenset[int] = frozenset(),
) -> Lived:
    """From the start to the removal."""
    outside = Gate(lost)
    with monkeypatch.context() as patch:
        for module in (turn, drain, performance, leases, removal, retention):
            patch.setattr(module, "transaction", commits.transaction)
        for module in (performance, leases):
            patch.setattr(module, "integration_for", outside.integration_for)
        patch.setattr(performance._durations, "expected", lambda _: None)
        patch.setattr(time, "sleep", lambda _: None)
        for name in ("hold", "let_go"):
            patch.setattr(leases, name, lambda _: None)
        patch.setattr(reports, "forget_broken_connection", lambda: None)
        clock.turn(BEGIN)
        commits.told(lambda: start(machine))
        execution = Execution.objects.get()
        given_up = set(work(clock, execution))
        commits.told(lambda: answer(outside.tokens[-1]))
        given_up |= work(clock, execution)
        execution.refresh_from_db()
        assert (execution.status, execution.error) == ("FAILED", "Shut")
        outside.is_open = True
        commits.told(lambda: redrive_execution(execution.arn, "once"))
        given_up |= work(clock, execution)
        execution.refresh_from_db()
        assert execution.status == "SUCCEEDED"
        told = json.dumps(
            [{k: v for k, v in e.items() if k != "timestamp"} for e in history(execution)]
        )
        told = TOKEN.sub("TOKEN", told)
        if commits.fault == "after":  # The harshest; of the others histories are compared, too.
            assert check_invariants() == []
        with connection.cursor() as cursor:
            cursor.execute("UPDATE executions_execution SET stopped_at = now()")
        clock.turn(BEGIN + 91 * DAY)
        while Execution.objects.exists():
            try:
                retention.remove_expired()
            except (Died, psycopg.OperationalError):
                continue
    for model in (Task, InboxMessage, HistoryChunk):
        assert not model.objects.exists()
    assert len(set(outside.asked)) == len(outside.asked), "an attempt was performed twice"
    return Lived(
        json.loads(told),
        execution.output,
        execution.redrive_count,
        commits.count,
        frozenset(given_up),
    )


def start(machine: StateMachine) -> None:
    try:
        start_execution(machine.name, name="one", input="{}")
    except ExecutionAlreadyExists:
        assert Execution.objects.filter(name="one").count() == 1


def answer(token: str) -> None:
    try:
        send_task_success(token, '"yes"')
    except TaskTimedOut:
        assert InboxMessage.objects.filter(command="TaskSucceeded").count() == 1


def test_a_life_with_clients_in_it(
    clock: Clock, make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = make_machine(LIFE)
    commits = ClientCommits()
    whole = live(monkeypatch, clock, machine, commits)
    assert whole.redrives == 1
    assert whole.commits > 9
    unstruck = {whole.lost: whole}
    for at in range(1, whole.commits + 1):
        for fault in FAULTS:
            if fault == "answer lost" and at in commits.clients:
                continue  # To a client that is the same as a death after the commit.
            struck = live(monkeypatch, clock, machine, ClientCommits(at, fault))
            if struck.lost not in unstruck:
                unstruck[struck.lost] = live(
                    monkeypatch, clock, machine, ClientCommits(), struck.lost
                )
            expected = unstruck[struck.lost]
            where = f"{fault} commit {at} of {whole.commits}"
            assert struck.events == expected.events, where
            assert (struck.output, struck.redrives) == (expected.output, 1), where


@pytest.mark.parametrize("fault", FAULTS)
def test_an_express_execution(
    fault: Fault, clock: Clock, make_machine: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row is written, taken and removed: each start is performed at least once."""
    machine = make_machine({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    StateMachine.objects.update(type="EXPRESS")
    for at in range(1, 4):
        commits = ClientCommits(at, fault)
        performed: list[str] = []
        told: list[str] = []
        with monkeypatch.context() as patch:
            patch.setattr(rows, "transaction", commits.transaction)
            commits.told(lambda told=told: told.append(start_execution(machine.name).arn))
            while ExpressExecution.objects.exists():
                try:
                    taken = rows.take(9)
                    performed += [each.start.arn for each in taken]
                    rows.take(0, finished=taken)
                except (Died, psycopg.OperationalError):
                    with connection.cursor() as cursor:
                        cursor.execute("UPDATE executions_expressexecution SET lease_until = now()")
        # What was not answered may or may not have begun; what was answered last has.
        assert told[-1] in performed
        assert commits.count >= 3
