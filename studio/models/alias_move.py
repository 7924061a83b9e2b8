"""Aliases on their way from one version to another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.alias import StateMachineAlias
from studio.models.version import StateMachineVersion


class AliasMove(models.Model):
    """An alias that is moved to ``version`` bit by bit; any worker makes the step that is due.

    LINEAR adds ``step_percent`` every ``interval_seconds`` until all is there; CANARY begins with
    ``step_percent`` and has all after ``interval_seconds``. Where of the executions that the alias
    started with the new version, and that have ended since, ``failure_percent`` or more failed,
    and at least ``minimum_executions`` have ended, the alias goes back to ``from_version``.
    """

    class Kind(models.TextChoices):
        """How it goes."""

        LINEAR = "LINEAR"
        CANARY = "CANARY"

    class Status(models.TextChoices):
        """How it is."""

        MOVING = "MOVING"
        COMPLETED = "COMPLETED"
        ROLLED_BACK = "ROLLED_BACK"
        CANCELLED = "CANCELLED"

    alias = models.ForeignKey(StateMachineAlias, on_delete=models.CASCADE, related_name="moves")
    # Deleted with them at the latest; while it moves, the alias itself keeps both.
    from_version = models.ForeignKey(
        StateMachineVersion, on_delete=models.CASCADE, related_name="+"
    )
    version = models.ForeignKey(StateMachineVersion, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    step_percent = models.SmallIntegerField()
    interval_seconds = models.IntegerField()
    percent = models.SmallIntegerField()
    failure_percent = models.SmallIntegerField(null=True)
    minimum_executions = models.IntegerField(default=1)
    status = models.CharField(max_length=11, choices=Status, default=Status.MOVING)
    reason = models.CharField(max_length=400, blank=True, default="")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    started_at = models.DateTimeField()
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["alias"], name="one_move_per_alias", condition=Q(status="MOVING")
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="alias_move_due", condition=Q(status="MOVING"))
        ]

    def __str__(self) -> str:
        return f"{self.alias} to {self.version}"
