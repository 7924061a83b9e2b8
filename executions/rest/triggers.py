"""``/api/state-machines/NAME/rules/``, ``schedules/``, ``starts/``; ``/api/events/``."""

# ruff: noqa: N803, N815 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions.triggers import rules, schedules, triggered
from executions.actions.triggers.events import InvalidEntry, accept_events, new_event
from executions.actions.triggers.input_transformer import InputFrom
from executions.models import EventRule, Schedule
from executions.rest.state_machines import NAME
from executions.rest.trigger_fields import (
    NewRuleSerializer,
    NewScheduleSerializer,
    ObjectField,
    RuleChangeSerializer,
    RuleSerializer,
    RuleTestedSerializer,
    RuleTestSerializer,
    ScheduleChangeSerializer,
    ScheduleSerializer,
    ScheduleTimesSerializer,
    StartSerializer,
    TimesSerializer,
    rule_fields,
    schedule_fields,
)
from studio.access.permissions import Permission
from studio.actions.state_machines import get_state_machine
from studio.errors import ValidationException
from studio.models import StateMachine
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.parsers import StrictJsonParser, validated

RULE = OpenApiParameter("ruleId", int, OpenApiParameter.PATH)
SCHEDULE = OpenApiParameter("scheduleId", int, OpenApiParameter.PATH)
TAKEN = {**NOT_FOUND, 409: ApiErrorSerializer}


class EventEntrySerializer(serializers.Serializer[Any]):
    """An event in EventBridge's shape; ``id`` is the sender's own."""

    id = serializers.CharField(max_length=128, required=False)
    detail = ObjectField()
    time = serializers.DateTimeField(required=False)
    resources = serializers.ListField(
        child=serializers.CharField(max_length=2048), required=False, default=list
    )

    def get_fields(self) -> dict[str, Any]:
        """Add the members whose names mean something else in Python, or nothing."""
        return {
            **super().get_fields(),
            "source": serializers.CharField(max_length=256),
            "detail-type": serializers.CharField(max_length=128),
        }


class EventsSerializer(serializers.Serializer[Any]):
    """Events to take."""

    entries = EventEntrySerializer(many=True)


class AcceptedSerializer(serializers.Serializer[Any]):
    """What became of an event."""

    eventId = serializers.CharField(source="event_id")
    repeated = serializers.BooleanField(help_text="It was there already; nothing more was done")
    starts = serializers.IntegerField(help_text="How many rules take it")


class AcceptedEventsSerializer(serializers.Serializer[Any]):
    """What became of the events, in their order."""

    entries = AcceptedSerializer(many=True)


class RulesSerializer(serializers.Serializer[Any]):
    """All rules of a state machine, by name."""

    results = RuleSerializer(many=True)


class SchedulesSerializer(serializers.Serializer[Any]):
    """All schedules of a state machine, by name."""

    results = ScheduleSerializer(many=True)


class StartsSerializer(serializers.Serializer[Any]):
    """The latest that rules and schedules wanted started, the newest first."""

    results = StartSerializer(many=True)


