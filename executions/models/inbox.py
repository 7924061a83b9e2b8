"""The inbox: everything an execution has yet to be told."""

from __future__ import annotations

from django.db import models


class InboxMessage(models.Model):
    """One command for one execution, or one timer.

    Rows are inserted without touching the execution's row, so that thousands of outcomes do not
    queue for one lock, and are removed by the turn that applies them. ``visible_at`` in the
    future makes a timer. ``key`` names the timer or the task that the command is about; ``body``
    is what else it says: see ``runtime.inbox``.
    """

    id = models.BigAutoField(primary_key=True)
    execution_id = models.BigIntegerField()
    visible_at = models.DateTimeField()
    command = models.CharField(max_length=40)
    key = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["visible_at", "id"], name="inbox_by_time"),
            models.Index(fields=["execution_id", "key"], name="inbox_by_execution"),
        ]

    def __str__(self) -> str:
        return f"{self.execution_id}: {self.command} {self.key}"
