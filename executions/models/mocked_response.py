"""What a state's work is said to give, saved under a name beside the definition."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from studio.models.accounts import OfAccount


class MockedResponse(models.Model):
    """A mocked response of one state: see ``executions.interpreter.rehearsal.answers``.

    ``state_machine`` is a name: of one that exists already, or is to be created. ``response`` is
    JSON text.
    """

    state_machine = models.CharField(max_length=93)
    state = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    response = models.TextField()
    # Counts what was saved: who saves says which one it follows.
    sequence = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    full_name_field: ClassVar = "state_machine"
    objects = OfAccount()

    class Meta:
        ordering = ("state", "name")
        constraints = [
            models.UniqueConstraint(
                fields=("state_machine", "state", "name"), name="mocked_response_per_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.name}"
