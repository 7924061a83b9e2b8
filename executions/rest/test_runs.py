"""``/api/state-machines/NAME/tests/run/``: a whole definition run in memory on mocks."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

import orjson
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import rehearsals
from executions.actions.renamed_states import case_on
from executions.actions.workflow_tests import TestValues, get_test, values_of
from executions.models import Execution
from executions.rest.serializers import HistoryEventField
from executions.rest.state_machines import NAME
from executions.rest.workflow_tests import CaseSerializer
from studio.access.permissions import Permission
from studio.errors import ValidationException
from studio.rest.definitions import json_definition
from studio.rest.diagnostics import MAX_CHARACTERS
from studio.rest.errors import NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated


class RunTestSerializer(serializers.Serializer[Any]):
    """Which test is run, and of which definition: a text, a version, or what is current."""

    definition = serializers.CharField(
        required=False, max_length=MAX_CHARACTERS, trim_whitespace=False
    )
    format = NamedChoiceField("DefinitionFormat", ["JSON", "YAML"], default="JSON")
    version = serializers.IntegerField(required=False, min_value=1)
    testId = serializers.IntegerField(required=False, help_text="A saved test; or else test")
    test = CaseSerializer(required=False, help_text="A test that need not be saved")


class UnmetSerializer(serializers.Serializer[Any]):
    """One thing that was expected otherwise. Values longer than 4,096 characters are cut."""

    what = serializers.ChoiceField(["status", "error", "cause", "output", "path"])
    pointer = serializers.CharField(help_text="Where in it: a JSON pointer, or nothing")
    expected = serializers.CharField(allow_null=True, help_text="JSON text; null: nothing there")
    actual = serializers.CharField(allow_null=True, help_text="JSON text; null: nothing there")


class StopSerializer(serializers.Serializer[Any]):
    """Why a run did not come to an end.

    NO_RESULT: nothing says what the Task at ``place`` gives. NOTHING_MORE: it waits for what never
    comes. TOO_MANY_EVENTS, TOO_LONG, OUT_OF_MEMORY: its limits. FAULT: ours.
    """

    reason = NamedChoiceField(
        "RehearsalStop",
        ["NO_RESULT", "NOTHING_MORE", "TOO_MANY_EVENTS", "TOO_LONG", "OUT_OF_MEMORY", "FAULT"],
    )
    place = serializers.CharField(allow_null=True)
    message = serializers.CharField()


class RunEndSerializer(serializers.Serializer[Any]):
    """How a run in memory ended."""

    status = NamedChoiceField(
        "ExecutionStatus", Execution.Status.choices, help_text="RUNNING where stop says why"
    )
    output = serializers.CharField(allow_null=True, help_text="JSON text")
    error = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True)
    elapsedSeconds = serializers.FloatField(
        source="elapsed_seconds", help_text="Of the test's own clock: Waits are counted"
    )
    stop = StopSerializer(allow_null=True)


class TestRunSerializer(RunEndSerializer):
    """What came of a test."""

    passed = serializers.BooleanField(help_text="It ended, and as it was expected")
    unmet = UnmetSerializer(many=True)
    path = serializers.ListField(
        child=serializers.CharField(), help_text="Places in the order they were entered, 2000"
    )
    unknownMocks = serializers.ListField(
        source="unknown",
        child=serializers.CharField(),
        help_text="Places that have a mock and are no states of the definition",
    )
    events = serializers.ListField(
        child=HistoryEventField(), help_text="The first events, at most 1000 and 2 MiB"
    )
    eventCount = serializers.IntegerField(source="event_count")


class TestRunsView(APIView):
    """Runs a test."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="runWorkflowTest",
        tags=["tests"],
        parameters=[NAME],
        request=RunTestSerializer,
        responses={200: TestRunSerializer, **NOT_FOUND, 429: ApiErrorSerializer},
    )
    def post(self, request: Request, name: str) -> Response:
        """Run the whole definition in memory: Tasks give what their mocks say, Waits take no time.

        Nothing outside is called and nothing is stored. It takes at most
        STEPWELL_REHEARSAL_SECONDS; a Task without a mock ends it with NO_RESULT.
        """
        given = validated(RunTestSerializer(data=request.data))
        if "definition" in given:
            definition = json_definition(given["definition"], given["format"])
        else:
            definition = rehearsals.saved_definition(name, given.get("version"))
        if "testId" in given:
            values = values_of(get_test(name, given["testId"]))
        elif "test" in given:
            values = TestValues(name="", **given["test"])
        else:
            raise ValidationException(message="Give either testId or test.")
        case = case_on(name, values, definition)
        express = rehearsals.is_express(name)
        answer = rehearsals.run_case(name, definition, case, is_express=express)
        answer["events"] = [orjson.loads(event) for event in answer["events"]]
        return Response(TestRunSerializer(answer).data)
