"""What drf-spectacular needs to be told for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.views import SpectacularAPIView

from studio.access.permissions import Permission
from studio.rest.access import DeclaredPermission


class DocumentView(SpectacularAPIView):
    """``/api/schema/``: this document."""

    permissions = {"GET": Permission.OWN_ACCOUNT}
    permission_classes = [DeclaredPermission]


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie. Its name depends on the port, the document must not."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Describe the cookie as that of the default port."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "stepwell_session_8000",
            "description": "Set by /sign-in/. The name ends with the server's port. Requests that "
            "change something also need the header X-CSRFToken with the cookie csrftoken's value.",
        }


class NamedChoice(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Puts a NamedChoiceField among the document's components."""

    target_class = "studio.rest.fields.NamedChoiceField"

    def get_name(self) -> str:
        """Give the component's name."""
        return str(self.target.component)

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe the choices."""
        del auto_schema, direction
        return {"type": "string", "enum": list(self.target.choices)}
