"""The inbox over HTTP, and the page behind a mail's link."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from rest_framework.test import APIClient

from executions.actions.approval_links import link_for
from executions.models import Approval, Execution
from executions.runtime import drain
from studio.actions.members import default_workspace, set_role
from tests.conftest import MakeMachine, StartExecution

pytestmark = pytest.mark.django_db(transaction=True)

FORM = [
    {"Name": "amount", "Label": "Amount", "Type": "number", "Required": True},
    {"Name": "sure", "Label": "I am sure", "Type": "boolean"},
    {"Name": "why", "Label": "Why", "Type": "choice", "Choices": ["kindness", "error"]},
]


def work() -> None:
    while drain.drain_executions() + drain.drain_tasks():
        pass


@pytest.fixture
def execution(make_machine: MakeMachine, start: StartExecution) -> Execution:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::approval:request.waitForTaskToken",
        "Parameters": {
            "Title": "Pay it back?",
            "Question": "<b>20 €</b>",
            "Context": {"order": {"id": 7}, "customer": "Bo"},
            "Form": FORM,
            "Approvers": {"Users": ["ada"], "Emails": ["cy@shop.example"]},
        },
        "End": True,
    }
    begun = start(make_machine({"StartAt": "Ask", "States": {"Ask": task}}))
    work()
    return begun


def test_the_inbox(api: APIClient, execution: Execution) -> None:
    assert api.get("/api/approvals/counts/").json() == {"open": 1, "mine": 1}
    (shown,) = api.get("/api/approvals/?mine=true").json()["results"]
    assert shown["title"] == "Pay it back?"
    assert shown["context"] == [
        {"name": "order", "value": '{"id":7}'},
        {"name": "customer", "value": "Bo"},
    ]
    assert shown["form"][1] == {
        "name": "sure",
        "label": "I am sure",
        "type": "boolean",
        "required": False,
        "choices": [],
        "default": None,
    }
    assert shown["execution"]["name"] == execution.name
    assert (shown["status"], shown["mayDecide"]) == ("OPEN", True)
    assert api.get("/api/approvals/?show=decided").json()["results"] == []
    assert api.get("/api/approvals/0/").status_code == 404


def test_what_is_marked_is_shown_to_those_who_may_see_it(
    api: APIClient, execution: Execution
) -> None:
    approval = Approval.objects.get()
    machine = approval.state_machine
    machine.sensitive_fields = '["$.order.id", "customer", "amount"]'
    machine.save()
    fields = json.loads(approval.form)
    fields[0]["Default"] = 411122223333
    Approval.objects.update(form=json.dumps(fields))
    hidden = [
        {"name": "order", "value": '{"id":"********"}'},
        {"name": "customer", "value": "********"},
    ]
    (shown,) = api.get("/api/approvals/").json()["results"]
    assert shown["context"][1] == {"name": "customer", "value": "Bo"}
    assert shown["form"][0]["default"] == 411122223333

    get_user_model().objects.create_user("bo")  # an admin must stay
    set_role(default_workspace(), get_user_model().objects.get(username="ada"), "viewer")
    (shown,) = api.get("/api/approvals/").json()["results"]
    assert shown["context"] == hidden
    # Stars would be sent as the answer.
    assert shown["form"][0]["default"] is None
    assert api.get(f"/api/approvals/{approval.pk}/").json()["context"] == hidden

    page = Client().get(link_for(approval.pk, "cy@shop.example")).content.decode()
    assert "<dd>********</dd>" in page
    assert "<dd>Bo<" not in page
    assert "411122223333" not in page


def test_deciding(api: APIClient, execution: Execution) -> None:
    approval = Approval.objects.get()
    address = f"/api/approvals/{approval.pk}/decision/"
    missing = api.post(address, {"decision": "APPROVED"}, format="json")
    assert missing.status_code == 400
    assert missing.json()["message"] == "'Amount' is required"
    body = {"decision": "APPROVED", "reason": "fair", "answers": {"amount": 20}}
    decided = api.post(address, body, format="json")
    assert decided.status_code == 200, decided.content
    assert decided.json()["decidedBy"] == "ada"
    assert decided.json()["answers"] == {"amount": 20}
    again = api.post(address, body, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "ApprovalDecided")
    work()
    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"
    (shown,) = api.get("/api/approvals/?show=decided&mine=true").json()["results"]
    assert shown["status"] == "APPROVED"


def test_others_may_look_and_not_decide(execution: Execution) -> None:
    eve = APIClient()
    eve.force_login(get_user_model().objects.create_user("eve"))
    assert eve.get("/api/approvals/counts/").json() == {"open": 1, "mine": 0}
    assert eve.get("/api/approvals/?mine=true").json()["results"] == []
    approval = Approval.objects.get()
    answer = eve.post(
        f"/api/approvals/{approval.pk}/decision/", {"decision": "REJECTED"}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "ApproverRequired")


@pytest.fixture
def link(execution: Execution, settings: Any) -> str:
    settings.PUBLIC_URL = ""
    return link_for(Approval.objects.get().pk, "cy@shop.example")


def token_of(page: str) -> str:
    found = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_looking_at_a_link_decides_nothing(link: str, execution: Execution) -> None:
    for _ in range(2):
        response = Client().get(link)
        assert response.status_code == 200
        page = response.content.decode()
        assert "&lt;b&gt;20 €&lt;/b&gt;" in page
        assert "{&quot;id&quot;:7}" in page
        assert "no-store" in response["Cache-Control"]
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert Client().head(link).status_code == 200
    assert Approval.objects.get().status == "OPEN"


def test_a_link_decides_once(link: str, execution: Execution) -> None:
    somebody = Client(enforce_csrf_checks=True)
    assert somebody.post(link, {"decision": "APPROVED"}).status_code == 403
    token = token_of(somebody.get(link).content.decode())
    form = {"csrfmiddlewaretoken": token, "decision": "APPROVED", "reason": "fair"}
    missing = somebody.post(link, form)
    assert missing.status_code == 400
    assert "&#x27;Amount&#x27; is required" in missing.content.decode()
    assert Approval.objects.get().status == "OPEN"
    form |= {"field-0": "12.5", "field-1": "on", "field-2": "error"}
    done = somebody.post(link, form)
    assert done.status_code == 200
    assert "Approved by cy@shop.example" in done.content.decode()
    again = somebody.post(link, {**form, "decision": "REJECTED"})
    assert again.status_code == 409
    assert "has approved this already" in again.content.decode()
    approval = Approval.objects.get()
    assert (approval.status, approval.via) == ("APPROVED", "LINK")
    assert approval.answers == '{"amount":12.5,"sure":true,"why":"error"}'
    work()
    execution.refresh_from_db()
    assert execution.status == "SUCCEEDED"


def test_a_link_of_somebody_elses_making(link: str) -> None:
    for changed in (link.replace("/decide/", "/decide/x"), f"{link[:-3]}/"):
        response = Client().get(changed)
        assert response.status_code == 404
        assert "nothing to decide" in response.content.decode()


def test_a_link_to_what_nobody_waits_for(link: str, api: APIClient, execution: Execution) -> None:
    machine = execution.state_machine.name
    api.post(f"/api/executions/{machine}/{execution.name}/stop/", {}, format="json")
    work()
    page = Client().get(link).content.decode()
    assert "Nobody waits for this decision any more" in page
    assert "<form" not in page
