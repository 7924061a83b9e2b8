"""Every message of the websocket, sent by everybody; and sockets that stay open too long."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connection
from django.test import Client

from executions.stream import consumer
from executions.stream.admission import NOT_ALLOWED, PERMISSIONS, SIGNED_OUT
from studio.actions.members import default_workspace, remove_member
from studio.actions.sessions import set_account_enabled
from tests.access.matrix import ANONYMOUS, EVERYBODY, read_matrix
from tests.access.people import one_of_each_role

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
    pytest.mark.usefixtures("idle_readers"),
]
ARN = "arn:aws:states:us-east-1:123456789012:execution:none:none"


@pytest.fixture
def people() -> dict[str, Any]:
    return one_of_each_role()


@pytest.fixture
def browsers(people: dict[str, Any]) -> dict[str, Client]:
    """A browser for each role, signed in."""
    clients = {}
    for role, user in people.items():
        clients[role] = Client()
        clients[role].force_login(user)
    return clients


def socket(session_key: str | None) -> WebsocketCommunicator:
    headers = [(b"origin", b"http://here"), (b"host", b"here")]
    communicator = WebsocketCommunicator(
        consumer.ExecutionStream.as_asgi(), "/stream/", headers=headers
    )
    communicator.scope["session"] = SimpleNamespace(session_key=session_key)
    return communicator


def test_every_message_has_a_row() -> None:
    assert sorted(read_matrix()["Messages of /stream/"]) == sorted(PERMISSIONS)


async def test_each_cell(browsers: dict[str, Client]) -> None:
    wrong = []
    for who in EVERYBODY:
        key = None if who == ANONYMOUS else browsers[who].session.session_key
        for kind, allowed in read_matrix()["Messages of /stream/"].items():
            communicator = socket(key)
            refused = not (await communicator.connect(timeout=20))[0]
            if not refused:
                await communicator.send_json_to({"type": kind, "execution": ARN})
                await communicator.send_json_to({"type": "watch", "execution": "marker"})
                answer = await communicator.receive_json_from(timeout=20)
                refused = answer.get("code") == "AccessDeniedException"
                await communicator.disconnect()
            if refused is (who in allowed):
                wrong.append((kind, who))
    assert wrong == []


async def test_a_kind_that_declares_nothing_is_refused(browsers: dict[str, Client]) -> None:
    communicator = socket(browsers["admin"].session.session_key)
    await communicator.connect(timeout=20)
    with patch.dict(PERMISSIONS, clear=True):  # type: ignore[arg-type]
        await communicator.send_json_to({"type": "watch", "execution": ARN})
        answer = await communicator.receive_json_from(timeout=20)
    assert answer["code"] == "AccessDeniedException"
    await communicator.disconnect()


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ("session", SIGNED_OUT),
        ("password", SIGNED_OUT),
        ("account", SIGNED_OUT),
        ("membership", NOT_ALLOWED),
    ],
)
async def test_an_open_socket_is_closed(
    people: dict[str, Any], browsers: dict[str, Client], ends: str, code: int
) -> None:
    with patch.object(consumer, "RECHECK_SECONDS", 0.1):
        communicator = socket(browsers["viewer"].session.session_key)
        assert (await communicator.connect(timeout=20))[0]

        def end() -> None:
            if ends == "session":
                browsers["viewer"].post("/sign-out/")
            elif ends == "password":
                people["viewer"].set_password("analytical engine")
                people["viewer"].save()
            elif ends == "account":
                set_account_enabled(people["viewer"], enabled=False)
            else:
                remove_member(default_workspace(), people["viewer"])
            connection.close()

        await asyncio.to_thread(end)
        frame = await communicator.receive_output(timeout=30)
        while frame["type"] == "websocket.send":  # It says that it is there.
            frame = await communicator.receive_output(timeout=30)
        assert (frame["type"], frame["code"]) == ("websocket.close", code)
