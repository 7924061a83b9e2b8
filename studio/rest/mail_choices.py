"""``/api/notifications/mails/``: of what one is told by mail, too."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.proposals.notifications import EVENTS, choose_mails, mail_of, unwanted_mails
from studio.rest.errors import ERRORS
from studio.rest.fields import NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.session import user_id


class ChooseMailsSerializer(serializers.Serializer[Any]):
    """Of what mails are wanted, all of it."""

    events = serializers.ListField(
        child=NamedChoiceField("NotificationEvent", EVENTS),
        help_text="Of these mails are wanted, of others none",
    )


class MailChoicesSerializer(ChooseMailsSerializer):
    """Of what one is told by mail."""

    address = serializers.CharField(
        allow_null=True, help_text="The account's; null: it has none, and no mails come"
    )
    isConfigured = serializers.BooleanField(help_text="Whether this installation sends mails")


class MailChoicesView(APIView):
    """One's own choice."""

    permissions = {"GET": Permission.OWN_ACCOUNT, "PUT": Permission.OWN_ACCOUNT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getMailChoices",
        tags=["session"],
        responses={200: MailChoicesSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Say of which events one is told by mail."""
        return self._answer(request)

    @extend_schema(
        operation_id="chooseMails",
        tags=["session"],
        request=ChooseMailsSerializer,
        responses={200: MailChoicesSerializer, **ERRORS},
    )
    def put(self, request: Request) -> Response:
        """Choose of which events one wants mails. The page tells of all of them."""
        given = validated(ChooseMailsSerializer(data=request.data))
        choose_mails(user_id(request), set(EVENTS) - set(given["events"]))
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        assert isinstance(request.user, AbstractBaseUser)
        unwanted = unwanted_mails(user_id(request))
        choices = {
            "events": [event for event in EVENTS if event not in unwanted],
            "address": mail_of(request.user) or None,
            "isConfigured": bool(settings.MAIL_FROM),
        }
        return Response(MailChoicesSerializer(choices).data)
