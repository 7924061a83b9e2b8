"""The shapes of the REST API. AWS's casing on the wire, Python's behind ``source``."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions.actions import nested_executions, redrive
from executions.models import Execution
from executions.rest.debugged_start import StartDebuggerSerializer
from studio import sensitive_fields
from studio.actions.configurations import logging_of, tracing_of
from studio.models import StateMachine
from studio.rest.fields import MomentField, NamedChoiceField, PagingSerializer


class PausedExecutionSerializer(serializers.Serializer[Any]):
    """That a running execution is paused: the longest paused of its branches, and how many are."""

    since = MomentField()
    by = serializers.CharField(help_text="Who set the breakpoint, took the step or asked for it")
    state = serializers.CharField()
    branches = serializers.IntegerField(source="frames")


class ExecutionSummarySerializer(serializers.Serializer[Any]):
    """An execution in a list."""

    executionArn = serializers.CharField(source="arn")
    name = serializers.CharField()
    stateMachineArn = serializers.CharField(source="state_machine_arn")
    stateMachineName = serializers.CharField(
        source="short_machine_name", help_text="Of a Map Run's child NAME/LABEL"
    )
    status = NamedChoiceField("ExecutionStatus", Execution.Status.choices)
    startDate = MomentField(source="started_at")
    stopDate = MomentField(source="stopped_at", allow_null=True)
    lastEventId = serializers.IntegerField(source="last_event_id")
    paused = PausedExecutionSerializer(source="paused_execution", allow_null=True)
    error = serializers.CharField(allow_null=True)
    stateMachineVersion = serializers.IntegerField(
        source="state_machine_version", allow_null=True, help_text="What it was started by"
    )
    stateMachineAlias = serializers.CharField(source="state_machine_alias", allow_null=True)
    redriveCount = serializers.IntegerField(source="redrive_count")


class RelatedExecutionSerializer(serializers.Serializer[Any]):
    """An execution that another one started, or that started another one."""

    executionArn = serializers.CharField(source="arn")
    name = serializers.CharField()
    stateMachineName = serializers.CharField(source="short_machine_name")
    status = NamedChoiceField("ExecutionStatus", Execution.Status.choices)


class ChildExecutionSerializer(RelatedExecutionSerializer):
    """An execution that a Task started."""

    task = serializers.IntegerField(
        source="parent_task", help_text="The id of the event that scheduled the Task's attempt"
    )


class ExecutionSerializer(ExecutionSummarySerializer):
    """An execution with its payloads and the definition it runs."""

    input = serializers.CharField(help_text="JSON text, as it was given")
    output = serializers.CharField(allow_null=True, help_text="JSON text, of a success")
    cause = serializers.CharField(allow_null=True)
    definition = serializers.CharField(source="revision.definition", help_text="JSON text")
    revisionId = serializers.CharField(source="revision.revision_id")
    startedBy = serializers.SerializerMethodField(help_text="The execution that started this one")
    redriveDate = MomentField(source="redriven_at", allow_null=True)
    redriveStatusReason = serializers.SerializerMethodField(
        help_text="Why it cannot be redriven; null where it can"
    )

    @extend_schema_field(RelatedExecutionSerializer(allow_null=True))
    def get_startedBy(self, execution: Execution) -> dict[str, Any] | None:  # noqa: N802
        """The parent, unless there is none or it has been removed."""
        parent = nested_executions.parent_of(execution)
        return None if parent is None else RelatedExecutionSerializer(parent).data

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_redriveStatusReason(self, execution: Execution) -> str | None:  # noqa: N802
        """As DescribeExecution says it."""
        return redrive.reason_against(execution, timezone.now())


class ChildExecutionsSerializer(serializers.Serializer[Any]):
    """Executions that Tasks of one execution started, in the order of the Tasks."""

    results = ChildExecutionSerializer(many=True)


class ChildExecutionsQuerySerializer(serializers.Serializer[Any]):
    """Which Tasks' executions are asked for."""

    task = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1),
        max_length=100,
        help_text="Ids of the events that scheduled the attempts",
    )


class ExecutionPageSerializer(serializers.Serializer[Any]):
    """A page of executions, the latest first."""

    results = ExecutionSummarySerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)
    searchedTo = MomentField(
        allow_null=True,
        help_text="Where a page ends before it is full: the start of the last execution that was "
        "looked at. The next page looks further.",
    )


class ExecutionCountsSerializer(serializers.Serializer[Any]):
    """How many executions there are by status. Counting stops at 10,000."""

    RUNNING = serializers.IntegerField()
    SUCCEEDED = serializers.IntegerField()
    FAILED = serializers.IntegerField()
    TIMED_OUT = serializers.IntegerField()
    ABORTED = serializers.IntegerField()


class FilteredCountsSerializer(serializers.Serializer[Any]):
    """How many executions a filter lets through, by status."""

    counts = ExecutionCountsSerializer()
    paused = serializers.IntegerField(help_text="How many of the running ones are paused")
    complete = serializers.BooleanField(
        help_text="Whether all were counted: not more than 10,000 of a status, and where texts "
        "are searched for, not more than the latest 20,000 executions (5,000 inputs)"
    )


class LatestExecutionSerializer(serializers.Serializer[Any]):
    """An execution as a dot in the list of state machines."""

    name = serializers.CharField()
    status = NamedChoiceField("ExecutionStatus", Execution.Status.choices)
    startDate = MomentField(source="started_at")


