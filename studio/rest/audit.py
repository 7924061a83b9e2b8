"""``/api/audit/``: the audit trail, searched and taken away as a file."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

import json
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.audit_export import FORMATS, export
from studio.actions.audit_search import AuditFilter, find_entries
from studio.models import ActorKind, AuditAction, AuditEntry
from studio.rest.access import caller_of_request
from studio.rest.errors import ERRORS, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField, PagingSerializer
from studio.rest.parsers import validated

REFUSED = {**ERRORS, 403: ApiErrorSerializer}


class AuditFilterSerializer(serializers.Serializer[Any]):
    """Which entries."""

    actor = serializers.CharField(required=False, help_text="A user's name")
    action = NamedChoiceField("AuditAction", [str(each) for each in AuditAction], required=False)
    subject = serializers.CharField(
        required=False, help_text="The beginning or the end of an ARN, a name or an id"
    )
    text = serializers.CharField(required=False, help_text="Anywhere in subject or details")
    after = serializers.DateTimeField(required=False)
    before = serializers.DateTimeField(required=False)


class AuditQuerySerializer(PagingSerializer, AuditFilterSerializer):
    """Which entries, and from where on."""

    cursor = serializers.IntegerField(required=False, min_value=0)  # type: ignore[assignment]


class AuditExportQuerySerializer(AuditFilterSerializer):
    """Which entries, and how they are written."""

    form = NamedChoiceField("AuditExportForm", list(FORMATS), default="jsonl")


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """One thing that somebody did."""

    at = MomentField()
    actorKind = NamedChoiceField("ActorKind", [str(e) for e in ActorKind], source="actor_kind")
    accessKeyId = serializers.CharField(source="access_key_id", help_text="Empty: no key was used")
    details = serializers.SerializerMethodField()
    requestId = serializers.CharField(source="request_id")
    sequence = serializers.IntegerField(
        allow_null=True, help_text="Its number in the chain; null for the first seconds"
    )

    class Meta:
        model = AuditEntry
        fields = (
            "id",
            "sequence",
            "at",
            "actorKind",
            "actor",
            "accessKeyId",
            "action",
            "subject",
            "workspace",
            "details",
            "address",
            "requestId",
            "hash",
        )

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_details(self, entry: AuditEntry) -> Any:
        """What else is to be said."""
        return json.loads(entry.details)


class AuditPageSerializer(serializers.Serializer[Any]):
    """A page of entries, the latest first."""

    results = AuditEntrySerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)
    searchedTo = MomentField(
        allow_null=True, help_text="How far was looked where not a whole page was found"
    )


class AuditView(APIView):
    """The audit trail."""

    permissions = {"GET": Permission.ADMINISTER}

    @extend_schema(
        operation_id="listAuditEntries",
        tags=["audit"],
        parameters=[AuditQuerySerializer],
        responses={200: AuditPageSerializer, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """List what was done, the latest first.

        A subject or text is looked for among the latest 20,000 entries at a time: a page that ends
        with ``searchedTo`` may be followed by one with more, even if it is empty.
        """
        query = validated(AuditQuerySerializer(data=request.query_params))
        page = find_entries(
            _filter(request, query), before=query.get("cursor"), limit=query["limit"]
        )
        answer = {
            "results": page.entries,
            "nextCursor": None if page.next_before is None else str(page.next_before),
            "searchedTo": page.searched_to,
        }
        return Response(AuditPageSerializer(answer).data)


class AuditExportView(APIView):
    """The audit trail as a file."""

    permissions = {"GET": Permission.ADMINISTER}

    @extend_schema(
        operation_id="exportAuditEntries",
        tags=["audit"],
        parameters=[AuditExportQuerySerializer],
        responses={(200, "application/x-ndjson"): OpenApiTypes.BINARY, **REFUSED},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Give the entries in the order of the chain, as JSON Lines or CSV."""
        query = validated(AuditExportQuerySerializer(data=request.query_params))
        form = query["form"]
        return StreamingHttpResponse(
            export(_filter(request, query), form),
            content_type=FORMATS[form],
            headers={
                "Content-Disposition": f'attachment; filename="stepwell-audit.{form}"',
                "Cache-Control": "no-store",
            },
        )


def _filter(request: Request, query: dict[str, Any]) -> AuditFilter:
    """What is asked for, of what an admin may see: the workspace; who keeps it all sees it all."""
    assert request.user.is_authenticated
    everything = request.user.is_superuser
    return AuditFilter(
        workspace=None if everything else caller_of_request().account_id,
        actor=query.get("actor", ""),
        action=query.get("action", ""),
        subject=query.get("subject", ""),
        text=query.get("text", ""),
        after=query.get("after"),
        before=query.get("before"),
    )