class EventsView(APIView):
    """Where events are posted."""

    permissions = {"POST": Permission.RUN}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="postEvents",
        tags=["triggers"],
        request=EventsSerializer,
        responses={200: AcceptedEventsSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Take events, all or none; each is stored, with what it starts, when this answers."""
        given = validated(EventsSerializer(data=request.data))["entries"]
        try:
            events = [
                new_event(
                    source=entry["source"],
                    detail_type=entry["detail-type"],
                    detail=entry["detail"],
                    resources=entry["resources"],
                    time=entry.get("time"),
                    event_id=entry.get("id"),
                )
                for entry in given
            ]
        except InvalidEntry as problem:
            raise ValidationException(message=str(problem)) from None
        return Response(AcceptedEventsSerializer({"entries": accept_events(events)}).data)


class RulesView(APIView):
    """The rules that start one state machine."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listRules",
        tags=["triggers"],
        parameters=[NAME],
        responses={200: RulesSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the rules."""
        found = rules.rules_of(get_state_machine(name))
        return Response(RulesSerializer({"results": found}).data)

    @extend_schema(
        operation_id="createRule",
        tags=["triggers"],
        parameters=[NAME],
        request=NewRuleSerializer,
        responses={201: RuleSerializer, **TAKEN},
    )
    def post(self, request: Request, name: str) -> Response:
        """Make a rule (409 TriggerAlreadyExists where the name is taken)."""
        given = validated(NewRuleSerializer(data=request.data))
        rule = EventRule(state_machine=get_state_machine(name))
        return Response(RuleSerializer(rules.save_rule(rule, rule_fields(given))).data, status=201)


class RuleView(APIView):
    """One rule."""

    permissions = {"PATCH": Permission.DEPLOY, "DELETE": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="updateRule",
        tags=["triggers"],
        parameters=[NAME, RULE],
        request=RuleChangeSerializer,
        responses={200: RuleSerializer, **TAKEN},
    )
    def patch(self, request: Request, name: str, ruleId: int) -> Response:
        """Change a rule."""
        given = validated(RuleChangeSerializer(data=request.data))
        rule = rules.get_rule(get_state_machine(name), ruleId)
        return Response(RuleSerializer(rules.save_rule(rule, rule_fields(given))).data)

    @extend_schema(
        operation_id="deleteRule",
        tags=["triggers"],
        parameters=[NAME, RULE],
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str, ruleId: int) -> Response:
        """Remove a rule."""
        rules.delete_rule(get_state_machine(name), ruleId)
        return Response(status=204)


class RuleTestView(APIView):
    """Trying a pattern on an event; nothing is stored or started."""

    permissions = {"POST": Permission.VIEW}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="testRule",
        tags=["triggers"],
        request=RuleTestSerializer,
        responses={200: RuleTestedSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Say whether the event matches, and what the input would be."""
        given = validated(RuleTestSerializer(data=request.data))
        fields = rule_fields(given)
        made_from = InputFrom(
            fields.get("input_text", ""),
            fields.get("input_path", ""),
            fields.get("input_template", ""),
            fields.get("input_paths", {}),
        )
        matches, text = rules.try_rule(fields["pattern"], made_from, given["event"])
        return Response(RuleTestedSerializer({"matches": matches, "input": text}).data)


class SchedulesView(APIView):
    """The schedules that start one state machine."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="listSchedules",
        tags=["triggers"],
        parameters=[NAME],
        responses={200: SchedulesSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the schedules."""
        found = schedules.schedules_of(get_state_machine(name))
        return Response(SchedulesSerializer({"results": found}).data)

    @extend_schema(
        operation_id="createSchedule",
        tags=["triggers"],
        parameters=[NAME],
        request=NewScheduleSerializer,
        responses={201: ScheduleSerializer, **TAKEN},
    )
    def post(self, request: Request, name: str) -> Response:
        """Make a schedule (409 TriggerAlreadyExists where the name is taken)."""
        given = validated(NewScheduleSerializer(data=request.data))
        schedule = Schedule(state_machine=get_state_machine(name))
        saved = schedules.save_schedule(schedule, schedule_fields(given))
        return Response(ScheduleSerializer(saved).data, status=201)


class ScheduleView(APIView):
    """One schedule."""

    permissions = {"PATCH": Permission.DEPLOY, "DELETE": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="updateSchedule",
        tags=["triggers"],
        parameters=[NAME, SCHEDULE],
        request=ScheduleChangeSerializer,
        responses={200: ScheduleSerializer, **TAKEN},
    )
    def patch(self, request: Request, name: str, scheduleId: int) -> Response:
        """Change a schedule; from now on it goes by what it says then."""
        given = validated(ScheduleChangeSerializer(data=request.data))
        schedule = schedules.get_schedule(get_state_machine(name), scheduleId)
        saved = schedules.save_schedule(schedule, schedule_fields(given))
        return Response(ScheduleSerializer(saved).data)

    @extend_schema(
        operation_id="deleteSchedule",
        tags=["triggers"],
        parameters=[NAME, SCHEDULE],
        responses={204: None, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str, scheduleId: int) -> Response:
        """Remove a schedule."""
        schedules.delete_schedule(get_state_machine(name), scheduleId)
        return Response(status=204)


class ScheduleTimesView(APIView):
    """The times of an expression, before a schedule is made of it."""

    permissions = {"POST": Permission.VIEW}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="showScheduleTimes",
        tags=["triggers"],
        request=ScheduleTimesSerializer,
        responses={200: TimesSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Give the next five times."""
        given = schedule_fields(validated(ScheduleTimesSerializer(data=request.data)))
        schedule = Schedule(state_machine=StateMachine(), **given)
        return Response(TimesSerializer({"nextTimes": schedules.times_from_now(schedule)}).data)


class StartsView(APIView):
    """What rules and schedules wanted started."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listTriggeredStarts",
        tags=["triggers"],
        parameters=[NAME],
        responses={200: StartsSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List the latest hundred, the newest first, with those that failed."""
        found = triggered.latest_starts(get_state_machine(name))
        return Response(StartsSerializer({"results": found}).data)
