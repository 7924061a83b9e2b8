"""Changes of executions' statuses as ``aws.states`` events: for rules, webhooks and EventBridge.

Turns put changes down where somebody listens. Here each becomes an event, with a row for each who
is to hear of it; all that, and the removal of the change, is one commit.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

import json
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from executions.actions.triggers.event import NewEvent
from executions.actions.triggers.routing import rules_that_may_match, starts_for
from executions.models import (
    Event,
    EventRule,
    Execution,
    StatusChange,
    TriggeredStart,
    Webhook,
    WebhookDelivery,
)
from studio import arns
from studio.asl import json_text
from studio.redaction import hide_payload
from studio.sensitive_fields import marks_of

SOURCE: Final = "aws.states"
DETAIL_TYPE: Final = "Step Functions Execution Status Change"
LONGEST_PAYLOADS: Final = 248 * 1024
"""Bytes of input and output together, escaped as they stand in the event, that are included."""
BATCH: Final = 50


def publish() -> int:
    """Make events of some changes of status; how many there were."""
    with transaction.atomic():
        changes = list(
            StatusChange.objects.select_for_update(skip_locked=True).order_by("id")[:BATCH]
        )
        if not changes:
            return 0
        executions = (
            Execution.objects.select_related("state_machine")
            .defer("snapshot")
            .in_bulk([change.execution_id for change in changes])
        )
        rules = rules_that_may_match(statuses=True)
        machines = {execution.state_machine_id for execution in executions.values()}
        webhooks = list(Webhook.objects.filter(is_enabled=True, state_machine__in=machines))
        for change in changes:
            execution = executions.get(change.execution_id)
            if execution is not None:
                hearing = [
                    hook
                    for hook in webhooks
                    if hook.state_machine_id == execution.state_machine_id
                    and (not hook.statuses or change.status in hook.statuses)
                ]
                with arns.acting_in(arns.account_of(execution.state_machine.name)):
                    event = status_event(change, execution)
                    _publish(event, rules, hearing, execution.hops)
        StatusChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return len(changes)


def _publish(event: NewEvent, rules: list[EventRule], webhooks: list[Webhook], hops: int) -> None:
    members = event.members()
    starts = starts_for(rules, members, hops)
    if not (starts or webhooks or settings.EVENT_BUS):
        return
    row = Event.objects.create(
        event_id=event.id,
        source=event.source,
        detail_type=event.detail_type,
        text=json_text.dumps(members),
        bus_due_at=Now() if settings.EVENT_BUS else None,
    )
    for start in starts:
        start.event = row
    TriggeredStart.objects.bulk_create(starts)
    WebhookDelivery.objects.bulk_create(
        [WebhookDelivery(webhook=webhook, event=row) for webhook in webhooks]
    )


def status_event(change: StatusChange, execution: Execution) -> NewEvent:
    """The event that tells of a change. ``execution`` may have gone on since: its status and all
    that comes with an end are the change's. It leaves without what is sensitive: whoever hears it
    need not be one who may see that.
    """
    marks = marks_of(execution.state_machine.sensitive_fields)
    ended = change.status != Execution.Status.RUNNING
    output = execution.output if change.status == Execution.Status.SUCCEEDED else None
    redriven = execution.redriven_at if change.redrive_count else None
    detail: dict[str, Any] = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.state_machine.arn,
        "name": execution.name,
        "status": change.status,
        "startDate": round(execution.started_at.timestamp() * 1000),
        "stopDate": round(change.changed_at.timestamp() * 1000) if ended else None,
        **_payloads(hide_payload(execution.input, marks), output and hide_payload(output, marks)),
        "stateMachineVersionArn": arns.optional_qualified_arn(
            execution.state_machine.name, execution.state_machine_version
        ),
        "stateMachineAliasArn": arns.optional_qualified_arn(
            execution.state_machine.name, execution.state_machine_alias
        ),
        "redriveCount": change.redrive_count,
        "redriveDate": None if redriven is None else round(redriven.timestamp() * 1000),
        **_redrive_status(change.status),
        # As in DescribeExecution, whose members these are.
        "error": None if change.status == Execution.Status.TIMED_OUT else change.error,
        "cause": change.cause and hide_payload(change.cause, marks),
    }
    return NewEvent(
        SOURCE, DETAIL_TYPE, detail, change.changed_at, [execution.arn], str(change.uuid)
    )


def _payloads(given: str, output: str | None) -> dict[str, Any]:
    """Input and output; what makes the event too large is left out, the input first."""
    size_of_output = 0 if output is None else _escaped(output)
    has_output = size_of_output <= LONGEST_PAYLOADS
    has_input = _escaped(given) + (size_of_output if has_output else 0) <= LONGEST_PAYLOADS
    return {
        "input": given if has_input else None,
        "output": output if has_output else None,
        "inputDetails": {"included": has_input},
        "outputDetails": None if output is None else {"included": has_output},
    }


def _escaped(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _redrive_status(status: str) -> dict[str, str | None]:
    if status in (Execution.Status.RUNNING, Execution.Status.SUCCEEDED):
        reason = f"Execution is {status} and cannot be redriven"
        return {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}
    return {"redriveStatus": "REDRIVABLE", "redriveStatusReason": None}
