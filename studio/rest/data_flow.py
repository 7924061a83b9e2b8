"""``/api/data-flow/``: what the fields of a state that someone is writing can name."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.asl import json_text
from studio.asl.data_flow.offered import Offered, offered
from studio.asl.source.yaml_text import InvalidYaml, read_yaml
from studio.rest.diagnostics import DefinitionSerializer
from studio.rest.errors import ERRORS
from studio.rest.parsers import StrictJsonParser, validated

if TYPE_CHECKING:
    from rest_framework.request import Request

NOTHING = Offered(*(("$",),) * 6, variables=())
"""What is offered where the text cannot be read, or has no such state."""


class StateToCompleteSerializer(DefinitionSerializer):
    """A definition's text and one of its states."""

    stateName = serializers.CharField(trim_whitespace=False)  # noqa: N815 - the wire's name


class OfferedSerializer(serializers.Serializer[Any]):
    """Paths at each stage of a state's data, and the variables it can read."""

    input = serializers.ListField(child=serializers.CharField())
    effective = serializers.ListField(
        child=serializers.CharField(), help_text="Into what InputPath leaves of the input"
    )
    result = serializers.ListField(child=serializers.CharField())
    selected = serializers.ListField(
        child=serializers.CharField(), help_text="Into what ResultSelector makes of the result"
    )
    combined = serializers.ListField(
        child=serializers.CharField(), help_text="Into the input with the result at ResultPath"
    )
    output = serializers.ListField(child=serializers.CharField())
    variables = serializers.ListField(
        child=serializers.CharField(), help_text="Names, without the $ in front"
    )


class DataFlowView(APIView):
    """Follows the data through a definition. Stores nothing."""

    permissions = {"POST": Permission.VIEW}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="followData",
        tags=["definitions"],
        request=StateToCompleteSerializer,
        responses={200: OfferedSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Give the paths and variables that a state can name, as far as the definition tells."""
        given = validated(StateToCompleteSerializer(data=request.data))
        try:
            if given["format"] == "YAML":
                document = read_yaml(given["definition"])[0]
            else:
                document = json_text.loads(given["definition"])
        except (InvalidYaml, json_text.InvalidJson):
            document = None
        found = offered(document, given["stateName"]) if isinstance(document, dict) else None
        return Response(asdict(found or NOTHING))
