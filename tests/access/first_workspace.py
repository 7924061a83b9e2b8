"""One of everything in the first workspace, and addresses that lead to it."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from executions.models import (
    Approval,
    Event,
    Execution,
    HttpEndpoint,
    MapRun,
    MockedResponse,
    Replay,
    Schedule,
    Webhook,
    WebhookDelivery,
    WhatIf,
    WorkflowTest,
)
from executions.models.triggers import EventRule
from studio import arns
from studio.access.caller import set_caller
from studio.actions.access_keys import create_access_key
from studio.actions.api_tokens import create_token
from studio.actions.members import default_workspace, set_role
from studio.actions.workspaces import create_workspace
from studio.models import (
    AccessKey,
    AliasMove,
    Notification,
    ProposalComment,
    ProposalThread,
    ReviewWebhook,
    StateMachine,
    StateMachineRevision,
    Workspace,
)
from tests.access.matrix import ROLES
from tests.access.people import one_of_each_role

MARKER: Final = "marker-of-the-first"
"""Stands in everything of the first workspace: nobody of another one reads it anywhere."""
DEFINITION: Final = {
    "Comment": MARKER,
    "StartAt": "Wait",
    "States": {
        "Wait": {"Type": "Wait", "Seconds": 3600, "Next": "Work"},
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:states:us-east-1:123456789012:activity:ship",
            "End": True,
        },
    },
}
TEXT: Final = json.dumps(DEFINITION)
POLICY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "states:*", "Resource": "*"}],
    }
)
RUN: Final = "22222222-2222-4222-8222-222222222222"
CHILD: Final = "33333333-3333-4333-8333-333333333333"
FILE: Final = "of-the-first.txt"
_PARAMETER: Final = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class First:
    """What there is: its admin's browser, and what the parameters of addresses stand for."""

    admin: Client
    execution: str
    values: dict[str, str]

    def address(self, call: str) -> str:
        """The address of a row of the matrix, of what the first workspace really has."""
        path = call.split(" ", 1)[1].replace("{every other page}", "somewhere")
        own = {
            "/connections/": {"name": "stripe"},
            "/execution-roles/": {"name": "worker"},
            "/map-runs/": {"label": "Each"},
            "/review-webhooks/": {"webhookId": self.values["reviewWebhookId"]},
        }
        values = dict(self.values)
        for part, named in own.items():
            if part in path:
                values |= named
        if "/<label>/<uuid:executionName>/" in path:
            values["executionName"] = CHILD
        return _PARAMETER.sub(lambda match: values[match[1]], path)


def make_first() -> First:
    """Somebody's work in the first workspace: one of everything."""
    people = one_of_each_role()
    client = Client()
    client.force_login(people["admin"])

    def make(method: str, path: str, body: dict[str, Any]) -> Any:
        answer = client.generic(method, f"/api/{path}", json.dumps(body), "application/json")
        assert answer.status_code in (200, 201, 202, 204), (path, answer.content)
        return answer.json() if answer.content else None

    machine = {"name": "orders", "definition": TEXT, "format": "JSON", "publish": True}
    made = make("POST", "state-machines/", {**machine, "sampleInput": json.dumps(MARKER)})
    started = make(
        "POST", "state-machines/orders/executions/", {"input": json.dumps(MARKER), "name": "one"}
    )
    below = "state-machines/orders/"
    make("PUT", "drafts/orders/", {"definition": MARKER, "format": "JSON"})
    make("POST", f"{below}mocks/", {"state": "Work", "name": "m", "response": {"Return": MARKER}})
    make("POST", f"{below}tests/", {"name": MARKER, "input": "{}"})
    make("POST", f"{below}rules/", {"name": MARKER, "eventPattern": {"source": ["shop"]}})
    make("POST", f"{below}schedules/", {"name": MARKER, "expression": "rate(1 day)"})
    make("POST", f"{below}webhooks/", {"url": f"https://example.org/{MARKER}"})
    make("POST", f"{below}endpoints/", {"authorization": "BEARER", "description": MARKER})
    make("POST", f"{below}review-webhooks/", {"url": f"https://example.org/{MARKER}"})
    make("PUT", f"{below}aliases/live/", {"routes": [{"version": 1, "weight": 100}]})
    make(
        "POST",
        f"{below}proposals/",
        {
            "title": MARKER,
            "definition": TEXT.replace("3600", "60"),
            "format": "JSON",
            "baseRevisionId": made["revisionId"],
            "reviewers": ["reviewer"],
        },
    )
    make(
        "POST",
        f"{below}proposals/1/threads/",
        {"push": 1, "pointer": "/States/Wait", "text": MARKER},
    )
    make("PUT", "execution-roles/worker/", {"policy": POLICY, "description": MARKER})
    parameters = {"BasicAuthParameters": {"Username": MARKER, "Password": "x"}}
    make(
        "POST",
        "connections/",
        {"name": "stripe", "authorizationType": "BASIC", "authParameters": parameters},
    )
    set_caller(None)
    key, _ = create_access_key(people["admin"], default_workspace().pk)
    token, _ = create_token(people["admin"], default_workspace().pk, MARKER)
    kept = StateMachine.objects.get(name="orders")
    execution = Execution.objects.get(name="one")
    _rows_that_workers_make(kept, execution, people["admin"])
    Path(settings.FILES_DIR).mkdir(parents=True, exist_ok=True)
    (Path(settings.FILES_DIR) / FILE).write_text(MARKER)
    values = {
        "name": "orders",
        "stateMachineName": "orders",
        "executionName": "one",
        "username": "viewer",
        "accountId": str(settings.AWS_ACCOUNT_ID),
        "number": "1",
        "alias": "live",
        "label": "Each",
        "run": RUN,
        "file": "manifest.json",
        "path": FILE,
        "access_key_id": key.access_key_id,
        "token_id": token.token_id,
        "revisionId": str(StateMachineRevision.objects.get(state_machine=kept).revision_id),
        "token": HttpEndpoint.objects.get().token,
        "rest": "more",
        "signed": "nothing",
    }
    for parameter, model in (
        ("mockId", MockedResponse),
        ("testId", WorkflowTest),
        ("ruleId", EventRule),
        ("scheduleId", Schedule),
        ("endpointId", HttpEndpoint),
        ("whatIfId", WhatIf),
        ("approvalId", Approval),
        ("moveId", AliasMove),
        ("threadId", ProposalThread),
        ("commentId", ProposalComment),
        ("deliveryId", WebhookDelivery),
        ("webhookId", Webhook),
        ("reviewWebhookId", ReviewWebhook),
    ):
        values[parameter] = str(model._default_manager.get().pk)
    assert AccessKey.objects.get().workspace_id == default_workspace().pk
    assert Notification.objects.exists()
    return First(client, started["executionArn"], values)


