"""``/api/drafts/``: what the person who is signed in is working on. Nobody else sees it."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.drafts import discard_draft, get_draft, save_draft
from studio.models import Draft
from studio.rest.diagnostics import MAX_CHARACTERS
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.session import user_id

NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="The state machine's name")


SETTINGS_HELP = (
    "What goes with the definition: all that a state machine will have that does not exist yet, "
    "of another one what was changed; by the names of the page that edits it. Nothing is checked "
    "before it is published"
)
MAX_SETTINGS_CHARACTERS = 300_000
"""As JSON: a sample input of the largest size an execution takes, and some more."""


def check_settings(settings: dict[str, Any]) -> None:
    """Refuse what no state machine could have."""
    if len(json.dumps(settings)) > MAX_SETTINGS_CHARACTERS:
        raise serializers.ValidationError(f"More than {MAX_SETTINGS_CHARACTERS} characters.")


class DraftSummarySerializer(serializers.Serializer[Any]):
    """A draft in the list."""

    name = serializers.CharField(source="short_name")
    format = NamedChoiceField("DefinitionFormat", Draft.Format.values)
    baseRevisionId = serializers.CharField(
        source="base_revision_id",
        allow_null=True,
        help_text="The revision it began from; null where there was no state machine",
    )
    sequence = serializers.IntegerField(help_text="Counts what was saved")
    updateDate = MomentField(source="updated_at")


class DraftSerializer(DraftSummarySerializer):
    """A draft with its text."""

    definition = serializers.CharField(help_text="As it was written; it may be broken")
    settings = serializers.DictField(help_text=SETTINGS_HELP)


class SaveDraftSerializer(serializers.Serializer[Any]):
    """What is saved."""

    definition = serializers.CharField(
        max_length=MAX_CHARACTERS, allow_blank=True, trim_whitespace=False
    )
    format = NamedChoiceField("DefinitionFormat", Draft.Format.values, default="JSON")
    baseRevisionId = serializers.UUIDField(source="base_revision_id", allow_null=True, default=None)
    settings = serializers.DictField(
        default=dict, validators=[check_settings], help_text=SETTINGS_HELP
    )
    follows = serializers.IntegerField(
        min_value=0, default=0, help_text="The sequence it goes on from; 0 where there was no draft"
    )


class DraftsSerializer(serializers.Serializer[Any]):
    """All drafts of one person."""

    results = DraftSummarySerializer(many=True)


class DraftsView(APIView):
    """The drafts of the person who is signed in."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listDrafts", tags=["drafts"], responses={200: DraftsSerializer, **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """List one's own drafts by name."""
        found = Draft.objects.filter(owner_id=user_id(request)).defer("definition", "settings")
        return Response(DraftsSerializer({"results": found}).data)


class DraftView(APIView):
    """One's own draft of one state machine."""

    permissions = {"GET": Permission.VIEW, "PUT": Permission.EDIT, "DELETE": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getDraft",
        tags=["drafts"],
        parameters=[NAME],
        responses={200: DraftSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, name: str) -> Response:
        """Give the draft as it was last saved."""
        return Response(DraftSerializer(get_draft(user_id(request), name)).data)

    @extend_schema(
        operation_id="saveDraft",
        tags=["drafts"],
        parameters=[NAME],
        request=SaveDraftSerializer,
        responses={200: DraftSerializer, **ERRORS, 409: ApiErrorSerializer},
    )
    def put(self, request: Request, name: str) -> Response:
        """Save what has been written so far. Nothing is checked: a draft may be broken."""
        given = validated(SaveDraftSerializer(data=request.data))
        return Response(DraftSerializer(save_draft(user_id(request), name, **given)).data)

    @extend_schema(
        operation_id="discardDraft",
        tags=["drafts"],
        parameters=[NAME],
        responses={204: None, **ERRORS},
    )
    def delete(self, request: Request, name: str) -> Response:
        """Delete the draft."""
        discard_draft(user_id(request), name)
        return Response(status=204)
