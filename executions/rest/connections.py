"""``/api/connections/``: how HTTP Tasks authorize themselves. Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import connections
from executions.models import Connection
from studio import arns
from studio.access.permissions import Permission
from studio.rest.errors import ERRORS, NOT_FOUND
from studio.rest.parsers import validated

_KINDS = ("API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS")
_NAME = [OpenApiParameter("name", str, OpenApiParameter.PATH)]


class ConnectionSerializer(serializers.Serializer[Connection]):
    """A connection as it is shown."""

    name = serializers.CharField(source="short_name")
    connectionArn = serializers.SerializerMethodField(help_text="What a definition names")  # noqa: N815 - the wire's name
    description = serializers.CharField()
    authorizationType = serializers.ChoiceField(_KINDS, source="authorization_type")  # noqa: N815
    authParameters = serializers.SerializerMethodField(  # noqa: N815
        help_text="EventBridge's AuthParameters, each secret replaced by asterisks"
    )
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815
    modifiedAt = serializers.DateTimeField(source="modified_at")  # noqa: N815

    def get_connectionArn(self, connection: Connection) -> str:  # noqa: N802
        """The ARN."""
        return connections.connection_arn(connection)

    def get_authParameters(self, connection: Connection) -> dict[str, Any]:  # noqa: N802
        """The parameters without their secrets."""
        return connections.shown_parameters(connection)


class ConnectionChangeSerializer(serializers.Serializer[Any]):
    """What may be changed; credentials are given whole or left as they are."""

    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    authorizationType = serializers.ChoiceField(_KINDS, required=False)  # noqa: N815
    authParameters = serializers.DictField(  # noqa: N815
        required=False, help_text="EventBridge's AuthParameters"
    )


class NewConnectionSerializer(serializers.Serializer[Any]):
    """A connection to make."""

    name = serializers.CharField(max_length=64)
    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    authorizationType = serializers.ChoiceField(_KINDS)  # noqa: N815
    authParameters = serializers.DictField(help_text="EventBridge's AuthParameters")  # noqa: N815


class ConnectionTestSerializer(serializers.Serializer[Any]):
    """What to try a connection with."""

    url = serializers.CharField(
        max_length=2048,
        required=False,
        allow_blank=True,
        default="",
        help_text="Where a request is made with it; an OAuth connection may do without",
    )
    method = serializers.ChoiceField(("GET", "HEAD"), required=False, default="GET")


class TriedSerializer(serializers.Serializer[Any]):
    """One request of a test."""

    purpose = serializers.ChoiceField(("token", "request"))
    url = serializers.CharField(help_text="Without its query")
    status = serializers.IntegerField(allow_null=True, help_text="What was answered, if anything")
    problem = serializers.CharField(help_text="What went wrong; nothing: it went well")
    milliseconds = serializers.IntegerField()


class ConnectionTestedSerializer(serializers.Serializer[Any]):
    """How the test went; neither secrets nor bodies are among it."""

    ok = serializers.BooleanField()
    requests = TriedSerializer(many=True)


class ConnectionsView(APIView):
    """All connections."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.MANAGE_CONNECTIONS}

    @extend_schema(
        operation_id="listConnections",
        tags=["connections"],
        responses={200: ConnectionSerializer(many=True), **ERRORS},
    )
    def get(self, _: Request) -> Response:
        """List connections by name, without secrets."""
        found = connections.all_connections()
        return Response([ConnectionSerializer(connection).data for connection in found])

    @extend_schema(
        operation_id="createConnection",
        tags=["connections"],
        request=NewConnectionSerializer,
        responses={201: ConnectionSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Make a connection."""
        given = validated(NewConnectionSerializer(data=request.data))
        connection = connections.create_connection(
            arns.full_name(given["name"]),
            given["authorizationType"],
            given["authParameters"],
            given.get("description", ""),
        )
        return Response(ConnectionSerializer(connection).data, status=201)


class ConnectionView(APIView):
    """One connection."""

    permissions = {"PATCH": Permission.MANAGE_CONNECTIONS, "DELETE": Permission.MANAGE_CONNECTIONS}

    @extend_schema(
        operation_id="updateConnection",
        tags=["connections"],
        parameters=_NAME,
        request=ConnectionChangeSerializer,
        responses={200: ConnectionSerializer, **NOT_FOUND},
    )
    def patch(self, request: Request, name: str) -> Response:
        """Change a connection."""
        given = validated(ConnectionChangeSerializer(data=request.data))
        connection = connections.update_connection(
            name,
            authorization_type=given.get("authorizationType"),
            parameters=given.get("authParameters"),
            description=given.get("description"),
        )
        return Response(ConnectionSerializer(connection).data)

    @extend_schema(
        operation_id="deleteConnection",
        tags=["connections"],
        parameters=_NAME,
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str) -> Response:
        """Remove a connection."""
        connections.delete_connection(name)
        return Response(status=204)


class ConnectionTestView(APIView):
    """One connection, tried out."""

    permissions = {"POST": Permission.MANAGE_CONNECTIONS}

    @extend_schema(
        operation_id="testConnection",
        tags=["connections"],
        parameters=_NAME,
        request=ConnectionTestSerializer,
        responses={200: ConnectionTestedSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, name: str) -> Response:
        """Ask for its token, and make a request with it where a url is given."""
        given = validated(ConnectionTestSerializer(data=request.data))
        tried = connections.try_out(name, given["url"], given["method"])
        told = {"ok": all(each.is_good for each in tried), "requests": tried}
        return Response(ConnectionTestedSerializer(told).data)
