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
from studio.actions.proposals.webhooks import create_webhook, delete_webhook
from studio.actions.state_machines import get_state_machine
from studio.models import OutgoingMessage, ReviewWebhook
from studio.rest.errors import NOT_FOUND
from studio.rest.fields import MomentField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.proposals.views import NAME
from studio.rest.session import user_id


class ReviewWebhookSerializer(serializers.Serializer[Any]):
    """An address that is told, without its secret."""

    id = serializers.IntegerField()
    url = serializers.CharField()
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

    permissions = {"DELETE": Permission.DEPLOY}

    @extend_schema(
        operation_id="deleteReviewWebhook",
        tags=["proposals"],
        parameters=[NAME, OpenApiParameter("webhookId", int, OpenApiParameter.PATH)],
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str, webhookId: int) -> Response:
        """Tell it no more."""
        delete_webhook(name, webhookId)
        return Response(status=204)


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
        "creationDate": webhook.created_at,
        "lastFailure": latest or None,
    }
