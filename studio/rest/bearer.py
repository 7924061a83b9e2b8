"""Programs call the REST API with ``Authorization: Bearer swt_…``.

A request with one is the token's, whatever cookies it has: no browser adds the header by itself,
so nobody can be made to send one, and CSRF has nothing to forge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from studio.actions.api_tokens import KnownToken, find_token

if TYPE_CHECKING:
    from rest_framework.request import Request

_SCHEME: Final = "bearer"


class BearerAuthentication(BaseAuthentication):
    """Knows whoever brings a token; ``request.auth`` is then a KnownToken."""

    def authenticate(self, request: Request) -> tuple[Any, KnownToken] | None:
        """The token's user and itself; None where the request has none.

        Raises AuthenticationFailed: what it brings is no token that is in force.
        """
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != _SCHEME:
            return None
        known = find_token(text.strip())
        if known is None:
            raise AuthenticationFailed(
                "This token is not in force: it was revoked, has expired, or never was one."
            )
        return known.user, known

    def authenticate_header(self, request: Request) -> str:
        """What a program that brings nothing is told to bring."""
        del request
        return 'Bearer realm="Stepwell"'


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the OpenAPI document."""

    target_class = "studio.rest.bearer.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Describe the header."""
        del auto_schema
        return {
            "type": "http",
            "scheme": _SCHEME,
            "description": "A token of one's own, made under Access keys and tokens.",
        }
