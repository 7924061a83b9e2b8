"""``/api/executions/``: what runs and has run, its history, and stopping it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import executions, history, nested_executions, redrive
from executions.actions.debugger_view import paused_executions
from executions.errors import ExecutionDoesNotExist
from executions.models import Execution, PausedExecution
from executions.rest.serializers import (
    ChildExecutionsQuerySerializer,
    ChildExecutionsSerializer,
    EventPageSerializer,
    EventsQuerySerializer,
    ExecutionPageSerializer,
    ExecutionSerializer,
    ExecutionsQuerySerializer,
    StopExecutionSerializer,
)
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.parsers import StrictJsonParser, validated

if TYPE_CHECKING:
    from studio.models import StateMachine

NAMES = [
    OpenApiParameter("stateMachineName", str, OpenApiParameter.PATH),
    OpenApiParameter("executionName", str, OpenApiParameter.PATH),
]


class ExecutionsView(APIView):
    """The executions of all state machines."""

    @extend_schema(
        operation_id="listExecutions",
        tags=["executions"],
        parameters=[ExecutionsQuerySerializer],
        responses={200: ExecutionPageSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List executions, the latest first."""
        return Response(list_page(validated(ExecutionsQuerySerializer(data=request.query_params))))


class ExecutionView(APIView):
    """One execution."""

    @extend_schema(
        operation_id="getExecution",
        tags=["executions"],
        parameters=NAMES,
        responses={200: ExecutionSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, **names: str) -> Response:
        """Give an execution with its payloads."""
        execution = _find(names)
        return Response(ExecutionSerializer(execution).data)


class EventsView(APIView):
    """The history of one execution."""

    @extend_schema(
        operation_id="listEvents",
        tags=["executions"],
        parameters=[*NAMES, EventsQuerySerializer],
        responses={200: EventPageSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, **names: str) -> HttpResponse:
        """List events with ids above ``after``, ascending.

        Fewer than ``limit`` may come while there are more: the last one's id tells.
        """
        query = validated(EventsQuerySerializer(data=request.query_params))
        execution = _find(names, only=("id",))
        page = history.read_events(execution.pk, after=query["after"], limit=query["limit"])
        if page is None:
            raise ExecutionDoesNotExist(names["executionName"])
        # The events are JSON already: they go out as they were stored.
        events = ",".join(page.events)
        text = (
            f'{{"events":[{events}],"lastEventId":{page.last_event_id},'
            f'"status":{orjson.dumps(page.status).decode()}}}'
        )
        return HttpResponse(text, content_type="application/json")


class StopView(APIView):
    """Stopping one execution."""

    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="stopExecution",
        tags=["executions"],
        parameters=NAMES,
        request=StopExecutionSerializer,
        responses={200: ExecutionSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, **names: str) -> Response:
        """Stop an execution and give it as it is then: ABORTED, unless it had ended before."""
        reason = validated(StopExecutionSerializer(data=request.data))
        execution = _find(names)
        executions.stop_execution(execution, reason.get("error"), reason.get("cause"))
        return Response(ExecutionSerializer(execution).data)


class RedriveView(APIView):
    """Redriving one execution."""

    @extend_schema(
        operation_id="redriveExecution",
        tags=["executions"],
        parameters=NAMES,
        request=None,
        responses={200: ExecutionSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, _: Request, **names: str) -> Response:
        """Let an unsuccessful execution go on; gives it as it is then: RUNNING."""
        redrive.redrive_execution(_find(names, only=("id",)).arn)
        return Response(ExecutionSerializer(_find(names)).data)


class ChildrenView(APIView):
    """What an execution's Tasks started."""

    @extend_schema(
        operation_id="listChildExecutions",
        tags=["executions"],
        parameters=[*NAMES, ChildExecutionsQuerySerializer],
        responses={200: ChildExecutionsSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, **names: str) -> Response:
        """List the executions that these attempts of Tasks started, those that are kept."""
        query = validated(ChildExecutionsQuerySerializer(data=request.query_params))
        execution = _find(names, only=("id",))
        found = nested_executions.children_of(execution, query["task"])
        return Response(ChildExecutionsSerializer({"results": found}).data)


def list_page(query: dict[str, Any], machine: StateMachine | None = None) -> dict[str, Any]:
    """A page of executions, of one state machine or of all, as the answer has it."""
    found = Execution.objects.select_related("state_machine").order_by("-id")
    found = found.filter(map_run_id=None)
    found = found.only(
        "name", "status", "started_at", "stopped_at", "last_event_id", "state_machine__name"
    )
    if machine is not None:
        found = found.filter(state_machine=machine)
    if "status" in query:
        found = found.filter(status=query["status"])
    if "cursor" in query:
        found = found.filter(id__lt=int(query["cursor"]))
    if query["paused"]:
        found = found.filter(pk__in=PausedExecution.objects.values("execution_id"))
    limit = query["limit"]
    page = list(found[: limit + 1])
    paused = paused_executions(page)
    for each in page:
        each.paused_execution = paused.get(each.pk)
    more = len(page) > limit
    answer = {
        "results": page[:limit],
        "nextCursor": str(page[limit - 1].pk) if more else None,
    }
    values: dict[str, Any] = ExecutionPageSerializer(answer).data
    return values


def _find(names: dict[str, str], only: tuple[str, ...] = ()) -> Execution:
    """The execution that the address names."""
    return executions.get_execution_by_name(
        names["stateMachineName"], names["executionName"], only=only
    )
