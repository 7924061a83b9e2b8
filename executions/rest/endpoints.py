"""``/api/state-machines/NAME/endpoints/`` and ``webhooks/``: secrets go out once, never again."""

# ruff: noqa: N803 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions.triggers import endpoints, webhooks
from executions.rest.state_machines import NAME
from executions.rest.trigger_fields import (
    DeliverySerializer,
    EndpointChangeSerializer,
    EndpointSerializer,
    MadeEndpointSerializer,
    MadeWebhookSerializer,
    NewEndpointSerializer,
    NewWebhookSerializer,
    WebhookChangeSerializer,
    WebhookSerializer,
    with_is_enabled,
)
from studio.access.permissions import Permission
from studio.actions.state_machines import get_state_machine
from studio.rest.errors import NOT_FOUND
from studio.rest.parsers import StrictJsonParser, validated

ENDPOINT = OpenApiParameter("endpointId", int, OpenApiParameter.PATH)
WEBHOOK = OpenApiParameter("webhookId", int, OpenApiParameter.PATH)
DELIVERY = OpenApiParameter("deliveryId", int, OpenApiParameter.PATH)


class EndpointsSerializer(serializers.Serializer[Any]):
    """All endpoints of a state machine."""

    results = EndpointSerializer(many=True)


class WebhooksSerializer(serializers.Serializer[Any]):
    """All webhooks of a state machine."""

    results = WebhookSerializer(many=True)


class DeliveriesSerializer(serializers.Serializer[Any]):
    """The latest deliveries to a webhook, the newest first."""

    results = DeliverySerializer(many=True)


class EndpointsView(APIView):
    """The endpoints that start one state machine. There is none until somebody makes one."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listEndpoints",
        tags=["triggers"],
        parameters=[NAME],
        responses={200: EndpointsSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the endpoints."""
        found = endpoints.endpoints_of(get_state_machine(name))
        return Response(EndpointsSerializer({"results": found}).data)

    @extend_schema(
        operation_id="createEndpoint",
        tags=["triggers"],
        parameters=[NAME],
        request=NewEndpointSerializer,
        responses={201: MadeEndpointSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, name: str) -> Response:
        """Make an endpoint; the answer has its secret, which is not shown again."""
        given = with_is_enabled(validated(NewEndpointSerializer(data=request.data)))
        endpoint, secret = endpoints.create_endpoint(
            get_state_machine(name), given.pop("authorization"), given.pop("secret"), given
        )
        made = {"endpoint": endpoint, "secret": secret}
        return Response(MadeEndpointSerializer(made).data, status=201)


class EndpointView(APIView):
    """One endpoint."""

    permissions = {"PATCH": Permission.DEPLOY, "DELETE": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="updateEndpoint",
        tags=["triggers"],
        parameters=[NAME, ENDPOINT],
        request=EndpointChangeSerializer,
        responses={200: EndpointSerializer, **NOT_FOUND},
    )
    def patch(self, request: Request, name: str, endpointId: int) -> Response:
        """Change an endpoint."""
        given = with_is_enabled(validated(EndpointChangeSerializer(data=request.data)))
        endpoint = endpoints.get_endpoint(get_state_machine(name), endpointId)
        return Response(EndpointSerializer(endpoints.save_endpoint(endpoint, given)).data)

    @extend_schema(
        operation_id="deleteEndpoint",
        tags=["triggers"],
        parameters=[NAME, ENDPOINT],
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str, endpointId: int) -> Response:
        """Remove an endpoint; its address is gone for good."""
        endpoints.delete_endpoint(get_state_machine(name), endpointId)
        return Response(status=204)


class WebhooksView(APIView):
    """The webhooks that hear of one state machine's executions."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listWebhooks",
        tags=["triggers"],
        parameters=[NAME],
        responses={200: WebhooksSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the webhooks."""
        found = webhooks.webhooks_of(get_state_machine(name))
        return Response(WebhooksSerializer({"results": found}).data)

    @extend_schema(
        operation_id="createWebhook",
        tags=["triggers"],
        parameters=[NAME],
        request=NewWebhookSerializer,
        responses={201: MadeWebhookSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, name: str) -> Response:
        """Make a webhook; the answer has its secret, which is not shown again."""
        given = with_is_enabled(validated(NewWebhookSerializer(data=request.data)))
        webhook, secret = webhooks.create_webhook(get_state_machine(name), given)
        made = {"webhook": webhook, "secret": secret}
        return Response(MadeWebhookSerializer(made).data, status=201)


class WebhookView(APIView):
    """One webhook."""

    permissions = {"PATCH": Permission.DEPLOY, "DELETE": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="updateWebhook",
        tags=["triggers"],
        parameters=[NAME, WEBHOOK],
        request=WebhookChangeSerializer,
        responses={200: WebhookSerializer, **NOT_FOUND},
    )
    def patch(self, request: Request, name: str, webhookId: int) -> Response:
        """Change a webhook."""
        given = with_is_enabled(validated(WebhookChangeSerializer(data=request.data)))
        webhook = webhooks.get_webhook(get_state_machine(name), webhookId)
        return Response(WebhookSerializer(webhooks.save_webhook(webhook, given)).data)

    @extend_schema(
        operation_id="deleteWebhook",
        tags=["triggers"],
        parameters=[NAME, WEBHOOK],
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str, webhookId: int) -> Response:
        """Remove a webhook; what is not delivered yet is not delivered any more."""
        webhooks.delete_webhook(get_state_machine(name), webhookId)
        return Response(status=204)


class DeliveriesView(APIView):
    """What was delivered to a webhook."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listDeliveries",
        tags=["triggers"],
        parameters=[NAME, WEBHOOK],
        responses={200: DeliveriesSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str, webhookId: int) -> Response:
        """List the latest fifty, the newest first, with their calls."""
        webhook = webhooks.get_webhook(get_state_machine(name), webhookId)
        found = webhooks.deliveries_of(webhook)
        return Response(DeliveriesSerializer({"results": found}).data)


class ResendView(APIView):
    """Delivering an event again."""

    permissions = {"POST": Permission.DEPLOY}

    @extend_schema(
        operation_id="resendDelivery",
        tags=["triggers"],
        parameters=[NAME, WEBHOOK, DELIVERY],
        request=None,
        responses={200: DeliverySerializer, **NOT_FOUND},
    )
    def post(self, _: Request, name: str, webhookId: int, deliveryId: int) -> Response:
        """Have an event delivered again; a worker does it in a moment."""
        webhook = webhooks.get_webhook(get_state_machine(name), webhookId)
        return Response(DeliverySerializer(webhooks.resend(webhook, deliveryId)).data)
