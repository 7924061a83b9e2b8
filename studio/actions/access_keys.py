"""Access keys: made, revoked, and read to verify a signature.

The secret is kept encrypted (``studio.encryption``): a copy of the database alone signs nothing,
and a new ``SECRET_KEY`` makes every access key useless.
"""

from __future__ import annotations

import base64
import logging
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from studio.access.caller import Caller, caller_of
from studio.access.permissions import SCOPES
from studio.actions.audit import record
from studio.encryption import UnreadableSecret, decrypt, encrypt
from studio.errors import ResourceNotFound, ValidationException
from studio.models import AccessKey, AuditAction, Membership

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

REMEMBER_SECONDS = 5.0
"""For how long a key may be accepted after it has expired, and by another process after it was
revoked or its user's role was withdrawn.
"""
REMEMBERED_KEYS = 1000
USE_SECONDS = 60.0
"""A key's last use is written down once in so long by each process."""

_PURPOSE = AccessKey.encrypted_columns["encrypted_secret"]
_ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# The key's user has no role where the membership was withdrawn.
_ROLE = Subquery(
    Membership.objects.filter(
        user_id=OuterRef("user_id"), workspace_id=OuterRef("workspace_id")
    ).values("role")
)
_log = logging.getLogger(__name__)
_remembered: dict[str, tuple[float, KnownKey]] = {}
_noted: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What a request signed with a key needs: the secret, and what its user may do there."""

    secret: str
    caller: Caller


@transaction.atomic
def create_access_key(
    user: AbstractBaseUser,
    workspace_id: int,
    *,
    scopes: Sequence[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[AccessKey, str]:
    """Make an access key for ``user`` in a workspace; the key and its secret, which cannot be read
    again.

    ``scopes`` are the permissions that it is for, of those that the user's role has at the time of
    each call; None is all of them.

    Raises:
        ValidationException: a scope is no permission, there is none, or ``expires_at`` is past.
    """
    if scopes is not None:
        check_scopes(scopes)
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationException(message="The key would have expired already.")
    secret = base64.b64encode(secrets.token_bytes(30)).decode()
    key = AccessKey.objects.create(
        access_key_id="AKIA" + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(16)),
        encrypted_secret=encrypt(secret, _PURPOSE),
        user_id=user.pk,
        workspace_id=workspace_id,
        scopes=None if scopes is None else sorted(set(scopes)),
        created_at=timezone.now(),
        expires_at=expires_at,
    )
    told = {"user": user.get_username(), "scopes": key.scopes}
    workspace = key.workspace.account
    record(AuditAction.CREATE_ACCESS_KEY, key.access_key_id, told, workspace=workspace)
    return key, secret


def check_scopes(scopes: Sequence[str]) -> None:
    """Refuse what is no list of permissions, with ValidationException."""
    known = [str(each) for each in SCOPES]
    unknown = sorted(set(scopes) - set(known))
    if unknown or not scopes:
        wrong = f"'{unknown[0]}' is no permission" if unknown else "A key needs at least one scope"
        raise ValidationException(message=f"{wrong}. There are {', '.join(known)}.")


def revoke_access_key(key: AccessKey) -> None:
    """Refuse what is signed with this key from now on; elsewhere within a few seconds."""
    with transaction.atomic():
        in_force = AccessKey.objects.filter(pk=key.pk, revoked_at=None)
        if in_force.update(revoked_at=timezone.now()):
            workspace = key.workspace.account
            record(AuditAction.REVOKE_ACCESS_KEY, key.access_key_id, workspace=workspace)
    _remembered.pop(key.access_key_id, None)


def remembered_key(access_key_id: str) -> KnownKey | None:
    """A key that was found a moment ago; asks nobody."""
    known = _remembered.get(access_key_id)
    return known[1] if known is not None and known[0] > time.monotonic() else None


def forget_keys_of(user: AbstractBaseUser) -> None:
    """Look the keys of ``user`` up again: what they may do has changed."""
    for access_key_id, (_, known) in list(_remembered.items()):
        if known.caller.user_id == user.pk:
            _remembered.pop(access_key_id, None)


def keys_of(user: AbstractBaseUser) -> QuerySet[AccessKey]:
    """The access keys of ``user``, the newest first, revoked ones included."""
    found = AccessKey.objects.filter(user_id=user.pk)
    return found.select_related("workspace").order_by("-id")


def get_access_key(access_key_id: str, user: AbstractBaseUser | None = None) -> AccessKey:
    """The access key with this id, of ``user`` where one is given.

    Raises:
        ResourceNotFound: there is none, or it is somebody else's.
    """
    found = AccessKey.objects.select_related("user", "workspace").filter(
        access_key_id=access_key_id
    )
    if user is not None:
        found = found.filter(user_id=user.pk)
    key = found.first()
    if key is None:
        raise ResourceNotFound(access_key_id)
    return key


def note_use(access_key_id: str) -> None:
    """Write down that a request with this key was verified; at most once a minute."""
    now = time.monotonic()
    if _noted.get(access_key_id, -USE_SECONDS) > now - USE_SECONDS:
        return
    if len(_noted) >= REMEMBERED_KEYS:
        _noted.clear()
    _noted[access_key_id] = now
    AccessKey.objects.filter(access_key_id=access_key_id).update(last_used_at=timezone.now())


def find_key(access_key_id: str) -> KnownKey | None:
    """A key that is in force, with its secret; None where there is no such key."""
    if (known := remembered_key(access_key_id)) is not None:
        return known
    key = (
        AccessKey.objects.filter(access_key_id=access_key_id, revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
        .select_related("user", "workspace")
        .annotate(role=_ROLE)
        .first()
    )
    if key is None:
        _remembered.pop(access_key_id, None)
        return None
    try:
        secret = decrypt(key.encrypted_secret, _PURPOSE)
    except UnreadableSecret:
        _log.error("access key %s was made under another SECRET_KEY: make a new one", access_key_id)
        return None
    caller = caller_of(key.user_id, key.user.get_username(), key.workspace, key.role)
    known = KnownKey(secret, caller if key.scopes is None else caller.limited_to(key.scopes))
    if len(_remembered) >= REMEMBERED_KEYS:
        _remembered.clear()
    _remembered[access_key_id] = (time.monotonic() + REMEMBER_SECONDS, known)
    return known
