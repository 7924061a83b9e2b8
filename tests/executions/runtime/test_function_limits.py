"""Limits of functions against a real PostgreSQL, with slots that really run at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from executions.integration import Succeeded, TaskOutcome, TaskRequest
from executions.integrations.functions.limits import (
    FunctionLimit,
    LimitsError,
    limited_name,
    read_limits,
)
from executions.interpreter.messages import ScheduleTask
from executions.models import Execution, FunctionSlot, Task
from executions.models import FunctionLimit as Row
from executions.runtime import drain, function_limits, leases, performance, reports
from executions.runtime.function_limits import _Declared, declare
from executions.runtime.invariants import check_invariants
from executions.runtime.performance import Keeper, claim_tasks
from tests.conftest import MakeMachine, StartExecution

pytestmark = pytest.mark.django_db(transaction=True)

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
INVOKE = "arn:aws:states:::lambda:invoke"


class Gauge:
    """A function that notes how many of its calls run at once, and when each began."""

    lost_error = "Lambda.ServiceException"

    def __init__(self, seconds: float = 0.02) -> None:
        self.seconds = seconds
        self.now: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.began: list[float] = []
        self._lock = threading.Lock()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        name = limited_name(request.resource, request.parameters) or ""
        with self._lock:
            self.began.append(time.monotonic())
            self.now[name] = self.now.get(name, 0) + 1
            self.most[name] = max(self.most.get(name, 0), self.now[name])
        time.sleep(self.seconds)
        with self._lock:
            self.now[name] -= 1
        return Succeeded("1")


@pytest.fixture
def gauge(monkeypatch: pytest.MonkeyPatch) -> Gauge:
    gauge = Gauge()
    monkeypatch.setattr(performance, "integration_for", lambda _: gauge)
    return gauge


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered from another test."""
    monkeypatch.setattr(function_limits, "_declared", _Declared())
    monkeypatch.setattr(performance, "_durations", performance._Durations())


FanOut = Callable[..., Execution]


@pytest.fixture
def fan_out(make_machine: MakeMachine, start: StartExecution) -> FanOut:
    """Starts an execution that calls a function for each of so many items, all at once."""

    def begin(count: int, resource: str = ARN + "charge-card", **fields: Any) -> Execution:
        call = {"Type": "Task", "Resource": resource, "End": True, **fields}
        processor = {"StartAt": "Call", "States": {"Call": call}}
        states = {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}}
        execution = start(make_machine({"StartAt": "Each", "States": states}), list(range(count)))
        drain.drain_executions()
        return execution

    return begin


def work(slots: int, until: Callable[[], bool], seconds: float = 60) -> None:
    """Serve tasks with so many slots, as worker processes do, until it is so."""
    ends = time.monotonic() + seconds

    def serve() -> None:
        try:
            while not until() and time.monotonic() < ends:
                drain.drain_tasks()
                drain.drain_executions()
                time.sleep(0.005)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(slots) as pool:
        for done in [pool.submit(serve) for _ in range(slots)]:
            done.result()


def ended(*executions: Execution) -> Callable[[], bool]:
    numbers = [execution.pk for execution in executions]
    return lambda: not Execution.objects.filter(pk__in=numbers, status="RUNNING").exists()


# --- concurrency and rate ------------------------------------------------------------------------


def test_a_fan_out_never_has_more_calls_than_reserved(fan_out: FanOut, gauge: Gauge) -> None:
    declare({"charge_card": FunctionLimit(concurrency=3)})
    executions = [fan_out(40), fan_out(40, INVOKE, Parameters={"FunctionName": "charge_card:1"})]
    work(10, ended(*executions))
    assert len(gauge.began) == 80
    assert gauge.most == {"charge_card": 3}
    assert not FunctionSlot.objects.exists()
    assert check_invariants() == []


def test_a_rate_is_never_exceeded(fan_out: FanOut, gauge: Gauge) -> None:
    gauge.seconds = 0.0
    declare({"charge_card": FunctionLimit(rate=20)})
    execution = fan_out(30)
    work(6, ended(execution))
    assert len(gauge.began) == 30
    # The clock is PostgreSQL's at the claim: a call may begin a moment later than another one.
    began = sorted(gauge.began)
    assert began[-1] - began[0] >= 29 / 20 - 0.25
    assert len(Task.objects.all()) == 0


def test_no_other_function_waits_behind_a_limited_one(fan_out: FanOut, gauge: Gauge) -> None:
    gauge.seconds = 0.3
    declare({"charge_card": FunctionLimit(concurrency=1)})
    limited = fan_out(40)
    free = fan_out(6, ARN + "weigh")
    work(4, ended(free), seconds=20)
    free.refresh_from_db()
    limited.refresh_from_db()
    assert (free.status, limited.status) == ("SUCCEEDED", "RUNNING")
    assert gauge.most["charge_card"] == 1


def test_limited_functions_take_turns(fan_out: FanOut, gauge: Gauge) -> None:
    declare({name: FunctionLimit(concurrency=1) for name in ("a", "b")})
    fan_out(5, ARN + "a")
    fan_out(5, ARN + "b")
    names = []
    for _ in range(4):
        (started,), _more = claim_tasks("tasks")
        names.append(started.resource[-1])
        FunctionSlot.objects.all().delete()
    assert sorted(names[:2]) == sorted(names[2:]) == ["a", "b"]


# --- slots ---------------------------------------------------------------------------------------


