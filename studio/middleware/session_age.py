"""Sessions end by themselves: see ``studio.actions.sessions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.deprecation import MiddlewareMixin

from studio.actions.sessions import see_session

if TYPE_CHECKING:
    from django.http import HttpRequest


class SessionAgeMiddleware(MiddlewareMixin):
    """Stands behind Django's sessions, and before whatever asks who has come."""

    def process_request(self, request: HttpRequest) -> None:
        """Write down that somebody is there, or end their session."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            see_session(request.session)
