"""Limits of functions, and the calls that count to them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class FunctionLimit(models.Model):
    """What a function may bear, as ``limits.toml`` declares it.

    ``next_at`` is when the next call may begin. Whoever starts a call holds the row's lock, so two
    workers never count at the same moment.
    """

    name = models.CharField(max_length=200, primary_key=True)
    concurrency = models.IntegerField(null=True)
    rate = models.FloatField(null=True)
    next_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class FunctionSlot(models.Model):
    """A call of a limited function that is going on, whatever became of its task.

    A worker prolongs the lease as long as the call lasts; a killed worker's slot is free when it
    has run out.
    """

    id = models.BigAutoField(primary_key=True)
    function = models.CharField(max_length=200)
    lease_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["function", "lease_until"], name="slot_by_function")]

    def __str__(self) -> str:
        return f"{self.function} until {self.lease_until}"
