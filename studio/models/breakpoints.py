"""Breakpoints of what somebody is working on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio.models.accounts import OfAccount


class KeptBreakpoints(models.Model):
    """Where one person's executions of one state machine pause, when they are debugged.

    They stand beside the person's draft and outlive its publishing. ``breakpoints`` is an array of
    objects with ``state``, ``where`` and ``condition``; the definition may have changed since.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Of the state machine that exists already, or is to be created.
    name = models.CharField(max_length=93)
    breakpoints = models.JSONField(default=list)

    objects = OfAccount()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("owner", "name"), name="one_set_of_breakpoints_per_person_and_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
