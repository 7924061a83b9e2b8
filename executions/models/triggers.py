"""What starts executions from outside: events and rules, schedules, endpoints.

Each belongs to the state machine that it starts and goes with it.
"""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models import StateMachine


def new_token() -> str:
    """What an endpoint's address ends with: nobody guesses it."""
    return secrets.token_urlsafe(24)


class Event(models.Model):
    """An event in EventBridge's shape, as JSON text: posted by somebody, or a change of status.

    ``event_id`` is its own id, ``ACCOUNT ID`` where it was posted in another account than the
    first; one that is posted again is not stored again. ``bus_due_at`` is when
    it is put to EventBridge next, null where it is not, or has been; ``bus_error`` says why it was
    not at the latest of ``bus_attempts``.
    """

    event_id = models.CharField(max_length=141, unique=True)
    source = models.CharField(max_length=256)
    detail_type = models.CharField(max_length=128)
    text = models.TextField()
    received_at = models.DateTimeField(db_default=Now())
    bus_due_at = models.DateTimeField(null=True)
    bus_attempts = models.IntegerField(default=0)
    bus_error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], name="event_received"),
            models.Index(
                fields=["bus_due_at"],
                name="event_due_at_bus",
                condition=Q(bus_due_at__isnull=False),
            ),
        ]

    @property
    def own_id(self) -> str:
        """The id that its sender gave it."""
        return self.event_id.rpartition(" ")[2]

    def __str__(self) -> str:
        return self.event_id


class EventRule(models.Model):
    """Starts the state machine, or its version or alias ``qualifier``, with events that match.

    ``pattern`` is EventBridge's, as JSON text. The input is the event, or what one of
    ``input_text``, ``input_path`` and ``input_template`` with ``input_paths`` makes of it.
    ``hears_statuses``: the pattern may match changes of executions' statuses.
    """

    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=512, blank=True, default="")
    pattern = models.TextField()
    hears_statuses = models.BooleanField()
    qualifier = models.CharField(max_length=80, blank=True, default="")
    input_text = models.TextField(blank=True, default="")
    input_path = models.CharField(max_length=256, blank=True, default="")
    input_template = models.TextField(blank=True, default="")
    input_paths = models.JSONField(default=dict)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["state_machine", "name"], name="rule_name_per_state_machine"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="rule_that_hears_statuses",
                condition=Q(is_enabled=True, hears_statuses=True),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """Starts the state machine at the times of an expression.

    ``next_at`` is the next of them, ``due_at`` when it is served: later by some of
    ``window_minutes``. Both are null where none comes any more. ``missed`` counts those that were
    left out because nobody was there to serve them.
    """

    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=512, blank=True, default="")
    expression = models.CharField(max_length=256)
    time_zone = models.CharField(max_length=64, default="UTC")
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    window_minutes = models.IntegerField(default=0)
    qualifier = models.CharField(max_length=80, blank=True, default="")
    input_text = models.TextField(default="{}")
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    missed = models.IntegerField(default=0)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["state_machine", "name"], name="schedule_name_per_state_machine"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="schedule_due",
                condition=Q(is_enabled=True, due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TriggeredStart(models.Model):
    """An execution that a rule or a schedule wants started, and what became of that.

    The row is there before the execution is; its name makes sure that it is started once.
    ``due_at`` is null once it is over. ``hops`` is what the execution gets: see ``Execution``.
    """

    class Status(models.TextChoices):
        """What became of it."""

        PENDING = "PENDING"
        STARTED = "STARTED"
        FAILED = "FAILED"

    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(EventRule, on_delete=models.CASCADE, related_name="+", null=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="+", null=True)
    event = models.ForeignKey(Event, on_delete=models.SET_NULL, related_name="+", null=True)
    scheduled_for = models.DateTimeField(null=True)
    qualifier = models.CharField(max_length=80, blank=True, default="")
    execution_name = models.CharField(max_length=80)
    input_text = models.TextField()
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    attempts = models.IntegerField(default=0)
    hops = models.SmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(null=True, db_default=Now())
    execution_arn = models.CharField(max_length=512, blank=True, default="")
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "event"], name="start_per_rule_and_event"),
            models.UniqueConstraint(
                fields=["schedule", "scheduled_for"], name="start_per_schedule_and_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="triggered_start_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["state_machine", "-id"], name="triggered_start_of_machine"),
            models.Index(fields=["created_at"], name="triggered_start_created"),
        ]

    def __str__(self) -> str:
        return self.execution_name


class HttpEndpoint(models.Model):
    """An address that starts the state machine for whoever has the secret.

    ``token`` is the opaque part of the address; ``encrypted_secret`` what a call is held against,
    in the way that ``authorization`` says: see ``actions.triggers.signatures``.
    """

    encrypted_columns: ClassVar = {"encrypted_secret": "endpoint"}
    """Purposes of encryption, by columns: see ``studio.actions.rotation``."""

    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    description = models.CharField(max_length=512, blank=True, default="")
    authorization = models.CharField(max_length=32)
    encrypted_secret = models.TextField()
    qualifier = models.CharField(max_length=80, blank=True, default="")
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.state_machine_id}: {self.pk}"
