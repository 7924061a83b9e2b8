"""``/api/workspaces/``: the workspaces of the installation that one may see, and who is in them."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.caller import Caller
from studio.access.check import check
from studio.access.permissions import Permission
from studio.actions import workspaces
from studio.actions.api_tokens import KnownToken
from studio.actions.members import AccountDoesNotExist
from studio.errors import ResourceNotFound
from studio.models import Membership, Workspace
from studio.rest.access import caller_of_request
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated

ACCOUNT_ID = [OpenApiParameter("accountId", str, OpenApiParameter.PATH)]


class WorkspaceMemberSerializer(serializers.Serializer[Membership]):
    """Somebody who belongs to a workspace."""

    username = serializers.CharField(source="user.username")
    role = NamedChoiceField("Role", Membership.Role.values)
    isActive = serializers.BooleanField(source="user.is_active")


class KeptWorkspaceSerializer(serializers.Serializer["_Shown"]):
    """A workspace, and who belongs to it."""

    accountId = serializers.CharField(
        source="workspace.account", help_text="The twelve digits in its ARNs"
    )
    slug = serializers.CharField(source="workspace.slug", help_text="What commands call it")
    name = serializers.CharField(source="workspace.name")
    role = NamedChoiceField(
        "Role", Membership.Role.values, allow_null=True, help_text="One's own; null: none"
    )
    isCurrent = serializers.BooleanField(source="is_current")
    mayRename = serializers.BooleanField(
        source="may_rename", help_text="Whether one may, in the workspace one is in now"
    )
    members = WorkspaceMemberSerializer(many=True)


class NewWorkspaceSerializer(serializers.Serializer[Any]):
    """A workspace to make."""

    name = serializers.CharField(max_length=80)
    slug = serializers.SlugField(
        max_length=40, required=False, help_text="Without it one is made from the name"
    )
    accountId = serializers.RegexField(
        r"\A[0-9]{12}\Z", required=False, help_text="Stays; without it digits are made up"
    )
    admin = serializers.CharField(
        max_length=150, required=False, help_text="Its first admin, by name; without it oneself"
    )


class WorkspaceNameSerializer(serializers.Serializer[Any]):
    """A workspace's new name."""

    name = serializers.CharField(max_length=80)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A workspace as the caller sees it."""

    workspace: Workspace
    members: list[Membership]
    role: str | None
    is_current: bool
    may_rename: bool


class WorkspacesView(APIView):
    """All that one belongs to; for superusers all that there are."""

    permissions = {"GET": Permission.OWN_ACCOUNT, "POST": Permission.KEEP_WORKSPACES}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listWorkspaces",
        tags=["workspaces"],
        responses={200: KeptWorkspaceSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List the workspaces that one belongs to, the first one first, with their members.

        Superusers see all of the installation; a token sees its own.
        """
        caller = caller_of_request()
        found = Workspace.objects.order_by("pk")
        if isinstance(request.auth, KnownToken):
            # A token opens one workspace, whatever else its owner belongs to.
            check(caller, Permission.VIEW)
            found = found.filter(pk__in=[caller.workspace_id])
        elif not caller.may(Permission.KEEP_WORKSPACES):
            found = found.filter(memberships__user_id=caller.user_id)
        shown = _shown(found, caller)
        return Response([KeptWorkspaceSerializer(each).data for each in shown])

    @extend_schema(
        operation_id="createWorkspace",
        tags=["workspaces"],
        request=NewWorkspaceSerializer,
        responses={201: KeptWorkspaceSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a workspace with its first admin; only superusers may.

        404 AccountDoesNotExist: there is no such account. 409 WorkspaceAlreadyExists: the account
        id or the slug is another's.
        """
        given = validated(NewWorkspaceSerializer(data=request.data))
        caller = caller_of_request()
        accounts = get_user_model()._default_manager
        username = given.get("admin", caller.username)
        admin = accounts.filter(username=username, is_active=True).first()
        if admin is None:
            raise AccountDoesNotExist(
                message=f"There is no account '{username}'. Make the workspace with yourself as "
                "its admin; accounts are made where members are added to it."
            )
        made = workspaces.create_workspace(
            given["name"],
            given.get("slug") or workspaces.slug_for(given["name"]),
            admin,
            account_id=given.get("accountId"),
        )
        return Response(_one(made, caller), status=201)


class WorkspaceView(APIView):
    """One workspace."""

    permissions = {"PATCH": Permission.ADMINISTER}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="renameWorkspace",
        tags=["workspaces"],
        parameters=ACCOUNT_ID,
        request=WorkspaceNameSerializer,
        responses={200: KeptWorkspaceSerializer, **NOT_FOUND},
    )
    def patch(self, request: Request, accountId: str) -> Response:  # noqa: N803
        """Call the workspace one is in something else; superusers rename any.

        Its account id and slug stay, and so do all ARNs.
        """
        given = validated(WorkspaceNameSerializer(data=request.data))
        caller = caller_of_request()
        workspace = _find(accountId, caller)
        return Response(_one(workspaces.rename_workspace(workspace.pk, given["name"]), caller))


def _find(account_id: str, caller: Caller) -> Workspace:
    """The workspace with this account id, if the caller may rename it. Raises ResourceNotFound."""
    for each in Workspace.objects.all():
        if each.account == account_id and _may_rename(each, caller):
            return each
    raise ResourceNotFound(
        message=f"There is no workspace '{account_id}' here. One that you belong to is renamed "
        "from within it: go there first."
    )


def _may_rename(workspace: Workspace, caller: Caller) -> bool:
    reaches = workspace.pk == caller.workspace_id or caller.may(Permission.KEEP_WORKSPACES)
    return reaches and caller.may(Permission.ADMINISTER)


def _one(workspace: Workspace, caller: Caller) -> Any:
    (shown,) = _shown(Workspace.objects.filter(pk=workspace.pk), caller)
    return KeptWorkspaceSerializer(shown).data


def _shown(found: Any, caller: Caller) -> list[_Shown]:
    """The workspaces as the caller sees them, in two queries."""
    members = Membership.objects.select_related("user").order_by("user__username")
    prefetched = found.prefetch_related(Prefetch("memberships", members))
    return [_seen(each, list(each.memberships.all()), caller) for each in prefetched]


def _seen(workspace: Workspace, members: list[Membership], caller: Caller) -> _Shown:
    own = [member.role for member in members if member.user_id == caller.user_id]
    return _Shown(
        workspace=workspace,
        members=members,
        role=own[0] if own else None,
        is_current=workspace.pk == caller.workspace_id,
        may_rename=_may_rename(workspace, caller),
    )
