"""Versions: revisions of a state machine that have a number to start them by."""

from __future__ import annotations

from django.db import models

from studio import arns
from studio.models.state_machine import StateMachine, StateMachineRevision


class StateMachineVersion(models.Model):
    """A published revision. Never changed; its number is never given again, deleted or not."""

    state_machine = models.ForeignKey(
        StateMachine, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.IntegerField()
    # A revision has one version at most: publishing it again gives the one there is.
    revision = models.OneToOneField(
        StateMachineRevision, on_delete=models.PROTECT, related_name="version"
    )
    description = models.CharField(max_length=256, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["state_machine", "number"], name="version_number_per_state_machine"
            )
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def arn(self) -> str:
        """The version's ARN; needs ``state_machine`` loaded."""
        return arns.qualified_arn(self.state_machine.name, str(self.number))
