"""What if: executions that have ended, replayed on another definition."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models import StateMachine


class WhatIf(models.Model):
    """One question: what would these executions have done with ``definition`` (JSON text)?"""

    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    definition = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.pk)


class Replay(models.Model):
    """One execution of a WhatIf, named by value: retention may remove it first.

    A worker that takes it raises ``attempt`` and sets ``lease_until``; with its ``verdict`` it is
    over. ``answer`` is the JSON text that ``runtime.rehearsals.process`` answered.
    """

    class Verdict(models.TextChoices):
        """SAME, DIVERGES, UNREPEATABLE, or FAILED: it could not be replayed."""

        SAME = "SAME"
        DIVERGES = "DIVERGES"
        UNREPEATABLE = "UNREPEATABLE"
        FAILED = "FAILED"

    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="replays")
    execution_id = models.BigIntegerField()
    execution_name = models.CharField(max_length=80)
    lease_until = models.DateTimeField(db_default=Now())
    attempt = models.IntegerField(default=0)
    verdict = models.CharField(max_length=12, choices=Verdict, null=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(
                fields=["lease_until", "id"], name="replay_due", condition=Q(verdict__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.execution_name
