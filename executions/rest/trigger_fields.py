"""How rules, schedules, endpoints, webhooks and what became of them look in the REST API."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions.actions.triggers import schedules
from executions.actions.triggers.rules import as_pattern
from executions.actions.triggers.signatures import KINDS
from executions.models import (
    EventRule,
    Execution,
    HttpEndpoint,
    Schedule,
    TriggeredStart,
    Webhook,
    WebhookDelivery,
)
from studio.asl import json_text
from studio.rest.fields import MomentField, NamedChoiceField

ANY_OBJECT = {"type": "object", "additionalProperties": True}


@extend_schema_field(ANY_OBJECT)
class ObjectField(serializers.JSONField):
    """A JSON object of any shape."""


class InputTransformerSerializer(serializers.Serializer[Any]):
    """EventBridge's InputTransformer."""

    inputPathsMap = serializers.DictField(
        child=serializers.CharField(max_length=256), required=False, default=dict
    )
    inputTemplate = serializers.CharField(max_length=8192, trim_whitespace=False)


class RuleInputSerializer(serializers.Serializer[Any]):
    """Where a rule's executions have their input from; nothing given: the whole event."""

    input = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="JSON text"
    )
    inputPath = serializers.CharField(required=False, allow_blank=True, max_length=256)
    inputTransformer = InputTransformerSerializer(required=False, allow_null=True)


class RuleChangeSerializer(RuleInputSerializer):
    """What may be changed of a rule."""

    name = serializers.CharField(max_length=64, required=False)
    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    eventPattern = ObjectField(required=False)
    qualifier = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="A version or an alias"
    )
    enabled = serializers.BooleanField(required=False)


class NewRuleSerializer(RuleChangeSerializer):
    """A rule to make."""

    name = serializers.CharField(max_length=64)
    eventPattern = ObjectField()


class RuleSerializer(serializers.Serializer[EventRule]):
    """A rule."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    eventPattern = serializers.SerializerMethodField()
    qualifier = serializers.CharField()
    input = serializers.CharField(source="input_text")
    inputPath = serializers.CharField(source="input_path")
    inputTransformer = serializers.SerializerMethodField()
    enabled = serializers.BooleanField(source="is_enabled")
    createdAt = MomentField(source="created_at")

    @extend_schema_field(ANY_OBJECT)
    def get_eventPattern(self, rule: EventRule) -> Any:  # noqa: N802
        """Give the pattern as JSON."""
        return json_text.loads(rule.pattern)

    @extend_schema_field(InputTransformerSerializer(allow_null=True))
    def get_inputTransformer(self, rule: EventRule) -> Any:  # noqa: N802
        """Give the template, if there is one."""
        if not rule.input_template:
            return None
        return {"inputPathsMap": rule.input_paths, "inputTemplate": rule.input_template}


class RuleTestSerializer(RuleInputSerializer):
    """A pattern and an event to try it on."""

    eventPattern = ObjectField()
    event = ObjectField()


class RuleTestedSerializer(serializers.Serializer[Any]):
    """Whether the event matches, and the input that an execution would get."""

    matches = serializers.BooleanField()
    input = serializers.CharField(allow_null=True)


class ScheduleChangeSerializer(serializers.Serializer[Any]):
    """What may be changed of a schedule."""

    name = serializers.CharField(max_length=64, required=False)
    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    expression = serializers.CharField(max_length=256, required=False)
    timeZone = serializers.CharField(max_length=64, required=False, help_text="IANA's name")
    startAt = serializers.DateTimeField(required=False, allow_null=True)
    endAt = serializers.DateTimeField(required=False, allow_null=True)
    windowMinutes = serializers.IntegerField(min_value=0, max_value=1440, required=False)
    qualifier = serializers.CharField(max_length=80, required=False, allow_blank=True)
    input = serializers.CharField(required=False, trim_whitespace=False, help_text="JSON text")
    enabled = serializers.BooleanField(required=False)


class NewScheduleSerializer(ScheduleChangeSerializer):
    """A schedule to make."""

    name = serializers.CharField(max_length=64)
    expression = serializers.CharField(max_length=256)


class ScheduleTimesSerializer(serializers.Serializer[Any]):
    """A schedule's expression, to see its times before it is made."""

    expression = serializers.CharField(max_length=256)
    timeZone = serializers.CharField(max_length=64, required=False, default="UTC")
    startAt = serializers.DateTimeField(required=False, allow_null=True, default=None)
    endAt = serializers.DateTimeField(required=False, allow_null=True, default=None)


class TimesSerializer(serializers.Serializer[Any]):
    """The next times of a schedule."""

    nextTimes = serializers.ListField(child=MomentField())


