"""Sessions of those who were signed in and did not sign out."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone


def remove_expired_sessions() -> int:
    """Remove the sessions whose time is over; how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
