"""The three addresses of single sign-on; they are not there unless it is configured."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from studio.access.declaration import public
from studio.actions.audit import acting, current_actor, record
from studio.actions.identities import BACKEND, SINGLE_SIGN_ON, account_of
from studio.errors import ApiError
from studio.models import ActorKind, AuditAction
from studio.single_sign_on import provider
from studio.single_sign_on.provider import NotSignedIn

BEGUN_SECONDS = 3600
"""For how long somebody may take at the provider."""
_log = logging.getLogger(__name__)


@public
@require_GET
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    _must_be_configured()
    destination = _safe(request, request.GET.get("next", ""))
    if request.user.is_authenticated:
        return HttpResponseRedirect(destination)
    try:
        address = provider.begin(request, _callback(request), destination)
    except NotSignedIn as fault:
        _log.warning("single sign-on cannot begin: %s", fault.message, exc_info=True)
        return _refuse(request, fault.message, 502)
    # Nobody is signed in by it yet: it need not be kept as long as a session.
    request.session.set_expiry(BEGUN_SECONDS)
    return HttpResponseRedirect(address)


@public
@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer and sign in whoever it is about."""
    _must_be_configured()
    try:
        signed_in = provider.finish(request)
        # Roles that come of groups are nobody's deed.
        system = replace(current_actor(), kind=ActorKind.SYSTEM, name=SINGLE_SIGN_ON)
        with acting(lambda: system):
            user = account_of(signed_in.issuer, signed_in.subject, signed_in.claims)
    except NotSignedIn as fault:
        if fault.is_answer:
            _tell(fault.message)
        return _refuse(request, fault.message, 403)
    except ApiError as error:
        _tell(error.message)
        return _refuse(request, error.message, 403)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(_safe(request, signed_in.next))


@public
@require_GET
@never_cache
def end(request: HttpRequest) -> HttpResponse:
    """Send somebody who has signed out here to sign out at the provider, too."""
    _must_be_configured()
    back = request.build_absolute_uri(resolve_url(settings.LOGIN_URL))
    return redirect(provider.end_address(back) or settings.LOGIN_URL)


def _must_be_configured() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("single-sign-on-callback"))


def _safe(request: HttpRequest, destination: str) -> str:
    """The page that somebody was going to, if it is one of ours."""
    is_ours = url_has_allowed_host_and_scheme(
        destination, {request.get_host()}, require_https=request.is_secure()
    )
    return destination if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _tell(message: str) -> None:
    actor = replace(current_actor(), kind=ActorKind.USER, name="")
    record(
        AuditAction.SIGN_IN_FAILED, "", {"with": SINGLE_SIGN_ON, "because": message}, actor=actor
    )


def _refuse(request: HttpRequest, message: str, status: int) -> HttpResponse:
    context = {"message": message, "name": settings.OIDC_NAME}
    return render(request, "registration/not_signed_in.html", context, status=status)
