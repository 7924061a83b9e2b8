"""Tokens with which programs call the REST API."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A bearer token of a user: whoever has its text is that user, as far as its scopes go.

    The text has 256 bits of chance, so its plain SHA-256 is all that is kept: nobody finds the one
    from the other, and nothing has to be tried slowly.
    """

    # What lists, addresses and the audit trail call it; it opens nothing.
    token_id = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    # What its owner made it for.
    name = models.CharField(max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    # What is asked with it is asked there, with the role that its user has there.
    workspace = models.ForeignKey("studio.Workspace", on_delete=models.CASCADE)
    # Names of permissions (studio.access.permissions) that it is for; null: all of its user's.
    scopes = models.JSONField(null=True)
    created_at = models.DateTimeField()
    # From then on it is refused; null: never.
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # To a minute or so.
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.token_id
