"""Execution roles: what the state machines that run under them may call and start."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio.models.accounts import RolesOfAccount


class ExecutionRole(models.Model):
    """A role that state machines name in ``roleArn``, and Tasks in Credentials.

    ``policy`` is JSON as ``studio.policies`` reads it. ``version`` counts what was saved: who saves
    says which one it follows. ``aws_profile`` names a profile of the AWS configuration of the
    workers, ``aws_role_arn`` a role that is assumed at AWS: with what credentials services are
    called. Both empty: those of the workers.
    """

    arn = models.CharField(max_length=256, unique=True)
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=1000, blank=True)
    policy = models.TextField()
    aws_profile = models.CharField(max_length=200, blank=True)
    aws_role_arn = models.CharField(max_length=256, blank=True)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = RolesOfAccount()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.arn
