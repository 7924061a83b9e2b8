"""``/api/map-runs/``: the runs of distributed Maps, what they count, and their children."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import executions, map_run_children, map_run_results, map_runs
from executions.models import Execution, MapRun
from executions.rest.executions import NAMES
from studio import arns
from studio.access.caller import current_caller
from studio.access.check import check
from studio.access.permissions import Permission
from studio.actions.sensitive_fields import marks_for
from studio.rest.errors import NOT_FOUND
from studio.rest.fields import MomentField, NamedChoiceField, PagingSerializer
from studio.rest.parsers import StrictJsonParser, validated

RUN = [
    OpenApiParameter("stateMachineName", str, OpenApiParameter.PATH),
    OpenApiParameter("label", str, OpenApiParameter.PATH),
    OpenApiParameter("run", str, OpenApiParameter.PATH),
]


class MapRunCountsSerializer(serializers.Serializer[Any]):
    """How many children, or items, are in which state."""

    pending = serializers.IntegerField()
    running = serializers.IntegerField()
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    timedOut = serializers.IntegerField(source="timed_out")
    aborted = serializers.IntegerField()
    total = serializers.IntegerField()
    resultsWritten = serializers.IntegerField(source="results_written")
    failuresNotRedrivable = serializers.IntegerField(source="failures_not_redrivable")
    pendingRedrive = serializers.IntegerField(source="pending_redrive")


class MapRunSerializer(serializers.Serializer[Any]):
    """A Map Run, as it is at this moment."""

    mapRunArn = serializers.CharField()
    executionArn = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    event = serializers.IntegerField(help_text="The id of the event that started it")
    executionType = NamedChoiceField(
        "MapRunExecutionType", [("STANDARD", "STANDARD"), ("EXPRESS", "EXPRESS")]
    )
    status = NamedChoiceField("MapRunStatus", MapRun.Status.choices)
    startDate = MomentField()
    stopDate = MomentField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True)
    maxConcurrency = serializers.IntegerField(help_text="0: as many as can be")
    toleratedFailureCount = serializers.IntegerField(allow_null=True)
    toleratedFailurePercentage = serializers.FloatField(allow_null=True)
    redriveCount = serializers.IntegerField()
    redriveDate = MomentField(allow_null=True)
    itemCounts = MapRunCountsSerializer()
    executionCounts = MapRunCountsSerializer()


class MapRunResultFileSerializer(serializers.Serializer[Any]):
    """A file of results."""

    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes")


class MapRunResultsSerializer(serializers.Serializer[Any]):
    """Where a run's ResultWriter writes: the manifest, which names the files, comes last."""

    bucket = serializers.CharField()
    folder = serializers.CharField()
    isWritten = serializers.BooleanField(source="is_written", help_text="Whether it is there yet")
    files = MapRunResultFileSerializer(many=True)


class MapRunChangeSerializer(serializers.Serializer[Any]):
    """What a run that goes on works by; what is left out stays as it is."""

    maxConcurrency = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    toleratedFailureCount = serializers.IntegerField(
        required=False, min_value=0, max_value=2**62, allow_null=False
    )
    toleratedFailurePercentage = serializers.FloatField(
        required=False, min_value=0, max_value=100, allow_null=False
    )


class MapRunPageSerializer(serializers.Serializer[Any]):
    """A page of an execution's Map Runs, the latest first."""

    results = MapRunSerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)


class MapRunChildSerializer(serializers.Serializer[Any]):
    """A child of a Map Run. Of an Express child nothing else is kept."""

    number = serializers.IntegerField(help_text="Its place among its siblings, from 0")
    name = serializers.CharField()
    executionArn = serializers.CharField()
    status = NamedChoiceField("ExecutionStatus", Execution.Status.choices, allow_null=True)
    itemCount = serializers.IntegerField(source="item_count")
    startDate = MomentField(source="started_at", allow_null=True)
    stopDate = MomentField(source="stopped_at", allow_null=True)
    input = serializers.CharField(help_text="JSON text, the first 2,000 characters")
    output = serializers.CharField(allow_null=True, help_text="The same of what it gave")
    error = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True)


class MapRunChildrenSerializer(serializers.Serializer[Any]):
    """A page of children, in the items' order."""

    results = MapRunChildSerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)


class NumberPagingSerializer(PagingSerializer):
    """The query of a list that goes on after a number."""

    cursor = serializers.RegexField(r"^[0-9]{1,18}$", required=False)


class MapRunChildrenQuerySerializer(NumberPagingSerializer):
    """The query of a run's children."""

    status = NamedChoiceField("ExecutionStatus", Execution.Status.choices, required=False)


