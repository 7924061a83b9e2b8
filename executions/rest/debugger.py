"""``/api/executions/…/debugger/``: what is paused, and what is done about it."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import debugger
from executions.actions.debugger_view import record_details, view_debugger
from executions.actions.executions import get_execution_by_name
from executions.interpreter.debugging import commands
from executions.interpreter.debugging.breakpoint import Breakpoint
from studio.access.permissions import Permission
from studio.rest.breakpoints import WHERE, BreakpointSerializer
from studio.rest.errors import NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.models import DebuggerRecord

NAMES = [
    OpenApiParameter("stateMachineName", str, OpenApiParameter.PATH),
    OpenApiParameter("executionName", str, OpenApiParameter.PATH),
]


class SetBreakpointSerializer(BreakpointSerializer):
    """A breakpoint of an execution."""

    setBy = serializers.CharField(source="by")
    temporary = serializers.BooleanField(help_text="It goes when it has paused somebody")


class AroundSerializer(serializers.Serializer[Any]):
    """A Map or Parallel state around a branch, and which of its branches or iterations that is."""

    state = serializers.CharField()
    index = serializers.IntegerField()


class PlaceSerializer(serializers.Serializer[Any]):
    """Where a branch is. ``at`` is what commands name it by; it changes when the branch goes on."""

    at = serializers.CharField()
    state = serializers.CharField()
    enteredEventId = serializers.IntegerField(source="entered_event_id")
    path = AroundSerializer(many=True, help_text="The states around it, the outermost first")


class PausedSerializer(PlaceSerializer):
    """A paused branch, with what it has. Payloads are JSON texts."""

    where = NamedChoiceField("BreakpointWhere", WHERE)
    since = MomentField()
    by = serializers.CharField(help_text="Who set the breakpoint, took the step or asked for it")
    reason = NamedChoiceField("PauseReason", ("breakpoint", "target", "step", "pause"))
    problem = serializers.CharField(
        allow_null=True, help_text="Why the breakpoint's condition could not be evaluated"
    )
    input = serializers.CharField()
    output = serializers.CharField(allow_null=True, help_text="What it is about to leave with")
    variables = serializers.CharField(help_text="A JSON object")
    next = serializers.CharField(
        source="following", allow_null=True, help_text="Where it goes on after the state"
    )


class WaitingSerializer(PlaceSerializer):
    """A branch that waits for a task, for a moment, or for its next attempt."""

    waitsFor = NamedChoiceField("WaitsFor", ("task", "wait", "retry"), source="waits_for")


class RecordSerializer(serializers.Serializer[Any]):
    """Something that somebody did, or a pause; ``eventId`` is the event it came after."""

    id = serializers.IntegerField()
    eventId = serializers.IntegerField(source="event_id")
    at = MomentField()
    action = serializers.CharField()
    by = serializers.CharField()
    state = serializers.CharField(allow_null=True)
    enteredEventId = serializers.IntegerField(source="visit", allow_null=True)
    details = serializers.SerializerMethodField(help_text="Of long payloads the beginning")

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_details(self, record: DebuggerRecord) -> dict[str, Any]:
        """What else is to be said."""
        return record_details(record)


class DebuggerSerializer(serializers.Serializer[Any]):
    """Everything about debugging one execution."""

    breakpoints = SetBreakpointSerializer(many=True)
    paused = PausedSerializer(many=True, help_text="The longest paused first")
    waiting = WaitingSerializer(many=True)
    isPausing = serializers.BooleanField(
        source="is_pausing", help_text="Some branches are still on their way to a pause"
    )
    records = RecordSerializer(many=True, help_text="The latest 200, the latest first")
    recordId = serializers.IntegerField(source="record_id")


class DebuggerCommandSerializer(serializers.Serializer[Any]):
    """One command. Which of the other members it needs, ``command`` decides."""

    command = NamedChoiceField(
        "DebuggerCommand",
        (
            "setBreakpoint",
            "removeBreakpoint",
            "pause",
            "resume",
            "edit",
            "skip",
            "fail",
            "retry",
            "detach",
        ),
        help_text="setBreakpoint: state, where, condition; removeBreakpoint: state, where, "
        "temporary; pause; resume: at (none: everything), pace, child or target; edit: at, edited, "
        "text; skip: at, result; fail: at, error, cause; retry: at; detach",
    )
    at = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    state = serializers.CharField(required=False, max_length=80, trim_whitespace=False)
    where = NamedChoiceField("BreakpointWhere", WHERE, default="before")
    condition = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=10_000
    )
    temporary = serializers.BooleanField(default=False)
    pace = NamedChoiceField(
        "DebuggerPace",
        ("continue", "over", "into", "out"),
        default="continue",
        help_text="Where it pauses next: at breakpoints only, at the next state of its scope, in "
        "branch or iteration `child`, or behind its scope",
    )
    child = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    target = serializers.CharField(
        required=False,
        allow_null=True,
        default=None,
        max_length=80,
        trim_whitespace=False,
        help_text="Go on up to this state",
    )
    edited = NamedChoiceField("Edited", ("input", "output", "variables"), required=False)
    text = serializers.CharField(required=False, trim_whitespace=False, help_text="JSON text")
    result = serializers.CharField(required=False, trim_whitespace=False, help_text="JSON text")
    error = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=256, trim_whitespace=False
    )
    cause = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=32_768, trim_whitespace=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what the command cannot do without."""
        missing = [name for name in _NEEDED.get(attrs["command"], ()) if not attrs.get(name)]
        if missing:
            raise serializers.ValidationError(
                dict.fromkeys(missing, f"The command {attrs['command']} needs it.")
            )
        return attrs


