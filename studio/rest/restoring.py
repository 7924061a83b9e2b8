"""``/api/state-machines/{name}/revisions/{revisionId}/restore/``: an older revision once more."""

# ruff: noqa: N803, N815 - the wire's names

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.drafts import save_draft
from studio.actions.state_machines import get_state_machine, update_state_machine
from studio.models import Draft
from studio.rest.errors import NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.session import user_id
from studio.rest.versions import NAME, revision_of

REVISION = OpenApiParameter("revisionId", UUID, OpenApiParameter.PATH)


class RestoreSerializer(serializers.Serializer[Any]):
    """What becomes of an older revision."""

    to = NamedChoiceField(
        "RestoreTo",
        ["REVISION", "DRAFT"],
        help_text="REVISION: new executions run it at once. DRAFT: one's own draft is it",
    )
    description = serializers.CharField(default="", allow_blank=True, max_length=256)
    publish = serializers.BooleanField(default=False, help_text="Of REVISION: with a version")
    baseRevisionId = serializers.UUIDField(
        required=False, help_text="The revision that is current; another one is a conflict"
    )
    follows = serializers.IntegerField(
        default=0, min_value=0, help_text="The sequence of one's draft; 0 where there is none"
    )


class RestoredSerializer(serializers.Serializer[Any]):
    """What was made of it."""

    revisionId = serializers.UUIDField(help_text="The current revision")


class RestoreView(APIView):
    """Restores a revision."""

    permissions = {"POST": Permission.PUBLISH}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="restoreRevision",
        tags=["state machines"],
        parameters=[NAME, REVISION],
        request=RestoreSerializer,
        responses={200: RestoredSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, name: str, revisionId: UUID) -> Response:
        """Make an older revision the current one again, as a new revision, or one's draft."""
        given = validated(RestoreSerializer(data=request.data))
        machine = get_state_machine(name)
        revision = revision_of(machine, str(revisionId))
        if given["to"] == "DRAFT":
            save_draft(
                user_id(request),
                name,
                definition=revision.source or revision.definition,
                format=Draft.Format.YAML if revision.source else Draft.Format.JSON,
                base_revision_id=machine.current.revision_id if machine.current else None,
                follows=given["follows"],
            )
        else:
            version = getattr(revision, "version", None)
            which = f"version {version.number}" if version else f"revision {revision.revision_id}"
            machine, _ = update_state_machine(
                machine,
                definition=revision.definition,
                source=revision.source,
                role_arn=revision.role_arn,
                publish=given["publish"],
                version_description=given["description"] or f"Restores {which}",
                base_revision_id=given.get("baseRevisionId"),
                author_id=user_id(request),
                description=given["description"] or f"Restores {which}",
            )
        current = machine.current
        return Response(RestoredSerializer({"revisionId": current and current.revision_id}).data)
