"""``/api/state-machines/NAME/mocks/``: what the work of states is said to give, saved by name."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import mocked_responses
from executions.models import MockedResponse
from executions.rest.state_machines import NAME
from studio.access.permissions import Permission
from studio.asl import json_text
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField
from studio.rest.parsers import StrictJsonParser, validated

MOCK_ID = OpenApiParameter("mockId", int, OpenApiParameter.PATH)
RESPONSE_SCHEMA = {
    "type": "object",
    "additionalProperties": True,
    "description": "A mocked response as Step Functions Local writes it, by numbers of attempts "
    'from 0: {"0": {"Throw": {"Error": …, "Cause": …}}, "1-2": {"Return": …}}; the last one goes '
    'for all that follow. {"Return": …} or {"Throw": …} alone is for every attempt. Beside either, '
    "AfterSeconds may say how long the attempt takes.",
}


@extend_schema_field(RESPONSE_SCHEMA)
class ResponseField(serializers.JSONField):
    """A mocked response. What it may be is checked where it is saved."""


class MockSerializer(serializers.Serializer[MockedResponse]):
    """A saved mock of a state."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    name = serializers.CharField()
    response = serializers.SerializerMethodField()
    sequence = serializers.IntegerField(help_text="Counts what was saved")
    updateDate = MomentField(source="updated_at")

    @extend_schema_field(RESPONSE_SCHEMA)
    def get_response(self, mock: MockedResponse) -> Any:
        """Give the response as JSON."""
        return json_text.loads(mock.response)


class NewMockSerializer(serializers.Serializer[Any]):
    """A mock to save."""

    state = serializers.CharField(max_length=80, trim_whitespace=False)
    name = serializers.CharField(max_length=80)
    response = ResponseField()


class MockChangeSerializer(serializers.Serializer[Any]):
    """What is changed of a mock: those that are given."""

    state = serializers.CharField(max_length=80, trim_whitespace=False, required=False)
    name = serializers.CharField(max_length=80, required=False)
    response = ResponseField(required=False)
    follows = serializers.IntegerField(min_value=1, help_text="The sequence it goes on from")


class MocksSerializer(serializers.Serializer[Any]):
    """All mocks of a state machine, by state and name."""

    results = MockSerializer(many=True)


class MocksView(APIView):
    """The mocks of one state machine. It need not exist yet: a draft may have some."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listMocks",
        tags=["tests"],
        parameters=[NAME],
        responses={200: MocksSerializer, **ERRORS},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the mocks of all states."""
        return Response(MocksSerializer({"results": mocked_responses.list_mocks(name)}).data)

    @extend_schema(
        operation_id="createMock",
        tags=["tests"],
        parameters=[NAME],
        request=NewMockSerializer,
        responses={201: MockSerializer, **ERRORS, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, name: str) -> Response:
        """Save a mock under a name that its state has not yet (409 MockAlreadyExists)."""
        given = validated(NewMockSerializer(data=request.data))
        mock = mocked_responses.create_mock(name, given["state"], given["name"], given["response"])
        return Response(MockSerializer(mock).data, status=201)


class MockView(APIView):
    """One mock."""

    permissions = {"PATCH": Permission.EDIT, "DELETE": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="updateMock",
        tags=["tests"],
        parameters=[NAME, MOCK_ID],
        request=MockChangeSerializer,
        responses={200: MockSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def patch(self, request: Request, name: str, mockId: int) -> Response:  # noqa: N803
        """Change a mock, unless somebody else has saved it meanwhile (409 MockChanged)."""
        given = validated(MockChangeSerializer(data=request.data))
        follows = given.pop("follows")
        mock = mocked_responses.update_mock(name, mockId, follows, **given)
        return Response(MockSerializer(mock).data)

    @extend_schema(
        operation_id="deleteMock",
        tags=["tests"],
        parameters=[NAME, MOCK_ID],
        responses={204: None, **ERRORS},
    )
    def delete(self, _: Request, name: str, mockId: int) -> Response:  # noqa: N803
        """Delete a mock. Tests that name it cannot be run any more."""
        mocked_responses.delete_mock(name, mockId)
        return Response(status=204)
