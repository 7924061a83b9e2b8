"""What people do to executions, tests and connections at a page is in the audit trail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions.models import Execution
from executions.runtime import drain
from studio.models import AuditEntry, StateMachine
from tests.conftest import MakeMachine

pytestmark = [pytest.mark.django_db(transaction=True)]
SECRET = "canary-of-a-connection"
WAIT = {
    "StartAt": "Nap",
    "States": {"Nap": {"Type": "Wait", "Seconds": 3600, "Next": "End"}, "End": {"Type": "Succeed"}},
}


@pytest.fixture
def machine(make_machine: MakeMachine) -> StateMachine:
    return make_machine(WAIT)


def told() -> list[tuple[str, str, dict[str, Any]]]:
    """What was done since signing in, each by the same person."""
    entries = AuditEntry.objects.exclude(action__in=["session.signIn", "member.setRole"])
    assert {entry.actor for entry in entries} <= {"ada"}
    return [(e.action, e.subject, json.loads(e.details)) for e in entries]


def post(api: APIClient, path: str, body: Any = None, method: str = "post") -> Any:
    answer = getattr(api, method)(path, body or {}, format="json")
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else None


def test_executions(api: APIClient, machine: StateMachine) -> None:
    base = f"/api/executions/{machine.name}/one/"
    post(api, f"/api/state-machines/{machine.name}/executions/", {"input": "{}", "name": "one"})
    drain.drain_executions()
    arn = Execution.objects.get().arn
    post(api, f"{base}debugger/", {"command": "pause"})
    post(api, f"{base}stop/", {"error": "Enough"})
    post(api, f"{base}stop/", {"error": "Again"})
    post(api, f"{base}redrive/")
    fork = post(api, f"{base}fork/", {"event": 2, "name": "fork"})
    actions = told()
    assert [each[0] for each in actions] == [
        "execution.start",
        "execution.debug",
        "execution.stop",
        "execution.redrive",
        "stateMachine.create",
        "execution.fork",
    ]
    assert {subject for _, subject, _ in actions[:4]} == {arn}
    assert actions[1][2]["command"]
    assert actions[2][2] == {"error": "Enough"}
    assert actions[5][1:] == (fork["executionArn"], {"from": f"{arn}#2"})


def test_tests_and_mocks(api: APIClient, machine: StateMachine) -> None:
    base = f"/api/state-machines/{machine.name}/"
    mock = post(
        api,
        f"{base}mocks/",
        {"state": "Nap", "name": "rested", "response": {"0": {"Return": {"canary": SECRET}}}},
    )
    post(api, f"{base}mocks/{mock['id']}/", {"name": "awake", "follows": 1}, "patch")
    post(api, f"{base}mocks/{mock['id']}/", None, "delete")
    post(api, f"{base}mocks/{mock['id']}/", None, "delete")
    assert told() == [
        ("mock.create", machine.arn, {"state": "Nap", "name": "rested"}),
        ("mock.update", machine.arn, {"name": "awake"}),
        ("mock.delete", machine.arn, {"state": "Nap", "name": "awake"}),
    ]


def test_connections_without_their_secrets(api: APIClient) -> None:
    parameters = {"BasicAuthParameters": {"Username": "u", "Password": SECRET}}
    made = post(
        api,
        "/api/connections/",
        {"name": "stripe", "authorizationType": "BASIC", "authParameters": parameters},
    )
    post(api, "/api/connections/stripe/", {"authParameters": parameters}, "patch")
    post(api, "/api/connections/stripe/", None, "delete")
    arn = made["connectionArn"]
    assert told() == [
        ("connection.create", arn, {"authorizationType": "BASIC"}),
        ("connection.update", arn, {"authorizationType": "BASIC", "newCredentials": True}),
        ("connection.delete", arn, {}),
    ]
    assert SECRET not in str(list(AuditEntry.objects.values()))
