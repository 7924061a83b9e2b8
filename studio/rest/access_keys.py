"""The signed-in user's access keys, with which programs sign their requests."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.access_keys import (
    create_access_key,
    get_access_key,
    keys_of,
    revoke_access_key,
)
from studio.models import AccessKey
from studio.rest.credentials import (
    MEMBERS,
    CredentialSerializer,
    LimitsSerializer,
    workspace_to_open,
)
from studio.rest.errors import ERRORS, NOT_FOUND
from studio.rest.parsers import validated


class AccessKeySerializer(CredentialSerializer):
    """An access key without its secret, which cannot be read again."""

    accessKeyId = serializers.CharField(source="access_key_id")

    class Meta:
        model = AccessKey
        fields = ("accessKeyId", *MEMBERS)


class NewAccessKeySerializer(AccessKeySerializer):
    """An access key just made, with its secret: this is the one time that it is shown."""

    secretAccessKey = serializers.CharField()

    class Meta(AccessKeySerializer.Meta):
        fields = (*AccessKeySerializer.Meta.fields, "secretAccessKey")  # type: ignore[assignment]


class WantedAccessKeySerializer(LimitsSerializer):
    """What a new key is for, and until when."""


class AccessKeysView(APIView):
    """``/api/access-keys/``."""

    permissions = {"GET": Permission.OWN_ACCOUNT, "POST": Permission.OWN_ACCOUNT}

    @extend_schema(
        operation_id="listAccessKeys",
        tags=["access keys"],
        responses={200: AccessKeySerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List the signed-in user's keys, the newest first, revoked ones included."""
        return Response(AccessKeySerializer(keys_of(_user(request)), many=True).data)

    @extend_schema(
        operation_id="createAccessKey",
        tags=["access keys"],
        request=WantedAccessKeySerializer,
        responses={201: NewAccessKeySerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Make a key for the signed-in user; its secret is in this answer and nowhere else."""
        given = validated(WantedAccessKeySerializer(data=request.data))
        key, secret = create_access_key(
            _user(request),
            workspace_to_open("A key"),
            scopes=given.get("scopes"),
            expires_at=given.get("expiresAt"),
        )
        shown = {**AccessKeySerializer(key).data, "secretAccessKey": secret}
        return Response(shown, status=201, headers={"Cache-Control": "no-store"})


class AccessKeyView(APIView):
    """``/api/access-keys/{accessKeyId}/``."""

    permissions = {"DELETE": Permission.OWN_ACCOUNT}

    @extend_schema(
        operation_id="revokeAccessKey",
        tags=["access keys"],
        responses={200: AccessKeySerializer, **NOT_FOUND},
    )
    def delete(self, request: Request, access_key_id: str) -> Response:
        """Revoke a key: within five seconds no process accepts it. It stays in the list."""
        key = get_access_key(access_key_id, _user(request))
        revoke_access_key(key)
        key.refresh_from_db()
        return Response(AccessKeySerializer(key).data)


def _user(request: Request) -> AbstractBaseUser:
    """Whoever is signed in: nobody else comes as far as a view."""
    assert request.user.is_authenticated
    return request.user
