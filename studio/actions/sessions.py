"""Sessions of people: for how long they are good, and how they end before that.

A session ends at the earlier of two times: so long after its owner signed in, and so long after
they last did anything. Both are in the row's ``expire_date``, so that whoever reads a session, a
page or an open socket, sees it go at the same moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from studio.actions.access_keys import forget_keys_of
from studio.actions.audit import record
from studio.models import AuditAction

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.base import SessionBase

BEGAN: Final = "began"
SEEN: Final = "seen"
WRITTEN_SECONDS: Final = 60
"""That somebody did something is written down once in so long."""


def begin_session(session: SessionBase) -> None:
    """Somebody has signed in with this session: its time begins."""
    now = timezone.now()
    session[BEGAN] = now.isoformat()
    _see(session, now, now)


def see_session(session: SessionBase) -> None:
    """Somebody has come with this session: it is good for longer, or is over.

    One that does not say when it began is of a release that wrote that down nowhere, and over.
    """
    if SESSION_KEY not in session:
        return
    now = timezone.now()
    began = _moment(session.get(BEGAN))
    if began is None or now >= began + _age():
        session.flush()
        return
    seen = _moment(session.get(SEEN)) or began
    if now - seen >= timedelta(seconds=WRITTEN_SECONDS):
        _see(session, began, now)


def _see(session: SessionBase, began: datetime, now: datetime) -> None:
    session[SEEN] = now.isoformat()
    session.set_expiry(min(now + _idle(), began + _age()))


def _age() -> timedelta:
    return timedelta(hours=settings.SESSION_HOURS)


def _idle() -> timedelta:
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES or settings.SESSION_HOURS * 60)


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


@transaction.atomic
def end_sessions_of(user: User) -> int:
    """Sign somebody out everywhere; how many sessions they had. Their open sockets close within
    seconds.
    """
    # A session's row does not say whose it is: its text does.
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()
    if theirs:
        record(AuditAction.END_SESSIONS, user.get_username(), {"sessions": len(theirs)})
    return len(theirs)


@transaction.atomic
def set_account_enabled(user: User, *, enabled: bool) -> None:
    """Let somebody sign in again, or not any more: then their sessions end, for good, and keys and
    tokens open nothing.
    """
    if user.is_active == enabled:
        return
    user.is_active = enabled
    user.save(update_fields=["is_active"])
    action = AuditAction.ENABLE_ACCOUNT if enabled else AuditAction.DISABLE_ACCOUNT
    record(action, user.get_username())
    if not enabled:
        end_sessions_of(user)
        forget_keys_of(user)


def remove_expired_sessions() -> int:
    """Remove the sessions whose time is over; how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
