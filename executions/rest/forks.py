"""``/api/executions/…/fork/``: a new execution from a past state of another."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions.executions import get_execution_by_name
from executions.actions.forks import fork_execution
from executions.rest.executions import NAMES
from executions.rest.serializers import ExecutionSerializer
from studio.access.permissions import Permission
from studio.rest.errors import NOT_FOUND, ApiErrorSerializer
from studio.rest.parsers import StrictJsonParser, validated


class ForkSerializer(serializers.Serializer[Any]):
    """Where the new execution begins, and with what."""

    event = serializers.IntegerField(
        min_value=1, help_text="The id of a …StateEntered event of the top level"
    )
    input = serializers.CharField(
        required=False,
        trim_whitespace=False,
        help_text="JSON text; without it the state's own input, as it was",
    )
    name = serializers.CharField(required=False, help_text="Made up where it is not given")


class ForkView(APIView):
    """Forks one execution."""

    permissions = {"POST": Permission.RUN}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="forkExecution",
        tags=["executions"],
        parameters=NAMES,
        request=ForkSerializer,
        responses={201: ExecutionSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, **names: str) -> Response:
        """Start an execution that begins with a past state, its input edited or not.

        It runs for real, in a state machine of its own called NAME-fork-…, with the states that can
        be reached from there and the variables as they were. Inside a Map or Parallel nothing can
        begin: ValidationException says which state can.
        """
        given = validated(ForkSerializer(data=request.data))
        execution = get_execution_by_name(names["stateMachineName"], names["executionName"])
        machine, started = fork_execution(
            execution, given["event"], given.get("input"), given.get("name")
        )
        forked = get_execution_by_name(machine, started.name)
        return Response(ExecutionSerializer(forked).data, status=201)
