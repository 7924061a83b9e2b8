"""Rules: made, changed and removed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction

from executions.actions.triggers.event_pattern import (
    InvalidPattern,
    compile_pattern,
    may_match_source,
)
from executions.actions.triggers.input_transformer import InputFrom, InvalidInput
from executions.actions.triggers.routing import input_of
from executions.actions.triggers.status_events import SOURCE
from executions.errors import TriggerAlreadyExists, TriggerDoesNotExist
from executions.models import EventRule
from studio import arns
from studio.actions.aliases import check_qualifier
from studio.actions.audit import record
from studio.errors import ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from studio.models import StateMachine

MOST_RULES: Final = 300
"""Of one state machine: as many as a bus of EventBridge has."""
NAME: Final = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
FIELDS: Final = (
    *("name", "description", "pattern", "qualifier", "is_enabled"),
    *("input_text", "input_path", "input_template", "input_paths"),
)


def rules_of(machine: StateMachine) -> QuerySet[EventRule]:
    """A state machine's rules, by name."""
    return EventRule.objects.filter(state_machine=machine)


def get_rule(machine: StateMachine, rule_id: int) -> EventRule:
    """One of them; raises TriggerDoesNotExist."""
    rule = rules_of(machine).filter(pk=rule_id).first()
    if rule is None:
        raise TriggerDoesNotExist(str(rule_id))
    return rule


def save_rule(rule: EventRule, given: dict[str, Any]) -> EventRule:
    """Store a rule, new or changed, with the fields that are given.

    It hears of events from its commit on. Raises ValidationException and TriggerAlreadyExists.
    """
    for name in FIELDS:
        if name in given:
            setattr(rule, name, given[name])
    check_trigger_name(rule.name)
    check_target(rule.state_machine, rule.qualifier)
    try:
        compile_pattern(rule.pattern)
        input_of(rule).check()
    except (InvalidPattern, InvalidInput) as fault:
        raise ValidationException(message=str(fault)) from None
    rule.hears_statuses = may_match_source(rule.pattern, SOURCE)
    is_new = rule.pk is None
    if is_new and rules_of(rule.state_machine).count() >= MOST_RULES:
        raise ValidationException(message=f"A state machine has at most {MOST_RULES} rules.")
    try:
        with transaction.atomic():
            rule.save()
            action = AuditAction.CREATE_RULE if is_new else AuditAction.UPDATE_RULE
            record(action, rule.state_machine.arn, _told(rule))
    except IntegrityError:
        raise TriggerAlreadyExists(rule.name) from None
    return rule


def delete_rule(machine: StateMachine, rule_id: int) -> None:
    """Remove a rule, with what it wants started and has not been; raises TriggerDoesNotExist."""
    with transaction.atomic():
        rule = get_rule(machine, rule_id)
        record(AuditAction.DELETE_RULE, machine.arn, _told(rule))
        rule.delete()


def _told(rule: EventRule) -> dict[str, Any]:
    """What the audit trail has of a rule."""
    return {"name": rule.name, "enabled": rule.is_enabled, "qualifier": rule.qualifier}


def try_rule(pattern: str, made_from: InputFrom, event: Any) -> tuple[bool, str | None]:
    """Whether an event matches a pattern, and the input that it would give. Nothing is started.

    Raises ValidationException.
    """
    try:
        matches = compile_pattern(pattern)(event)
        made_from.check()
        if not matches or not isinstance(event, dict):
            return matches, None
        return True, made_from.make(
            event, rule="rule", rule_arn=arns.rule_arn("rule", arns.current_account())
        )
    except (InvalidPattern, InvalidInput) as fault:
        raise ValidationException(message=str(fault)) from None


def check_trigger_name(name: str) -> None:
    """Refuse, with ValidationException, what is no name of a rule or schedule."""
    if not NAME.fullmatch(name):
        raise ValidationException(
            message="A name has 1 to 64 letters, digits, dots, dashes and underscores."
        )


def check_target(machine: StateMachine, qualifier: str) -> None:
    """Refuse a version or alias that the state machine does not have."""
    if qualifier:
        check_qualifier(machine, qualifier)


def as_pattern(value: Any) -> str:
    """A pattern's text, where it was given as an object."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
