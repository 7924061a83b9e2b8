"""``/api/execution-roles/``: what state machines may call and start when they run."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio import arns
from studio.access.permissions import Permission
from studio.actions.execution_roles import (
    execution_roles,
    get_execution_role,
    remove_execution_role,
    save_execution_role,
)
from studio.asl import json_text
from studio.asl.outline import outline
from studio.asl.source.yaml_text import InvalidYaml, read_yaml
from studio.errors import ValidationException
from studio.policies.advice import definition_needs, suggested_policy
from studio.policies.needs import Place
from studio.policies.policy import MAX_LENGTH
from studio.rest.diagnostics import DefinitionSerializer
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.session import user_id

NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="The role's name")


class SaveExecutionRoleSerializer(serializers.Serializer[Any]):
    """What is saved of a role."""

    policy = serializers.CharField(
        max_length=MAX_LENGTH, trim_whitespace=False, help_text="IAM's JSON, as text"
    )
    description = serializers.CharField(max_length=1000, allow_blank=True, default="")
    awsProfile = serializers.CharField(
        source="aws_profile",
        max_length=200,
        allow_blank=True,
        default="",
        help_text="The profile of the workers' AWS configuration that services are called with",
    )
    awsRoleArn = serializers.CharField(
        source="aws_role_arn",
        max_length=256,
        allow_blank=True,
        default="",
        help_text="The role that is assumed at AWS to call services",
    )
    follows = serializers.IntegerField(
        min_value=0, default=0, help_text="The version it goes on from; 0 for a new role"
    )


class ExecutionRoleSerializer(serializers.Serializer[Any]):
    """An execution role."""

    name = serializers.CharField()
    arn = serializers.CharField(help_text="What a state machine's roleArn names")
    policy = serializers.CharField()
    description = serializers.CharField()
    awsProfile = serializers.CharField(source="aws_profile")
    awsRoleArn = serializers.CharField(source="aws_role_arn")
    version = serializers.IntegerField(help_text="Counts what was saved")
    updateDate = MomentField(source="updated_at")
    updatedBy = serializers.CharField(source="updated_by.username", default=None, allow_null=True)


class ExecutionRolesSerializer(serializers.Serializer[Any]):
    """All roles, by name."""

    results = ExecutionRoleSerializer(many=True)


class NeedSerializer(serializers.Serializer[Any]):
    """What a Task needs to be allowed."""

    location = serializers.CharField()
    action = serializers.CharField()
    resource = serializers.CharField(help_text="* where only an execution knows it")


class NeedsSerializer(serializers.Serializer[Any]):
    """What a definition needs, and a policy that allows it."""

    needs = NeedSerializer(many=True)
    policy = serializers.CharField()


class ExecutionRolesView(APIView):
    """The roles of this installation."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listExecutionRoles",
        tags=["execution roles"],
        responses={200: ExecutionRolesSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List all roles by name."""
        return Response(ExecutionRolesSerializer({"results": execution_roles()}).data)


class ExecutionRoleView(APIView):
    """One role."""

    permissions = {
        "GET": Permission.VIEW,
        "PUT": Permission.ADMINISTER,
        "DELETE": Permission.ADMINISTER,
    }
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getExecutionRole",
        tags=["execution roles"],
        parameters=[NAME],
        responses={200: ExecutionRoleSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, name: str) -> Response:
        """Give a role."""
        return Response(ExecutionRoleSerializer(get_execution_role(name)).data)

    @extend_schema(
        operation_id="saveExecutionRole",
        tags=["execution roles"],
        parameters=[NAME],
        request=SaveExecutionRoleSerializer,
        responses={200: ExecutionRoleSerializer, **ERRORS, 409: ApiErrorSerializer},
    )
    def put(self, request: Request, name: str) -> Response:
        """Save a role. Tasks that begin a few seconds later are held against it."""
        given = validated(SaveExecutionRoleSerializer(data=request.data))
        saved = save_execution_role(name, user_id(request), **given)
        return Response(ExecutionRoleSerializer(saved).data)

    @extend_schema(
        operation_id="deleteExecutionRole",
        tags=["execution roles"],
        parameters=[NAME],
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, request: Request, name: str) -> Response:
        """Remove a role: what names it runs under a role that nobody knows from then on."""
        remove_execution_role(name)
        return Response(status=204)


class ExecutionRoleNeedsView(APIView):
    """What a definition needs to be allowed. Stores nothing."""

    permissions = {"POST": Permission.VIEW}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="suggestExecutionRole",
        tags=["execution roles"],
        request=DefinitionSerializer,
        responses={200: NeedsSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Say what the Tasks of a definition need, and suggest the smallest policy for it."""
        given = validated(DefinitionSerializer(data=request.data))
        document = _document(given["definition"], given["format"])
        place = Place(settings.AWS_REGION, arns.current_account())
        return Response(
            {
                "needs": [
                    {"location": location, "action": need.action, "resource": need.resource}
                    for location, need in definition_needs(outline(document), place)
                ],
                "policy": json_text.dumps(suggested_policy(document, place)),
            }
        )


def _document(text: str, source_format: str) -> dict[str, Any]:
    try:
        found = read_yaml(text)[0] if source_format == "YAML" else json_text.loads(text)
    except (InvalidYaml, json_text.InvalidJson) as error:
        raise ValidationException(message=f"The definition cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ValidationException(message="The definition is no JSON object")
    return found
