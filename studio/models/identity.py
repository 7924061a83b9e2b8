"""Who somebody is at an OpenID provider."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Identity(models.Model):
    """The account that somebody gets who signs in at an OpenID provider.

    Issuer and subject together name a person for good; names and addresses of mail change hands,
    and are never what an account is found by.
    """

    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("issuer", "subject"), name="one_account_for_an_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"
