"""Activities: names under which workers outside ask for work."""

from __future__ import annotations

from django.db import models

from studio import arns
from studio.models.accounts import OfAccount


class Activity(models.Model):
    """A kind of work that Tasks name by ARN and that workers take up with GetActivityTask."""

    # Full, as every name of something that belongs to a workspace: see studio.arns.
    name = models.CharField(max_length=93, unique=True)
    # Values by keys.
    tags = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = OfAccount()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name without the account: see ``studio.arns``."""
        return arns.short_name(self.name)

    @property
    def arn(self) -> str:
        """The activity's ARN."""
        return arns.activity_arn(self.name)