class StateMachineSummarySerializer(serializers.Serializer[Any]):
    """A state machine in the list."""

    stateMachineArn = serializers.CharField(source="arn")
    name = serializers.CharField(source="short_name")
    type = NamedChoiceField("StateMachineType", StateMachine.Type.choices)
    status = NamedChoiceField("StateMachineStatus", StateMachine.Status.choices)
    description = serializers.CharField(help_text="The definition's Comment, or nothing")
    creationDate = MomentField(source="created_at")
    updateDate = MomentField(source="current.created_at")
    sampleInput = serializers.CharField(source="sample_input", allow_null=True)
    executionCounts = ExecutionCountsSerializer(source="execution_counts")
    latestExecutions = LatestExecutionSerializer(
        source="latest_executions", many=True, help_text="At most 10, the latest first"
    )


class StateMachineSerializer(StateMachineSummarySerializer):
    """A state machine with its current definition."""

    definition = serializers.CharField(source="current.definition", help_text="JSON text")
    definitionSource = serializers.CharField(
        source="current.source", help_text="The YAML it was written in, or nothing"
    )
    roleArn = serializers.CharField(source="current.role_arn")
    loggingConfiguration = serializers.SerializerMethodField(help_text="AWS's shape")
    tracingConfiguration = serializers.SerializerMethodField(help_text="AWS's shape")
    tags = serializers.DictField(child=serializers.CharField())
    sensitiveFields = serializers.SerializerMethodField(
        help_text="What of its payloads is hidden from those who may not see it"
    )
    revisionId = serializers.CharField(source="current.revision_id")

    def get_loggingConfiguration(self, machine: Any) -> dict[str, Any]:  # noqa: N802
        """Give the configuration with AWS's defaults."""
        return logging_of(machine)

    def get_sensitiveFields(self, machine: Any) -> list[str]:  # noqa: N802
        """Give the marks."""
        return sensitive_fields.read(machine.sensitive_fields)

    def get_tracingConfiguration(self, machine: Any) -> dict[str, Any]:  # noqa: N802
        """Give the configuration with AWS's defaults."""
        return tracing_of(machine)


class StateMachinePageSerializer(serializers.Serializer[Any]):
    """A page of state machines in the order of their names."""

    results = StateMachineSummarySerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)


@extend_schema_field(
    {
        "type": "object",
        "description": "An event of the history as GetExecutionHistory gives it. Its details are "
        "in the member that AWS names after its type, such as stateEnteredEventDetails.",
        "properties": {
            "id": {"type": "integer"},
            "previousEventId": {"type": "integer"},
            "type": {"type": "string"},
            "timestamp": {"type": "number", "description": "Seconds since the epoch"},
        },
        "required": ["id", "previousEventId", "type", "timestamp"],
        "additionalProperties": True,
    }
)
class HistoryEventField(serializers.JSONField):
    """An event, which is never taken apart here."""


class EventPageSerializer(serializers.Serializer[Any]):
    """Events in ascending order without a gap, and the execution as it was with them."""

    events = serializers.ListField(child=HistoryEventField())
    lastEventId = serializers.IntegerField(help_text="Of the execution, not of this page")
    status = NamedChoiceField("ExecutionStatus", Execution.Status.choices)


class StartExecutionSerializer(serializers.Serializer[Any]):
    """What starts an execution."""

    name = serializers.CharField(required=False, help_text="Made up where it is not given")
    # The text is kept exactly as it comes: AWS shows it again with its spaces.
    input = serializers.CharField(trim_whitespace=False, help_text="JSON text")
    debugger = StartDebuggerSerializer(
        required=False, allow_null=True, default=None, help_text="Start under the debugger"
    )


class StopExecutionSerializer(serializers.Serializer[Any]):
    """Why an execution is stopped."""

    error = serializers.CharField(required=False, max_length=256, trim_whitespace=False)
    cause = serializers.CharField(required=False, max_length=32768, trim_whitespace=False)


class StateMachinesQuerySerializer(PagingSerializer):
    """The query of the list of state machines."""

    search = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=80,
        help_text="A part of the name",
        default="",
    )


class ExecutionFilterSerializer(serializers.Serializer[Any]):
    """Which executions are asked for; everything that is given must be so."""

    startedAfter = serializers.DateTimeField(required=False, help_text="At this time or later")
    startedBefore = serializers.DateTimeField(required=False)
    name = serializers.CharField(required=False, max_length=80, help_text="A part of the name")
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="What it was started by"
    )
    alias = serializers.CharField(required=False, max_length=80)
    error = serializers.CharField(required=False, max_length=256, help_text="A part of the error")
    input = serializers.CharField(
        required=False,
        max_length=1000,
        trim_whitespace=False,
        help_text="A part of the input, as it was given",
    )
    paused = serializers.BooleanField(
        required=False, default=False, help_text="Only those that are paused"
    )
    pausedBy = serializers.CharField(
        required=False,
        max_length=150,
        help_text="Only those that are paused, by somebody whose name has this part",
    )


class ExecutionsQuerySerializer(PagingSerializer, ExecutionFilterSerializer):
    """The query of lists of executions of one state machine."""

    cursor = serializers.RegexField(r"^[0-9]{1,18}$", required=False)
    status = serializers.ListField(
        child=NamedChoiceField("ExecutionStatus", Execution.Status.choices), required=False
    )


class _OfAnyMachineSerializer(serializers.Serializer[Any]):
    stateMachine = serializers.CharField(required=False, max_length=80, help_text="Its name")


class AllExecutionsQuerySerializer(ExecutionsQuerySerializer, _OfAnyMachineSerializer):
    """The query of lists of executions."""


class ExecutionCountsQuerySerializer(ExecutionFilterSerializer, _OfAnyMachineSerializer):
    """The query of counts of executions."""


class EventsQuerySerializer(serializers.Serializer[Any]):
    """The query of a history: events with ids above ``after``."""

    after = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1, default=0)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=1000, default=1000)
