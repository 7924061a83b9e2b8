"""What of histories is still to be written as log events."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class LogDelivery(models.Model):
    """One turn's history chunk of an execution whose state machine logs.

    Put down by the turn itself, so that a log event is never forgotten; removed once the events
    are written. A chunk that has gone meanwhile has nothing left to write. Where they go to
    CloudWatch Logs, ``due_at`` is when they are tried next, after ``attempts`` that failed.
    """

    id = models.BigAutoField(primary_key=True)
    execution_id = models.BigIntegerField()
    first_id = models.IntegerField()
    redrive_count = models.IntegerField()
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(db_default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at", "id"], name="log_delivery_due")]

    def __str__(self) -> str:
        return f"{self.execution_id}: from {self.first_id}"
