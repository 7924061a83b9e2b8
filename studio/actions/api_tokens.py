"""Tokens of the REST API: made, revoked, and found by what a request brings."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from studio.access.caller import Caller, caller_of
from studio.actions.access_keys import check_scopes
from studio.actions.audit import record
from studio.errors import ResourceNotFound, ValidationException
from studio.models import ApiToken, AuditAction, Membership

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

PREFIX: Final = "swt_"
"""What every token begins with, so that whatever looks for secrets in texts can know it."""
USE_SECONDS: Final = 60
"""A token's last use is written down once in so long."""
_ID_CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ROLE = Subquery(
    Membership.objects.filter(
        user_id=OuterRef("user_id"), workspace_id=OuterRef("workspace_id")
    ).values("role")
)


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token that is in force: whose it is, and what may be done with it now."""

    token_id: str
    user: AbstractBaseUser
    caller: Caller


@transaction.atomic
def create_token(
    user: AbstractBaseUser,
    workspace_id: int,
    name: str,
    *,
    scopes: Sequence[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for ``user`` in a workspace; it and its text, which cannot be read again.

    ``scopes`` are as of an access key: see ``studio.actions.access_keys``.

    Raises:
        ValidationException: a scope is no permission, there is none, or ``expires_at`` is past.
    """
    if scopes is not None:
        check_scopes(scopes)
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationException(message="The token would have expired already.")
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        token_id="SWTK" + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(16)),
        digest=_digest(text),
        name=name,
        user_id=user.pk,
        workspace_id=workspace_id,
        scopes=None if scopes is None else sorted(set(scopes)),
        created_at=timezone.now(),
        expires_at=expires_at,
    )
    told = {"user": user.get_username(), "name": name, "scopes": token.scopes}
    record(AuditAction.CREATE_API_TOKEN, token.token_id, told)
    return token, text


def revoke_token(token: ApiToken) -> None:
    """Refuse what comes with this token from now on, everywhere."""
    with transaction.atomic():
        in_force = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
        if in_force.update(revoked_at=timezone.now()):
            record(AuditAction.REVOKE_API_TOKEN, token.token_id)


def tokens_of(user: AbstractBaseUser) -> QuerySet[ApiToken]:
    """The tokens of ``user``, the newest first, revoked ones included."""
    found = ApiToken.objects.filter(user_id=user.pk)
    return found.select_related("workspace").order_by("-id")


def get_token(token_id: str, user: AbstractBaseUser) -> ApiToken:
    """The token of ``user`` with this id. Raises ResourceNotFound, also for somebody else's."""
    token = tokens_of(user).filter(token_id=token_id).first()
    if token is None:
        raise ResourceNotFound(token_id)
    return token


def find_token(text: str) -> KnownToken | None:
    """The token with this text, if it is in force. Asked for with every request: a token that is
    revoked, or whose user has lost a role, is good for less at once.
    """
    if not text.startswith(PREFIX):
        return None
    now = timezone.now()
    token = (
        ApiToken.objects.filter(digest=_digest(text), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .select_related("user", "workspace")
        .annotate(role=_ROLE)
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at < now - timedelta(seconds=USE_SECONDS):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    caller = caller_of(token.user_id, token.user.get_username(), token.workspace, token.role)
    limited = caller if token.scopes is None else caller.limited_to(token.scopes)
    return KnownToken(token.token_id, token.user, limited)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
