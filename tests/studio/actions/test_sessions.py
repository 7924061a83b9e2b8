"""Sessions that are over are removed, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from studio.actions.sessions import remove_expired_sessions


@pytest.mark.django_db
def test_expired_sessions_are_removed() -> None:
    for _ in range(2):
        SessionStore().create()
    kept, over = Session.objects.all()
    Session.objects.filter(pk=over.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert remove_expired_sessions() == 1
    assert Session.objects.get().pk == kept.pk
