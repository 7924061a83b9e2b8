"""The stream while Valkey is away: slower, and complete."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, override_settings

from executions.actions import debugger
from executions.interpreter.debugging.commands import PauseExecution
from executions.models import Execution
from executions.runtime import after_commit, drain
from executions.stream import consumer
from tests.conftest import MakeMachine, StartExecution

NOWHERE = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": ["unix:///nowhere/valkey.sock"]},
    }
}


@pytest.fixture
def execution(
    transactional_db: None, make_machine: MakeMachine, start: StartExecution
) -> Execution:
    nap = {"Type": "Wait", "Seconds": 3600, "End": True}
    return start(make_machine({"StartAt": "Nap", "States": {"Nap": nap}}))


@pytest.fixture
def session_key(transactional_db: None) -> str:
    browser = Client()
    browser.force_login(User.objects.create_user("ada"))
    return str(browser.session.session_key)


def _communicator(session_key: str) -> WebsocketCommunicator:
    headers = [(b"origin", b"http://here"), (b"host", b"here")]
    communicator = WebsocketCommunicator(
        consumer.ExecutionStream.as_asgi(), "/stream/", headers=headers
    )
    communicator.scope["session"] = SimpleNamespace(session_key=session_key)
    return communicator


async def test_looks_by_itself(
    execution: Execution, session_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(CHANNEL_LAYERS=NOWHERE), patch.object(consumer, "LOOK_SECONDS", 0.1):
        communicator = _communicator(session_key)
        assert (await communicator.connect())[0]
        await communicator.send_json_to({"type": "watch", "execution": execution.arn})
        first: dict[str, Any] = await communicator.receive_json_from(timeout=5)
        assert first["events"] == []
        await asyncio.to_thread(_advance)
        second = await communicator.receive_json_from(timeout=5)
        assert [event["id"] for event in second["events"]] == [1, 2]
        await communicator.disconnect()
    assert "looking instead" in caplog.text


async def test_says_that_it_is_there(session_key: str) -> None:
    with patch.object(consumer, "IDLE_SECONDS", 0.05):
        communicator = _communicator(session_key)
        await communicator.connect()
        for _ in range(2):
            assert await communicator.receive_json_from() == {"type": "idle"}
        await communicator.disconnect()


def _advance() -> None:
    with patch.object(after_commit.doorbell, "ring"):
        drain.drain_executions()
    connection.close()


async def test_tells_that_something_was_done_by_a_debugger(
    execution: Execution, session_key: str
) -> None:
    with override_settings(CHANNEL_LAYERS=NOWHERE), patch.object(consumer, "LOOK_SECONDS", 0.1):
        communicator = _communicator(session_key)
        await communicator.connect()
        await communicator.send_json_to({"type": "watch", "execution": execution.arn})
        await communicator.receive_json_from(timeout=5)
        await asyncio.to_thread(_pause_before_the_start, execution)
        told: list[dict[str, Any]] = []
        while not told or told[-1]["type"] != "debugger":
            told.append(await communicator.receive_json_from(timeout=20))
        assert told[-1] == {
            "type": "debugger",
            "execution": execution.arn,
            "recordId": told[-1]["recordId"],
        }
        assert told[-1]["recordId"] > 0
        await communicator.disconnect()


def _pause_before_the_start(execution: Execution) -> None:
    debugger.tell(execution, PauseExecution(0, "", "ada"))
    connection.close()
