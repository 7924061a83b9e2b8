"""``/api/state-machines/NAME/tests/``: test cases of a workflow, saved by name."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import workflow_tests
from executions.actions.workflow_tests import STATUSES, TestValues, values_of
from executions.models import WorkflowTest
from executions.rest.mocks import RESPONSE_SCHEMA
from executions.rest.state_machines import NAME
from studio.access.permissions import Permission
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated

TEST_ID = OpenApiParameter("testId", int, OpenApiParameter.PATH)


@extend_schema_field(
    {
        "type": "object",
        "description": "By places: a state's name, or Pay[2] for Pay in the third iteration of "
        "the Map around it (Pay[2][0] of two). A place's own mock goes before its state's. The "
        "value is the name of a saved mock of that state, or a mocked response itself.",
        "additionalProperties": {"oneOf": [{"type": "string"}, RESPONSE_SCHEMA]},
    }
)
class MocksField(serializers.DictField):
    """Which mocks a test uses."""


class CaseSerializer(serializers.Serializer[Any]):
    """What a test is made of. Of what is expected, null is not looked at."""

    input = serializers.CharField(trim_whitespace=False, help_text="JSON text")
    mocks = MocksField(default=dict)
    expectedStatus = NamedChoiceField(
        "ExpectedStatus", STATUSES, source="expected_status", allow_null=True, default=None
    )
    expectedOutput = serializers.CharField(
        source="expected_output",
        trim_whitespace=False,
        allow_null=True,
        default=None,
        help_text="JSON text",
    )
    expectedError = serializers.CharField(
        source="expected_error", max_length=256, allow_null=True, default=None
    )
    expectedCause = serializers.CharField(
        source="expected_cause",
        max_length=32768,
        allow_blank=True,
        trim_whitespace=False,
        allow_null=True,
        default=None,
    )
    expectedPath = serializers.ListField(
        source="expected_path",
        child=serializers.CharField(max_length=400, trim_whitespace=False),
        max_length=2000,
        allow_null=True,
        default=None,
        help_text="Places in the order they are entered. Where all are states at the top level, "
        "only those are looked at",
    )


class WorkflowTestSerializer(CaseSerializer):
    """A saved test."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=80)
    sequence = serializers.IntegerField(read_only=True, help_text="Counts what was saved")
    updateDate = MomentField(source="updated_at", read_only=True)


class NewWorkflowTestSerializer(CaseSerializer):
    """A test to save."""

    name = serializers.CharField(max_length=80)


class SaveWorkflowTestSerializer(NewWorkflowTestSerializer):
    """A test as it shall be from now on, all of it."""

    follows = serializers.IntegerField(min_value=1, help_text="The sequence it goes on from")


class WorkflowTestsSerializer(serializers.Serializer[Any]):
    """All tests of a state machine, by name."""

    results = WorkflowTestSerializer(many=True)


def shown(test: WorkflowTest) -> dict[str, Any]:
    """A saved test as the answer has it."""
    values = values_of(test)
    members = {name: getattr(values, name) for name in TestValues.__slots__}
    members |= {"id": test.pk, "sequence": test.sequence, "updated_at": test.updated_at}
    data: dict[str, Any] = WorkflowTestSerializer(members).data
    return data


class WorkflowTestsView(APIView):
    """The tests of one state machine. It need not exist yet: a draft may have some."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listWorkflowTests",
        tags=["tests"],
        parameters=[NAME],
        responses={200: WorkflowTestsSerializer, **ERRORS},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the tests of a state machine."""
        return Response({"results": [shown(test) for test in workflow_tests.list_tests(name)]})

    @extend_schema(
        operation_id="createWorkflowTest",
        tags=["tests"],
        parameters=[NAME],
        request=NewWorkflowTestSerializer,
        responses={201: WorkflowTestSerializer, **ERRORS, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, name: str) -> Response:
        """Save a test under a name that the state machine has not yet."""
        given = validated(NewWorkflowTestSerializer(data=request.data))
        test = workflow_tests.create_test(name, TestValues(**given))
        return Response(shown(test), status=201)


class WorkflowTestView(APIView):
    """One test."""

    permissions = {"PUT": Permission.EDIT, "DELETE": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="saveWorkflowTest",
        tags=["tests"],
        parameters=[NAME, TEST_ID],
        request=SaveWorkflowTestSerializer,
        responses={200: WorkflowTestSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def put(self, request: Request, name: str, testId: int) -> Response:  # noqa: N803
        """Save a test anew, unless somebody else has meanwhile (409 WorkflowTestChanged)."""
        given = validated(SaveWorkflowTestSerializer(data=request.data))
        follows = given.pop("follows")
        test = workflow_tests.update_test(name, testId, follows, TestValues(**given))
        return Response(shown(test))

    @extend_schema(
        operation_id="deleteWorkflowTest",
        tags=["tests"],
        parameters=[NAME, TEST_ID],
        responses={204: None, **ERRORS},
    )
    def delete(self, _: Request, name: str, testId: int) -> Response:  # noqa: N803
        """Delete a test."""
        workflow_tests.delete_test(name, testId)
        return Response(status=204)
