"""``/api/session/password/``: one's own password, changed."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation, update_session_auth_hash
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.audit import record
from studio.errors import ValidationException
from studio.models import AuditAction
from studio.rest.errors import ERRORS
from studio.rest.parsers import StrictJsonParser, validated


class ChangePasswordSerializer(serializers.Serializer[Any]):
    """The password as it is and as it shall be."""

    currentPassword = serializers.CharField(trim_whitespace=False, max_length=1000)
    newPassword = serializers.CharField(trim_whitespace=False, max_length=1000)


class PasswordView(APIView):
    """The signed-in person's password."""

    permissions = {"POST": Permission.OWN_ACCOUNT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="changePassword",
        tags=["session"],
        request=ChangePasswordSerializer,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Change it. Every other session of the person ends; this one goes on."""
        given = validated(ChangePasswordSerializer(data=request.data))
        user = request.user
        assert isinstance(user, User)
        if not settings.PASSWORDS or not user.has_usable_password():
            raise ValidationException(message="You have no password here: you sign in elsewhere.")
        if not user.check_password(given["currentPassword"]):
            raise ValidationException(message="The current password is not that.")
        try:
            password_validation.validate_password(given["newPassword"], user)
        except ValidationError as fault:
            raise ValidationException(message=" ".join(fault.messages)) from None
        user.set_password(given["newPassword"])
        with transaction.atomic():
            user.save(update_fields=["password"])
            record(AuditAction.CHANGE_PASSWORD, user.get_username())
        update_session_auth_hash(request._request, user)
        return Response(status=204)
