"""``/api/state-machines/NAME/tests/file/``: mocks and tests as a file, and from executions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import case_files
from executions.actions.executions import get_execution_by_name
from executions.actions.recorded_tests import create_test_from_execution
from executions.rest.executions import NAMES
from executions.rest.state_machines import NAME
from executions.rest.workflow_tests import WorkflowTestSerializer, shown
from studio.access.permissions import Permission
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.parsers import StrictJsonParser, validated


class CaseFileSerializer(serializers.Serializer[Any]):
    """A MockConfigFile of Step Functions Local; ``Tests`` beside ``TestCases`` is ours."""

    StateMachines = serializers.DictField(child=serializers.DictField())
    MockedResponses = serializers.DictField(child=serializers.DictField())


class CaseFileQuerySerializer(serializers.Serializer[Any]):
    """For whom a file is given."""

    local = serializers.BooleanField(
        default=False, help_text="Without what Step Functions Local does not know"
    )


class ImportedSerializer(serializers.Serializer[Any]):
    """What was saved."""

    tests = serializers.IntegerField()
    mocks = serializers.IntegerField()
    unused = serializers.ListField(
        child=serializers.CharField(), help_text="Responses that no test uses: not saved"
    )


class RecordTestSerializer(serializers.Serializer[Any]):
    """What the test is called."""

    name = serializers.CharField(max_length=80)


class CaseFileView(APIView):
    """The mocks and tests of one state machine as a file."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="exportTests",
        tags=["tests"],
        parameters=[NAME, CaseFileQuerySerializer],
        responses={200: CaseFileSerializer, **ERRORS},
    )
    def get(self, request: Request, name: str) -> Response:
        """Give all mocks and tests as a file for a repository, or for Step Functions Local."""
        query = validated(CaseFileQuerySerializer(data=request.query_params))
        return Response(case_files.export_case_file(name, for_local=query["local"]))

    @extend_schema(
        operation_id="importTests",
        tags=["tests"],
        parameters=[NAME],
        request=CaseFileSerializer,
        responses={200: ImportedSerializer, **ERRORS},
    )
    def post(self, request: Request, name: str) -> Response:
        """Save what a file has; tests and mocks of the same names are replaced."""
        return Response(asdict(case_files.import_case_file(name, request.data)))


class RecordedTestView(APIView):
    """Tests made of executions."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="createTestFromExecution",
        tags=["tests"],
        parameters=NAMES,
        request=RecordTestSerializer,
        responses={201: WorkflowTestSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, **names: str) -> Response:
        """Save a finished execution as a test: its input, its tasks' results, and its end."""
        given = validated(RecordTestSerializer(data=request.data))
        execution = get_execution_by_name(names["stateMachineName"], names["executionName"])
        return Response(shown(create_test_from_execution(execution, given["name"])), status=201)
