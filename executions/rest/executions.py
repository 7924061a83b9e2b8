"""``/api/executions/``: what runs and has run, its history, and stopping it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import execution_lists, executions, history, nested_executions, redrive
from executions.actions.debugger_view import paused_executions
from executions.actions.execution_lists import ExecutionFilter
from executions.errors import ExecutionDoesNotExist
from executions.rest.serializers import (
    AllExecutionsQuerySerializer,
    ChildExecutionsQuerySerializer,
    ChildExecutionsSerializer,
    EventPageSerializer,
    EventsQuerySerializer,
    ExecutionCountsQuerySerializer,
    ExecutionPageSerializer,
    ExecutionSerializer,
    FilteredCountsSerializer,
    StopExecutionSerializer,
)
from studio import arns
from studio.access.permissions import Permission
from studio.actions.state_machines import get_state_machine
from studio.rest.errors import NOT_FOUND, ApiErrorSerializer
from studio.rest.parsers import StrictJsonParser, validated

if TYPE_CHECKING:
    from executions.models import Execution
    from studio.models import StateMachine

NAMES = [
    OpenApiParameter("stateMachineName", str, OpenApiParameter.PATH),
    OpenApiParameter("executionName", str, OpenApiParameter.PATH),
]


class ExecutionsView(APIView):
    """The executions of all state machines."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listExecutions",
        tags=["executions"],
        parameters=[AllExecutionsQuerySerializer],
        responses={200: ExecutionPageSerializer, **NOT_FOUND},
    )
    def get(self, request: Request) -> Response:
        """List executions, the latest first.

        What no index serves is looked for among the latest 20,000 (5,000 inputs) at a time: a page
        that ends with ``searchedTo`` may be followed by one with more, even if it is empty.
        """
        query = validated(AllExecutionsQuerySerializer(data=request.query_params))
        return Response(list_page(query, _machine(query)))


class ExecutionCountsView(APIView):
    """How many executions there are."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="countExecutions",
        tags=["executions"],
        parameters=[ExecutionCountsQuerySerializer],
        responses={200: FilteredCountsSerializer, **NOT_FOUND},
    )
    def get(self, request: Request) -> Response:
        """Count executions by status."""
        query = validated(ExecutionCountsQuerySerializer(data=request.query_params))
        counted = execution_lists.count_executions(_filter(query, _machine(query)))
        answer = {
            "counts": counted.by_status,
            "paused": counted.paused,
            "complete": counted.complete,
        }
        return Response(FilteredCountsSerializer(answer).data)


class ExecutionView(APIView):
    """One execution."""

    permissions = {"GET": Permission.VIEW}

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

    permissions = {"GET": Permission.VIEW}

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

    permissions = {"POST": Permission.RUN}
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

    permissions = {"POST": Permission.RUN}

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

    permissions = {"GET": Permission.VIEW}

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
    before = int(query["cursor"]) if "cursor" in query else None
    wanted = _filter(query, machine)
    page = execution_lists.list_executions(wanted, before=before, limit=query["limit"])
    paused = paused_executions(page.executions)
    for each in page.executions:
        each.paused_execution = paused.get(each.pk)
    answer = {
        "results": page.executions,
        "nextCursor": None if page.next_before is None else str(page.next_before),
        "searchedTo": page.searched_to,
    }
    values: dict[str, Any] = ExecutionPageSerializer(answer).data
    return values


def _machine(query: dict[str, Any]) -> StateMachine | None:
    return (
        get_state_machine(arns.full_name(query["stateMachine"]))
        if "stateMachine" in query
        else None
    )


def _filter(query: dict[str, Any], machine: StateMachine | None) -> ExecutionFilter:
    return ExecutionFilter(
        state_machine_id=None if machine is None else machine.pk,
        statuses=tuple(dict.fromkeys(query.get("status", ()))),
        started_after=query.get("startedAfter"),
        started_before=query.get("startedBefore"),
        name=query.get("name", ""),
        version=query.get("version"),
        alias=query.get("alias", ""),
        error=query.get("error", ""),
        input=query.get("input", ""),
        paused=query.get("paused", False),
        paused_by=query.get("pausedBy", ""),
    )


def _find(names: dict[str, str], only: tuple[str, ...] = ()) -> Execution:
    """The execution that the address names; a Map Run's child by its label, too."""
    machine = arns.labelled(names["stateMachineName"], names.get("label"))
    return executions.get_execution_by_name(machine, str(names["executionName"]), only=only)
