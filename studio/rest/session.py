"""Who is signed in, and to what."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.caller import CHOSEN
from studio.access.permissions import Permission
from studio.actions.workspaces import get_own_workspace, workspaces_of
from studio.models import Membership
from studio.rest.access import caller_of_request
from studio.rest.errors import ERRORS, NOT_FOUND
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated


class WorkspaceSerializer(serializers.Serializer[Any]):
    """A workspace that somebody belongs to."""

    accountId = serializers.CharField(source="account")  # noqa: N815 - the wire's name
    name = serializers.CharField()


class ChosenWorkspaceSerializer(serializers.Serializer[Any]):
    """The workspace to go over to."""

    accountId = serializers.CharField()  # noqa: N815 - the wire's name


class SessionSerializer(serializers.Serializer[Any]):
    """Who is signed in, in which workspace, and what they may do there."""

    username = serializers.CharField()
    accountId = serializers.CharField()  # noqa: N815 - the wire's name
    region = serializers.CharField()
    workspace = serializers.CharField(
        allow_null=True, help_text="The workspace's name; null: they belong to none"
    )
    workspaces = WorkspaceSerializer(many=True, help_text="Those that they belong to")
    role = NamedChoiceField("Role", Membership.Role.values, allow_null=True)
    hasPassword = serializers.BooleanField(  # noqa: N815
        help_text="Whether they have a password here, and not only at an OpenID provider"
    )
    permissions = serializers.ListField(
        child=NamedChoiceField("Permission", [str(each) for each in Permission]),
        help_text="What the page may offer; the server checks it again",
    )


def user_id(request: Request) -> int:
    """The id of the user who is signed in; nobody else gets as far as a view."""
    pk = request.user.pk
    assert isinstance(pk, int)
    return pk


def _has_password(request: Request) -> bool:
    assert request.user.is_authenticated
    return request.user.has_usable_password()


@method_decorator(ensure_csrf_cookie, name="dispatch")
class SessionView(APIView):
    """``/api/session/``."""

    permissions = {"GET": Permission.OWN_ACCOUNT}

    @extend_schema(
        operation_id="getSession", tags=["session"], responses={200: SessionSerializer, **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """Tell who is signed in, and what they may do."""
        caller = caller_of_request()
        session = {
            "username": request.user.get_username(),
            "accountId": caller.account_id or settings.AWS_ACCOUNT_ID,
            "region": settings.AWS_REGION,
            "workspace": caller.workspace_name,
            "workspaces": workspaces_of(user_id(request)),
            "role": caller.role,
            "hasPassword": settings.PASSWORDS and _has_password(request),
            "permissions": [str(each) for each in Permission if caller.may(each)],
        }
        return Response(SessionSerializer(session).data)


class ChosenWorkspaceView(APIView):
    """``/api/session/workspace/``."""

    permissions = {"PUT": Permission.OWN_ACCOUNT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="chooseWorkspace",
        tags=["session"],
        request=ChosenWorkspaceSerializer,
        responses={204: None, **NOT_FOUND},
    )
    def put(self, request: Request) -> Response:
        """Go over to another workspace that one belongs to, with all pages of this session."""
        given = validated(ChosenWorkspaceSerializer(data=request.data))
        request.session[CHOSEN] = get_own_workspace(user_id(request), given["accountId"]).pk
        return Response(status=204)
