"""Signing in and out, as the audit trail has it. Django's signals tell of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from studio.actions.audit import current_actor, record
from studio.actions.identities import BACKEND, SINGLE_SIGN_ON
from studio.actions.sessions import begin_session
from studio.models import ActorKind, AuditAction

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.http import HttpRequest

MAX_USERNAME = 150


@receiver(user_logged_in)
def _signed_in(user: AbstractBaseUser, request: HttpRequest, **_: Any) -> None:
    if request.session.get(BACKEND_SESSION_KEY) == BACKEND:
        told = {"with": SINGLE_SIGN_ON, "issuer": settings.OIDC_ISSUER}
    else:
        told = {"with": "password"}
    begin_session(request.session)
    _tell(AuditAction.SIGN_IN, user.get_username(), told)


@receiver(user_logged_out)
def _signed_out(user: AbstractBaseUser | None, **_: Any) -> None:
    if user is not None:
        _tell(AuditAction.SIGN_OUT, user.get_username())


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if getattr(request, "axes_locked_out", False):
        return  # Told once, below; what comes then is not even tried.
    name = str(credentials.get("username", ""))[:MAX_USERNAME]
    # Nobody is signed in: who it was is what they said, and that is the subject.
    record(
        AuditAction.SIGN_IN_FAILED,
        name,
        actor=replace(current_actor(), kind=ActorKind.USER, name=""),
    )


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, username: str | None, **_: Any) -> None:
    failures = getattr(request, "axes_failures_since_start", None)
    if failures is not None:
        record(
            AuditAction.SIGN_IN_LOCKED,
            (username or "")[:MAX_USERNAME],
            {"failures": failures},
            actor=replace(current_actor(), kind=ActorKind.USER, name=""),
        )


def _tell(action: AuditAction, username: str, told: dict[str, str] | None = None) -> None:
    actor = replace(current_actor(), kind=ActorKind.USER, name=username)
    record(action, username, told, actor=actor)
