"""The REST API of rules, schedules, endpoints and webhooks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from executions.models import Event, TriggeredStart, WebhookDelivery
from studio.models import AuditEntry
from tests.conftest import MakeMachine

pytestmark = pytest.mark.django_db

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


class Api:
    """The API as a signed-in person uses it."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self._client.generic(
            method, f"/api/{path}", json.dumps(body or {}), "application/json"
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def api(client: Client, db: None) -> Api:
    client.force_login(get_user_model().objects.create_user("ada"))
    return Api(client)


@pytest.fixture
def own(make_machine: MakeMachine) -> str:
    """The path of a state machine's triggers."""
    return f"state-machines/{make_machine(PASS).name}"


def test_rules(api: Api, own: str) -> None:
    pattern = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 10]}]}}
    rule = api("POST", f"{own}/rules/", {"name": "large", "eventPattern": pattern}, 201)
    assert rule["eventPattern"] == pattern
    assert rule["enabled"] is True
    assert rule["inputTransformer"] is None

    transformer = {"inputPathsMap": {"n": "$.detail.total"}, "inputTemplate": '{"n": <n>}'}
    path = f"{own}/rules/{rule['id']}/"
    assert api("PATCH", path, {"inputTransformer": transformer})["inputTransformer"] == transformer
    assert api("PATCH", path, {"inputPath": "$.detail"})["inputTransformer"] is None
    assert api("PATCH", path, {"enabled": False})["enabled"] is False
    assert [each["name"] for each in api("GET", f"{own}/rules/")["results"]] == ["large"]

    api("POST", f"{own}/rules/", {"name": "large", "eventPattern": pattern}, 409)
    fault = api("POST", f"{own}/rules/", {"name": "x", "eventPattern": {"a": "b"}}, 400)
    assert fault["message"] == '/a: "a" must be an object or an array.'
    api("DELETE", path, status=204)
    api("DELETE", path, status=404)
    api("GET", "state-machines/none/rules/", status=404)


def test_a_rule_is_tried_on_an_event(api: Api) -> None:
    asked = {
        "eventPattern": {"detail": {"n": [1]}},
        "event": {"detail": {"n": 1}},
        "inputPath": "$.detail",
    }
    assert api("POST", "rule-tests/", asked) == {"matches": True, "input": '{"n":1}'}
    asked["event"] = {"detail": {"n": 2}}
    assert api("POST", "rule-tests/", asked) == {"matches": False, "input": None}
    asked["eventPattern"] = {"detail": {}}
    assert "empty object" in api("POST", "rule-tests/", asked, 400)["message"]


def test_events_and_what_they_start(api: Api, own: str) -> None:
    api("POST", f"{own}/rules/", {"name": "all", "eventPattern": {"source": ["shop"]}}, 201)
    entry = {"id": "7", "source": "shop", "detail-type": "Order", "detail": {"n": 1}}
    answer = api("POST", "events/", {"entries": [entry, {**entry, "id": "8"}]})
    assert answer["entries"] == [
        {"eventId": "7", "repeated": False, "starts": 1},
        {"eventId": "8", "repeated": False, "starts": 1},
    ]
    assert api("POST", "events/", {"entries": [entry]})["entries"][0]["repeated"] is True
    starts = api("GET", f"{own}/starts/")["results"]
    assert [(start["rule"], start["eventId"], start["status"]) for start in starts] == [
        ("all", "8", "PENDING"),
        ("all", "7", "PENDING"),
    ]
    api("POST", "events/", {"entries": [{**entry, "detail": 7}]}, 400)
    api("POST", "events/", {"entries": []}, 400)
    assert Event.objects.count() == 2


def test_one_entry_that_is_no_event_leaves_all_unstored(api: Api) -> None:
    good = {"source": "shop", "detail-type": "Order", "detail": {}}
    api("POST", "events/", {"entries": [good, {**good, "source": "aws.s3"}]}, 400)
    assert Event.objects.count() == 0


