"""``/api/notifications/``: what the person who is signed in is told of."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.proposals.notifications import mark_read, unread
from studio.models import Notification
from studio.models.accounts import in_sight
from studio.rest.errors import ERRORS
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.proposals.shapes import MarkReadSerializer, NotificationsSerializer
from studio.rest.session import user_id

SHOWN = 50


class NotificationsView(APIView):
    """What one is told of."""

    permissions = {"GET": Permission.VIEW, "PUT": Permission.VIEW}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listNotifications",
        tags=["proposals"],
        responses={200: NotificationsSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List the latest notifications, and say how many of all are unread."""
        return self._answer(request)

    @extend_schema(
        operation_id="markNotificationsRead",
        tags=["proposals"],
        request=MarkReadSerializer,
        responses={200: NotificationsSerializer, **ERRORS},
    )
    def put(self, request: Request) -> Response:
        """Mark notifications as read: those of these ids, or all."""
        given = validated(MarkReadSerializer(data=request.data))
        mark_read(user_id(request), given.get("ids"))
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        me = user_id(request)
        own = in_sight("proposal__state_machine__name")
        found = Notification.objects.filter(own, recipient_id=me)
        found = found.select_related("proposal__state_machine")
        results = [
            {
                "id": each.pk,
                "event": each.event,
                "sentence": each.sentence,
                "stateMachine": each.proposal.state_machine.short_name,
                "number": each.proposal.number,
                "creationDate": each.created_at,
                "isRead": each.read_at is not None,
            }
            for each in found[:SHOWN]
        ]
        return Response(NotificationsSerializer({"results": results, "unread": unread(me)}).data)
