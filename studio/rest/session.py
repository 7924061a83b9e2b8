"""Who is signed in, and to what."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.rest.errors import ERRORS


class SessionSerializer(serializers.Serializer[Any]):
    """The signed-in user, and the account and region that ARNs of this installation have."""

    username = serializers.CharField()
    accountId = serializers.CharField()  # noqa: N815 - the wire's name
    region = serializers.CharField()


def user_id(request: Request) -> int:
    """The id of the user who is signed in; nobody else gets as far as a view."""
    pk = request.user.pk
    assert isinstance(pk, int)
    return pk


@method_decorator(ensure_csrf_cookie, name="dispatch")
class SessionView(APIView):
    """``/api/session/``."""

    @extend_schema(
        operation_id="getSession", tags=["session"], responses={200: SessionSerializer, **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """Tell who is signed in."""
        session = {
            "username": request.user.get_username(),
            "accountId": settings.AWS_ACCOUNT_ID,
            "region": settings.AWS_REGION,
        }
        return Response(SessionSerializer(session).data)
