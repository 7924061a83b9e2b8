"""Whether anybody listens to rings, through a real Valkey."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
import redis

from executions.runtime import doorbell, ears, hints
from executions.runtime.bells import Bells
from executions.runtime.ears import Ears


@pytest.fixture(autouse=True)
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """One of this test's own: others listen at the same time."""
    mark = f"ears-under-test-{uuid.uuid4().hex}"
    monkeypatch.setattr(ears, "MARK", mark)
    return mark


class Layer:
    """Takes down what is rung."""

    def __init__(self) -> None:
        self.rung: list[list[str]] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.rung.append(message["bells"])


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    layer = Layer()
    monkeypatch.setattr(doorbell, "get_channel_layer", lambda: layer)
    return layer


async def ring(bell: doorbell._Doorbell, layer: Layer) -> bool:
    """Ring, and say whether it was heard of soon."""
    before = len(layer.rung)
    bell._waiting = {"a"}
    await bell._send()
    return len(layer.rung) > before


async def test_nobody_rings_where_nobody_listens(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ears, "ASK_SECONDS", 0.0)
    bell = doorbell._Doorbell(0.0, Ears())
    assert not await ring(bell, layer)
    ears.announce()
    assert await ring(bell, layer)
    hints.valkey().delete(ears.MARK)
    assert not await ring(bell, layer)


async def test_workers_outside_are_told_whoever_listens(layer: Layer) -> None:
    assert await ring(doorbell._Doorbell(0.0, None), layer)


def test_a_process_asks_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ears, "ASK_SECONDS", 60.0)
    known = Ears()
    assert not known.are_there()
    ears.announce()
    assert not known.are_there()
    monkeypatch.setattr(ears, "ASK_SECONDS", 0.0)
    assert known.are_there()


def test_the_mark_of_a_process_that_has_gone_goes_by_itself(mark: str) -> None:
    ears.announce()
    assert 0 < hints.valkey().pttl(mark) <= ears.MARK_MILLISECONDS


def test_without_valkey_nobody_is_there(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hints, "valkey", lambda: redis.Redis.from_url("redis://127.0.0.1:1/0"))
    assert not Ears().are_there()
    assert "looks again soon" in caplog.text


async def test_who_joins_is_known_at_once_and_for_as_long_as_it_listens(
    monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    monkeypatch.setattr(ears, "RENEW_SECONDS", 0.01)
    bells, rung = Bells(), asyncio.Event()
    await bells.join("a", rung)
    assert Ears().are_there()
    hints.valkey().delete(mark)
    async with asyncio.timeout(10):
        while not Ears().are_there():
            await asyncio.sleep(0.01)
    await bells.leave("a", rung)
    # One that was on its way may still arrive.
    await asyncio.sleep(0.1)
    hints.valkey().delete(mark)
    await asyncio.sleep(0.1)
    assert not Ears().are_there()
