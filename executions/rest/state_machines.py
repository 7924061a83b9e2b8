"""``/api/state-machines/``: what can be run, and what became of it lately."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import executions
from executions.rest.debugged_start import messages_before_start
from executions.rest.executions import list_page
from executions.rest.overview import overviews
from executions.rest.publishing import (
    CreateStateMachineSerializer,
    UpdateStateMachineSerializer,
    create,
    update,
)
from executions.rest.serializers import (
    ExecutionPageSerializer,
    ExecutionSerializer,
    ExecutionsQuerySerializer,
    StartExecutionSerializer,
    StateMachinePageSerializer,
    StateMachineSerializer,
    StateMachinesQuerySerializer,
)
from studio import arns
from studio.access.permissions import Permission
from studio.actions.state_machines import get_state_machine
from studio.errors import StateMachineTypeNotSupported
from studio.models import StateMachine
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.session import user_id

NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="The state machine's name")


class StateMachinesView(APIView):
    """The list of state machines."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.PUBLISH}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listStateMachines",
        tags=["state machines"],
        parameters=[StateMachinesQuerySerializer],
        responses={200: StateMachinePageSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List state machines by name, with counts and the latest of their executions."""
        query = validated(StateMachinesQuerySerializer(data=request.query_params))
        found = StateMachine.objects.filter(current__isnull=False).select_related("current")
        found = found.defer("current__definition").order_by("name")
        if query["search"]:
            found = found.filter(name__icontains=query["search"])
        if "cursor" in query:
            found = found.filter(name__gt=arns.full_name(query["cursor"]))
        limit = query["limit"]
        machines = list(found[: limit + 1])
        more = len(machines) > limit
        page = {
            "results": overviews(machines[:limit]),
            "nextCursor": machines[limit - 1].short_name if more else None,
        }
        return Response(StateMachinePageSerializer(page).data)

    @extend_schema(
        operation_id="createStateMachine",
        tags=["state machines"],
        request=CreateStateMachineSerializer,
        responses={201: StateMachineSerializer, **ERRORS, 409: ApiErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create a state machine, and end one's draft where this is it."""
        given = validated(CreateStateMachineSerializer(data=request.data))
        machine = create(user_id(request), given)
        return Response(StateMachineSerializer(overviews([machine])[0]).data, status=201)


class StateMachineView(APIView):
    """One state machine."""

    permissions = {"GET": Permission.VIEW, "PUT": Permission.PUBLISH}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getStateMachine",
        tags=["state machines"],
        parameters=[NAME],
        responses={200: StateMachineSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """Give a state machine with its current definition."""
        return Response(StateMachineSerializer(overviews([get_state_machine(name)])[0]).data)

    @extend_schema(
        operation_id="updateStateMachine",
        tags=["state machines"],
        parameters=[NAME],
        request=UpdateStateMachineSerializer,
        responses={200: StateMachineSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def put(self, request: Request, name: str) -> Response:
        """Publish what new executions run, and end one's draft where this is it."""
        given = validated(UpdateStateMachineSerializer(data=request.data))
        machine = update(user_id(request), name, given)
        return Response(StateMachineSerializer(overviews([machine])[0]).data)


class StateMachineExecutionsView(APIView):
    """The executions of one state machine."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.RUN}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listExecutionsOfStateMachine",
        tags=["executions"],
        parameters=[NAME, ExecutionsQuerySerializer],
        responses={200: ExecutionPageSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, name: str) -> Response:
        """List the executions of a state machine, the latest first."""
        query = validated(ExecutionsQuerySerializer(data=request.query_params))
        return Response(list_page(query, get_state_machine(name)))

    @extend_schema(
        operation_id="startExecution",
        tags=["executions"],
        parameters=[NAME],
        request=StartExecutionSerializer,
        responses={201: ExecutionSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, name: str) -> Response:
        """Start an execution."""
        given = validated(StartExecutionSerializer(data=request.data))
        machine = get_state_machine(name)
        if machine.type == StateMachine.Type.EXPRESS:
            raise StateMachineTypeNotSupported(
                message="An Express execution runs in memory: it keeps no history that a page "
                "could show, and cannot be paused or debugged. Start it with StartSyncExecution or "
                "StartExecution of the API."
            )
        by = request.user.get_username()
        started = executions.start_execution(
            name,
            input=given["input"],
            name=given.get("name"),
            debugging=messages_before_start(machine, given["debugger"], by),
        )
        execution = executions.get_execution_by_name(name, started.name)
        return Response(ExecutionSerializer(execution).data, status=201)