def test_a_dead_worker_s_slot_is_free_after_its_lease(
    fan_out: FanOut, gauge: Gauge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TASK_LEASE_SECONDS", 0.5)
    declare({"charge_card": FunctionLimit(concurrency=1)})
    fan_out(2)
    assert len(claim_tasks("tasks")[0]) == 1  # By somebody who never comes back.
    assert claim_tasks("tasks")[0] == []
    time.sleep(0.6)
    assert leases.expire_leases() == 1
    assert len(claim_tasks("tasks")[0]) == 1


def test_a_call_keeps_its_slot_though_its_execution_has_gone_on(
    fan_out: FanOut, gauge: Gauge
) -> None:
    declare({"charge_card": FunctionLimit(concurrency=1)})
    first, second = fan_out(1), fan_out(1)
    (started,), _ = claim_tasks("tasks")
    # The time is over, or somebody stopped the execution; the function runs on.
    Task.objects.filter(pk=started.id).delete()
    assert claim_tasks("tasks")[0] == []
    reports.report([performance.perform(started)], None)
    assert len(claim_tasks("tasks")[0]) == 1
    assert {first.status, second.status} == {"RUNNING"}


def test_a_slot_is_held_as_long_as_the_call_lasts(
    fan_out: FanOut, gauge: Gauge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TASK_LEASE_SECONDS", 1.0)
    monkeypatch.setattr(leases, "_held", leases._Held())
    gauge.seconds = 3.0
    declare({"charge_card": FunctionLimit(concurrency=1)})
    execution = fan_out(2)
    work(3, ended(execution), seconds=40)
    assert gauge.most == {"charge_card": 1}
    assert len(gauge.began) == 2


def test_a_slot_keeps_no_task_of_a_limited_function(gauge: Gauge) -> None:
    declare({"charge_card": FunctionLimit(concurrency=1)})
    for resource in (ARN + "charge-card", ARN + "weigh"):
        performance._durations.record(resource, 0.001)
    keeper = Keeper()

    def effect(name: str) -> ScheduleTask:
        return ScheduleTask(3, "T", 0, ARN + name, "{}", None, None)

    assert not keeper(effect("charge-card"))
    assert keeper(effect("weigh"))


# --- declaring -----------------------------------------------------------------------------------


def test_what_is_declared_is_what_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fan_out: FanOut, gauge: Gauge
) -> None:
    monkeypatch.setattr(settings, "FUNCTION_FOLDERS", [tmp_path])
    monkeypatch.setattr(function_limits, "LOOK_SECONDS", 0.0)
    file = tmp_path / "limits.toml"
    file.write_text("[charge-card]\nreserved_concurrency = 2\n")
    execution = fan_out(6)
    claimed = [task for _ in range(4) for task in claim_tasks("tasks")[0]]
    assert len(claimed) == 2
    assert Row.objects.get().concurrency == 2

    file.write_text("[charge-card]\nreserved_concurrency = 'two'\n")
    assert claim_tasks("tasks")[0] == []  # A slip of the pen lifts no limit.

    file.write_text("# No limits any more, so nothing waits for a slot.\n")
    claimed += [task for _ in range(5) for task in claim_tasks("tasks")[0]]
    assert len(claimed) == 6
    assert execution.status == "RUNNING"


def test_the_first_folder_s_word_counts_and_names_are_lambda_s(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second, tmp_path / "none"):
        folder.mkdir()
    (first / "limits.toml").write_text("[charge-card]\nrequests_per_second = 0.5\n")
    (second / "limits.toml").write_text(
        '[charge_card]\nreserved_concurrency = 1\n["stock.reserve"]\nreserved_concurrency = 7\n'
    )
    assert read_limits([first, second, tmp_path / "none"]) == {
        "charge_card": FunctionLimit(rate=0.5),
        "stock.reserve": FunctionLimit(concurrency=7),
    }


@pytest.mark.parametrize(
    "text",
    [
        "charge-card = 5",
        "[charge-card]",
        "[charge-card]\nconcurrency = 1",
        "[charge-card]\nreserved_concurrency = 0",
        "[charge-card]\nreserved_concurrency = true",
        "[charge-card]\nrequests_per_second = -1",
        "[charge-card]\nrequests_per_second = inf",
        '["../x"]\nreserved_concurrency = 1',
        "[",
    ],
)
def test_what_is_no_limit_is_refused_with_the_file_s_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "limits.toml").write_text(text)
    with pytest.raises(LimitsError, match=r"limits\.toml"):
        read_limits([tmp_path])


@pytest.mark.parametrize(
    ("resource", "parameters", "name"),
    [
        (ARN + "charge-card", "{}", "charge_card"),
        (ARN + "charge-card:prod", "{}", "charge_card"),
        (INVOKE, '{"FunctionName": "stock.reserve"}', "stock.reserve"),
        (INVOKE + ".waitForTaskToken", '{"FunctionName": "function:charge-card"}', "charge_card"),
        (INVOKE, '{"FunctionName": 5}', None),
        (INVOKE, "[]", None),
        ("arn:aws:states:::sqs:sendMessage", "{}", None),
        ("nonsense", "{}", None),
    ],
)
def test_the_function_that_a_task_calls(resource: str, parameters: str, name: str | None) -> None:
    assert limited_name(resource, parameters) == name


def test_the_poller_is_told_when_the_next_call_may_begin(fan_out: FanOut, gauge: Gauge) -> None:
    with function_limits.transaction() as cursor:
        assert function_limits.next_start(cursor) is None
    declare({"charge_card": FunctionLimit(rate=0.1)})
    fan_out(2)
    assert len(claim_tasks("tasks")[0]) == 1
    with function_limits.transaction() as cursor:
        wait = function_limits.next_start(cursor)
    assert wait is not None
    assert 5 < wait <= 10
    connection.close()
