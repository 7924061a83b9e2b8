"""``/api/state-machines/{name}/revisions/``: what a state machine was, and what changed since."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.drafts import get_draft
from studio.actions.state_machines import get_state_machine
from studio.errors import RevisionDoesNotExist
from studio.models import StateMachine, StateMachineRevision
from studio.rest.comparisons import (
    Compared,
    ComparisonSerializer,
    RoutedAliasSerializer,
    compared_answer,
    routed_aliases,
)
from studio.rest.errors import NOT_FOUND
from studio.rest.fields import MomentField, PagingSerializer
from studio.rest.parsers import validated
from studio.rest.session import user_id
from studio.sensitive_fields import marks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DRAFT = "draft"
"""What stands for one's own draft where a revision's id may stand."""
NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="The state machine's name")


class RevisionSerializer(serializers.Serializer[Any]):
    """What a state machine was between two updates."""

    revisionId = serializers.UUIDField(source="revision.revision_id")
    version = serializers.IntegerField(allow_null=True, help_text="null: it has no number")
    description = serializers.CharField(help_text="The version's, or else why it was made")
    author = serializers.CharField(
        allow_null=True, help_text="Who made it; null: nobody was signed in, or it is not known"
    )
    creationDate = MomentField(source="revision.created_at")
    isCurrent = serializers.BooleanField(
        source="is_current", help_text="Whether new executions run it"
    )
    aliases = RoutedAliasSerializer(many=True)


class RevisionPageSerializer(serializers.Serializer[Any]):
    """A page of revisions, the latest first."""

    results = RevisionSerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)


class RevisionsQuerySerializer(PagingSerializer):
    """Which revisions."""

    cursor = serializers.IntegerField(required=False, min_value=0)  # type: ignore[assignment]


class ComparisonQuerySerializer(serializers.Serializer[Any]):
    """Which two to compare: ids of revisions, or ``draft`` for one's own draft."""

    before = serializers.CharField()
    after = serializers.CharField()


class RevisionsView(APIView):
    """The history of a state machine."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listRevisions",
        tags=["state machines"],
        parameters=[NAME, RevisionsQuerySerializer],
        responses={200: RevisionPageSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, name: str) -> Response:
        """List a state machine's revisions, the latest first."""
        machine = get_state_machine(name)
        query = validated(RevisionsQuerySerializer(data=request.query_params))
        found = StateMachineRevision.objects.filter(state_machine=machine)
        found = (
            found.select_related("version", "author").defer("definition", "source").order_by("-pk")
        )
        if "cursor" in query:
            found = found.filter(pk__lt=query["cursor"])
        limit = query["limit"]
        revisions = list(found[: limit + 1])
        aliases = routed_aliases(machine)
        page = {
            "results": [_shown(each, machine, aliases) for each in revisions[:limit]],
            "nextCursor": str(revisions[limit - 1].pk) if len(revisions) > limit else None,
        }
        return Response(RevisionPageSerializer(page).data)


class ComparisonView(APIView):
    """What changed between two revisions, or in a draft."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="compareRevisions",
        tags=["state machines"],
        parameters=[NAME, ComparisonQuerySerializer],
        responses={200: ComparisonSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, name: str) -> Response:
        """Compare two revisions of a state machine, or one with one's own draft."""
        query = validated(ComparisonQuerySerializer(data=request.query_params))
        machine = get_state_machine(name)
        before = _compared(machine, query["before"], request)
        after = _compared(machine, query["after"], request)
        return Response(compared_answer(before, after, marks_of(machine.sensitive_fields)))


def _shown(
    revision: StateMachineRevision,
    machine: StateMachine,
    aliases: Mapping[int, list[dict[str, Any]]],
) -> dict[str, Any]:
    version = getattr(revision, "version", None)
    return {
        "revision": revision,
        "version": version and version.number,
        "description": (version.description if version else "") or revision.description,
        "author": revision.author.get_username() if revision.author else None,
        "is_current": revision.pk == machine.current_id,
        "aliases": aliases.get(version.pk, []) if version else [],
    }


def _compared(machine: StateMachine, which: str, request: Request) -> Compared:
    if which == DRAFT:
        return Compared.of_draft(get_draft(user_id(request), machine.name))
    return Compared.of_revision(revision_of(machine, which))


def revision_of(machine: StateMachine, revision_id: str) -> StateMachineRevision:
    """A revision of a state machine. Raises RevisionDoesNotExist, or DRF's ValidationError."""
    try:
        wanted = UUID(revision_id)
    except ValueError:
        raise ValidationError({"revision": [f"'{revision_id}' is no revision's id."]}) from None
    found = StateMachineRevision.objects.select_related("version", "state_machine")
    revision = found.filter(state_machine=machine, revision_id=wanted).first()
    if revision is None:
        raise RevisionDoesNotExist(revision_id)
    return revision
