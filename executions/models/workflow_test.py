"""Test cases of workflows, saved beside the definition."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from studio.models.accounts import OfAccount


class WorkflowTest(models.Model):
    """What an execution is started with, what its tasks give, and how it shall end.

    ``state_machine`` is a name, as in MockedResponse. ``mocks`` is a JSON object: for each place
    (``Pay``, or ``Pay[2]`` in the third iteration of a Map) the name of a MockedResponse of that
    state, or a response itself. Of what is expected, null is not looked at; ``expected_output`` is
    JSON text, ``expected_path`` a JSON array of places.
    """

    state_machine = models.CharField(max_length=93)
    name = models.CharField(max_length=80)
    input = models.TextField()
    mocks = models.TextField()
    expected_status = models.CharField(max_length=9, null=True)
    expected_output = models.TextField(null=True)
    expected_error = models.TextField(null=True)
    expected_cause = models.TextField(null=True)
    expected_path = models.TextField(null=True)
    # Counts what was saved: who saves says which one it follows.
    sequence = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    full_name_field: ClassVar = "state_machine"
    objects = OfAccount()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=("state_machine", "name"), name="workflow_test_per_state_machine"
            )
        ]

    def __str__(self) -> str:
        return self.name
