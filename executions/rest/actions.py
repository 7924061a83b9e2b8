"""``/api/actions/``: what a Task can call in this installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.integrations.functions.listing import function_names
from executions.integrations.registry import available_actions
from studio.access.permissions import Permission
from studio.rest.errors import ERRORS


class ActionSerializer(serializers.Serializer[Any]):
    """Something that a Task's Resource may name."""

    resource = serializers.CharField(help_text="Such as arn:aws:states:::sqs:sendMessage")
    service = serializers.CharField()
    action = serializers.CharField()
    patterns = serializers.ListField(
        child=serializers.CharField(), help_text="Endings it may have, such as waitForTaskToken"
    )


class ActionsSerializer(serializers.Serializer[Any]):
    """The functions in the folders of this installation, and the services it can call."""

    functions = serializers.ListField(child=serializers.CharField())
    services = ActionSerializer(many=True)


class ActionsView(APIView):
    """What a Task can call."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listActions",
        tags=["definitions"],
        responses={200: ActionsSerializer, **ERRORS},
    )
    def get(self, _: Request) -> Response:
        """List functions by name, and actions of services. Nothing is called or imported."""
        actions = {
            "functions": function_names(settings.FUNCTION_FOLDERS),
            "services": available_actions(),
        }
        return Response(ActionsSerializer(actions).data)
