"""``/api/state-tests/``: one state run by itself, stage by stage. Stores nothing."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions.page_state_tests import test_page_state
from executions.actions.state_tests import StateTest
from executions.rest.publishing import default_role
from studio.access.permissions import Permission
from studio.rest.definitions import json_definition
from studio.rest.diagnostics import DefinitionSerializer
from studio.rest.errors import ERRORS, ApiErrorSerializer
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated


class JsonTextField(serializers.CharField):
    """A JSON text, kept as it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **kwargs)


class StateMockSerializer(serializers.Serializer[Any]):
    """What the state's work is said to give: a result, or an error with a cause."""

    result = JsonTextField(required=False, help_text="JSON text; of a Map or Parallel an array")
    error = serializers.CharField(required=False, max_length=256, trim_whitespace=False)
    cause = serializers.CharField(
        required=False, allow_blank=True, max_length=32768, trim_whitespace=False
    )
    fieldValidationMode = serializers.ChoiceField(
        ["STRICT", "PRESENT", "NONE"],
        default="NONE",
        help_text="How a result is held against the service's model, as TestState does",
    )


class StateTestSerializer(DefinitionSerializer):
    """A state, what it is entered with, and what its work gives. Texts hold JSON, as AWS's do."""

    stateName = serializers.CharField(
        required=False,
        trim_whitespace=False,
        help_text="A state of the definition, however deep; without it the definition is of one "
        "state",
    )
    input = JsonTextField(default="{}", help_text="JSON text")
    # Declared fields leave the class, so Serializer.context stays what it is.
    context = JsonTextField(  # type: ignore[assignment]
        required=False, help_text="JSON text: what $$ is, but for Map"
    )
    variables = JsonTextField(required=False, help_text="JSON text: an object of values by names")
    mock = StateMockSerializer(required=False)
    perform = serializers.BooleanField(
        default=False,
        help_text="Whether a Task without a mock is really performed, once. Otherwise it is shown "
        "what it would ask for",
    )
    retrierRetryCount = serializers.IntegerField(
        default=0, min_value=0, help_text="How often the Retrier that answers has been used"
    )
    errorCausedByState = serializers.CharField(
        required=False, help_text="The state inside a Map or Parallel that the mocked error is of"
    )
    mapIterationFailureCount = serializers.IntegerField(required=False, min_value=0)
    mapItemReaderData = JsonTextField(
        required=False, help_text="JSON text: the array that an ItemReader is said to have read"
    )


class ErrorDetailsSerializer(serializers.Serializer[Any]):
    """Which Retrier or Catcher answers an error, by its place in the state's list from 0."""

    retryIndex = serializers.IntegerField(required=False)
    retryBackoffIntervalSeconds = serializers.IntegerField(required=False)
    catchIndex = serializers.IntegerField(required=False)


class InspectionDataSerializer(serializers.Serializer[Any]):
    """What the data was at each stage: JSON texts. A stage that was not reached is not there."""

    input = serializers.CharField()
    afterInputPath = serializers.CharField(required=False)
    afterParameters = serializers.CharField(required=False)
    afterArguments = serializers.CharField(required=False)
    afterItemsPath = serializers.CharField(required=False)
    afterItemSelector = serializers.CharField(required=False)
    result = serializers.CharField(required=False)
    afterResultSelector = serializers.CharField(required=False)
    afterResultPath = serializers.CharField(required=False)
    variables = serializers.CharField(required=False, help_text="All that the next state sees")
    maxConcurrency = serializers.IntegerField(required=False)
    toleratedFailureCount = serializers.IntegerField(required=False)
    toleratedFailurePercentage = serializers.FloatField(required=False)
    errorDetails = ErrorDetailsSerializer(required=False)


class AskedTaskSerializer(serializers.Serializer[Any]):
    """The attempt that a Task state would ask for."""

    resource = serializers.CharField()
    parameters = serializers.CharField(help_text="JSON text")
    timeoutSeconds = serializers.FloatField(source="timeout_seconds", allow_null=True)
    heartbeatSeconds = serializers.FloatField(source="heartbeat_seconds", allow_null=True)


class TestedStateSerializer(serializers.Serializer[Any]):
    """How the state ended, and everything in between."""

    status = NamedChoiceField(
        "StateTestStatus",
        ["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"],
        allow_null=True,
        help_text="null where the state waits for work that was neither mocked nor performed",
    )
    output = serializers.CharField(allow_null=True, help_text="JSON text")
    error = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True)
    nextState = serializers.CharField(allow_null=True)
    inspectionData = InspectionDataSerializer()
    task = AskedTaskSerializer(allow_null=True, help_text="What a Task waits for")
    testedAlone = serializers.BooleanField(
        help_text="Whether the rest of the definition is broken, so that the state was tested "
        "without what is around it"
    )


class StateTestsView(APIView):
    """Tests one state."""

    permissions = {"POST": Permission.RUN}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="testState",
        tags=["definitions"],
        request=StateTestSerializer,
        responses={200: TestedStateSerializer, **ERRORS, 429: ApiErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Run one state as TestState does, and show its data at each stage.

        Errors are TestState's: InvalidDefinition (with diagnostics), InvalidExecutionInput,
        ValidationException.
        """
        given = validated(StateTestSerializer(data=request.data))
        tested = test_page_state(_read(given), perform=given["perform"])
        members = dict.fromkeys(("status", "output", "error", "cause", "nextState")) | {
            **tested.members,
            "task": tested.task,
            "testedAlone": tested.alone,
        }
        return Response(TestedStateSerializer(members).data)


def _read(given: dict[str, Any]) -> StateTest:
    mock = given.get("mock", {})
    return StateTest(
        definition=json_definition(given["definition"], given["format"]),
        role_arn=default_role(),
        input=given["input"],
        state_name=given.get("stateName"),
        variables=given.get("variables"),
        context=given.get("context"),
        has_mock="mock" in given,
        mock_result=mock.get("result"),
        has_error_output="error" in mock or "cause" in mock,
        mock_error=mock.get("error"),
        mock_cause=mock.get("cause"),
        field_validation_mode=mock.get("fieldValidationMode", "NONE"),
        retrier_retry_count=given["retrierRetryCount"],
        error_caused_by_state=given.get("errorCausedByState"),
        map_iteration_failure_count=given.get("mapIterationFailureCount"),
        map_item_reader_data=given.get("mapItemReaderData"),
    )
