"""``/api/state-machines/{name}/revisions/``: what a state machine was, and what changed since."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
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
from studio.asl import json_text
from studio.asl.changes.assembly import NotComparable
from studio.asl.changes.compare import compare
from studio.asl.changes.wire import as_members
from studio.asl.source.yaml_text import InvalidYaml, read_yaml
from studio.errors import RevisionDoesNotExist
from studio.models import Draft, StateMachine, StateMachineAlias, StateMachineRevision
from studio.rest.errors import NOT_FOUND
from studio.rest.fields import MomentField, NamedChoiceField, PagingSerializer
from studio.rest.parsers import validated
from studio.rest.session import user_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DRAFT = "draft"
"""What stands for one's own draft where a revision's id may stand."""
NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="The state machine's name")


class RoutedAliasSerializer(serializers.Serializer[Any]):
    """An alias that starts a version."""

    name = serializers.CharField()
    weight = serializers.IntegerField(help_text="Percent of what it starts")


class RevisionSerializer(serializers.Serializer[Any]):
    """What a state machine was between two updates."""

    revisionId = serializers.UUIDField(source="revision.revision_id")
    version = serializers.IntegerField(allow_null=True, help_text="null: not published")
    description = serializers.CharField(help_text="The version's")
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


class ComparedSerializer(serializers.Serializer[Any]):
    """One of the two that are compared."""

    definition = serializers.CharField(help_text="As it was written")
    format = NamedChoiceField("DefinitionFormat", Draft.Format.values)
    roleArn = serializers.CharField(source="role_arn", allow_null=True)


class PlaceSerializer(serializers.Serializer[Any]):
    """A scope: the state that owns it (null: the state machine), and which of its scopes it is."""

    owner = serializers.CharField(allow_null=True)
    index = serializers.IntegerField()


class ChangeSerializer(serializers.Serializer[Any]):
    """One change. What does not belong to its kind is left out."""

    kind = NamedChoiceField(
        "ChangeKind",
        ["RENAMED", "SCOPES_CHANGED", "ADDED", "MOVED", "REMOVED", "FIELD_CHANGED"],
    )
    sentence = serializers.CharField(help_text="The change as a person would say it")
    state = serializers.CharField(
        allow_null=True,
        help_text="By its name now, or where it is gone the one it had; null: the state machine",
    )
    oldName = serializers.CharField(required=False)
    scope = PlaceSerializer(required=False)
    path = serializers.ListField(required=False, help_text="Within the state or scope")
    before = serializers.JSONField(required=False, help_text="Left out where there was none")
    after = serializers.JSONField(required=False, help_text="Left out where there is none")


class ComparisonSerializer(serializers.Serializer[Any]):
    """What changed from the one to the other."""

    before = ComparedSerializer()
    after = ComparedSerializer()
    changes = ChangeSerializer(many=True)
    problem = serializers.CharField(
        allow_null=True, help_text="Why their states could not be compared; the texts still can"
    )


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
        found = found.select_related("version").defer("definition", "source").order_by("-pk")
        if "cursor" in query:
            found = found.filter(pk__lt=query["cursor"])
        limit = query["limit"]
        revisions = list(found[: limit + 1])
        aliases = _aliases(machine)
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
        changes, problem = [], None
        try:
            changes = [as_members(each) for each in compare(_document(before), _document(after))]
        except NotComparable as fault:
            problem = str(fault)
        return Response(
            ComparisonSerializer(
                {"before": before, "after": after, "changes": changes, "problem": problem}
            ).data
        )


def _shown(
    revision: StateMachineRevision,
    machine: StateMachine,
    aliases: Mapping[int, list[dict[str, Any]]],
) -> dict[str, Any]:
    version = getattr(revision, "version", None)
    return {
        "revision": revision,
        "version": version and version.number,
        "description": version.description if version else "",
        "is_current": revision.pk == machine.current_id,
        "aliases": aliases.get(version.pk, []) if version else [],
    }


@dataclass(frozen=True, slots=True)
class _Compared:
    definition: str
    format: str
    role_arn: str | None


def _compared(machine: StateMachine, which: str, request: Request) -> _Compared:
    if which == DRAFT:
        draft = get_draft(user_id(request), machine.name)
        return _Compared(draft.definition, draft.format, None)
    try:
        found = StateMachineRevision.objects.filter(state_machine=machine, revision_id=UUID(which))
    except ValueError:
        raise ValidationError({"revision": [f"'{which}' is no revision's id."]}) from None
    revision = found.first()
    if revision is None:
        raise RevisionDoesNotExist(which)
    if revision.source:
        return _Compared(revision.source, Draft.Format.YAML, revision.role_arn)
    return _Compared(revision.definition, Draft.Format.JSON, revision.role_arn)


def _document(compared: _Compared) -> Any:
    try:
        if compared.format == Draft.Format.YAML:
            return read_yaml(compared.definition)[0]
        return json_text.loads(compared.definition)
    except (InvalidYaml, json_text.InvalidJson) as fault:
        raise NotComparable(f"The definition cannot be read: {fault}") from None


def _aliases(machine: StateMachine) -> Mapping[int, list[dict[str, Any]]]:
    routed: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    aliases: Iterable[StateMachineAlias] = machine.aliases.order_by("name")
    for alias in aliases:
        routed[alias.version_id].append({"name": alias.name, "weight": alias.weight})
        if alias.second_version_id is not None:
            rest = {"name": alias.name, "weight": 100 - alias.weight}
            routed[alias.second_version_id].append(rest)
    return routed
