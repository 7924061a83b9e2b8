"""``/api/breakpoints/``: where one's own executions pause when they are started to be debugged."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.breakpoints import get_breakpoints, keep_breakpoints
from studio.rest.errors import ERRORS
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.session import user_id

NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="The state machine's name")
WHERE = ("before", "after")
MAX_BREAKPOINTS = 1000


class BreakpointSerializer(serializers.Serializer[Any]):
    """Where an execution pauses."""

    state = serializers.CharField(max_length=80, trim_whitespace=False)
    where = NamedChoiceField("BreakpointWhere", WHERE, default="before")
    condition = serializers.CharField(
        required=False,
        allow_null=True,
        default=None,
        max_length=10_000,
        help_text="In JSONata a text in {% %}, in JSONPath the JSON text of a Choice rule without "
        "Next: as the state's query language is",
    )


class BreakpointsSerializer(serializers.Serializer[Any]):
    """All that one keeps for a state machine."""

    breakpoints = serializers.ListField(child=BreakpointSerializer(), max_length=MAX_BREAKPOINTS)


class BreakpointsView(APIView):
    """One's own breakpoints of one state machine; they outlive the draft's publishing."""

    permissions = {"GET": Permission.RUN, "PUT": Permission.RUN}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getBreakpoints",
        tags=["debugger"],
        parameters=[NAME],
        responses={200: BreakpointsSerializer, **ERRORS},
    )
    def get(self, request: Request, name: str) -> Response:
        """Give the breakpoints as they were last kept."""
        found = get_breakpoints(user_id(request), name)
        return Response(BreakpointsSerializer({"breakpoints": found}).data)

    @extend_schema(
        operation_id="keepBreakpoints",
        tags=["debugger"],
        parameters=[NAME],
        request=BreakpointsSerializer,
        responses={200: BreakpointsSerializer, **ERRORS},
    )
    def put(self, request: Request, name: str) -> Response:
        """Keep these instead. Whether states are there is checked when an execution starts."""
        given = validated(BreakpointsSerializer(data=request.data))
        kept = keep_breakpoints(
            user_id(request), name, [dict(each) for each in given["breakpoints"]]
        )
        return Response(BreakpointsSerializer({"breakpoints": kept}).data)
