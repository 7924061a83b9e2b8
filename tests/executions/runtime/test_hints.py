"""Hints through a real Valkey, and what happens without them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
import redis
from django.db import connection

from executions.integration import Succeeded
from executions.models import Execution, Task
from executions.runtime import drain, hints, performance, poller
from studio.config.embedded.roles import PROJECT
from tests.conftest import MakeMachine, StartExecution
from tests.executions.runtime.test_turn import PASS, TASK, Answers

QUEUE = "hints-under-test"


@pytest.fixture
def valkey(
    settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[redis.Redis]:
    """The run's own Valkey, without what earlier tests left in it, nor what these would leave.

    A mark stays for longer than a busy machine takes to send the first message of a process.
    """
    client = redis.Redis.from_url(settings.REDIS_URL)  # type: ignore[attr-defined]
    keys = (QUEUE, "turns", "tasks", *[f"stepwell:hint:{q}" for q in (QUEUE, "turns")])
    client.delete(*keys)
    monkeypatch.setattr(hints, "MARK_MILLISECONDS", 60_000)
    hints._broken_until = 0.0
    yield client
    client.delete(*keys)
    client.close()


@pytest.fixture
def no_broker(settings: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing answers where Valkey should be."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    hints.valkey.cache_clear()
    yield
    hints.valkey.cache_clear()
    hints._broken_until = 0.0


def test_one_hint_is_under_way_until_it_is_taken_up(valkey: redis.Redis) -> None:
    for _ in range(5):
        hints.tasks_queued(QUEUE)
    assert valkey.llen(QUEUE) == 1

    hints.taken_up(QUEUE)
    hints.tasks_queued(QUEUE)
    assert valkey.llen(QUEUE) == 2
    valkey.delete(QUEUE)


def test_the_mark_of_a_lost_hint_goes_by_itself(valkey: redis.Redis) -> None:
    hints.tasks_queued(QUEUE)
    valkey.delete(QUEUE)  # The message is lost.
    assert 0 < valkey.pttl(f"stepwell:hint:{QUEUE}") <= hints.MARK_MILLISECONDS


@pytest.mark.usefixtures("no_broker")
def test_a_broker_that_is_away_costs_one_attempt_and_then_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts: list[str] = []
    away = hints.valkey()

    def attempt() -> redis.Redis:
        attempts.append("tried")
        return away

    with monkeypatch.context() as patched:
        patched.setattr(hints, "valkey", attempt)
        patched.setattr(hints, "BROKEN_SECONDS", 60.0)
        for _ in range(100):
            hints.executions_ready()
        assert attempts == ["tried"]
        # After that it is tried again.
        hints._broken_until = time.monotonic()
        hints.executions_ready()
        assert attempts == ["tried"] * 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_broker")
def test_the_poller_advances_what_no_hint_told_of(
    make_machine: MakeMachine, start: StartExecution
) -> None:
    execution = start(make_machine(PASS))

    poller._Poller(()).look()

    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_broker")
def test_the_poller_has_tasks_performed_without_a_broker(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performance, "integration_for", lambda _: Answers(Succeeded("1")))
    monkeypatch.setattr(poller, "RESCUERS", 1)
    # Serving Express executions is a thread of its own, with a connection of its own.
    monkeypatch.setattr(poller.rows, "nudge", lambda: None)
    execution = start(make_machine(TASK))
    looking = poller._Poller(("tasks",))

    looking.look()
    assert Task.objects.filter(execution_id=execution.id).exists()
    looking.look()
    until = time.monotonic() + 10
    while time.monotonic() < until and not Execution.objects.filter(status="SUCCEEDED"):
        time.sleep(0.01)
    # Its thread keeps its connection as a worker's does; a test has to give it back.
    looking._rescuers.submit(lambda: connection.close()).result()
    looking._rescuers.shutdown()

    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"


@pytest.mark.django_db(transaction=True)
def test_the_poller_sleeps_until_the_next_timer(
    make_machine: MakeMachine, start: StartExecution, settings: pytest.FixtureRequest
) -> None:
    settings.POLL_SECONDS = 3600  # type: ignore[attr-defined]
    for seconds in (300, 600):
        wait = {"Type": "Wait", "Seconds": seconds, "End": True}
        start(make_machine({"StartAt": "W", "States": {"W": wait}}))
    drain.drain_executions()

    assert 100 < poller._Poller(()).look() <= 300.001


@pytest.mark.django_db(transaction=True)
def test_two_slots_share_a_queue_of_tasks(
    make_machine: MakeMachine, start: StartExecution, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(Succeeded("1"))
    monkeypatch.setattr(performance, "integration_for", lambda _: answers)
    machine = make_machine(TASK)
    for _ in range(40):
        start(machine)
    drain.drain_executions()

    def work() -> None:
        drain.drain_tasks()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers.requests) == 40
    assert len({request.idempotency_key for request in answers.requests}) == 40
    assert Execution.objects.filter(status="SUCCEEDED").count() == 40


def test_a_process_that_has_rung_can_end() -> None:
    program = (
        "import django; django.setup();"
        "from executions.runtime import doorbell; doorbell.ring([1]);"
        "import time; time.sleep(0.2); doorbell.ring([2])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, timeout=60, check=False)
    assert done.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_the_poller_does_its_chores(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(poller, "CHORE_SECONDS", 0.0)
    looking = poller._Poller((), (lambda: done.append(1),))
    looking.look()
    assert done == [1]
