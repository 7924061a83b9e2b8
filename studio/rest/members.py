"""``/api/members/``: who belongs to the workspace, and as what."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions import members
from studio.models import Membership, Workspace
from studio.rest.access import caller_of_request
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated

USERNAME = [OpenApiParameter("username", str, OpenApiParameter.PATH)]


class MemberSerializer(serializers.Serializer[Membership]):
    """Somebody who belongs to the workspace."""

    username = serializers.CharField(source="user.username")
    role = NamedChoiceField("Role", Membership.Role.values)
    since = MomentField(source="created_at")
    lastSignIn = MomentField(source="user.last_login", allow_null=True)
    isActive = serializers.BooleanField(
        source="user.is_active", help_text="Whether the account may sign in at all"
    )


class NewMemberSerializer(serializers.Serializer[Any]):
    """Somebody to add, by the name of their account."""

    username = serializers.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    role = NamedChoiceField("Role", Membership.Role.values)
    createAccount = serializers.BooleanField(
        default=False, help_text="Whether to make the account, where there is none"
    )


class AddedMemberSerializer(MemberSerializer):
    """A member just added."""

    password = serializers.CharField(
        allow_null=True,
        help_text="Of an account that was made, this once: hand it over; null: they have theirs",
    )


class RoleSerializer(serializers.Serializer[Any]):
    """A member's new role."""

    role = NamedChoiceField("Role", Membership.Role.values)


class MembersView(APIView):
    """All members."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.ADMINISTER}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listMembers",
        tags=["members"],
        responses={200: MemberSerializer(many=True), **ERRORS},
    )
    def get(self, _: Request) -> Response:
        """List the workspace's members by name."""
        found = _workspace().memberships.select_related("user").order_by("user__username")
        return Response([MemberSerializer(member).data for member in found])

    @extend_schema(
        operation_id="addMember",
        tags=["members"],
        request=NewMemberSerializer,
        responses={201: AddedMemberSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add somebody who has an account, or make one with a password that is shown this once."""
        given = validated(NewMemberSerializer(data=request.data))
        member, password = members.add_member(
            _workspace(), given["username"], given["role"], create=given["createAccount"]
        )
        shown = {**MemberSerializer(member).data, "password": password}
        return Response(shown, status=201, headers={"Cache-Control": "no-store"})


class MemberView(APIView):
    """One member."""

    permissions = {"PATCH": Permission.ADMINISTER, "DELETE": Permission.ADMINISTER}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="setRole",
        tags=["members"],
        parameters=USERNAME,
        request=RoleSerializer,
        responses={200: MemberSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def patch(self, request: Request, username: str) -> Response:
        """Give a member another role; 409 LastAdmin where nobody else is an admin."""
        given = validated(RoleSerializer(data=request.data))
        member = members.get_member(_workspace(), username)
        changed = members.set_role(_workspace(), member.user, given["role"])
        return Response(MemberSerializer(changed).data)

    @extend_schema(
        operation_id="removeMember",
        tags=["members"],
        parameters=USERNAME,
        responses={204: None, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def delete(self, _: Request, username: str) -> Response:
        """Withdraw a membership; the account stays. 409 LastAdmin: nobody else is an admin."""
        member = members.get_member(_workspace(), username)
        members.remove_member(_workspace(), member.user)
        return Response(status=204)


def _workspace() -> Workspace:
    """The caller's. Whoever may view or administer anything is in one."""
    workspace_id = caller_of_request().workspace_id
    assert workspace_id is not None
    return Workspace.objects.get(pk=workspace_id)
