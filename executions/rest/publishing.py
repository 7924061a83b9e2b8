"""Creating and updating state machines from the page: the explicit end of a draft."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from django.db import transaction
from rest_framework import serializers

from studio import arns
from studio.actions.configurations import check_log_group
from studio.actions.drafts import discard_draft, end_draft
from studio.actions.sensitive_fields import set_sensitive_fields
from studio.actions.state_machines import (
    create_state_machine,
    get_state_machine,
    update_state_machine,
)
from studio.actions.tags import Tags, read_tags, set_tags
from studio.models import StateMachine
from studio.rest.definitions import json_definition
from studio.rest.diagnostics import DefinitionSerializer
from studio.rest.fields import NamedChoiceField
from studio.sensitive_fields import LONGEST_MARK, MOST_MARKS


class PublishSerializer(DefinitionSerializer):
    """A definition with what belongs to it. What is not given stays as it is."""

    roleArn = serializers.CharField(required=False, max_length=256)
    loggingConfiguration = serializers.DictField(required=False)
    tracingConfiguration = serializers.DictField(required=False)
    tags = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        help_text="All of them; no part of a revision",
    )
    sampleInput = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="JSON text that the start dialog offers, or nothing; no part of a revision",
    )
    sensitiveFields = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_MARK),
        required=False,
        max_length=MOST_MARKS,
        help_text="Names of keys, or paths such as $.card.number and $.items[*].token: all that "
        "is to be hidden in payloads from those who may not see it; no part of a revision",
    )
    publish = serializers.BooleanField(
        default=False, help_text="Whether the revision gets a version, too"
    )
    versionDescription = serializers.CharField(
        default="", allow_blank=True, max_length=256, trim_whitespace=False
    )
    description = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=256,
        help_text="Why; of the revision, version or not",
    )
    endsDraft = serializers.BooleanField(
        default=False,
        help_text="Whether this is one's draft, which is discarded then; a draft that says nothing "
        "else is discarded in any case, and any other stays",
    )


class CreateStateMachineSerializer(PublishSerializer):
    """A new state machine."""

    name = serializers.CharField(trim_whitespace=False)
    type = NamedChoiceField("StateMachineType", StateMachine.Type.choices, default="STANDARD")


class UpdateStateMachineSerializer(PublishSerializer):
    """What becomes of a state machine."""

    baseRevisionId = serializers.UUIDField(
        required=False, help_text="The revision that this goes on from; another one is a conflict"
    )


def default_role() -> str:
    """The role of a state machine for which nobody has named one."""
    return f"arn:aws:iam::{arns.current_account()}:role/stepwell"


def create(owner_id: int, given: dict[str, Any]) -> StateMachine:
    """Create a state machine, and end the person's draft where this is it.

    Raises:
        InvalidDefinition: with every diagnostic.
        As ``create_state_machine`` does.
    """
    check_log_group(given.get("loggingConfiguration"))
    with transaction.atomic():
        return _create(owner_id, given)


def _create(owner_id: int, given: dict[str, Any]) -> StateMachine:
    definition, source = _as_json(given)
    name = arns.full_name(given["name"])
    machine = create_state_machine(
        name=name,
        definition=definition,
        source=source,
        role_arn=given.get("roleArn") or default_role(),
        type=given["type"],
        logging_configuration=given.get("loggingConfiguration"),
        tracing_configuration=given.get("tracingConfiguration"),
        tags=_tags(given) if "tags" in given else None,
        publish=given["publish"],
        version_description=given["versionDescription"],
        sample_input=given.get("sampleInput") or None,
        author_id=owner_id,
        description=given["description"],
    )
    if "sensitiveFields" in given:
        set_sensitive_fields(machine, given["sensitiveFields"])
    _end_draft(owner_id, name, given)
    return machine


def update(owner_id: int, name: str, given: dict[str, Any]) -> StateMachine:
    """Make the definition what new executions run, and end the person's draft where this is it.

    Raises:
        ConflictException: ``baseRevisionId`` is not the current revision any more.
        InvalidDefinition: with every diagnostic.
        As ``update_state_machine`` does.
    """
    check_log_group(given.get("loggingConfiguration"))
    with transaction.atomic():
        return _update(owner_id, name, given)


def _update(owner_id: int, name: str, given: dict[str, Any]) -> StateMachine:
    definition, source = _as_json(given)
    machine, _ = update_state_machine(
        get_state_machine(name),
        definition=definition,
        source=source,
        role_arn=given.get("roleArn"),
        logging_configuration=given.get("loggingConfiguration"),
        tracing_configuration=given.get("tracingConfiguration"),
        publish=given["publish"],
        version_description=given["versionDescription"],
        base_revision_id=given.get("baseRevisionId"),
        author_id=owner_id,
        description=given["description"],
        sample_input=given.get("sampleInput"),
    )
    if "tags" in given:
        machine.tags = set_tags(machine.arn, _tags(given))
    if "sensitiveFields" in given:
        set_sensitive_fields(machine, given["sensitiveFields"])
    _end_draft(owner_id, name, given)
    return machine


def _end_draft(owner_id: int, name: str, given: dict[str, Any]) -> None:
    """Another client of the same person publishes, too: what they have drafted stays theirs."""
    if given["endsDraft"]:
        discard_draft(owner_id, name)
    else:
        end_draft(owner_id, name, definition=given["definition"], format=given["format"])


def _tags(given: dict[str, Any]) -> Tags:
    return read_tags([{"key": key, "value": value} for key, value in given["tags"].items()])


def _as_json(given: dict[str, Any]) -> tuple[str, str]:
    """The definition as the JSON text that is run, and the YAML it came from, if it did."""
    text: str = given["definition"]
    source = "" if given["format"] == "JSON" else text
    return json_definition(text, given["format"]), source
