"""Access keys with which programs sign their requests."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class AccessKey(models.Model):
    """An AWS-style key pair of a user.

    The secret is needed to verify signatures, so it is kept encrypted rather than hashed:
    see ``studio.actions.access_keys``.
    """

    encrypted_columns: ClassVar = {"encrypted_secret": "secrets of access keys"}
    """Purposes of encryption, by columns: see ``studio.actions.rotation``."""

    access_key_id = models.CharField(max_length=20, unique=True)
    encrypted_secret = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    # What is signed with it happens there, with the role that its user has there.
    workspace = models.ForeignKey("studio.Workspace", on_delete=models.CASCADE)
    # Names of permissions (studio.access.permissions) that it is for; null: all of its user's.
    scopes = models.JSONField(null=True)
    created_at = models.DateTimeField()
    # From then on it is refused; null: never.
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # To a minute or so: see studio.actions.access_keys.
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.access_key_id
