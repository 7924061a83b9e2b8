"""Who may listen, looked up when a socket opens and every few seconds after."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection

from studio.access.caller import chosen_workspace, find_caller
from studio.access.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.access.caller import Caller

RECHECK_SECONDS = 5.0
"""For how long a socket stays open after the session has ended or the membership is withdrawn."""
SIGNED_OUT: Final = 4401
NOT_ALLOWED: Final = 4403
"""Why a socket is closed that was open, as its closing code."""

PERMISSIONS: Final[Mapping[str, Permission]] = {
    "watch": Permission.VIEW,
    "unwatch": Permission.VIEW,
}
"""Which permission each kind of message needs. One that is not here is refused to everybody."""


def find_listener(session_key: str | None) -> Caller | None:
    """Whoever is signed in with this session, as they are now; None where nobody is any more.

    Runs on a thread of its own and gives its connection back.
    """
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        user = get_user(cast("Any", SimpleNamespace(session=session)))
        if not user.is_authenticated:
            return None
        assert isinstance(user.pk, int)
        return find_caller(user.pk, user.get_username(), chosen_workspace(session))
    finally:
        connection.close()