_NEEDED = {
    "setBreakpoint": ("state",),
    "removeBreakpoint": ("state",),
    "edit": ("at", "edited", "text"),
    "skip": ("at", "result"),
    "fail": ("at",),
    "retry": ("at",),
}

_COMMANDS: dict[str, Callable[[dict[str, Any], str], commands.DebuggingCommand]] = {
    "setBreakpoint": lambda given, by: commands.SetBreakpoint(
        0, "", Breakpoint(given["state"], given["where"], given["condition"], by)
    ),
    "removeBreakpoint": lambda given, by: commands.RemoveBreakpoint(
        0, "", by, given["state"], given["where"], given["temporary"]
    ),
    "pause": lambda _, by: commands.PauseExecution(0, "", by),
    "resume": lambda given, by: commands.ResumeExecution(
        0, "", by, given["at"], given["pace"], given["child"], given["target"]
    ),
    "edit": lambda given, by: commands.EditPaused(
        0, "", by, given["at"], given["edited"], given["text"]
    ),
    "skip": lambda given, by: commands.SkipState(0, "", by, given["at"], given["result"]),
    "fail": lambda given, by: commands.FailState(
        0, "", by, given["at"], given["error"], given["cause"]
    ),
    "retry": lambda given, by: commands.RetryState(0, "", by, given["at"]),
    "detach": lambda _, by: commands.DetachDebugger(0, "", by),
}
"""The commands as the machine has them; their clock and seed are given by the turn."""


class DebuggerView(APIView):
    """Debugging one execution."""

    permissions = {"GET": Permission.VIEW, "POST": Permission.RUN}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getDebugger",
        tags=["debugger"],
        parameters=NAMES,
        responses={200: DebuggerSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, **names: str) -> Response:
        """Tell what is paused, where breakpoints are, and who did what."""
        execution = get_execution_by_name(names["stateMachineName"], names["executionName"])
        return Response(DebuggerSerializer(view_debugger(execution)).data)

    @extend_schema(
        operation_id="tellDebugger",
        tags=["debugger"],
        parameters=NAMES,
        request=DebuggerCommandSerializer,
        responses={200: DebuggerSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, **names: str) -> Response:
        """Carry out one command, and tell how things are then."""
        given = validated(DebuggerCommandSerializer(data=request.data))
        execution = get_execution_by_name(names["stateMachineName"], names["executionName"])
        by = request.user.get_username()
        debugger.tell(execution, _COMMANDS[given["command"]](given, by))
        return Response(DebuggerSerializer(view_debugger(execution)).data)
