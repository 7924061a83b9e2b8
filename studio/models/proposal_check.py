"""What is tried of every push: saved test cases, and what recorded executions would do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models.proposal import ProposalPush


class ProposalCheck(models.Model):
    """One check of one push; ``settings.REVIEW_CHECKS`` names the function that carries it out.

    It goes in steps. A worker that takes one raises ``fence`` and ``attempt`` and sets
    ``lease_until``; it leaves the next step's ``memo`` (JSON text), or ``status`` with ``answer``
    (JSON text) at the end. One that is killed leaves the row to whoever looks after the lease, and
    the step is made again: ``attempt`` counts that.
    """

    class Status(models.TextChoices):
        """SKIPPED: there was nothing to try. FAULT: it could not be tried."""

        WAITING = "WAITING"
        PASSED = "PASSED"
        FAILED = "FAILED"
        SKIPPED = "SKIPPED"
        FAULT = "FAULT"

    push = models.ForeignKey(ProposalPush, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    memo = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    lease_until = models.DateTimeField(db_default=Now())
    fence = models.IntegerField(default=0)
    attempt = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["push", "kind"], name="check_of_a_kind_per_push")
        ]
        indexes = [
            models.Index(
                fields=["lease_until", "id"], name="check_due", condition=Q(status="WAITING")
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