def _rows_that_workers_make(machine: StateMachine, execution: Execution, user: Any) -> None:
    Approval.objects.create(
        state_machine=machine,
        execution_id=execution.pk,
        task=7,
        state_name="Work",
        title=MARKER,
        question=MARKER,
        context="{}",
        form="[]",
    )
    what_if = WhatIf.objects.create(state_machine=machine, definition=TEXT)
    Replay.objects.create(what_if=what_if, execution_id=execution.pk, execution_name="one")
    run = MapRun.objects.create(
        execution_id=execution.pk,
        event=3,
        uuid=RUN,
        label="Each",
        execution_type="STANDARD",
        queue="tasks",
        plan="{}",
        max_concurrency=0,
        error=MARKER,
    )
    Execution.objects.create(
        state_machine=machine,
        revision=machine.current,
        name=CHILD,
        input=json.dumps(MARKER),
        map_run_id=run.pk,
        map_label="Each",
        map_number=0,
    )
    event = Event.objects.create(
        event_id=str(uuid.uuid4()), source="shop", detail_type="x", text=json.dumps(MARKER)
    )
    WebhookDelivery.objects.create(webhook=Webhook.objects.get(), event=event)
    alias = machine.aliases.get()
    AliasMove.objects.create(
        alias=alias,
        from_version=machine.versions.get(),
        version=machine.versions.get(),
        percent=10,
        kind=AliasMove.Kind.LINEAR,
        step_percent=10,
        interval_seconds=60,
        next_at=timezone.now(),
        started_at=timezone.now(),
    )


def strangers() -> dict[str, Any]:
    """Somebody of each role in a workspace of their own, who belong to no other; by role."""
    users = {}
    second: Workspace | None = None
    for role in reversed(ROLES):
        user = get_user_model().objects.create_user(f"other-{role}")
        if second is None:
            second = create_workspace("Second", "second", user, account_id="222222222222")
        set_role(second, user, role)
        user.memberships.exclude(workspace=second).delete()
        users[role] = user
    return users


def browser(user: Any) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def rows() -> dict[str, dict[Any, dict[str, Any]]]:
    """All that the two applications have stored, but for what counts uses."""
    left_out = {"AccessKey", "ApiToken", "MailChoices", "Membership", "Workspace", "AuditEntry"}
    with arns.acting_in(None):
        return {
            model.__name__: {
                row.pk: {field.attname: getattr(row, field.attname) for field in fields}
                for row in model._default_manager.all()
            }
            for app in ("studio", "executions")
            for model in apps.get_app_config(app).get_models()
            if model.__name__ not in left_out
            for fields in [[f for f in model._meta.concrete_fields if f.column]]
        }


def changes_since(before: dict[str, dict[Any, dict[str, Any]]]) -> list[str]:
    """What has changed of the rows that there were."""
    after = rows()
    return [
        f"{table} {key}: {row} -> {after[table].get(key)}"
        for table, kept in before.items()
        for key, row in kept.items()
        if after[table].get(key) != row
    ]
