"""``/api/diagnostics/``: what there is to say of a definition that someone is writing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.execution_roles import advice_of_role
from studio.asl.review import Finding, review
from studio.asl.source.positions import Position
from studio.rest.errors import ERRORS, DiagnosticSerializer
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated

MAX_CHARACTERS = 1_048_576
"""As many as CreateStateMachine takes."""


class DefinitionSerializer(serializers.Serializer[Any]):
    """A definition's text."""

    definition = serializers.CharField(
        max_length=MAX_CHARACTERS, allow_blank=True, trim_whitespace=False
    )
    format = NamedChoiceField("DefinitionFormat", ["JSON", "YAML"], default="JSON")


class ReviewedDefinitionSerializer(DefinitionSerializer):
    """A definition's text, and what it will run under."""

    roleArn = serializers.CharField(  # noqa: N815 - the wire's name
        source="role_arn",
        required=False,
        max_length=256,
        help_text="Also say what this execution role does not allow, where it is known here",
    )


class PositionSerializer(serializers.Serializer[Any]):
    """A place between two characters."""

    line = serializers.IntegerField(help_text="From 1")
    column = serializers.IntegerField(help_text="From 1, in UTF-16 code units")


class RangeSerializer(serializers.Serializer[Any]):
    """A part of the text, up to but without its end."""

    start = PositionSerializer()
    end = PositionSerializer()


class FixSerializer(serializers.Serializer[Any]):
    """A change of the document after which the finding is gone."""

    title = serializers.CharField()
    operations = serializers.ListField(
        child=serializers.DictField(), help_text="RFC 6902, on the definition as a document"
    )


class FindingSerializer(DiagnosticSerializer):
    """A diagnostic with its place in the text and what mends it."""

    range = RangeSerializer(allow_null=True, help_text="null where the text has no such place")
    fixes = FixSerializer(many=True)


class FindingsSerializer(serializers.Serializer[Any]):
    """Every finding: errors, then warnings AWS gives too, then advice of our own."""

    diagnostics = FindingSerializer(many=True)


class DiagnosticsView(APIView):
    """Checks a definition. Stores nothing."""

    permissions = {"POST": Permission.VIEW}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="reviewDefinition",
        tags=["definitions"],
        request=ReviewedDefinitionSerializer,
        responses={200: FindingsSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Say all there is to say of a definition, with places in its text and fixes."""
        given = validated(ReviewedDefinitionSerializer(data=request.data))
        found = review(given["definition"], given["format"], advice_of_role(given.get("role_arn")))
        return Response({"diagnostics": [_as_json(finding) for finding in found]})


def _as_json(finding: Finding) -> dict[str, Any]:
    diagnostic, place = finding.diagnostic, finding.range
    return {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "location": diagnostic.location,
        "range": place and {"start": _position(place.start), "end": _position(place.end)},
        "fixes": [
            {"title": fix.title, "operations": list(fix.operations)} for fix in diagnostic.fixes
        ],
    }


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}
