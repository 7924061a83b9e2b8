"""Token buckets in a real Valkey: never more than the bucket holds, and everything without it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.core.exceptions import ImproperlyConfigured

from studio import buckets as module
from studio.buckets import Buckets
from studio.quotas import OPEN_EXECUTIONS, PROFILES, STATE_TRANSITION, Quota, read_quotas


@pytest.fixture
def name() -> str:
    """A bucket of the test's own."""
    return uuid.uuid4().hex


def test_a_bucket_gives_what_it_holds_and_then_says_when_there_is_more(name: str) -> None:
    buckets, quota = Buckets(), Quota(50, 0.1)
    assert [buckets.take(name, quota) for _ in range(50)] == [0.0] * 50
    assert 9 < buckets.take(name, quota) <= 10


def test_a_bucket_is_refilled(name: str) -> None:
    buckets, quota = Buckets(), Quota(2, 4)
    while not buckets.take(name, quota):
        pass
    wait = buckets.take(name, quota)
    assert 0 < wait <= 0.25
    time.sleep(wait + 0.01)
    assert buckets.take(name, quota) == 0.0


def test_several_processes_share_a_bucket(name: str) -> None:
    quota = Quota(200, 0.001)
    passed: list[int] = []

    def spend() -> None:
        buckets = Buckets()  # What a process has.
        passed.append(sum(not buckets.take(name, quota) for _ in range(100)))

    threads = [threading.Thread(target=spend) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Some may lie in a share that its process did not come to spend.
    assert 150 <= sum(passed) <= 200


def test_few_requests_ask_valkey(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    ask = module._ask

    def count(*arguments: Any, **options: Any) -> tuple[int, float]:
        asked.append(arguments)
        return ask(*arguments, **options)

    monkeypatch.setattr(module, "_ask", count)
    monkeypatch.setattr(module, "LEASE_SECONDS", 60)
    buckets = Buckets()
    for _ in range(1000):
        buckets.take(name, Quota(3000, 500))
    assert len(asked) < 20
    asked.clear()
    while not buckets.take(name, Quota(3000, 0.001)):
        pass
    asked.clear()
    for _ in range(100):
        assert buckets.take(name, Quota(3000, 0.001)) > 0
    assert asked == []


def test_what_was_not_spent_is_put_back(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0)
    buckets, quota = Buckets(), Quota(100, 0.001)
    assert sum(not buckets.take(name, quota) for _ in range(120)) == 100


def test_what_has_been_done_is_charged_in_full(name: str) -> None:
    buckets, quota = Buckets(), Quota(100, 50)
    assert buckets.charge(name, quota, 80) == 0.0
    assert 1.3 < buckets.charge(name, quota, 100) <= 1.6


def test_without_valkey_everything_passes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def away() -> Callable[..., Any]:
        def call(**_: Any) -> Any:
            calls.append(1)
            raise redis.ConnectionError("away")

        return call

    monkeypatch.setattr(module, "_script", away)
    monkeypatch.setattr(module, "_broken_until", 0.0)
    monkeypatch.setattr(module, "LEASE_SECONDS", 60)
    buckets = Buckets()
    assert [buckets.take(name, Quota(1, 0.001)) for _ in range(20)] == [0.0] * 20
    assert buckets.charge(name, Quota(1, 1), 1000) == 0.0
    assert len(calls) == 1


# --- the setting ---------------------------------------------------------------------------------


def test_a_profile_is_changed_by_what_follows_it() -> None:
    assert read_quotas("off") == read_quotas("") == {}
    assert read_quotas("aws")["StartExecution"] == Quota(1300, 300)
    changed = read_quotas("aws, StartExecution=10/0.5, StateTransition=off")
    assert changed["StartExecution"] == Quota(10, 0.5)
    assert STATE_TRANSITION not in changed
    assert changed["StopExecution"] == PROFILES["aws"]["StopExecution"]
    assert read_quotas("off,TestState=5/1") == {"TestState": Quota(5, 1)}
    assert read_quotas("off,OpenExecutions=2000") == {OPEN_EXECUTIONS: Quota(2000, 0)}


@pytest.mark.parametrize(
    "text",
    [
        "AWS",
        "StartExecution=1/1",
        "aws,Start=1/1",
        "aws,TestState",
        "aws,TestState=0/1",
        "aws,TestState=1/0",
        "aws,TestState=1/inf",
        "aws,TestState=1/nan",
        "aws,TestState=x/1",
        "aws,OpenExecutions=0",
        "aws,OpenExecutions=10/1",
        "aws,OpenExecutions=many",
    ],
)
def test_what_cannot_be_read_is_refused_with_what_may_stand_there(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="STEPWELL_QUOTAS"):
        read_quotas(text)
