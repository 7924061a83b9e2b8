"""The doorbell as a page uses it: a real websocket, real rings through Valkey."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from executions.models import Execution
from executions.runtime import drain
from tests.wire.conftest import COMMITTED, Server, create

pytestmark = COMMITTED
NAP = {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}}
ARN = "arn:aws:states:us-east-1:123456789012:execution:none:none"

Open = Callable[..., ClientConnection]


@pytest.fixture
def open_stream(server: Server, transactional_db: None) -> Iterator[Open]:
    """Opens sockets of a signed-in user, from a page of the server itself."""
    browser = Client()
    browser.force_login(get_user_model().objects.create_user("bell"))
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    with ExitStack() as sockets:

        def begin(
            cookie: str = f"{settings.SESSION_COOKIE_NAME}={session}",
            origin: str | None = server.address,
            path: str = "/stream/",
        ) -> ClientConnection:
            return sockets.enter_context(
                connect(
                    f"ws://127.0.0.1:{server.port}{path}",
                    origin=origin,
                    additional_headers={"Cookie": cookie},
                    max_size=None,
                )
            )

        yield begin


def hear(socket: ClientConnection, timeout: float = 5) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(socket.recv(timeout))
    return frame


def say(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def start(sfn: Any, states: dict[str, Any], name: str) -> str:
    machine = create(sfn, name, states)
    return str(sfn.start_execution(stateMachineArn=machine, name="one")["executionArn"])


def test_follows_an_execution_from_before_its_first_event(open_stream: Open, sfn: Any) -> None:
    arn = start(sfn, NAP, "naps")
    socket = open_stream()
    say(socket, type="watch", execution=arn, after=0)
    assert hear(socket) == {
        "type": "events",
        "execution": arn,
        "events": [],
        "lastEventId": 0,
        "status": "RUNNING",
        "stopDate": None,
    }
    drain.drain_executions()
    frame = hear(socket, timeout=1.5)  # A ring: the look every 2 s would be too late.
    assert [event["id"] for event in frame["events"]] == [1, 2]
    assert frame["events"][1]["type"] == "WaitStateEntered"
    sfn.stop_execution(executionArn=arn)
    last = hear(socket, timeout=1.5)
    assert [event["id"] for event in last["events"]] == [3]
    assert (last["status"], last["lastEventId"]) == ("ABORTED", 3)
    assert last["stopDate"].endswith("Z")


def test_a_page_that_comes_late_gets_only_what_it_lacks(open_stream: Open, sfn: Any) -> None:
    arn = start(sfn, {"A": {"Type": "Pass", "End": True}}, "quick")
    drain.drain_executions()
    socket = open_stream()
    for after, ids in ((0, [1, 2, 3, 4]), (2, [3, 4]), (4, []), (9, [])):
        say(socket, type="watch", execution=arn, after=after)
        frame = hear(socket)
        assert [event["id"] for event in frame["events"]] == ids
        assert (frame["status"], frame["lastEventId"]) == ("SUCCEEDED", 4)


def test_long_histories_come_in_contiguous_frames(open_stream: Open, sfn: Any) -> None:
    states = {
        f"S{n}": {"Type": "Pass", **({"Next": f"S{n + 1}"} if n < 1199 else {"End": True})}
        for n in range(1200)
    }
    arn = start(sfn, states, "long")
    socket = open_stream()
    say(socket, type="watch", execution=arn)
    drain.drain_executions()
    ids: list[int] = []
    while len(ids) < 2402:
        frame = hear(socket)
        assert len(frame["events"]) <= 1000
        ids += [event["id"] for event in frame["events"]]
    assert ids == list(range(1, 2403))
    assert frame["status"] == "SUCCEEDED"


def test_a_lost_ring_is_made_good_within_two_seconds(open_stream: Open, sfn: Any) -> None:
    arn = start(sfn, NAP, "naps")
    socket = open_stream()
    say(socket, type="watch", execution=arn)
    hear(socket)
    Execution.objects.update(status="ABORTED")  # Nobody rings for this.
    assert hear(socket, timeout=3)["status"] == "ABORTED"


def test_unwatched_executions_are_silent(open_stream: Open, sfn: Any) -> None:
    arn = start(sfn, NAP, "naps")
    socket = open_stream()
    say(socket, type="watch", execution=arn)
    hear(socket)
    say(socket, type="unwatch", execution=arn)
    say(socket, type="watch", execution=ARN)  # Its answer says that the first was carried out.
    hear(socket)
    drain.drain_executions()
    with pytest.raises(TimeoutError):
        hear(socket, timeout=0.5)


def test_two_sockets_and_two_executions(open_stream: Open, sfn: Any) -> None:
    arns = [start(sfn, NAP, name) for name in ("a", "b")]
    sockets = [open_stream(), open_stream()]
    for socket in sockets:
        for arn in arns:
            say(socket, type="watch", execution=arn)
            hear(socket)
    drain.drain_executions()
    for socket in sockets:
        assert {hear(socket, timeout=1.5)["execution"] for _ in arns} == set(arns)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", "InvalidMessage"),
        ("[1]", "InvalidMessage"),
        ("[" * 5000, "InvalidMessage"),
        ('{"type": "fly"}', "InvalidMessage"),
        ('{"type": "watch"}', "InvalidMessage"),
        ('{"type": "watch", "execution": 1}', "InvalidMessage"),
        (json.dumps({"type": "watch", "execution": ARN, "after": -1}), "InvalidMessage"),
        (json.dumps({"type": "watch", "execution": ARN, "after": True}), "InvalidMessage"),
        (json.dumps({"type": "watch", "execution": ARN, "after": 2**40}), "InvalidMessage"),
        (json.dumps({"type": "watch", "execution": "x"}), "InvalidArn"),
        (json.dumps({"type": "watch", "execution": "arn\x00"}), "InvalidArn"),
        (json.dumps({"type": "watch", "execution": ARN}), "ExecutionDoesNotExist"),
    ],
)
def test_messages_that_are_refused_leave_the_socket_open(
    open_stream: Open, text: str, code: str
) -> None:
    socket = open_stream()
    for _ in range(2):
        socket.send(text)
        frame = hear(socket)
        assert (frame["type"], frame["code"]) == ("error", code)
        assert frame["message"]


def test_watches_are_bounded(open_stream: Open, sfn: Any) -> None:
    machine = create(sfn, "naps", NAP)
    socket = open_stream()
    for number in range(33):
        started = sfn.start_execution(stateMachineArn=machine, name=f"e{number}")
        say(socket, type="watch", execution=started["executionArn"])
        frame = hear(socket)
        assert frame["type"] == ("events" if number < 32 else "error")


def test_only_signed_in_pages_of_this_server(open_stream: Open, server: Server) -> None:
    refused = [
        {"cookie": ""},
        {"cookie": f"{settings.SESSION_COOKIE_NAME}=forged"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": None},
        {"path": "/other/"},
    ]
    for changed in refused:
        with pytest.raises(InvalidStatus) as error:
            open_stream(**changed)
        assert error.value.response.status_code == 403
