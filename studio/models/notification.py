"""What people, and programs, are told of proposals."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models.proposal import Proposal
from studio.models.state_machine import StateMachine


class Notification(models.Model):
    """One person is told of one thing that happened to a proposal."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=24)
    sentence = models.CharField(max_length=400)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["recipient", "-id"],
                name="notification_unread",
                condition=Q(read_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.sentence


class MailChoices(models.Model):
    """What somebody does not want to hear of by mail; who chose nothing is mailed everything."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mail_choices",
        primary_key=True,
    )
    # Events of notifications.
    unwanted = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.person_id)


class ReviewWebhook(models.Model):
    """An address that is told of a state machine's proposals. The secret signs what is sent."""

    encrypted_columns: ClassVar = {"encrypted_secret": "secrets of review webhooks"}
    """Purposes of encryption, by columns: see ``studio.actions.rotation``."""

    state_machine = models.ForeignKey(
        StateMachine, on_delete=models.CASCADE, related_name="review_webhooks"
    )
    url = models.CharField(max_length=2048)
    # See studio.encryption.
    encrypted_secret = models.TextField()
    is_enabled = models.BooleanField(default=True, db_default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.url


class OutgoingMessage(models.Model):
    """A mail, or a call of a webhook, that is still to be sent, or was.

    Written by the transaction it tells of, so that nothing is lost and nothing said too early. A
    worker that takes it sets ``lease_until``; one that dies between sending and writing so leaves
    it to be sent again, with the same ``identity``.
    """

    identity = models.UUIDField(unique=True)
    webhook = models.ForeignKey(
        ReviewWebhook, on_delete=models.CASCADE, related_name="messages", null=True
    )
    # Of a mail; a webhook has no address, its ``text`` is the JSON body, and TEST the subject of
    # a call that tells of nothing.
    address = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=250, blank=True, default="")
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(db_default=Now())
    attempt = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=400, blank=True, default="")
    # What the webhook answered last: ``204 No Content``; "" where there was no answer.
    answer = models.CharField(max_length=400, blank=True, default="", db_default="")
    given_up = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(
                fields=["lease_until", "id"],
                name="outgoing_message_due",
                condition=Q(sent_at__isnull=True, given_up=False),
            )
        ]

    def __str__(self) -> str:
        return self.subject or str(self.identity)
