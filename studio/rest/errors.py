"""The one shape of an error in the REST API: ``{"code", "message", "diagnostics"?}``."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from studio.errors import ApiError, InvalidDefinition


class DiagnosticSerializer(serializers.Serializer[Any]):
    """One finding in a definition, with AWS's four fields."""

    severity = serializers.CharField(help_text="ERROR or WARNING")
    code = serializers.CharField()
    message = serializers.CharField()
    location = serializers.CharField(help_text="Such as /States/Pay/Next")


class ApiErrorSerializer(serializers.Serializer[Any]):
    """What every answer with a status of 4xx is."""

    code = serializers.CharField(help_text="The error's name, AWS's where AWS has one")
    message = serializers.CharField()
    diagnostics = DiagnosticSerializer(
        many=True, required=False, help_text="Of InvalidDefinition: every finding"
    )


ERRORS = {400: ApiErrorSerializer, 401: ApiErrorSerializer}
"""For the OpenAPI document: what every operation may answer."""
NOT_FOUND = {**ERRORS, 404: ApiErrorSerializer}
"""The same for operations on one thing, which may not be there."""

_CODES: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "NotAuthenticated",
    exceptions.AuthenticationFailed: "NotAuthenticated",
    exceptions.PermissionDenied: "AccessDeniedException",
    exceptions.ParseError: "SerializationException",
    exceptions.MethodNotAllowed: "MethodNotAllowed",
    exceptions.UnsupportedMediaType: "UnsupportedMediaType",
    exceptions.NotFound: "NotFound",
}


def exception_handler(exception: Exception, _: dict[str, Any]) -> Response | None:
    """Turn an error into an answer; None for our own faults, which reach the log."""
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    if isinstance(exception, ApiError):
        set_rollback()
        body: dict[str, Any] = {"code": exception.code, "message": exception.message}
        if isinstance(exception, InvalidDefinition):
            body["diagnostics"] = DiagnosticSerializer(exception.diagnostics, many=True).data
        return Response(body, status=exception.rest_status)
    if isinstance(exception, exceptions.ValidationError):
        set_rollback()
        message = "; ".join(_flatten(exception.detail, ""))
        return Response({"code": "ValidationException", "message": message}, status=400)
    if isinstance(exception, exceptions.APIException):
        set_rollback()
        status = exception.status_code
        if isinstance(exception, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
            # For a page it means "sign in".
            status = 401
        code = _CODES.get(type(exception), type(exception).__name__)
        challenge = getattr(exception, "auth_header", None)
        headers = {"WWW-Authenticate": challenge} if challenge else None
        body = {"code": code, "message": str(exception.detail)}
        return Response(body, status=status, headers=headers)
    return None


def _flatten(detail: Any, path: str) -> list[str]:
    """DRF's nested messages as sentences, each with its field."""
    if isinstance(detail, dict):
        return [
            text
            for name, part in detail.items()
            for text in _flatten(part, f"{path}.{name}" if path else str(name))
        ]
    if isinstance(detail, list):
        return [text for part in detail for text in _flatten(part, path)]
    return [f"{path}: {detail}" if path and path != "non_field_errors" else str(detail)]
