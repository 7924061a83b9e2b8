"""What access keys and tokens have in common, as the answers have it."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from studio.access.permissions import SCOPES
from studio.errors import ValidationException
from studio.rest.access import caller_of_request
from studio.rest.fields import NamedChoiceField

MEMBERS = ("workspace", "scopes", "createdAt", "lastUsedAt", "expiresAt", "revokedAt")
"""Those of every credential, for a serializer's ``Meta.fields``."""


class CredentialSerializer(serializers.ModelSerializer[Any]):
    """What programs come with, without its secret, which cannot be read again."""

    createdAt = serializers.DateTimeField(source="created_at")
    lastUsedAt = serializers.DateTimeField(
        source="last_used_at", allow_null=True, help_text="To a minute or so; null: never"
    )
    workspace = serializers.CharField(source="workspace.name", help_text="Where it is good")
    scopes = serializers.ListField(
        child=NamedChoiceField("Scope", [str(each) for each in SCOPES]),
        allow_null=True,
        help_text="What it is for, of what the role allows; null: all of that",
    )
    expiresAt = serializers.DateTimeField(
        source="expires_at", allow_null=True, help_text="null: never"
    )
    revokedAt = serializers.DateTimeField(
        source="revoked_at", allow_null=True, help_text="null: it is in force"
    )


class LimitsSerializer(serializers.Serializer[Any]):
    """What a new credential is for, and until when."""

    scopes = serializers.ListField(
        child=NamedChoiceField("Scope", [str(each) for each in SCOPES]),
        required=False,
        allow_null=True,
        allow_empty=False,
        help_text="Without them all that the role allows",
    )
    expiresAt = serializers.DateTimeField(required=False, allow_null=True)


def workspace_to_open(what: str) -> int:
    """The id of the workspace that the caller's new credential opens.

    Raises:
        ValidationException: they belong to none.
    """
    workspace_id = caller_of_request().workspace_id
    if workspace_id is None:
        raise ValidationException(message=f"{what} opens a workspace, and you belong to none yet.")
    return workspace_id
