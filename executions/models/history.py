"""Histories: what happened, a turn at a time."""

from __future__ import annotations

from django.db import models


class HistoryChunk(models.Model):
    """The events of one turn: one JSON object a line, in AWS's wire form, ids first..last.

    One text row for a turn is an order of magnitude cheaper than a row an event; pages cut at
    line ends and need no parsing.
    """

    pk = models.CompositePrimaryKey("execution_id", "first_id")
    execution_id = models.BigIntegerField()
    first_id = models.IntegerField()
    last_id = models.IntegerField()
    events = models.TextField()

    def __str__(self) -> str:
        return f"{self.execution_id}: {self.first_id}-{self.last_id}"
