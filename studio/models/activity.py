"""Activities: names under which workers outside ask for work."""

from __future__ import annotations

from django.db import models

from studio import arns


class Activity(models.Model):
    """A kind of work that Tasks name by ARN and that workers take up with GetActivityTask."""

    name = models.CharField(max_length=80, unique=True)
    # Values by keys.
    tags = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def arn(self) -> str:
        """The activity's ARN."""
        return arns.activity_arn(self.name)
