"""Proposals: changes of a state machine that others look at before they run."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.state_machine import StateMachine, StateMachineRevision


class Proposal(models.Model):
    """A change that somebody proposes. What it would make of the state machine is its latest push.

    ``version`` is the version that was published of it, by number: a version may be deleted.
    """

    class Status(models.TextChoices):
        """OPEN until it is published or cancelled."""

        OPEN = "OPEN"
        PUBLISHED = "PUBLISHED"
        CANCELLED = "CANCELLED"

    state_machine = models.ForeignKey(
        StateMachine, on_delete=models.CASCADE, related_name="proposals"
    )
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="proposals", null=True
    )
    # Those who are asked to look at it.
    reviewers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    version = models.IntegerField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["state_machine", "number"], name="proposal_number_per_state_machine"
            )
        ]
        indexes = [
            models.Index(fields=["-updated_at"], name="proposal_open", condition=Q(status="OPEN"))
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class ProposalPush(models.Model):
    """What a proposal proposes, from one push to the next. Never changed.

    ``definition`` is the JSON text that would run, ``source`` the YAML it was written in, or "".
    ``configuration`` is a JSON text with ``roleArn``, ``loggingConfiguration`` and
    ``tracingConfiguration``: those that change; "" where none does. ``content_hash`` is of all of
    this and of the revision that it goes on from: what a reviewer approves.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="pushes")
    number = models.IntegerField()
    # What it changes. It goes with its state machine, as this row does.
    base = models.ForeignKey(StateMachineRevision, on_delete=models.CASCADE, related_name="+")
    definition = models.TextField()
    source = models.TextField(blank=True, default="")
    configuration = models.TextField(blank=True, default="")
    content_hash = models.CharField(max_length=64)
    message = models.CharField(max_length=256, blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="push_number_per_proposal")
        ]

    def __str__(self) -> str:
        return f"{self.proposal} push {self.number}"


class ProposalReview(models.Model):
    """What somebody says of one push. The latest of each person counts.

    An approval is of exactly ``content_hash``.
    """

    class Verdict(models.TextChoices):
        """COMMENTED takes back what the person said before."""

        APPROVED = "APPROVED"
        CHANGES_REQUESTED = "CHANGES_REQUESTED"
        COMMENTED = "COMMENTED"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="reviews")
    push = models.ForeignKey(ProposalPush, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    verdict = models.CharField(max_length=17, choices=Verdict)
    message = models.TextField(blank=True, default="")
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.verdict
