"""Who hears of changes of executions' statuses."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from executions.models.triggers import Event
from studio.models import StateMachine


class StatusChange(models.Model):
    """A change of an execution's status that is not an event yet.

    Put down by the turn that makes it, where somebody is to hear of it. ``uuid`` becomes the
    event's id. ``error`` and ``cause`` are kept here because a redrive takes them off the
    execution.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(db_default=RandomUUID())
    execution_id = models.BigIntegerField()
    status = models.CharField(max_length=9)
    redrive_count = models.IntegerField()
    error = models.TextField(null=True)
    cause = models.TextField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.execution_id}: {self.status}"


class Webhook(models.Model):
    """An address that is told when executions of the state machine change their status.

    ``statuses`` are those it hears of; none: all. Calls are signed with the secret, in the form of
    Standard Webhooks.
    """

    encrypted_columns: ClassVar = {"encrypted_secret": "webhook"}
    """Purposes of encryption, by columns: see ``studio.actions.rotation``."""

    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    url = models.CharField(max_length=2048)
    description = models.CharField(max_length=512, blank=True, default="")
    encrypted_secret = models.TextField()
    statuses = models.JSONField(default=list)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """An event on its way to a webhook. ``due_at`` is null once that is over.

    ``attempts`` are the latest calls: when, how long, and the status or what went wrong.
    """

    class Status(models.TextChoices):
        """What became of it."""

        PENDING = "PENDING"
        DELIVERED = "DELIVERED"
        FAILED = "FAILED"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    calls = models.IntegerField(default=0)
    attempts = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True, db_default=Now())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event"], name="delivery_per_webhook_and_event"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="webhook_delivery_due", condition=Q(due_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.webhook_id}"
