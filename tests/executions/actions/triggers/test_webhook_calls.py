"""Deliveries to webhooks: signed, repeated, and only where connections may go."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from executions.actions.triggers import webhook_calls, webhooks
from executions.actions.triggers.signatures import check_call
from executions.integrations.http.addresses import AllowList
from executions.integrations.http.exchange import Client
from executions.models import Event, Webhook, WebhookDelivery
from studio.errors import ValidationException
from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db(transaction=True)

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it hears; answers what its path says."""

    seen: list[tuple[dict[str, str], bytes]] = []

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
        status = int(self.path.strip("/") or 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Receiver.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    client = Client(AllowList.of(["127.0.0.1"]))
    monkeypatch.setattr(webhook_calls, "client", lambda: client)
    yield f"http://127.0.0.1:{server.server_port}"
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()


def delivery_to(machine: Any, url: str) -> tuple[WebhookDelivery, str]:
    webhook, secret = webhooks.create_webhook(machine, {"url": url})
    event = Event.objects.create(
        event_id=f"event-{webhook.pk}", source="aws.states", detail_type="t", text='{"a": 1}'
    )
    return WebhookDelivery.objects.create(webhook=webhook, event=event), secret


def due_again(delivery: WebhookDelivery) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())


def test_a_delivery_is_signed_and_noted(make_machine: MakeMachine, receiver: str) -> None:
    delivery, secret = delivery_to(make_machine(PASS), receiver)
    assert webhook_calls.deliver_webhooks() == 1

    ((headers, body),) = Receiver.seen
    assert json.loads(body) == {"a": 1}
    message = check_call("STANDARD_WEBHOOKS", secret, headers, body, time.time())
    assert message == delivery.event.event_id
    delivery.refresh_from_db()
    assert (delivery.status, delivery.due_at) == ("DELIVERED", None)
    (attempt,) = delivery.attempts
    assert (attempt["status"], attempt["error"]) == (200, "")
    assert webhook_calls.deliver_webhooks() == 0
    assert secret not in delivery.webhook.encrypted_secret


def test_what_is_refused_is_tried_again_for_three_days(
    make_machine: MakeMachine, receiver: str
) -> None:
    delivery, _ = delivery_to(make_machine(PASS), f"{receiver}/500")
    calls = len(webhook_calls.PAUSES) + 1
    for number in range(calls):
        due_again(delivery)
        began = timezone.now()
        assert webhook_calls.deliver_webhooks() == 1
        delivery.refresh_from_db()
        if number < calls - 1:
            assert delivery.status == "PENDING"
            assert delivery.due_at is not None
            waits = (delivery.due_at - began).total_seconds()
            assert waits >= webhook_calls.PAUSES[number]
    assert (delivery.status, delivery.due_at) == ("FAILED", None)
    assert {attempt["status"] for attempt in delivery.attempts} == {500}

    webhooks.resend(delivery.webhook, delivery.pk)
    Webhook.objects.update(url=receiver)
    assert webhook_calls.deliver_webhooks() == 1
    delivery.refresh_from_db()
    assert delivery.status == "DELIVERED"


def test_a_receiver_may_say_that_it_wants_no_more(make_machine: MakeMachine, receiver: str) -> None:
    delivery, _ = delivery_to(make_machine(PASS), f"{receiver}/410")
    webhook_calls.deliver_webhooks()
    delivery.refresh_from_db()
    assert delivery.status == "FAILED"
    assert not Webhook.objects.get().is_enabled


def test_redirects_are_not_followed(make_machine: MakeMachine, receiver: str) -> None:
    delivery, _ = delivery_to(make_machine(PASS), f"{receiver}/302")
    webhook_calls.deliver_webhooks()
    delivery.refresh_from_db()
    assert delivery.attempts[0]["error"].startswith("Redirects are not followed")
    assert len(Receiver.seen) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "https://[::1]:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
    ],
)
def test_no_call_reaches_this_machine(
    make_machine: MakeMachine, receiver: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(AllowList())
    monkeypatch.setattr(webhook_calls, "client", lambda: client)
    port = receiver.rpartition(":")[2]
    delivery, _ = delivery_to(make_machine(PASS), url.format(port=port))
    webhook_calls.deliver_webhooks()
    client.close()
    delivery.refresh_from_db()
    assert delivery.status == "PENDING"
    assert "STEPWELL_HTTP_ALLOW" in delivery.attempts[0]["error"]
    assert Receiver.seen == []


UNUSABLE = ["https://[::ffff:127.1]/", "https://①②⑦.⓪.⓪.①/", "https://a.example/ü", "https://[::1/"]


@pytest.mark.parametrize("url", UNUSABLE)
def test_an_address_that_cannot_be_called_holds_up_no_other(
    make_machine: MakeMachine, receiver: str, url: str
) -> None:
    machine = make_machine(PASS)
    broken, _ = delivery_to(machine, receiver)
    # As one that was kept before such addresses were refused.
    Webhook.objects.update(url=url)
    well, _ = delivery_to(machine, receiver)
    assert webhook_calls.deliver_webhooks() == 2
    for each in (broken, well):
        each.refresh_from_db()
    assert (broken.status, well.status) == ("PENDING", "DELIVERED")
    assert "URL" in broken.attempts[0]["error"]


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://a.example", "https://", "https://u:p@a.example", "nonsense", "https://a:0/"),
        *UNUSABLE,
    ],
)
def test_what_is_no_address_is_refused(make_machine: MakeMachine, url: str) -> None:
    with pytest.raises(ValidationException, match="address"):
        webhooks.create_webhook(make_machine(PASS), {"url": url})


def test_a_worker_that_dies_leaves_the_call_to_another(
    make_machine: MakeMachine, receiver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, _ = delivery_to(make_machine(PASS), receiver)

    def die(*_: Any) -> Any:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(webhook_calls, "_note", die)
        with pytest.raises(SystemExit):
            webhook_calls.deliver_webhooks()
    assert webhook_calls.deliver_webhooks() == 0  # It is another's for a minute.
    due_again(delivery)
    assert webhook_calls.deliver_webhooks() == 1
    ids = {headers["webhook-id"] for headers, _ in Receiver.seen}
    assert len(Receiver.seen) == 2
    assert ids == {delivery.event.event_id}
