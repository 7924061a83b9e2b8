"""Aliases: names of state machines that stand for one version, or for two by chance."""

from __future__ import annotations

from django.db import models

from studio import arns
from studio.models.state_machine import StateMachine
from studio.models.version import StateMachineVersion


class StateMachineAlias(models.Model):
    """A name that clients start. ``weight`` percent of what it starts runs ``version``, the rest
    ``second_version``, which is None where ``weight`` is 100 by itself.
    """

    state_machine = models.ForeignKey(
        StateMachine, on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=256, blank=True, default="")
    version = models.ForeignKey(StateMachineVersion, on_delete=models.PROTECT, related_name="+")
    second_version = models.ForeignKey(
        StateMachineVersion, on_delete=models.PROTECT, related_name="+", null=True
    )
    weight = models.SmallIntegerField(default=100)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["state_machine", "name"], name="alias_name_per_state_machine"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def arn(self) -> str:
        """The alias's ARN; needs ``state_machine`` loaded."""
        return arns.qualified_arn(self.state_machine.name, self.name)

    @property
    def routes(self) -> list[tuple[int, int]]:
        """Numbers of versions and their weights in percent; needs the versions loaded."""
        routes = [(self.version.number, self.weight)]
        if self.second_version is not None:
            routes.append((self.second_version.number, 100 - self.weight))
        return routes