class ScheduleSerializer(serializers.Serializer[Schedule]):
    """A schedule, with its next times."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    expression = serializers.CharField()
    timeZone = serializers.CharField(source="time_zone")
    startAt = MomentField(source="start_at", allow_null=True)
    endAt = MomentField(source="end_at", allow_null=True)
    windowMinutes = serializers.IntegerField(source="window_minutes")
    qualifier = serializers.CharField()
    input = serializers.CharField(source="input_text")
    enabled = serializers.BooleanField(source="is_enabled")
    nextTimes = serializers.SerializerMethodField()
    missed = serializers.IntegerField(help_text="Times that passed while no worker was there")
    createdAt = MomentField(source="created_at")

    @extend_schema_field(serializers.ListField(child=MomentField()))
    def get_nextTimes(self, schedule: Schedule) -> list[str]:  # noqa: N802
        """Give up to five."""
        field = MomentField()
        return [field.to_representation(each) for each in schedules.next_times(schedule)]


class StartSerializer(serializers.Serializer[TriggeredStart]):
    """An execution that a rule or schedule wanted started, and what became of that."""

    id = serializers.IntegerField()
    rule = serializers.CharField(source="rule.name", allow_null=True, default=None)
    schedule = serializers.CharField(source="schedule.name", allow_null=True, default=None)
    eventId = serializers.CharField(source="event.own_id", allow_null=True, default=None)
    scheduledFor = MomentField(source="scheduled_for", allow_null=True)
    status = NamedChoiceField("TriggeredStartStatus", TriggeredStart.Status.choices)
    executionName = serializers.CharField(source="execution_name")
    executionArn = serializers.CharField(source="execution_arn")
    attempts = serializers.IntegerField()
    hops = serializers.IntegerField(
        help_text="How many executions in a row were started by an event that tells of the one "
        "before, this one included; 0 for schedules"
    )
    error = serializers.CharField()
    createdAt = MomentField(source="created_at")


class NewEndpointSerializer(serializers.Serializer[Any]):
    """An endpoint to make."""

    authorization = NamedChoiceField("EndpointAuthorization", KINDS)
    secret = serializers.CharField(
        max_length=256,
        required=False,
        allow_blank=True,
        default="",
        help_text="The callers' own, where they tell it; otherwise one is made up",
    )
    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    qualifier = serializers.CharField(max_length=80, required=False, allow_blank=True)
    enabled = serializers.BooleanField(required=False)


class EndpointChangeSerializer(serializers.Serializer[Any]):
    """What may be changed of an endpoint."""

    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    qualifier = serializers.CharField(max_length=80, required=False, allow_blank=True)
    enabled = serializers.BooleanField(required=False)


class EndpointSerializer(serializers.Serializer[HttpEndpoint]):
    """An endpoint. Its secret is shown when it is made, and never again."""

    id = serializers.IntegerField()
    path = serializers.SerializerMethodField(help_text="Such as /hooks/TOKEN/")
    authorization = NamedChoiceField("EndpointAuthorization", KINDS)
    description = serializers.CharField()
    qualifier = serializers.CharField()
    enabled = serializers.BooleanField(source="is_enabled")
    createdAt = MomentField(source="created_at")

    def get_path(self, endpoint: HttpEndpoint) -> str:
        """Give the address on this server."""
        return f"/hooks/{endpoint.token}/"


class MadeEndpointSerializer(serializers.Serializer[Any]):
    """An endpoint that has just been made, with its secret."""

    endpoint = EndpointSerializer()
    secret = serializers.CharField()


class WebhookChangeSerializer(serializers.Serializer[Any]):
    """What may be changed of a webhook."""

    url = serializers.CharField(max_length=2048, required=False)
    description = serializers.CharField(max_length=512, required=False, allow_blank=True)
    statuses = serializers.ListField(
        child=serializers.CharField(max_length=9), required=False, help_text="None: all"
    )
    enabled = serializers.BooleanField(required=False)


class NewWebhookSerializer(WebhookChangeSerializer):
    """A webhook to make."""

    url = serializers.CharField(max_length=2048)


class WebhookSerializer(serializers.Serializer[Webhook]):
    """A webhook. Its secret is shown when it is made, and never again."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    description = serializers.CharField()
    statuses = serializers.ListField(child=NamedChoiceField("HeardStatus", Execution.Status.values))
    enabled = serializers.BooleanField(source="is_enabled")
    createdAt = MomentField(source="created_at")


class MadeWebhookSerializer(serializers.Serializer[Any]):
    """A webhook that has just been made, with the secret that its calls are signed with."""

    webhook = WebhookSerializer()
    secret = serializers.CharField()


class AttemptSerializer(serializers.Serializer[Any]):
    """One call of a webhook."""

    at = serializers.CharField()
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    milliseconds = serializers.IntegerField()


class DeliverySerializer(serializers.Serializer[WebhookDelivery]):
    """An event on its way to a webhook; ``attempts`` are the latest calls."""

    id = serializers.IntegerField()
    eventId = serializers.CharField(source="event.own_id")
    event = serializers.SerializerMethodField()
    status = NamedChoiceField("WebhookDeliveryStatus", WebhookDelivery.Status.choices)
    attempts = AttemptSerializer(many=True)
    dueAt = MomentField(source="due_at", allow_null=True)
    createdAt = MomentField(source="created_at")

    @extend_schema_field(ANY_OBJECT)
    def get_event(self, delivery: WebhookDelivery) -> Any:
        """Give the event as it is sent."""
        return json_text.loads(delivery.event.text)


def rule_fields(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a rule that a request gives.

    One way to make the input takes the place of the others.
    """
    fields = {
        column: given[name]
        for name, column in (
            ("name", "name"),
            ("description", "description"),
            ("qualifier", "qualifier"),
            ("enabled", "is_enabled"),
        )
        if name in given
    }
    if "eventPattern" in given:
        fields["pattern"] = as_pattern(given["eventPattern"])
    if {"input", "inputPath", "inputTransformer"} & given.keys():
        transformer = given.get("inputTransformer") or {}
        fields["input_text"] = given.get("input", "")
        fields["input_path"] = given.get("inputPath", "")
        fields["input_template"] = transformer.get("inputTemplate", "")
        fields["input_paths"] = transformer.get("inputPathsMap", {})
    return fields


def schedule_fields(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a schedule that a request gives."""
    columns = {
        "timeZone": "time_zone",
        "startAt": "start_at",
        "endAt": "end_at",
        "windowMinutes": "window_minutes",
        "input": "input_text",
        "enabled": "is_enabled",
    }
    return {columns.get(name, name): value for name, value in given.items()}


def with_is_enabled(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of an endpoint or a webhook that a request gives."""
    return {"is_enabled" if name == "enabled" else name: value for name, value in given.items()}
