"""``/api/tokens/``: the signed-in user's tokens, with which programs call this API."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.api_tokens import create_token, get_token, revoke_token, tokens_of
from studio.models import ApiToken
from studio.rest.credentials import (
    MEMBERS,
    CredentialSerializer,
    LimitsSerializer,
    workspace_to_open,
)
from studio.rest.errors import ERRORS, NOT_FOUND
from studio.rest.parsers import StrictJsonParser, validated


class ApiTokenSerializer(CredentialSerializer):
    """A token without its text, which cannot be read again."""

    tokenId = serializers.CharField(source="token_id", help_text="Names it, and opens nothing")

    class Meta:
        model = ApiToken
        fields = ("tokenId", "name", *MEMBERS)


class NewApiTokenSerializer(ApiTokenSerializer):
    """A token just made, with its text: this is the one time that it is shown."""

    token = serializers.CharField()

    class Meta(ApiTokenSerializer.Meta):
        fields = (*ApiTokenSerializer.Meta.fields, "token")  # type: ignore[assignment]


class WantedApiTokenSerializer(LimitsSerializer):
    """What a new token is called, what it is for, and until when."""

    name = serializers.CharField(max_length=80)


class ApiTokensView(APIView):
    """``/api/tokens/``."""

    permissions = {"GET": Permission.OWN_ACCOUNT, "POST": Permission.OWN_ACCOUNT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listApiTokens",
        tags=["access keys"],
        responses={200: ApiTokenSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List the signed-in user's tokens, the newest first, revoked ones included."""
        assert request.user.is_authenticated
        return Response(ApiTokenSerializer(tokens_of(request.user), many=True).data)

    @extend_schema(
        operation_id="createApiToken",
        tags=["access keys"],
        request=WantedApiTokenSerializer,
        responses={201: NewApiTokenSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Make a token for the signed-in user; its text is in this answer and nowhere else."""
        assert request.user.is_authenticated
        given = validated(WantedApiTokenSerializer(data=request.data))
        token, text = create_token(
            request.user,
            workspace_to_open("A token"),
            given["name"],
            scopes=given.get("scopes"),
            expires_at=given.get("expiresAt"),
        )
        shown = {**ApiTokenSerializer(token).data, "token": text}
        return Response(shown, status=201, headers={"Cache-Control": "no-store"})


class ApiTokenView(APIView):
    """``/api/tokens/{tokenId}/``."""

    permissions = {"DELETE": Permission.OWN_ACCOUNT}

    @extend_schema(
        operation_id="revokeApiToken",
        tags=["access keys"],
        responses={200: ApiTokenSerializer, **NOT_FOUND},
    )
    def delete(self, request: Request, token_id: str) -> Response:
        """Revoke a token: no process accepts it any more. It stays in the list."""
        assert request.user.is_authenticated
        revoke_token(get_token(token_id, request.user))
        return Response(ApiTokenSerializer(get_token(token_id, request.user)).data)