class MapRunsView(APIView):
    """The Map Runs of one execution."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listMapRuns",
        tags=["map runs"],
        parameters=[*NAMES, NumberPagingSerializer],
        responses={200: MapRunPageSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, **names: str) -> Response:
        """List the runs that an execution's distributed Maps started, the latest first."""
        query = validated(NumberPagingSerializer(data=request.query_params))
        machine = arns.labelled(names["stateMachineName"], names.get("label"))
        execution = executions.get_execution_by_name(
            machine, str(names["executionName"]), only=("id",)
        )
        found = map_runs.map_runs_of(execution).order_by("-id")
        if "cursor" in query:
            found = found.filter(id__lt=int(query["cursor"]))
        limit = query["limit"]
        page = list(found[: limit + 1])
        answer = {
            "results": [_shown(run, execution) for run in page[:limit]],
            "nextCursor": str(page[limit - 1].pk) if len(page) > limit else None,
        }
        return Response(MapRunPageSerializer(answer).data)


class MapRunView(APIView):
    """One Map Run."""

    permissions = {"GET": Permission.VIEW, "PATCH": Permission.RUN}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getMapRun",
        tags=["map runs"],
        parameters=RUN,
        responses={200: MapRunSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, **names: str) -> Response:
        """Give a run with its counts."""
        run = _find(names)
        return Response(MapRunSerializer(_shown(run, map_runs.execution_of(run))).data)

    @extend_schema(
        operation_id="updateMapRun",
        tags=["map runs"],
        parameters=RUN,
        request=MapRunChangeSerializer,
        responses={200: MapRunSerializer, **NOT_FOUND},
    )
    def patch(self, request: Request, **names: str) -> Response:
        """Change a running run's concurrency or tolerated failures, from its next step on."""
        given = validated(MapRunChangeSerializer(data=request.data))
        run = _find(names)
        map_runs.update_map_run(
            run,
            given.get("maxConcurrency"),
            given.get("toleratedFailureCount"),
            given.get("toleratedFailurePercentage"),
        )
        return Response(MapRunSerializer(_shown(run, map_runs.execution_of(run))).data)


class MapRunResultsView(APIView):
    """What a Map Run's ResultWriter has written."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="getMapRunResults",
        tags=["map runs"],
        parameters=RUN,
        responses={200: MapRunResultsSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, **names: str) -> Response:
        """List the files of results. ResourceNotFound where the run has no ResultWriter."""
        return Response(MapRunResultsSerializer(map_run_results.results_of(_find(names))).data)


class MapRunResultFileView(APIView):
    """One file of results."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="getMapRunResultFile",
        tags=["map runs"],
        parameters=[*RUN, OpenApiParameter("file", str, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **NOT_FOUND},
    )
    def get(self, _: Request, **names: str) -> StreamingHttpResponse:
        """Give the manifest (``manifest.json``), or a file that it names.

        These have whole inputs and outputs. They are not for those from whom something in them is
        hidden.
        """
        file = names["file"]
        caller = current_caller()
        if file != map_run_results.MANIFEST and caller is not None:
            hides = settings.SENSITIVE or marks_for(names["stateMachineName"])
            check(caller, Permission.REVEAL if hides else Permission.VIEW)
        content = map_run_results.open_result(_find(names), file)
        response = StreamingHttpResponse(content, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        return response


class MapRunChildrenView(APIView):
    """The children of one Map Run."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listMapRunChildren",
        tags=["map runs"],
        parameters=[*RUN, MapRunChildrenQuerySerializer],
        responses={200: MapRunChildrenSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, **names: str) -> Response:
        """List children in the items' order. Fewer than ``limit`` may come while there are more."""
        query = validated(MapRunChildrenQuerySerializer(data=request.query_params))
        found, after = map_run_children.list_children(
            _find(names),
            after=int(query.get("cursor", -1)),
            limit=query["limit"],
            status=query.get("status"),
        )
        answer = {"results": found, "nextCursor": None if after is None else str(after)}
        return Response(MapRunChildrenSerializer(answer).data)


def _find(names: dict[str, str]) -> MapRun:
    """The run that the address names."""
    arn = arns.map_run_arn(names["stateMachineName"], names["label"], str(names["run"]))
    return map_runs.get_map_run(arn)


def _shown(run: MapRun, execution: Execution) -> dict[str, Any]:
    items, children = map_runs.counts_of(run)
    return {
        "mapRunArn": map_runs.arn_of(run, execution),
        "executionArn": execution.arn,
        "label": run.label,
        "event": run.event,
        "executionType": run.execution_type,
        "status": run.status,
        "startDate": run.started_at,
        "stopDate": run.stopped_at,
        "error": run.error,
        "cause": run.cause,
        "maxConcurrency": run.max_concurrency,
        "toleratedFailureCount": run.tolerated_failure_count,
        "toleratedFailurePercentage": run.tolerated_failure_percentage,
        "redriveCount": run.redrive_count,
        "redriveDate": run.redriven_at,
        "itemCounts": items,
        "executionCounts": children,
    }
