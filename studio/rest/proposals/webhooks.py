"""``/api/state-machines/{name}/review-webhooks/``: programs that are told of proposals."""

# ruff: noqa: N803, N815 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.proposals.webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    get_webhook,
    try_webhook,
)
from studio.actions.state_machines import get_state_machine
from studio.asl import json_text
from studio.models import OutgoingMessage, ReviewWebhook
from studio.rest.errors import NOT_FOUND
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.proposals.views import NAME
from studio.rest.session import user_id

WEBHOOK = OpenApiParameter("webhookId", int, OpenApiParameter.PATH)
SHOWN = 50


class ReviewWebhookSerializer(serializers.Serializer[Any]):
    """An address that is told, without its secret."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    isEnabled = serializers.BooleanField()
    creationDate = MomentField()
    lastFailure = serializers.CharField(
        allow_null=True, help_text="Why the latest call failed; null: it did not"
    )


class ReviewWebhooksSerializer(serializers.Serializer[Any]):
    """All of a state machine."""

    results = ReviewWebhookSerializer(many=True)


class NewReviewWebhookSerializer(ReviewWebhookSerializer):
    """One just made, with its secret: this is the one time that it is shown."""

    secret = serializers.CharField()


class CreateReviewWebhookSerializer(serializers.Serializer[Any]):
    """Where to."""

    url = serializers.CharField(max_length=2048)


class ChangeReviewWebhookSerializer(serializers.Serializer[Any]):
    """What becomes of it. What is not given stays as it is."""

    url = serializers.CharField(max_length=2048, required=False)
    isEnabled = serializers.BooleanField(required=False)


class ReviewDeliverySerializer(serializers.Serializer[Any]):
    """A call of a webhook that waits, or was made."""

    id = serializers.UUIDField(help_text="Stepwell-Delivery of the call")
    event = serializers.CharField(help_text="TEST tells of nothing")
    sentence = serializers.CharField()
    number = serializers.IntegerField(allow_null=True, help_text="The proposal's")
    creationDate = MomentField()
    status = NamedChoiceField("ReviewDeliveryStatus", ["WAITING", "DELIVERED", "GIVEN_UP"])
    attempts = serializers.IntegerField()
    answer = serializers.CharField(
        allow_null=True, help_text="To the latest attempt: 204 No Content; null: there was none"
    )
    failure = serializers.CharField(allow_null=True)
    sentDate = MomentField(allow_null=True)
    nextDate = MomentField(allow_null=True, help_text="When it is tried again")


class ReviewDeliveriesSerializer(serializers.Serializer[Any]):
    """The latest calls of a webhook, the newest first."""

    results = ReviewDeliverySerializer(many=True)


class ReviewWebhooksView(APIView):
    """The webhooks of a state machine."""

    permissions = {"GET": Permission.DEPLOY, "POST": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listReviewWebhooks",
        tags=["proposals"],
        parameters=[NAME],
        responses={200: ReviewWebhooksSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the addresses that are told of this state machine's proposals."""
        found = get_state_machine(name).review_webhooks.all()
        return Response(
            ReviewWebhooksSerializer({"results": [_shown(each) for each in found]}).data
        )

    @extend_schema(
        operation_id="createReviewWebhook",
        tags=["proposals"],
        parameters=[NAME],
        request=CreateReviewWebhookSerializer,
        responses={201: NewReviewWebhookSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, name: str) -> Response:
        """Have an address told. Its secret is in this answer and nowhere else."""
        given = validated(CreateReviewWebhookSerializer(data=request.data))
        webhook, secret = create_webhook(name, given["url"], user_id(request))
        shown = NewReviewWebhookSerializer({**_shown(webhook), "secret": secret}).data
        return Response(shown, status=201, headers={"Cache-Control": "no-store"})


class ReviewWebhookView(APIView):
    """One webhook."""

    permissions = {"PUT": Permission.DEPLOY, "DELETE": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="updateReviewWebhook",
        tags=["proposals"],
        parameters=[NAME, WEBHOOK],
        request=ChangeReviewWebhookSerializer,
        responses={200: ReviewWebhookSerializer, **NOT_FOUND},
    )
    def put(self, request: Request, name: str, webhookId: int) -> Response:
        """Change its address, or turn it on or off. What waits goes to the new address; when it is
        turned off, nowhere any more. Its secret stays.
        """
        given = validated(ChangeReviewWebhookSerializer(data=request.data))
        webhook = change_webhook(
            name, webhookId, url=given.get("url"), enabled=given.get("isEnabled")
        )
        return Response(ReviewWebhookSerializer(_shown(webhook)).data)

    @extend_schema(
        operation_id="deleteReviewWebhook",
        tags=["proposals"],
        parameters=[NAME, WEBHOOK],
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str, webhookId: int) -> Response:
        """Tell it no more."""
        delete_webhook(name, webhookId)
        return Response(status=204)


class ReviewDeliveriesView(APIView):
    """What a webhook was told."""

    permissions = {"GET": Permission.DEPLOY, "POST": Permission.DEPLOY}

    @extend_schema(
        operation_id="listReviewDeliveries",
        tags=["proposals"],
        parameters=[NAME, WEBHOOK],
        responses={200: ReviewDeliveriesSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str, webhookId: int) -> Response:
        """List the latest calls with what was answered. They are kept for thirty days."""
        messages = get_webhook(name, webhookId).messages.order_by("-id")[:SHOWN]
        results = [_delivery(each) for each in messages]
        return Response(ReviewDeliveriesSerializer({"results": results}).data)

    @extend_schema(
        operation_id="testReviewWebhook",
        tags=["proposals"],
        parameters=[NAME, WEBHOOK],
        request=None,
        responses={201: ReviewDeliverySerializer, **NOT_FOUND},
    )
    def post(self, _: Request, name: str, webhookId: int) -> Response:
        """Have it called with an event that tells of nothing."""
        message = try_webhook(name, webhookId)
        message.refresh_from_db()
        return Response(ReviewDeliverySerializer(_delivery(message)).data, status=201)


def _shown(webhook: ReviewWebhook) -> dict[str, Any]:
    latest = (
        OutgoingMessage.objects.filter(webhook=webhook, attempt__gt=0)
        .order_by("-id")
        .values_list("failure", flat=True)
        .first()
    )
    return {
        "id": webhook.pk,
        "url": webhook.url,
        "isEnabled": webhook.is_enabled,
        "creationDate": webhook.created_at,
        "lastFailure": latest or None,
    }


def _delivery(message: OutgoingMessage) -> dict[str, Any]:
    body = json_text.loads(message.text)
    waits = message.sent_at is None and not message.given_up
    status = "WAITING" if waits else "GIVEN_UP" if message.sent_at is None else "DELIVERED"
    return {
        "id": message.identity,
        "event": body["event"],
        "sentence": body["sentence"],
        "number": body.get("number"),
        "creationDate": message.created_at,
        "status": status,
        "attempts": message.attempt,
        "answer": message.answer or None,
        "failure": message.failure or None,
        "sentDate": message.sent_at,
        "nextDate": message.lease_until if waits else None,
    }
