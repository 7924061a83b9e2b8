"""Events on their way: stored, and put down for each rule that takes them, in one commit."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from executions.actions.triggers.event_pattern import InvalidPattern, compile_pattern
from executions.actions.triggers.input_transformer import InputFrom, InvalidInput
from executions.models import Event, EventRule, TriggeredStart
from studio import arns
from studio.asl import json_text
from studio.models import StateMachine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.actions.triggers.event import NewEvent

_STORE = """
INSERT INTO executions_event
    (event_id, source, detail_type, text, received_at, bus_attempts, bus_error)
VALUES (%s, %s, %s, %s, now(), 0, '')
ON CONFLICT (event_id) DO NOTHING RETURNING id
"""

_log = logging.getLogger(__name__)


def store_event(event: NewEvent) -> Event | None:
    """Store an event, within the caller's transaction; None where its id is there already.

    Of two that come at the same moment the later one waits for the first one's commit. An id is a
    sender's own, so each account has ids of its own.
    """
    text = json_text.dumps(event.members())
    row = Event(
        event_id=_stored_id(event.id), source=event.source, detail_type=event.detail_type, text=text
    )
    with connection.cursor() as cursor:
        cursor.execute(_STORE, (row.event_id, row.source, row.detail_type, row.text))
        stored = cursor.fetchone()
    if stored is None:
        return None
    row.pk = stored[0]
    return row


def _stored_id(event_id: str) -> str:
    account = arns.current_account()
    # No id has a space in it.
    return event_id if account == settings.AWS_ACCOUNT_ID else f"{account} {event_id}"


def rules_that_may_match(*, statuses: bool) -> list[EventRule]:
    """The enabled rules; with ``statuses`` only those that hear of changes of status."""
    rules = EventRule.objects.filter(
        is_enabled=True, state_machine__status=StateMachine.Status.ACTIVE
    ).select_related("state_machine")
    return list(rules.filter(hears_statuses=True) if statuses else rules)


def starts_for(
    rules: Sequence[EventRule], members: dict[str, Any], hops: int = 0
) -> list[TriggeredStart]:
    """What the rules of the event's account that match it want started. Not stored yet.

    ``hops`` are those of the execution that the event tells of; beyond ``settings.EVENT_HOPS``
    a start is kept as one that failed: rules that start what they listen to end there.
    """
    account = members["account"]
    own = [rule for rule in rules if arns.account_of(rule.state_machine.name) == account]
    return [_start_of(rule, members, hops + 1) for rule in own if _takes(rule, members)]


def input_of(rule: EventRule) -> InputFrom:
    """How a rule makes inputs."""
    return InputFrom(rule.input_text, rule.input_path, rule.input_template, rule.input_paths)


def rule_arn(rule: EventRule) -> str:
    """The ARN that ``<aws.events.rule-arn>`` gives."""
    return arns.rule_arn(rule.name, arns.account_of(rule.state_machine.name))


def derived_name(prefix: str, *parts: str) -> str:
    """An execution's name that the same parts always give: what happens twice starts nothing twice.

    Raises nothing: rules' and schedules' names have characters that executions' may have.
    """
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return f"{prefix[:47]}-{digest}"


def _takes(rule: EventRule, members: dict[str, Any]) -> bool:
    try:
        return compile_pattern(rule.pattern)(members)
    except InvalidPattern as fault:
        # Checked when it was stored; a later release may know better.
        _log.warning("the rule %s is left out: %s", rule.name, fault)
        return False


def _start_of(rule: EventRule, members: dict[str, Any], hops: int) -> TriggeredStart:
    start = TriggeredStart(
        state_machine=rule.state_machine,
        rule=rule,
        qualifier=rule.qualifier,
        execution_name=derived_name(rule.name, str(rule.uuid), members["id"]),
        input_text="",
        hops=hops,
    )
    if hops > settings.EVENT_HOPS:
        return _failed(
            start,
            f"TooManyHops: {settings.EVENT_HOPS} executions were started by events already, each "
            "by an event that tells of the one before; that is the limit (STEPWELL_EVENT_HOPS). "
            "Does a rule start the state machine that it listens to?",
        )
    try:
        start.input_text = input_of(rule).make(members, rule=rule.name, rule_arn=rule_arn(rule))
    except InvalidInput as fault:
        return _failed(start, f"InvalidInput: {fault}")
    return start


def _failed(start: TriggeredStart, error: str) -> TriggeredStart:
    """A start that is never tried: kept for people to see."""
    start.status = TriggeredStart.Status.FAILED
    start.error = error
    start.due_at = None
    return start