def test_schedules(api: Api, own: str) -> None:
    asked = {"name": "nightly", "expression": "cron(0 7 * * ? *)", "timeZone": "Europe/Berlin"}
    schedule = api("POST", f"{own}/schedules/", asked, 201)
    assert len(schedule["nextTimes"]) == 5
    assert schedule["missed"] == 0
    path = f"{own}/schedules/{schedule['id']}/"
    changed = api("PATCH", path, {"expression": "at(2190-01-01T00:00:00)", "timeZone": "UTC"})
    assert changed["nextTimes"] == ["2190-01-01T00:00:00.000Z"]
    assert api("PATCH", path, {"enabled": False})["enabled"] is False
    assert [each["name"] for each in api("GET", f"{own}/schedules/")["results"]] == ["nightly"]
    api("POST", f"{own}/schedules/", asked, 409)
    fault = api("PATCH", path, {"expression": "cron(0 7 * * *)"}, 400)
    assert "takes six" in fault["message"]
    assert TriggeredStart.objects.count() == 0
    api("DELETE", path, status=204)


def test_the_times_of_an_expression(api: Api) -> None:
    asked = {"expression": "cron(0 0 1 1 ? 2190-2192)", "timeZone": "UTC"}
    assert api("POST", "schedule-times/", asked)["nextTimes"] == [
        f"{year}-01-01T00:00:00.000Z" for year in (2190, 2191, 2192)
    ]
    fault = api("POST", "schedule-times/", {**asked, "timeZone": "X"}, 400)
    assert "no time zone" in fault["message"]


def test_the_secret_of_an_endpoint_is_shown_once(api: Api, own: str) -> None:
    made = api("POST", f"{own}/endpoints/", {"authorization": "GITHUB", "description": "x"}, 201)
    assert len(made["secret"]) > 30
    endpoint = made["endpoint"]
    assert endpoint["path"].startswith("/hooks/")
    listed = api("GET", f"{own}/endpoints/")
    assert listed["results"] == [endpoint]
    assert made["secret"] not in json.dumps(listed)
    path = f"{own}/endpoints/{endpoint['id']}/"
    assert api("PATCH", path, {"enabled": False})["enabled"] is False
    api("POST", f"{own}/endpoints/", {"authorization": "BEARER", "secret": "short"}, 400)
    api("POST", f"{own}/endpoints/", {"authorization": "NONE"}, 400)
    api("DELETE", path, status=204)
    entries = AuditEntry.objects.filter(action__startswith="endpoint.").order_by("id")
    told = list(entries.values_list("action", "details"))
    assert [action for action, _ in told] == [
        "endpoint.create",
        "endpoint.update",
        "endpoint.delete",
    ]
    assert made["secret"] not in str(told)
    assert endpoint["path"].split("/")[2] not in str(told)


def test_webhooks_and_their_deliveries(api: Api, own: str) -> None:
    asked = {"url": "https://hooks.example/orders", "statuses": ["FAILED", "TIMED_OUT"]}
    made = api("POST", f"{own}/webhooks/", asked, 201)
    assert made["secret"].startswith("whsec_")
    webhook = made["webhook"]
    assert api("GET", f"{own}/webhooks/")["results"] == [webhook]
    path = f"{own}/webhooks/{webhook['id']}"
    api("PATCH", f"{path}/", {"statuses": ["LOST"]}, 400)
    event = Event.objects.create(event_id="e", source="s", detail_type="t", text='{"a": 1}')
    delivery = WebhookDelivery.objects.create(
        webhook_id=webhook["id"],
        event=event,
        status="FAILED",
        due_at=None,
        attempts=[{"at": "2027-01-01", "status": None, "error": "no answer", "milliseconds": 3}],
    )
    (listed,) = api("GET", f"{path}/deliveries/")["results"]
    assert listed["event"] == {"a": 1}
    assert listed["attempts"][0]["error"] == "no answer"
    again = api("POST", f"{path}/deliveries/{delivery.pk}/resend/")
    assert again["status"] == "PENDING"
    api("POST", f"{path}/deliveries/999999/resend/", status=404)
    api("DELETE", f"{path}/", status=204)
