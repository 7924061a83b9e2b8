"""The OpenID provider that ``STEPWELL_OIDC_ISSUER`` names, asked through Authlib.

Authlib keeps state, nonce and PKCE's verifier in the session, finds the endpoints and keys by
discovery, and verifies what comes back. What it leaves open is closed here: which algorithms are
taken, that the token is for this client, and that the provider is the one that was named.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from joserfc.errors import JoseError

from studio.actions.identities import claim

if TYPE_CHECKING:
    from django.http import HttpRequest

TIMEOUT_SECONDS: Final = 10
"""For how long each request to the provider may take."""
LEEWAY_SECONDS: Final = 60
"""By how much the provider's clock may differ from ours."""
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures with a key that only the provider has: neither "none" nor one with our own secret."""
METADATA_SECONDS: Final = 3600
"""For how long what the provider says of itself is believed; new keys are looked for at once."""
_NAME: Final = "openid"


class NotSignedIn(Exception):
    """The provider did not say, or not as it must, who somebody is. The text is for that person.

    ``is_answer``: it came of an answer to a sign-in that was begun here.
    """

    def __init__(self, message: str, *, is_answer: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.is_answer = is_answer


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who somebody is, as the provider says; ``next`` is where they were going."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]
    next: str


class _App(DjangoOAuth2App):  # type: ignore[misc]
    """Authlib's client, which believes only what is sound of what a provider says of itself."""

    def load_server_metadata(self) -> dict[str, Any]:
        """What the provider says of itself. Raises NotSignedIn where it is another one."""
        metadata: dict[str, Any] = super().load_server_metadata()
        if metadata.get("issuer") != settings.OIDC_ISSUER:
            raise NotSignedIn(
                f"STEPWELL_OIDC_ISSUER is '{settings.OIDC_ISSUER}', but the provider there calls "
                f"itself '{metadata.get('issuer')}'.",
                is_answer=False,
            )
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [
            each for each in ALGORITHMS if each in offered
        ]
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not self.client_secret:
            metadata["token_endpoint_auth_method"] = "none"  # noqa: S105 - a way to sign in
        elif "client_secret_basic" not in methods and "client_secret_post" in methods:
            metadata["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105
        return metadata


def begin(request: HttpRequest, callback: str, destination: str) -> str:
    """Begin a sign-in in this browser's session: the provider's address to send it to.

    Raises NotSignedIn: the provider cannot be asked.
    """
    app = _app()
    try:
        begun = app.create_authorization_url(callback)
    except (requests.RequestException, ValueError, RuntimeError, AuthlibBaseError) as fault:
        raise NotSignedIn(
            f"{settings.OIDC_NAME} does not answer as an OpenID provider does: "
            f"{type(fault).__name__}. Try again later.",
            is_answer=False,
        ) from fault
    app.save_authorize_data(request, redirect_uri=callback, next=destination, **begun)
    return str(begun["url"])


def finish(request: HttpRequest) -> SignedIn:
    """Take the provider's answer, which is good once.

    Raises NotSignedIn: it belongs to no sign-in of this browser, or it proves nothing.
    """
    app = _app()
    begun = app.framework.get_state_data(request.session, request.GET.get("state"))
    if begun is None:
        raise NotSignedIn(
            "This answer belongs to no sign-in that was begun in this browser within the hour. "
            "Begin again.",
            is_answer=False,
        )
    issuer = request.GET.get("iss")
    if issuer is not None and issuer != settings.OIDC_ISSUER:
        raise NotSignedIn("This answer is another provider's. Begin again.")
    try:
        token = app.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "value": settings.OIDC_ISSUER},
                "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
            },
            leeway=LEEWAY_SECONDS,
        )
        claims = token.get("userinfo")
        if claims is None:
            raise NotSignedIn(f"{settings.OIDC_NAME} did not say who you are (no ID token).")
        claims = _with_userinfo(app, token, claims)
    except JoseError as fault:
        raise NotSignedIn(
            f"What {settings.OIDC_NAME} says of you cannot be believed: {fault}."
        ) from fault
    except AuthlibBaseError as fault:
        # The provider's own words, such as "access_denied: …".
        raise NotSignedIn(f"{settings.OIDC_NAME} did not sign you in: {fault}.") from fault
    except (requests.RequestException, ValueError, RuntimeError) as fault:
        raise NotSignedIn(
            f"{settings.OIDC_NAME} does not answer as an OpenID provider does: "
            f"{type(fault).__name__}. Try again later."
        ) from fault
    return SignedIn(settings.OIDC_ISSUER, str(claims["sub"]), claims, str(begun.get("next", "/")))


def end_address(back: str) -> str | None:
    """Where somebody ends their session at the provider, too, and comes ``back`` from.

    None where it does not offer that, or does not answer.
    """
    app = _app()
    try:
        if not app.load_server_metadata().get("end_session_endpoint"):
            return None
        found = app.create_logout_url(back, client_id=settings.OIDC_CLIENT_ID)
    except (NotSignedIn, requests.RequestException, ValueError, RuntimeError):
        return None
    return str(found["url"])


def _with_userinfo(app: _App, token: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with those that are wanted and not in the ID token, asked for where there are."""
    wanted = {settings.OIDC_USERNAME_CLAIM, settings.OIDC_GROUPS_CLAIM} - {""}
    endpoint = app.load_server_metadata().get("userinfo_endpoint")
    if endpoint is None or all(claim(claims, name) is not None for name in wanted):
        return claims
    more: dict[str, Any] = app.userinfo(token=token)
    if more.get("sub") != claims["sub"]:
        raise NotSignedIn(f"{settings.OIDC_NAME} speaks of somebody else.")
    return {**more, **claims}


def _app() -> _App:
    return _made(
        settings.OIDC_ISSUER,
        settings.OIDC_CLIENT_ID,
        settings.OIDC_CLIENT_SECRET,
        settings.OIDC_SCOPES,
        int(time.monotonic() // METADATA_SECONDS),
    )


@lru_cache(maxsize=1)
def _made(issuer: str, client_id: str, secret: str, scopes: str, period: int) -> _App:
    del period  # A new one is made, and what the provider says of itself read again.
    oauth = OAuth()
    oauth.register(
        _NAME,
        client_cls=_App,
        client_id=client_id,
        client_secret=secret or None,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": scopes,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )
    made = oauth.create_client(_NAME)
    assert isinstance(made, _App)
    return made
