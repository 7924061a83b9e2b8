"""What is known of executions that are debugged, beside their histories."""

from __future__ import annotations

from django.db import models


class DebuggerRecord(models.Model):
    """Something somebody did to an execution, or that a branch of it paused.

    Written by the turn that applied it. ``event_id`` is the latest event of the history then: the
    record stands after it. ``visit`` is the id of the …StateEntered event of ``state``.
    ``details`` is a JSON object; payloads in it are texts.
    """

    id = models.BigAutoField(primary_key=True)
    execution_id = models.BigIntegerField()
    event_id = models.IntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=24)
    by = models.TextField()
    state = models.TextField(null=True)
    visit = models.IntegerField(null=True)
    details = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["execution_id", "id"], name="debugger_by_execution")]

    def __str__(self) -> str:
        return f"{self.execution_id}: {self.action} by {self.by}"


class PausedExecution(models.Model):
    """A running execution with paused branches: how many, and who is behind the first of them.

    An index of the snapshots, which the turns keep with them; lists read it.
    """

    execution_id = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField()
    by = models.TextField()
    state = models.TextField()
    frames = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.execution_id}: at {self.state} since {self.since}"
