"""Fixtures that every test may use."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from executions.models import Execution, HistoryChunk, InboxMessage
from studio.access.caller import set_caller
from studio.actions.members import default_workspace, set_role
from studio.models import Membership, StateMachine, StateMachineRevision
from tests.emptying import delete_instead_of_truncating

ROLE = "arn:aws:iam::123456789012:role/tests"

delete_instead_of_truncating()

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("stepwell", deadline=None)
hypothesis.settings.load_profile("stepwell")

MakeMachine = Callable[[dict[str, Any]], StateMachine]
StartExecution = Callable[..., Execution]


@receiver(post_save, sender=User)
def may_do_everything(instance: User, created: bool, **_: Any) -> None:
    """Whoever a test makes may do everything, unless the test is about that: it sets a role."""
    if created:
        set_role(default_workspace(), instance, Membership.Role.ADMIN)


@pytest.fixture
def make_machine(db: None) -> MakeMachine:
    """Stores a state machine with the given definition."""

    def make(definition: dict[str, Any]) -> StateMachine:
        now = timezone.now()
        machine = StateMachine.objects.create(name=f"machine-{uuid.uuid4().hex}", created_at=now)
        machine.current = StateMachineRevision.objects.create(
            state_machine=machine,
            revision_id=uuid.uuid4(),
            definition=json.dumps(definition),
            role_arn=ROLE,
            created_at=now,
        )
        machine.save()
        return machine

    return make


@pytest.fixture
def start(db: None) -> StartExecution:
    """Stores an execution and its first message, as StartExecution does, without any hint."""

    def begin(machine: StateMachine, execution_input: Any = None) -> Execution:
        execution = Execution.objects.create(
            state_machine=machine,
            revision=machine.current,
            name=uuid.uuid4().hex,
            input=json.dumps({} if execution_input is None else execution_input),
        )
        InboxMessage.objects.create(
            execution_id=execution.id, visible_at=execution.started_at, command="StartExecution"
        )
        return execution

    return begin


def history(execution: Execution) -> list[dict[str, Any]]:
    """The stored history, parsed."""
    chunks = HistoryChunk.objects.filter(execution_id=execution.id).order_by("first_id")
    return [json.loads(line) for chunk in chunks for line in chunk.events.split("\n")]


def event_types(execution: Execution) -> list[str]:
    """The types of the stored history."""
    return [event["type"] for event in history(execution)]


@pytest.fixture(autouse=True)
def _no_lingering_settings() -> None:
    """The run's own services are used, never somebody's real ones; nobody is calling yet."""
    set_caller(None)
    assert "stepwell-" in str(settings.DATABASES["default"]["HOST"])


def database_url() -> str:
    """Where the tests' database is."""
    names = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
    given = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(
        **{to: given[name] for name, to in names.items() if given.get(name)}
    )
